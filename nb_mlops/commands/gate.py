"""gate: may this notebook's model enter the registry? One judge for every door; it runs nothing and writes nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from nb_mlops import __version__, catalogue
from nb_mlops.commands.steps.here import policy_of
from nb_mlops.commands.steps.opened import model_of, opened
from nb_mlops.commands.steps.seals import key_ring, sealed
from nb_mlops.core.errors import UsageError
from nb_mlops.core.exhibit import Exhibits, RuleNote
from nb_mlops.core.finding import Report
from nb_mlops.core.settings import PRESETS, Policy, Waiver, settings_rows
from nb_mlops.core.value import replace
from nb_mlops.evidence.digest import bytes_digest, notebook_digest
from nb_mlops.evidence.kind import Predicate
from nb_mlops.evidence.predicates.check import CheckPredicate
from nb_mlops.evidence.statement import issued_at
from nb_mlops.gatekeeper.admissible import span
from nb_mlops.gatekeeper.decide import Proofs, Verdict, decide
from nb_mlops.gatekeeper.dossier import Dossier, Paper, Signed, kinds, read_papers
from nb_mlops.gatekeeper.proof import Proof
from nb_mlops.gatekeeper.waive import in_words
from nb_mlops.outside import artefacts
from nb_mlops.outside.artefacts import REGISTRY_NOTES, FiledEnvelope
from nb_mlops.outside.files import project_root
from nb_mlops.outside.registry.words import DIGEST_TAG, NOTEBOOK_TAG
from nb_mlops.outside.settings_file import load_settings
from nb_mlops.reporters.json import finding_json


def gate(notebook: str, model: str = "") -> Verdict:
    """Whether the model that `notebook` made when it was last checked may be registered under the name `model`.

    Without a name it is the one that the notebook gives. Policy is `[tool.nb-mlops.gate]` of the notebook's project.
    Raises UsageError for a name that no registry takes and for a file that is no notebook.
    """
    settings, _ = load_settings(notebook)
    return admit(notebook, model_of(notebook, model), settings.gate)


def admit(
    notebook: str, model: str, policy: Policy, now: datetime | None = None, unread: Collection[str] = ()
) -> Verdict:
    """The one judge: gather what is on paper and what is so now, then decide. Papers of the kinds in `unread` are left
    where they are."""
    _name_or_error(model)
    digest = notebook_digest(opened(notebook)[1])
    root = project_root(notebook)
    path = artefacts.project_path(root, notebook)
    moment = now or datetime.now(timezone.utc)
    ring, filed = key_ring(root, policy), artefacts.current_evidence(root, path)
    envelopes = [one for one in (filed.envelopes if filed else ()) if one.kind not in unread]
    papers = read_papers(sealed(envelopes, ring, moment.date()))
    files, problem = artefacts.stored_files(root, papers.subject) if papers.check and papers.check.model else ({}, "")
    data = artefacts.hash_data(root, [file.path for file in papers.check.data] if papers.check else ())
    here = artefacts.project_path(Path.cwd(), notebook)
    own = load_settings(notebook)[0].models.get(model)
    dossier = Dossier(
        model,
        path,
        digest,
        papers,
        data,
        files,
        moment,
        problem,
        here,
        approvers=ring.approvers,
        holdout=own.holdout if own else "",
    )
    return decide(dossier, policy, load_proofs())


def admit_version(
    name: str,
    files: Mapping[str, str],
    envelopes: Sequence[FiledEnvelope],
    root: Path,
    now: datetime | None = None,
    notebook: str = "",
) -> Verdict:
    """The same judge where a registry asks: may these files (path to sha256) be a version of the model `name`?

    `root` is the folder whose settings are the policy and whose `.nb-mlops/keys` are known. Notebook and data are not
    at hand in a registry: of them, what the signed papers say stands. `notebook` is how the registry calls it, for
    what is said to people where no paper counts.
    """
    _name_or_error(name)
    policy = policy_of(root)
    moment, ring = now or datetime.now(timezone.utc), key_ring(root, policy)
    papers = read_papers(sealed(envelopes, ring, moment.date()))
    check = papers.check
    dossier = Dossier(
        name=name,
        notebook=check.notebook.path if check else notebook or "NOTEBOOK",
        notebook_digest=check.notebook.digest if check else "",
        papers=papers,
        data={file.path: file.sha256 for file in check.data} if check else {},
        model=_without_registry_notes(files, check),
        now=moment,
        at_registry=True,
        approvers=ring.approvers,
    )
    return decide(dossier, policy, load_proofs())


def _without_registry_notes(files: Mapping[str, str], check: CheckPredicate | None) -> dict[str, str]:
    """The model's files but for the one that MLflow itself writes beside a model when it is loaded by name."""
    proven = check.model.files if check and check.model else {}
    return {path: sha256 for path, sha256 in files.items() if path in proven or path != REGISTRY_NOTES}


def rehearsal(policy: Policy) -> Policy:
    """The policy for evidence of a key that was made for one verdict alone: whoever holds it counts, and only what one
    check makes is asked for. What it lets pass registers nothing."""
    made = {kind.predicate for kind in kinds().values() if kind.name in ("check", "lint")}
    known = load_proofs().by_name
    require = tuple(name for name in policy.require if name not in known or made.issuperset(known[name].needs))
    return replace(policy, trusted_keys=(), own_key=True, assurance="self", assurance_of={}, require=require)


def load_proofs() -> Proofs:
    """All proofs that are installed. Never raises: whatever is wrong with one of them is the gate's to refuse."""
    try:
        found = catalogue.members("nb_mlops.proofs", "PROOF", Proof, "name", group="nb_mlops.proofs")
    except (Exception, SystemExit) as error:
        return Proofs({}, f"the proofs cannot be gathered ({str(error) or type(error).__name__})")
    return Proofs(found)


def _name_or_error(name: str) -> None:
    odd = [c for c in name if c in "/:'\"`" or not c.isprintable()]
    if not name.strip() or name != name.strip() or name in (".", "..") or odd or len(name) > 200:
        raise UsageError(
            f"`{name}` cannot be the name of a registered model.",
            "Use a name of up to 200 printable characters without slash, colon, quotes and surrounding spaces.",
        )


def version_tags(verdict: Verdict) -> dict[str, str]:
    """What a registered version says of where it comes from, for a verdict that passed."""
    papers, dossier = verdict.dossier.papers, verdict.dossier
    check = papers.find(CheckPredicate)
    if not verdict.passed or check is None:
        raise ValueError("only what has passed may be tagged")
    (paper,) = (paper for paper in papers.all if paper.path == check.path)
    waived = "; ".join(in_words(used.waiver) for used in verdict.waivers)
    return {
        DIGEST_TAG: papers.subject,
        NOTEBOOK_TAG: dossier.notebook,
        "nb_mlops.notebook.digest": dossier.notebook_digest,
        "nb_mlops.evidence.digest": bytes_digest(paper.envelope),
        "nb_mlops.evidence.key": paper.keyid,
        "nb_mlops.assurance": check.assurance,
        "nb_mlops.tool": __version__,
        **({"nb_mlops.waivers": waived} if waived else {}),
    }


def policy_rows(where: str = ".") -> tuple[tuple[str, ...], ...]:
    """The policy in force beside the three presets, a key a row, heads first; waivers are counted."""
    own = load_settings(where)[0].gate
    columns = {f"here ({own.preset})": own, **PRESETS}
    left_out = ("preset", "registry", "require", "waivable")
    keys = [row[1] for row in settings_rows() if row[0] == "gate" and row[1] not in left_out]
    proofs = dict.fromkeys(name for policy in columns.values() for name in (*policy.require, *policy.waivable))
    asked = [(f"proof {name}", *(_asked(name, policy) for policy in columns.values())) for name in proofs]
    body = [(key, *(_told(getattr(policy, key.replace("-", "_"))) for policy in columns.values())) for key in keys]
    return (("key", *columns), *asked, *body)


def _asked(proof: str, policy: Policy) -> str:
    if proof not in policy.require:
        return "-"
    return "required, may be waived" if proof in policy.waivable else "required"


def _told(value: object) -> str:
    if isinstance(value, tuple) and value and isinstance(value[0], Waiver):
        return str(len(value))
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {item}" for key, item in value.items()) or "-"
    if isinstance(value, tuple):
        return " ".join(text[:12] for text in map(str, value)) or "-"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def findings_report(verdict: Verdict) -> tuple[Report, Exhibits]:
    """The refusals as one report, with the page of each proof that refused: for SARIF."""
    by_code = {code: proof for proof in load_proofs().by_name.values() for code in proof.codes}
    by_name = {result.name: result for result in verdict.proofs}
    notes = {}
    for found in verdict.findings:
        proof, question = by_code.get(found.code), by_name[found.data["proof"]].question
        page = proof.page if proof else question
        notes[found.code] = RuleNote(
            found.code, found.rule, found.severity.value, question or found.rule, page or "", ""
        )
    path = verdict.dossier.notebook
    return Report(verdict.findings, notebooks=1, paths=(path,)), Exhibits(rules=tuple(notes.values()))


def report(verdict: Verdict) -> dict[str, Any]:
    """The verdict as JSON values; see schemas/gate-report.schema.json."""
    papers, now = verdict.dossier.papers, verdict.dossier.now
    by_path = {signed.path: signed for signed in papers.signed.values()}
    return {
        "version": 1,
        "tool": {"name": "nb-mlops", "version": __version__},
        "notebook": verdict.dossier.notebook,
        "model": verdict.dossier.name,
        "passed": verdict.passed,
        "digest": papers.subject if papers.check and papers.check.model else None,
        "statements": [_statement(paper, by_path.get(paper.path), now) for paper in papers.all],
        "proofs": [
            {
                "name": proof.name,
                "status": proof.status.value,
                "looked_at": proof.looked_at,
                "question": proof.question,
                "statements": [signed.kind.name for signed in proof.papers],
                "commands": list(proof.commands),
            }
            for proof in verdict.proofs
        ],
        "waivers": [
            {
                "proof": used.waiver.proof,
                "codes": list(used.waiver.codes),
                "approver": used.waiver.approver,
                "reason": used.waiver.reason,
                "until": used.waiver.until.isoformat(),
                "refusals": [finding.message for finding in used.findings],
            }
            for used in verdict.waivers
        ],
        "findings": [finding_json(found) | {"data": dict(found.data)} for found in verdict.findings],
    }


def _statement(paper: Paper, signed: Signed[Predicate] | None, now: datetime) -> dict[str, Any]:
    """A paper, and when it is read, what it is worth: `digest` is the sha256 of what was signed."""
    return {
        "kind": paper.kind,
        "path": paper.path,
        "seal": paper.seal.value,
        "key": paper.keyid,
        "owner": paper.owner,
        "digest": signed.digest if signed else None,
        "assurance": signed.assurance if signed else None,
        "issued": signed.predicate.issued if signed else None,
        "age": span(now - issued_at(signed.predicate.issued)) if signed else None,
    }

"""gate: may this notebook's model enter the registry? One judge for every door; it runs nothing and writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from nb_mlops import __version__, catalogue
from nb_mlops.core.errors import SettingsError, UsageError
from nb_mlops.core.notebook import Notebook
from nb_mlops.core.settings import Policy
from nb_mlops.evidence.digest import bytes_digest, notebook_digest
from nb_mlops.evidence.predicates.check import CheckPredicate
from nb_mlops.gatekeeper.decide import Proofs, Verdict, decide
from nb_mlops.gatekeeper.dossier import Dossier, Paper, Seal, read_papers
from nb_mlops.gatekeeper.proof import Proof
from nb_mlops.ipynb.read import read
from nb_mlops.outside import artefacts, signing
from nb_mlops.outside.artefacts import REGISTRY_NOTES, FiledEnvelope
from nb_mlops.outside.files import load_settings, project_root, read_bytes, unreadable
from nb_mlops.outside.registry import DIGEST_TAG
from nb_mlops.outside.signing import PublicKey
from nb_mlops.reporters.json import finding_json


def gate(notebook: str, model: str) -> Verdict:
    """Whether the model that `notebook` made when it was last checked may be registered under the name `model`.

    Policy is `[tool.nb-mlops.gate]` of the notebook's project. Raises UsageError for a name that no registry takes and
    for a file that is no notebook.
    """
    settings, _ = load_settings(notebook)
    return admit(notebook, model, settings.gate)


def admit(notebook: str, model: str, policy: Policy, now: datetime | None = None) -> Verdict:
    """The one judge: gather what is on paper and what is so now, then decide."""
    _name_or_error(model)
    digest = notebook_digest(_notebook_or_error(notebook))
    root = project_root(notebook)
    path = artefacts.project_path(root, notebook)
    papers = read_papers(_papers(root, path, policy))
    files, problem = artefacts.stored_files(root, papers.subject) if papers.check and papers.check.model else ({}, "")
    data = artefacts.hash_data(root, [file.path for file in papers.check.data] if papers.check else ())
    moment = now or datetime.now(timezone.utc)
    here = artefacts.project_path(Path.cwd(), notebook)
    dossier = Dossier(model, path, digest, papers, data, files, moment, problem, here)
    return decide(dossier, policy, load_proofs())


def admit_version(
    name: str, files: Mapping[str, str], envelopes: Sequence[FiledEnvelope], root: Path, now: datetime | None = None
) -> Verdict:
    """The same judge where a registry asks: may these files (path to sha256) be a version of the model `name`?

    `root` is the folder whose settings are the policy and whose `.nb-mlops/keys` are known. Notebook and data are not
    at hand in a registry: of them, what the signed papers say stands.
    """
    _name_or_error(name)
    policy = policy_of(root)
    papers = read_papers(_sealed(envelopes, root, policy))
    check = papers.check
    dossier = Dossier(
        name=name,
        notebook=check.notebook.path if check else name,
        notebook_digest=check.notebook.digest if check else "",
        papers=papers,
        data={file.path: file.sha256 for file in check.data} if check else {},
        model=_without_registry_notes(files, check),
        now=now or datetime.now(timezone.utc),
        at_registry=True,
    )
    return decide(dossier, policy, load_proofs())


def _without_registry_notes(files: Mapping[str, str], check: CheckPredicate | None) -> dict[str, str]:
    """The model's files but for the one that MLflow itself writes beside a model when it is loaded by name."""
    proven = check.model.files if check and check.model else {}
    return {path: sha256 for path, sha256 in files.items() if path in proven or path != REGISTRY_NOTES}


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


def _notebook_or_error(path: str) -> Notebook:
    try:
        found = read(read_bytes(path), path)
    except OSError as error:
        found = unreadable(path, error)
    if isinstance(found, Notebook):
        return found
    raise UsageError(f"`{path}` cannot be read as a notebook. {found.detail}", "Name the notebook that made the model.")


def _papers(root: Path, notebook: str, policy: Policy) -> tuple[Paper, ...]:
    filed = artefacts.current_evidence(root, notebook)
    return _sealed(filed.envelopes, root, policy) if filed else ()


def _sealed(envelopes: Sequence[FiledEnvelope], root: Path, policy: Policy) -> tuple[Paper, ...]:
    """Each envelope with what its signature is worth to this policy."""
    if not envelopes:
        return ()
    own = None if policy.trusted_keys else signing.load_key("gate")
    known = (*artefacts.recorded_keys(root), *([own.public] if own else ()))
    trusted = _trusted(policy, own.public if own else None, known)
    return tuple(_paper(envelope, trusted, known, policy) for envelope in envelopes)


def _trusted(policy: Policy, own: PublicKey | None, known: Iterable[PublicKey]) -> tuple[PublicKey, ...]:
    for keyid in policy.trusted_keys:
        if not signing.is_sha256(keyid):
            raise SettingsError(
                f"`trusted-keys` holds `{keyid}`, which is not a key id.",
                "A key id is the 64 hex digits that name a file in .nb-mlops/keys.",
            )
    if policy.trusted_keys:
        return tuple(key for key in known if key.keyid in policy.trusted_keys)
    return (own,) if own else ()


def _paper(filed: FiledEnvelope, trusted: tuple[PublicKey, ...], known: tuple[PublicKey, ...], policy: Policy) -> Paper:
    try:
        keyid, payload = signing.open_envelope(filed.data, trusted)
        return Paper(filed.path, filed.kind, Seal.VALID, keyid, payload, filed.data)
    except signing.BadSignatureError as error:
        return Paper(filed.path, filed.kind, Seal.BROKEN, note=str(error))
    except signing.UnknownKeyError as stranger:
        keyid = stranger.keyid
    try:
        signing.open_envelope(filed.data, known)
    except signing.BadSignatureError as error:
        return Paper(filed.path, filed.kind, Seal.BROKEN, keyid, note=str(error))
    except signing.UnknownKeyError:
        pass
    return Paper(filed.path, filed.kind, Seal.STRANGER, keyid, note=_why_not(keyid, trusted, policy))


def _why_not(keyid: str, trusted: tuple[PublicKey, ...], policy: Policy) -> str:
    if keyid in policy.trusted_keys:
        return f"the policy names it, but its public key is not in `.nb-mlops/keys/{keyid[:12]}….pub.pem`"
    if policy.trusted_keys:
        return "`trusted-keys` does not name it"
    return f"yours is {trusted[0].keyid[:12]}" if trusted else "you have no key of your own on this machine"


def version_tags(verdict: Verdict) -> dict[str, str]:
    """What a registered version says of where it comes from, for a verdict that passed."""
    papers, dossier = verdict.dossier.papers, verdict.dossier
    check = papers.find(CheckPredicate)
    if not verdict.passed or check is None:
        raise ValueError("only what has passed may be tagged")
    (paper,) = (paper for paper in papers.all if paper.path == check.path)
    return {
        DIGEST_TAG: papers.subject,
        "nb_mlops.notebook": dossier.notebook,
        "nb_mlops.notebook.digest": dossier.notebook_digest,
        "nb_mlops.evidence.digest": bytes_digest(paper.envelope),
        "nb_mlops.evidence.key": paper.keyid,
        "nb_mlops.assurance": check.assurance,
        "nb_mlops.tool": __version__,
    }


def policy_of(root: Path) -> Policy:
    """The policy of a folder."""
    return load_settings(str(root))[0].gate


def report(verdict: Verdict) -> dict[str, Any]:
    """The verdict as JSON values; see schemas/gate-report.schema.json."""
    papers = verdict.dossier.papers
    return {
        "version": 1,
        "tool": {"name": "nb-mlops", "version": __version__},
        "notebook": verdict.dossier.notebook,
        "model": verdict.dossier.name,
        "passed": verdict.passed,
        "digest": papers.subject if papers.check and papers.check.model else None,
        "statements": [{"kind": p.kind, "path": p.path, "seal": p.seal.value, "key": p.keyid} for p in papers.all],
        "proofs": [
            {"name": p.name, "status": p.status.value, "looked_at": p.looked_at, "question": p.question}
            for p in verdict.proofs
        ],
        "findings": [finding_json(found) | {"data": dict(found.data)} for found in verdict.findings],
    }

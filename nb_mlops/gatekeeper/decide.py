"""The gate itself: a dossier, a policy and the proofs it names, to a Verdict. It runs nothing and fails closed."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from nb_mlops.core.assurance import ASSURANCES, Purpose
from nb_mlops.core.finding import Finding, Severity
from nb_mlops.core.settings import Policy
from nb_mlops.core.value import replace
from nb_mlops.evidence.kind import Predicate
from nb_mlops.evidence.predicates.check import CheckPredicate
from nb_mlops.gatekeeper.admissible import BASIC_CODES, PAPERS, QUESTIONS, THINGS
from nb_mlops.gatekeeper.dossier import Dossier, Signed, kinds
from nb_mlops.gatekeeper.proof import Case, Judgement, Proof, ProofResult, Refusal, Status
from nb_mlops.gatekeeper.waive import QUESTION, UsedWaiver, in_order, waived, waivers_of

UNUSABLE = "GA010"
_level = ASSURANCES.index
_LOW = BASIC_CODES["GA011"]
_REACH = {
    "ci": "evidence of a key that no laptop holds",
    "isolated": "evidence of a key that the code of the notebook cannot come near",
}


@dataclass(frozen=True, slots=True)
class Proofs:
    """The proofs that are installed, by name; `problem` says why they could not be gathered, and then none is used."""

    by_name: Mapping[str, Proof]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the model may be registered, how each proof stands, and every reason against it as a Finding. `waivers`
    are those without which it would not pass."""

    passed: bool
    findings: tuple[Finding, ...]
    proofs: tuple[ProofResult, ...]
    dossier: Dossier
    waivers: tuple[UsedWaiver, ...] = ()


def decide(dossier: Dossier, policy: Policy, proofs: Proofs) -> Verdict:
    """Judge. Passes only when each basic step and each proof that the policy requires says so itself, or a waiver that
    the policy allows lets its refusals pass."""
    check, required = dossier.papers.check, tuple(dict.fromkeys(policy.require))
    papers = [(name, step) for name, step in PAPERS.items() if dossier.papers.all or name == "evidence"]
    results = [_result(dossier, name, step(dossier, policy), BASIC_CODES, QUESTIONS[name]) for name, step in papers]
    used: tuple[UsedWaiver, ...] = ()
    if check is None or any(result.status is not Status.OK for result in results):
        left = [name for name in (*PAPERS, *THINGS, *required) if name not in [result.name for result in results]]
        results += [ProofResult(name, Status.NOT_JUDGED, "no valid evidence to judge") for name in left]
    else:
        asked, used = _ask(Case(dossier, check, policy), required, proofs)
        results += asked
    findings = tuple(finding for result in results for finding in result.findings)
    passed = not findings and all(result.status in (Status.OK, Status.WAIVED) for result in results)
    return Verdict(passed, findings, tuple(results), dossier, used)


def _ask(case: Case, required: tuple[str, ...], proofs: Proofs) -> tuple[list[ProofResult], tuple[UsedWaiver, ...]]:
    """The steps about the things, then the waivers themselves, then each proof, less what is waived."""
    dossier, policy = case.dossier, case.policy
    needed = [needs for name in required if (proof := proofs.by_name.get(name)) for needs in proof.needs]
    all_shown = replace(case, shown=frozenset((CheckPredicate, *needed)))
    results = [_result(dossier, name, step(all_shown), BASIC_CODES, QUESTIONS[name]) for name, step in THINGS.items()]
    waivers = waivers_of(policy, dossier.name)
    used: list[UsedWaiver] = []
    if (judgement := in_order(dossier, policy, proofs.by_name)) is not None:
        results.append(_result(dossier, "waivers", judgement, BASIC_CODES, QUESTION))
        waivers = () if judgement.refusals else waivers
    for name in required:
        result, these = waived(_prove(name, case, proofs), waivers, dossier.now.date())
        results.append(result)
        used += these
    return results, tuple(used)


def _prove(name: str, case: Case, proofs: Proofs) -> ProofResult:
    """Ask one proof. Whatever is wrong with the proof itself is a refusal, always with the same code."""
    proof, dossier = proofs.by_name.get(name), case.dossier
    if proofs.problem:
        return _unusable(dossier, name, proofs.problem)
    if proof is None:
        near = difflib.get_close_matches(name, proofs.by_name, n=1)
        known = f"did you mean `{near[0]}`?" if near else f"installed: {', '.join(sorted(proofs.by_name)) or 'none'}"
        return _unusable(dossier, name, f"no proof of this name is installed ({known})")
    if name in PAPERS or name in THINGS or name == "waivers" or proof.name != name:
        return _unusable(dossier, name, "another proof stands under its name")
    try:
        shown = replace(case, shown=frozenset((CheckPredicate, *proof.needs)))
        judgement: object = proof.judge(shown)
        if not isinstance(judgement, Judgement):
            return _unusable(dossier, name, "it gave no judgement")
        if judgement.missing and not judgement.refusals:
            return _unusable(dossier, name, "it misses something and does not say what")
        judgement = _with_strays(judgement, proof, dossier)
        result = _result(dossier, name, judgement, proof.codes, proof.question)
        return _with_papers(result, shown, proof)
    except (Exception, SystemExit) as error:  # a proof that calls sys.exit(0) must not open the gate
        return _unusable(dossier, name, f"it crashed ({type(error).__name__})")


def _with_papers(result: ProofResult, case: Case, proof: Proof) -> ProofResult:
    """With the statements that were judged, the commands that make them, and a refusal for each whose key does not
    reach what the policy asks."""
    papers = tuple(paper for need in proof.needs if (paper := case.signed(need)) is not None)
    made = [kind for kind in kinds().values() if kind.predicate in proof.needs]
    commands = tuple(dict.fromkeys(case.makes(kind) for kind in made))
    wanted = case.policy.assurance_of.get(result.name, case.policy.assurance)
    weak = [p for p in papers if p.kind.purpose is Purpose.EVIDENCE and _level(p.assurance) < _level(wanted)]
    findings = tuple(_finding(case.dossier, result.name, _too_low(p, wanted, case), _LOW) for p in weak)
    if not findings:
        return replace(result, papers=papers, commands=commands)
    status = Status.FAILED if result.status is Status.OK else result.status
    return replace(result, status=status, findings=(*result.findings, *findings), papers=papers, commands=commands)


def _too_low(paper: Signed[Predicate], wanted: str, case: Case) -> Refusal:
    text = f"The {paper.kind.name} statement is signed by {paper.signer} and counts as `{paper.assurance}`; the policy "
    text += f"asks for `{wanted}`: {_REACH[wanted]}."
    where = {"ci": "in CI, with CI's key", "isolated": "on the isolated runner, with its key"}[wanted]
    return Refusal("GA011", text, f"Run `{case.makes(paper.kind)}` {where}: `nb-mlops ci --sign` does that.")


def _with_strays(judgement: Judgement, proof: Proof, dossier: Dossier) -> Judgement:
    """Where a paper is missing and there is one about something else, that is said."""
    names = {kind.name for kind in kinds().values() if kind.predicate in proof.needs}
    papers = [paper for paper in dossier.papers.all if paper.kind in names and paper.path in dossier.papers.foreign]
    if not papers or not judgement.missing:
        return judgement
    said = f"What is on file (`{papers[-1].path}`) is about {dossier.papers.foreign[papers[-1].path]}."
    return replace(judgement, refusals=tuple(replace(r, message=f"{r.message} {said}") for r in judgement.refusals))


def _unusable(dossier: Dossier, name: str, why: str) -> ProofResult:
    refusal = Refusal(
        UNUSABLE,
        f"The policy requires the proof `{name}`, but it cannot be asked: {why}. An unasked proof proves nothing.",
        "Mend `require` in [tool.nb-mlops.gate], or install, mend or remove the plug-in.",
    )
    return _result(dossier, name, Judgement("the proof itself", (refusal,)), BASIC_CODES)


def _result(
    dossier: Dossier, name: str, judgement: Judgement, codes: Mapping[str, str], question: str = ""
) -> ProofResult:
    if not judgement.refusals:
        return ProofResult(name, Status.OK, judgement.looked_at, (), question)
    status = Status.MISSING if judgement.missing else Status.FAILED
    findings = tuple(_finding(dossier, name, refusal, codes[refusal.code]) for refusal in judgement.refusals)
    return ProofResult(name, status, judgement.looked_at, findings, question)


def _finding(dossier: Dossier, name: str, refusal: Refusal, slug: str) -> Finding:
    key = "\0".join((refusal.code, dossier.notebook, dossier.name, refusal.message))
    return Finding(
        code=refusal.code,
        rule=slug,
        severity=Severity.ERROR,
        message=f"{refusal.message} {refusal.remedy}".strip(),
        path=dossier.notebook,
        fingerprint=hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16],
        data={"proof": name, "problem": refusal.message, "remedy": refusal.remedy},
    )

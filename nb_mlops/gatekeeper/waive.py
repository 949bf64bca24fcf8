"""Waivers: which refusals a named person lets pass for a while, and which waivers are none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from nb_mlops.core.finding import Finding
from nb_mlops.core.settings import Policy, Waiver
from nb_mlops.core.value import replace
from nb_mlops.gatekeeper.dossier import Dossier
from nb_mlops.gatekeeper.proof import Judgement, Proof, ProofResult, Refusal, Status

QUESTION = "Is each waiver of the policy one that the policy allows, with an end?"
# What is let pass for longer is no exception any more, and belongs in the policy.
LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class UsedWaiver:
    """A waiver that let something pass, and what: without it the gate would be shut."""

    waiver: Waiver
    findings: tuple[Finding, ...]


def in_words(waiver: Waiver) -> str:
    """A waiver on a registered version and in the ledger: what it lets pass, until when, who gave it and why."""
    codes = ", ".join(waiver.codes)
    return f"{waiver.proof} ({codes}) until {waiver.until.isoformat()}, by {waiver.approver}: {waiver.reason}"


def waivers_of(policy: Policy, model: str) -> tuple[Waiver, ...]:
    """The waivers for a model."""
    return tuple(waiver for waiver in policy.waivers if waiver.model == model)


def in_order(dossier: Dossier, policy: Policy, proofs: Mapping[str, Proof]) -> Judgement | None:
    """Whether each waiver for the model is one; None when there is none. One that is wrong shuts the gate: misspelt, it
    would otherwise wait unseen for what it never meant."""
    found = waivers_of(policy, dossier.name)
    if not found:
        return None
    remedy = "Mend or remove it in [[tool.nb-mlops.gate.waivers]]; `nb-mlops gate --policy` shows what may be waived."
    refusals = [
        Refusal("GA013", f"The waiver for the proof `{one.proof}` cannot be used: {why}.", remedy)
        for one in found
        if (why := _wrong(one, dossier, policy, proofs))
    ]
    words = ", ".join(f"{one.proof} until {one.until.isoformat()} by {one.approver}" for one in found)
    return Judgement(words, tuple(refusals))


def _wrong(waiver: Waiver, dossier: Dossier, policy: Policy, proofs: Mapping[str, Proof]) -> str:
    proof = proofs.get(waiver.proof)
    if proof is None:
        return "there is no such proof"
    if waiver.proof not in policy.waivable:
        return "the policy does not let this proof be waived"
    if not waiver.codes or (unknown := [code for code in waiver.codes if code not in proof.codes]):
        return f"this proof knows no refusal `{unknown[0]}`" if waiver.codes else "it names no refusal"
    if not waiver.approver.strip() or not waiver.reason.strip():
        return "it lacks an approver or a reason"
    if policy.four_eyes and waiver.approver not in dossier.approvers:
        return f"`{waiver.approver}` has no key for approvals in this project"
    if waiver.until > dossier.now.date() + LONGEST:
        return "its end is more than a year away"
    return ""


def waived(result: ProofResult, waivers: tuple[Waiver, ...], today: date) -> tuple[ProofResult, tuple[UsedWaiver, ...]]:
    """The result with what is waived taken out of its refusals, and the waivers that did so. A waiver that has ended
    takes nothing out, and is named."""
    left, used = result.findings, []
    for waiver in (one for one in waivers if one.proof == result.name and today <= one.until):
        covered = tuple(finding for finding in left if finding.code in waiver.codes)
        if covered:
            used.append(UsedWaiver(waiver, covered))
            left = tuple(finding for finding in left if finding not in covered)
    left = tuple(_with_ended(finding, waivers, result.name, today) for finding in left)
    status = Status.WAIVED if used and not left else result.status
    return replace(result, status=status, findings=left), tuple(used)


def _with_ended(finding: Finding, waivers: tuple[Waiver, ...], proof: str, today: date) -> Finding:
    for one in waivers:
        if one.proof == proof and finding.code in one.codes and one.until < today:
            said = f"The waiver that {one.approver} gave for this ended on {one.until.isoformat()}."
            problem = f"{finding.data['problem']} {said}"
            data = {**finding.data, "problem": problem}
            return replace(finding, message=f"{problem} {finding.data['remedy']}", data=data)
    return finding

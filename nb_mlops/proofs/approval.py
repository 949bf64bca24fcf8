"""Has somebody who may do so said yes to this model under this name?

An approval is a signed statement about the model's files and its name, made with a key that the project trusts for
approvals. Under `four-eyes` neither the key nor its owner may be those of the check: whoever made the evidence does not
also say yes to it. It holds for these very files; a model that differs by one byte needs another approval.
"""

from __future__ import annotations

from shlex import quote

from nb_mlops.core.settings import Policy
from nb_mlops.evidence.predicates.approval import ApprovalPredicate
from nb_mlops.evidence.predicates.check import CheckPredicate
from nb_mlops.gatekeeper.proof import SKETCHED_MODEL, Case, Judgement, Proof, Refusal, by, sketch


def judge(case: Case) -> Judgement:
    """An approval of this model and name, and under `four-eyes` by somebody else than the maker."""
    found, check, name = case.signed(ApprovalPredicate), case.signed(CheckPredicate), case.dossier.name
    command = f"`nb-mlops approve {quote(case.dossier.typed)} --model {quote(name)} --reason TEXT`"
    if found is None:
        text = f"Nobody has approved this model as `{name}`."
        remedy = f"Ask somebody with a key for approvals to run {command}."
        return Judgement("no approval", (Refusal("GA096", text, remedy),), missing=True)
    looked = f"approved by {found.signer}: {found.predicate.reason}"
    if found.predicate.model.name != name:
        text = f"The approval by {found.signer} is for the name `{found.predicate.model.name}`, not for `{name}`."
        return Judgement(looked, (Refusal("GA097", text, f"Have {command} run for this name."),))
    if case.policy.four_eyes and (check is None or _same(found.keyid, found.owner, check.keyid, check.owner)):
        text = f"The approval is signed by {found.signer}, who also made the evidence: nobody else has looked at it."
        return Judgement(looked, (Refusal("GA098", text, f"Have somebody else run {command}."),))
    return Judgement(looked)


def _same(key: str, owner: str, other_key: str, other_owner: str) -> bool:
    return key == other_key or (bool(owner) and owner.strip().casefold() == other_owner.strip().casefold())


_SEEN = {"check": "6" * 64}
_MADE = ApprovalPredicate("0", SKETCHED_MODEL, "beats the rule we use today", _SEEN, "2026-01-31T11:30:00Z")
_OTHER = ApprovalPredicate("0", type(SKETCHED_MODEL)("fraud", SKETCHED_MODEL.digest), "yes", {}, "2026-01-31T11:30:00Z")
_STRICT = Policy(four_eyes=True)
_CHECK = sketch().check
PROOF = Proof(
    name="approval",
    codes={"GA096": "approval-missing", "GA097": "approval-for-another-name", "GA098": "approved-by-its-maker"},
    judge=judge,
    needs=(ApprovalPredicate,),
    good=(
        sketch(papers=(by(_MADE, "8" * 64, "Grace"),)),
        sketch(papers=(_MADE,)),
        sketch(_STRICT, papers=(by(_CHECK, owner="CI"), by(_MADE, "8" * 64, "Grace"))),
    ),
    bad=(
        ("GA096", sketch()),
        ("GA097", sketch(papers=(by(_OTHER, "8" * 64, "Grace"),))),
        ("GA098", sketch(_STRICT, papers=(_MADE,))),
        ("GA098", sketch(_STRICT, papers=(by(_CHECK, owner="Ada"), by(_MADE, "8" * 64, "ada")))),
    ),
)

"""approve: say yes to a model under a name. Only to what the gate would let pass but for that yes."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

from nb_mlops import __version__
from nb_mlops.commands.gate import admit
from nb_mlops.commands.steps import papers
from nb_mlops.commands.steps.opened import model_of
from nb_mlops.core.assurance import Purpose
from nb_mlops.core.errors import UsageError
from nb_mlops.core.settings import Policy
from nb_mlops.core.value import Struct, replace
from nb_mlops.evidence.kind import ModelRef
from nb_mlops.evidence.predicates.approval import ApprovalPredicate
from nb_mlops.evidence.statement import timestamp
from nb_mlops.gatekeeper.decide import Verdict
from nb_mlops.outside import artefacts, signing, trust
from nb_mlops.outside.files import project_root
from nb_mlops.outside.settings_file import load_settings

PROOF = "approval"


class Approval(Struct, frozen=True):
    """What the gate says of everything but the approval, and the approval's file ("" where that was a no)."""

    before: Verdict
    evidence: str = ""


def approve(notebook: str, model: str, reason: str) -> Approval:
    """Sign an approval with the key at hand and file it with the model's evidence; nothing is signed while anything
    else stands against the model. Raises UsageError without a reason, and as `gate` does."""
    if not reason.strip():
        raise UsageError("An approval gives its reason.", "Say it: --reason TEXT.")
    model = model_of(notebook, model)
    policy, root = load_settings(notebook)[0].gate, project_root(notebook)
    _key_or_error(root, policy)
    moment = datetime.now(timezone.utc)
    # The approval itself binds a name, and so it is not asked for one.
    others = replace(policy, require=tuple(name for name in policy.require if name != PROOF), require_name=False)
    verdict = admit(notebook, model, others, moment, unread=(PROOF,))
    if not verdict.passed:
        return Approval(verdict)
    subject = verdict.dossier.papers.subject
    seen = {one.kind.name: one.digest for one in verdict.dossier.papers.signed.values()}
    found = ApprovalPredicate(__version__, ModelRef(model, subject), reason.strip(), seen, timestamp(moment))
    (written,) = papers.file(root, subject, (found,), "approve")
    return Approval(verdict, artefacts.project_path(root, written))


def _key_or_error(root: Path, policy: Policy) -> None:
    """Raise UsageError for a key whose approval would not count: an approval that is not one would shut the gate."""
    signer = signing.load_or_create_key("approve")
    entry = trust.key_entries(root).get(signer.keyid)
    remedy = f"Somebody who may: `nb-mlops keys trust {signer.keyid[:12]} --owner NAME --for approval`, and commit it."
    if entry is None and not (policy.own_key and not policy.trusted_keys):
        artefacts.record_public_key(root, signer.public)
        raise UsageError(f"Your key {signer.keyid[:12]} is not trusted for approvals in this project.", remedy)
    if entry is not None and (why := entry.barred(Purpose.APPROVAL.value, datetime.now(timezone.utc).date())):
        raise UsageError(f"Your key {signer.keyid[:12]} may not approve: {why}.", "Ask somebody whose key may.")

"""What a maker of evidence found, signed with the key at hand and put into the drawer."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from nb_mlops.core.assurance import ASSURANCES
from nb_mlops.core.value import replace
from nb_mlops.evidence.kind import Predicate
from nb_mlops.evidence.statement import Statement, StatementError, notebook_subject
from nb_mlops.gatekeeper.dossier import kinds
from nb_mlops.outside import artefacts, signing, trust


def file(
    root: Path, subject: str, predicates: Sequence[Predicate], command: str, notebook: str = ""
) -> tuple[Path, ...]:
    """Sign statements and file them under the model (its tree digest) that was checked; returns the files written.

    Each claims the assurance that the project's keys give this one. With `notebook`, its path in the project, they
    become what counts for it, and what was said before of the notebook itself goes along: `check` alone does that.
    Touches the key, so no code of the notebook may be running. `command` is the verb for errors.
    """
    names = {kind.predicate: kind.name for kind in kinds().values()}
    signer = signing.load_or_create_key(command)
    artefacts.record_public_key(root, signer.public)
    entry = trust.key_entries(root).get(signer.keyid)
    claimed = entry.assurance if entry else ASSURANCES[0]
    envelopes = {
        names[type(one)]: signing.sign(replace(one, assurance=claimed).statement().to_bytes(), signer)
        for one in predicates
    }
    if notebook:
        kept = _of_the_notebook(root, notebook, envelopes)
        return artefacts.save_evidence(root, notebook, subject, envelopes | kept)
    return artefacts.add_evidence(root, subject, envelopes)


def _of_the_notebook(root: Path, notebook: str, new: Collection[str]) -> dict[str, Any]:
    """Envelopes of the last check about the notebook, not its model, that are not made anew. Nothing is verified here:
    the gate reads them where they come to lie as it did where they lay."""
    filed = artefacts.current_evidence(root, notebook)
    kept = {}
    for envelope in filed.envelopes if filed else ():
        with contextlib.suppress(signing.BadSignatureError, StatementError):
            statement = Statement.from_bytes(signing.unverified(envelope.data))
            if envelope.kind not in new and statement.name == notebook_subject(notebook):
                kept[envelope.kind] = json.loads(envelope.data)
    return kept

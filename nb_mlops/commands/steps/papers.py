"""What a maker of evidence found, signed with the key at hand and put into the drawer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nb_mlops.core.value import replace
from nb_mlops.evidence.kind import Predicate
from nb_mlops.gatekeeper.dossier import kinds
from nb_mlops.outside import artefacts, signing, trust


def file(
    root: Path, subject: str, predicates: Sequence[Predicate], command: str, notebook: str = ""
) -> tuple[Path, ...]:
    """Sign statements and file them under the model (its tree digest) that was checked; returns the files written.

    Each claims the assurance that the project's keys give this one. With `notebook`, its path in the project, they
    become what counts for it: `check` alone does that. Touches the key, so no code of the notebook may be running.
    `command` is the verb for errors.
    """
    names = {kind.predicate: kind.name for kind in kinds().values()}
    signer = signing.load_or_create_key(command)
    artefacts.record_public_key(root, signer.public)
    entry = trust.key_entries(root).get(signer.keyid)
    claimed = entry.assurance if entry else trust.LEVELS[0]
    envelopes = {
        names[type(one)]: signing.sign(replace(one, assurance=claimed).statement().to_bytes(), signer)
        for one in predicates
    }
    if notebook:
        return artefacts.save_evidence(root, notebook, subject, envelopes)
    return artefacts.add_evidence(root, subject, envelopes)

"""The one judge, asked about the files behind a version."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from nb_mlops.commands.gate import admit_version
from nb_mlops.doors.mlflow_store.refusal import refusal, refusing
from nb_mlops.gatekeeper.decide import Verdict
from nb_mlops.outside.artefacts import ArtefactError
from nb_mlops.outside.registry.source import contents


def judged(store: Any, name: str, source: str, now: datetime | None = None) -> Verdict:
    """The verdict on the files behind `source`, as of `now`; a refusal is raised."""
    with refusing(f"`{name}` cannot be judged: "):
        try:
            found = contents(source, store.get_model_version_download_uri)
            verdict = admit_version(name, found.files, found.envelopes, store.gate_root, now)
        except ArtefactError as error:
            raise refusal(f"The model for `{name}` cannot be judged. {error}", error.remedy) from error
    if not verdict.passed:
        said = " ".join(f"{finding.code} {finding.message}" for finding in verdict.findings)
        raise refusal(f"`{name}`: {said}")
    return verdict

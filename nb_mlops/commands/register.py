"""register: put exactly the model that was proven into the MLflow registry, when the gate lets it pass."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from nb_mlops.commands import record
from nb_mlops.commands.gate import admit, report, version_tags
from nb_mlops.commands.steps.here import user
from nb_mlops.commands.steps.opened import model_of
from nb_mlops.core.settings import Policy
from nb_mlops.evidence.ledger import Act, Deed
from nb_mlops.gatekeeper.decide import Verdict
from nb_mlops.outside import artefacts, git
from nb_mlops.outside.files import project_root
from nb_mlops.outside.registry.submit import Entry, Submission, submit
from nb_mlops.outside.registry.words import DIGEST_TAG
from nb_mlops.outside.settings_file import load_settings


@dataclass(frozen=True, slots=True)
class Registration:
    """The verdict, and where the model is now; `entry` is None when the gate refused, and then nothing was touched."""

    verdict: Verdict
    entry: Entry | None = None

    @property
    def report(self) -> dict[str, Any]:
        """The registration as JSON values; see schemas/gate-report.schema.json."""
        return {**report(self.verdict), "registered": asdict(self.entry) if self.entry else None}


def register(notebook: str, model: str = "", registry_uri: str = "") -> Registration:
    """Register the model that `notebook` made when it was last checked under the name `model`.

    Without a name it is the one that the notebook gives. `registry_uri` goes before the project's setting; without
    either, the project's own sqlite store is used. Raises RegistryUnreachableError when the registry does not answer;
    see `gate` for the rest.
    """
    settings, _ = load_settings(notebook)
    return enter(notebook, model_of(notebook, model), settings.gate, registry_uri or settings.gate.registry)


def enter(notebook: str, model: str, policy: Policy, uri: str, now: datetime | None = None) -> Registration:
    """Ask the one judge, then act on what it said and on nothing else."""
    verdict = admit(notebook, model, policy, now)
    if not verdict.passed:
        return Registration(verdict)
    root = project_root(notebook).absolute()
    submission = _submission(verdict, root)
    entry = submit(submission, uri, root)
    if entry.created and not entry.gated:  # a registry without a gate keeps no ledger of its own
        record.enter(root, _deed(entry, submission.digest, verdict, root))
    return Registration(verdict, entry)


def _deed(entry: Entry, digest: str, verdict: Verdict, root: Path) -> Deed:
    grounds = record.grounds(verdict, root)
    who = user(root)
    act = Act.REGISTERED.value
    return Deed(act, entry.name, entry.version, digest, who=who, store=entry.store, grounds=grounds)


def _submission(verdict: Verdict, root: Path) -> Submission:
    papers, dossier = verdict.dossier.papers, verdict.dossier
    if papers.check is None:
        raise ValueError("a verdict without evidence cannot have passed")
    tags = {key: value for key, value in version_tags(verdict).items() if key != DIGEST_TAG}
    if commit := git.commit(root):
        tags["mlflow.source.git.commit"] = commit
    return Submission(
        name=dossier.name,
        digest=papers.subject,
        folder=artefacts.model_path(root, papers.subject),
        files=dossier.model,
        experiment=root.name or "nb-mlops",
        papers={paper.path.rpartition("/")[2]: paper.envelope for paper in papers.all},
        params=papers.check.parameters,
        metrics={metric.name: metric.value for metric in papers.check.metrics},
        tags=tags,
    )

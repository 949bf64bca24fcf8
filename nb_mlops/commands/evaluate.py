"""evaluate: how good is the model on rows that it has not seen, against what, for whom, at what cost? Signed."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from nb_mlops import __version__
from nb_mlops.analysis.sensitive.counts import counted
from nb_mlops.analysis.sensitive.mask import mask
from nb_mlops.commands.gate import admit
from nb_mlops.commands.gate import report as gate_report
from nb_mlops.commands.steps import papers
from nb_mlops.commands.steps.champion import CHAMPION, Champion, champion
from nb_mlops.commands.steps.measured import predicate_of
from nb_mlops.commands.steps.opened import chosen, model_of, opened
from nb_mlops.compare.contract import ContractError, breaking, violations
from nb_mlops.core.errors import UsageError
from nb_mlops.core.run import FileRead
from nb_mlops.core.settings import ModelSettings, Settings
from nb_mlops.core.value import replace
from nb_mlops.evidence.predicates.check import CheckPredicate
from nb_mlops.evidence.predicates.evaluation import Contract, EvaluationPredicate, Sensitive
from nb_mlops.evidence.statement import timestamp
from nb_mlops.evidence.strict import to_json
from nb_mlops.gatekeeper.decide import Verdict
from nb_mlops.outside import artefacts, evaluator, kernel, run_one
from nb_mlops.outside.evaluator import EvaluationRefusedError
from nb_mlops.outside.files import load_data, project_root, read_bytes
from nb_mlops.outside.writing import told_when_unwritable

# The proofs that rest on an evaluation: what is said of them right after it.
PROOFS = ("baseline", "champion", "groups", "contract", "security", "card")
_LONGEST_TEXT = 2_000_000  # bytes of a model's file that is searched for secrets


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was measured and signed, where the evidence lies, what the gate says of it when it is asked for every proof
    that rests on an evaluation, and those that the policy asks for."""

    predicate: EvaluationPredicate
    evidence: str
    verdict: Verdict
    asked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Table:
    """All that is needed: the project, the papers of the check, the rows, and a folder that goes away."""

    root: Path
    path: str
    check: CheckPredicate
    verdict: Verdict
    holdout: FileRead
    scratch: Path


def evaluate(
    notebook: str,
    model: str,
    holdout: str = "",
    settings: Settings | None = None,
    **changes: Any,
) -> Evaluation:
    """Measure the model that `notebook` made when it was last checked on the rows of `holdout`, and sign what was seen.

    `changes` go before the model's own settings (`target`, `metric`, `groups`, `labels`, `contract`). Raises
    EvaluationRefusedError where the check does not stand any more, where the notebook has read the rows, and where the
    model's files could run code; UsageError for a file or a column that is not there; EvaluationFailedError when the
    model does not answer.
    """
    run_one.require("evaluate")
    model = model_of(notebook, model)
    settings = settings or chosen(notebook, {})
    own = _own(settings, model, changes)
    verdict = _admitted(notebook, model, settings)
    root = project_root(notebook)
    run_one.sweep()
    with told_when_unwritable("Nothing was measured"), run_one.scratch_folder() as scratch:
        rows = _holdout(holdout or _below(root, own.holdout), root, verdict, scratch)
        check = verdict.dossier.papers.check
        assert check is not None  # or it had not been admitted
        table = _Table(root, notebook, check, verdict, rows, scratch)
        predicate = _measure(table, model, own, settings)
    written = papers.file(root, predicate.model.digest, (predicate,), "evaluate")
    after = admit(notebook, model, replace(settings.gate, require=PROOFS))
    return Evaluation(predicate, artefacts.project_path(root, written[0]), after, settings.gate.require)


def _own(settings: Settings, model: str, changes: Mapping[str, Any]) -> ModelSettings:
    given = {name: value for name, value in changes.items() if value}
    return replace(settings.models.get(model, ModelSettings()), **given)


def _below(root: Path, path: str) -> str:
    if not path:
        raise UsageError(
            "There are no rows to measure the model on.",
            "Give --holdout FILE, or `holdout` in [tool.nb-mlops.models.NAME]: rows that the notebook never opens.",
        )
    return str(root / path)


def _admitted(notebook: str, model: str, settings: Settings) -> Verdict:
    """The judge's word that the check stands and the stored model is the one that was checked."""
    verdict = admit(notebook, model, replace(settings.gate, require=()))
    if verdict.findings:
        first = verdict.findings[0].data
        raise EvaluationRefusedError(f"There is nothing to measure: {first['problem']}", str(first["remedy"]))
    return verdict


def _holdout(path: str, root: Path, verdict: Verdict, scratch: Path) -> FileRead:
    """The rows, copied to where they stay as they are. Raises UsageError, and EvaluationRefusedError for a file that
    the notebook read."""
    try:
        copy = Path(shutil.copyfile(path, scratch / "holdout"))
    except OSError as error:
        raise UsageError(
            f"The holdout `{path}` cannot be read: {error.strerror}.",
            "Name a file of rows with --holdout, from where you stand, or in the settings, from the project's root.",
        ) from error
    file = FileRead(artefacts.project_path(root, path), artefacts.hash_file(copy), copy.stat().st_size)
    check = verdict.dossier.papers.check
    for read in check.data if check else ():
        if read.sha256 == file.sha256 or read.path == file.path:
            raise EvaluationRefusedError(
                f"The notebook read `{read.path}` when it was checked, so a score on it says nothing: the model may "
                "have learnt it by heart.",
                "Give rows that the notebook does not open: set some aside before it reads the data, or take newer.",
            )
    return file


def _measure(table: _Table, name: str, own: ModelSettings, settings: Settings) -> EvaluationPredicate:
    folder = _copied(table)
    served = champion(name, settings.gate.registry, table.root, table.scratch / CHAMPION)
    request = {
        "model": str(folder),
        "holdout": str(table.scratch / "holdout"),
        "holdout_name": table.holdout.path,
        "target": own.target,
        "groups": list(own.groups),
        "metric": own.metric,
        "reported": [metric.name for metric in table.check.metrics],
        "labels": _renamed(own.labels),
        "read": _unchanged(table),
        "champion": str(served.folder) if served else "",
        "allow_pickle": settings.gate.allow_pickle,
        "scratch": str(table.scratch),
    }
    python = kernel.python_of(settings.check.kernel, opened(table.path)[1].metadata)
    if not python:
        raise UsageError("Only the model of a Python notebook can be evaluated.")
    found = evaluator.evaluate("assess", request, table.scratch, python, settings.check.timeout)
    return predicate_of(
        found,
        tool=__version__,
        check=table.check,
        name=name,
        digest=table.verdict.dossier.papers.subject,
        holdout=table.holdout,
        champion=served.version if served else "",
        contract=_contract(table.root, own.contract, found, served),
        sensitive=tuple(_sensitive(folder)),
        about=own,
        issued=timestamp(datetime.now(timezone.utc)),
    )


def _copied(table: _Table) -> Path:
    """The model's files where nobody changes them any more, compared once again: only then is anything loaded."""
    folder = table.scratch / "model"
    stored = artefacts.model_path(table.root, table.verdict.dossier.papers.subject)
    shutil.copytree(stored, folder, symlinks=True)
    if artefacts.hash_tree(folder) != table.verdict.dossier.model:
        raise EvaluationRefusedError("The stored model changed while it was being read.", "Check the notebook again.")
    return folder


def _unchanged(table: _Table) -> list[tuple[str, str]]:
    """Files that the notebook read and that still hold what it read: (where they are, what they are called)."""
    now = table.verdict.dossier.data
    return [
        (str(table.root / Path(file.path).expanduser()), file.path)
        for file in table.check.data
        if now.get(file.path) == file.sha256
    ]


def _renamed(labels: Sequence[str]) -> dict[str, str]:
    pairs = [label.partition("=") for label in labels]
    if wrong := [label for label, (_, sign, _) in zip(labels, pairs, strict=True) if not sign]:
        raise UsageError(f"`{wrong[0]}` is no pair of labels.", "Write --label no=0: the target's word, the model's.")
    return {ours.strip(): theirs.strip() for ours, _, theirs in pairs}


def _contract(root: Path, path: str, found: Mapping[str, Any], served: Champion | None) -> Contract:
    """The served example held against the application's schema, and the signature against the champion's."""
    serving, digest = found["serving"], ""
    broken: tuple[str, ...] = ()
    if path:
        place = Path(path) if Path(path).is_file() else root / path
        schema = load_data(str(place))
        if not isinstance(schema, Mapping):
            raise UsageError(f"The contract `{path}` is not a JSON Schema.", "Give a file with an object in it.")
        digest = artefacts.hash_file(place)
        try:
            served_it = serving["example"] and not serving["problem"]
            broken = violations(schema, serving["request"], serving["response"]) if served_it else ()
        except ContractError as error:
            raise UsageError(
                f"The contract `{path}` cannot be used: {error}.", "Mend the schema, or name another with --contract."
            ) from error
    before = found["champion_signature"]
    now = {side: serving[side] for side in ("inputs", "outputs")}
    return Contract(digest, broken, breaking(now, before) if served and before else ())


def _sensitive(folder: Path) -> list[Sensitive]:
    """What of the model's texts (its example above all) should not travel with it."""
    found = []
    for path in sorted(file for file in folder.rglob("*") if file.is_file()):
        data = read_bytes(path)[:_LONGEST_TEXT]
        if b"\0" not in data:
            shown = mask(path.relative_to(folder).as_posix())
            counts = counted(data.decode("utf-8", "replace"))
            found += [Sensitive(shown, kind, count) for kind, count in counts.items()]
    return found


def report(done: Evaluation) -> dict[str, Any]:
    """The evaluation as JSON values: the signed predicate, where it lies, and the gate's report on the proofs."""
    return {
        "version": 1,
        "tool": {"name": "nb-mlops", "version": __version__},
        "evaluation": to_json(done.predicate),
        "evidence": done.evidence,
        "gate": gate_report(done.verdict),
        "asked": [name for name in PROOFS if name in done.asked],
    }

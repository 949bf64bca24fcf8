"""check: does this notebook give the same answer again? Runs, compares, judges, and signs what it saw."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from nb_mlops import __version__
from nb_mlops.checker import shown
from nb_mlops.checker.circumstances import settled
from nb_mlops.checker.company import may_begin_together, met, that_count
from nb_mlops.checker.evidence import check_predicate
from nb_mlops.checker.factors import Factor, Kind, usual
from nb_mlops.checker.parameters import typed
from nb_mlops.checker.plan import Plan, at_once, factors, next_runs, requests
from nb_mlops.checker.report import report_json
from nb_mlops.checker.reseed import reseeded
from nb_mlops.checker.verdict import Judgement, Verdict, judge
from nb_mlops.commands.steps import papers
from nb_mlops.commands.steps.opened import opened, watched
from nb_mlops.compare.tolerances import Tolerances
from nb_mlops.core.errors import StoppedError, UsageError
from nb_mlops.core.event import Event, EventKind, Listener, unheard
from nb_mlops.core.exhibit import CheckExhibits
from nb_mlops.core.finding import Severity
from nb_mlops.core.notebook import Notebook
from nb_mlops.core.project import Project
from nb_mlops.core.run import Probe, RunRecord, RunRequest, RunStatus
from nb_mlops.core.settings import Settings
from nb_mlops.core.value import replace
from nb_mlops.evidence.digest import notebook_digest
from nb_mlops.evidence.kind import NotebookRef
from nb_mlops.evidence.predicates.lint import LintPredicate, OpenFinding
from nb_mlops.evidence.statement import timestamp
from nb_mlops.ipynb.write import write
from nb_mlops.linter import engine
from nb_mlops.linter.load import load_rules
from nb_mlops.outside import artefacts, environment, processes, project, render, run_one, signing
from nb_mlops.outside.environment import shown_path
from nb_mlops.outside.files import project_root
from nb_mlops.outside.project_copy import copy_project
from nb_mlops.outside.settings_file import load_settings
from nb_mlops.outside.writing import told_when_unwritable, write_atomic
from nb_mlops.reporters.check_html import render as render_page

Told = Callable[[RunRecord], None]
_RUNS = 3  # one, the same again, and one with everything changed that should not matter
_MOST_COPIED = 200_000_000  # bytes of a project that is small enough to be copied for one run


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What came of a check. `evidence` is the signed statement's path relative to the project, "" when none was
    written; `model` is the tree digest of the stored model, "" when the notebook declared none."""

    notebook: str
    judgement: Judgement
    records: tuple[RunRecord, ...]
    evidence: str = ""
    model: str = ""
    checked: Notebook | None = None

    @property
    def verdict(self) -> Verdict:
        """The verdict."""
        return self.judgement.verdict


def check(
    path: str,
    parameters: Mapping[str, Any] | Iterable[tuple[str, Any]] = (),
    repeat: int | None = None,
    settings: Settings | None = None,
    told: Told = lambda record: None,
    heard: Listener = unheard,
    executed: str = "",
) -> CheckResult:
    """Run a notebook several times in fresh kernels and compare its answers by value.

    `parameters` go after the cell tagged `parameters`; texts take the type of the default there. `told` hears of each
    run as it ends, `heard` of everything that happens, cell by cell. `executed` is where the notebook is written as the
    first run left it: with its outputs, or as a page where the name ends with .html. Signed evidence of the verdict,
    whatever it is, and the model that was declared go to the project's `.nb-mlops` folder, unless no kernel could be
    started: the last check counts, so a bad one closes what a good one opened. Raises UsageError for a file that is no
    notebook, and for unknown parameters.
    """
    settings = settings or load_settings(path)[0]
    run_one.require("check", settings.check.kernel)
    if render.is_page(executed):
        render.require()
    data, notebook = opened(path)
    pairs = parameters.items() if isinstance(parameters, Mapping) else parameters
    values = typed(notebook, pairs)
    around = project.around(path)
    found = engine.lint(notebook, load_rules(), settings.lint, project=around)
    run_one.sweep()
    artefacts.sweep(project_root(path))
    with run_one.scratch_folder() as folder:
        with told_when_unwritable("Nothing was run"):
            plan = _plan(notebook, data, values, settings, repeat, folder, bool(executed))
        try:
            records = settled(_run(plan, told, heard))
        except KeyboardInterrupt:
            raise StoppedError("Nothing was signed: the notebook's evidence is what it was before.") from None
        key = shown_path(signing.key_path(), project_root(path))
        judgement = judge(notebook, records, plan.tolerances, key, settings.check.data, _names(around), found.findings)
        heard(Event(EventKind.VERDICT, status=judgement.verdict.value))
        result = CheckResult(notebook.path, judgement, records, checked=notebook)
        if records[0].status is not RunStatus.NOT_STARTED:  # else nothing is known that was not known before
            with told_when_unwritable("Nothing was signed, and the notebook's evidence is what it was"):
                result = _sign(result, notebook, plan, found)
        _keep(plan.base.executed, executed, notebook.path)
        return result


def _names(around: Project) -> frozenset[str] | None:
    """The distributions that the project declares; None where it declares none."""
    return around.declared.names if around.declared else None


def _keep(made: str, wanted: str, name: str) -> None:
    """Put the executed notebook where it is wanted."""
    if not wanted or not Path(made).is_file():
        return
    data = Path(made).read_bytes()
    with told_when_unwritable("The executed notebook was not kept"):
        Path(wanted).parent.mkdir(parents=True, exist_ok=True)
        write_atomic(wanted, render.as_page(data, name) if render.is_page(wanted) else data)


def _plan(
    notebook: Notebook,
    data: bytes,
    values: Mapping[str, Any],
    settings: Settings,
    repeat: int | None,
    folder: Path,
    executed: bool = False,
) -> Plan:
    """The plan of runs. They run a copy of the bytes that were judged, in the notebook's own folder."""
    copy, models = folder / "notebook.ipynb", folder / "model"
    copy.write_bytes(data)
    models.mkdir()
    own = settings.check
    request = RunRequest(
        label="R0",
        notebook=str(copy),
        workdir=str(Path(notebook.path).resolve().parent),
        parameters=values,
        kernel=own.kernel,
        timeout=own.timeout,
        cell_timeout=own.cell_timeout,
        probe=Probe.CELLS,
        model_dir=str(models),
        executed=str(folder / "executed.ipynb") if executed else "",
        memory_mb=own.memory_mb,
        offline=own.offline,
        watched=watched(notebook),
    )
    count = (own.repeat or max(settings.gate.min_runs, _RUNS)) if repeat is None else repeat
    if count < 1:
        raise UsageError("A check needs at least one run.", "Give --repeat 3 or more.")
    perturb = usual(os.environ, environment.locales(), os.cpu_count() or 1)
    today = datetime.now(timezone.utc).date().isoformat()
    tolerances = Tolerances(own.rtol, own.atol, own.image_rms, today)
    alone = (*perturb, *_costly(notebook, folder)) if own.thorough and count > 1 else ()
    plan = Plan(request, count, tolerances, perturb, alone)
    return replace(plan, together=may_begin_together(notebook, len(requests(plan)), os.cpu_count() or 1))


def _costly(notebook: Notebook, folder: Path) -> Iterator[Factor]:
    """The factors of a thorough check: the project in another folder, where it is small enough, and other seeds."""
    root, here = project_root(notebook.path), Path(notebook.path).resolve().parent
    copy = folder / "project" / root.name
    if copy_project(root, copy, _MOST_COPIED):
        yield Factor(Kind.FOLDER, "copy", workdir=str(copy / here.relative_to(root)))
    other = reseeded(notebook) if notebook.upgraded_from is None else None
    if other is not None:
        moved = folder / "reseeded.ipynb"
        moved.write_bytes(write(other))
        yield Factor(Kind.SEEDS, "other", notebook=str(moved))


def _run(plan: Plan, told: Told, heard: Listener) -> tuple[RunRecord, ...]:
    records: tuple[RunRecord, ...] = ()
    first = next_runs(plan, ())
    if len(first) > 1:  # told once it is known that they count
        made = _round(
            plan, first, (), lambda record: told(record) if record.status is RunStatus.STOPPED else None, heard
        )
        if how := met(made):
            heard(Event(EventKind.NOTE, status=f"The runs that began together are made again one by one: {how}."))
            run_one.empty(Path(plan.base.model_dir))
            plan = replace(plan, together=1)
        else:
            records = that_count(made)
            for record in records:
                told(record)
    while asked := next_runs(plan, records):
        records += _round(plan, asked, records, told, heard)
    return records


def _round(
    plan: Plan, asked: Sequence[RunRequest], records: Sequence[RunRecord], told: Told, heard: Listener
) -> tuple[RunRecord, ...]:
    """Make the runs asked for, after those that there are."""
    heard(Event(EventKind.PLAN, done=len(records), of=max(len(requests(plan)), len(records) + len(asked))))
    changed = {request.label: factors(plan, request) for request in asked}

    def finished(record: RunRecord) -> RunRecord:
        record = replace(record, factors=changed[record.label])
        told(record)
        return record

    def pass_on(event: Event) -> None:
        heard(replace(event, factors=changed[event.run]) if event.kind is EventKind.RUN_STARTED else event)

    workers = at_once(records, os.cpu_count() or 1, processes.machine_memory() / 1e6) if records else len(asked)
    return run_one.run_together(asked, workers, finished, pass_on)


def _sign(result: CheckResult, notebook: Notebook, plan: Plan, found: engine.LintResult) -> CheckResult:
    """Store the model and write the evidence; the key is first touched here, after the last kernel is gone."""
    root = project_root(notebook.path)
    named = replace(notebook, path=artefacts.project_path(root, notebook.path))
    issued = timestamp(datetime.now(timezone.utc))
    # A run that did not end may have left half a model, and nobody should register the whole of one either.
    declared = None if result.verdict is Verdict.FAILED else result.records[0].model
    model = declared if declared and declared.path else None
    files = artefacts.hash_tree(Path(model.path)) if model else {}
    paper = check_predicate(__version__, named, plan, result.records, result.judgement, files, issued)
    digest = paper.subject()[1]
    if model:
        artefacts.store_model(root, Path(model.path), files, digest)
    written = papers.file(root, digest, (paper, _lint(named, found, issued)), "check", named.path)
    return replace(result, evidence=artefacts.project_path(root, written[0]), model=digest if model else "")


def _lint(notebook: Notebook, found: engine.LintResult, issued: str) -> LintPredicate:
    """What the linter says of the same bytes: the gate asks for it."""
    counts = Counter(finding.severity.value for finding in found.findings)
    return LintPredicate(
        tool=__version__,
        notebook=NotebookRef(notebook.path, notebook_digest(notebook)),
        rules=tuple(sorted(found.rules)),
        counts=dict(counts),
        suppressed=found.suppressed,
        open=tuple(OpenFinding(f.code, f.fingerprint) for f in found.findings if f.severity is Severity.ERROR),
        issued=issued,
    )


def report(result: CheckResult) -> dict[str, Any]:
    """The result as JSON values; see schemas/check-report.schema.json."""
    return report_json(result.judgement, result.records, result.evidence)


def page(result: CheckResult, executed: str = "") -> str:
    """The result as a page that needs nothing else; `executed` is a link to the executed notebook."""
    source, records, judgement = result.checked, result.records, result.judgement
    if source is None:
        return render_page(result.notebook, report(result), judgement.findings, CheckExhibits())
    parts = shown.parted(source, records, judgement), shown.aged(source, records, judgement)
    exhibits = CheckExhibits(*parts, titles=shown.titles(source), executed=executed)
    return render_page(result.notebook, report(result), judgement.findings, exhibits)

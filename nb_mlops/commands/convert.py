"""convert: a package that computes what the notebook computed, and the proof of it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nb_mlops import catalogue
from nb_mlops.checker import plan as runs
from nb_mlops.converter import findings, privacy, regenerate
from nb_mlops.converter.conversion import Conversion, report
from nb_mlops.converter.data import TestData, test_data
from nb_mlops.converter.hints import types_seen
from nb_mlops.converter.merge import Merged
from nb_mlops.converter.package import Draft, Surroundings, draft, package_files
from nb_mlops.converter.plan import Level, Plan, Refused, converted_cells, make_plan, shown_in
from nb_mlops.converter.source import Loss
from nb_mlops.converter.truth import (
    Outcome,
    Truth,
    expected_json,
    failed,
    judge_package,
    truth_of,
    with_package_shows,
)
from nb_mlops.core.errors import RunFailedError, UsageError
from nb_mlops.core.finding import Finding
from nb_mlops.core.notebook import Notebook
from nb_mlops.core.run import Environment, Probe, RunRecord, RunRequest
from nb_mlops.core.settings import LintSettings, Settings
from nb_mlops.core.value import replace
from nb_mlops.ipynb.read import read
from nb_mlops.linter.engine import lint
from nb_mlops.linter.rule import Rule
from nb_mlops.outside import packages, run_one
from nb_mlops.outside.environment import shown_path
from nb_mlops.outside.files import load_settings, project_root, read_bytes, unreadable

__all__ = ["Conversion", "convert", "report", "up_to_date"]

Told = Callable[[str], None]
_RUNS, _RUNS_IN_DOUBT = 3, 6
_LEVELS = {
    Level.FUNCTIONS: "variables handed from function to function",
    Level.MODULE_STATE: "variables kept in one module",
}


@dataclass(frozen=True, slots=True)
class _Setting:
    """What stays the same over all attempts of one conversion."""

    notebook: Notebook
    records: tuple[RunRecord, ...]
    surroundings: Surroundings
    data: TestData
    python: str
    private: privacy.IsPrivate
    settings: Settings
    root: Path
    told: Told


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One level tried: the draft, what was expected of it, and what came of it."""

    made: Draft
    truth: Truth | None
    outcome: Outcome | None
    found: tuple[Mapping[str, Any], ...] = ()


def convert(
    path: str,
    out: str = "",
    run: bool = True,
    settings: Settings | None = None,
    told: Told = lambda words: None,
    update_golden: bool = False,
) -> Conversion:
    """Convert the notebook at `path` into a package in the folder `out` (default: `<notebook>_package` beside it).

    The notebook is run three times, once under another hash seed; the package is run in the notebook's own kernel
    and compared value by value. Where handing variables from function to function does not give the same values, they
    are kept in a module. A package that was made before is made again: what was changed by hand stays, and where the
    notebook gives other values than the package's tests expect, nothing is written unless `update_golden`. `told`
    hears of each step. Raises UsageError for a file that is no notebook or a folder that holds somebody's files,
    RunFailedError when the notebook does not run to its end.
    """
    if run:
        run_one.require("convert")
    settings = settings or load_settings(path)[0]
    notebook, data = _notebook(path)
    target = _target(path, out)
    previous = _previous(target, Path(path).name)
    records = _runs(path, data, settings, told) if run else ()
    with tempfile.TemporaryDirectory(prefix="nbm-convert-", ignore_cleanup_errors=True) as scratch:
        setting = _set_up(path, notebook, records, settings, told)
        attempts, reasons, refused = _attempts(setting, Path(scratch) / "first")
        if records and attempts and not any(a.outcome and a.outcome.proven for a in attempts):
            told("values differ; asking the notebook again, in case chance is at work")
            setting = replace(setting, records=_runs(path, data, settings, told, records, _RUNS_IN_DOUBT))
            attempts, reasons, refused = _attempts(setting, Path(scratch) / "second")
        if not attempts:
            words = findings.refusals(notebook, refused) if refused else ()
            return Conversion(path, "", "", None, words)
        best = max(attempts, key=lambda a: a.outcome.equal + a.outcome.proven if a.outcome else 0)
        said = _findings(setting, best, attempts, reasons)
        made = _finished(setting, best)
        if previous is None:
            _write(setting, Path(scratch) / "final", made)
            packages.publish(Path(scratch) / "final", target)
            return _conversion(setting, target, best, said)
        changes = regenerate.golden_changes(previous, made, settings.convert.rtol)
        told_changes = findings.golden_changes(notebook, changes, accepted=update_golden)
        if changes and not update_golden:
            return Conversion(path, "", "", None, told_changes)
        merged, outcome = _over(setting, best, previous, made, Path(scratch))
        packages.publish_over(Path(scratch) / "final", target, merged.gone)
    best = replace(best, outcome=outcome)
    said = (*_findings(setting, best, attempts, reasons), *told_changes, *findings.merged(notebook, merged))
    return _conversion(setting, target, best, said, len(merged.conflicts))


def _conversion(
    setting: _Setting, target: Path, best: _Attempt, said: Sequence[Finding], conflicts: int = 0
) -> Conversion:
    return Conversion(
        notebook=setting.notebook.path,
        out=target.as_posix(),
        level=best.made.plan.level.value,
        outcome=best.outcome,
        findings=findings.in_order(said),
        conflicts=conflicts,
    )


def up_to_date(path: str, out: str = "") -> Conversion:
    """Whether the package in `out` was made from the notebook at `path` as it stands. Runs and writes nothing.

    Raises UsageError where there is no package of that notebook.
    """
    notebook, _ = _notebook(path)
    target = _target(path, out)
    found = packages.found_package(target, regenerate.MAP, regenerate.BASE, Path(path).name)
    if found is None:
        raise UsageError(f"There is no package in `{target}`.", "Make one: nb-mlops convert, without --check.")
    stale = regenerate.out_of_date(found.map, converted_cells(notebook))
    said = findings.out_of_date(notebook, stale, target.as_posix())
    return Conversion(path, "" if stale else target.as_posix(), str(found.map.get("level", "")), None, said)


def _target(path: str, out: str) -> Path:
    return Path(out) if out else Path(path).with_name(f"{Path(path).stem}_package")


def _previous(target: Path, notebook: str) -> regenerate.Previous | None:
    found = packages.found_package(target, regenerate.MAP, regenerate.BASE, notebook)
    if found is None:
        return None
    try:
        return regenerate.Previous(regenerate.base_files(found.base), found.files)
    except ValueError as error:
        raise UsageError(
            f"`{target}/{regenerate.BASE}` cannot be read: what was changed by hand would be lost.",
            "Restore that file, or name another folder with --out.",
        ) from error


def _notebook(path: str) -> tuple[Notebook, bytes]:
    try:
        data = read_bytes(path)
    except OSError as error:
        raise UsageError(f"`{path}` cannot be read: {unreadable(path, error).detail}") from error
    found = read(data, path)
    if not isinstance(found, Notebook):
        raise UsageError(f"`{path}` is not a notebook. {found.detail}", "Name the notebook to convert.")
    if not found.is_python:
        raise UsageError(f"`{path}` is written in {found.language}; only Python notebooks are converted.")
    return found, data


def _runs(
    path: str,
    data: bytes,
    settings: Settings,
    told: Told,
    records: tuple[RunRecord, ...] = (),
    repeat: int = _RUNS,
) -> tuple[RunRecord, ...]:
    """The instrumented runs, of a copy of the bytes that are converted, in the notebook's own folder; with those in
    `records` they are `repeat`."""
    with tempfile.TemporaryDirectory(prefix="nbm-convert-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / "notebook.ipynb"
        copy.write_bytes(data)
        request = RunRequest(
            label="R0",
            notebook=str(copy),
            workdir=str(Path(path).resolve().parent),
            kernel=settings.check.kernel,
            timeout=settings.convert.timeout,
            cell_timeout=settings.convert.timeout,
            probe=Probe.CELLS,
        )
        plan = runs.Plan(request, repeat)
        while requests := runs.next_runs(plan, records):
            told(f"running the notebook: {', '.join(request.label for request in requests)}")
            records += run_one.run_together(requests, runs.at_once(records, os.cpu_count() or 1))
    broken = next((record for record in records if not record.ok), None)
    if broken is not None:
        raise _failed(path, broken)
    return records


def _failed(path: str, record: RunRecord) -> RunFailedError:
    error = record.error
    where = f" in cell {error.cell + 1}" if error and error.cell is not None else ""
    words = f"{error.name}: {error.value}" if error else record.status.value
    return RunFailedError(
        f"`{path}` does not run to its end, so there is nothing to hold a package to. It stopped{where}: {words}",
        "Mend the notebook, or convert without proof: --no-run.",
    )


def _set_up(path: str, notebook: Notebook, records: tuple[RunRecord, ...], settings: Settings, told: Told) -> _Setting:
    root = project_root(path)
    folder = shown_path(Path(path).resolve().parent, root)
    read_files = records[0].files_read if records else ()
    data = test_data(read_files, "" if folder == "." else folder, settings.convert.max_data_mb * 1_000_000)
    surroundings = Surroundings(
        portable=packages.portable_texts(),
        environment=records[0].environment if records else Environment(),
        local_modules={place: (root / path).read_text("utf-8") for path, place in data.modules.items()},
        start=data.start,
        absent=tuple(data.missing.values()),
        types=types_seen(records),
    )
    python = packages.kernel_python(settings.check.kernel, notebook.metadata) if records else ""
    private = _private(privacy.texts_of(records[0]), path) if records else lambda value: False
    return _Setting(notebook, records, surroundings, data, python, private, settings, root, told)


def _private(texts: Sequence[str], path: str) -> privacy.IsPrivate:
    """Which of these texts hold secrets or personal data, in the linter's judgement."""
    rules = catalogue.members("nb_mlops.rules", "RULE", Rule, "code", group="nb_mlops.rules")
    found = lint(privacy.as_notebook(texts, path), rules, LintSettings(select=privacy.RULES))
    return privacy.is_private(texts, found.findings)


def _attempts(setting: _Setting, scratch: Path) -> tuple[list[_Attempt], list[Loss], Refused | None]:
    """Try the levels, best first, until one is proven."""
    attempts: list[_Attempt] = []
    reasons: list[Loss] = []
    refused: Refused | None = None
    shown = shown_in(setting.records[0]) if setting.records else None
    for level in Level:
        planned = make_plan(setting.notebook, level, shown)
        made = draft(planned, setting.surroundings) if isinstance(planned, Plan) else planned
        if isinstance(made, Refused):
            reasons += made.reasons if level is Level.FUNCTIONS else ()
            refused = made
            continue
        attempt = _tried(setting, made, scratch / level.value)
        attempts.append(attempt)
        if attempt.outcome is None or attempt.outcome.proven:
            break
    return attempts, reasons, refused


def _tried(setting: _Setting, made: Draft, place: Path) -> _Attempt:
    """Run a draft and compare it with the notebook's runs; twice, under two hash seeds, if it is equal."""
    if not setting.records:
        return _Attempt(made, None, None)
    own = setting.settings.convert
    truth = truth_of(made.plan, setting.records, own.rtol, own.max_golden_kb * 1000, setting.private)
    setting.told(f"running the package: {_LEVELS[made.plan.level]}")
    packages.write_tree(place, package_files(made, setting.surroundings, truth, None, own.rtol))
    every = {**setting.data.files, **setting.data.missing}
    packages.copy_data(place, [(setting.root / path, name) for path, name in every.items()])
    return _Attempt(made, truth, *_run_and_judge(setting, made, truth, place))


def _run_and_judge(
    setting: _Setting, made: Draft, truth: Truth, place: Path
) -> tuple[Outcome, tuple[Mapping[str, Any], ...]]:
    """What the package below `place` computes, judged by the truth; run under two hash seeds if it is equal."""
    own = setting.settings.convert
    expected = expected_json(truth, setting.surroundings.start, own.rtol)
    found: tuple[Mapping[str, Any], ...] = ()
    outcome = failed(truth, "the package did not run")
    for seed in ("0", "1"):
        ran = packages.record(place, made.plan.package, expected, setting.python, own.timeout, seed)
        if ran.found is None:
            return failed(truth, f"the pipeline stops: {ran.problem}"), ()
        found = (*found, ran.found)
        outcome = judge_package(truth, ran.found, own.rtol)
        if not outcome.proven:
            break
    return outcome, found


def _finished(setting: _Setting, best: _Attempt) -> dict[str, str]:
    """The text files of the package that the best attempt is."""
    own = setting.settings.convert
    truth = best.truth
    if truth is not None and best.outcome is not None and best.outcome.proven:
        private = _private(privacy.texts_of_shows(best.found), setting.notebook.path)
        truth = with_package_shows(truth, best.found, best.outcome, own.rtol, private)
    return package_files(best.made, setting.surroundings, truth, best.outcome, own.rtol)


def _write(
    setting: _Setting, built: Path, files: Mapping[str, str], generated: Mapping[str, str] | None = None
) -> None:
    packages.write_tree(built, {**files, regenerate.BASE: regenerate.base_text(generated or files)})
    packages.copy_data(built, [(setting.root / path, name) for path, name in setting.data.files.items()])


def _over(
    setting: _Setting, best: _Attempt, previous: regenerate.Previous, made: Mapping[str, str], scratch: Path
) -> tuple[Merged, Outcome | None]:
    """The package merged with what was changed by hand, below `scratch`, and what that package computes."""
    steady = regenerate.with_steady_goldens(previous, made, setting.settings.convert.rtol)
    merged = regenerate.merged(previous, steady)
    outcome = best.outcome
    if merged.kept and not merged.conflicts and best.truth is not None:
        setting.told("running the package with what was changed by hand")
        _write(setting, scratch / "merged", merged.files)
        outcome = _run_and_judge(setting, best.made, best.truth, scratch / "merged")[0]
    _write(setting, scratch / "final", merged.files, made)
    return merged, outcome


def _findings(
    setting: _Setting, best: _Attempt, attempts: Sequence[_Attempt], reasons: Sequence[Loss]
) -> tuple[Finding, ...]:
    notebook, plan = setting.notebook, best.made.plan
    said = list(findings.losses(notebook, plan))
    if plan.level is Level.MODULE_STATE:
        tried = [a for a in attempts if a is not best and a.outcome is not None]
        said += findings.state_reasons(
            notebook, [*reasons, *(r for a in tried for r in findings.as_reasons(a.outcome))]
        )
    if best.outcome is None or best.truth is None:
        said.append(findings.unproven(notebook))
    else:
        said += findings.differences(notebook, plan, best.outcome)
        said += findings.untested(notebook, best.truth)
    said += findings.unverified(notebook, best.made.needs)
    said += findings.missing_data(notebook, tuple(setting.data.missing.values()), setting.settings.convert.max_data_mb)
    said += findings.outside_data(notebook, setting.data.outside)
    return tuple(said)

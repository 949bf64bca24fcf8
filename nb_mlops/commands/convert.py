"""convert: a package that computes what the notebook computed, and the proof of it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from nb_mlops.checker import plan as runs
from nb_mlops.commands.steps.attempt import (
    Attempt,
    Setting,
    held,
    judge_of_privacy,
    run_and_judge,
    self_check,
    try_levels,
    write,
)
from nb_mlops.converter import findings, privacy, regenerate
from nb_mlops.converter.conversion import Conversion, report
from nb_mlops.converter.data import test_data
from nb_mlops.converter.hints import types_seen
from nb_mlops.converter.merge import Merged
from nb_mlops.converter.outline import Outline, outline, outline_report
from nb_mlops.converter.package import Surroundings, package_files
from nb_mlops.converter.plan import Level, converted_cells
from nb_mlops.converter.source import Loss
from nb_mlops.converter.truth import Outcome, SelfCheck
from nb_mlops.core.errors import RunFailedError, UsageError
from nb_mlops.core.finding import Finding
from nb_mlops.core.notebook import Notebook
from nb_mlops.core.run import Environment, Probe, RunRecord, RunRequest
from nb_mlops.core.settings import Settings
from nb_mlops.core.value import replace
from nb_mlops.ipynb.read import read
from nb_mlops.outside import packages, run_one
from nb_mlops.outside.environment import shown_path
from nb_mlops.outside.files import load_settings, project_root, read_bytes, unreadable

__all__ = ["Conversion", "convert", "outline_of", "outline_report", "preview", "report", "up_to_date"]

Told = Callable[[str], None]
_RUNS, _RUNS_IN_DOUBT = 3, 6


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
        attempts, reasons, refused = try_levels(setting, Path(scratch) / "first")
        if records and attempts and not any(a.outcome and a.outcome.proven for a in attempts):
            told("values differ; asking the notebook again, in case chance is at work")
            setting = replace(setting, records=_runs(path, data, settings, told, records, _RUNS_IN_DOUBT))
            attempts, reasons, refused = try_levels(setting, Path(scratch) / "second")
        if not attempts:
            words = findings.refusals(notebook, refused) if refused else ()
            return Conversion(path, "", "", None, words)
        best = max(attempts, key=lambda a: a.outcome.equal + a.outcome.proven if a.outcome else 0)
        return _delivered(setting, best, previous, target, update_golden, Path(scratch), (attempts, reasons))


_Tries = tuple[Sequence[Attempt], Sequence[Loss]]


def _delivered(
    setting: Setting,
    best: Attempt,
    previous: regenerate.Previous | None,
    target: Path,
    update_golden: bool,
    scratch: Path,
    tries: _Tries,
) -> Conversion:
    """The best attempt put at `target`, over a package that was made before if there is one."""
    notebook, rtol = setting.notebook, setting.settings.convert.rtol
    truth = held(setting, best)
    check = self_check(setting, best, truth, scratch / "mistakes")
    made = package_files(best.made, setting.surroundings, truth, best.outcome, rtol, check)
    said = findings.unnoticed(notebook, check)
    if previous is None:
        write(setting, scratch / "final", made)
        packages.publish(scratch / "final", target)
        return _conversion(setting, target, best, (*_findings(setting, best, *tries), *said), check)
    changes = regenerate.golden_changes(previous, made, rtol)
    told_changes = findings.golden_changes(notebook, changes, accepted=update_golden)
    if changes and not update_golden:
        return Conversion(notebook.path, "", "", None, told_changes)
    merged, outcome = _over(setting, best, previous, made, scratch)
    packages.publish_over(scratch / "final", target, merged.gone)
    best = replace(best, outcome=outcome)
    said += (*_findings(setting, best, *tries), *told_changes, *findings.merged(notebook, merged))
    return _conversion(setting, target, best, said, check, len(merged.conflicts))


def _conversion(
    setting: Setting,
    target: Path,
    best: Attempt,
    said: Sequence[Finding],
    check: SelfCheck | None,
    conflicts: int = 0,
) -> Conversion:
    return Conversion(
        notebook=setting.notebook.path,
        out=target.as_posix(),
        level=best.made.plan.level.value,
        outcome=best.outcome,
        findings=findings.in_order(said),
        conflicts=conflicts,
        check=check,
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


def outline_of(path: str, out: str = "") -> Outline | None:
    """What the package that was made from the notebook at `path` consists of; None where there is none."""
    target = _target(path, out)
    try:
        found = packages.found_package(target, regenerate.MAP, regenerate.BASE, Path(path).name)
    except UsageError:
        return None
    return outline(found.map, found.files, target.as_posix()) if found else None


def preview(path: str, settings: Settings | None = None) -> Outline:
    """What the package of the notebook at `path` would consist of. Nothing is run, and nothing is left behind.

    Raises UsageError for a file that is no notebook, and for one of which no package can be made.
    """
    with tempfile.TemporaryDirectory(prefix="nbm-preview-", ignore_cleanup_errors=True) as scratch:
        result = convert(path, str(Path(scratch) / "package"), run=False, settings=settings)
        found = outline_of(path, result.out) if result.out else None
    if found is None:
        reasons = " ".join(finding.message for finding in result.findings)
        raise UsageError(f"No package can be made. {reasons}".rstrip())
    return replace(found, out="")


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


def _set_up(path: str, notebook: Notebook, records: tuple[RunRecord, ...], settings: Settings, told: Told) -> Setting:
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
        records=records,
        data=bool(data.files),
    )
    python = packages.kernel_python(settings.check.kernel, notebook.metadata) if records else ""
    private = judge_of_privacy(privacy.texts_of(records[0]), path) if records else lambda value: False
    return Setting(notebook, records, surroundings, data, python, private, settings, root, told)


def _over(
    setting: Setting, best: Attempt, previous: regenerate.Previous, made: Mapping[str, str], scratch: Path
) -> tuple[Merged, Outcome | None]:
    """The package merged with what was changed by hand, below `scratch`, and what that package computes."""
    steady = regenerate.with_steady_goldens(previous, made, setting.settings.convert.rtol)
    merged = regenerate.merged(previous, steady)
    outcome = best.outcome
    if merged.kept and not merged.conflicts and best.truth is not None:
        setting.told("running the package with what was changed by hand")
        write(setting, scratch / "merged", merged.files)
        outcome = run_and_judge(setting, best.made, best.truth, scratch / "merged")[0]
    write(setting, scratch / "final", merged.files, made)
    return merged, outcome


def _findings(
    setting: Setting, best: Attempt, attempts: Sequence[Attempt], reasons: Sequence[Loss]
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

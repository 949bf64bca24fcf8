"""convert: a package that computes what the notebook computed, and the proof of it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from nb_mlops.commands.steps.attempt import (
    Attempt,
    Setting,
    held,
    judge_of_privacy,
    made_lean,
    run_and_judge,
    self_check,
    tested_alone,
    try_levels,
    write,
)
from nb_mlops.commands.steps.opened import opened
from nb_mlops.commands.steps.ran import Ran, asked_again, asked_more_of_chance, first_that_runs, unrun
from nb_mlops.converter import findings, privacy, regenerate
from nb_mlops.converter.conversion import Conversion, report
from nb_mlops.converter.data import makes_folders, test_data
from nb_mlops.converter.hints import types_seen
from nb_mlops.converter.merge import Merged
from nb_mlops.converter.order import arranged, recorded_order, restored
from nb_mlops.converter.outline import Outline, outline, outline_report
from nb_mlops.converter.package import Surroundings, package_files
from nb_mlops.converter.plan import NO_WISHES, Level, Wishes, converted_cells
from nb_mlops.converter.source import SILENT, Loss
from nb_mlops.converter.spelled import without_magics
from nb_mlops.converter.titles import is_package_name
from nb_mlops.converter.truth import Outcome, SelfCheck, differs_in_everything
from nb_mlops.converter.whereabouts import anywhere
from nb_mlops.core.errors import UsageError
from nb_mlops.core.finding import Finding
from nb_mlops.core.notebook import Notebook
from nb_mlops.core.run import Environment, RunRecord
from nb_mlops.core.settings import Settings
from nb_mlops.core.value import replace
from nb_mlops.outside import packages, run_one
from nb_mlops.outside.environment import shown_path
from nb_mlops.outside.files import project_root
from nb_mlops.outside.layout import laid_out
from nb_mlops.outside.settings_file import load_settings

__all__ = ["Conversion", "Wishes", "convert", "outline_of", "outline_report", "preview", "report", "up_to_date"]

Told = Callable[[str], None]


def convert(
    path: str,
    out: str = "",
    run: bool = True,
    settings: Settings | None = None,
    told: Told = lambda words: None,
    update_golden: bool = False,
    wishes: Wishes = NO_WISHES,
) -> Conversion:
    """Convert the notebook at `path` into a package in the folder `out` (default: `<notebook>_package` beside it).

    The notebook is run three times, once under another hash seed, and six times where values differ between these
    and a run is short; the package is run in the notebook's own kernel and compared value by value. Where handing
    variables from function to function does not give the same values, they are kept in a module. A package that was
    made before is made again: what was changed by hand stays, and where the notebook gives other values than the
    package's tests expect, nothing is written unless `update_golden`. `told` hears of each step; what `wishes` ask
    for holds when the package is made again. Raises UsageError for a file that is no notebook, a folder that holds
    somebody's files, or a name that no package can have; RunFailedError when the notebook does not run to its end.
    """
    settings = settings or load_settings(path)[0]
    if run:
        run_one.require("convert", settings.check.kernel)
    notebook, data = _notebook(path)
    target = _target(path, out)
    previous = _previous(target, Path(path).name)
    wishes = _together(wishes, previous.wishes if previous else NO_WISHES, target)
    ran = first_that_runs(notebook, data, settings, told) if run else unrun(notebook, data)
    ran = asked_more_of_chance(ran, settings, told)
    with tempfile.TemporaryDirectory(prefix="nbm-convert-", ignore_cleanup_errors=True) as scratch:
        setting = _set_up(ran, settings, told, wishes)
        attempts, reasons, refused = try_levels(setting, Path(scratch) / "first")
        if ran.records and attempts and all(a.outcome and a.outcome.contradicted for a in attempts):
            told("values differ; asking the notebook again, in case chance is at work")
            more = asked_again(ran, settings, told)
            setting = replace(setting, records=_placeless(more, path, setting.data.start))
            attempts, reasons, refused = try_levels(setting, Path(scratch) / "second")
        if not attempts:
            words = findings.refusals(ran.notebook, refused) if refused else ()
            return _placed(Conversion(path, "", "", None, words), ran)
        best = max(attempts, key=_merit)
        made = _delivered(setting, best, previous, target, update_golden, Path(scratch), (attempts, reasons))
        return _placed(made, ran)


def _placed(made: Conversion, ran: Ran) -> Conversion:
    """With the cells of the findings where they stand in the document, and said if that is not how they ran."""
    if not ran.order:
        return made
    said = findings.recorded_order(ran.notebook, ran.stopped) if made.out else ()
    return replace(made, findings=restored(findings.in_order((*said, *made.findings)), ran.order))


def convert_to_zip(path: str, run: bool, told: Told, wishes: Wishes = NO_WISHES) -> tuple[Conversion, bytes]:
    """Convert as `convert` does, into a zip file instead of a folder; b"" where there is no package."""
    with tempfile.TemporaryDirectory(prefix="nbm-convert-", ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch) / f"{Path(path).stem}_package"
        made = convert(path, str(folder), run, told=told, wishes=wishes)
        data = packages.zipped(folder) if made.out else b""
        return replace(made, out=folder.name if made.out else ""), data


def _merit(attempt: Attempt) -> tuple[bool, int]:
    return (not attempt.outcome.contradicted, attempt.outcome.score) if attempt.outcome else (True, 0)


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
    best = made_lean(setting, best, truth, scratch / "lean")
    check = self_check(setting, best, truth, scratch / "mistakes")
    alone = tested_alone(setting, best, truth, scratch / "alone")
    made = laid_out(package_files(best.made, setting.surroundings, truth, best.outcome, rtol, check, alone))
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
    if regenerate.in_recorded_order(found.map):
        notebook = arranged(notebook, recorded_order(notebook))
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
        return regenerate.Previous(regenerate.base_files(found.base), found.files, regenerate.wishes_of(found.map))
    except ValueError as error:
        raise UsageError(
            f"`{target}/{regenerate.BASE}` cannot be read: what was changed by hand would be lost.",
            "Restore that file, or name another folder with --out.",
        ) from error


def _together(wishes: Wishes, before: Wishes, target: Path) -> Wishes:
    """What is asked now and was asked before, of the package in `target`."""
    if wishes.name and not is_package_name(wishes.name):
        raise UsageError(
            f"`{wishes.name}` cannot be the name of a package: Python could not import it, or would import another.",
            "Take small letters, digits and underscores, and no name of the standard library.",
        )
    if wishes.name and before.name and wishes.name != before.name:
        raise UsageError(
            f"The package in `{target}` is called `{before.name}`.",
            "Name another folder with --out, or leave --name out.",
        )
    return Wishes(wishes.name or before.name, wishes.settings or before.settings, wishes.skeleton or before.skeleton)


def _notebook(path: str) -> tuple[Notebook, bytes]:
    data, found = opened(path)
    if not found.is_python:
        raise UsageError(
            f"`{path}` is written in {found.language}, and only Python notebooks are converted.",
            "`nb-mlops lint` and `clean` take it as it is, and `check` runs it where its kernel is installed.",
        )
    return found, data


def _set_up(ran: Ran, settings: Settings, told: Told, wishes: Wishes) -> Setting:
    notebook, path = ran.notebook, ran.notebook.path
    root = project_root(path)
    folder = shown_path(Path(path).resolve().parent, root)
    first = ran.records[0] if ran.records else None
    data = test_data(
        first.files_read if first else (),
        "" if folder == "." else folder,
        settings.convert.max_data_mb * 1_000_000,
        first.files_written if first and not makes_folders(notebook) else (),
    )
    records = _placeless(ran.records, path, data.start)
    surroundings = Surroundings(
        portable=packages.portable_texts(),
        environment=records[0].environment if records else Environment(),
        local_modules={
            place: without_magics((root / path).read_text("utf-8"), SILENT) for path, place in data.modules.items()
        },
        start=data.start,
        absent=tuple(data.missing.values()),
        types=types_seen(records),
        records=records,
        data=bool(data.files),
        order=ran.order,
        asked=tuple(word for word in ("settings", "skeleton") if getattr(wishes, word)),
    )
    python = packages.kernel_python(settings.check.kernel, notebook.metadata) if records else ""
    private = judge_of_privacy(privacy.texts_of(records[0]), path) if records else lambda value: False
    return Setting(notebook, records, surroundings, data, python, private, settings, root, told, wishes)


def _placeless(records: Sequence[RunRecord], path: str, start: str) -> tuple[RunRecord, ...]:
    """Runs that do not tell in which folder they were: the one that the package's test data is a copy of, from whose
    `start` on the notebook at `path` runs."""
    home = Path(path).resolve().parent
    project = home.parents[len(Path(start).parts) - 1] if start else home
    return tuple(anywhere(record, str(project)) for record in records)


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
        if not best.outcome.contradicted and not best.outcome.proven:
            said.append(findings.nothing_compared(notebook, differs_in_everything(best.truth, setting.records[0])))
        said += findings.untested(notebook, best.truth)
    said += findings.unverified(notebook, best.made.needs)
    said += findings.missing_data(notebook, tuple(setting.data.missing.values()), setting.settings.convert.max_data_mb)
    said += findings.outside_data(notebook, setting.data.outside)
    return tuple(said)

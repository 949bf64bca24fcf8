"""`nb-mlops check`: one line a run on stderr while it goes on, then the verdict with its reasons."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any

import click

from nb_mlops.core.errors import ExitCode
from nb_mlops.core.run import RunRecord
from nb_mlops.doors.cli.reports import format_option, link, report_option, write_reports
from nb_mlops.doors.cli.verb import Verb

if TYPE_CHECKING:
    from nb_mlops.commands.check import CheckResult

_CODES = {
    "reproducible": ExitCode.CLEAN,
    "not-reproducible": ExitCode.FINDINGS,
    "failed": ExitCode.RUN_FAILED,
}


FORMS = ("text", "json", "junit", "html")


@click.command("check", cls=Verb)
@click.argument("notebook", metavar="NOTEBOOK")
@click.option(
    "-p",
    "--parameter",
    "parameters",
    nargs=2,
    multiple=True,
    metavar="NAME VALUE",
    help="A value for a name of the cell tagged `parameters`; give it as often as you like.",
)
@click.option("--repeat", type=click.IntRange(min=1), help="Runs in all.  [default: 3, or what the project asks]")
@click.option(
    "--thorough", is_flag=True, default=None, help="Also each factor alone, a copy of the project, other seeds."
)
@click.option("--offline", is_flag=True, default=None, help="Take the network away from the runs.")
@click.option("--kernel", metavar="NAME|PYTHON", help="Run with this kernel, or with this Python (it needs ipykernel).")
@click.option("--memory", "memory_mb", type=click.IntRange(min=0), metavar="MB", help="End a run that uses more.")
@click.option("--timeout", type=click.IntRange(min=1), metavar="SECONDS", help="End a run that takes longer.")
@click.option("--lock", is_flag=True, help="Write what it ran with, to the last package, to the notebook's lock file.")
@click.option("--rebuild", is_flag=True, help="Run in a clean environment built from the notebook's lock file.")
@click.option(
    "--grid", "grid_file", metavar="FILE", help="Run once with each point of this grid (YAML or JSON) instead."
)
@click.option("--jobs", type=click.IntRange(min=1), help="Points of a grid at a time.  [default: one per processor]")
@format_option(FORMS)
@report_option(FORMS)
@click.option("--executed", metavar="FILE", default="", help="Keep the notebook as it was run; .html: as a page.")
@click.option(
    "--progress",
    type=click.Choice(["auto", "plain", "json", "none"]),
    default="auto",
    show_default=True,
    help="What stderr says meanwhile; json: one event a line.",
)
def command(
    notebook: str,
    parameters: tuple[tuple[str, str], ...],
    repeat: int | None,
    form: str,
    wanted: tuple[tuple[str, str], ...],
    executed: str,
    progress: str,
    grid_file: str | None,
    jobs: int | None,
    lock: bool,
    rebuild: bool,
    **changes: Any,
) -> int:
    """Run NOTEBOOK several times in fresh kernels and compare its answers by value.

    Outputs, declared metrics and the declared model are compared. In the last run everything is changed that should
    not matter: PYTHONHASHSEED, threads, time zone, locale; when only that run differs, each of them is tried alone, to
    name the one. Runs in the notebook's own folder. Signed evidence of the verdict, and the model, are kept in
    .nb-mlops. Exits with 0 when it is reproducible, with 1 when it is not, with 4 when it does not run.

    With --grid every combination of parameters is run once. What is known from before is not run again, so a grid that
    was stopped goes on where it was.
    """
    if rebuild:
        from nb_mlops.commands.lock import rebuilt

        changes["kernel"] = rebuilt(notebook)
    if grid_file:
        return _grid(notebook, grid_file, form, wanted, progress, jobs or 0, changes)
    from nb_mlops.commands.check import check
    from nb_mlops.commands.steps.opened import chosen
    from nb_mlops.doors.cli.check_progress import teller
    from nb_mlops.reporters.check import render_run

    if progress in ("auto", "plain"):
        click.echo(f"checking {notebook}", err=True)
    heard, told = teller(progress, render_run)
    settings = chosen(notebook, changes)
    result = check(notebook, parameters, repeat, settings, told, heard, executed)
    if form == "text":
        click.echo(err=True)
    texts = {asked: _rendered(result, asked, executed, file) for asked, file in wanted}
    write_reports(texts, wanted)
    click.echo(_rendered(result, form, executed), nl=False)
    if lock and result.records[0].ok:
        _lock(notebook, result.records[0], settings.check.kernel)
    return _CODES[result.verdict.value]


def _lock(notebook: str, record: RunRecord, kernel: str) -> None:
    from nb_mlops.commands.lock import write_lock

    place, hashed = write_lock(notebook, record, kernel)
    without = "" if hashed else " (versions only: with uv installed it would hold the packages' hashes too)"
    click.echo(f"Locked in {place}{without}; `--rebuild` runs with that.", err=True)


def _rendered(result: CheckResult, form: str, executed: str, file: str = "") -> str:
    """The result in a form; a page to be written to `file` links to the executed notebook."""
    from nb_mlops.commands.check import page, report
    from nb_mlops.reporters import check_junit
    from nb_mlops.reporters.check import render_check

    if form == "html":
        return page(result, link(executed, file) if executed else "")
    values, findings = report(result), result.judgement.findings
    if form == "json":
        return json.dumps(values, indent=2) + "\n"
    if form == "junit":
        return check_junit.render(result.notebook, values, findings)
    return render_check(result.notebook, values, findings, result.model, not file and _colour())


def _colour() -> bool:
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


def _grid(
    notebook: str,
    grid_file: str,
    form: str,
    wanted: tuple[tuple[str, str], ...],
    progress: str,
    jobs: int,
    changes: dict[str, Any],
) -> int:
    from nb_mlops.commands.grid import grid, grid_report
    from nb_mlops.commands.steps.opened import chosen
    from nb_mlops.doors.cli.check_progress import teller
    from nb_mlops.reporters import check_junit, grid_html
    from nb_mlops.reporters.grid import render_grid, render_point

    heard, told = teller(progress, lambda row: render_point(row.point.name, row.record, row.kept))
    result = grid(notebook, grid_file, chosen(notebook, changes), told, heard, jobs)
    values = grid_report(result)

    def rendered(asked: str, colour: bool = False) -> str:
        if asked == "json":
            return json.dumps(values, indent=2) + "\n"
        if asked == "text":
            return render_grid(notebook, values, result.findings, colour)
        writer = check_junit.render_grid if asked == "junit" else grid_html.render
        return writer(notebook, values, result.findings)

    write_reports({asked: rendered(asked) for asked, _ in wanted}, wanted)
    click.echo(rendered(form, _colour()), nl=False)
    return ExitCode.FINDINGS if result.findings else ExitCode.CLEAN

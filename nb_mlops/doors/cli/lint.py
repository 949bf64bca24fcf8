"""`nb-mlops lint`."""

from __future__ import annotations

import click

from nb_mlops.commands.lint import lint
from nb_mlops.core.errors import ExitCode
from nb_mlops.core.finding import Report, Severity
from nb_mlops.core.value import replace
from nb_mlops.doors.cli.choices import coloured, lint_options, settings_with
from nb_mlops.doors.cli.progress import progress
from nb_mlops.reporters import text


@click.command("lint")
@lint_options
@click.option("--baseline", metavar="FILE", help="Findings in this file are known: counted, not shown.")
@click.option("--no-baseline", is_flag=True, help="Show known findings, too.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--statistics", is_flag=True, help="How often each rule spoke, instead of each finding.")
@click.option("--explain", metavar="CODE", help="Show the page of a rule, and look at no notebook.")
@click.option("-q", "--quiet", is_flag=True, help="One line a finding, no summary.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even when there are findings.")
@click.option("--ruff/--no-ruff", default=None, help="Ask ruff too.  [default: yes, or the project's setting]")
@click.option("--no-cache", is_flag=True, help="Read every notebook afresh and remember nothing.")
def command(
    paths: tuple[str, ...],
    select: tuple[str, ...],
    extend_select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str | None,
    baseline: str | None,
    no_baseline: bool,
    form: str,
    statistics: bool,
    explain: str | None,
    quiet: bool,
    exit_zero: bool,
    ruff: bool | None,
    no_cache: bool,
) -> int:
    """Find what would go wrong in notebooks: hidden state, secrets, embedded data, what breaks reproducibility.

    PATHS are notebooks or folders (walked for *.ipynb); the current folder by default. Reads every file, runs none.
    """
    if explain is not None:
        return _explain(explain)
    settings = settings_with(select, extend_select, ignore, fail_on)
    if ruff is not None:
        settings = replace(settings, lint=replace(settings.lint, ruff=ruff))
    with progress("notebooks") as told:
        report = lint(paths or (".",), settings, "" if no_baseline else baseline, not no_cache, told)
    click.echo(_rendered(report, form, statistics, quiet), nl=False)
    if not report.notebooks:
        click.echo(f"nb-mlops: no notebooks in {', '.join(paths) or 'this folder'}.", err=True)
        return ExitCode.NOTHING
    failed = bool(report.at_or_above(Severity(settings.lint.fail_on)))
    return ExitCode.FINDINGS if failed and not exit_zero else ExitCode.CLEAN


def _explain(code: str) -> int:
    from nb_mlops.commands.rules import page  # lint itself needs no pages
    from nb_mlops.doors.cli.rules import text_of

    click.echo(text_of(page(code)))
    return ExitCode.CLEAN


def _rendered(report: Report, form: str, statistics: bool, quiet: bool) -> str:
    if form == "json":
        from nb_mlops.reporters import json  # people read text

        return json.render(report)
    if not report.notebooks:
        return ""
    if statistics:
        return text.statistics(report) + ("" if quiet else text.summary(report, coloured()))
    return text.render(report, coloured(), quiet)

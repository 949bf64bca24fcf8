"""`nb-mlops fix`."""

from __future__ import annotations

from collections import Counter

import click

from nb_mlops.commands.fix import FixedFile, FixReport, fix
from nb_mlops.core.errors import ExitCode
from nb_mlops.core.finding import Severity
from nb_mlops.core.value import replace
from nb_mlops.doors.cli.choices import codes, coloured, force_exclude_option, lint_options, named, settings_with
from nb_mlops.doors.cli.verb import Verb
from nb_mlops.reporters import text


@click.command("fix", cls=Verb)
@lint_options
@click.option("--only", multiple=True, metavar="CODES", help="Of the rules that are on, mend only these.")
@click.option("--unsafe", is_flag=True, help="Also apply fixes that may change what a notebook computes.")
@click.option("--diff", is_flag=True, help="Show what would change, cell by cell; write nothing.")
@click.option("--ruff/--no-ruff", default=None, help="Ruff's fixes too.  [default: yes, or the project's setting]")
@force_exclude_option
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even when findings are left.")
def command(
    paths: tuple[str, ...],
    select: tuple[str, ...],
    extend_select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str | None,
    only: tuple[str, ...],
    unsafe: bool,
    diff: bool,
    ruff: bool | None,
    force_exclude: bool,
    exit_zero: bool,
) -> int:
    """Mend what can be mended in notebooks; the rest stays the same to the byte.

    PATHS are notebooks or folders; the current folder by default. Exits with 1 when findings remain, with --diff when
    something would change.
    """
    settings = settings_with(select, extend_select, ignore, fail_on)
    if ruff is not None:
        settings = replace(settings, lint=replace(settings.lint, ruff=ruff))
    report = fix(named(paths, settings, force_exclude), settings, unsafe=unsafe, dry=diff, only=codes(only))
    if not report.files:
        click.echo(f"nb-mlops: no notebooks in {', '.join(paths) or 'this folder'}.", err=True)
        return ExitCode.CLEAN if force_exclude else ExitCode.NOTHING
    if diff:
        return _show_diff(report)
    for file in report.files:
        _tell(file)
    if report.left.findings:
        click.echo("Left to mend by hand (`nb-mlops lint` says why and how):")
    click.echo(text.headlines(report.left, coloured()), nl=False)
    failed = bool(report.left.at_or_above(Severity(settings.lint.fail_on)))
    return ExitCode.FINDINGS if failed and not exit_zero else ExitCode.CLEAN


def _show_diff(report: FixReport) -> int:
    for file in report.files:
        if file.skipped:
            click.echo(f"{file.path}: skipped: {file.skipped}", err=True)
        for line in file.diff.splitlines():
            click.echo(_tinted(line))
    changed = sum(bool(file.fixed) for file in report.files)
    click.echo(f"{changed} of {len(report.files)} notebooks would change.", err=True)
    return ExitCode.FINDINGS if changed else ExitCode.CLEAN


def _tell(file: FixedFile) -> None:
    if file.skipped:
        click.echo(f"{file.path}: skipped: {file.skipped}", err=True)
    if not file.fixed:
        return
    click.echo(f"{file.path}: {len(file.fixed)} fixed")
    counted = Counter((f.code, f.rule, f.fix.title if f.fix else "") for f in file.fixed)
    for (code, rule, title), count in counted.items():
        times = f" ({count} times)" if count > 1 else ""
        click.echo(f"  {code} {rule}: {title}{times}")
    click.echo()


def _tinted(line: str) -> str:
    if not coloured():
        return line
    styles = {"+": "green", "-": "red", "@": "cyan"}
    return text.painter(True)(line, styles[line[0]]) if line[:1] in styles else line

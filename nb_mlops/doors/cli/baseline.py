"""`nb-mlops baseline`."""

from __future__ import annotations

from itertools import groupby

import click

from nb_mlops.commands import baseline
from nb_mlops.commands.baseline import BaselineReport
from nb_mlops.core.errors import ExitCode
from nb_mlops.core.settings import LintSettings
from nb_mlops.core.wording import many
from nb_mlops.doors.cli.verb import Verbs

_PATHS = click.argument("paths", nargs=-1, metavar="[PATHS]...")
_FILE = click.option(
    "--file", metavar="FILE", help=f"The baseline.  [default: {LintSettings().baseline}, or the project's setting]"
)


@click.group("baseline", cls=Verbs)
def command() -> None:
    """Take today's findings for known, so that `lint` shows what is new.

    Known findings are counted but not shown, and do not fail `lint`. `check` and `gate` go by all of them.
    """


@command.command("write")
@_PATHS
@_FILE
def write(paths: tuple[str, ...], file: str | None) -> int:
    """Write down what `lint` finds now, and drop what it finds no more.

    PATHS are notebooks or folders; the current folder by default. What is known of other notebooks stays.
    """
    report = baseline.write(paths or (".",), file)
    for path, rows in groupby(report.rows, lambda row: row.path):
        changed = [row for row in rows if row.new or row.gone]
        if changed:
            click.echo(path)
        for row in changed:
            words = (f"{row.new} added" if row.new else "", f"{row.gone} dropped" if row.gone else "")
            click.echo(f"  {row.code}  {', '.join(filter(None, words))}")
    known = sum(row.known + row.new for row in report.rows)
    added, dropped = sum(row.new for row in report.rows), sum(row.gone for row in report.rows)
    click.echo(f"{report.path}: {many(known, 'known finding')} ({added} added, {dropped} dropped).")
    return _nothing(report, paths)


@command.command("show")
@_PATHS
@_FILE
def show(paths: tuple[str, ...], file: str | None) -> int:
    """What is known, notebook by notebook, and what of it matches nothing any more."""
    report = baseline.show(paths or (".",), file)
    for path, rows in groupby((row for row in report.rows if row.known or row.gone), lambda row: row.path):
        click.echo(path)
        for row in rows:
            words = (f"{row.known} known" if row.known else "", f"{row.gone} gone" if row.gone else "")
            click.echo(f"  {row.code}  {', '.join(filter(None, words))}")
    known, gone = sum(row.known for row in report.rows), sum(row.gone for row in report.rows)
    click.echo(f"{report.path}: {many(known, 'known finding')}, {gone} gone.")
    if gone:
        click.echo("What is gone was mended, or its cell was rewritten; `nb-mlops baseline write` drops it.")
    return ExitCode.CLEAN


def _nothing(report: BaselineReport, paths: tuple[str, ...]) -> int:
    if report.notebooks:
        return ExitCode.CLEAN
    click.echo(f"nb-mlops: no notebooks in {', '.join(paths) or 'this folder'}.", err=True)
    return ExitCode.NOTHING

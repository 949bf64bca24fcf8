"""`nb-mlops check`: one line a run on stderr while it goes on, then the verdict with its reasons."""

from __future__ import annotations

import json
import os
import sys

import click

from nb_mlops.core.errors import ExitCode

_CODES = {
    "reproducible": ExitCode.CLEAN,
    "not-reproducible": ExitCode.FINDINGS,
    "failed": ExitCode.RUN_FAILED,
}


@click.command("check", short_help="Run a notebook again, several times, and compare its answers by value.")
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
@click.option("--repeat", type=click.IntRange(min=1), help="Runs in all.  [default: 3, or the project's setting]")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(notebook: str, parameters: tuple[tuple[str, str], ...], repeat: int | None, form: str) -> int:
    """Run NOTEBOOK several times in fresh kernels, the last time with another PYTHONHASHSEED, and compare its answers.

    Outputs, declared metrics and the declared model are compared by value. Runs in the notebook's own folder. When all
    runs agree, signed evidence and the model are kept in .nb-mlops. Exits with 0 when it is reproducible, with 1 when
    it is not, with 4 when it does not run.
    """
    from nb_mlops.commands.check import check, report
    from nb_mlops.reporters.check import render_check, render_run

    click.echo(f"checking {notebook}", err=True)
    result = check(notebook, parameters, repeat, told=lambda record: click.echo(render_run(record), err=True))
    values = report(result)
    if form == "json":
        click.echo(json.dumps(values, indent=2))
    else:
        click.echo(err=True)
        colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        click.echo(render_check(notebook, values, result.judgement.findings, result.model, colour), nl=False)
    return _CODES[result.verdict.value]

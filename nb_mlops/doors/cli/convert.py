"""`nb-mlops convert`: one line a step on stderr while it goes on, then the verdict with its reasons."""

from __future__ import annotations

import json

import click

from nb_mlops.core.errors import ExitCode
from nb_mlops.doors.cli.choices import coloured
from nb_mlops.doors.cli.verb import Verb


@click.command("convert", cls=Verb)
@click.argument("notebook", metavar="NOTEBOOK")
@click.option("--out", metavar="DIR", default="", help="Folder for the package.  [default: NOTEBOOK_package]")
@click.option("--name", metavar="NAME", default="", help="Import name of the package.  [default: the notebook's]")
@click.option("--settings", "inline", is_flag=True, help="Also take settings that stand in calls into Config.")
@click.option("--skeleton", is_flag=True, help="Give applications a way in before the notebook makes a model.")
@click.option("--no-run", is_flag=True, help="Convert without running the notebook: quick, and nothing is proven.")
@click.option("--update-golden", is_flag=True, help="Accept that the notebook now gives other values than before.")
@click.option("--check", is_flag=True, help="Only tell whether the package was made from the notebook as it stands.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(
    notebook: str,
    out: str,
    name: str,
    inline: bool,
    skeleton: bool,
    no_run: bool,
    update_golden: bool,
    check: bool,
    form: str,
) -> int:
    """Turn NOTEBOOK into a package whose tests prove that it computes the same.

    The notebook is run three times in fresh kernels; what every section computed becomes the package's golden tests,
    and the package is run and compared value by value. DIR must be empty, or a package made from this notebook before:
    then what you changed in it stays, and where the notebook changed it too, both stand between conflict marks. Exits
    with 0 when the values are equal, with 1 when they are not, when there was nothing to compare or no package could be
    made, with 4 when the notebook does not run.
    """
    from nb_mlops.commands.convert import Wishes, convert, report, up_to_date
    from nb_mlops.reporters.convert import render_conversion

    if check:
        result = up_to_date(notebook, out)
    else:
        click.echo(f"converting {notebook}", err=True)
        told = lambda words: click.echo(f"  {words}", err=True)  # noqa: E731
        wishes = Wishes(name, inline, skeleton)
        result = convert(notebook, out, run=not no_run, told=told, update_golden=update_golden, wishes=wishes)
    values = report(result)
    if form == "json":
        click.echo(json.dumps(values, indent=2))
    else:
        click.echo(err=True)
        click.echo(render_conversion(notebook, values, result.findings, coloured()), nl=False)
    return ExitCode.CLEAN if result.equal else ExitCode.FINDINGS

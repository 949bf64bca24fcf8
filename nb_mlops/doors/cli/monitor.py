"""`nb-mlops monitor`: alarms, then each column."""

from __future__ import annotations

import json

import click

from nb_mlops.core.errors import ExitCode
from nb_mlops.doors.cli.named import model_option
from nb_mlops.doors.cli.verb import Verb


@click.command("monitor", cls=Verb)
@click.argument("notebook", metavar="NOTEBOOK")
@model_option
@click.option(
    "--data", required=True, metavar="FILE", help="New rows; with the target in them, the metric is measured."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(notebook: str, model: str, data: str, form: str) -> int:
    """Hold new rows against the profile in the signed evaluation of the model that NOTEBOOK made.

    Columns, missing values, ranges, labels and how values are spread (PSI, KS), the model's answers, and its metric
    where the rows say what was right. A difference rings when it is surer than chance among so many columns, and large
    enough to matter. Exits with 0 when all is as it was, with 1 when there are alarms.
    """
    from nb_mlops.commands.monitor import monitor, report
    from nb_mlops.reporters.monitor import render_monitor

    watch = monitor(notebook, model, data)
    values = report(watch)
    click.echo(json.dumps(values, indent=2) if form == "json" else render_monitor(values))
    return ExitCode.FINDINGS if watch.findings else ExitCode.CLEAN

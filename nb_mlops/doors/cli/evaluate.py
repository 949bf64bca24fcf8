"""`nb-mlops evaluate`: what was measured, and what the gate says of it."""

from __future__ import annotations

import json
from typing import Any

import click

from nb_mlops.core.errors import ExitCode
from nb_mlops.doors.cli.named import model_option
from nb_mlops.doors.cli.verb import Verb


@click.command("evaluate", cls=Verb)
@click.argument("notebook", metavar="NOTEBOOK")
@model_option
@click.option("--holdout", default="", metavar="FILE", help="Rows that the notebook never opens: CSV, Parquet, JSON…")
@click.option("--target", metavar="COLUMN", help="The column to be predicted.  [default: the one the model lacks]")
@click.option("--metric", metavar="NAME", help="scikit-learn's name.  [default: the notebook's first metric]")
@click.option("--groups", multiple=True, metavar="COLUMN", help="Measure each group by itself; give it again for more.")
@click.option(
    "--label", "labels", multiple=True, metavar="OURS=THEIRS", help="What the target calls a class, and the model."
)
@click.option("--contract", metavar="SCHEMA", help="JSON Schema of the application that uses the answers.")
@click.option("--kernel", metavar="NAME|PYTHON", help="Evaluate with this kernel's Python.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(notebook: str, model: str, holdout: str, form: str, kernel: str | None, **changes: Any) -> int:
    """Measure the model that NOTEBOOK made when it was last checked on rows that the notebook never opened.

    In a clean process without the signing key and, where the system permits it, without the network: the metric with
    its interval, two simple baselines, the version in service, groups, what the model listens to, its example served
    and held against an application's schema, a look into its files, time and memory. What was found is signed and
    counts at the gate. What is the same each time may stand in [tool.nb-mlops.models.NAME].

    Exits with 0 when it was measured, whatever came out; with 5 when it may not be: the check does not stand, the rows
    were read by the notebook, the files could run code; with 4 when the model does not answer.
    """
    from nb_mlops.commands.evaluate import evaluate, report
    from nb_mlops.commands.steps.opened import chosen
    from nb_mlops.reporters.evaluate import render_evaluation

    if form == "text":
        click.echo(f"evaluating {model or notebook}", err=True)
    values = report(evaluate(notebook, model, holdout, chosen(notebook, {"kernel": kernel}), **changes))
    click.echo(json.dumps(values, indent=2) if form == "json" else render_evaluation(values, notebook))
    return ExitCode.CLEAN

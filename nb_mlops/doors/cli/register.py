"""`nb-mlops register`: the gate's verdict, then where the model is now."""

from __future__ import annotations

import json

import click

from nb_mlops.core.errors import ExitCode
from nb_mlops.doors.cli.named import model_option
from nb_mlops.doors.cli.verb import Verb


@click.command("register", cls=Verb)
@click.argument("notebook", metavar="NOTEBOOK")
@model_option
@click.option(
    "--registry",
    default="",
    metavar="URI",
    help="An MLflow server (http://host:port) or database; default: the policy's, else a sqlite store in the project.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(notebook: str, model: str, registry: str, form: str) -> int:
    """Put exactly the model that NOTEBOOK made when it was last checked into the MLflow registry under NAME.

    Asks the gate first: when it refuses, MLflow is not touched and the exit code is 5. A registry that does not
    answer exits with 6. The same files are registered once: a second call names the version that holds them.
    """
    from nb_mlops.commands.register import register
    from nb_mlops.reporters.gate import render_gate, render_registered

    done = register(notebook, model, registry)
    if form == "json":
        click.echo(json.dumps(done.report, indent=2))
    else:
        click.echo(render_registered(done.report) if done.entry else render_gate(done.report, notebook))
    return ExitCode.CLEAN if done.entry else ExitCode.REFUSED

"""`nb-mlops approve`."""

from __future__ import annotations

import click

from nb_mlops.core.errors import ExitCode
from nb_mlops.doors.cli.named import model_option
from nb_mlops.doors.cli.verb import Verb


@click.command("approve", cls=Verb)
@click.argument("notebook", metavar="NOTEBOOK")
@model_option
@click.option("--reason", required=True, metavar="TEXT", help="Why; it stays with the model for good.")
def command(notebook: str, model: str, reason: str) -> int:
    """Say yes to the model that NOTEBOOK made when it was last checked, under NAME.

    Signs with your key, which the project must trust for approvals: nb-mlops keys trust --for approval. While anything
    but the approval stands against the model, nothing is signed, and the exit code is 5.
    """
    from nb_mlops.commands.approve import approve
    from nb_mlops.commands.gate import report
    from nb_mlops.reporters.gate import render_gate

    done = approve(notebook, model, reason)
    if not done.evidence:
        click.echo(render_gate(report(done.before), notebook))
        click.echo("\nNothing was approved: this stands against the model as it is.")
        return ExitCode.REFUSED
    dossier = done.before.dossier
    click.echo(f"approved: `{dossier.name}`, tree {dossier.papers.subject[:12]}\nevidence: {done.evidence}")
    return ExitCode.CLEAN

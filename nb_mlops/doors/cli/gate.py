"""`nb-mlops gate`: the verdict, each proof with what it looked at, and for each refusal the command to run."""

from __future__ import annotations

import json

import click

from nb_mlops.core.errors import ExitCode


@click.command("gate", short_help="Decide from the evidence whether a model may be registered.")
@click.argument("notebook", metavar="NOTEBOOK")
@click.option("--model", required=True, metavar="NAME", help="The name that the model is to be registered under.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--explain", is_flag=True, help="Say of each proof which question it answers.")
def command(notebook: str, model: str, form: str, explain: bool) -> int:
    """Decide from the evidence whether the model that NOTEBOOK made may be registered under NAME.

    Reads the signed statements that `nb-mlops check` left in .nb-mlops/evidence and the policy in
    [tool.nb-mlops.gate]. Runs nothing and changes nothing. Exits with 0 when the gate is open, with 5 when it is shut.
    """
    from nb_mlops.commands.gate import gate, report
    from nb_mlops.reporters.gate import render_gate

    verdict = gate(notebook, model)
    values = report(verdict)
    click.echo(json.dumps(values, indent=2) if form == "json" else render_gate(values, notebook, explain))
    return ExitCode.CLEAN if verdict.passed else ExitCode.REFUSED

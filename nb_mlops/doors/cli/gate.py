"""`nb-mlops gate`: the verdict, each proof with what it looked at, and for each refusal the command to run."""

from __future__ import annotations

import json

import click

from nb_mlops.core.errors import ExitCode, UsageError
from nb_mlops.doors.cli.named import model_option
from nb_mlops.doors.cli.verb import Verb


@click.command("gate", cls=Verb)
@click.argument("notebook", metavar="NOTEBOOK", default="")
@model_option
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "sarif", "html"]), default="text", show_default=True
)
@click.option("--explain", is_flag=True, help="Say of each proof what it asks, whom it believes, and what makes it.")
@click.option("--policy", is_flag=True, help="Show the policy in force beside the presets, and decide nothing.")
def command(notebook: str, model: str, form: str, explain: bool, policy: bool) -> int:
    """Decide from the evidence whether the model that NOTEBOOK made may be registered under NAME.

    Reads the signed statements that `nb-mlops check` and others left in .nb-mlops/evidence and the policy in
    [tool.nb-mlops.gate]. Runs nothing and changes nothing. Exits with 0 when the gate is open, with 5 when it is shut.
    """
    from nb_mlops.commands.gate import findings_report, gate, policy_rows, report
    from nb_mlops.reporters.gate import render_gate, render_policy

    if policy:
        rows = policy_rows(notebook or ".")
        keyed = {row[0]: dict(zip(rows[0][1:], row[1:], strict=True)) for row in rows[1:]}
        values = {"version": 1, "columns": list(rows[0][1:]), "keys": keyed}
        click.echo(json.dumps(values, indent=2) if form == "json" else render_policy(rows))
        return ExitCode.CLEAN
    if not notebook:
        raise UsageError("The gate judges the model of a notebook.", "nb-mlops gate NOTEBOOK")
    verdict = gate(notebook, model)
    values = report(verdict)
    if form == "json":
        click.echo(json.dumps(values, indent=2))
    elif form == "sarif":
        from nb_mlops.reporters import sarif

        click.echo(sarif.render(*findings_report(verdict)), nl=False)
    elif form == "html":
        from nb_mlops.reporters.gate_html import render_gate_html

        click.echo(render_gate_html(values), nl=False)
    else:
        click.echo(render_gate(values, notebook, explain))
    return ExitCode.CLEAN if verdict.passed else ExitCode.REFUSED

"""`nb-mlops tests`."""

from __future__ import annotations

import json
from shlex import quote

import click

from nb_mlops.core.errors import ExitCode
from nb_mlops.doors.cli.verb import Verb


@click.command("tests", cls=Verb)
@click.argument("notebook", metavar="NOTEBOOK")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(notebook: str, form: str) -> int:
    """Run the tests of every package that was converted from NOTEBOOK, and sign what they came to.

    The statement goes to the notebook's last check, and is what the proof `tests` asks for. Exits with 1 when a test
    fails or a package was made of another state of the notebook.
    """
    from nb_mlops.commands.tests import report, tests

    result = tests(notebook)
    values = report(result)
    if form == "json":
        click.echo(json.dumps(values, indent=2))
        return ExitCode.CLEAN if result.passed else ExitCode.FINDINGS
    for one, said in zip(result.predicate.packages, result.said, strict=True):
        skipped = f", {one.skipped} skipped" if one.skipped else ""
        click.echo(f"{one.path}: {one.passed} passed, {one.failed} failed{skipped}")
        if one.failed or not one.passed:
            click.echo(f"  {said.strip('= ')}")
        if one.stale:
            click.echo(f"  made of another state of the notebook ({one.stale}): nb-mlops convert {quote(notebook)}")
    if result.evidence:
        click.echo(f"evidence: {result.evidence}")
    else:
        click.echo(
            f"No evidence: the notebook was not checked yet. Run nb-mlops check {quote(notebook)}, then this again."
        )
    return ExitCode.CLEAN if result.passed else ExitCode.FINDINGS

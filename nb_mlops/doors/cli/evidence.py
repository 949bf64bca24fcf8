"""`nb-mlops evidence`."""

from __future__ import annotations

import json

import click

from nb_mlops.core.errors import ExitCode
from nb_mlops.doors.cli.verb import Verbs

_keys = click.option("--keys", default="", metavar="FOLDER", help="Where the public keys are; default: the project's.")
_form = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)


@click.group("evidence", cls=Verbs)
def command() -> None:
    """Read signed statements and verify them, offline: the files and the public keys are enough."""


@command.command("verify")
@click.argument("paths", nargs=-1, metavar="[PATHS]...")
@_keys
@_form
def verify(paths: tuple[str, ...], keys: str, form: str) -> int:
    """Say of each statement whether it is as it was signed, by whom, and whether it is understood to the last field.

    PATHS are files or folders; without any, the project's evidence. Neither notebook nor model is needed. Exits with 5
    when a statement cannot be relied on. Whether what it says is enough is the gate's to judge.
    """
    from nb_mlops.commands.evidence import examine, report

    found = examine(paths, keys)
    values = report(found)
    if form == "json":
        click.echo(json.dumps(values, indent=2))
    for one in found if form == "text" else ():
        click.echo(f"{'GENUINE' if not one.problem else 'NOT RELIABLE':<13} {one.path}")
        if one.problem:
            click.echo(f"              {one.problem}")
        if one.subject:
            who = (
                f"{one.owner} ({one.key[:12]})" if one.owner else f"key {one.key[:12]}, whose owner nobody has entered"
            )
            click.echo(f"              {one.kind} of {one.subject} ({one.tree[:12]}), {one.issued}, by {who}")
    return ExitCode.CLEAN if values["genuine"] else ExitCode.REFUSED


@command.command("show")
@click.argument("file")
@_keys
def show(file: str, keys: str) -> int:
    """Print the statement in an envelope as JSON. Nothing is printed of one whose signature does not fit."""
    from nb_mlops.commands.evidence import show as shown

    examined, statement = shown(file, keys)
    if statement:
        click.echo(json.dumps(statement, indent=2, ensure_ascii=False))
    if examined.problem:
        click.echo(f"nb-mlops: {examined.path} cannot be relied on: {examined.problem}.", err=True)
    return ExitCode.REFUSED if examined.problem else ExitCode.CLEAN

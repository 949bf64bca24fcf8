"""`nb-mlops ledger`: verify what was written down about models, and show it."""

from __future__ import annotations

import json

import click

from nb_mlops.core.errors import ExitCode
from nb_mlops.doors.cli.verb import Verbs

_ROOT = click.option(
    "--root", default="", metavar="FOLDER", help="Whose .nb-mlops/ledger is meant; default: this project."
)
_FORMAT = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)


@click.group("ledger", cls=Verbs)
def command() -> None:
    """Every registration, promotion, rollback and note, chained and signed; nothing is ever taken out."""


@command.command("verify")
@_ROOT
@click.option("--key", "keys", multiple=True, metavar="PEM", help="A public key that counts beside the trusted ones.")
@click.option("--head", default="", metavar="SHA256", help="A head noted down earlier, which must still be in it.")
@click.option("--registry", default="", metavar="URI", help="Compare with this registry; default: the project's own.")
@click.option("--offline", is_flag=True, help="Look at the ledger alone, not at the registry beside it.")
@_FORMAT
def verify(root: str, keys: tuple[str, ...], head: str, registry: str, offline: bool, form: str) -> int:
    """Check every signature, the chain, the head, and that the registry shows what the ledger tells.

    Exits with 0 when all of it holds and with 1 when something was edited, removed, reordered, forged or came past the
    gate; each fault is named.
    """
    from nb_mlops.commands.ledger import verify
    from nb_mlops.reporters.models import render_verified

    report = verify(root, keys, head, offline, registry)
    click.echo(json.dumps(report, indent=2) + "\n" if form == "json" else render_verified(report), nl=False)
    return ExitCode.CLEAN if report["sound"] else ExitCode.FINDINGS


@command.command("show")
@_ROOT
@click.option("--model", default="", metavar="NAME", help="Only what is about this model.")
@_FORMAT
def show(root: str, model: str, form: str) -> int:
    """Show every entry, oldest first."""
    from nb_mlops.commands.ledger import show
    from nb_mlops.reporters.models import render_ledger

    report = show(root, model)
    click.echo(json.dumps(report, indent=2) + "\n" if form == "json" else render_ledger(report), nl=False)
    return ExitCode.CLEAN

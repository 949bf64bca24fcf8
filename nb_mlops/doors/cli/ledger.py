"""`nb-mlops ledger`: verify what was written down about models, show it, stand in for a key that was revoked."""

from __future__ import annotations

import json

import click

from nb_mlops.core.errors import ExitCode
from nb_mlops.core.wording import many
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


@command.command("countersign")
@click.argument("key")
@click.option("--reason", required=True, metavar="TEXT", help="What was looked at; kept in the ledger.")
@_ROOT
@click.option("--head", default="", metavar="SHA256", help="A head noted down before the key was lost.")
@click.option("--offline", is_flag=True, help="Do not compare with the project's registry first.")
def countersign(key: str, reason: str, root: str, head: str, offline: bool) -> int:
    """Sign that what a revoked key had entered was looked through and stands.

    KEY is the beginning of its id. It takes a key for approvals, under `four-eyes` one of another owner. Nothing is
    rewritten: it is an entry of its own, and speaks for what is there now, not for what that key may sign tomorrow.
    """
    from nb_mlops.commands.ledger import countersign

    made = countersign(key, reason, root, head, offline)
    click.echo(f"{many(made.entries, 'entry', 'entries')} of key {made.key[:12]} count again, by entry {made.number}.")
    click.echo("\nNext: nb-mlops ledger verify")
    return ExitCode.CLEAN

"""`nb-mlops keys`."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

import click

from nb_mlops.core.errors import ExitCode
from nb_mlops.core.wording import many
from nb_mlops.doors.cli.verb import Verbs

if TYPE_CHECKING:
    from nb_mlops.commands.keys import OwnKey

_form = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)


@click.group("keys", cls=Verbs)
def command() -> None:
    """Whose signature counts in this project, and for what.

    For yourself there is nothing to do: `check` makes your key, and it counts under the preset `solo`. A team enters
    the keys of its CI and of those who approve; the entries lie in .nb-mlops/keys and belong in version control.
    """


@command.command("new")
@click.option("--out", default="", metavar="FILE", help="Where the private key goes; default: where yours belongs.")
@_form
def new(out: str, form: str) -> int:
    """Make a key and show its public half."""
    from nb_mlops.commands import keys

    _show(keys.new(out), form)
    if out and form == "text":
        click.echo(f"The public half lies beside {out}, in a file that ends in .pub.pem.")
    return ExitCode.CLEAN


@command.command("show")
@_form
def show(form: str) -> int:
    """Show the public half of your key, for others to trust."""
    from nb_mlops.commands import keys

    _show(keys.show(), form)
    return ExitCode.CLEAN


def _show(own: OwnKey, form: str) -> None:
    from nb_mlops.core.value import to_values

    if form == "json":
        click.echo(json.dumps({"version": 1, **to_values(own)}, indent=2))
        return
    click.echo(f"key      {own.key}\nprivate  {own.place} (keep it; it is shown to nobody)\n\n{own.pem}", nl=False)
    click.echo("\nTo have it trusted, somebody who may write to the project saves these lines as key.pem and runs:")
    click.echo("nb-mlops keys trust key.pem --owner NAME")


@command.command("list")
@_form
def list_keys(form: str) -> int:
    """List the keys on record, what each is for, and how it stands today."""
    from nb_mlops.commands import keys
    from nb_mlops.core.value import to_values

    found = keys.known()
    if form == "json":
        click.echo(json.dumps({"version": 1, "keys": [to_values(key) for key in found]}, indent=2))
    for key in found if form == "text" else ():
        click.echo(f"{key.key[:12]}  {key.owner or '-'}{'  (yours)' if key.yours else ''}")
        what = f"{' and '.join(key.purpose)}, assurance {key.assurance}; " if key.purpose else ""
        when = f", from {key.added}" + (f" until {key.until}" if key.until else "") if key.added else ""
        click.echo(f"              {what}{key.standing}{when if key.standing == 'trusted' else ''}")
    if form == "text" and not found:
        click.echo("No key is on record, and you have none yet: the first `nb-mlops check` makes yours.")
    return ExitCode.CLEAN


@command.command("trust")
@click.argument("key", default="")
@click.option("--owner", required=True, metavar="NAME", help="Whose key it is: a person or a service.")
@click.option(
    "--for",
    "purpose",
    type=click.Choice(["evidence", "approval"]),
    multiple=True,
    default=("evidence",),
    show_default=True,
    help="What it may sign; twice for both.",
)
@click.option(
    "--assurance",
    type=click.Choice(["self", "ci", "isolated"]),
    default="self",
    show_default=True,
    help="Who can get at it: its owner, CI alone, or a runner whose notebooks cannot.",
)
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The last day on which it counts.")
def trust(key: str, owner: str, purpose: tuple[str, ...], assurance: str, until: datetime | None) -> int:
    """Enter a key into the project's keys, so that what it signs counts.

    KEY is the file of a public key (PEM) or the beginning of the id of one on record; without it, your own.
    """
    from nb_mlops.commands import keys

    entry = keys.trust_key(key, owner, purpose, assurance, until.date().isoformat() if until else "")
    end = f", until {entry.until}" if entry.until else ""
    click.echo(f"{entry.key[:12]} of {entry.owner} counts for {' and '.join(entry.purpose)} as {entry.assurance}{end}.")
    click.echo(f"Commit .nb-mlops/keys/{entry.key[:12]}….json and ….pub.pem: it counts where they are.")
    return ExitCode.CLEAN


@command.command("revoke")
@click.argument("key")
@click.option("--reason", required=True, metavar="TEXT", help="Why; every refusal will quote it.")
def revoke(key: str, reason: str) -> int:
    """Take a key's word back: nothing that it ever signed counts any more.

    KEY is the beginning of the id of a key on record, or the file of a public key.
    """
    from nb_mlops.commands import keys

    entry = keys.revoke(key, reason)
    click.echo(f"{entry.key[:12]}{f' of {entry.owner}' if entry.owner else ''} is revoked since {entry.revoked}.")
    click.echo(f"Commit .nb-mlops/keys/{entry.key[:12]}….json, and check again what it alone had signed.")
    if count := keys.entered(entry.key):
        said = f"{many(count, 'entry', 'entries')} of it in the ledger count for nothing until somebody has looked"
        click.echo(f"{said} through them (nb-mlops ledger show):")
        click.echo(f"  nb-mlops ledger countersign {entry.key[:12]} --reason TEXT")
    return ExitCode.CLEAN

"""`nb-mlops models`: what is registered and in use, why it was allowed, and what people decide about it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import click

from nb_mlops.core.errors import ExitCode
from nb_mlops.doors.cli.verb import Verbs

_REGISTRY = click.option("--registry", default="", metavar="URI", help="Default: the policy's, else the project's own.")
_FORMAT = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
_REASON = click.option("--reason", required=True, metavar="TEXT", help="Why; it is written down.")


@click.group("models", cls=Verbs)
def command() -> None:
    """What is in the registry, what is in use, why it was allowed; promote, roll back, and note what users say."""


@command.command("list")
@_REGISTRY
@_FORMAT
def list_(registry: str, form: str) -> int:
    """Each model with its versions, aliases and assurance."""
    return _listed("", registry, form)


@command.command("search")
@click.argument("words", metavar="WORDS")
@_REGISTRY
@_FORMAT
def search(words: str, registry: str, form: str) -> int:
    """Models that have all WORDS in their name, tags or notebook. Exits with 3 when there is none."""
    return _listed(words, registry, form)


def _listed(words: str, registry: str, form: str) -> int:
    from nb_mlops.commands.models import listed
    from nb_mlops.reporters.models import render_list

    report = listed(words, registry)
    _say(report, form, render_list)
    return ExitCode.CLEAN if report["models"] or not words else ExitCode.NOTHING


@command.command("show")
@click.argument("name")
@click.option("--alias", default="", help="The version that this alias names.")
@click.option("--version", type=int, default=0, help="Default: the newest.")
@_REGISTRY
@_FORMAT
def show(name: str, alias: str, version: int, registry: str, form: str) -> int:
    """One version: what it is, what was done with it, and whether the gate would let it pass today (else exit 5)."""
    from nb_mlops.commands.models import show
    from nb_mlops.reporters.models import render_show

    report = show(name, alias, version, registry)
    _say(report, form, render_show)
    return ExitCode.CLEAN if report["today"]["passed"] else ExitCode.REFUSED


@command.command("card")
@click.argument("name")
@click.option("--alias", default="", help="The version that this alias names.")
@click.option("--version", type=int, default=0, help="Default: the newest.")
@_REGISTRY
@click.option(
    "--format", "form", type=click.Choice(["markdown", "html", "json"]), default="markdown", show_default=True
)
def card(name: str, alias: str, version: int, registry: str, form: str) -> int:
    """The card of a registered version, from the signed evidence beside it: what it is, how good, for whom."""
    from nb_mlops.commands.models import card
    from nb_mlops.reporters.card import render_html, render_markdown

    values = card(name, alias, version, registry)
    if form == "json":
        click.echo(json.dumps(values, indent=2))
    else:
        click.echo((render_html if form == "html" else render_markdown)(values), nl=False)
    return ExitCode.CLEAN


@command.command("history")
@click.argument("name")
@_REGISTRY
@_FORMAT
def history(name: str, registry: str, form: str) -> int:
    """Why was this model allowed? Every deed with its evidence, signers, policy, waivers and reason."""
    from nb_mlops.commands.models import history
    from nb_mlops.reporters.models import render_history

    _say(history(name, registry), form, render_history)
    return ExitCode.CLEAN


@command.command("board")
@_REGISTRY
@click.option("--format", "form", type=click.Choice(["text", "json", "html"]), default="text", show_default=True)
def board(registry: str, form: str) -> int:
    """What is in use: models by alias, with version, age and assurance."""
    from nb_mlops.commands.models import board
    from nb_mlops.reporters.models import board_page, render_board

    report = board(registry)
    if form == "html":
        click.echo(board_page(report), nl=False)
    else:
        _say(report, form, render_board)
    return ExitCode.CLEAN


@command.command("promote")
@click.argument("name")
@_REASON
@click.option("--version", type=int, default=0, help="Default: the newest.")
@click.option("--to", default="champion", show_default=True, metavar="ALIAS", help="The alias that endpoints use.")
@_REGISTRY
@_FORMAT
def promote(name: str, reason: str, version: int, to: str, registry: str, form: str) -> int:
    """Let an alias name a version, if the gate lets it pass as it is today; else exit 5 and nothing is changed."""
    from nb_mlops.commands.promotion import promote

    return _decided(promote(name, reason, version, to, registry), form)


@command.command("rollback")
@click.argument("name")
@_REASON
@click.option("--alias", default="champion", show_default=True)
@_REGISTRY
@_FORMAT
def rollback(name: str, reason: str, alias: str, registry: str, form: str) -> int:
    """Let an alias name again what it named before, if the gate lets that pass as it is today."""
    from nb_mlops.commands.promotion import rollback

    return _decided(rollback(name, reason, alias, registry), form)


@command.command("feedback")
@click.argument("name")
@click.argument("note")
@click.option("--alias", default="", help="The version that this alias names; default: champion, else the newest.")
@click.option("--version", type=int, default=0)
@_REGISTRY
@_FORMAT
def feedback(name: str, note: str, alias: str, version: int, registry: str, form: str) -> int:
    """Write a note about a version into the ledger: what users see, what went wrong."""
    from nb_mlops.commands.promotion import feedback

    return _decided(feedback(name, note, alias, version, registry), form)


def _decided(decision: Any, form: str) -> int:
    from nb_mlops.reporters.gate import render_gate
    from nb_mlops.reporters.models import render_decision

    report = decision.report
    if not decision.done and form == "text":
        click.echo(render_gate(report["gate"], report["gate"]["notebook"]))
        click.echo(f"\nThe alias `{report['alias']}` was not moved.")
    else:
        _say(report, form, render_decision)
    return ExitCode.CLEAN if decision.done else ExitCode.REFUSED


def _say(report: Mapping[str, Any], form: str, render: Callable[[Mapping[str, Any]], str]) -> None:
    click.echo(json.dumps(report, indent=2) + "\n" if form == "json" else render(report), nl=False)

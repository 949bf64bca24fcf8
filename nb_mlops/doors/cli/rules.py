"""`nb-mlops rules`."""

from __future__ import annotations

import dataclasses
import json

import click

from nb_mlops.commands import rules as command_rules
from nb_mlops.core.errors import ExitCode
from nb_mlops.doors.cli.verb import Verb


@click.command("rules", cls=Verb)
@click.argument("code", required=False)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(code: str | None, form: str) -> int:
    """List the rules, or show the page of one, named by its CODE or its slug."""
    if code is not None:
        page = command_rules.page(code)
        if form == "json":
            click.echo(json.dumps({"version": 1, **dataclasses.asdict(page.row), "page": page.page}, indent=2))
            return ExitCode.CLEAN
        click.echo(text_of(page))
        return ExitCode.CLEAN
    rows = command_rules.rows()
    if form == "json":
        click.echo(json.dumps({"version": 1, "rules": [dataclasses.asdict(row) for row in rows]}, indent=2))
        return ExitCode.CLEAN
    width = max(len(row.slug) for row in rows)
    for row in rows:
        marks = ("on " if row.default else "off") + ("  fix" if row.fixable else "     ")
        click.echo(f"{row.code}  {row.slug:<{width}}  {row.severity:<7}  {marks}  {row.summary}")
    click.echo("\n`nb-mlops rules CODE` shows why a rule matters and what to do.")
    return ExitCode.CLEAN


def text_of(page: command_rules.RulePage) -> str:
    """A rule's page for people."""
    row = page.row
    return f"{row.code} {row.slug} ({row.severity}{'' if row.default else ', off by default'})\n\n{page.page}"

"""`nb-mlops card`: the model's card, printed or written to a file."""

from __future__ import annotations

import json

import click

from nb_mlops.core.errors import ExitCode
from nb_mlops.doors.cli.named import model_option
from nb_mlops.doors.cli.verb import Verb


@click.command("card", cls=Verb)
@click.argument("notebook", metavar="NOTEBOOK")
@model_option
@click.option("--format", "form", type=click.Choice(["markdown", "html", "json"]), help="[default: by the file's name]")
@click.option("--output", "-o", default="", metavar="FILE", help="Write it there instead of printing it.")
def command(notebook: str, model: str, form: str | None, output: str) -> int:
    """Show the card of the model that NOTEBOOK made when it was last checked.

    Filled from signed evidence alone: what it is for and who answers for it ([tool.nb-mlops.models.NAME]), how good it
    is and against what, for which groups, what it listens to, its data, how it was made and what it needs. The page
    (html) is made for people who do not code and needs nothing else.
    """
    from nb_mlops.commands.card import card
    from nb_mlops.outside.writing import write_atomic
    from nb_mlops.reporters.card import render_html, render_markdown

    values = card(notebook, model)
    form = form or (
        "html" if output.endswith((".html", ".htm")) else "json" if output.endswith(".json") else "markdown"
    )
    text = (
        json.dumps(values, indent=2) + "\n"
        if form == "json"
        else {"html": render_html}.get(form, render_markdown)(values)
    )
    if output:
        write_atomic(output, text.encode("utf-8", "replace"))
    else:
        click.echo(text, nl=False)
    return ExitCode.CLEAN

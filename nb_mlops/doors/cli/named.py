"""The option of every verb that is about one model of one notebook."""

from __future__ import annotations

import click

model_option = click.option(
    "--model",
    default="",
    metavar="NAME",
    help="The model's name in the registry.  [default: the notebook's]",
)

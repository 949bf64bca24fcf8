"""Tokens made up when a test runs, by the tables of formats: none stands in the repository."""

from __future__ import annotations

import random

from nb_mlops.knowledge.tokens import TokenFormat, formats
from nb_mlops.knowledge.tokens.forge import forge

FORMATS = {form.name: form for form in formats()}


def token(name: str, seed: int = 0) -> str:
    """A value of the right shape, checks passed."""
    return forge(FORMATS[name], random.Random(f"{name}{seed}").randint)


def in_context(form: TokenFormat, value: str) -> str:
    """A line of code with the value, and with the words that its format needs before it."""
    return f'{form.near[0]}_key = "{value}"' if form.near else f'credential = "{value}"'

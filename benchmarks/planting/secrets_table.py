"""One kind for each row of the tables of token formats, its values forged from the row itself."""

from __future__ import annotations

from random import Random

from nb_mlops.knowledge.tokens import TokenFormat, formats
from nb_mlops.knowledge.tokens.forge import forge
from planting.frame import Kind, Plant


def _kind(form: TokenFormat) -> Kind:
    # Where a format needs its issuer's name, the code names it: that is how people write it.
    name = form.env.lower() if not form.near else f"{form.near[0].strip('_.')}_{form.env.lower()}"
    return Kind(form.name, "SE", lambda chance: _plant(form, name, chance), "table")


def _plant(form: TokenFormat, name: str, chance: Random) -> Plant:
    return Plant(forge(form, chance.randint), name)


TABLE = [_kind(form) for form in formats()]

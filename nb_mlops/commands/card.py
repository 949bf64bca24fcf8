"""card: what a model is, how good, for whom and at what cost, on one page for people who do not code."""

from __future__ import annotations

from typing import Any

from nb_mlops.commands.gate import gate
from nb_mlops.commands.steps.card import card_values


def card(notebook: str, model: str = "") -> dict[str, Any]:
    """The card of the model that `notebook` made when it was last checked, from signed evidence alone.

    Raises NoCardError where it was not checked and evaluated.
    """
    return card_values(gate(notebook, model))

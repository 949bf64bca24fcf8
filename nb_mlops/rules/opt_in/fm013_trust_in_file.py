"""The file says of itself that it may be trusted.

## What it does

A `signature` in the notebook's metadata, and cells with `trusted` in theirs.

## Why is this bad?

Jupyter keeps signatures in a database of each user and takes no file's word for it: what stands in the file is left
over from 2015 or got there by accident. It goes stale with the next edit, changes with each person who saves, and makes
readers believe that somebody has vouched for the outputs.

## What to do

`nb-mlops fix` removes it. `jupyter trust FILE` is how a person says so today, for themselves.
"""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Fix, SetMetadata, Severity
from nb_mlops.core.notebook import Position, Span
from nb_mlops.linter.rule import Hit, Rule, code, example

_START = Position(1, 0)


def check(view: View) -> Iterable[Hit]:
    """One finding for the signature, one for all cells."""
    signature = view.notebook.metadata.get("signature")
    if isinstance(signature, str):
        yield Hit(
            "This notebook carries a signature in its metadata, which nothing reads any more and any edit makes false. "
            "Remove it.",
            Span(None, "metadata/signature", _START, _START),
            fix=Fix("Remove the signature", (SetMetadata(None, ("signature",), None),)),
        )
    cells = [cell.index for cell in view.notebook.cells if "trusted" in cell.metadata]
    if cells:
        have = f"{len(cells)} cells say" if len(cells) > 1 else "This cell says"
        yield Hit(
            f"{have} in the metadata whether to trust them; Jupyter decides that for each user and takes no file's "
            "word. Remove it.",
            Span(cells[0], "metadata/trusted", _START, _START),
            fix=Fix("Remove `trusted`", tuple(SetMetadata(index, ("trusted",), None) for index in cells)),
        )


RULE = Rule(
    "FM013",
    "trust-in-file",
    Severity.INFO,
    bad=lambda: (
        example(code("x = 1"), signature="sha256:" + "0" * 64, fixed=("x = 1",)),
        example(code("x = 1", trusted=True), code("y = 2", trusted=True), fixed=("x = 1", "y = 2")),
    ),
    good=lambda: (example(code("trusted = True")),),
    check=check,
    default=False,
    every_language=True,
)

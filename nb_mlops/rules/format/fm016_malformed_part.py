"""A part of the notebook is not what its format says that it is.

## What it does

Compares each part with nbformat's schema: a cell that is a string, `source` that is a number, a cell without
`metadata`, `outputs` that are no list, an output of a type that does not exist. One finding for each kind of
mistake, at its first place. Entries that the format does not know are left alone.

## Why is this bad?

Most such files do not open: Jupyter, papermill and nbconvert stop with an error that names no cell. Then the finding is
an error. With the others Jupyter says at every opening that the notebook is not valid. What is no text where text
belongs is read by no rule, so a secret in it is found by nobody.

Such files come from programs that write notebooks as JSON by themselves, from merges, and from edits by hand.

## What to do

`nb-mlops fix` puts what is missing in its place, empty, and changes nothing else. All other things need somebody who
knows what was meant: restore the file from version control, or mend the JSON, and the program that wrote it (`nbformat`
makes cells that are valid).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import AddParts, Fix, SetFormat, Severity
from nb_mlops.core.notebook import Notebook, Oddity, Position, Span
from nb_mlops.core.value import Struct
from nb_mlops.ipynb.shape import EMPTY
from nb_mlops.linter.rule import THE_FILE, THE_NOTEBOOK, Example, Hit, Rule, code, example

_START = Position(1, 0)
_NEWEST = (4, 5)
_LACKING = ("nothing", "null")
# Where what does not fit is lost to the rules.
_READ = ("", "source", "outputs", "text", "data", "metadata", "attachments")


class _Place(Struct, frozen=True):
    """One part that is odd: of which cell, and of which of its outputs."""

    cell: int | None
    output: int | None
    odd: Oddity

    @property
    def span(self) -> Span:
        """Where a finding about it stands."""
        if self.cell is None:
            return THE_NOTEBOOK if self.odd.part.startswith("metadata") else THE_FILE
        return Span(self.cell, self.odd.part if self.output is None else f"outputs/{self.output}", _START, _START)


def check(view: View) -> Iterator[Hit]:
    """One finding for each way in which parts of one name are odd, at the first of them."""
    kinds: dict[tuple[str, Oddity], list[_Place]] = {}
    newer = view.notebook.nbformat > _NEWEST  # which may know more types and parts
    for place in _places(view.notebook):
        if newer and place.odd.opens:
            continue
        owner = "notebook" if place.cell is None else "cell" if place.output is None else "output"
        kinds.setdefault((owner, place.odd), []).append(place)
    for (owner, odd), places in kinds.items():
        yield _hit(view.notebook, owner, odd, places)


def _places(notebook: Notebook) -> Iterator[_Place]:
    if not notebook.raw:  # in an editor it is the editor that puts things right
        return
    for odd in notebook.odd:
        yield _Place(None, None, odd)
    for cell in notebook.cells:
        for odd in cell.odd:
            yield _Place(cell.index, None, odd)
        if all(head.fits for head in cell.stored.heads):
            continue
        for number, output in enumerate(cell.outputs):
            for odd in output.odd:
                yield _Place(cell.index, number, odd)


def _hit(notebook: Notebook, owner: str, odd: Oddity, places: Sequence[_Place]) -> Hit:
    fix = _fix(notebook, owner, odd, places)
    harm = (
        "Jupyter says at every opening that the file is not valid"
        if odd.opens
        else "neither Jupyter nor papermill opens the file"
    )
    if odd.found not in _LACKING and odd.part.partition("/")[0] in _READ:
        harm += ", and no rule has looked into it"
    way_out = (
        "`nb-mlops fix` adds it."
        if fix
        else "Restore the file from version control, or mend its JSON and what wrote it."
    )
    return Hit(
        f"{_what(owner, odd, len(places))}: {harm}. {way_out}",
        places[0].span,
        severity=None if odd.opens else Severity.ERROR,
        fix=fix,
        data={"places": len(places)},
    )


def _what(owner: str, odd: Oddity, count: int) -> str:
    name = odd.part.removeprefix("data/").replace("~1", "/")
    if odd.found == "nothing":
        return f"{count} {owner}s lack `{name}`" if count > 1 else f"This {owner} lacks `{name}`"
    if not odd.part:
        return f"{count} {owner}s are {odd.found}" if count > 1 else f"This {owner} is {odd.found}, not {odd.wanted}"
    whose = f"{count} {owner}s have" if count > 1 else f"This {owner} has"
    return f"{whose} {odd.found} for `{name}`, where {odd.wanted} belongs"


def _fix(notebook: Notebook, owner: str, odd: Oddity, places: Sequence[_Place]) -> Fix | None:
    edits = tuple(AddParts(place.cell, (odd.part,)) for place in places)
    if owner != "output" and odd.found in _LACKING and odd.part in EMPTY:
        return Fix(f"Add the missing `{odd.part}`", edits)
    if odd.part == "nbformat_minor" and odd.found == "nothing":
        minor = 5 if any(cell.id for cell in notebook.cells) else 4  # since 4.5 cells have ids
        return Fix(f"Call the file one of nbformat 4.{minor}", (SetFormat(minor), *edits))
    return None


def _raw(*cells: str, metadata: str = "{}") -> bytes:
    return f'{{"cells": [{", ".join(cells)}], "metadata": {metadata}, "nbformat": 4, "nbformat_minor": 4}}\n'.encode()


def _code(rest: str) -> str:
    return f'{{"cell_type": "code", "execution_count": null, {rest}}}'


RULE = Rule(
    "FM016",
    "malformed-part",
    Severity.WARNING,
    bad=lambda: (
        Example(
            raw=_raw(_code('"outputs": [], "source": "x = 1"')),
            fixed=("x = 1",),
            note="no `metadata`: the file does not open",
        ),
        Example(raw=_raw('{"cell_type": "code", "metadata": {}, "source": "x = 1"}'), fixed=("x = 1",)),
        Example(raw=_raw('"x = 1"'), note="a cell that is a string"),
        Example(raw=_raw(_code('"metadata": {}, "outputs": [], "source": 1'))),
        Example(raw=_raw(_code('"metadata": {}, "outputs": ["1"], "source": "1"'))),
        Example(raw=_raw('{"cell_type": "heading", "metadata": {}, "source": "Title"}'), note="a type of nbformat 3"),
        Example(raw=_raw(metadata="[]")),
    ),
    good=lambda: (
        example(code("x = 1")),
        Example(raw=_raw(_code('"metadata": {}, "outputs": [], "source": "x = 1", "mine": 1')), note="an own entry"),
        Example(
            raw=b'{"cells": [{"cell_type": "table", "metadata": {}}], "metadata": {}, "nbformat": 4, '
            b'"nbformat_minor": 9}\n',
            note="a version that is yet to come",
        ),
    ),
    check=check,
    every_language=True,
)

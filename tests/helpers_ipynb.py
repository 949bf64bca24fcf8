"""Notebook files in every manner that JSON allows, for hypothesis; and what of a notebook counts as its value."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from nb_mlops.core.notebook import Cell, Notebook, Output

# JSON that Python would not write again the way it stands: these words stand in the text in place of the numbers.
NUMBERS = {"@inf": "1e400", "@nan": "NaN", "@minus": "-Infinity", "@exp": "1.50E+2", "@long": "9" * 40, "@zero": "-0.0"}

texts = st.text(
    st.sampled_from(list("abz09 _=()#'\"\\/<&{}[],:\n\n\n\t\r\x0b\x1f\x7f\x85é\u2028漢😀\ud800")), max_size=40
)
words = st.text(st.sampled_from(list('ab-_/"é')), min_size=1, max_size=6)
scalars = st.one_of(st.none(), st.booleans(), st.integers(-5, 10**12), texts, st.sampled_from(list(NUMBERS)))
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(words, inner, max_size=3)),
    max_leaves=6,
)
objects = st.dictionaries(words, values, max_size=3)
# Twice the same name in one object: the marker is taken out of the text.
twice = st.builds(lambda some, value: {**some, **{f"@again@{key}": value for key in list(some)[:1]}}, objects, values)
metadata = st.one_of(
    objects, twice, st.builds(lambda tags, o: {**o, "tags": tags}, st.lists(words, max_size=3), objects)
)
counts = st.one_of(st.none(), st.integers(0, 300), st.just("@zero"), st.just("12"), st.just(True))


def multiline(text: str, form: str) -> Any:
    """A text as notebooks hold it: one string, a list of lines, or a list cut elsewhere."""
    if form == "lines":
        return text.splitlines(keepends=True)
    if form == "newlines":
        return [line for line in text.replace("\n", "\n\0").split("\0") if line]
    if form == "odd":
        return [text[start : start + 7] for start in range(0, len(text), 7)]
    return text


multilines = st.builds(multiline, texts, st.sampled_from(["text", "lines", "lines", "newlines", "odd"]))
bundles = st.dictionaries(
    st.sampled_from(["text/plain", "text/html", "image/png", "image/svg+xml"]), multilines, max_size=2
).flatmap(lambda data: st.one_of(st.just(data), values.map(lambda value: {**data, "application/x+json": value})))
outputs = st.one_of(
    st.fixed_dictionaries({"output_type": st.just("stream"), "name": st.just("stdout"), "text": multilines}),
    st.fixed_dictionaries({"data": bundles, "metadata": objects, "output_type": st.just("display_data")}),
    st.fixed_dictionaries(
        {"data": bundles, "execution_count": counts, "metadata": objects, "output_type": st.just("execute_result")}
    ),
    st.fixed_dictionaries(
        {"ename": words, "evalue": texts, "output_type": st.just("error"), "traceback": st.lists(texts, max_size=3)}
    ),
    objects,
    scalars,
)
cells = st.one_of(
    st.fixed_dictionaries(
        {"cell_type": st.just("code"), "metadata": metadata, "source": multilines},
        optional={"execution_count": counts, "outputs": st.lists(outputs, max_size=3), "id": words},
    ),
    st.fixed_dictionaries(
        {"cell_type": st.sampled_from(["markdown", "raw", "heading", "future"]), "source": multilines},
        optional={"metadata": metadata, "attachments": objects, "id": words},
    ),
    st.fixed_dictionaries({}, optional={"cell_type": scalars, "source": values, "metadata": values, "outputs": values}),
    scalars,
)
notebooks = st.fixed_dictionaries(
    {"cells": st.lists(cells, max_size=5), "nbformat": st.just(4)},
    optional={"metadata": metadata, "nbformat_minor": st.integers(0, 6), "extra": values},
)


@dataclass(frozen=True)
class Layout:
    """How a file lays out its JSON."""

    indent: str | None
    newline: str
    tight: bool
    ascii: bool
    bom: bool
    end: str
    shuffle: int | None
    ragged: int | None

    def dump(self, value: Any) -> bytes:
        """The file."""
        if self.shuffle is not None:
            value = _shuffled(value, random.Random(self.shuffle))
        separators = (("," if self.tight or self.indent is not None else ", "), (":" if self.tight else ": "))
        text = json.dumps(value, indent=self.indent, ensure_ascii=self.ascii, separators=separators)
        if self.ragged is not None:
            text = _ragged(value, random.Random(self.ragged), self.ascii)
        for word, number in NUMBERS.items():
            text = text.replace(f'"{word}"', number)
        text = text.replace('"@again@', '"').replace("\n", self.newline) + self.end
        whole = "".join(f"\\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" else c for c in text)
        return (b"\xef\xbb\xbf" if self.bom else b"") + whole.encode()


layouts = st.builds(
    Layout,
    st.sampled_from([None, "", " ", " ", "  ", "    ", "\t"]),
    st.sampled_from(["\n", "\n", "\r\n"]),
    st.booleans(),
    st.booleans(),
    st.sampled_from([False, False, True]),
    st.sampled_from(["\n", "", "\r\n \n"]),
    st.one_of(st.none(), st.integers(0, 9)),
    st.one_of(st.none(), st.none(), st.integers(0, 9)),
)
files = st.builds(Layout.dump, layouts, notebooks)


def _shuffled(value: Any, chance: random.Random) -> Any:
    if isinstance(value, dict):
        keys = sorted(value)
        chance.shuffle(keys)
        again = [key for key in keys if key.startswith("@again@")]
        return {key: _shuffled(value[key], chance) for key in [*(k for k in keys if k not in again), *again]}
    return [_shuffled(part, chance) for part in value] if isinstance(value, list) else value


def _ragged(value: Any, chance: random.Random, ascii: bool) -> str:
    """JSON with white space of any kind at every place that allows it."""

    def space() -> str:
        return "".join(chance.choices(" \t\n", k=chance.choice([0, 0, 1, 2])))

    if isinstance(value, dict):
        items = [f"{json.dumps(k)}{space()}:{space()}{_ragged(v, chance, ascii)}" for k, v in value.items()]
    elif isinstance(value, list):
        items = [_ragged(part, chance, ascii) for part in value]
    else:
        return json.dumps(value, ensure_ascii=ascii)
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return opening + space() + ",".join(f"{space()}{item}{space()}" for item in items) + closing


def cell_value(cell: Cell) -> str:
    """What a cell says, comparable although NaN is not NaN; not where it stands nor what it weighs."""
    return json.dumps(
        [
            [cell.kind.value, cell.source, cell.id, cell.execution_count, cell.tags],
            [cell.metadata, cell.attachments, [output_value(output) for output in cell.outputs]],
        ],
        sort_keys=True,
    )


def output_value(output: Output) -> list[Any]:
    """What an output says."""
    error = [output.error.name, output.error.value, output.error.traceback] if output.error else None
    return [output.kind.value, output.data, output.text, output.stream, error, output.execution_count, output.metadata]


def notebook_value(notebook: Notebook) -> list[str]:
    """What a notebook says."""
    whole = json.dumps([notebook.metadata, notebook.nbformat], sort_keys=True)
    return [whole, *(cell_value(cell) for cell in notebook.cells)]


def cell_stretches(data: bytes) -> list[tuple[int, int]]:
    """Where each cell's JSON begins and ends in the bytes, by the standard library's parser alone."""
    text = data.decode("utf-8-sig")
    shift = len(data) - len(text.encode())
    decode = json.JSONDecoder().raw_decode

    def space(at: int) -> int:
        while text[at] in " \t\r\n":
            at += 1
        return at

    found: list[tuple[int, int]] = []
    at = space(space(0) + 1)
    while text[at] != "}":
        key, at = decode(text, at)
        at = space(space(at) + 1)
        start, (_, at) = at, decode(text, at)
        if key == "cells" and text[start] == "[":
            found, inner = [], space(start + 1)
            while text[inner] != "]":
                begin, (_, inner) = inner, decode(text, inner)
                found.append((shift + len(text[:begin].encode()), shift + len(text[:inner].encode())))
                inner = space(inner)
                inner = space(inner + 1) if text[inner] == "," else inner
        at = space(at)
        at = space(at + 1) if text[at] == "," else at
    return found

"""Somebody's user name, in the path of a home folder.

## What it does

Home folders with a user name (`/home/…`, `/Users/…`, `C:\\Users\\…`) in outputs, tracebacks, code and metadata,
papermill's recorded paths included. Markdown is left to its author.

## Why is this bad?

The path tells everyone who reads the notebook the account and the machine it was run on, it changes with every person
who runs it, and in code it exists on one machine alone.

## What it leaves alone

Accounts that belong to nobody: those of images and services (`jovyan`, `root`, `ubuntu`, `runner` …), Colab's
`/content`, and the names documentation uses.

## What to do

`nb-mlops fix` writes `~` for the home folder in outputs and metadata. In code use a path relative to the notebook, or
a parameter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nb_mlops.analysis.segments import Segment, SegmentKind
from nb_mlops.analysis.sensitive.personal import Home, find_homes
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Edit, Fix, Severity
from nb_mlops.linter.mend import change_metadata, in_metadata, replace_in_output
from nb_mlops.linter.rule import Hit, Rule, code, example, markdown, raised, stdout

_NOT_READ = frozenset({SegmentKind.MARKDOWN, SegmentKind.RAW, SegmentKind.ATTACHMENT})


_Found = list[tuple[Segment, Sequence[Home]]]


def check(view: View) -> Iterable[Hit]:
    """One finding for each output, cell source or metadata that names somebody's home folder."""
    by_place: dict[object, _Found] = {}
    for segment in view.segments:
        hay = segment.haystack
        if segment.kind in _NOT_READ or not ("/home/" in hay or "Users" in hay or "Documents and Settings" in hay):
            continue
        homes = tuple(find_homes(segment.text))
        if homes:
            place = segment.output if segment.in_output else segment.place
            by_place.setdefault((segment.cell, place), []).append((segment, homes))
    for found in by_place.values():
        yield _hit(view, found)


def _hit(view: View, found: _Found) -> Hit:
    segment, homes = found[0]
    count = sum(len(homes) for _, homes in found)
    times = "" if count == 1 else f" {count} times"
    way_out = (
        "use a path relative to the notebook or a parameter"
        if segment.kind is SegmentKind.SOURCE
        else "`nb-mlops fix` writes `~` instead"
    )
    message = (
        f"The {segment.place} names somebody's home folder{times}: the path tells whose account this is and holds on "
        f"one machine only; {way_out}."
    )
    edits = _edits(view, found)
    fix = Fix("Write `~` for the home folder", edits) if edits else None
    return Hit(message, segment.span(homes[0].start, homes[0].end), fix=fix, data={"count": count})


def _edits(view: View, found: _Found) -> tuple[Edit, ...]:
    first = found[0][0]
    if in_metadata(first):
        spans = (segment.span(home.start, home.end) for segment, homes in found for home in homes)
        return change_metadata(view, spans, _tilde)
    if first.in_output:
        return replace_in_output([(s, [(home.start, home.end) for home in homes]) for s, homes in found], "~")
    return ()


def _tilde(text: str) -> str:
    for home in reversed(list(find_homes(text))):
        text = text[: home.start] + "~" + text[home.end :]
    return text


RULE = Rule(
    "ED013",
    "local-identity",
    Severity.WARNING,
    bad=(
        example(
            code("import os\nprint(os.getcwd())", stdout("/home/mkowalski/data/rates.csv\n")),
            fixed=("import os\nprint(os.getcwd())",),
            note="printed",
        ),
        example(
            code(
                "1 / 0",
                raised("ZeroDivisionError", "division by zero", "File \x1b[32m/Users/mkowalski/rates.py\x1b[0m:3"),
                tags=("raises-exception",),
            ),
            fixed=("1 / 0",),
            note="in a traceback",
        ),
        example(
            code("1 + 1"),
            papermill={"input_path": "C:\\Users\\mkowalski\\rates.ipynb"},
            fixed=("1 + 1",),
            note="in metadata",
        ),
        example(code("rates = open('/home/mkowalski/data/rates.csv')"), note="in code"),
    ),
    good=(
        example(code("import os\nprint(os.getcwd())", stdout("/home/jovyan/work/rates.csv\n"))),
        example(code("import os\nprint(os.getcwd())", stdout("data/home/rates.csv /content/rates.csv ~/rates.csv\n"))),
        example(markdown("Put the file into `/home/mkowalski/data`.")),
    ),
    check=check,
    every_language=True,
    sensitive=True,
)

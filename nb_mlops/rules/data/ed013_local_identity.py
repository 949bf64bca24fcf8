"""Somebody's user name, in the path of a home folder or in what Colab notes of a run.

## What it does

Home folders with a user name (`/home/…`, `/Users/…`, `C:\\Users\\…`) in outputs, tracebacks, code and metadata,
papermill's recorded paths included. Markdown is left to its author. Colab writes the full name, account number and
photo of whoever ran a cell into the cell's metadata, and that person's mark into the notebook's.

## Why is this bad?

The path tells everyone who reads the notebook the account and the machine it was run on, it changes with every person
who runs it, and in code it exists on one machine alone.

## What it leaves alone

Accounts that belong to nobody: those of images and services (`jovyan`, `root`, `ubuntu`, `runner` …), Colab's
`/content`, and the names documentation uses.

## What to do

`nb-mlops fix` writes `~` for the home folder in outputs and metadata, and takes out what Colab notes. In code use a
path relative to the notebook, or a parameter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from nb_mlops.analysis.segment import Segment, SegmentKind
from nb_mlops.analysis.sensitive.personal import Home, find_homes
from nb_mlops.analysis.sensitive.sheets import Sheet, first_look
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Edit, Fix, SetMetadata, Severity
from nb_mlops.core.notebook import Position, Span
from nb_mlops.linter.rule import Hit, Rule, code, example, markdown, raised, stdout

_NOT_READ = frozenset({SegmentKind.MARKDOWN, SegmentKind.RAW, SegmentKind.ATTACHMENT})


_FOLDERS = ("/home/", "Users", "Documents and Settings")

_Found = list[tuple[Segment, Sequence[Home]]]


def check(view: View) -> Iterable[Hit]:
    """One finding for each place that names somebody's home folder, and one for what Colab notes."""
    yield from _colab(view)
    by_place: dict[object, _Found] = {}
    texts = ("" if segment.kind in _NOT_READ else segment.haystack for segment in view.segments)
    for segment in map(view.segments.__getitem__, sorted(_worth_a_search(texts))):
        homes = tuple(find_homes(segment.text))
        if homes:
            place = segment.output if segment.in_output else segment.place
            by_place.setdefault((segment.cell, place), []).append((segment, homes))
    for found in by_place.values():
        yield _hit(view, found)


@first_look
def _worth_a_search(sheet: Sheet) -> Iterator[int]:
    return (number for folder in _FOLDERS for number in sheet.holding(folder))


def _colab(view: View) -> Iterable[Hit]:
    """Who ran the cells, as Colab keeps it; one finding for all of them, at the first."""
    infos = [(cell.index, info) for cell in view.notebook.cells if (info := cell.metadata.get("executionInfo"))]
    ran = [index for index, info in infos if _is_known(info)]
    colab = view.notebook.metadata.get("colab")
    mark = isinstance(colab, Mapping) and bool(colab.get("authorship_tag"))
    if not ran:
        return
    edits: list[Edit] = [SetMetadata(index, ("executionInfo", "user"), None) for index in ran]
    if mark:
        edits.append(SetMetadata(None, ("colab", "authorship_tag"), None))
    message = (
        f"Colab has noted who ran {len(ran)} of the cells: name and account go to everyone who gets the notebook. Let "
        "`nb-mlops fix` take them out."
    )
    start = Position(1, 0)
    fix = Fix("Take out who ran the cells", tuple(edits))
    yield Hit(message, Span(ran[0], "metadata/executionInfo/user", start, start), fix=fix, data={"count": len(ran)})


def _is_known(info: object) -> bool:
    user = info.get("user") if isinstance(info, Mapping) else None
    return isinstance(user, Mapping) and any(user.get(key) for key in ("displayName", "userId", "photoUrl"))


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
    from nb_mlops.linter.mend import change_metadata, in_metadata, replace_in_output  # most notebooks need none

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
    bad=lambda: (
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
        example(
            code("1 + 1", executionInfo={"status": "ok", "user": {"displayName": "M. Kowalski", "userId": "0"}}),
            fixed=("1 + 1",),
            note="noted by Colab",
        ),
    ),
    good=lambda: (
        example(code("import os\nprint(os.getcwd())", stdout("/home/jovyan/work/rates.csv\n"))),
        example(code("import os\nprint(os.getcwd())", stdout("data/home/rates.csv /content/rates.csv ~/rates.csv\n"))),
        example(code("1 + 1", executionInfo={"status": "ok", "user": {"displayName": "", "userId": ""}})),
        example(markdown("Put the file into `/home/mkowalski/data`.")),
    ),
    check=check,
    every_language=True,
    sensitive=True,
)

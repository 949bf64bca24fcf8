"""The saved state of interactive widgets.

## What it does

`metadata.widgets`: what every slider, text field, progress bar and image widget held when the notebook was saved. A
warning from 100 kilobytes on, information below.

## Why is this bad?

The state keeps what was typed into fields and what was loaded into tables, unseen in the notebook; it is often most
of the file, and it changes with every run.

## What to do

`nb-mlops fix` drops it. Widgets show their text instead until the cell runs again. Jupyter saves it only when told to
(*Settings → Save Widget State Automatically*).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Fix, SetMetadata, Severity
from nb_mlops.core.notebook import Position, Span
from nb_mlops.linter.rule import Hit, Rule, code, example

_LARGE = 100_000
_PLACE = Span(None, "metadata/widgets", Position(1, 0), Position(1, 0))


def check(view: View) -> Iterable[Hit]:
    """One finding for a notebook that carries the state of widgets."""
    widgets = view.notebook.metadata.get("widgets")
    if not isinstance(widgets, Mapping) or not widgets:
        return
    size = _weight(widgets)
    count = sum(len(part.get("state", part)) for part in widgets.values() if isinstance(part, Mapping))
    if not count:
        return  # an empty shelf, which Jupyter leaves behind
    weight = f"{size // 1000} kB" if size >= 1000 else f"{size} bytes"
    message = (
        f"It carries the saved state of {count} widget{'' if count == 1 else 's'} ({weight}): what was typed and "
        "loaded, unseen. Let `nb-mlops fix` drop it; running the cells makes it again."
    )
    severity = Severity.WARNING if size >= _LARGE else Severity.INFO
    fix = Fix("Drop the saved state of widgets", (SetMetadata(None, ("widgets",), None),))
    yield Hit(message, _PLACE, severity=severity, fix=fix, data={"models": count, "bytes": size})


def _weight(value: object, depth: int = 3) -> int:
    """How long a value is as JSON: widget by widget, for the state may be most of a large file."""
    import json  # few notebooks have widgets

    if depth and isinstance(value, Mapping) and value:
        parts = (len(json.dumps(str(key))) + 4 + _weight(part, depth - 1) for key, part in value.items())
        return sum(parts)
    return len(json.dumps(value, default=str))


_EMPTY = {"application/vnd.jupyter.widget-state+json": {"state": {}, "version_major": 2, "version_minor": 0}}
_STATE = {"application/vnd.jupyter.widget-state+json": {"state": {"a1": {"state": {"value": "typed"}}}}}

RULE = Rule(
    "ED010",
    "widget-state",
    Severity.WARNING,
    bad=lambda: (example(code("!make slider"), widgets=_STATE, fixed=("!make slider",)),),
    good=lambda: (example(code("!make slider"), widgets={}), example(code("!make slider"), widgets=_EMPTY)),
    check=check,
    every_language=True,
)

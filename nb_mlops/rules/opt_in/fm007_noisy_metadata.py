"""Metadata that an application keeps for itself, different from machine to machine and run to run.

## What it does

Entries of cells (`collapsed`, `scrolled`, `ExecuteTime`, `vscode`, `pycharm`, `papermill`, Colab's `id`, `colab`,
`outputId` and `executionInfo`, the latter with the user's name) and of the notebook (`vscode`, `interpreter` with its
hash, `papermill`, Colab's `provenance` and the like). One finding for the notebook, with how often each stands there.

## Why is this bad?

Whoever opens the notebook elsewhere rewrites them: diffs in which nothing happened, and merge conflicts about nothing.
Some tell who ran the notebook, when, and where.

## What it leaves alone

Tags, slides, hidden inputs, Colab's forms and its choice of GPU; a Colab `id` that a link in the notebook leads to
(`#scrollTo=…`); the times in a cell's `execution`, which record the order that cells were run in.

## What to do

`nb-mlops fix` removes them; nothing that a kernel or a reader sees depends on them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Fix, SetMetadata, Severity
from nb_mlops.core.value import replace
from nb_mlops.knowledge.metadata import CELL_NOISE, COLAB_CELL, COLAB_NOTEBOOK, NOTEBOOK_NOISE
from nb_mlops.linter.rule import THE_NOTEBOOK, Hit, Rule, code, example, markdown

_MOST = 6
_LINK = "scrollTo="


def check(view: View) -> Iterable[Hit]:
    """At most one finding, about the notebook."""
    edits = (*_of_notebook(view), *_of_cells(view))
    if not edits:
        return
    counted = Counter(".".join(edit.keys) for edit in edits)
    named = [f"`{name}`" + (f" ({count} times)" if count > 1 else "") for name, count in counted.most_common(_MOST)]
    more = f" and {len(counted) - _MOST} more" if len(counted) > _MOST else ""
    message = (
        f"Applications have left notes of their own here: {', '.join(named)}{more}. They differ from machine to "
        "machine and run to run, so that diffs show changes where there are none. `nb-mlops fix` removes them."
    )
    count = f"{len(edits)} entries" if len(edits) > 1 else f"`{'.'.join(edits[0].keys)}`"
    yield Hit(message, THE_NOTEBOOK, fix=Fix(f"Remove {count} from the metadata", edits), data=dict(counted))


def _of_notebook(view: View) -> Iterator[SetMetadata]:
    for keys in NOTEBOOK_NOISE:
        if _has(view.notebook.metadata, keys):
            yield SetMetadata(None, keys, None)


def _of_cells(view: View) -> Iterator[SetMetadata]:
    colab = any(key in view.notebook.metadata for key in COLAB_NOTEBOOK)
    texts = [cell.source for cell in view.notebook.cells if colab and _LINK in cell.source]
    for cell in view.notebook.cells:
        for key, value in cell.metadata.items():
            linked = colab and key == COLAB_CELL and any(f"{_LINK}{value}" in text for text in texts)
            if key in CELL_NOISE or (colab and key == COLAB_CELL and not linked):
                yield SetMetadata(cell.index, (key,), None)


def _has(metadata: Mapping[str, Any], keys: tuple[str, ...]) -> bool:
    value: Any = metadata
    for key in keys:
        if not isinstance(value, Mapping) or key not in value:
            return False
        value = value[key]
    return True


RULE = Rule(
    "FM007",
    "noisy-metadata",
    Severity.INFO,
    bad=lambda: (
        example(code("x = 1", collapsed=True, scrolled=False), fixed=("x = 1",)),
        example(code("x = 1"), vscode={"interpreter": {"hash": "a" * 12}}, fixed=("x = 1",)),
        example(
            code("x = 1", ExecuteTime={"end_time": "2021-05-04T10:00:00.000Z"}),
            papermill={"duration": 3.1, "version": "2.4.0"},
            fixed=("x = 1",),
        ),
    ),
    good=lambda: (
        example(code("x = 1", tags=("parameters",), slideshow={"slide_type": "slide"}, cellView="form")),
        example(code("x = 1"), colab={"toc_visible": True}, accelerator="GPU"),
        example(
            markdown("See [the figures](#scrollTo=aB3dE5fG7h)."),
            replace(code("x = 1"), metadata={"id": "aB3dE5fG7h"}),
            colab={"toc_visible": True},
        ),
        example(code("x = 1", execution={"iopub.status.busy": "2021-05-04T10:00:00.000Z"})),
    ),
    check=check,
    default=False,
    every_language=True,
)

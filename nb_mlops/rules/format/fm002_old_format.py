"""The file is in an old version of the notebook format.

## What it does

Notebooks in nbformat 1 to 3, which IPython wrote until 2015. With the setting `oldest-format = "4.5"` also those of an
older minor version: formats below 4.5 have no cell ids.

## Why is this bad?

Today's tools read such a file only after converting it, and some not at all: nothing can be mended in it in place, and
the first person to save it rewrites every line. Without ids, a review or a merge cannot tell a moved cell from a
deleted and a new one.

## What to do

Convert it in a commit of its own: `jupyter nbconvert --to notebook --inplace FILE`, or open and save it in Jupyter.
From 4.0 on `nb-mlops fix` does it: it gives each cell an id and changes nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Fix, SetFormat, Severity
from nb_mlops.linter.rule import THE_FILE, Example, Hit, Rule, code, example

_NEWEST = 5


def check(view: View) -> Iterable[Hit]:
    """At most one finding, about the file."""
    notebook = view.notebook
    if notebook.upgraded_from is not None:
        import shlex  # hardly any notebook is that old

        yield Hit(
            f"This notebook is in nbformat {notebook.upgraded_from}, which was replaced in 2015: some tools cannot "
            "read it and nothing can be mended in place. Convert it: "
            f"`jupyter nbconvert --to notebook --inplace {shlex.quote(notebook.path)}`.",
            THE_FILE,
        )
        return
    major, minor = notebook.nbformat
    if major != 4 or minor >= int(view.settings.oldest_format.removeprefix("4.")):
        return
    from nb_mlops.linter.mend import fresh_ids  # few notebooks are old

    edits = (SetFormat(_NEWEST), *fresh_ids(notebook, [cell for cell in notebook.cells if not cell.id]))
    yield Hit(
        f"This notebook is in nbformat {major}.{minor}, older than this project wants: it has no cell ids, so a moved "
        "cell cannot be told from a deleted one. `nb-mlops fix` brings it to 4.5.",
        THE_FILE,
        fix=Fix("Bring the file to nbformat 4.5", edits),
    )


RULE = Rule(
    "FM002",
    "old-format",
    Severity.WARNING,
    bad=lambda: (
        Example(
            raw=b'{"metadata": {}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": [{"cell_type": "code",'
            b' "input": ["1 + 1"], "language": "python", "metadata": {}, "outputs": []}]}]}\n',
            note="nbformat 3",
        ),
    ),
    good=lambda: (
        example(code("1 + 1")),
        Example(
            raw=b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 2}\n', note="old enough to be kept"
        ),
    ),
    check=check,
    every_language=True,
)

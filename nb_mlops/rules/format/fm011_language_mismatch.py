"""The notebook says that it is in one language, and is in another.

## What it does

Kernels and cells that do not agree: `kernelspec` names one language and `language_info` another; the notebook is called
a Python one and most of its cells are no Python; or it is called something else and all of its cells are Python, with
imports.

## Why is this bad?

Whoever runs it, by hand or with papermill, starts the kernel that is named, and its first cell fails. Tools choose what
to look for by the language, so that a notebook under a wrong name passes without anybody having looked.

## What to do

Open it with the right kernel and save it.

## False positives

Languages that look like Python (Sage, xonsh, Coconut) are not judged, nor is .NET Interactive, where each cell has its
own.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Confidence, Severity
from nb_mlops.linter.rule import THE_NOTEBOOK, Hit, Rule, code, example

_PYTHON = "python"
# Names of one language, and of languages that share a kernel.
_FAMILIES = {
    _PYTHON: ("ipython", "python2", "python3", "pyspark", "pyspark3", "python_glue_session", "micropython"),
    "like python": ("sage", "sagemath", "xonsh", "coconut", "mojo", "starlark", "sos", "robotframework", "vpython"),
    ".net": ("c#", "f#", "csharp", "fsharp", "powershell", "pwsh", "polyglot-notebook", "dotnet-interactive"),
    "c++": ("c++11", "c++14", "c++17", "c++20", "c++23", "cpp", "cling"),
    "r": ("ir",),
    "javascript": ("js", "nodejs", "node", "typescript", "deno"),
    "shell": ("bash", "sh", "zsh"),
    "": ("text", "plaintext", "plain text", "none", "unknown"),
}
_FAMILY = {name: family for family, names in _FAMILIES.items() for name in names}
_FEWEST = 3


def check(view: View) -> Iterator[Hit]:
    """At most one finding, about the notebook."""
    kernel, info = _said(view, "kernelspec", "language"), _said(view, "language_info", "name")
    if kernel and info and kernel != info and not {kernel, info} <= {_PYTHON, "like python"}:
        yield Hit(
            f"The kernel's language is {kernel}, but `language_info` says {info}: what runs this notebook goes by the "
            "one, what reads it by the other. Open it with the right kernel and save it.",
            THE_NOTEBOOK,
        )
    elif (kernel or info) == _PYTHON:
        yield from _not_python(view)
    elif kernel or info:
        yield from _python_after_all(view, kernel or info)


def _said(view: View, section: str, key: str) -> str:
    """The language that a part of the metadata names, "" where it names none."""
    part = view.notebook.metadata.get(section)
    name = part.get(key) if isinstance(part, Mapping) else None
    lowered = name.strip().lower() if isinstance(name, str) else ""
    return _FAMILY.get(lowered, lowered)


def _not_python(view: View) -> Iterator[Hit]:
    if view.foreign:
        cells = sum(1 for cell in view.code_cells if cell.source.strip())
        yield Hit(
            f"This is called a Python notebook, but {len(view.foreign)} of its {cells} code cells are no Python: its "
            "kernel cannot run them and no rule can read them. Open it with the right kernel and save it.",
            THE_NOTEBOOK,
            confidence=Confidence.MEDIUM,
        )


def _python_after_all(view: View, said: str) -> Iterator[Hit]:
    if said in _FAMILIES and said != "r":
        return
    trees = [view.python[cell.index].tree for cell in view.code_cells if cell.source.strip()]
    if len(trees) < _FEWEST or not all(trees):
        return
    if any(_is_telling(node) for tree in trees if tree for node in tree.body):
        yield Hit(
            f"This notebook says that its language is {said}, but its {len(trees)} code cells are Python, so no rule "
            "for Python looked at them. Open it with its kernel and save it.",
            THE_NOTEBOOK,
            confidence=Confidence.MEDIUM,
        )


def _is_telling(node: ast.stmt) -> bool:
    """What only Python writes this way."""
    return isinstance(node, (ast.ImportFrom, ast.FunctionDef)) or (
        isinstance(node, ast.Import) and any(name.asname for name in node.names)
    )


_R = {"name": "ir", "display_name": "R", "language": "R"}
_PY = {"name": "python3", "display_name": "Python 3", "language": "python"}
RULE = Rule(
    "FM011",
    "language-mismatch",
    Severity.WARNING,
    bad=lambda: (
        example(code("x = 1"), kernelspec=_R, language_info={"name": "python"}),
        example(
            code("import pandas as pd"),
            code("rates = pd.DataFrame()"),
            code("rates"),
            kernelspec=_R,
            note="Python, called R",
        ),
    ),
    good=lambda: (
        example(code("import numpy as np\nnp.zeros(3)"), kernelspec=_PY, language_info={"name": "ipython"}),
        example(code("x <- 1"), code("library(dplyr)"), code("y = 2"), kernelspec=_R),
        example(code("from sage.all import var"), code("x = 1"), code("x"), kernelspec={"language": "sage"}),
        example(
            code("print 'total:', total"),
            code("print total"),
            code("print 'done'"),
            kernelspec=_PY,
            language_info={"name": "python", "version": "3.4.3"},
            note="Python 2 is Python, too",
        ),
        example(code("1"), kernelspec={"language": "F#"}, language_info={"name": "C#"}, note=".NET: a language a cell"),
    ),
    check=check,
    every_language=True,
)

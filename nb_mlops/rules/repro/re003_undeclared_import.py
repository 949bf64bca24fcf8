"""An import that nothing the project declares would install.

## What it does

Compares what a notebook imports with the dependency files on the way from it to the project's root (requirements,
pyproject.toml, environment.yml, Pipfile, setup.py, lock files, and folders such as `binder/` beside them): a package
that none of them names, and that none of the packages they name is known to bring.

## Why is this bad?

The notebook runs where somebody once installed that package by hand. In a fresh environment made from the project's
own files it stops with `ModuleNotFoundError`.

## What it leaves alone

Projects that declare nothing (RE004), or nothing that the notebook imports, so that their files are about something
else; modules that the project has itself or that nobody knows; imports whose failing is caught or asked about; what the
notebook installs; and notebooks of hosts that bring packages along (Colab, Kaggle, SageMaker, Databricks …).

## What to do

Declare the package where the others stand, with the version that you ran with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.core.lazy import pattern
from nb_mlops.core.project import Stated
from nb_mlops.linter.rule import Hit, Rule, code, example

_NAME = pattern(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?(?=\Z|[\[<>=!~;,])")
_INSTALLS = pattern(r"(?s)(?:subprocess|os\.system|pip\.main).*\bpip\b|\bpip\b.*subprocess")
_HOSTS = frozenset(
    {"colab", "kaggle", "dbfs", "application/vnd.databricks+notebook", "availableInstances", "instance_type"}
)
_HOSTED_KERNEL = pattern(r"conda_\w+|arn:.*|.*sagemaker.*|.*azureml.*|local-.*", 2)


def check(view: View) -> Iterator[Hit]:
    """One hit for each distribution, where it is first imported."""
    declared = view.project.declared
    if declared is not None and declared.names is not None and not _is_hosted(view):
        yield from _undeclared(view, declared.names, declared.files)


def _undeclared(view: View, names: frozenset[str], files: tuple[str, ...]) -> Iterator[Hit]:
    from nb_mlops.analysis.imports import lacking, normal  # asked for in projects that declare something
    from nb_mlops.knowledge.distributions import GIVEN, providers

    known = [found for found in view.imports if not found.guarded and providers(found.head)]
    foreign = [found for found in known if not GIVEN.intersection(providers(found.head))]
    lacks = [(found, lacking(found.head, names)) for found in foreign]
    missing = {name: found for found, name in reversed(lacks) if name}
    if all(name for _, name in lacks):  # then the files are about something else: a library, its documentation
        return
    installed = _installed(view) if missing else ()
    if installed is None:
        return
    for name, found in reversed(missing.items()):
        if not {*providers(found.head)}.intersection(installed) and not view.project.has_module(found.head):
            line = view.python[found.cell].position(found.node.lineno, found.node.col_offset)
            span = view.line_span(view.cell(found.cell), line.line, line.column)
            shown = f"`{found.head}`" if normal(found.head) == name else f"`{found.head}` (`{name}`)"
            yield Hit(_message(shown, name, files), span, data={"package": name})


def _is_hosted(view: View) -> bool:
    spec = view.notebook.metadata.get("kernelspec")
    kernel = str(spec.get("name", "")) if isinstance(spec, Mapping) else ""
    known = bool(_HOSTS & view.notebook.metadata.keys()) or _HOSTED_KERNEL.fullmatch(kernel) is not None
    return known or view.is_hosted or "get_execution_role" in view.code


def _installed(view: View) -> frozenset[str] | None:
    """What the notebook installs itself; None where nobody can tell."""
    from nb_mlops.analysis.imports import normal
    from nb_mlops.analysis.installs import wanted

    found: set[str] = set()
    for cell in view.code_cells:
        if "install" not in cell.source:
            continue
        if _INSTALLS.search(cell.source):
            return None
        for word in wanted(cell, view.python[cell.index]):
            match = _NAME.match(word)
            if match is None or "$" in word or "{" in word:
                return None
            found.add(normal(match.group()))
    return frozenset(found)


def _message(imported: str, name: str, files: tuple[str, ...]) -> str:
    shown = ", ".join(f"`{file}`" for file in files[:3]) + (f" and {len(files) - 3} more" if len(files) > 3 else "")
    return (
        f"{imported} is imported, and an installation from {shown} does not bring it: in a fresh environment the "
        f"notebook stops here. Declare `{name}` there."
    )


_AROUND = Stated(declares=frozenset({"pandas", "scikit-learn"}), modules=frozenset({"plotly"}))

RULE = Rule(
    "RE003",
    "undeclared-import",
    Severity.WARNING,
    bad=lambda: (
        example(code("import pandas as pd\nimport polars as pl\nprint(pl.DataFrame(), pd)"), around=_AROUND),
        example(
            code("import pandas\nfrom PIL import Image\nprint(Image, pandas)"), around=_AROUND, note="by another name"
        ),
        example(
            code("%pip install polars==1.9"),
            code("import xgboost, sklearn\nimport polars\nprint(xgboost, polars, sklearn)"),
            around=_AROUND,
        ),
    ),
    good=lambda: (
        example(
            code("import numpy as np\nfrom sklearn import svm\nprint(np, svm)"), around=_AROUND, note="pandas needs it"
        ),
        example(code("import polars"), around=Stated(), note="nothing is declared at all"),
        example(code("import polars"), note="a notebook without a project"),
        example(code("import polars"), around=_AROUND, note="the files are about something else"),
        example(code("import pandas, polars"), around=_AROUND, colab={}, note="Colab brings its own"),
        example(
            code("import pandas\ntry:\n    import polars\nexcept ImportError:\n    polars = None\nprint(polars)"),
            around=_AROUND,
        ),
        example(
            code("!pip install polars==1.9"), code("import polars, pandas\nimport plotly, helpers"), around=_AROUND
        ),
    ),
    check=check,
    says=("import",),
)

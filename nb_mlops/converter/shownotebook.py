"""A short notebook that imports the package and shows what the long one showed."""

from __future__ import annotations

import json
from typing import Any

from nb_mlops.converter.plan import Plan

_SHOW = """from IPython.display import display
from {package} import Config, report, run


def show(kind, value):
    if kind == "metric":
        print(f"{{value['name']}} = {{value['value']!r}}")
    elif kind in ("display", "figure"):
        display(value)"""
_RUN = """with report.listening(show):
    values = run(Config(), data_root=DATA)"""


def show_notebook(plan: Plan, data: str) -> str:
    """`show.ipynb`, without outputs; `data` is the folder, seen from the package's own, in which the pipeline finds its
    files."""
    base = plan.path.rpartition("/")[2]
    title = f"# {plan.package}\n\nRuns the package and shows what `{base}` showed."
    cells = [
        {"cell_type": "markdown", "id": "title", "metadata": {}, "source": title},
        _code("data", f"DATA = {json.dumps(data)}  # relative paths in the code start here", ["parameters"]),
        _code("listen", _SHOW.format(package=plan.package)),
        _code("run", _RUN),
        _code("values", "sorted(values)"),
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    book = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(book, indent=1, ensure_ascii=False) + "\n"


def _code(name: str, source: str, tags: list[str] | None = None) -> dict[str, Any]:
    metadata = {"tags": tags} if tags else {}
    return {
        "cell_type": "code",
        "id": name,
        "metadata": metadata,
        "source": source,
        "execution_count": None,
        "outputs": [],
    }

"""The notebook asks for a kernel that only one machine has.

## What it does

Looks at the kernel that a Python notebook names. `python3` is everywhere, and hosts have names of their own; what is
called after somebody's environment (`conda-env-rates-py`, `.venv`, `rates`) is not.

## Why is this bad?

Jupyter asks everybody else which kernel is meant, and what runs notebooks without asking (papermill, nbconvert, a
schedule) stops with `NoSuchKernel`.

## What it leaves alone

The names that Jupyter, conda and well-known hosts give by themselves, and kernels of other languages.

## What to do

Choose the kernel `Python 3 (ipykernel)` of the environment, and write down what the environment holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.core.lazy import pattern
from nb_mlops.linter.rule import THE_NOTEBOOK, Hit, Rule, code, example

_MOST = "python3"  # nearly every notebook: nothing to look up
_KNOWN = pattern(
    r"python[23]?|python[23][.\d]*|ipython|xpython|xeus-python|xpython-raw|python-?(?:pyodide|kernel)|pyodide|pysparkkernel|"
    r"sparkkernel|pyspark|synapse_pyspark|synapse_widget|databricks|spark-\w+-python|conda_\w+|python[23]?-azureml|"
    r"python\d+-?azureml\w*|py\d+|tensorflow\d?|tf\d*-gpu|conda-root-py|conda-base-py|local-\S+|common-cpu|pytorch|saturn|"
    r"jupyter|calysto_python|sos|polyglot-notebook|\.net-\S+|coconut\d?|sagemaker\S*|arn:.*|google-colab|ir|julia\S*|"
    r"sagemath|.*cpu optimized|.*gpu optimized|python3__SAGEMAKER_.*",
    2,
)


def check(view: View) -> Iterator[Hit]:
    """At most one hit."""
    spec = view.notebook.metadata.get("kernelspec")
    if not isinstance(spec, Mapping) or not view.notebook.is_python:
        return
    name = spec.get("name")
    if not isinstance(name, str) or not name or name == _MOST or _KNOWN.fullmatch(name):
        return
    message = (
        f"The notebook asks for the kernel `{name[:60]}`, which others do not have: what runs it without asking stops "
        "before its first cell. Choose `python3` of the environment, and write down what that holds."
    )
    yield Hit(message, THE_NOTEBOOK)


_SPEC = {"display_name": "Python (rates)", "language": "python"}

RULE = Rule(
    "RE013",
    "personal-kernel",
    Severity.WARNING,
    bad=lambda: (
        example(code("print(1)"), kernelspec={**_SPEC, "name": "conda-env-rates-py"}),
        example(code("print(1)"), kernelspec={**_SPEC, "name": "rates-2024"}),
    ),
    good=lambda: (
        example(code("print(1)"), kernelspec={**_SPEC, "name": "python3"}),
        example(code("print(1)"), kernelspec={**_SPEC, "name": "conda_python3"}, note="as SageMaker calls it"),
        example(code("print(1)")),
    ),
    check=check,
)

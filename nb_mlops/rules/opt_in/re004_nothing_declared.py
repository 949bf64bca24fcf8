"""A notebook imports packages, and nothing in its repository says which.

## What it does

In a git repository without a single dependency file (requirements, pyproject.toml, environment.yml, Pipfile, setup.py,
a lock file), tells of a notebook that imports packages which Python does not bring.

## Why is this bad?

Nobody can make the environment again that the notebook ran in: not which packages, not which versions.

## What it leaves alone

Notebooks that install what they need, notebooks of hosts that bring packages along, and folders that are no repository.

## What to do

Write the packages down, with the versions that you ran with: `nb-mlops check --lock` does it. Off by default: it says
the same of every notebook of a repository, until one file is added.
"""

from __future__ import annotations

from collections.abc import Iterator

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.core.project import Stated
from nb_mlops.knowledge.distributions import GIVEN, providers
from nb_mlops.linter.rule import THE_NOTEBOOK, Hit, Rule, code, example

_SHOWN = 5


def check(view: View) -> Iterator[Hit]:
    """At most one hit."""
    declared = view.project.declared
    if declared is None or declared.names is not None or view.is_hosted or "colab" in view.notebook.metadata:
        return
    if any("pip" in cell.source and "install" in cell.source for cell in view.code_cells):
        return
    known = dict.fromkeys(providers(found.head)[0] for found in view.imports if providers(found.head))
    names = [name for name in known if name not in GIVEN]
    if not names or view.project.declares_elsewhere:
        return
    shown = ", ".join(f"`{name}`" for name in names[:_SHOWN])
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    yield Hit(
        f"The notebook needs {shown}{more}, and no file of the repository declares any package: nobody can make its "
        "environment again. `nb-mlops check --lock` writes it down.",
        THE_NOTEBOOK,
    )


RULE = Rule(
    "RE004",
    "nothing-declared",
    Severity.WARNING,
    bad=lambda: (example(code("import pandas as pd\nimport numpy as np\nprint(pd, np)"), around=Stated()),),
    good=lambda: (
        example(code("import pandas as pd"), around=Stated(declares=frozenset({"pandas"}))),
        example(code("import json, helpers"), around=Stated(), note="nothing that anybody installs"),
        example(code("%pip install pandas==2.2.3"), code("import pandas"), around=Stated()),
        example(code("import pandas as pd"), note="no repository"),
    ),
    check=check,
    default=False,
)

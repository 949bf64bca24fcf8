"""A package installed from within the notebook, in whatever version is newest that day.

## What it does

`!pip install`, `%pip install`, `pip install` without a sign, `uv pip install`, `conda install` and the same in
`%%bash` cells, where a requirement names no exact version; and repositories without a commit or a version tag.

## Why is this bad?

The next run installs other code than this one did: results change or the notebook breaks, and nothing in it says why.

## What it leaves alone

Exact versions (`==`, conda's `=`), requirement and constraint files, local folders and files, archives by URL, names
that come from variables, and what only installs (`pip`, `setuptools`, `wheel`).

## What to do

Write the version that you ran with (`pip freeze` tells it): `%pip install pandas==2.2.3`. Better, declare it once in
the project's dependencies and drop the cell.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from nb_mlops.analysis.lines import line_of
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.rule import Hit, Rule, code, example

if TYPE_CHECKING:
    from nb_mlops.analysis.installs import Install

_SHOWN = 5


def check(view: View) -> Iterable[Hit]:
    """One finding for each install command that leaves a version open."""
    for cell in view.saying("install"):
        from nb_mlops.analysis.installs import installs  # most notebooks install nothing

        for install in installs(cell, view.python[cell.index]):
            line = line_of(cell.source, install.line)
            column = len(line) - len(line.lstrip())
            yield Hit(
                _message(install), view.line_span(cell, install.line, column), data={"packages": install.unpinned}
            )


def _message(install: Install) -> str:
    names = [f"`{name}`" for name in install.unpinned[:_SHOWN]]
    more = len(install.unpinned) - len(names)
    listed = ", ".join(names) + (f" and {more} more" if more else "")
    verb = "is" if len(install.unpinned) == 1 else "are"
    first = install.unpinned[0].partition(" ")[0]
    way_out = "add `@<commit>`" if "repository" in install.unpinned[0] else f"write `{first}==<version>`"
    return (
        f"{listed} {verb} installed without an exact version, so the next run may use other code than this one did; "
        f"{way_out} or declare it in the project's dependencies."
    )


RULE = Rule(
    "RE002",
    "unpinned-install",
    Severity.WARNING,
    bad=lambda: (
        example(code("!pip install -q pandas")),
        example(code("%pip install 'scikit-learn>=1.4' numpy==1.26.4")),
        example(code("pip install lightgbm"), note="without a sign, which IPython allows"),
        example(code("%%bash\ncd /tmp && python -m pip install --upgrade seaborn \\\n  altair")),
        example(code("!conda install -y -c conda-forge xgboost")),
        example(code("!pip install git+https://github.com/ada/rates.git@main")),
    ),
    good=lambda: (
        example(code("%pip install pandas==2.2.3 'numpy==1.26.4'")),
        example(code("!pip install -r requirements.txt\n!pip install -e .\n!pip install ./rates-1.0.tar.gz")),
        example(code("!conda install -y -c conda-forge xgboost=2.1 'python=3.11'")),
        example(code("!pip install -U pip setuptools wheel\n!pip install {package} $other")),
        example(code("!pip install git+https://github.com/ada/rates.git@3f2a9c1d\n# !pip install pandas")),
    ),
    check=check,
    says=("install",),
)

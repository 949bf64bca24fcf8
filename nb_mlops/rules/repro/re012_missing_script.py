"""`%run` or `%load` of a file that does not come with the notebook.

## What it does

Looks up the file that `%run` and `%load` name, from the notebook's folder: whether it is there, and in a git
repository whether git has it too.

## Why is this bad?

The cell stops with `File not found`, and everything that the script would have defined is missing after it. A file
that is on one machine and not in git is missing for everybody else.

## What it leaves alone

Notebooks outside of any project, names made of variables, addresses, modules (`%run -m`), files that the notebook or
other code of the project writes, and notebooks that change the folder or fetch files first.

## What to do

Put the file where the notebook names it, commit it, or drop the cell.
"""

from __future__ import annotations

from collections.abc import Iterator

from nb_mlops.analysis.lines import line_of
from nb_mlops.analysis.python import Magic
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.core.notebook import Cell
from nb_mlops.core.project import Presence, Stated
from nb_mlops.linter.rule import Hit, Rule, code, example

_LOADS = ("run", "load", "loadpy")
# Options of %run with a word of their own after them.
_VALUED = ("-N", "-b", "-l", "-s", "-T")


def check(view: View) -> Iterator[Hit]:
    """One hit for each magic whose file is missing."""
    named = [
        (cell, magic, name)
        for cell in view.saying("run", "load")
        for magic in view.python[cell.index].magics
        if magic.kind == "line" and magic.name in _LOADS and (name := _file(magic))
    ]
    if not named or view.is_hosted:
        return
    from nb_mlops.analysis.fetching import fetches, moves  # few notebooks run others

    if moves(view) or fetches(view):
        return
    for cell, magic, name in named:
        presence = _presence(view, name)
        if presence in (Presence.MISSING, Presence.HERE) and not _is_written(view, cell, name):
            line = line_of(cell.source, magic.line)
            span = view.line_span(cell, magic.line, len(line) - len(line.lstrip()))
            here = presence is Presence.HERE
            yield Hit(_HERE if here else _MISSING, span, Severity.WARNING if here else None)


_MISSING = (
    "There is no such file beside the notebook: the cell stops, and what the script would define is missing after it. "
    "Put the file where this line names it, or drop the line."
)
_HERE = (
    "This file is on this machine, and git, which has the notebook, does not have it: in every other copy the cell "
    "stops. Commit the file."
)


def _file(magic: Magic) -> str:
    """The file that the magic reads; "" where it reads none, or nobody can tell which."""
    words = iter(magic.args.split())
    for word in words:
        if word in _VALUED:
            next(words, "")
        elif word.startswith("-m"):
            return ""
        elif not word.startswith("-"):
            name = word.strip("\"'").rstrip(";")
            is_file = magic.name == "run" or name.endswith((".py", ".ipynb"))
            told = is_file and "://" not in name and not set("$*{}~") & set(name) and not name.startswith("/")
            return name.replace("\\", "/") if told and name.strip("./\\") else ""
    return ""


def _presence(view: View, name: str) -> Presence:
    """Where the file is; IPython adds `.py` where that is left out, and other hosts `.ipynb`."""
    given = name.endswith((".py", ".ipynb", ".ipy", ".txt", ".r", ".sh"))
    found = [view.project.presence(each) for each in ((name,) if given else (name, f"{name}.py", f"{name}.ipynb"))]
    order = (Presence.KEPT, Presence.UNKNOWN, Presence.HERE)
    return next((one for one in order if one in found), Presence.MISSING)


def _is_written(view: View, cell: Cell, name: str) -> bool:
    """Whether other cells speak of the file, or other code of the project makes it."""
    last = name.rpartition("/")[2]
    return any(last in other.source for other in view.code_cells if other.index != cell.index) or view.project.makes(
        name
    )


_AROUND = Stated(keeps=frozenset({"lib/helpers.py", "load.ipynb"}), here=frozenset({"mine.py"}))

RULE = Rule(
    "RE012",
    "missing-script",
    Severity.ERROR,
    bad=lambda: (
        example(code("%run helpers.py"), around=_AROUND),
        example(code("%run -i ../setup"), around=_AROUND),
        example(code("%run mine.py"), around=_AROUND, note="git does not have it"),
        example(code("%load solutions/first.py"), around=_AROUND),
    ),
    good=lambda: (
        example(code("%run lib/helpers\n%run ./load"), around=_AROUND),
        example(code("%%writefile made.py\nx = 1"), code("%run made.py"), around=_AROUND),
        example(code("%run $script\n%run -m timeit\n%load https://example.org/a.py\n%load 3-5"), around=_AROUND),
        example(code("%cd ..\n%run helpers.py"), around=_AROUND),
        example(code("%run helpers.py"), note="a notebook without a project"),
    ),
    check=check,
    says=("run", "load"),
)

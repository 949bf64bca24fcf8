"""A file is read that does not come with the project and that nothing in it makes.

## What it does

Looks up every file that the code reads by a relative path that it spells out (`pd.read_csv("data/a.csv")`, `open`,
`np.load`, `joblib.load` …): whether git has it, in a project without git whether it is there, and if not, whether any
code of the project might make or fetch it.

## Why is this bad?

Whoever gets the project cannot run the notebook past this cell, nor check what it says; and a file that is on one
machine only is gone with that machine.

## What it leaves alone

Notebooks outside of any project or on a host of their own, names made while the notebook runs, parameters, files that
the notebook speaks of elsewhere, that other code of the project writes, that DVC keeps or that lie in submodules, and
notebooks that change the folder, ask whether files exist, or fetch or unpack anything.

## What to do

Commit the file, keep it with DVC or Git LFS, or add the cell or the script that fetches it.
"""

from __future__ import annotations

from collections.abc import Iterator

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.core.lazy import pattern
from nb_mlops.core.project import Presence, Stated
from nb_mlops.linter.rule import Hit, Rule, code, example

_WORDS = ("read_", "open", "load", "imread", "genfromtxt", "fromfile", "scan_", "File")
_NAMED = pattern(r"""\.(?<=[\w)}]\.)[A-Za-z]\w{0,7}["']""")
_HOSTS = frozenset({"colab", "kaggle", "dbfs", "application/vnd.databricks+notebook"})
_ASKS = (".exists(", "isfile(", "is_file(")


def check(view: View) -> Iterator[Hit]:
    """One hit for each file, where it is first read."""
    if not _NAMED.search(view.code) or not view.project.known:
        return
    from nb_mlops.analysis.fetching import fetches, moves  # only what reads files is asked for them
    from nb_mlops.analysis.reads import file_reads

    told: set[str] = set()
    for read in file_reads(view):
        if read.path in told:
            continue
        told.add(read.path)
        presence = view.project.presence(read.path)
        if presence not in (Presence.MISSING, Presence.HERE):
            continue
        if view.says(*_ASKS) or fetches(view) or moves(view) or _is_hosted(view):
            return
        cell = view.cell(read.cell)
        if "raises-exception" not in cell.tags and not view.project.makes(read.path):
            yield Hit(_message(read.path, presence), view.node_span(cell, read.call), data={"file": read.path})


def _is_hosted(view: View) -> bool:
    return view.is_hosted or bool(_HOSTS & view.notebook.metadata.keys())


def _message(path: str, presence: Presence) -> str:
    if presence is Presence.HERE:
        where = "is on this machine, and git, which has the notebook, does not have it"
    else:
        where = "is neither in the project nor made by anything in it"
    return (
        f"`{path}` {where}: in every other copy the notebook stops here. Commit it, keep it with DVC or Git LFS, or "
        "add what fetches it."
    )


_AROUND = Stated(keeps=frozenset({"data/a.csv"}), here=frozenset({"b.csv"}), makes=frozenset({"made.csv"}))

RULE = Rule(
    "RE009",
    "missing-data",
    Severity.WARNING,
    bad=lambda: (
        example(code("import pandas as pd\nframe = pd.read_csv('data/2024.csv')"), around=_AROUND),
        example(code("import pandas as pd\nname = 'data/x.csv'\nframe = pd.read_csv(name)"), around=_AROUND),
        example(code("import os, json\nrates = json.load(open(os.path.join('data', 'r.json')))"), around=_AROUND),
        example(code("import pandas as pd\nframe = pd.read_csv('b.csv')"), around=_AROUND, note="git does not have it"),
    ),
    good=lambda: (
        example(code("import pandas as pd\npd.read_csv('data/a.csv')\npd.read_csv('./made.csv')"), around=_AROUND),
        example(code("import pandas as pd\nframe.to_csv('c.csv')"), code("pd.read_csv('c.csv')"), around=_AROUND),
        example(code("import pandas as pd\nname = 'c.csv'\npd.read_csv(name)", tags=("parameters",)), around=_AROUND),
        example(code("np.save('rates', [1])"), code("open('rates.npy', 'rb')"), around=_AROUND),
        example(code("!wget https://example.org/c.csv"), code("open('c.csv')"), around=_AROUND),
        example(code("import pandas as pd\npd.read_csv(base + 'c.csv')\nopen('d.txt', 'w')"), around=_AROUND),
        example(code("import pandas as pd\npd.read_csv('c.csv')"), note="a notebook without a project"),
    ),
    check=check,
    says=_WORDS,
)

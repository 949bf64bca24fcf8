"""Data come from the network as they are on that day.

## What it does

Finds web addresses that tables are read from (`pd.read_csv('https://…')`) and that are fetched with `requests`,
`urllib`, `wget` or `curl`.

## Why is this bad?

What lies at an address changes or goes away; the next run works on other data, or stops, and nothing in the notebook
says which data it was written for.

## What it leaves alone

Addresses that name a commit or a checksum, and this machine (`localhost`).

## What to do

Keep a copy in the project, or pin the address to a commit or a release and compare its checksum.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.core.lazy import pattern
from nb_mlops.linter.rule import Hit, Rule, code, example

_SUSPECT = pattern(r"https?://|\bftp://")
_FETCHES = pattern(
    r"(?:pandas|polars|geopandas)\.read_\w+\Z|requests\.get\Z|urllib\.request\.(?:urlopen|urlretrieve)\Z|urllib\.urlopen\Z|wget\.download\Z|"
    r"numpy\.(?:loadtxt|genfromtxt)\Z"
)
_SHELL = pattern(r"(?:wget|curl)\b[^\n|]*https?://")
_PINNED = pattern(r"\b[0-9a-f]{40}\b|\blocalhost\b|\b127\.0\.0\.1\b|[?&/](?:sha256|checksum)")


def check(view: View) -> Iterator[Hit]:
    """One hit for each address that is fetched from code, and for each command that fetches."""
    for cell in view.code_cells:
        if not _SUSPECT.search(cell.source):
            continue
        for call in view.calls(cell):
            first = call.node.args[0] if call.node.args else None
            text = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""
            if _FETCHES.match(call.name) and _SUSPECT.match(text) and not _PINNED.search(text) and first is not None:
                yield Hit(_MESSAGE, view.node_span(cell, first))
        for magic in view.python[cell.index].magics:
            if magic.kind == "shell" and _SHELL.match(magic.args) and not _PINNED.search(magic.args):
                yield Hit(_MESSAGE, view.line_span(cell, magic.line))


_MESSAGE = (
    "These data come from the network as they are on that day: the next run may get others, or none. Keep a copy, or "
    "pin the address to a commit or a release and compare its checksum."
)

RULE = Rule(
    "RE008",
    "unpinned-download",
    Severity.INFO,
    bad=lambda: (
        example(code("import pandas as pd\nframe = pd.read_csv('https://rates.example/2024.csv')\nprint(frame)")),
        example(code("!wget -q https://rates.example/2024.zip")),
    ),
    good=lambda: (
        example(
            code(
                "import pandas as pd\nroot = 'https://raw.example/ada/rates/'\n"
                "print(pd.read_csv('https://raw.example/ada/rates/0123456789abcdef0123456789abcdef01234567/a.csv'))"
            )
        ),
        example(code("import requests\nprint(requests.get('http://localhost:8000/health'))")),
    ),
    default=False,
    check=check,
)

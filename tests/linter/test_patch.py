from __future__ import annotations

import json

from helpers_repo import notebook_of
from helpers_tokens import token

from nb_mlops.core.exhibit import Replacement
from nb_mlops.core.finding import Fix, Safety
from nb_mlops.core.notebook import Notebook
from nb_mlops.core.settings import LintSettings
from nb_mlops.ipynb.read import read
from nb_mlops.ipynb.regions import Regions
from nb_mlops.linter.engine import lint
from nb_mlops.linter.load import load_rules
from nb_mlops.linter.patch import patch_of

TOKEN = token("github-token")
HOME = "/home/" + "mkowalski"


def opened(data: bytes) -> Notebook:
    notebook = read(data, "a.ipynb")
    assert isinstance(notebook, Notebook)
    return notebook


def patches(data: bytes) -> list[tuple[Replacement, ...]]:
    notebook = opened(data)
    findings = lint(notebook, load_rules(), LintSettings()).findings
    return [patch_of(notebook, Regions(data), finding.fix) for finding in findings if finding.fix]


def applied(data: bytes, patch: tuple[Replacement, ...]) -> bytes:
    lines = data.decode().splitlines(keepends=True)
    starts = [sum(map(len, lines[:n])) for n in range(len(lines) + 1)]
    text = data.decode()
    for one in reversed(patch):
        r = one.region
        text = text[: starts[r.line - 1] + r.column - 1] + one.text + text[starts[r.end_line - 1] + r.end_column - 1 :]
    return text.encode()


def test_a_patch_put_into_the_file_is_what_fix_writes() -> None:
    stream = {"name": "stdout", "output_type": "stream", "text": [f"{HOME}/a\n", "between\n", f"{HOME}/b\n"]}
    data = notebook_of(("x = 1", 1), ("print(x)", 2), outputs={1: [stream]})
    (patch,) = patches(data)
    mended = applied(data, patch)
    assert json.loads(mended)["cells"][1]["outputs"][0]["text"] == ["~/a\n", "between\n", "~/b\n"]
    assert "between" not in "".join(one.text for one in patch)


def test_a_patch_that_would_quote_a_secret_is_not_made() -> None:
    stream = {"name": "stdout", "output_type": "stream", "text": [f"{HOME} {TOKEN}\n"]}
    data = notebook_of(("print(1)", 1), outputs={0: [stream]})
    assert all(TOKEN not in one.text for patch in patches(data) for one in patch)


def test_nothing_is_proposed_that_may_change_what_a_notebook_computes() -> None:
    notebook = opened(notebook_of(("x = 1", 1)))
    assert patch_of(notebook, Regions(notebook.raw), Fix("Guess", (), Safety.UNSAFE)) == ()
    assert patch_of(notebook, Regions(notebook.raw), None) == ()

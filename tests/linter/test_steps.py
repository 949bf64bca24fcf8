"""What lint does grows with the size of a notebook and not with its square, however the notebook is made.

Counted are calls of functions, not seconds: twice as much of the same may take twice as many, and a little.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from nb_mlops.core.notebook import Notebook
from nb_mlops.core.settings import LintSettings
from nb_mlops.ipynb.read import read
from nb_mlops.linter.engine import lint
from nb_mlops.linter.load import load_rules

FAMILIES = ("EX", "FM", "ED", "ML", "PI", "RE", "SE", "ST")
SMALL = 60
MORE = 4

PASSWORD = "kQ7w" + "zP9xLm{}v"


def code(source: str, *outputs: dict[str, Any], count: int = 1, **metadata: Any) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": count,
        "metadata": metadata,
        "outputs": list(outputs),
        "source": source,
    }


def printed(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text}


def shown(mime: str, value: object) -> dict[str, Any]:
    return {"output_type": "display_data", "metadata": {}, "data": {mime: value}}


def lines(line: str) -> Callable[[int], list[dict[str, Any]]]:
    """One cell of code, each of its lines made of its number."""
    return lambda size: [code("".join(line.replace("{}", str(n)) for n in range(size)))]


def output(line: str, mime: str = "") -> Callable[[int], list[dict[str, Any]]]:
    """One output, each line of it made of its number."""

    def made(size: int) -> list[dict[str, Any]]:
        text = "".join(line.replace("{}", f"{n:04}") for n in range(10 * size))
        return [code("x()", shown(mime, text) if mime else printed(text))]

    return made


def cells(
    source: str, count: Callable[[int], int] = lambda n: n + 1, says: str = ""
) -> Callable[[int], list[dict[str, Any]]]:
    """Many cells, each made of its number."""
    return lambda size: [
        code(source.replace("{}", str(n)), *([printed(says)] if says else []), count=count(n)) for n in range(size)
    ]


KINDS: dict[str, Callable[[int], list[dict[str, Any]]]] = {
    "assignments, each read by the next": lines("a{} = b\nb = a{}\n"),
    "functions": lines("def f{}(x):\n    return x + g\n\nf{}(1)\n"),
    "names that nobody defines": lines("print(missing{})\n"),
    "passwords": lines(f'password = "{PASSWORD}"\n'),
    "one password": lines('password = "' + PASSWORD.replace("{}", "3") + '"\n'),
    "texts that are put together": lines('x{} = "ab" + "cd"\n'),
    "what is silenced": lines("open('/opt/data/{}.csv')  # nbm: ignore[RE001] known\n"),
    "splits of splits": lambda size: [
        code("from sklearn.model_selection import train_test_split\n" + "a, b = train_test_split(b)\n" * size)
    ],
    "e-mails": output("somebody.{}@mail.com "),
    "telephone numbers": output("phone: 030 901{}\n"),
    "phone labels": output("phone tel ssn 0000000 "),
    "key ids": output('{"kty": "RSA", "n": {} '),
    "connections": output("server x;pwd=abcd{};"),
    "passwords that are printed": output(f"password={PASSWORD}\n"),
    "at signs": output("a{}@@@@ "),
    "tables of a row": output("   a  b\n0  1  {}\n1  3  4\n\n"),
    "tables in HTML": output("<table><tr><th>a<th>b</tr><tr><td>{}<td>2</tr></table>", "text/html"),
    "cells that change a name": cells("df['a'] = df['b'] + {}", says="1"),
    "cells in a wild order": cells("a{} = a0 + 1", lambda n: n * 7919 % 1009 + 1, says="1"),
    "cells that call on": cells("def f{}():\n    return f0() + x\nf{}()"),
    "cells that miss a name": cells("print(b)"),
    "cells that are silenced": cells("print(b{})  # nbm: ignore[EX005] known"),
    "outputs": lambda size: [code("x()", *[printed(f"{n}\n") for n in range(4 * size)])],
    "records": lambda size: [
        code("x()", shown("application/json", [{"name": "key", "value": f"value {n}"} for n in range(4 * size)]))
    ],
}


@cache
def rules() -> Any:
    return load_rules()


def calls(cells: list[dict[str, Any]]) -> int:
    """How many functions a lint of these cells calls, those that are written in C among them."""
    document = {"cells": cells, "metadata": {"language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 4}
    notebook = read(json.dumps(document).encode(), "a.ipynb")
    assert isinstance(notebook, Notebook)
    count = 0

    def step(*_: object) -> None:
        nonlocal count
        count += 1

    before = sys.getprofile()
    sys.setprofile(step)
    try:
        lint(notebook, rules(), LintSettings(select=FAMILIES))
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("kind", KINDS)
def test_steps_grow_as_the_notebook_does(kind: str) -> None:
    made = KINDS[kind]
    calls(made(2))  # what is loaded and compiled when it is first needed is not counted
    few, many = calls(made(SMALL)), calls(made(MORE * SMALL))
    assert many <= 1.2 * MORE * few

"""What a second run of a cell would change."""

from __future__ import annotations

import pytest

from nb_mlops.analysis.view import View
from nb_mlops.linter.rule import code, example

BEFORE = """
import numpy as np
import pandas as pd
import sys
df = pd.DataFrame({"a": [1.0], "b": [2.0]})
x = np.ones(3)
n = 0
seen = []
old = {1}
"""


def found(source: str) -> list[tuple[str, bool]]:
    """The names that the cell changes anew each time, and whether it then fails."""
    view = View(example(code(BEFORE), code(source)).notebook)
    return [(repeat.name, repeat.fails) for repeat in view.repeats[1]]


@pytest.mark.parametrize(
    ("source", "fails"),
    [
        ("n += 1", False),
        ("n = n * 2", False),
        ("n = 2 ** n", False),
        ("for i in range(3):\n    n += i", False),
        ("seen.append(3)", False),
        ("seen.insert(0, 'x')", False),
        ("df['a'] = df['a'] / 100", False),
        ("df['a'] += 1", False),
        ("df = df.drop(columns='a')", True),
        ("df.drop(columns='a', inplace=True)", True),
        ("del df['a']", True),
        ("df = df.set_index('a')", True),
        ("df = df.reset_index()", False),
        ("df = pd.concat([df, df])", False),
        ("df['a'] = np.log(df['a'])", False),
        ("x = x[1:]", False),
        ("x = x[::-1]", False),
        ("df = df.T", False),
        ("df = df.iloc[:-1]", False),
    ],
)
def test_what_surely_differs_is_told(source: str, fails: bool) -> None:
    name = source.split("\n")[-1].strip().removeprefix("del ").split("[")[0].split(".")[0].split(" ")[0]
    assert found(source) == [(name, fails)]


@pytest.mark.parametrize(
    "source",
    [
        "n = 0\nn += 1",
        "n += 0",
        "n = n % 7",
        "n |= 4",
        "old = old - {2}",
        "old -= old",
        "x -= x.mean()",
        "mean = x.mean()\nx = x - mean",
        "x = x / x.sum()",
        "x = x[:2]",
        "x = x.reshape(3)",
        "seen = []\nseen.append(3)",
        "old.add(2)",
        "{}.pop(1, None)",
        "df = df.sort_values('a').fillna(0)",
        "df = df.drop(columns='a', errors='ignore')",
        "df = df.reset_index(drop=True)",
        "df['c'] = df['a'] * 2\ndf = df.drop(columns='c')",
        "df['c'] = df['a'] * 2",
        "df = df[df['a'] > 0]",
        "sys.path.append('src')",
        "if n:\n    n += 1",
        "def step():\n    global n\n    n += 1",
    ],
)
def test_what_may_be_done_again_is_not(source: str) -> None:
    assert found(source) == []

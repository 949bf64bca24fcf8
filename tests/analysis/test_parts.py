"""Which parts of an object a cell changes and looks at."""

from __future__ import annotations

import ast

import pytest

from nb_mlops.analysis.parts import changed_parts, parts_read, surely_changes


@pytest.mark.parametrize(
    ("source", "keys"),
    [
        ("df['a'] = 1", {"a"}),
        ("df.a = 1", {"a"}),
        ("df['a'] = df['b'].fillna(0) + df.c", {"a"}),
        ("df.loc[df['x'] > 1, 'a'] = 0", {"a"}),
        ("df['a'].fillna(0, inplace=True)", {"a"}),
        ("df['a'] = df['a'].str.strip()\ndf['b'] = df.groupby('a')['c'].sum()\nprint(len(df))", {"a", "b"}),
        ("del df['a']", {"a"}),
        ("df['a'] = 1\ndf.info()\ndf.head()", {"a"}),
        ("df.drop(['a', 'b'], axis=1, inplace=True)", {"a", "b"}),
        ("df.drop(columns='a', inplace=True)", {"a"}),
        ("df.drop('a', 1, inplace=True)", {"a"}),
        ("df.drop([3], inplace=True)", None),
        ("df['a'] = 1\nkeys = df.items()", None),
        ("df['a'] += 1", {"a"}),
        ("df.loc[3] = 0", None),
        ("df[key] = 1", None),
        ("df['a'] = 1\nclean(df)", None),
        ("df.dropna(inplace=True)", None),
        ("df['a'] = 1\nother = df", None),
        ("def f():\n    df['a'] = 1\nf()", None),
        ("print(df['a'])", None),
    ],
)
def test_the_keys_that_a_cell_changes(source: str, keys: set[str] | None) -> None:
    assert changed_parts(ast.parse(source), "df") == (None if keys is None else frozenset(keys))


@pytest.mark.parametrize(
    ("source", "keys"),
    [
        ("df['a'].mean()", {"a"}),
        ("df[['a', 'b']].head()", {"a", "b"}),
        ("df.status.value_counts()", {"status"}),
        ("df.loc[df['x'] > 1, 'a'].sum()", {"a", "x"}),
        ("df[df['x'] > 1]['a']", {"a", "x"}),
        ("df.groupby('g')['v'].sum()", {"g", "v"}),
        ("df['a'] = other", set()),
        ("df['a'] += 1", {"a"}),
        ("df.mean()", None),
        ("df.shape", None),
        ("df", None),
        ("df[df['x'] > 1]", None),
        ("f(df)", None),
        ("lambda: df['a']", None),
        ("other", None),
    ],
)
def test_the_keys_that_a_cell_looks_at(source: str, keys: set[str] | None) -> None:
    assert parts_read(ast.parse(source), "df") == (None if keys is None else frozenset(keys))


@pytest.mark.parametrize(
    ("source", "sure"),
    [
        ("df['a'] = 1", True),
        ("rows.append(1)\ndf.x = 2", True),
        ("df.drop(columns='a', inplace=True)", True),
        ("df.update(other)", True),
        ("df += 1", False),
        ("df.fit(x)", False),
        ("if x:\n    df['a'] = 1", False),
        ("for i in x:\n    df['a'] = i", False),
        ("if x:\n    raise ValueError\ndf['a'] = 1", False),
        ("other['a'] = 1", False),
    ],
)
def test_changes_that_happen_whenever_the_cell_runs(source: str, sure: bool) -> None:
    assert surely_changes(ast.parse(source), "df") is sure

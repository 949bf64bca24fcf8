"""Settings that stand in calls (`n_estimators=50`, `test_size=0.2`, `read_csv("data.csv")`) as constants."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nb_mlops.converter.trees import nodes
from nb_mlops.core.notebook import Cell
from nb_mlops.core.value import replace
from nb_mlops.knowledge import words

# Keywords by which libraries for learning, data and statistics take what people try other values of.
_SETTINGS = words(
    "n_estimators max_depth min_samples_split min_samples_leaf max_features max_leaf_nodes max_iter learning_rate"
    " learning_rate_init test_size train_size val_size random_state seed n_splits n_repeats cv n_clusters n_components"
    " n_neighbors n_iter alpha l1_ratio C gamma degree epsilon tol penalty solver kernel criterion subsample"
    " colsample_bytree reg_alpha reg_lambda num_leaves n_bins degree perplexity eps min_samples batch_size epochs"
    " dropout hidden_layer_sizes threshold ngram_range max_df min_df"
)
_READERS = words("read_csv read_excel read_json read_parquet read_table read_pickle read_feather read_hdf loadtxt")


@dataclass(frozen=True, slots=True)
class _Setting:
    """A literal in a call: of which keyword, in the call of what, and whether it says the same wherever it stands."""

    cell: int
    node: ast.expr
    keyword: str
    callee: str
    value: object


def with_settings_above(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """The cells with such literals under names, which the first cell gives their values.

    What stands in functions stays there, and so does what is no plain number, text or tuple.
    """
    trees = {cell.index: tree for cell in cells if (tree := _tree(cell)) is not None}
    found = [one for index, tree in trees.items() for one in _settings(index, tree)]
    if not found or not cells:
        return tuple(cells)
    names = _names(found, {word for tree in trees.values() for word in _words(tree)})
    lines = dict.fromkeys(f"{names[id(one)]} = {ast.unparse(one.node)}" for one in found)
    made = [_rewritten(cell, [one for one in found if one.cell == cell.index], names) for cell in cells]
    place = next(i for i, cell in enumerate(made) if cell.index in trees)
    made[place] = replace(made[place], source="\n".join([*lines, made[place].source]))
    return tuple(made)


def _tree(cell: Cell) -> ast.Module | None:
    try:
        return ast.parse(cell.source)
    except (SyntaxError, ValueError):
        return None


def _words(tree: ast.Module) -> Iterator[str]:
    for node in nodes(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
            yield node.name
        elif isinstance(node, ast.alias):
            yield node.asname or node.name.partition(".")[0]


_OWN = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, _OWN):
            yield child
            yield from _outside_functions(child)


def _settings(index: int, tree: ast.Module) -> Iterator[_Setting]:
    for node in _outside_functions(tree):
        if not isinstance(node, ast.Call):
            continue
        callee = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        parts = [(k.arg, k.value) for k in node.keywords if k.arg in _SETTINGS]
        if callee in _READERS and node.args:
            parts.append((f"{callee.partition('_')[2] or 'text'}_file", node.args[0]))
        for keyword, value in parts:
            plain = _plain(value)
            if keyword and plain is not None and value.lineno == value.end_lineno:
                yield _Setting(index, value, keyword, callee, plain)


def _plain(node: ast.expr) -> object:
    try:
        value = ast.literal_eval(node)
    except (ValueError, SyntaxError, TypeError):
        return None
    parts = value if isinstance(value, tuple) else (value,)
    return value if all(isinstance(part, (int, float, str)) for part in parts) else None


def _names(found: Sequence[_Setting], taken: set[str]) -> dict[int, str]:
    """A name for every place: the keyword where it says one thing in the whole notebook, else with what it is for."""
    values: dict[str, set[str]] = {}
    for one in found:
        values.setdefault(one.keyword, set()).add(repr(one.value))
    names: dict[int, str] = {}
    given: dict[tuple[str, str], str] = {}
    used: Counter[str] = Counter(taken)
    for one in found:
        alone = len(values[one.keyword]) == 1
        long = f"{_snake(one.callee)}_{one.keyword.lower()}"
        base = one.keyword.lower() if alone and one.keyword.lower() not in taken else long
        key = (base, repr(one.value))
        if key not in given:
            name, number = base, 2
            while used[name]:
                name, number = f"{base}_{number}", number + 1
            used[name] += 1
            given[key] = name
        names[id(one)] = given[key]
    return names


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _rewritten(cell: Cell, settings: Sequence[_Setting], names: dict[int, str]) -> Cell:
    if not settings:
        return cell
    lines = [line.encode() for line in cell.source.split("\n")]
    for one in sorted(settings, key=lambda one: (one.node.lineno, one.node.col_offset), reverse=True):
        line, end = one.node.lineno - 1, one.node.end_col_offset or 0
        lines[line] = lines[line][: one.node.col_offset] + names[id(one)].encode() + lines[line][end:]
    return replace(cell, source="\n".join(line.decode() for line in lines))

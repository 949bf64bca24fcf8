"""The same notebook with other seeds: how much of its answer is luck?

Only literal seeds are changed, where the code says that they are seeds: `random_state=0`, `np.random.seed(0)`,
`default_rng(0)`, `SEED = 42`. Nothing else moves, not even a line.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nb_mlops.core.notebook import Cell, Notebook
from nb_mlops.core.value import replace

_OFFSET = 1009
_KEYWORDS = frozenset({"random_state", "seed", "random_seed", "rng"})
_CALLS = frozenset(
    {"seed", "default_rng", "RandomState", "manual_seed", "manual_seed_all", "set_seed", "set_random_seed", "Random"}
)
_NAMES = re.compile(r"(?:random_?|np_?|torch_?|rng_?)?(?:seed|random_?state)s?\Z", re.I)


def reseeded(notebook: Notebook) -> Notebook | None:
    """The notebook with every literal seed moved; None when it has none."""
    cells = tuple(_moved(cell) if cell in notebook.code_cells else cell for cell in notebook.cells)
    if all(cell.source == before.source for cell, before in zip(cells, notebook.cells, strict=True)):
        return None
    return replace(notebook, cells=cells)


def _moved(cell: Cell) -> Cell:
    try:
        tree = ast.parse(cell.source)
    except (SyntaxError, ValueError, RecursionError):
        return cell
    lines = cell.source.split("\n")
    for node in sorted(set(_seeds(tree)), key=lambda n: (n.lineno, n.col_offset), reverse=True):
        line = lines[node.lineno - 1].encode()
        text = f"{int(node.value) + _OFFSET}".encode()  # type: ignore[arg-type]
        lines[node.lineno - 1] = (line[: node.col_offset] + text + line[node.end_col_offset :]).decode()
    return replace(cell, source="\n".join(lines))


def _seeds(tree: ast.AST) -> Iterator[ast.Constant]:
    """Integer literals that are seeds."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in _CALLS and node.args:
                yield from _integer(node.args[0])
            for keyword in node.keywords:
                if keyword.arg in _KEYWORDS:
                    yield from _integer(keyword.value)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if node.value and any(isinstance(t, ast.Name) and _NAMES.match(t.id) for t in targets):
                yield from _integer(node.value)


def _integer(node: ast.expr) -> Iterator[ast.Constant]:
    if isinstance(node, ast.Constant) and type(node.value) is int and node.lineno == node.end_lineno:
        yield node

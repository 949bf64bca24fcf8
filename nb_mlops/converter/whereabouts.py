"""Questions by which code learns where it runs: a package gives the answer that a notebook gets."""

from __future__ import annotations

import ast

from nb_mlops.converter.trees import nodes, tree_of

_NAMESPACES = frozenset({"globals", "locals", "vars", "dir"})


def answered(source: str) -> str:
    """Python with `'__file__' in globals()` as False: a notebook has no file of its own, a module has."""
    if "__file__" not in source:
        return source
    try:
        tree = tree_of(source)
    except (SyntaxError, ValueError):
        return source
    lines = [line.encode() for line in source.split("\n")]
    asked = [node for node in nodes(tree) if isinstance(node, ast.Compare) and _asks_for_file(node)]
    for one in sorted(asked, key=lambda node: (node.lineno, node.col_offset), reverse=True):
        line = lines[one.lineno - 1]
        answer = b"True" if isinstance(one.ops[0], ast.NotIn) else b"False"
        lines[one.lineno - 1] = line[: one.col_offset] + answer + line[one.end_col_offset :]
    return "\n".join(line.decode() for line in lines)


def _asks_for_file(node: ast.Compare) -> bool:
    """`'__file__' in globals()`, on one line."""
    asked = node.comparators[0]
    return (
        len(node.ops) == 1
        and isinstance(node.ops[0], (ast.In, ast.NotIn))
        and isinstance(node.left, ast.Constant)
        and node.left.value == "__file__"
        and isinstance(asked, ast.Call)
        and not asked.args
        and getattr(asked.func, "id", "") in _NAMESPACES
        and node.lineno == node.end_lineno
    )

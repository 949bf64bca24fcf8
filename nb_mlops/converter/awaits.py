"""`await` at the top of a cell, where a kernel lets it stand, as a call that waits."""

from __future__ import annotations

import ast
from collections.abc import Iterator


def waiting(source: str, sink: str) -> str:
    """The code with every `await x` outside of functions as `sink.awaited(lambda: x)`, so that `x` is made where the
    loop runs; as `sink.awaited(x)` where `x` waits itself or binds a name.

    The same code where there is none, or where it does not parse.
    """
    if "await" not in source:
        return source
    try:
        found = list(_awaits(ast.parse(source)))
    except SyntaxError:
        return source
    lines = [line.encode() for line in source.split("\n")]
    changes = []
    for node in found:
        start, end = (node.lineno - 1, node.col_offset), ((node.end_lineno or 1) - 1, node.end_col_offset or 0)
        lazily = not any(isinstance(inner, (ast.Await, ast.NamedExpr)) for inner in ast.walk(node.value))
        behind = lines[start[0]][start[1] + len("await") :]
        word = len("await") + len(behind) - len(behind.lstrip(b" "))
        changes.append((*start, word, f"{sink}.awaited({'lambda: ' if lazily else ''}"))
        changes.append((*end, 0, ")"))
    for line, column, length, text in sorted(changes, reverse=True):
        lines[line] = lines[line][:column] + text.encode() + lines[line][column + length :]
    return "\n".join(line.decode() for line in lines)


def _awaits(node: ast.AST) -> Iterator[ast.Await]:
    """Outside of functions; a lambda's or a generator's own could not be waited for there."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.GeneratorExp)):
            continue
        if isinstance(child, ast.Await):
            yield child
        yield from _awaits(child)

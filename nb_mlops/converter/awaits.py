"""What a kernel lets stand at the top of a cell, and a function does not: `await`, `async for` and `async with`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TypeAlias

from nb_mlops.converter.trees import nodes

# (line from 0, column in bytes, length, text): what stands there gives way to the text.
_Change: TypeAlias = tuple[int, int, int, str]
_Comprehension: TypeAlias = ast.ListComp | ast.SetComp | ast.DictComp
_ASYNC = re.compile(rb"\basync\b[ \t]*")


def waiting(source: str, sink: str) -> str:
    """The code with every `await x` outside of functions as `sink.awaited(lambda: x)`, so that `x` is made where the
    loop runs; as `sink.awaited(x)` where `x` waits itself or binds a name. What `async for` goes through becomes
    `sink.each(…)`, what `async with` holds `sink.entered(…)`, both likewise.

    The same code where there is nothing of that, or where it does not parse.
    """
    if "await" not in source and "async" not in source:
        return source
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return source
    lines = [line.encode() for line in source.split("\n")]
    for line, column, length, text in sorted(_changes(tree, lines, sink), reverse=True):
        lines[line] = lines[line][:column] + text.encode() + lines[line][column + length :]
    return "\n".join(line.decode() for line in lines)


def _changes(node: ast.AST, lines: list[bytes], sink: str) -> Iterator[_Change]:
    """Outside of functions; a lambda's or a generator's own could not be waited for there."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.GeneratorExp)):
            continue
        if isinstance(child, ast.Await):
            start = (child.lineno - 1, child.col_offset)
            behind = lines[start[0]][start[1] + len("await") :]
            word = len("await") + len(behind) - len(behind.lstrip(b" "))
            yield (*start, word, f"{sink}.awaited({_lambda(child.value)}")
            yield (*_end(child), 0, ")")
        elif isinstance(child, ast.AsyncFor):
            yield _without_async(lines, child.lineno - 1, child.col_offset)
            yield from _wrapped(child.iter, f"{sink}.each(")
        elif isinstance(child, ast.AsyncWith):
            yield _without_async(lines, child.lineno - 1, child.col_offset)
            for item in child.items:
                yield from _wrapped(item.context_expr, f"{sink}.entered(")
        elif isinstance(child, _Comprehension):
            yield from _comprehension(child, lines, sink)
        yield from _changes(child, lines, sink)


def _comprehension(node: _Comprehension, lines: list[bytes], sink: str) -> Iterator[_Change]:
    before: ast.expr = node.value if isinstance(node, ast.DictComp) else node.elt
    for part in node.generators:
        if part.is_async:
            yield _async_between(lines, _end(before), (part.target.lineno - 1, part.target.col_offset))
            yield from _wrapped(part.iter, f"{sink}.each(")
        before = (part.ifs or [part.iter])[-1]


def _async_between(lines: list[bytes], start: tuple[int, int], end: tuple[int, int]) -> _Change:
    """The last `async` between two places gone; Python does not say where it stands in a comprehension."""
    for line in range(end[0], start[0] - 1, -1):
        first = start[1] if line == start[0] else 0
        text = lines[line][: end[1]] if line == end[0] else lines[line]
        found = [m for m in _ASYNC.finditer(text, first) if b"#" not in text[first : m.start()]]
        if found:
            return line, found[-1].start(), len(found[-1][0]), ""
    return (*end, 0, "")


def _without_async(lines: list[bytes], line: int, column: int) -> _Change:
    found = _ASYNC.match(lines[line], column)
    return line, column, len(found[0]) if found else 0, ""


def _wrapped(value: ast.expr, call: str) -> Iterator[_Change]:
    yield value.lineno - 1, value.col_offset, 0, f"{call}{_lambda(value)}"
    yield (*_end(value), 0, ")")


def _lambda(value: ast.expr) -> str:
    """A lambda makes a value where the loop runs; one that waits itself or binds a name has to be made before."""
    inside = nodes(value)
    return "" if any(isinstance(inner, (ast.Await, ast.NamedExpr)) for inner in inside) else "lambda: "


def _end(node: ast.expr) -> tuple[int, int]:
    return (node.end_lineno or 1) - 1, node.end_col_offset or 0

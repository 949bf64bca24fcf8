"""Where code runs: a package answers as a notebook does, and what is expected of it names nobody's folders."""

from __future__ import annotations

import ast

from nb_mlops.converter.trees import nodes, tree_of
from nb_mlops.core.notebook import Output, OutputKind
from nb_mlops.core.run import RunRecord
from nb_mlops.core.value import replace
from nb_mlops.portable.golden import placeless

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


def anywhere(record: RunRecord, project: str) -> RunRecord:
    """A run with the path of the project's folder taken out of all that it kept, showed and printed."""
    if len(project) < 2:
        return record
    cells = tuple(
        replace(
            cell,
            names=placeless(dict(cell.names), project),
            shown=tuple(placeless(cell.shown, project)),
            outputs=tuple(_printed(output, project) for output in cell.outputs),
        )
        for cell in record.cells
    )
    return replace(record, cells=cells, names=placeless(dict(record.names), project))


def _printed(output: Output, project: str) -> Output:
    if output.kind is not OutputKind.STREAM or project not in output.text:
        return output
    return replace(output, text=placeless(output.text, project))

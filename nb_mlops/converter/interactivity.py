"""What of a cell IPython shows: its last expression, or what the notebook asks for by `ast_node_interactivity`."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from nb_mlops.converter.trees import tree_of
from nb_mlops.core.lazy import pattern

USUAL, EVERY, ASSIGNED, NOTHING = "last_expr", "all", "last_expr_or_assign", "none"
_ASKED = pattern(r"""(?m)^(?:%config[ \t]+)?[\w.()]*\.ast_node_interactivity[ \t]*=[ \t]*(['"])(\w+)\1[ \t;]*$""")
_KNOWN = frozenset({USUAL, EVERY, ASSIGNED, NOTHING, "last"})


def in_force(sources: Sequence[str]) -> tuple[str, ...]:
    """For each cell what it shows. Asking for something else holds from the next cell on."""
    found, mode = [], USUAL
    for source in sources:
        found.append(mode)
        asked = [match[2] for match in _ASKED.finditer(source) if match[2] in _KNOWN]
        mode = asked[-1] if asked else mode
    return tuple(found)


def as_magic(source: str) -> str:
    """A cell's source with an assignment to this setting as the magic that does the same."""
    if "ast_node_interactivity" not in source:
        return source
    return _ASKED.sub(lambda match: f"%config InteractiveShell.ast_node_interactivity = '{match[2]}'", source)


def assignment_shown(source: str) -> str:
    """Python whose last statement is an assignment to one name, with that name below it as an expression."""
    last = tree_of(source).body[-1:] if source.strip() else []
    target: ast.expr | None = None
    if last and isinstance(last[0], ast.Assign) and len(last[0].targets) == 1:
        target = last[0].targets[0]
    elif last and isinstance(last[0], (ast.AugAssign, ast.AnnAssign)) and last[0].value is not None:
        target = last[0].target
    quiet = source.rstrip().endswith(";")
    return source if quiet or not isinstance(target, ast.Name) else f"{source.rstrip()}\n{target.id}\n"

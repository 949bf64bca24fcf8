"""Names that the notebook reads and none of its statements binds, or none above."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from nb_mlops.converter.early import NOT_EARLY, Early, early
from nb_mlops.converter.hoist import Hoisting
from nb_mlops.converter.scopes import Use
from nb_mlops.converter.source import CellCode, Loss
from nb_mlops.converter.stars import kept
from nb_mlops.converter.trees import nodes
from nb_mlops.core.finding import Severity
from nb_mlops.knowledge.stars import star_names

_GIVEN = frozenset(dir(builtins)) | {"display", "get_ipython", "__builtins__", "__annotations__"}
_LISTED = 6


@dataclass(frozen=True, slots=True)
class Unbound:
    """The first reading of each such name, with its cell: of those that surely nothing binds, and of those that a star
    import may bring or code in a text may bind, which only a run can tell; `early` are readings of what is bound
    further down. `losses` say so."""

    missing: tuple[tuple[int, Use], ...] = ()
    trusted: tuple[tuple[int, Use], ...] = ()
    early: Early = NOT_EARLY
    losses: tuple[Loss, ...] = ()


def unbound(cells: Sequence[CellCode], hoisting: Hoisting, parameters: frozenset[str], sink: str, ran: bool) -> Unbound:
    """Of the converted cells; `parameters` are there from the start, `ran` says that a run got to the end of them."""
    stars = kept(cells)
    above = parameters | set(hoisting.imports) | set(hoisting.definitions) | _GIVEN | {sink}
    above |= frozenset(name for module in stars for name in star_names(module) or ())
    known = above | hoisting.variables
    first: dict[str, tuple[int, Use]] = {}
    for index, use in ((cell.index, use) for cell in cells for s in cell.statements for use in s.uses):
        if use.name not in known:
            first.setdefault(use.name, (index, use))
    unknown = [module for module in stars if star_names(module) is None]
    by_text = next(((c.index, s.node) for c in cells for s in c.statements if _may_bind_by_text(s.node)), None)
    told = not unknown and by_text is None
    before = early(cells, frozenset(above) | set(first) if told else None)
    every = tuple(first.values())
    if told or not every:
        return Unbound(every, early=before, losses=(*_missing(every), *_early(before)))
    names = _listed(sorted(first))
    if by_text is not None:
        cell, line = by_text[0], by_text[1].lineno
        words = f"Only code in a text (exec, globals) can bind {names}: no statement does"
    else:
        cell, line = stars[unknown[0]]
        words = f"`from {' import *` or `from '.join(unknown)} import *` has to bring {names}: no statement binds them"
    words += "." if ran else ", and nobody looked."
    severity = Severity.INFO if ran else Severity.WARNING
    return Unbound(trusted=every, early=before, losses=(Loss(cell, line, words, severity), *_early(before)))


def _missing(found: Iterable[tuple[int, Use]]) -> Iterator[Loss]:
    for index, use in found:
        if use.name != "_":
            words = f"`{use.name}` is defined nowhere in the notebook: reading it raises NameError in the package, too."
            yield Loss(index, use.line, words)


def _early(found: Early) -> Iterator[Loss]:
    for index, use in found.surely:
        words = f"`{use.name}` is read before anything above defines it, which raises NameError in the package, too."
        yield Loss(index, use.line, words)


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return ", ".join(f"`{name}`" for name in names[:_LISTED]) + more


def _may_bind_by_text(node: ast.stmt) -> bool:
    """Whether it calls `exec` or hands out a namespace; `name in globals()` only asks."""
    asks = (n for n in nodes(node) if isinstance(n, ast.Compare) and isinstance(n.ops[-1], (ast.In, ast.NotIn)))
    only_asked = {id(n.comparators[-1]) for n in asks}
    calls = (n for n in nodes(node) if isinstance(n, ast.Call) and id(n) not in only_asked)
    return any(getattr(n.func, "id", "") in {"exec", "globals", "locals", "vars"} for n in calls)

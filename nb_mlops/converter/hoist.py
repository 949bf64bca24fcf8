"""Which imports, functions and classes of a notebook may stand at the top of a module, and what they then need.

A function that reads notebook variables gets them as keyword-only parameters, through all functions that call it. What
is not provably right stays where it was written, inside its stage.
"""

from __future__ import annotations

import ast
import builtins
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from nb_mlops.converter.scopes import Statement, Use
from nb_mlops.converter.source import CellCode
from nb_mlops.converter.trees import nodes
from nb_mlops.knowledge import words

_BUILTINS = frozenset(dir(builtins))


@dataclass(frozen=True, slots=True)
class Import:
    """One name that one import statement binds: `import module as name`, or `from module import attribute as name`."""

    name: str
    module: str
    attribute: str = ""

    @property
    def target(self) -> str:
        """What the name means; `import a.b` and `import a.c` both mean `a`."""
        if self.attribute:
            return f"{self.module}:{self.attribute}"
        return self.module if self.name != self.module.partition(".")[0] else self.name


@dataclass(frozen=True, slots=True)
class Definition:
    """A function, class or constant that is hoisted: where it stands and what variables it takes as parameters.

    `constant` is one that holds a value: it is part of what the notebook computes.
    """

    name: str
    cell: int
    statement: int
    needs: tuple[str, ...] = ()
    constant: bool = False


@dataclass(frozen=True, slots=True)
class Hoisting:
    """What moves to the top of modules: `imports` by name (several where submodules are imported), `definitions` by
    name in document order, star imports, and the names that stay notebook variables."""

    imports: Mapping[str, tuple[Import, ...]]
    definitions: Mapping[str, Definition]
    stars: tuple[str, ...]
    futures: tuple[str, ...]
    variables: frozenset[str]

    @property
    def values(self) -> frozenset[str]:
        """Names whose values a run of the notebook records and a package must have too."""
        return self.variables | {name for name, one in self.definitions.items() if one.constant}

    def needs(self, name: str) -> tuple[str, ...]:
        """The notebook variables that a call of this name must hand over."""
        definition = self.definitions.get(name)
        return definition.needs if definition else ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    name: str
    cell: int
    index: int
    statement: Statement
    node: Any

    @property
    def is_class(self) -> bool:
        return isinstance(self.node, ast.ClassDef)

    @property
    def is_constant(self) -> bool:
        return isinstance(self.node, ast.Assign)

    @property
    def takes_no_more(self) -> bool:
        """Whether a parameter cannot be added without changing what the function means."""
        if self.is_class or self.is_constant:
            return True
        own = [n for n in nodes(self.node) if isinstance(n, (ast.Yield, ast.YieldFrom))]
        return bool(self.node.decorator_list or own or self.node.args.kwarg)


def placed(cells: Sequence[CellCode]) -> Iterator[tuple[CellCode, int, Statement]]:
    """Every top-level statement with its cell and its index there."""
    for cell in cells:
        for index, statement in enumerate(cell.statements):
            yield cell, index, statement


def hoist(cells: Sequence[CellCode], definitions: bool = True) -> Hoisting:
    """Decide what is hoisted; with `definitions=False` functions and classes take no parameters and all of them that
    could be hoisted unchanged are (they share the module with the variables)."""
    binders: dict[str, list[tuple[CellCode, int, Statement, str]]] = defaultdict(list)
    for cell, index, statement in placed(cells):
        for name, kind in statement.bound.items():
            binders[name].append((cell, index, statement, kind))
    spoilt = {name for _, _, s in placed(cells) for name in s.deleted | s.global_writes}
    imports = _imports(cells, binders, spoilt)
    candidates = _candidates(binders, spoilt, _read_by_functions(cells))
    reads_now = set(imports) | _BUILTINS
    stars, futures = _stars_and_futures(cells)
    everything = frozenset(binders) - set(futures)
    if definitions:
        needs = _settle(candidates, everything - set(imports), reads_now, _value_uses(cells), binders)
    else:
        needs = dict.fromkeys(_loadable(candidates, reads_now), ())
    order = {name: i for i, name in enumerate(candidates)}
    chosen = {
        name: Definition(name, one.cell, one.index, needs[name], one.is_constant)
        for name, one in ((name, candidates[name]) for name in sorted(needs, key=order.__getitem__))
    }
    return Hoisting(imports, chosen, stars, futures, everything - set(imports) - set(chosen))


def imports_of(node: ast.stmt) -> tuple[Import, ...]:
    """The names that an import statement binds, stars left out."""
    if isinstance(node, ast.Import):
        return tuple(Import(a.asname or a.name.partition(".")[0], a.name) for a in node.names)
    if isinstance(node, ast.ImportFrom):
        module = "." * node.level + (node.module or "")
        return tuple(Import(a.asname or a.name, module, a.name) for a in node.names if a.name != "*")
    return ()


def _imports(
    cells: Sequence[CellCode], binders: Mapping[str, list[Any]], spoilt: set[str]
) -> dict[str, tuple[Import, ...]]:
    """Names bound by plain top-level imports of one thing only, before the notebook touches the import system."""
    late = _after_barrier(cells)
    found: dict[str, tuple[Import, ...]] = {}
    for name, places in binders.items():
        imports = [statement.node for _, _, statement, _ in places]
        if name in spoilt or not all(isinstance(n, (ast.Import, ast.ImportFrom)) for n in imports):
            continue
        made = [one for node in imports for one in imports_of(node) if one.name == name]
        relative = any(one.module.startswith(".") for one in made)
        if name in _BUILTINS and _reads_before(name, imports[0], cells):
            continue  # further up, the name means the built-in
        if len({one.target for one in made}) == 1 and not relative and not any(id(n) in late for n in imports):
            found[name] = tuple(dict.fromkeys(one for one in made if one.module != "__future__"))
    return {name: made for name, made in found.items() if made}


def _reads_before(name: str, node: ast.stmt, cells: Sequence[CellCode]) -> bool:
    above = takewhile(lambda statement: statement.node is not node, (s for _, _, s in placed(cells)))
    return any(name in statement.reads for statement in above)


_BARRIERS = {("sys", "path"), ("os", "environ"), ("os", "putenv"), ("os", "chdir"), ("sys", "modules")}


def _after_barrier(cells: Sequence[CellCode]) -> set[int]:
    """Import statements that come after code which may decide what an import finds or does."""
    late: set[int] = set()
    seen = False
    for _, _, statement in placed(cells):
        if isinstance(statement.node, (ast.Import, ast.ImportFrom)):
            modules = {one.module.partition(".")[0] for one in imports_of(statement.node)}
            if seen and not modules <= sys.stdlib_module_names:
                late.add(id(statement.node))
        seen = seen or any((use.name, use.attribute) in _BARRIERS and use.depth == 0 for use in statement.uses)
    return late


def _read_by_functions(cells: Sequence[CellCode]) -> frozenset[str]:
    """Names that a definition reads, when it runs or when it is made."""
    made = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return frozenset(name for _, _, s in placed(cells) if isinstance(s.node, made) for name in s.reads)


def _candidates(binders: Mapping[str, list[Any]], spoilt: set[str], wanted: frozenset[str]) -> dict[str, _Candidate]:
    """Functions, classes and constants that are the only thing their name ever means.

    A constant moves only where a function wants it, and never out of the `parameters` cell: what Config holds, a
    caller may change.
    """
    found = {}
    for name, places in binders.items():
        cell, index, statement, _ = places[0]
        if len(places) > 1 or name in spoilt or statement.global_writes or len(statement.bound) > 1:
            continue
        node = statement.node
        is_definition = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        constant = name in wanted and "parameters" not in cell.tags and _is_constant(node)
        if constant or (is_definition and _simple_defaults(node)):
            found[name] = _Candidate(name, cell.index, index, statement, node)
    return found


_PLAIN = (ast.Constant, ast.UnaryOp, ast.unaryop, ast.BinOp, ast.operator, ast.Tuple, ast.Load)


def _is_constant(node: ast.stmt) -> bool:
    """`NAME = …` of something that cannot change: a literal, another name for a type, a function of one line."""
    if not isinstance(node, ast.Assign) or len(node.targets) != 1 or not isinstance(node.targets[0], ast.Name):
        return False
    value = node.value
    if isinstance(value, (ast.Name, ast.Attribute, ast.Lambda)):
        return not isinstance(value, ast.Lambda) or not (value.args.defaults or value.args.kw_defaults)
    if isinstance(value, ast.Subscript):
        return isinstance(value.value, ast.Name) and value.value.id in _GENERIC
    return all(isinstance(part, _PLAIN) for part in nodes(value))


_GENERIC = words(
    "list dict set tuple type List Dict Set Tuple Optional Union Callable Sequence Mapping Iterable Iterator"
)


def _simple_defaults(node: Any) -> bool:
    """Whether evaluating the defaults at import instead of in the stage makes no difference."""
    if isinstance(node, ast.ClassDef):
        return True
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    defaults = [d for d in [*node.args.defaults, *node.args.kw_defaults] if d is not None]
    plain = (ast.Constant, ast.Name, ast.Attribute, ast.UnaryOp, ast.USub, ast.Tuple, ast.Load, ast.BinOp, ast.operator)
    return all(isinstance(part, plain) for default in defaults for part in nodes(default))


def _value_uses(cells: Sequence[CellCode]) -> set[str]:
    """Names that are used as values somewhere, not only called."""
    return {use.name for _, _, s in placed(cells) for use in s.uses if not use.called}


def _loadable(candidates: Mapping[str, _Candidate], now: set[str]) -> Iterator[str]:
    """Candidates whose defaults, decorators and bases read only what a module has when it is imported."""
    known = set(now)
    for name, candidate in candidates.items():
        if candidate.statement.reads_at(0, 0) <= known and _read_when_loaded(candidate, candidates) <= known:
            known.add(name)
            yield name


def _read_when_loaded(candidate: _Candidate, candidates: Mapping[str, _Candidate]) -> set[str]:
    """What the functions read that run while it is made: its decorators, and what a class calls in its body."""
    decorators = getattr(candidate.node, "decorator_list", [])
    todo = [use.name for use in candidate.statement.uses if use.depth == 0 and use.called]
    todo += [n.id for one in decorators for n in nodes(one) if isinstance(n, ast.Name)]
    found: set[str] = set()
    while todo:
        called = candidates.get(todo.pop())
        more = called.statement.reads - found if called is not None else set()
        found |= more
        todo += more
    return found


def _settle(
    candidates: Mapping[str, _Candidate],
    names: frozenset[str],
    now: set[str],
    values: set[str],
    binders: Mapping[str, list[Any]],
) -> dict[str, tuple[str, ...]]:
    """The largest set of candidates that can be hoisted together, with what each needs. Taking one away makes it a
    variable for the others, so this goes on until nothing changes."""
    kept = dict(candidates)
    while True:
        loadable = set(_loadable(kept, now))
        needs = _needs(kept, names)
        gone = {n for n, c in kept.items() if n not in loadable or (needs[n] and _refuses(c, needs, values, binders))}
        if not gone:
            return {name: tuple(sorted(needs[name])) for name in kept}
        for name in gone:
            del kept[name]


def _needs(kept: Mapping[str, _Candidate], names: frozenset[str]) -> dict[str, frozenset[str]]:
    """Notebook variables that each function reads, itself or through what it calls."""
    needs = {n: (c.statement.reads & names) - set(kept) for n, c in kept.items()}
    changed = True
    while changed:
        changed = False
        for name, candidate in kept.items():
            more = needs[name].union(*(needs[other] for other in candidate.statement.reads if other in kept))
            changed = changed or more != needs[name]
            needs[name] = more
    return needs


def _refuses(
    candidate: _Candidate, needs: Mapping[str, frozenset[str]], values: set[str], binders: Mapping[str, list[Any]]
) -> bool:
    """Whether adding parameters is not provably right for this one."""
    if candidate.takes_no_more or candidate.name in values:
        return True
    # What an inner function reads when it runs, a parameter fixes when the outer one is called.
    inner = {use.name for use in candidate.statement.uses if use.depth > 1}
    later = inner & needs[candidate.name] | {n for other in inner & set(needs) for n in needs[other]}
    if any(len(binders[name]) != 1 for name in later):
        return True
    return bool(needs[candidate.name] & _own_names(candidate.node))


def _own_names(node: ast.AST) -> set[str]:
    """Names that the function uses for something of its own, which a parameter of that name would hide."""
    arguments = {n.arg for n in nodes(node) if isinstance(n, ast.arg)}
    return arguments | {n.id for n in nodes(node) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}


def _stars_and_futures(cells: Sequence[CellCode]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    stars: list[str] = []
    futures: list[str] = []
    for _, _, statement in placed(cells):
        node = statement.node
        if not isinstance(node, ast.ImportFrom):
            continue
        if any(alias.name == "*" for alias in node.names):
            stars.append(node.module or "")
        if node.module == "__future__":
            futures += [alias.name for alias in node.names]
    return tuple(dict.fromkeys(stars)), tuple(dict.fromkeys(futures))


def calls_to_extend(cell: CellCode, hoisting: Hoisting) -> Iterable[tuple[Use, tuple[str, ...]]]:
    """The calls in a cell that must hand variables over."""
    for statement in cell.statements:
        for use in statement.uses:
            if use.called and hoisting.needs(use.name):
                yield use, hoisting.needs(use.name)

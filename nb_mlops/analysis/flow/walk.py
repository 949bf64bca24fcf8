"""The ground of the walk: reading, binding and changing names at one point of a cell or function."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from nb_mlops.analysis.flow.aliases import Aliases
from nb_mlops.analysis.flow.facts import POSSIBLE, SURE, Certainty, Function, Use
from nb_mlops.analysis.flow.names import Names
from nb_mlops.analysis.flow.scope import Scope
from nb_mlops.analysis.flow.state import State
from nb_mlops.analysis.python import Magic, Python
from nb_mlops.core.notebook import Position
from nb_mlops.knowledge.mutation import METHODS, PASSES_ON, VIEWS

_NOBODY: frozenset[str] = frozenset()

# Tuples of types: isinstance() with `A | B` builds the union anew on every call of a hot path.
DISPLAYS = (ast.Tuple, ast.List, ast.Set)
PARTS = (ast.Attribute, ast.Subscript, ast.Starred, ast.NamedExpr, ast.Await)
_CHOICES = (ast.Dict, ast.BoolOp)
# Expressions whose value may be an object that a name leads to, or a part of one.
_ROOTED = frozenset({ast.Name, *PARTS, ast.Call, *DISPLAYS, *_CHOICES, ast.IfExp})


class Walk:
    """An abstract run of a cell (scope None) or of a function's body (its Scope).

    A function's body is walked like a cell whose locals are hidden: what is left exposed are its free names.
    """

    # As slots they are found at once; there are more than a class's shared dictionary has room for.
    __slots__ = (
        *("aliases", "breaks", "cell", "certainty", "class_depths", "class_names", "classes", "clears", "continues"),
        *("exits", "fixed", "functions", "hidden", "imports", "in_cell", "inner_functions", "jumps", "lambdas"),
        *("lines", "magics", "mutated"),
        *("names", "opaque", "plain", "python", "scope", "state", "statement", "unbound", "uses", "wildcard"),
    )

    def __init__(self, cell: int, python: Python, names: Names, scope: Scope | None = None) -> None:
        self.cell = cell
        self.python = python
        self.names = names
        self.scope = scope
        self.in_cell = scope is None  # whether this is a cell's own code, not a function's body
        self.state = State()
        self.exits: list[State] = []  # states at a function's `return`s
        self.breaks: list[list[State]] = []  # states at the `break`s of the loops around this point
        self.continues: list[list[State]] = []
        self.jumps = 0  # how many of both in the innermost loop so far
        self.certainty = SURE
        self.uses: dict[str, Use] = {}
        self.mutated: set[str] = set()
        self.unbound: set[str] = set()  # deleted on some path
        self.imports: set[str] = set()
        self.functions: dict[str, set[str]] = {}
        self.wildcard = False
        self.opaque = False
        self.clears = False
        self.hidden: list[set[str]] = []  # names of the comprehensions around this point
        self.class_names: list[set[str]] = []  # names of the class bodies around this point
        self.class_depths: list[int] = []  # how many comprehensions were around each when it was entered
        self.classes: list[dict[str, Function]] = []  # and their methods
        self.inner_functions: dict[str, Function] = {}  # of the function whose body this is
        self.lambdas: dict[int, Function] = {}  # by the node's id()
        self.aliases = names.aliases if scope is None else Aliases()
        self.lines: dict[str, list[tuple[int, int]]] = {}
        self.statement = (1, 1)  # lines of the top-level statement
        self.fixed: Position | None = None  # stands for every position while a magic's argument is walked
        self.plain = python.code.isascii()  # each character is one byte, so ast's columns are ours
        self.magics: dict[int, list[Magic]] = {}

    def place(self, node: ast.expr | ast.stmt) -> Position:
        """Where a node stands in the cell's source."""
        if self.fixed is not None:
            return self.fixed
        if self.plain:
            return Position(node.lineno, node.col_offset)
        return self.python.position(node.lineno, node.col_offset)

    def read(self, name: str, node: ast.expr | ast.stmt, called: bool = False) -> None:
        """`name` is read here."""
        if not (self.hidden or self.class_names) or not self.is_hidden(name):
            self.need(name, node, self.certainty, called=called)

    def is_hidden(self, name: str) -> bool:
        """Whether `name` means a variable of a comprehension or class body here.

        A class body's names are seen by its own statements only: by no class and no comprehension inside it.
        """
        for scope in self.hidden:
            if name in scope:
                return True
        return bool(self.class_names) and name in self.class_names[-1] and self.class_depths[-1] == len(self.hidden)

    def need(
        self,
        name: str,
        node: ast.expr | ast.stmt,
        certainty: Certainty,
        via: str = "",
        called: bool = False,
        soft: bool = False,
    ) -> None:
        """The global (or own) name is needed here; recorded unless this cell has bound it on every path before."""
        state = self.state
        if name in state.must or (self.scope is not None and name in self.scope.locals):
            return
        if state.dead or name in state.gone:
            return
        if name in state.may:
            certainty = POSSIBLE
        known = self.uses.get(name)
        if known is None or certainty > known.certainty or (known.soft and not soft):
            called = called or (known is not None and known.called)
            self.uses[name] = Use(self.place(node), certainty, via, called, soft)
        elif called and not known.called:
            self.uses[name] = Use(known.position, known.certainty, known.via, True, known.soft)

    def bind(self, name: str, carried: tuple[Function, ...] = ()) -> None:
        """`name` is bound here, to a value that carries these functions."""
        if self.classes:
            self.class_names[-1].add(name)
            return
        if self.state.dead:
            return
        self.state.bind(name)
        if self.in_cell:
            self.touch(name)
            self.names.rebind(name, carried, self.certainty is SURE)

    def touch(self, name: str) -> None:
        """The present top-level statement binds or changes `name`."""
        lines = self.lines.get(name)
        if lines is None:
            self.lines[name] = [self.statement]
        elif lines[-1] != self.statement:
            lines.append(self.statement)

    def unbind(self, name: str) -> None:
        """`name` is deleted here."""
        if self.classes:
            self.class_names[-1].discard(name)
            return
        self.state.unbind(name)
        self.unbound.add(name)
        if self.in_cell:
            self.names.rebind(name, (), self.certainty is SURE)

    def mutate(self, names: frozenset[str]) -> None:
        """The objects of these names are changed in place; only objects that came into the cell matter."""
        if not names or self.state.dead:
            return
        for name in self.aliases.affected(names):
            if name in self.names.modules or self.is_hidden(name):
                continue
            if self.in_cell:
                self.touch(name)
            if name not in self.state.must and name not in self.state.gone:
                self.mutated.add(name)

    def alias(self, name: str, value: ast.expr | None) -> None:
        """From here on `name` may share its object, or a part of it, with what the expression names."""
        self.aliases.bind(name, self.roots(value), not isinstance(value, PARTS), self.certainty is SURE)

    def roots(self, node: ast.expr | None) -> frozenset[str]:
        """The names whose object the expression's value may be, or be part of."""
        kind = node.__class__
        if kind not in _ROOTED:
            return _NOBODY
        while kind is ast.Attribute or kind is ast.Subscript:
            node = node.value  # type: ignore[union-attr]
            kind = node.__class__
        if isinstance(node, ast.Name):
            name = node.id
            return self.aliases.roots(name)
        if isinstance(node, ast.Call):
            return self._roots_of_call(node)
        if isinstance(node, PARTS):
            return self.roots(node.value)
        if isinstance(node, DISPLAYS):
            return self._roots_of_all(node.elts)
        if isinstance(node, _CHOICES):
            return self._roots_of_all(node.values)
        if isinstance(node, ast.IfExp):
            return self.roots(node.body) | self.roots(node.orelse)
        return _NOBODY

    def _roots_of_call(self, node: ast.Call) -> frozenset[str]:
        func = node.func
        if isinstance(func, ast.Attribute):
            attr = func.attr
            if attr in VIEWS or attr in METHODS:
                return self.roots(func.value)
        elif isinstance(func, ast.Name) and func.id in PASSES_ON:
            return self._roots_of_all(node.args)
        return _NOBODY

    def _roots_of_all(self, nodes: Iterable[ast.expr]) -> frozenset[str]:
        found: frozenset[str] = _NOBODY
        for node in nodes:
            if node.__class__ in _ROOTED:
                found |= self.roots(node)
        return found

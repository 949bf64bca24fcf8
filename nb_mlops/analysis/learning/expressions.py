"""What is known of the value of an expression."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence

from nb_mlops.analysis.calls import dotted
from nb_mlops.analysis.learning.story import Columns, Learner, Role, Rows, Score, Step, Story, Value
from nb_mlops.analysis.walk import children
from nb_mlops.core.value import replace
from nb_mlops.knowledge import learning

NOTHING = Value()
_NONE: frozenset[int] = frozenset()
# A notebook is followed this many expressions long: loops once, functions wherever they are called.
_STEPS = 40_000
# So many ancestors of a set of rows count as a step: of a thousand splits of splits each names all above it.
_ANCESTORS = 20

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Known:
    """What has been found out so far, and how new rows, learners and tables come into it."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names
        self.story = Story()
        self.env: dict[str, Value] = {}
        self.functions: dict[str, tuple[int, Function]] = {}
        self.returned: Value | None = None
        self.may_return: list[Value] = []
        self.cell = 0
        self.steps = _STEPS
        self.depth = 0
        self.caller: Step | None = None
        self._parts: dict[tuple[frozenset[int], str], int] = {}

    def step(self, node: ast.expr) -> Step:
        """An expression of the cell at its turn."""
        return Step(_STEPS - self.steps, self.cell, node)

    def rows(self, node: ast.expr, of: frozenset[int] = frozenset(), role: Role = Role.SOME) -> int:
        """New rows, taken from others or read from somewhere."""
        number = len(self.story.rows)
        within = frozenset((number,))
        if of:
            within = within.union(*[self.story.rows[one].within for one in of])
            self.steps -= len(within) // _ANCESTORS
        self.story.rows.append(Rows(number, role, within, self.step(node)))
        return number

    def part(self, node: ast.expr, of: frozenset[int], how: str, name: str = "") -> int:
        """Rows taken from others in a way that this text tells: the same text tells of the same rows."""
        if (of, how) not in self._parts:
            self._parts[of, how] = self.rows(node, of, role_of(name))
        return self._parts[of, how]

    def learner(self, node: ast.expr, kind: str, transforms: bool, args: Iterable[Value], early: bool) -> Value:
        """Something new that can learn."""
        held = frozenset[int]().union(*(one.learners for one in args))
        made = Learner(len(self.story.learners), kind, transforms, self.step(node), tuple(sorted(held)), early)
        self.story.learners.append(made)
        return Value(learners=frozenset((made.number,)))

    def mixed(self, values: Iterable[Value]) -> Value:
        """A value that is made of these, or is one of them."""
        these = [one for one in values if one is not NOTHING]
        if len(these) < 2:
            return these[0] if these else NOTHING
        rows = learned = predicted = learners = _NONE
        for one in these:  # most values are of few rows, or of none
            rows = rows | one.rows if rows else one.rows
            learned = learned | one.shaped_by if learned else one.shaped_by
            predicted = predicted | one.predicted if predicted else one.predicted
            learners = learners | one.learners if learners else one.learners
        return Value(rows, learned, predicted, learners)


class Expressions(Known):
    """Expressions other than calls; `Calls` knows those."""

    def value(self, node: ast.expr) -> Value:
        """What is known of an expression, after what happens in it has been noted."""
        self.steps -= 1
        if self.steps <= 0:
            return NOTHING
        kind = node.__class__
        if kind is ast.Name:
            return self.env.get(node.id, NOTHING)  # type: ignore[attr-defined]
        if kind is ast.Constant:
            return Value(text=node.value) if node.value.__class__ is str else NOTHING  # type: ignore[attr-defined]
        known = _KNOWN.get(kind)
        return self.anything(node) if known is None else getattr(self, known)(node)

    def sequence(self, node: ast.Tuple | ast.List) -> Value:
        """A tuple or list: what its items are, and what they are together."""
        items = tuple(self.value(one) for one in node.elts)
        return replace(self.mixed(items), items=items, columns=None, text=None)

    def named(self, node: ast.NamedExpr) -> Value:
        """`(name := value)`."""
        made = self.value(node.value)
        self.bind(node.target, made)
        return made

    def comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> Value:
        """A comprehension, gone through once."""
        for one in node.generators:
            self.bind(one.target, self.element(self.value(one.iter)))
        return self.anything(node)

    def nothing(self, node: ast.expr) -> Value:
        """A lambda: nobody knows when it is called, and with what."""
        return NOTHING

    def comparison(self, node: ast.Compare | ast.BinOp) -> Value:
        """Two values are held against each other, or computed with."""
        parts = [self.value(one) for one in children(node) if isinstance(one, ast.expr)]
        self.compared(node, parts)
        return self.plain(self.mixed(parts))

    def anything(self, node: ast.expr) -> Value:
        """Whatever is made of the values of other expressions."""
        return self.plain(self.mixed([self.value(one) for one in children(node) if isinstance(one, ast.expr)]))

    def plain(self, value: Value) -> Value:
        """A value of which only rows and what was learned are kept."""
        if value.items is None and value.columns is None and value.text is None and not value.put:
            return value
        return replace(value, learned=value.shaped_by, items=None, columns=None, text=None, put=())

    def compared(self, node: ast.expr, values: Sequence[Value]) -> None:
        """Predictions are held against the rows that they were made for."""
        fits = frozenset[int]().union(*[one.predicted for one in values])
        if fits and any(one.rows and not one.predicted for one in values):
            self.scored(node, fits, self.mixed(values))

    def scored(self, node: ast.expr, fits: frozenset[int], data: Value, folds: bool = False) -> None:
        """Notes a score; of one in a function, where the cells call it."""
        self.story.scores.append(Score(self.caller or self.step(node), fits, data, folds))

    def bind(self, target: ast.expr, made: Value) -> None:
        """Gives a value to a name, to several, or to a part of one."""
        if isinstance(target, ast.Name):
            self.functions.pop(target.id, None)
            self.env[target.id] = made
            for one in made.rows:
                self.story.called.setdefault(one, target.id)
        elif isinstance(target, ast.Starred):
            self.bind(target.value, self.plain(made))
        elif isinstance(target, (ast.Tuple, ast.List)):
            self.unpack(target, made)
        elif isinstance(target, ast.Subscript):
            self.put(target, made)

    def unpack(self, target: ast.Tuple | ast.List, made: Value) -> None:
        """Item by item where they are known; else each target is some part of the whole, and its name says which."""
        if made.items is not None and len(made.items) == len(target.elts):
            for one, value in zip(target.elts, made.items, strict=True):
                self.bind(one, value)
            return
        for one in target.elts:
            if isinstance(one, (ast.Tuple, ast.List)):
                self.unpack(one, made)
                continue
            name = one.id if isinstance(one, ast.Name) else ""
            rows = self.rows(one, made.rows, role_of(name)) if not made.learners or made.rows else None
            self.bind(
                one, replace(made, rows=frozenset() if rows is None else frozenset((rows,)), columns=None, items=None)
            )

    def put(self, target: ast.Subscript, made: Value) -> None:
        """`table[...] = value`: the table holds what it held, and this."""
        into = target.value
        while isinstance(into, (ast.Subscript, ast.Attribute)):
            into = into.value
        if not isinstance(into, ast.Name):
            return
        before, said = self.env.get(into.id, NOTHING), self.texts(self.value(target.slice))
        columns, put, learned = before.columns, before.put, before.learned
        if said:
            put = (*(one for one in put if one[0] not in said), *((name, made.shaped_by) for name in said))
        else:
            learned |= made.shaped_by
        if columns is not None and said:
            without = columns.without - set(said)
            columns = replace(columns, without=without, named=columns.named and columns.named | set(said))
        self.env[into.id] = replace(before, rows=before.rows or made.rows, learned=learned, columns=columns, put=put)

    def drop(self, table: ast.expr, names: Iterable[str]) -> None:
        """Columns are gone from the table of a name."""
        if isinstance(table, ast.Name) and (value := self.env.get(table.id)) is not None:
            self.env[table.id] = without(value, names)

    def element(self, made: Value) -> Value:
        """What a loop over a value gives: one of its items, or some of its rows."""
        if made.items:
            return self.mixed(made.items)
        return self.plain(made)

    def texts(self, value: Value) -> tuple[str, ...]:
        """The strings that a value surely is or lists."""
        if value.text is not None:
            return (value.text,)
        items = value.items or ()
        found = tuple(one.text for one in items if one.text is not None)
        return found if len(found) == len(items) else ()

    def attribute(self, node: ast.Attribute) -> Value:
        """A column by name, the same rows in another form, a part by name."""
        whole = self.value(node.value)
        if node.attr in learning.SAME_ROWS:
            return whole
        if (
            whole.columns is not None
            and not whole.columns.one
            and node.attr not in ("shape", "columns", "index", "size")
        ):
            return column(whole, node.attr)
        if role_of(node.attr) is not Role.SOME:
            return replace(self.plain(whole), rows=frozenset((self.part(node, whole.rows, node.attr, node.attr),)))
        return self.plain(whole)

    def subscript(self, node: ast.Subscript) -> Value:
        """Columns, all rows or some of them."""
        whole = self.value(node.value)
        by_place = isinstance(node.value, ast.Attribute) and node.value.attr in ("loc", "iloc", "at", "iat")
        index = node.slice
        if isinstance(index, ast.Tuple) and index.elts:
            rows, *rest = index.elts
            said = self.texts(self.value(rest[0])) if rest else ()
            some = self.some(node, whole, rows)
            return column(some, *said) if said else replace(some, columns=None)
        chosen = self.value(index)
        said = self.texts(chosen)
        item = self.item(whole, index)
        if item is not None:
            return item
        if said and not by_place:
            if whole.columns is None and role_of(said[0]) is not Role.SOME:
                return replace(self.plain(whole), rows=frozenset((self.part(node, whole.rows, said[0], said[0]),)))
            return column(whole, *said)
        some = self.some(node, whole, index)
        masks = by_place or isinstance(index, (ast.Slice, ast.Compare, ast.UnaryOp))
        return some if masks else replace(some, columns=None)

    def item(self, whole: Value, index: ast.expr) -> Value | None:
        """The item of a tuple or list at a number that stands there."""
        if whole.items is None or not isinstance(index, ast.Constant) or not isinstance(index.value, int):
            return None
        return whole.items[index.value] if -len(whole.items) <= index.value < len(whole.items) else None

    def some(self, node: ast.expr, whole: Value, index: ast.expr) -> Value:
        """Rows by an index: all of them for `:`, else some, the same for the same text."""
        if isinstance(index, ast.Slice) and index.lower is None and index.upper is None:
            return whole
        if not whole.rows:
            return self.plain(whole)
        return replace(whole, rows=frozenset((self.part(node, whole.rows, ast.unparse(index)),)), items=None)

    def call(self, node: ast.Call) -> Value:
        """What a call gives; see calls.py."""
        raise NotImplementedError

    def dotted(self, node: ast.expr) -> str:
        """The dotted name of what is called, imports put in; it begins with a dot below what has no name."""
        return dotted(node, self.names)


def role_of(name: str) -> Role:
    """What rows of this name are for."""
    if learning.is_named(name, learning.TEST):
        return Role.TEST
    return Role.TRAIN if learning.is_named(name, learning.TRAIN) else Role.SOME


def column(table: Value, *names: str) -> Value:
    """One column of a table, or several."""
    put = tuple(mark for mark in table.put if mark[0] in names)
    if table.columns is None or table.columns.one:
        return replace(table, columns=None, items=None, put=put)
    one = names[0] if len(names) == 1 else ""
    return replace(table, columns=Columns(table.columns.table, frozenset(), frozenset(names), one), items=None, put=put)


def without(table: Value, names: Iterable[str]) -> Value:
    """A table less some columns; nothing is known of its columns when nobody can tell which."""
    gone = frozenset(names)
    put = tuple(mark for mark in table.put if mark[0] not in gone)
    if table.columns is None or not gone:
        return replace(table, columns=None, put=put)
    named = table.columns.named
    left = named - gone if named is not None else None
    return replace(table, columns=replace(table.columns, without=table.columns.without | gone, named=left), put=put)


# Which method knows an expression.
_KNOWN: dict[type[ast.AST], str] = {
    ast.Call: "call",
    ast.Attribute: "attribute",
    ast.Subscript: "subscript",
    ast.Tuple: "sequence",
    ast.List: "sequence",
    ast.NamedExpr: "named",
    ast.Lambda: "nothing",
    ast.ListComp: "comprehension",
    ast.SetComp: "comprehension",
    ast.GeneratorExp: "comprehension",
    ast.DictComp: "comprehension",
    ast.Compare: "comparison",
    ast.BinOp: "comparison",
}

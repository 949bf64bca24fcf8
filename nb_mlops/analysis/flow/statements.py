"""The walk over statements: how paths part and meet. A new statement of Python gets a method here."""

from __future__ import annotations

import ast
from typing import Any

from nb_mlops.analysis.flow.expressions import Expressions
from nb_mlops.analysis.flow.facts import Certainty, Function, Use
from nb_mlops.analysis.flow.scope import imported_name, names_bound_by
from nb_mlops.analysis.flow.state import State, join

_CATCHES_NAME_ERROR = frozenset({"NameError", "Exception", "BaseException"})
_SWALLOWS = frozenset({"suppress", "raises", "assertRaises", "assertRaisesRegex"})


class Statements(Expressions):
    """Walks statements with the two sets; loops are walked once, since a second turn binds and exposes nothing new."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.breaks: list[list[State]] = []  # states at the `break`s of the loops around this point
        self.continues: list[list[State]] = []

    def body(self, nodes: list[Any]) -> None:
        """Walk a block."""
        for node in nodes:
            if isinstance(node, ast.stmt):
                self.statement_at(node)
            else:
                self.visit(node)

    def statement_at(self, node: ast.stmt) -> None:
        """Walk one statement; a magic that stands on its line comes first."""
        if self.magics and node.lineno in self.magics and isinstance(node, ast.Pass | ast.Assign | ast.AnnAssign):
            self.run_magics(node)
        method = getattr(self, f"do_{node.__class__.__name__.lower()}", None)
        if method is not None:
            method(node)
        else:
            self.visit(node)

    def run_magics(self, node: ast.stmt) -> None:
        """What the magics on this statement's line do (filled in by the cell's walk)."""

    # binding -----------------------------------------------------------------------------------------------------

    def do_assign(self, node: ast.Assign) -> None:
        """`a = b = value`."""
        self.value(node.value)
        for target in node.targets:
            self.store(target, node.value)

    def do_annassign(self, node: ast.AnnAssign) -> None:
        """`a: int = value`; without a value a bare name is not bound."""
        if self.in_cell:
            self.visit(node.annotation)
        if node.value is not None:
            self.value(node.value)
            self.store(node.target, node.value)

    def do_augassign(self, node: ast.AugAssign) -> None:
        """`a += value` reads, may change in place, and binds."""
        target = node.target
        if isinstance(target, ast.Name):
            self.read(target.id, target)
        else:
            self.visit(target)
        self.visit(node.value)
        if not (isinstance(target, ast.Name) and isinstance(node.value, ast.Constant | ast.JoinedStr)):
            self.mutate(self.roots(target))
        if isinstance(target, ast.Name):
            self.bind(target.id, self.carried(target))

    def do_typealias(self, node: Any) -> None:
        """`type X = ...`: the value is evaluated when it is first asked for."""
        self.bind(node.name.id)

    def store(self, target: ast.expr, value: ast.expr | None) -> None:
        """Bind a target; `value` is the expression whose value (or whose members) it receives, when known."""
        if isinstance(target, ast.Name):
            self.bind(target.id, self.carried(value) if value is not None else ())
            self.alias(target.id, self.roots(value))
            if value is not None and self.in_cell:
                if self.makes_generator(value):
                    self.names.generators.add(target.id)
                if isinstance(value, ast.Lambda) and id(value) in self.lambdas:
                    self.functions.setdefault(target.id, set()).update(self.lambdas[id(value)].free)
        elif isinstance(target, ast.Starred):
            self.store(target.value, value)
        elif isinstance(target, ast.Tuple | ast.List):
            values: list[Any] = [value] * len(target.elts)
            if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts):
                values = list(value.elts)
            for element, part in zip(target.elts, values, strict=True):
                self.store(element, part)
        else:  # attribute, subscript
            self.visit(target)
            self.mutate(self.roots(target))

    def do_delete(self, node: ast.Delete) -> None:
        """`del a` needs `a` and unbinds it; `del a[0]` changes `a`."""
        for target in node.targets:
            for element in target.elts if isinstance(target, ast.Tuple | ast.List) else [target]:
                if isinstance(element, ast.Name):
                    self.read(element.id, element)
                    self.unbind(element.id)
                else:
                    self.visit(element)
                    self.mutate(self.roots(element))

    def do_import(self, node: ast.Import | ast.ImportFrom) -> None:
        """`import a.b as c`, `from a import *`."""
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            return
        for alias in node.names:
            if alias.name == "*":
                self.wildcard = True
                continue
            name = imported_name(alias)
            self.bind(name)
            if self.in_cell and not self.classes and not self.state.dead:
                self.imports.add(name)
                self.names.modules.add(name)

    do_importfrom = do_import

    def do_functiondef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """Decorators, defaults and annotations now; the body when it is called."""
        self.visit_all(node.decorator_list)
        self.arguments(node.args)
        if self.in_cell:
            annotations = [arg.annotation for arg in ast.walk(node.args) if isinstance(arg, ast.arg)]
            self.visit_all([*annotations, node.returns])
        function = self.function(node, node.name)
        if self.classes:
            self.classes[-1][node.name] = function
        if not self.in_cell:
            self.inner(function, node)
        elif not self.classes:
            self.functions.setdefault(node.name, set()).update(function.free)
        self.bind(node.name, (function,))

    do_asyncfunctiondef = do_functiondef

    def do_classdef(self, node: ast.ClassDef) -> None:
        """The body runs now, in a scope that its methods do not see."""
        self.visit_all([*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords)])
        methods: dict[str, Function] = {}
        for base in node.bases:
            for function in self.names.functions.get(base.id, ()) if isinstance(base, ast.Name) else ():
                methods.update(function.methods)
        self.hidden.append(set())
        self.classes.append(methods)
        self.body(node.body)
        self.classes.pop()
        self.hidden.pop()
        free: dict[str, Use] = {}
        for method in methods.values():
            for name, use in method.free.items():
                free.setdefault(name, Use(use.position, Certainty.POSSIBLE, use.via, use.called, use.soft))
        mutates = frozenset[str]().union(*(method.mutates for method in methods.values()))
        function = Function(node.name, self.cell, free, methods=methods, is_class=True, mutates=mutates)
        if not self.in_cell:
            self.inner(function, node)
        elif not self.classes:
            self.functions.setdefault(node.name, set()).update(free)
        self.bind(node.name, (function,))

    # paths -------------------------------------------------------------------------------------------------------

    def branch(self, nodes: list[Any], start: State, certainty: Certainty) -> State:
        """Walk a block on a path of its own; the state in which it ends."""
        old, self.certainty = self.certainty, min(self.certainty, certainty)
        self.state = start.copy()
        self.body(nodes)
        self.certainty = old
        return self.state

    def do_if(self, node: ast.If) -> None:
        """Both branches, unless the test is a constant (`__name__` is `__main__` in a notebook)."""
        known = constant_test(node.test)
        if known is not None:
            self.body(node.body if known else node.orelse)
            return
        self.visit(node.test)
        start = self.state
        ends = [self.branch(block, start, Certainty.POSSIBLE) for block in (node.body, node.orelse)]
        self.state = join(ends)

    def do_for(self, node: ast.For | ast.AsyncFor) -> None:
        """The body may run zero times, unless the iterable plainly holds something."""
        self.visit(node.iter)
        before = self.state.copy()
        surely = never_empty(node.iter)
        old = self.certainty
        self.certainty = old if surely else min(old, Certainty.LIKELY)
        self.breaks.append([])
        self.continues.append([])
        self.store(node.target, node.iter)
        self.body(node.body)
        self.certainty = old
        ends = [self.state, *self.continues.pop()]
        self.state = join(ends if surely else [before, *ends])
        self._finish_loop(node.orelse)

    do_asyncfor = do_for

    def do_while(self, node: ast.While) -> None:
        """`while True` runs its body and is left by `break` only."""
        known = constant_test(node.test)
        if known is False:
            self.body(node.orelse)
            return
        self.visit(node.test)
        before = self.state.copy()
        old = self.certainty
        self.certainty = old if known else min(old, Certainty.LIKELY)
        self.breaks.append([])
        self.continues.append([])
        self.body(node.body)
        self.certainty = old
        ends = [self.state, *self.continues.pop()]
        self.state = join([]) if known else join([before, *ends])
        self._finish_loop(node.orelse)

    def _finish_loop(self, orelse: list[ast.stmt]) -> None:
        breaks = self.breaks.pop()
        if orelse:
            self.state = self.branch(orelse, self.state, Certainty.POSSIBLE if breaks else self.certainty)
        self.state = join([self.state, *breaks])

    def do_break(self, node: ast.Break) -> None:
        """Leaves the loop with what is bound here."""
        if self.breaks:
            self.breaks[-1].append(self.state.copy())
        self.state = join([])

    def do_continue(self, node: ast.Continue) -> None:
        """Ends this turn with what is bound here."""
        if self.continues:
            self.continues[-1].append(self.state.copy())
        self.state = join([])

    def do_return(self, node: ast.Return) -> None:
        """The path ends."""
        if node.value is not None:
            self.visit(node.value)
        self._leave()

    def do_raise(self, node: ast.Raise) -> None:
        """The path ends."""
        self.visit_all([node.exc, node.cause])
        self._leave()

    def _leave(self) -> None:
        # A function that returns early has still bound its globals on that path; a cell that raises has ended.
        if self.scope is not None:
            self.returned(self.state)
        self.state = join([])

    def returned(self, state: State) -> None:
        """A path of a function ends here."""

    def do_assert(self, node: ast.Assert) -> None:
        """The message is evaluated only when the test fails."""
        self.visit(node.test)
        if node.msg is not None:
            self._unsure([node.msg], Certainty.POSSIBLE)

    def do_with(self, node: ast.With | ast.AsyncWith) -> None:
        """The body runs, but `suppress` and `raises` may swallow its end."""
        swallows = False
        for item in node.items:
            self.visit(item.context_expr)
            if item.optional_vars is not None:
                self.store(item.optional_vars, item.context_expr)
            swallows |= _called_name(item.context_expr) in _SWALLOWS
        if not swallows:
            self.body(node.body)
            return
        before = self.state.copy()
        end = self.branch(node.body, before, Certainty.POSSIBLE)
        before.may_bind(end.may)
        self.state = join([before, end])

    do_asyncwith = do_with

    def do_try(self, node: Any) -> None:
        """A handler may start after any part of the body; `except E as e` unbinds `e` at its end."""
        before = self.state.copy()
        guarded = any(_catches_name_error(handler.type) for handler in node.handlers)
        sure = Certainty.POSSIBLE if guarded else Certainty.LIKELY if node.handlers else Certainty.SURE
        tried = self.branch(node.body, before, sure)
        part = before.copy()
        part.may_bind(tried.may)
        ends = [self.branch(node.orelse, tried, sure)]
        for handler in node.handlers:
            ends.append(self._handler(handler, part))
        self.state = join(ends)
        if node.finalbody:
            ended = self.state.dead
            if ended:
                self.state = part.copy()
            self.body(node.finalbody)
            if ended:
                self.state = join([])

    do_trystar = do_try

    def _handler(self, handler: ast.ExceptHandler, start: State) -> State:
        self.state = start.copy()
        old, self.certainty = self.certainty, Certainty.POSSIBLE
        if handler.type is not None:
            self.visit(handler.type)
        if handler.name:
            self.bind(handler.name)
        self.body(handler.body)
        if handler.name:
            self.unbind(handler.name)
        self.certainty = old
        return self.state

    def do_match(self, node: ast.Match) -> None:
        """Each case on a path of its own; captures bind."""
        self.visit(node.subject)
        start = self.state
        ends = []
        exhaustive = False
        for case in node.cases:
            self.state = start.copy()
            old, self.certainty = self.certainty, Certainty.POSSIBLE
            self._pattern(case.pattern, node.subject)
            if case.guard is not None:
                self.visit(case.guard)
            self.body(case.body)
            self.certainty = old
            ends.append(self.state)
            catches_all = isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None
            exhaustive |= catches_all and case.guard is None
        self.state = join(ends if exhaustive else [start, *ends])

    def _pattern(self, pattern: ast.pattern, subject: ast.expr) -> None:
        for part in ast.walk(pattern):
            if isinstance(part, ast.MatchValue):
                self.visit(part.value)
            elif isinstance(part, ast.MatchClass):
                self.visit(part.cls)
            elif isinstance(part, ast.MatchMapping):
                self.visit_all(part.keys)
            for name in names_bound_by(part) if isinstance(part, ast.pattern) else ():
                self.bind(name)
                self.alias(name, self.roots(subject))


def constant_test(test: ast.expr) -> bool | None:
    """What a test always is, when that can be told: constants, `__name__ == "__main__"`, `TYPE_CHECKING`."""
    if isinstance(test, ast.Constant):
        return bool(test.value)
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = constant_test(test.operand)
        return None if inner is None else not inner
    if isinstance(test, ast.Name | ast.Attribute):
        name = test.id if isinstance(test, ast.Name) else test.attr
        return False if name == "TYPE_CHECKING" else None
    if isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and test.left.id == "__name__":
        other = test.comparators[0]
        if isinstance(other, ast.Constant) and other.value == "__main__" and len(test.ops) == 1:
            return isinstance(test.ops[0], ast.Eq) if isinstance(test.ops[0], ast.Eq | ast.NotEq) else None
    return None


def never_empty(node: ast.expr) -> bool:
    """Whether iterating surely yields something: `[a, b]`, `range(5)`, `"abc"`."""
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return any(not isinstance(element, ast.Starred) for element in node.elts)
    if isinstance(node, ast.Dict):
        return bool(node.keys)
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str | bytes) and bool(node.value)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
        if node.func.id in ("enumerate", "reversed", "sorted", "list", "tqdm"):
            return never_empty(node.args[0])
        if node.func.id == "zip":
            return all(never_empty(arg) for arg in node.args)
        if node.func.id == "range":
            return _nonempty_range([arg.value if isinstance(arg, ast.Constant) else None for arg in node.args])
    return False


def _nonempty_range(args: list[Any]) -> bool:
    if not all(isinstance(arg, int) for arg in args) or not 1 <= len(args) <= 3 or args[2:] == [0]:
        return False
    return len(range(*args)) > 0


def _catches_name_error(kind: ast.expr | None) -> bool:
    if kind is None:
        return True
    if isinstance(kind, ast.Tuple):
        return any(_catches_name_error(element) for element in kind.elts)
    return isinstance(kind, ast.Name) and kind.id in _CATCHES_NAME_ERROR


def _called_name(node: ast.expr) -> str:
    func = node.func if isinstance(node, ast.Call) else node
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""

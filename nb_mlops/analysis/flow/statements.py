"""The walk over statements: how paths part and meet."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, ClassVar

from nb_mlops.analysis.flow.bindings import Bindings
from nb_mlops.analysis.flow.constants import always_empty, constant_test, never_empty
from nb_mlops.analysis.flow.facts import LIKELY, POSSIBLE, SURE, Certainty
from nb_mlops.analysis.flow.scope import names_bound_by
from nb_mlops.analysis.flow.state import State, join
from nb_mlops.analysis.walk import walk

_CATCHES_NAME_ERROR = frozenset({"NameError", "Exception", "BaseException"})
_SWALLOWS = frozenset({"suppress", "raises", "assertRaises", "assertRaisesRegex"})


class Statements(Bindings):
    """Walks statements with the two sets; loops are walked once, since a second turn binds and exposes nothing new."""

    __slots__ = ()

    _statements: ClassVar[dict[type, Callable[[Any, Any], None]]] = {}

    def body(self, nodes: list[Any]) -> None:
        """Walk a block. What stands after a conditional `break`, `continue` or `return` is not surely reached."""
        left = self.jumps + len(self.exits)  # neither gets less
        for node in nodes:
            self.statement_at(node)
            if left != self.jumps + len(self.exits):
                left = self.jumps + len(self.exits)
                self.certainty = POSSIBLE

    def statement_at(self, node: ast.stmt) -> None:
        """Walk one statement; a magic that stands on its line comes first."""
        if self.magics and node.lineno in self.magics and isinstance(node, (ast.Pass, ast.Assign, ast.AnnAssign)):
            self.run_magics(node)
        kind = node.__class__
        method = self._statements.get(kind)
        if method is None:
            method = self._statements[kind] = getattr(Statements, f"do_{kind.__name__.lower()}", Statements.visit)
        method(self, node)

    def do_expr(self, node: ast.Expr) -> None:
        """A statement that is an expression."""
        self.visit_all((node.value,))

    def run_magics(self, node: ast.stmt) -> None:
        """What the magics on this statement's line do (filled in by the cell's walk)."""

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
        ends = [self.branch(block, start, POSSIBLE) for block in (node.body, node.orelse)]
        self.state = join(ends)

    def do_for(self, node: ast.For | ast.AsyncFor) -> None:
        """The body may run zero times, unless the iterable plainly holds something or nothing."""
        self.visit(node.iter)
        self.iterated(node.iter)
        if always_empty(node.iter):
            self._after_loop(node.orelse, [])
            return
        before = self.state.copy()
        surely = never_empty(node.iter)
        ends, breaks = self._turn(node.body, surely, (node.target, node.iter))
        self.state = join(ends if surely else [before, *ends])
        self._after_loop(node.orelse, breaks)

    do_asyncfor = do_for

    def do_while(self, node: ast.While) -> None:
        """`while True` runs its body and is left by `break` only."""
        known = constant_test(node.test)
        if known is False:
            self.body(node.orelse)
            return
        self.visit(node.test)
        before = self.state.copy()
        ends, breaks = self._turn(node.body, known is True)
        self.state = join([] if known else [before, *ends])
        self._after_loop(node.orelse, breaks)

    def _turn(
        self, body: list[ast.stmt], surely: bool, bound: tuple[ast.expr, ast.expr] | None = None
    ) -> tuple[list[State], list[State]]:
        """One turn of a loop that binds a target to the members of an iterable: states at its ends, at its breaks."""
        old, jumps = self.certainty, self.jumps
        self.certainty = old if surely else min(old, LIKELY)
        self.breaks.append([])
        self.continues.append([])
        if bound is not None:
            self.store(*bound)
        self.body(body)
        self.certainty, self.jumps = old, jumps
        return [self.state, *self.continues.pop()], self.breaks.pop()

    def _after_loop(self, orelse: list[ast.stmt], breaks: list[State]) -> None:
        if orelse:
            self.state = self.branch(orelse, self.state, POSSIBLE if breaks else self.certainty)
        self.state = join([self.state, *breaks])

    def do_break(self, node: ast.Break) -> None:
        """Leaves the loop with what is bound here."""
        if self.breaks:
            self.breaks[-1].append(self.state.copy())
            self.jumps += 1
        self.state = join([])

    def do_continue(self, node: ast.Continue) -> None:
        """Ends this turn with what is bound here."""
        if self.continues:
            self.continues[-1].append(self.state.copy())
            self.jumps += 1
        self.state = join([])

    def do_return(self, node: ast.Return) -> None:
        """The path ends; what it has bound of `global` names stays bound."""
        if node.value is not None:
            self.visit(node.value)
        self.exits.append(self.state)
        self.state = join([])

    def do_raise(self, node: ast.Raise) -> None:
        """The path ends."""
        self.visit_all([node.exc, node.cause])
        self.state = join([])

    def do_assert(self, node: ast.Assert) -> None:
        """The message is evaluated only when the test fails."""
        self.visit(node.test)
        if node.msg is not None:
            self._unsure([node.msg], POSSIBLE)

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
        end = self.branch(node.body, before, POSSIBLE)
        before.may_bind(end.may)
        self.state = join([before, end])

    do_asyncwith = do_with

    def do_try(self, node: Any) -> None:
        """A handler may start after any part of the body; `except E as e` unbinds `e` at its end."""
        before = self.state.copy()
        guarded = any(_catches_name_error(handler.type) for handler in node.handlers)
        sure = POSSIBLE if guarded else LIKELY if node.handlers else SURE
        tried = self.branch(node.body, before, sure)
        part = before.copy()
        part.may_bind(tried.may)
        lacking = _only_deletes(node.body) if guarded else None
        if lacking is not None:
            part.unbind(lacking)  # where deleting it failed, it was not there
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
        old, self.certainty = self.certainty, POSSIBLE
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
            old, self.certainty = self.certainty, POSSIBLE
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
        for part in walk(pattern):
            if isinstance(part, ast.MatchValue):
                self.visit(part.value)
            elif isinstance(part, ast.MatchClass):
                self.visit(part.cls)
            elif isinstance(part, ast.MatchMapping):
                self.visit_all(part.keys)
            for name in names_bound_by(part) if isinstance(part, ast.pattern) else ():
                self.bind(name)
                self.alias(name, subject)


def _only_deletes(body: list[ast.stmt]) -> str | None:
    """The name of `del name`, when a block is nothing else."""
    node = body[0]
    if len(body) != 1 or not isinstance(node, ast.Delete) or len(node.targets) != 1:
        return None
    target = node.targets[0]
    return target.id if isinstance(target, ast.Name) else None


def _catches_name_error(kind: ast.expr | None) -> bool:
    if kind is None:
        return True
    if isinstance(kind, ast.Tuple):
        return any(_catches_name_error(element) for element in kind.elts)
    return isinstance(kind, ast.Name) and kind.id in _CATCHES_NAME_ERROR


def _called_name(node: ast.expr) -> str:
    func = node.func if isinstance(node, ast.Call) else node
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""

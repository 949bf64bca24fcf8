"""The walk over expressions, in the order Python evaluates them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from nb_mlops.analysis.flow.calls import GENERATOR, Calls
from nb_mlops.analysis.flow.facts import LIKELY, POSSIBLE, Certainty, Function, Use
from nb_mlops.analysis.flow.scope import FunctionNode, scope_of
from nb_mlops.analysis.flow.state import State, join
from nb_mlops.analysis.flow.walk import DISPLAYS
from nb_mlops.analysis.walk import children, walk

# Expressions that may store what is not done yet: functions and generators.
_KEPT = frozenset({ast.Lambda, *DISPLAYS, ast.Dict, ast.Subscript, ast.GeneratorExp})

Comprehension = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp


class Expressions(Calls):
    """Walks expressions. A kind of node without a method of its own has its children walked in order.

    Names, attributes and constants are two thirds of all nodes; what they need is done without a call.
    """

    __slots__ = ()

    _methods: ClassVar[dict[type, Callable[[Any, Any], None]]] = {}

    def visit(self, node: ast.AST) -> None:
        """Walk one node."""
        self.visit_all((node,))

    def visit_all(self, nodes: Iterable[Any]) -> None:
        """Walk nodes in order; None among them (as in `{**a}`) is skipped."""
        methods = self._methods
        for node in nodes:
            kind = node.__class__
            while kind is ast.Attribute:
                node = node.value
                kind = node.__class__
            if kind is ast.Constant or node is None:
                continue
            if kind is ast.Name:
                name = node.id
                if name not in self.state.must and (not (self.hidden or self.class_names) or not self.is_hidden(name)):
                    self.need(name, node, self.certainty)
                if name in self.names.functions:
                    self.escapes(name, node)
                continue
            method = methods.get(kind)
            if method is None:
                method = methods[kind] = getattr(Expressions, f"visit_{kind.__name__.lower()}", Expressions.visit_parts)
            method(self, node)

    def visit_parts(self, node: ast.AST) -> None:
        """A kind of node without a method of its own."""
        self.visit_all(children(node))

    def value(self, node: ast.expr) -> None:
        """Walk what is being stored: a lambda in it is kept for later, not called now; a generator is not run yet."""
        if node.__class__ not in _KEPT:
            self.visit_all((node,))
        elif isinstance(node, ast.Lambda):
            self._lambda(node)
        elif isinstance(node, DISPLAYS):
            for element in node.elts:
                self.value(element)
        elif isinstance(node, ast.Dict):
            for key, element in zip(node.keys, node.values, strict=True):
                if key is not None:
                    self.visit(key)
                self.value(element)
        elif isinstance(node, ast.Subscript):
            self.value(node.value)
            self.visit(node.slice)
        elif isinstance(node, ast.GeneratorExp):
            self._generator(node)

    def visit_starred(self, node: ast.Starred) -> None:
        """`*a`."""
        self.visit_all((node.value,))

    def visit_unaryop(self, node: ast.UnaryOp) -> None:
        """`-a`, `not a`."""
        self.visit_all((node.operand,))

    def visit_list(self, node: ast.List | ast.Tuple | ast.Set) -> None:
        """`[a, b]`, `a, b`, `{a, b}`."""
        self.visit_all(node.elts)

    visit_tuple = visit_set = visit_list

    def visit_subscript(self, node: ast.Subscript) -> None:
        """`value[slice]`."""
        self.visit_all((node.value, node.slice))

    def visit_dict(self, node: ast.Dict) -> None:
        """`{key: value}`: keys, then values."""
        self.visit_all([*node.keys, *node.values])

    def visit_joinedstr(self, node: ast.JoinedStr) -> None:
        """`f"{value}"`."""
        self.visit_all(node.values)

    def visit_call(self, node: ast.Call) -> None:
        """The callee, its arguments, and then what the call does."""
        func = node.func
        given: list[ast.expr] = node.args
        if node.keywords:
            given = [*given, *[keyword.value for keyword in node.keywords]]
        if isinstance(func, ast.Name):
            name = func.id
            hidden = (self.hidden or self.class_names) and self.is_hidden(name)
            if not hidden:
                self.need(name, func, self.certainty, called=True)
            if given:
                self.visit_all(given)
            if not hidden:
                self.called_by_name(name, node)
            return
        self.visit_all([func, *given])
        if isinstance(func, ast.Attribute):
            self.called_as_method(func, node)
        elif isinstance(func, ast.Subscript):
            self.called_as_member(func, node)

    def visit_namedexpr(self, node: ast.NamedExpr) -> None:
        """`name := value` binds in the scope around any comprehension."""
        self.visit(node.value)
        self.bind(node.target.id, self.carried(node.value))

    def visit_ifexp(self, node: ast.IfExp) -> None:
        """`a if test else b`: one of the two."""
        self.visit(node.test)
        start = self.state.copy()
        self._unsure([node.body], POSSIBLE)
        after_body, self.state = self.state, start
        self._unsure([node.orelse], POSSIBLE)
        self.state = join([after_body, self.state])

    def visit_boolop(self, node: ast.BoolOp) -> None:
        """`a and b`: the first always, the others perhaps."""
        self.visit(node.values[0])
        self._unsure(node.values[1:], POSSIBLE)

    def visit_binop(self, node: ast.BinOp) -> None:
        """Left, then right; a long chain `a + b + c …` leans left and is walked without recursion."""
        rights = []
        left: ast.expr = node
        while isinstance(left, ast.BinOp):
            rights.append(left.right)
            left = left.left
        rights.append(left)
        self.visit_all(rights[::-1])

    def visit_compare(self, node: ast.Compare) -> None:
        """`"x" in globals()` only asks; everything else is read."""
        guard = (
            isinstance(node.left, ast.Constant)
            and isinstance(node.ops[0], (ast.In, ast.NotIn))
            and isinstance(node.comparators[0], ast.Call)
            and isinstance(node.comparators[0].func, ast.Name)
            and node.comparators[0].func.id in ("globals", "locals", "vars", "dir")
        )
        if not guard:
            self.visit_all([node.left, *node.comparators])

    def visit_lambda(self, node: ast.Lambda) -> None:
        """A lambda that is not stored under a name is about to be called by whoever it is handed to."""
        function = self._lambda(node)
        if self.in_cell:
            self.enter(function, node, min(self.certainty, LIKELY))

    def visit_listcomp(self, node: Comprehension, certainty: Certainty = LIKELY) -> None:
        """A comprehension: its own scope, but the first iterable is evaluated outside."""
        self.visit(node.generators[0].iter)
        scope: set[str] = set()
        before = self.state.copy()
        self.hidden.append(scope)
        old, self.certainty = self.certainty, min(self.certainty, certainty)
        for index, generator in enumerate(node.generators):
            if index:
                self.visit(generator.iter)
            self._hide(generator.target, generator.iter, scope)
            self.visit_all(generator.ifs)
            if generator.ifs:
                self.certainty = POSSIBLE
        self.visit_all((node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,))
        self.certainty = old
        self.hidden.pop()
        self._partly(before)

    visit_setcomp = visit_generatorexp = visit_dictcomp = visit_listcomp

    def function(self, node: FunctionNode, name: str) -> Function:
        """What a function will read, bind and change when it is called: its body walked with its locals hidden."""
        scope = scope_of(node, None if self.fixed is not None else self.python.code)
        child = type(self)(self.cell, self.python, self.names, scope)
        child.magics = self.magics
        child.fixed = self.fixed
        child.body(node.body if isinstance(node.body, list) else [node.body])
        ended = join([child.state, *child.exits])
        bound = {name for name in ended.may if name in scope.declared_global}
        around = frozenset[str]().union(*self.hidden)  # a lambda in a comprehension sees its variables
        free = {free: use for free, use in child.uses.items() if free not in around}
        if scope.is_generator:
            free = {n: Use(u.position, min(u.certainty, LIKELY), u.via, u.called, u.soft) for n, u in free.items()}
        return Function(
            name,
            self.cell,
            free,
            scope.parameters,
            {name: name in ended.must for name in sorted(bound)},
            frozenset(child.unbound & scope.declared_global - ended.must),
            frozenset(child.mutated - scope.locals),
            frozenset(child.mutated.intersection(scope.parameters)),
            wildcard=child.wildcard and bool(scope.declared_global),
            opaque=child.opaque,
        )

    def inner(self, function: Function, node: ast.expr | ast.stmt) -> None:
        """A function defined inside a function: what it needs, the outer one may need."""
        for name, use in function.free.items():
            self.need(name, node, POSSIBLE, called=use.called, soft=use.soft)
        self.mutated |= {name for name in function.mutates if name not in self.state.must}
        self.state.may_bind(function.binds)

    def body(self, nodes: list[Any]) -> None:
        """Walk a function's body."""
        self.visit_all(nodes)

    def arguments(self, args: ast.arguments) -> None:
        """Defaults are evaluated where the function is defined."""
        self.visit_all(args.defaults)
        self.visit_all(args.kw_defaults)

    def _lambda(self, node: ast.Lambda) -> Function:
        self.arguments(node.args)
        function = self.lambdas[id(node)] = self.function(node, "the lambda")
        if not self.in_cell:
            self.inner(function, node)
        return function

    def _generator(self, node: ast.GeneratorExp) -> None:
        """A stored generator has its first iterable now; the rest runs where somebody iterates over it."""
        if not self.in_cell:
            self.visit_listcomp(node, POSSIBLE)
            return
        first = node.generators[0]
        self.visit(first.iter)
        nothing = ast.copy_location(ast.Tuple([], ast.Load()), node)
        rest = [ast.comprehension(first.target, nothing, first.ifs, first.is_async), *node.generators[1:]]
        body = ast.copy_location(ast.ListComp(node.elt, rest), node)
        arguments = ast.arguments([], [], None, [], [], None, [])
        self.lambdas[id(node)] = self.function(ast.copy_location(ast.Lambda(arguments, body), node), GENERATOR)

    def _unsure(self, nodes: list[ast.expr], certainty: Certainty) -> None:
        """Walk what may not be evaluated: what it binds is bound on some path only."""
        before = self.state.copy()
        old, self.certainty = self.certainty, min(self.certainty, certainty)
        self.visit_all(nodes)
        self.certainty = old
        self._partly(before)

    def _partly(self, before: State) -> None:
        """What was walked since `before` may not have run: what it bound (`:=`, a call) is bound on some path only."""
        if self.state.must != before.must:
            before.may_bind(self.state.may)
            self.state = before

    def _hide(self, target: ast.expr, source: ast.expr, scope: set[str]) -> None:
        for node in walk(target):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                scope.add(node.id)
                self.alias(node.id, source)
            elif isinstance(node, ast.Name):
                self.read(node.id, node)

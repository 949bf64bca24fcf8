"""The walk over expressions, in the order Python evaluates them."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, ClassVar

from nb_mlops.analysis.flow.calls import GENERATOR, Calls
from nb_mlops.analysis.flow.facts import Certainty, Function, Use
from nb_mlops.analysis.flow.scope import FunctionNode, scope_of
from nb_mlops.analysis.flow.state import State, join
from nb_mlops.analysis.flow.walk import DISPLAYS
from nb_mlops.analysis.walk import children, walk

Comprehension = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp


class Expressions(Calls):
    """Walks expressions. A kind of node without a method of its own has its children walked in order."""

    _methods: ClassVar[dict[type, Callable[[Any, Any], None] | None]] = {}

    def visit(self, node: ast.AST) -> None:
        """Walk one node."""
        kind = node.__class__
        if kind is ast.Constant:
            return
        try:
            method = self._methods[kind]
        except KeyError:
            method = self._methods[kind] = getattr(Expressions, f"visit_{kind.__name__.lower()}", None)
        if method is not None:
            method(self, node)
        else:
            for child in children(node):
                self.visit(child)

    def visit_all(self, nodes: list[Any]) -> None:
        """Walk nodes in order; None among them (as in `{**a}`) is skipped."""
        for node in nodes:
            if node is not None and node.__class__ is not ast.Constant:
                self.visit(node)

    def value(self, node: ast.expr) -> None:
        """Walk what is being stored: a lambda in it is kept for later, not called now; a generator is not run yet."""
        if isinstance(node, ast.Lambda):
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
        else:
            self.visit(node)

    def visit_expr(self, node: ast.Expr) -> None:
        """A statement that is an expression."""
        self.visit(node.value)

    visit_starred = visit_expr

    def visit_unaryop(self, node: ast.UnaryOp) -> None:
        """`-a`, `not a`."""
        self.visit(node.operand)

    def visit_name(self, node: ast.Name) -> None:
        """A name in plain sight."""
        self.read(node.id, node)
        if node.id in self.names.functions:
            self.escapes(node.id, node)

    def visit_attribute(self, node: ast.Attribute) -> None:
        """`value.attr`."""
        self.visit(node.value)

    def visit_list(self, node: ast.List | ast.Tuple | ast.Set) -> None:
        """`[a, b]`, `a, b`, `{a, b}`."""
        self.visit_all(node.elts)

    visit_tuple = visit_set = visit_list

    def visit_subscript(self, node: ast.Subscript) -> None:
        """`value[slice]`."""
        self.visit(node.value)
        self.visit(node.slice)

    def visit_call(self, node: ast.Call) -> None:
        """The callee, its arguments, and then what the call does."""
        func = node.func
        if isinstance(func, ast.Name):
            self.read(func.id, func, called=True)
        else:
            self.visit(func)
        self.visit_all(node.args)
        for keyword in node.keywords:
            self.visit(keyword.value)
        if isinstance(func, ast.Name):
            if not self.is_hidden(func.id):
                self.called_by_name(func.id, node)
        elif isinstance(func, ast.Attribute):
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
        self._unsure([node.body], Certainty.POSSIBLE)
        after_body, self.state = self.state, start
        self._unsure([node.orelse], Certainty.POSSIBLE)
        self.state = join([after_body, self.state])

    def visit_boolop(self, node: ast.BoolOp) -> None:
        """`a and b`: the first always, the others perhaps."""
        self.visit(node.values[0])
        self._unsure(node.values[1:], Certainty.POSSIBLE)

    def visit_binop(self, node: ast.BinOp) -> None:
        """Left, then right; a long chain `a + b + c …` leans left and is walked without recursion."""
        rights = []
        left: ast.expr = node
        while isinstance(left, ast.BinOp):
            rights.append(left.right)
            left = left.left
        self.visit(left)
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
            self.visit(node.left)
            self.visit_all(node.comparators)

    def visit_lambda(self, node: ast.Lambda) -> None:
        """A lambda that is not stored under a name is about to be called by whoever it is handed to."""
        function = self._lambda(node)
        if self.in_cell:
            self.enter(function, node, min(self.certainty, Certainty.LIKELY))

    def visit_listcomp(self, node: Comprehension, certainty: Certainty = Certainty.LIKELY) -> None:
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
                self.certainty = Certainty.POSSIBLE
        if isinstance(node, ast.DictComp):
            self.visit(node.key)
            self.visit(node.value)
        else:
            self.visit(node.elt)
        self.certainty = old
        self.hidden.pop()
        self._partly(before)

    visit_setcomp = visit_generatorexp = visit_dictcomp = visit_listcomp

    def function(self, node: FunctionNode, name: str) -> Function:
        """What a function will read, bind and change when it is called: its body walked with its locals hidden."""
        scope = scope_of(node)
        child = type(self)(self.cell, self.python, self.names, scope)
        child.magics = self.magics
        child.fixed = self.fixed
        child.body(node.body if isinstance(node.body, list) else [node.body])
        ended = join([child.state, *child.exits])
        bound = {name for name in ended.may if name in scope.declared_global}
        around = frozenset[str]().union(*self.hidden)  # a lambda in a comprehension sees its variables
        free = {free: use for free, use in child.uses.items() if free not in around}
        if scope.is_generator:
            free = {
                n: Use(u.position, min(u.certainty, Certainty.LIKELY), u.via, u.called, u.soft) for n, u in free.items()
            }
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
            self.need(name, node, Certainty.POSSIBLE, called=use.called, soft=use.soft)
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
            self.visit_listcomp(node, Certainty.POSSIBLE)
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

"""The walk over statements that bind, change or unbind names."""

from __future__ import annotations

import ast
from typing import Any

from nb_mlops.analysis.flow.expressions import Expressions
from nb_mlops.analysis.flow.facts import LIKELY, POSSIBLE, Function, Use
from nb_mlops.analysis.flow.scope import arguments_of, imported_name
from nb_mlops.knowledge.stars import star_names


class Bindings(Expressions):
    """Assignments, imports, definitions, deletions. A new binding form of Python gets its method here."""

    __slots__ = ()

    def do_assign(self, node: ast.Assign) -> None:
        """`a = b = value`."""
        value = node.value
        self.value(value)
        for target in node.targets:
            self.store(target, value)

    def do_annassign(self, node: ast.AnnAssign) -> None:
        """`a: int = value`; without a value a bare name is not bound."""
        if self.in_cell:
            self.annotations([node.annotation])
        if node.value is not None:
            self.value(node.value)
            self.store(node.target, node.value)

    def annotations(self, nodes: list[ast.expr | None]) -> None:
        """Evaluated here, but not under `from __future__ import annotations`, nor by Python 3.14 and later."""
        if not self.names.lazy_annotations:
            old, self.certainty = self.certainty, min(self.certainty, LIKELY)
            self.visit_all(nodes)
            self.certainty = old

    def do_augassign(self, node: ast.AugAssign) -> None:
        """`a += value` reads, may change in place, and binds."""
        target = node.target
        if isinstance(target, ast.Name):
            self.read(target.id, target)
        else:
            self.visit(target)
        self.visit(node.value)
        if not (isinstance(target, ast.Name) and isinstance(node.value, (ast.Constant, ast.JoinedStr))):
            self.mutate(self.roots(target))
        if isinstance(target, ast.Name):
            self.bind(target.id, self.carried(target))

    def do_typealias(self, node: Any) -> None:
        """`type X = ...`: the value is evaluated when it is first asked for."""
        self.bind(node.name.id)

    def store(self, target: ast.expr, value: ast.expr | None) -> None:
        """Bind a target; `value` is the expression whose value (or whose members) it receives, when known."""
        if isinstance(target, ast.Name):
            name = target.id
            self.bind(name, self.carried(value) if value is not None else ())
            self.alias(name, value)
            if value is not None and self.in_cell:
                if isinstance(value, ast.Call):
                    if self.makes_generator(value):
                        self.names.generators.add(name)
                elif isinstance(value, ast.Lambda) and id(value) in self.lambdas:
                    self.functions.setdefault(name, set()).update(self.lambdas[id(value)].free)
        elif isinstance(target, ast.Starred):
            self.store(target.value, value)
        elif isinstance(target, (ast.Tuple, ast.List)):
            values: list[Any] = [value] * len(target.elts)
            if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts):
                values = list(value.elts)
            for element, part in zip(target.elts, values, strict=True):
                self.store(element, part)
        else:  # attribute, subscript
            self.visit(target)
            self.mutate(self.roots(target))

    def do_delete(self, node: ast.Delete) -> None:
        """`del a` needs `a` and unbinds it; `del a[0]` changes `a`."""
        for target in node.targets:
            for element in target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]:
                if isinstance(element, ast.Name):
                    self.read(element.id, element)
                    self.unbind(element.id)
                else:
                    self.visit(element)
                    self.mutate(self.roots(element))

    def do_import(self, node: ast.Import | ast.ImportFrom) -> None:
        """`import a.b as c`, `from a import *`."""
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            self.names.lazy_annotations |= any(alias.name == "annotations" for alias in node.names)
            return
        for alias in node.names:
            if alias.name == "*" and isinstance(node, ast.ImportFrom):
                self._star(node.module if not node.level and node.module else "")
            else:
                self._imported(imported_name(alias))

    do_importfrom = do_import

    def _star(self, module: str) -> None:
        names = star_names(module)
        self.wildcard |= names is None
        for name in sorted(names or ()):
            self._imported(name)

    def _imported(self, name: str) -> None:
        self.bind(name)
        if self.in_cell and not self.classes and not self.state.dead:
            self.imports.add(name)
            self.names.modules.add(name)

    def do_functiondef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """Decorators, defaults and annotations now; the body when it is called."""
        self.visit_all(node.decorator_list)
        self.arguments(node.args)
        self.hidden.append(_type_parameters(node))
        if self.in_cell:
            self.annotations([*[arg.annotation for arg in arguments_of(node)], node.returns])
        function = self.function(node, node.name)
        self.hidden.pop()
        if self.classes:
            self.classes[-1][node.name] = function
        self._define(node, function)

    do_asyncfunctiondef = do_functiondef

    def do_classdef(self, node: ast.ClassDef) -> None:
        """The body runs now, in a scope that its methods do not see."""
        self.visit_all(node.decorator_list)
        self.hidden.append(_type_parameters(node))
        self.visit_all([*node.bases, *(keyword.value for keyword in node.keywords)])
        methods: dict[str, Function] = {}
        for base in node.bases:
            for inherited in self.names.functions.get(base.id, ()) if isinstance(base, ast.Name) else ():
                methods.update(inherited.methods)
        self.class_names.append(set())
        self.class_depths.append(len(self.hidden))
        self.classes.append(methods)
        self.body(node.body)
        self.classes.pop()
        self.class_names.pop()
        self.class_depths.pop()
        self.hidden.pop()
        free: dict[str, Use] = {}
        for method in methods.values():
            for name, use in method.free.items():
                free.setdefault(name, Use(use.position, POSSIBLE, use.via, use.called, use.soft))
        mutates = frozenset[str]().union(*(method.mutates for method in methods.values()))
        self._define(node, Function(node.name, self.cell, free, methods=methods, is_class=True, mutates=mutates))

    def _define(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, function: Function) -> None:
        if not self.in_cell:
            self.inner(function, node)
            self.inner_functions[node.name] = function
        elif not self.classes:
            self.functions.setdefault(node.name, set()).update(function.free)
        self.bind(node.name, (function,))


def _type_parameters(node: ast.AST) -> set[str]:
    """The `T` of `def f[T](x: T)` and `class C[T]` (Python 3.12)."""
    return {parameter.name for parameter in getattr(node, "type_params", ())}

"""What a call does beyond reading its arguments: the called function's reads, bindings and in-place changes."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable

from nb_mlops.analysis.flow.facts import LIKELY, POSSIBLE, SURE, Certainty, Function
from nb_mlops.analysis.flow.walk import DISPLAYS, PARTS, Walk
from nb_mlops.analysis.walk import walk
from nb_mlops.core.lazy import pattern
from nb_mlops.knowledge.mutation import FUNCTIONS, GENERATORS, method_mutates

_QUERY_NAME = pattern(r"@([^\W\d]\w*)")
# What the functions of stored generator expressions are called, and who runs through what they are given.
GENERATOR = "the generator"
_CONSUMERS = frozenset({"next", "list", "tuple", "set", "dict", "sum", "min", "max", "sorted", "any", "all"})
_NAMESPACES = frozenset({"globals", "locals", "vars"})
# Built-ins that read or bind names by text.
_BY_TEXT = _NAMESPACES | {"exec", "eval"}
# What an expression may be whose value carries functions.
_CARRIERS: frozenset[type[ast.AST]] = frozenset(
    {
        *(ast.Name, ast.Call, ast.Lambda, ast.GeneratorExp, ast.Dict, ast.IfExp, *DISPLAYS),
        *(part for part in PARTS if part is not ast.Attribute),
    }
)
# sympy's `var("x y")` binds what its text names; no other module has a `var` of texts.
_SYMBOL = pattern(r"[^\W\d]\w*")
_NAMERS = frozenset({"var", "init_session"})


class Calls(Walk):
    """Effects of calls at the present point."""

    __slots__ = ()

    def escapes(self, name: str, node: ast.expr) -> None:
        """The value of `name` is handed somewhere: what it carries may be called."""
        if not self.in_cell:
            return
        for function in self.names.functions.get(name, ()):
            self.enter(function, node, POSSIBLE)

    def called_by_name(self, name: str, node: ast.Call) -> None:
        """`name(...)`."""
        if name in _BY_TEXT:
            self._special(name, node)
        elif name in _NAMERS:
            self._names_symbols(name, node)
        if name in self.inner_functions:
            for free, use in self.inner_functions[name].free.items():
                self.need(free, node, min(self.certainty, use.certainty), called=use.called, soft=use.soft)
        for index in FUNCTIONS.get(name, ()):
            self._mutate_argument(node, index)
        if name in _CONSUMERS and self.in_cell and node.args:
            self.iterated(node.args[0])
        functions = self.names.functions.get(name)
        if functions is None:
            return
        certainty = self.certainty if len(functions) == 1 else POSSIBLE
        for function in functions:
            entered = function
            if function.is_class:
                self.enter(function, node, POSSIBLE)
                entered = function.methods.get("__init__", function)
            self._pass_arguments(entered, node, 1 if function.is_class else 0)
            if self.in_cell:
                self.enter(entered, node, certainty)

    def iterated(self, node: ast.expr) -> None:
        """Somebody runs through the value: a stored generator does its work now, if it has any."""
        for function in self.carried(node) if self.in_cell else ():
            if function.name == GENERATOR:
                self.enter(function, node, min(self.certainty, LIKELY))

    def called_as_method(self, func: ast.Attribute, node: ast.Call) -> None:
        """`receiver.method(...)`."""
        attr, receiver = func.attr, func.value
        if attr in _NAMERS and isinstance(receiver, ast.Name) and receiver.id in self.names.modules:
            self._names_symbols(attr, node)
        for index in FUNCTIONS.get(attr, ()):
            self._mutate_argument(node, index)
        if self._changes_receiver(attr, receiver, node):
            self.mutate(self.roots(receiver))
        if attr == "query" or attr == "eval":
            self._query(node)
        carried = self.carried(receiver)
        if not carried:
            return
        certainty = self.certainty if len(carried) == 1 else POSSIBLE
        for function in carried:
            method = function.methods.get(attr)
            if method is None:
                continue
            self._pass_arguments(method, node, 1)
            if method.parameters[:1] and method.parameters[0] in method.mutates_parameters:
                self.mutate(self.roots(receiver))
            if self.in_cell:
                self.enter(method, node, certainty)

    def called_as_member(self, func: ast.Subscript, node: ast.Call) -> None:
        """`container[key](...)`: surely the function that it holds, when it holds one."""
        carried = self.carried(func) if self.in_cell else ()
        for function in carried:
            self.enter(function, node, self.certainty if len(carried) == 1 else POSSIBLE)

    def enter(self, function: Function, node: ast.expr, certainty: Certainty) -> None:
        """The function runs here, or may: its free names are needed now, its global effects happen now."""
        everything = list(self.names.reached(function, certainty))
        binders = Counter(name for reached, _ in everything for name in reached.binds)
        for reached, sure in everything:
            for name, use in reached.free.items():
                # One of the functions called may bind a global before another one reads it.
                by_others = binders[name] > (name in reached.binds) if binders else False
                how = POSSIBLE if by_others else min(sure, use.certainty)
                self.need(name, node, how, via=reached.name, called=use.called, soft=use.soft)
            self.mutate(reached.mutates)
            self.state.must -= reached.unbinds
            for name, always in reached.binds.items():
                if always and sure is SURE:
                    self.state.bind(name)
                elif not self.state.dead:
                    self.state.may_bind((name,))
                self.touch(name)
            self.wildcard |= reached.wildcard
            self.opaque |= reached.opaque

    def _changes_receiver(self, attr: str, receiver: ast.expr, node: ast.Call) -> bool:
        for keyword in node.keywords:
            named = keyword.arg
            if named == "inplace" and not (isinstance(keyword.value, ast.Constant) and keyword.value.value is False):
                return True
            if named == "out":
                self.mutate(self.roots(keyword.value))
        if self.names.generators and self.roots(receiver) & self.names.generators:
            return True
        if attr == "eval" or (attr == "train" and node.args):
            return not node.args and not node.keywords
        return method_mutates(attr)

    def _mutate_argument(self, node: ast.Call, index: int) -> None:
        if index < len(node.args):
            self.mutate(self.roots(node.args[index]))

    def _pass_arguments(self, function: Function, node: ast.Call, skip: int) -> None:
        """Change in place what the function changes of its parameters (`skip` of them are not passed by the call)."""
        if not function.mutates_parameters:
            return
        parameters = function.parameters[skip:]
        for parameter, argument in zip(parameters, node.args, strict=False):
            if parameter in function.mutates_parameters:
                self.mutate(self.roots(argument))
        for keyword in node.keywords:
            if keyword.arg in function.mutates_parameters:
                self.mutate(self.roots(keyword.value))

    def _query(self, node: ast.Call) -> None:
        """`df.query("x > @limit")` reads `limit`."""
        for text in _string_arguments(node):
            for name in _QUERY_NAME.findall(text):
                self.need(name, node, POSSIBLE, soft=True)

    def _special(self, name: str, node: ast.Call) -> None:
        if name == "exec":
            self.wildcard = self.opaque = True
        elif name == "eval":
            self._eval(node)
        elif name in _NAMESPACES and not node.args:
            self.opaque = True
            if name != "vars" or self.in_cell:
                self.wildcard = True

    def _names_symbols(self, name: str, node: ast.Call) -> None:
        """sympy's `var` binds symbols for whoever calls it; `init_session` binds whatever a session may want."""
        if name == "var" and self.in_cell:
            for text in _string_arguments(node):
                if ":" in text:
                    self.wildcard = True  # a range of names: `var("x:5")`
                for symbol in _SYMBOL.findall(text):
                    self.bind(symbol)
        elif name == "init_session":
            self.wildcard = True

    def _eval(self, node: ast.Call) -> None:
        texts = _string_arguments(node)
        try:
            for text in texts:
                for inner in walk(ast.parse(text.strip(), mode="eval")):
                    if isinstance(inner, ast.Name):
                        self.need(inner.id, node, POSSIBLE, soft=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            texts = []
        if not texts:
            self.opaque = True

    def makes_generator(self, value: ast.Call) -> bool:
        """Whether the call makes a random generator."""
        func = value.func
        name = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
        return name in GENERATORS

    def carried(self, node: ast.expr) -> tuple[Function, ...]:
        """The functions that the expression's value may carry: itself, an instance of a class, members, partials."""
        kind = node.__class__
        if kind is ast.Name:
            return self.names.functions.get(node.id, ())  # type: ignore[attr-defined]
        if kind not in _CARRIERS or not (self.names.functions or self.lambdas):
            return ()
        if isinstance(node, ast.Call):
            return self._carried_by_call(node)
        if isinstance(node, (ast.Lambda, ast.GeneratorExp)):
            return (self.lambdas[id(node)],) if id(node) in self.lambdas else ()
        if isinstance(node, DISPLAYS):
            return self._carried_by_all(node.elts)
        if isinstance(node, ast.Dict):
            return self._carried_by_all(node.values)
        if isinstance(node, PARTS):
            return self.carried(node.value)
        if isinstance(node, ast.IfExp):
            return self._carried_by_all([node.body, node.orelse])
        return ()

    def _carried_by_call(self, node: ast.Call) -> tuple[Function, ...]:
        handed = self._carried_by_all([*node.args, *[keyword.value for keyword in node.keywords]])
        func = node.func
        if isinstance(func, ast.Name):
            functions = self.names.functions.get(func.id)
            return handed if functions is None else handed + tuple([f for f in functions if f.is_class])
        if isinstance(func, ast.Attribute):
            return handed + self.carried(func.value)
        return handed

    def _carried_by_all(self, nodes: Iterable[ast.expr]) -> tuple[Function, ...]:
        found: dict[int, Function] = {}
        for node in nodes:
            if node.__class__ in _CARRIERS:
                for function in self.carried(node):
                    found[id(function)] = function
        return tuple(found.values())


def _string_arguments(node: ast.Call) -> list[str]:
    return [arg.value for arg in node.args[:1] if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]

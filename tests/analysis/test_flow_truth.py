"""The dataflow against Python itself: random cells are run, once with every name there and once without each."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from random import Random
from typing import Any

from helpers_cells import flows

from nb_mlops.analysis.flow import Certainty

NAMES = "abcd"


class Start(int):
    """A value that a name comes into the cell with."""


class Maker:
    """Makes small programs over four names. What they compute means nothing; which names they touch does."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.in_function = False

    def name(self) -> str:
        return self.random.choice(NAMES)

    def expression(self, depth: int = 2) -> str:
        if depth == 0 or self.random.random() < 0.4:
            return self.random.choice([self.name(), self.name(), "0", "1", "2"])
        one, two, three = (self.expression(depth - 1) for _ in range(3))
        return self.random.choice(
            [
                f"({one} + {two})",
                f"({one} and {two})",
                f"({one} if {two} else {three})",
                f"({self.name()} := {one})",
                f"sum({one} for {self.name()} in range({two}))",
                f"max([0, *(({self.name()} := {one}) for _ in range({two}))])",
                f"(lambda {self.name()}: {one})({two})",
                f"(lambda v={one}: v + {two})()",
            ]
        )

    def simple(self) -> str:
        name, value = self.name(), self.expression()
        return self.random.choice(
            [
                f"{name} = {value}",
                f"{name} = {value}",
                f"{name} += {value}",
                f"{name}: int = {value}",
                f"{name}, {self.name()} = {value}, 1",
                f"del {name}",
                f"import math as {name}",
                value,
            ]
        )

    def block(self, depth: int) -> str:
        return "\n".join(self.statement(depth) for _ in range(self.random.randint(1, 3)))

    def inner(self, depth: int, *more: str) -> str:
        return textwrap.indent("\n".join([self.block(depth), *more]), "    ")

    def statement(self, depth: int) -> str:
        if depth == 0 or self.random.random() < 0.4:
            return self.simple()
        name, other, value, down = self.name(), self.name(), self.expression(), depth - 1

        def inner() -> str:
            return self.inner(down)

        paths = [
            lambda: f"if {value}:\n{inner()}\nelse:\n{inner()}",
            lambda: f"if False:\n{inner()}",
            lambda: f"for {name} in range({value}):\n{inner()}",
            lambda: f"for {name} in [1, 2]:\n{inner()}\nelse:\n{inner()}",
            lambda: f"for {name} in [1, 2]:\n{self.inner(down, f'if {value}:', '    break')}\nelse:\n{inner()}",
            lambda: f"for {name} in [1, 2]:\n{self.inner(down, f'if {value}:', '    continue', self.simple())}",
            lambda: f"while True:\n{self.inner(down, 'break')}",
            lambda: f"try:\n{self.inner(down, '1 / 0')}\nexcept ZeroDivisionError as {name}:\n{inner()}",
            lambda: f"try:\n{inner()}\nexcept ZeroDivisionError:\n{inner()}\nelse:\n{inner()}",
            lambda: f"try:\n{inner()}\nfinally:\n{inner()}",
            lambda: f"match {value}:\n    case 0:\n        pass\n    case {name}:\n{textwrap.indent(inner(), '    ')}",
        ]
        if self.in_function:
            return self.random.choice(paths)()
        return self.random.choice([*paths, *self.definitions(name, other, value, down)])()

    def definitions(self, name: str, other: str, value: str, down: int) -> list[Callable[[], str]]:
        return [
            lambda: f"def f({name}={value}):\n{self.function(down)}\nf({value})",
            lambda: f"def f():\n    global {other}\n{self.function(down, f'return {value}')}\nf()",
            lambda: (
                f"def f():\n    def g():\n        return {value}\n{self.function(down)}\n    return g()\n{name} = f()"
            ),
            lambda: f"def f():\n{self.function(down)}",
            lambda: f"g = lambda {name}=1: {value}\n{other} = 1\ng()",
            lambda: f"class K:\n    {name} = {value}\n    {other} = {name}\n    def m(self):\n        return {value}",
            lambda: f"class K:\n    def m(self):\n        return {value}\nK().m()",
        ]

    def function(self, depth: int, *more: str) -> str:
        # A class or a `global` inside a function looks past the function's locals: too rare to be told right.
        self.in_function = True
        body = self.inner(depth, *more)
        self.in_function = False
        return body


def run(program: Any, without: str = "") -> tuple[dict[str, Any], BaseException | None]:
    namespace: dict[str, Any] = {name: Start(1) for name in NAMES if name != without}
    try:
        exec(program, namespace)
    except Exception as error:
        return namespace, error
    return namespace, None


def missed(error: BaseException | None, name: str) -> bool:
    """Whether the run ended because the global `name` was not there (or failed once more on its way out)."""
    while error is not None:
        if isinstance(error, NameError) and not isinstance(error, UnboundLocalError) and error.name == name:
            return True
        error = error.__context__
    return False


def check(source: str, program: Any) -> bool:
    """Compare what is told of one program with what it does; False when it fails even with every name there."""
    complete, error = run(program)
    if error is not None:
        return False
    flow = flows(source)[0]
    for name in NAMES:
        namespace, failure = run(program, without=name)
        needed = missed(failure, name)
        sure = name in flow.uses and flow.uses[name].certainty is Certainty.SURE
        rebound = complete.get(name).__class__ is not Start
        assert name in flow.reads or not needed, f"unseen read of {name}:\n{source}"
        assert needed or not sure, f"not read, but called sure: {name}\n{source}"
        assert name in flow.binds or name not in complete or not rebound, f"unseen binding of {name}:\n{source}"
        assert name not in flow.must or name in complete, f"deleted, but called bound: {name}\n{source}"
        assert name not in flow.deletes or name not in complete, f"there, but called deleted: {name}\n{source}"
        if failure is None:
            assert name in flow.binds or name not in namespace, f"unseen binding of {name}:\n{source}"
            assert name not in flow.must or name in namespace, f"not bound, but called sure: {name}\n{source}"
    return True


def test_what_is_told_of_a_cell_is_what_python_does() -> None:
    ran = 0
    for seed in range(3000):
        source = Maker(seed).block(2)
        try:
            program = compile(source, "cell", "exec")
        except SyntaxError:
            continue  # a name that is both parameter and global, a walrus over a comprehension's variable
        ran += check(source, program)
    assert ran > 1000

"""Magics that are asked of IPython by name, as converters to scripts write them: `get_ipython().magic("time f()")`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from nb_mlops.analysis.python import read_python
from nb_mlops.converter.trees import nodes

_LINE = {"run_line_magic": "%", "magic": "%", "system": "!", "getoutput": "!"}


@dataclass(frozen=True, slots=True)
class _Asked:
    """One such call, its method, and the texts it is given; `kept` where its value goes into a variable."""

    method: str
    texts: tuple[str, ...]
    call: ast.Call
    kept: bool

    @property
    def magic(self) -> str:
        """As it is written in a cell; "" for a whole cell's."""
        sign = _LINE.get(self.method, "")
        return f"{sign}{' '.join(self.texts)}".rstrip() if sign else ""

    def silent(self, magics: frozenset[str]) -> bool:
        """Whether it asks for one of these, and nothing is left without it."""
        return self.magic.startswith("%") and self.magic[1:].partition(" ")[0] in magics and not self.kept


def as_magics(source: str, silent: frozenset[str]) -> str:
    """A cell's source with these calls as the magics that they mean; those for `silent` ones do nothing."""
    if "get_ipython()." not in source:
        return source
    tree = read_python(source).tree
    asked = list(_asked(tree)) if tree is not None else []
    whole = asked[0] if len(asked) == 1 and tree is not None and len(tree.body) == 1 else None
    if whole is not None and whole.method == "run_cell_magic" and len(whole.texts) == 3:
        name, line, body = whole.texts
        return f"%%{name} {line}".rstrip() + f"\n{body}".rstrip("\n")
    return _replaced(source, asked, lambda one, alone: one.magic if alone else "pass" if one.silent(silent) else "")


def without_magics(text: str, silent: frozenset[str]) -> str:
    """A module's text without the calls that ask for `silent` magics: where a package runs, nobody could be asked."""
    if "get_ipython()." not in text:
        return text
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return text
    return _replaced(text, list(_asked(tree)), lambda one, alone: "pass" if one.silent(silent) else "")


def _replaced(source: str, asked: list[_Asked], new: Callable[[_Asked, bool], str]) -> str:
    """The source with what `new` makes of each call; it is told whether the line ends there."""
    lines = [line.encode() for line in source.split("\n")]
    for one in asked:
        line, start, end = lines[one.call.lineno - 1], one.call.col_offset, one.call.end_col_offset
        text = new(one, not line[end:].strip(b" \t;")) if one.call.lineno == one.call.end_lineno else ""
        if text:
            lines[one.call.lineno - 1] = line[:start] + text.encode() + line[end:]
    return "\n".join(line.decode() for line in lines)


def _asked(tree: ast.AST) -> Iterator[_Asked]:
    """Such calls that are a statement by themselves, or the right side of one."""
    for node in nodes(tree):
        call = node.value if isinstance(node, (ast.Expr, ast.Assign)) else None
        if not isinstance(call, ast.Call) or not isinstance(func := call.func, ast.Attribute):
            continue
        texts = tuple(a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str))
        if ast.unparse(func.value).rpartition(".")[2] == "get_ipython()" and len(texts) == len(call.args):
            yield _Asked(func.attr, texts, call, isinstance(node, ast.Assign))

"""Code that shows a secret: the next run writes it into the notebook.

## What it does

`print`, `display` or a cell's last line with an environment variable whose name promises a secret, or a variable that
was read from one or from `getpass`; all of `os.environ`; `%env` and `!env` without a name.

## Why is this bad?

The output is saved with the notebook. Whoever clears outputs before committing forgets it once.

## What it leaves alone

Parts of a secret (`len(token)`, `token[:4]`, `bool(key)`), comparisons, and names that only speak of one
(`token_count`).

## What to do

Show whether it is set: `"HF_TOKEN" in os.environ`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from nb_mlops.analysis.lines import line_of
from nb_mlops.analysis.python import Python
from nb_mlops.analysis.sensitive.named import promised
from nb_mlops.analysis.view import View
from nb_mlops.analysis.walk import walk
from nb_mlops.core.finding import Severity
from nb_mlops.core.lazy import pattern
from nb_mlops.core.notebook import Cell, Position, Span
from nb_mlops.linter.rule import Hit, Rule, code, example

_SHOWS = frozenset({"print", "display", "pprint"})
_MAY = ("environ", "getenv", "getpass", "userdata", "%env", "!env")
_READ = pattern(r"(?m)^[ \t]*(\w+)[ \t]*=[^=\n]*\b(?:getpass|environ|getenv|userdata)\b")


def check(view: View) -> Iterable[Hit]:
    """One finding for each expression that is shown."""
    suspect = view.saying(*_MAY)
    read = frozenset(found[1] for cell in suspect for found in _READ.finditer(cell.source))
    for cell in view.saying(*_MAY, *read) if read else suspect:
        yield from _of_cell(cell, view.python[cell.index], read)


def _of_cell(cell: Cell, python: Python, read: frozenset[str]) -> Iterator[Hit]:
    for magic in python.magics:
        bare = (magic.kind == "line" and magic.name == "env") or (magic.kind == "shell" and magic.args == "env")
        if bare and (magic.kind == "shell" or not magic.args) and not magic.targets:
            line = line_of(cell.source, magic.line)
            span = Span(cell.index, "source", Position(magic.line, 0), Position(magic.line, len(line)))
            yield _hit("This line shows the whole environment, keys and passwords with it", span)
    for node in _shown(python.tree) if python.tree else ():
        what = _secret(node, read)
        if what:
            start = python.position(node.lineno, node.col_offset)
            end = python.position(node.end_lineno or node.lineno, node.end_col_offset or 0)
            yield _hit(f"This shows {what}", Span(cell.index, "source", start, end))


def _hit(what: str, span: Span) -> Hit:
    return Hit(f"{what}: the output is saved with the notebook. Show whether it is set, not what it is.", span)


def _shown(tree: ast.Module) -> Iterator[ast.expr]:
    """What a cell prints or displays, and its last line when that is an expression."""
    for node in walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _SHOWS:
            for one in node.args:
                yield from one.values if isinstance(one, ast.JoinedStr) else (one,)
    last = tree.body[-1] if tree.body else None
    if isinstance(last, ast.Expr) and not isinstance(last.value, ast.Constant):
        yield last.value


def _secret(node: ast.expr, read: frozenset[str]) -> str:
    """What of a secret an expression is; "" for anything else."""
    if isinstance(node, ast.FormattedValue):
        node = node.value
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict" and node.args:
        node = node.args[0]
    if _is_environ(node):
        return "the whole environment, keys and passwords with it"
    name = _variable(node)
    if name:
        return f"the environment variable `{name}`" if promised(name) in ("password", "token") else ""
    if isinstance(node, ast.Name) and node.id in read and promised(node.id) is not None:
        return f"`{node.id}`, which was read from where secrets are kept"
    return ""


def _is_environ(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "environ" and isinstance(node.value, ast.Name)


def _variable(node: ast.expr) -> str:
    """The environment variable that an expression reads."""
    key: ast.expr | None = None
    if isinstance(node, ast.Subscript) and _is_environ(node.value):
        key = node.slice
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        from_environ = node.func.attr == "getenv" or (node.func.attr == "get" and _is_environ(node.func.value))
        key = node.args[0] if from_environ else None
    return key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""


RULE = Rule(
    "SE010",
    "secret-shown",
    Severity.WARNING,
    bad=lambda: (
        example(code('import os\nprint(os.environ["HF_TOKEN"])')),
        example(code("import os\nos.environ")),
        example(
            code(
                "from getpass import getpass\nimport os\npassword = os.getenv('DB') or getpass()\n"
                "print('using', password)"
            )
        ),
        example(code("%env")),
    ),
    good=lambda: (
        example(code('import os\nprint("HF_TOKEN" in os.environ, os.environ["HOME"], os.getenv("LANG"))')),
        example(code("token = 'a'\nprint(len(token), token[:4])\ntoken_count = 3\nprint(token_count)")),
    ),
    check=check,
    says=_MAY,
)

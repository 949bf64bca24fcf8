"""Whatever goes wrong here is passed over, so a run that failed looks like one that did not.

## What it does

Finds `except:`, `except Exception:` and `except BaseException:` whose body does nothing (`pass`, `...`, `continue`).

## Why is this bad?

A file that is missing, a row that cannot be read, a model that does not converge: the notebook goes on with what it
has, and the result is made of something else than it says, on one machine and not on the other.

## What it leaves alone

Errors that are named (`except KeyError`), handlers that say or record something, and bodies that only tidy up, show
something, or ask for what may be missing (an import, a `del`, a style).

## What to do

Name the error that is expected, and say what is done instead.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nb_mlops.analysis.view import View
from nb_mlops.analysis.walk import statements
from nb_mlops.core.finding import Severity
from nb_mlops.core.lazy import pattern
from nb_mlops.linter.rule import Hit, Rule, code, example

_BROAD = frozenset({"Exception", "BaseException"})
_SUSPECT = pattern(r"except\b")
_TIDY = pattern(
    r"(?:.*\.)?(?:print|display|use|set_style|set_option|config\w*|close|shutdown|stop|kill|unlink|rmtree|mkdir|makedirs|quit|"
    r"(?:delete|remove|undeploy|drop|cancel|clean|stop|authenticate)\w*)\Z"
)


def check(view: View) -> Iterator[Hit]:
    """One hit for each such handler."""
    for cell in view.saying("except"):
        tree = view.python[cell.index].tree
        if tree is None or not _SUSPECT.search(cell.source):
            continue
        for node in statements(tree):
            if isinstance(node, ast.Try) and not all(map(_is_harmless, node.body)):
                for handler in node.handlers:
                    if _is_broad(handler.type) and all(map(_is_nothing, handler.body)):
                        yield Hit(_MESSAGE, view.line_span(cell, handler.lineno, handler.col_offset))


_MESSAGE = (
    "Any error is passed over here: the notebook goes on with whatever it has, and its result may be made of less than "
    "it says. Name the error that is expected, and say what is done instead."
)


def _is_broad(kind: ast.expr | None) -> bool:
    return kind is None or (isinstance(kind, ast.Name) and kind.id in _BROAD)


def _is_nothing(statement: ast.stmt) -> bool:
    return isinstance(statement, (ast.Pass, ast.Continue)) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )


def _is_harmless(statement: ast.stmt) -> bool:
    """Nothing that a result is made of: it tidies up, shows, or asks for what may be missing."""
    if isinstance(statement, (ast.Import, ast.ImportFrom, ast.Delete, ast.Pass)):
        return True
    if isinstance(statement, (ast.If, ast.For, ast.With)):
        return all(map(_is_harmless, statement.body))
    value = statement.value if isinstance(statement, (ast.Expr, ast.Assign)) else None
    if isinstance(value, ast.Call):
        return bool(_TIDY.match(ast.unparse(value.func)))
    return isinstance(statement, ast.Expr) and isinstance(value, (ast.Name, ast.Constant))


RULE = Rule(
    "RE020",
    "swallowed-error",
    Severity.WARNING,
    bad=lambda: (
        example(
            code(
                "rows = []\nfor name in 'ab':\n    try:\n        rows.append(open(name).read())\n"
                "    except Exception:\n        continue\nprint(rows)"
            )
        ),
    ),
    good=lambda: (
        example(code("try:\n    value = float('x')\nexcept ValueError:\n    pass")),
        example(code("try:\n    import lightgbm\nexcept Exception:\n    pass")),
        example(code("try:\n    print(int('x'))\nexcept Exception as error:\n    print(error)")),
    ),
    check=check,
    says=("except",),
)

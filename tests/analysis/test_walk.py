"""Trees are walked as `ast.walk` walks them, without the marks."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from nb_mlops.analysis.walk import children, walk

_MARKS = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)
_FORMS = """
import a.b as c, d
from . import *
global g
x: int = -y ** 2 if not z else {**m, "k": [1, *n]}
def f(a, /, b=1, *c, d, e=2, **k) -> None:
    nonlocal h
    return (yield from a) or await b
class C(B, metaclass=M): pass
async def g():
    async with a as b, c: pass
    async for i in j: break
    else: continue
try: raise E from e
except* (A, B) as err: del v[1:2, ::3]
match p:
    case {"a": [1, *rest], **others} | Point(x=0, y=None) if q: pass
    case -1 | "s" | str() as t: pass
print(f"{u!r:>{w}} {1}", (lambda *a: a)(1), [i for i in j if i], {i: j for i in k}, w := 3)
"""


def _unmarked(nodes: object) -> list[ast.AST]:
    return [node for node in nodes if not isinstance(node, _MARKS)]  # type: ignore[attr-defined]


@pytest.mark.parametrize("source", [_FORMS.replace("except*", "except"), Path(__file__).read_text("utf-8")])
def test_a_tree_is_walked_as_ast_walks_it_without_the_marks(source: str) -> None:
    tree = ast.parse(source)
    assert walk(tree) == _unmarked(ast.walk(tree))
    for node in walk(tree):
        assert children(node) == _unmarked(ast.iter_child_nodes(node))

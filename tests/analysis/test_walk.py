"""Trees are walked as `ast.walk` walks them, without the marks."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from nb_mlops.analysis.walk import children, statements, walk

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

if sys.version_info < (3, 11):
    _FORMS = _FORMS.replace("except*", "except")


def _unmarked(nodes: object) -> list[ast.AST]:
    return [node for node in nodes if not isinstance(node, _MARKS)]  # type: ignore[attr-defined]


@pytest.mark.parametrize("source", [_FORMS.replace("except*", "except"), Path(__file__).read_text("utf-8")])
def test_a_tree_is_walked_as_ast_walks_it_without_the_marks(source: str) -> None:
    tree = ast.parse(source)
    assert walk(tree) == _unmarked(ast.walk(tree))
    for node in walk(tree):
        assert children(node) == _unmarked(ast.iter_child_nodes(node))


def test_statements_are_found_at_whatever_depth() -> None:
    tree = ast.parse(_FORMS)
    found = statements(tree)
    assert len(found) == len(set(found))
    assert set(found) == {node for node in ast.walk(tree) if isinstance(node, ast.stmt)}


def test_of_blocks_and_targets_every_name_that_a_statement_binds_is_reached() -> None:
    tree = ast.parse(_FORMS)
    todo: list[ast.AST] = [tree]
    for node in todo:
        todo += children(node, blocks=True)
    told = {id(node) for node in todo}
    bound = [n for n in ast.walk(tree) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)]
    inside = {id(n) for c in ast.walk(tree) if isinstance(c, ast.comprehension) for n in ast.walk(c.target)}
    walrus = {id(n.target) for n in ast.walk(tree) if isinstance(n, ast.NamedExpr)}
    assert bound
    assert {id(node) for node in bound} - inside - walrus <= told

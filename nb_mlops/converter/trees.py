"""Syntax trees that many steps of a conversion ask for, each made once. Nobody changes them."""

from __future__ import annotations

import ast
from functools import lru_cache

from nb_mlops.analysis.walk import walk


@lru_cache(maxsize=512)
def tree_of(text: str) -> ast.Module:
    """The tree of code that parses."""
    return ast.parse(text)


@lru_cache(maxsize=8192)
def nodes(tree: ast.AST) -> tuple[ast.AST, ...]:
    """A node and all below it, as `analysis.walk` gives them."""
    return tuple(walk(tree))

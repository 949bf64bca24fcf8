"""The package's report module: of all that can stand in it, what this package uses."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence

from nb_mlops.converter.trees import nodes, tree_of

# What users and tests of any package may ask for, whether its code does or not.
_ALWAYS = frozenset({"listening", "display", "metric", "model", "show_figures", "working_in"})


def sink_text(whole: str, alias: str, texts: Iterable[str]) -> str:
    """Of the module `whole` what code in `texts` uses, which knows it as `alias`, and what that needs itself."""
    asks = re.compile(rf"\b(?:report|{re.escape(alias)})\.(\w+)")
    wanted = _ALWAYS | {name for text in texts for name in asks.findall(text)}
    body = tree_of(whole).body
    kept: set[int] = set()
    while True:
        more = {i for i, node in enumerate(body) if i not in kept and _binds(node) & wanted}
        if not more:
            break
        kept |= more
        wanted |= {name for i in more for name in _reads(body[i])}
    lines = whole.splitlines()
    head = [node for node in body if _is_import(node) and (not _binds(node) or _binds(node) & wanted)]
    parts = ["\n".join(lines[: (body[0].end_lineno or 1)]), "\n".join(_imports(head, wanted))]
    stays = (node for i, node in enumerate(body) if i in kept and not _is_import(node))
    parts += ["\n".join(lines[_first(node) - 1 : node.end_lineno]) for node in stays]
    return _joined(parts)


def _is_import(node: ast.stmt) -> bool:
    return isinstance(node, (ast.Import, ast.ImportFrom))


def _binds(node: ast.stmt) -> frozenset[str]:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return frozenset({node.name})
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return frozenset((a.asname or a.name).partition(".")[0] for a in node.names if a.name != "annotations")
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return frozenset(target.id for target in targets if isinstance(target, ast.Name))


def _reads(node: ast.stmt) -> frozenset[str]:
    return frozenset(one.id for one in nodes(node) if isinstance(one, ast.Name))


def _imports(found: Sequence[ast.stmt], wanted: frozenset[str]) -> list[str]:
    """The import lines with the names that are used."""
    lines = []
    for node in found:
        if isinstance(node, ast.ImportFrom):
            names = [a.name for a in node.names if a.name in wanted or node.module == "__future__"]
            lines.append(f"from {node.module} import {', '.join(names)}")
            lines += [""] if node.module == "__future__" else []
        else:
            lines.append(ast.unparse(node))
    return lines


def _first(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(one.lineno for one in decorators)])


def _joined(parts: Sequence[str]) -> str:
    """Two empty lines around functions and classes, one between what is on one line."""
    text = parts[0] + "\n\n" + parts[1] + "\n"
    before = ""
    for part in parts[2:]:
        gap = "\n" if "\n" not in part and not before.count("\n") else "\n\n"
        text += ("" if gap == "\n" and before else gap if before or "\n" in part else "\n") + part + "\n"
        before = part
    return text

"""Secrets that do not stand in a text as they are: joined from several literals, or behind base64."""

from __future__ import annotations

import ast
import binascii
from collections.abc import Iterable, Iterator

from nb_mlops.analysis.lines import lines_of
from nb_mlops.analysis.python import Python
from nb_mlops.analysis.sensitive.sheets import Sheet, first_look
from nb_mlops.core.lazy import pattern
from nb_mlops.core.notebook import Position
from nb_mlops.core.value import Struct

# A quote, nothing but a plus or white space, a quote; an f-string with a literal in its braces; a join of a list. Each
# begins with what is rare in source, and looks back from there.
_MAY_JOIN = (
    pattern(r"""["'](?<=[\w+/=.-]{2}["'])[ \t\n\\]*(?:\+[ \t\n\\]*)?[rRbBuUfF]{0,2}["'][\w+/=.-]{2}"""),
    pattern(r"""\{(["'])[^"'\n{}]{2,400}\1(?:!s)?\}"""),
    pattern(r"""\.join\([\[(]["']"""),
)
_SHORTEST_BLOB = 24
# What is decoded of one blob, at most: a longer one is a file.
_MOST = 20_000
_DEEPEST = 40


def _signs(*codes: int) -> str:
    """A character class of the base64 signs with these values, in both alphabets."""
    plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return f"[{''.join(plain[code] for code in codes).replace('+', '+-').replace('/', '/_')}]"


# Four signs that stand for three characters of ASCII, twice: the first sign's bits are most of a letter's, the others'
# tell its neighbours' upper halves. Nine in ten words are none at a glance.
_SAYS = pattern(
    "(?:"
    + _signs(2, 3, *range(8, 32))
    + _signs(*(code for code in range(64) if code & 15 in (0, 2, 3, 4, 5, 6, 7)))
    + _signs(*(code for code in range(64) if code & 3 < 2))
    + r"[\w+/-]){2}"
)


class Joined(Struct, frozen=True):
    """A text that a cell puts together from literals, what it is assigned to, and where the expression stands."""

    text: str
    name: str
    start: Position
    end: Position


def may_join(source: str) -> bool:
    """Whether a source may put texts together: cheap, and never wrong when it says no."""
    return any(form.search(source) for form in _MAY_JOIN)


@first_look
def may_be_joined(sheet: Sheet) -> Iterator[int]:
    """The numbers of the sources that may put texts together."""
    return (sheet.number(found.start()) for form in _MAY_JOIN for found in form.finditer(sheet.text))


def joined(python: Python) -> Iterator[Joined]:
    """The texts that a cell puts together from literals, each at its outermost expression."""
    if python.tree is None:
        return
    stack: list[tuple[ast.AST, str]] = [(python.tree, "")]
    while stack:
        node, name = stack.pop()
        text = folded(node) if isinstance(node, (ast.BinOp, ast.JoinedStr, ast.Call, ast.Constant)) else None
        if text is not None and isinstance(node, ast.expr):
            if _in_pieces(node, python):
                end = python.position(node.end_lineno or node.lineno, node.end_col_offset or 0)
                yield Joined(text, name, python.position(node.lineno, node.col_offset), end)
            continue
        stack.extend(_children(node, name))


def _children(node: ast.AST, name: str) -> Iterator[tuple[ast.AST, str]]:
    """The nodes below, each with the name that the code gives it."""
    if isinstance(node, ast.Assign):
        name = _target(node.targets[0])
    elif isinstance(node, (ast.AnnAssign, ast.AugAssign)):
        name = _target(node.target)
    elif isinstance(node, ast.keyword):
        name = node.arg or ""
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            yield value, str(key.value) if isinstance(key, ast.Constant) else name
        return
    elif isinstance(node, ast.stmt):
        name = ""
    yield from ((child, name) for child in ast.iter_child_nodes(node))


def _target(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return str(node.slice.value)
    return ""


def _in_pieces(node: ast.expr, python: Python) -> bool:
    """Whether the source does not already show the text in one piece."""
    if not isinstance(node, ast.Constant):
        return True
    lines = list(lines_of(python.code)[node.lineno - 1 : node.end_lineno])
    first, last = python.position(node.lineno, node.col_offset), node.end_col_offset or 0
    lines[-1] = lines[-1][: python.position(node.end_lineno or node.lineno, last).column]
    lines[0] = lines[0][first.column :]
    return may_join("\n".join(lines))


def folded(node: ast.AST, depth: int = 0) -> str | None:
    """The text that an expression of literals is; None for anything else."""
    if depth > _DEEPEST:
        return None
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left = folded(node.left, depth + 1)
        right = folded(node.right, depth + 1) if left is not None else None
        return None if left is None or right is None else left + right
    if isinstance(node, ast.JoinedStr):
        return _all_of(node.values, "", depth)
    if isinstance(node, ast.FormattedValue):
        return folded(node.value, depth + 1) if node.format_spec is None and node.conversion in (-1, 115) else None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "join":
        sep = folded(node.func.value, depth + 1)
        one = node.args[0] if len(node.args) == 1 and not node.keywords else None
        if sep is not None and isinstance(one, (ast.List, ast.Tuple)):
            return _all_of(one.elts, sep, depth)
    return None


def _all_of(nodes: list[ast.expr], sep: str, depth: int) -> str | None:
    texts = [folded(node, depth + 1) for node in nodes]
    known = [text for text in texts if text is not None]
    return sep.join(known) if len(known) == len(texts) else None


def decoded(text: str, words: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
    """Those of a text's long words that are base64 and say something: where they stand, and what they say."""
    for start, end in words:
        if end - start >= _SHORTEST_BLOB and _SAYS.match(text, start) and _said(text[start : start + 32]):
            while end < len(text) and text[end] == "=":
                end += 1
            said = _said(text[start : min(end, start + _MOST)])
            if said:
                yield start, end, said


def _said(blob: str) -> str:
    """What base64 says in ASCII, line breaks included; "" for anything else."""
    plain = blob.rstrip("=").replace("-", "+").replace("_", "/")
    plain = plain[: len(plain) - (len(plain) % 4 == 1)]
    try:
        text = binascii.a2b_base64(plain + "=" * (-len(plain) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return ""
    return text if text.replace("\n", "").replace("\t", "").replace("\r", "").isprintable() else ""

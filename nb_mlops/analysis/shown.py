"""What saved output shows of a value that the cell read: `print(f"above {target}")` left `above 75`.

A definition such as `target = 90` gives a value that the text of the cell tells. Where a cell that reads it puts it out
in plain sight, the saved output either shows this value, or the cell has read another one. Of estimators the settings
are compared that their saved form names: `LogisticRegression(C=0.05)`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from nb_mlops.analysis.decode import ansi_text
from nb_mlops.analysis.walk import walk
from nb_mlops.core.lazy import pattern
from nb_mlops.core.notebook import Cell, OutputKind
from nb_mlops.core.value import Struct

# A piece of output: text that is certain, or None where anything may stand.
_Piece = str | None
_ANYTHING = r"[^\n]*"
_ANCHOR = pattern(r"\w{2}")


class Literal(Struct, frozen=True):
    """A value that stands in the source; `settings` are the keyword arguments where it is a call of `maker`."""

    value: object = None
    maker: str = ""
    settings: tuple[tuple[str, object], ...] = ()


def literal(tree: ast.Module, name: str) -> Literal | None:
    """What the cell surely gives `name`, where its text tells: `a = 3`, `a, b = 1, "x"`, `m = Model(depth=3)`."""
    found: Literal | None = None
    for node in tree.body:
        if any(isinstance(part, ast.Name) and part.id == name for part in walk(node)):
            found = _given(node, name)
            if found is None:
                return None
    return found


def _given(node: ast.stmt, name: str) -> Literal | None:
    if not isinstance(node, ast.Assign) or len(node.targets) != 1:
        return None
    target, value = node.targets[0], node.value
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        pairs = [(one, other) for one, other in zip(target.elts, value.elts, strict=True) if _is(one, name)]
        target, value = pairs[0] if len(pairs) == 1 else (target, value)
    if not _is(target, name):
        return None
    if isinstance(value, ast.Call) and not value.args and isinstance(value.func, (ast.Name, ast.Attribute)):
        settings = [(keyword.arg, _constant(keyword.value)) for keyword in value.keywords]
        if settings and all(key is not None and found is not None for key, found in settings):
            maker = value.func.id if isinstance(value.func, ast.Name) else value.func.attr
            return Literal(maker=maker, settings=tuple((str(key), found[0]) for key, found in settings if found))
        return None
    constant = _constant(value)
    return Literal(constant[0]) if constant is not None else None


def _is(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _constant(node: ast.expr) -> tuple[object] | None:
    """The value of a literal, boxed."""
    try:
        return (ast.literal_eval(node),)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None


def shows(cell: Cell, tree: ast.Module, name: str, given: Literal) -> bool | None:
    """Whether the cell's saved output shows this value for `name` (True), another one (False), or says nothing."""
    if any(output.kind is OutputKind.ERROR for output in cell.outputs) or not tree.body:
        return None
    if given.maker:
        return _settings_shown(cell, tree.body[-1], name, given)
    printed = ansi_text("".join(output.text for output in cell.outputs if output.stream == "stdout"))
    told = _printed(printed.rstrip("\n").split("\n") if printed.strip() else [], tree.body, name, given.value)
    last = tree.body[-1]
    if told is not None or not isinstance(last, ast.Expr):
        return told
    return _result_shown(_result(cell), last.value, name, given.value)


def _result(cell: Cell) -> str:
    results = [output for output in cell.outputs if output.kind is OutputKind.EXECUTE_RESULT]
    text = results[-1].data.get("text/plain", "") if results else ""
    return text if isinstance(text, str) else ""


def _printed(lines: Sequence[str], body: Sequence[ast.stmt], name: str, value: object) -> bool | None:
    """Hold each plain `print` against the line that it must have left: by its place, or by words that it holds."""
    prints = [node.value for node in body if isinstance(node, ast.Expr) and _is_print(node.value)]
    if not lines or not any(_mentions(call, name) for call in prints):
        return None
    others = [node for node in body if not (isinstance(node, ast.Expr) and node.value in prints)]
    silent = all(isinstance(node, (ast.Assign, ast.Import, ast.ImportFrom)) for node in others)
    by_place = len(lines) == len(prints) and silent
    for at, call in enumerate(prints):
        with_value, shape, exact = _template(call, name, value)
        if shape == with_value or shape is None or with_value is None:
            continue
        there = [lines[at]] if by_place else lines
        if not by_place and not _ANCHOR.search("".join(piece for piece in shape if piece)):
            continue
        fitting = [line for line in there if _fits(shape, line)]
        if fitting:
            agrees = any(_fits(with_value, line) for line in fitting)
            if exact or not agrees:
                return agrees
    return None


def _is_print(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
        and not node.keywords
        and not any(isinstance(argument, ast.Starred) for argument in node.args)
    )


def _mentions(node: ast.AST, name: str) -> bool:
    return any(isinstance(part, ast.Name) and part.id == name for part in walk(node))


def _fits(pieces: Sequence[_Piece], line: str) -> bool:
    return re.fullmatch("".join(_ANYTHING if piece is None else re.escape(piece) for piece in pieces), line) is not None


def _template(call: ast.expr, name: str, value: object) -> tuple[list[_Piece] | None, list[_Piece] | None, bool]:
    """What a `print` leaves with this value and with any value, and whether the value is shown in full."""
    assert isinstance(call, ast.Call)
    known: list[_Piece] = []
    shape: list[_Piece] = []
    exact = True
    for number, argument in enumerate(call.args):
        if number:
            known.append(" ")
            shape.append(" ")
        told = _pieces(argument, name, value)
        known += told[0]
        shape += told[1]
        exact &= told[2]
    if any(piece is not None and "\n" in piece for piece in known):
        return None, None, False
    return known, shape, exact


def _pieces(node: ast.expr, name: str, value: object) -> tuple[list[_Piece], list[_Piece], bool]:
    if _is(node, name):
        return [str(value)], [None], True
    if isinstance(node, ast.Constant) and isinstance(node.value, (str, int)):
        return [str(node.value)], [str(node.value)], True
    if not isinstance(node, ast.JoinedStr):
        return [None], [None], True
    known: list[_Piece] = []
    shape: list[_Piece] = []
    exact = True
    for part in node.values:
        if isinstance(part, ast.Constant):
            known.append(str(part.value))
            shape.append(str(part.value))
        elif isinstance(part, ast.FormattedValue):
            text = _formatted(part, value) if _is(part.value, name) else None
            exact &= part.format_spec is None or text is None
            known.append(text)
            shape.append(None)
    return known, shape, exact


def _formatted(part: ast.FormattedValue, value: object) -> str | None:
    spec = part.format_spec
    texts = spec.values if isinstance(spec, ast.JoinedStr) else []
    if not all(isinstance(text, ast.Constant) for text in texts):
        return None
    wanted = "".join(str(text.value) for text in texts if isinstance(text, ast.Constant))
    try:
        return format(repr(value) if part.conversion == ord("r") else value, wanted)
    except (ValueError, TypeError):
        return None


def _result_shown(text: str, node: ast.expr, name: str, value: object) -> bool | None:
    """The last expression: the name itself, a tuple with it, or a text made with it."""
    if not text or not _mentions(node, name):
        return None
    if _is(node, name):
        return " ".join(text.split()) == " ".join(repr(value).split())
    if isinstance(node, ast.Tuple):
        shown = _constant_of(text)
        if not isinstance(shown, tuple) or len(shown) != len(node.elts):
            return None
        found = [part == value for part, element in zip(shown, node.elts, strict=True) if _is(element, name)]
        return all(found) if found else None
    if isinstance(node, ast.JoinedStr):
        known, shape, exact = _pieces(node, name, value)
        shown = _constant_of(text)
        if not isinstance(shown, str) or known == shape or not _fits(shape, shown):
            return None
        agrees = _fits(known, shown)
        return agrees if exact or not agrees else None
    return None


def _constant_of(text: str) -> object:
    try:
        return ast.literal_eval(text)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None


def _settings_shown(cell: Cell, last: ast.stmt, name: str, given: Literal) -> bool | None:
    """`m` or `m.fit(...)` shows the settings of the estimator `m` that are not its defaults."""
    node = last.value if isinstance(last, ast.Expr) else None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "fit":
        node = node.func.value
    text = _result(cell)
    if node is None or not _is(node, name) or not text.startswith(f"{given.maker}("):
        return None
    try:
        call = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None
    if not isinstance(call, ast.Call) or call.args:
        return None
    shown = {keyword.arg: _constant(keyword.value) for keyword in call.keywords}
    settings = dict(given.settings)
    both = settings.keys() & shown.keys()
    if any(found is not None and found[0] != settings[key] for key, found in shown.items() if key in both):
        return False
    if not shown.keys() - settings.keys() and both == settings.keys():
        return True
    return None

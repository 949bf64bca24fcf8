"""Parameters as somebody types them, turned into what the notebook's `parameters` cell declares."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from nb_mlops.core.errors import UsageError
from nb_mlops.core.notebook import Notebook

_TRUE = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


def typed(notebook: Notebook, given: Iterable[tuple[str, Any]]) -> Mapping[str, Any]:
    """The parameters with the types of their defaults; values that are not text are taken as they are.

    Raises UsageError for a parameter the notebook does not have (nearest name suggested) or a value of another type.
    """
    pairs = tuple(given)
    if not pairs:
        return {}
    defaults = declared(notebook)
    if defaults is None:
        raise UsageError(
            f"`{notebook.path}` has no cell with the tag `parameters`, so it takes none.",
            "Put the values that may change into one cell and tag it `parameters`.",
        )
    found = {}
    for name, value in pairs:
        if name not in defaults:
            raise _unknown(name, tuple(defaults), notebook.path)
        found[name] = _as(name, value, defaults[name]) if isinstance(value, str) else value
    return found


def declared(notebook: Notebook) -> Mapping[str, Any] | None:
    """Names in the first `parameters` cell with their default values (an `ast.AST` where it is no literal); None when
    there is no such cell."""
    cell = next((cell for cell in notebook.code_cells if "parameters" in cell.tags), None)
    if cell is None:
        return None
    try:
        tree = ast.parse(cell.source)
    except SyntaxError as error:
        raise UsageError(
            f"The `parameters` cell of `{notebook.path}` is not Python: {error.msg}.",
            "Mend the cell; `nb-mlops lint` names the line.",
        ) from error
    found: dict[str, Any] = {}
    for statement in tree.body:
        if isinstance(statement, ast.Assign):
            names = [target.id for target in statement.targets if isinstance(target, ast.Name)]
            found.update(dict.fromkeys(names, _literal(statement.value)))
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value:
            found[statement.target.id] = _literal(statement.value)
    return found


def _literal(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except ValueError:
        return node


def _as(name: str, text: str, default: Any) -> Any:
    if isinstance(default, str):
        return text
    if isinstance(default, bool):
        if text.lower() not in _TRUE:
            raise _wrong(name, text, "true or false")
        return _TRUE[text.lower()]
    value = _parsed(text)
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if default is None or isinstance(default, ast.AST):
        return value
    if type(value) is not type(default):
        raise _wrong(name, text, f"of type {type(default).__name__}, as its default is")
    return value


def _parsed(text: str) -> Any:
    """A Python literal, or the text itself."""
    if text.lower() in {"true", "false"}:
        return text.lower() == "true"
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


def _unknown(name: str, known: tuple[str, ...], path: str) -> UsageError:
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"Did you mean `{near[0]}`?" if near else f"Known here: {', '.join(known) or 'none'}."
    return UsageError(f"`{path}` has no parameter `{name}`.", hint)


def _wrong(name: str, text: str, wanted: str) -> UsageError:
    return UsageError(f"Parameter `{name}` must be {wanted}; it is `{text}`.")

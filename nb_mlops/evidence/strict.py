"""JSON to frozen dataclasses and back, strictly: what a reader does not know, it refuses; nothing is overlooked."""

from __future__ import annotations

import dataclasses
import json
import math
import types
from collections.abc import Mapping
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")

# JSON has no word for these; the strings are those of the protobuf JSON mapping.
_NOT_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


class StatementError(ValueError):
    """Something that was signed does not say what this version understands."""


def canonical_json(value: Any) -> bytes:
    """The one spelling of a JSON value: sorted keys, no spaces, UTF-8. Numbers that are not finite become strings."""
    text = json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "surrogatepass")  # a notebook may hold half a character


def to_json(value: Any) -> Any:
    """A dataclass as JSON values; a field is never left out."""
    return _plain(value)


def parse_json(data: bytes) -> Any:
    """The JSON value in `data`. Raises StatementError for anything else, and for a key that is given twice."""
    try:
        return json.loads(data.decode("utf-8", "surrogatepass"), object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        if isinstance(error, StatementError):
            raise
        raise StatementError("it is not JSON") from error


def read(kind: type[T], value: Any, where: str) -> T:
    """A `kind` from JSON values. Raises StatementError for an unknown field, a missing one or a wrong type."""
    if not isinstance(value, Mapping):
        raise StatementError(f"`{where}` is not an object")
    hints = get_type_hints(kind)
    names = [f.name for f in dataclasses.fields(cast(Any, kind))]
    if unknown := sorted(set(value) - set(names)):
        raise StatementError(f"`{where}` has an unknown field `{unknown[0]}`")
    if missing := [name for name in names if name not in value]:
        raise StatementError(f"`{where}` lacks the field `{missing[0]}`")
    return kind(**{name: _read(hints[name], value[name], f"{where}.{name}") for name in names})


def _read(hint: Any, value: Any, where: str) -> Any:
    origin = get_origin(hint)
    if hint is Any:
        return value
    if origin is Literal:
        if value not in get_args(hint):
            raise StatementError(f"`{where}` is a word that this nb-mlops does not know")
        return value
    if origin in (Union, types.UnionType):
        if value is None:
            return None
        return _read(next(a for a in get_args(hint) if a is not types.NoneType), value, where)
    if origin is tuple and isinstance(value, list):
        return tuple(_read(get_args(hint)[0], item, f"{where}[{i}]") for i, item in enumerate(value))
    if origin is not None and origin is not tuple and isinstance(value, dict):
        return {name: _read(get_args(hint)[1], item, f"{where}.{name}") for name, item in value.items()}
    if origin is None and dataclasses.is_dataclass(hint):
        return read(cast(Any, hint), value, where)
    return _scalar(hint, value, where)


def _scalar(hint: Any, value: Any, where: str) -> Any:
    if hint is float and isinstance(value, str) and value in _NOT_FINITE:
        return _NOT_FINITE[value]
    if hint is float and type(value) is int:
        return float(value)
    if type(value) is not hint:
        raise StatementError(f"`{where}` is not of the type it must have")
    return value


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise StatementError("a field is given twice")
    return result


def _no_constant(word: str) -> Any:
    raise StatementError(f"`{word}` is not JSON")

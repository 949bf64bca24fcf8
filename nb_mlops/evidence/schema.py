"""From a kind of statement to the JSON Schema of what it says: generated, so that it cannot say anything else."""

from __future__ import annotations

import dataclasses
import inspect
import types
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from nb_mlops.evidence.kind import Kind

_PLAIN: Mapping[Any, Mapping[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    float: {"$ref": "#/$defs/number"},
    Any: {},
}
_NUMBER = {"anyOf": [{"type": "number"}, {"enum": ["NaN", "Infinity", "-Infinity"]}]}


def schema_of(kind: Kind) -> dict[str, Any]:
    """The schema of a kind's predicate. Fields have the forms that the hints of its dataclass name."""
    defs: dict[str, Any] = {}
    body = _object(kind.predicate, defs)
    body["properties"]["version"] = {"const": 1}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": kind.type,
        "title": f"{kind.name} predicate",
        **body,
        **({"$defs": {name: defs[name] for name in sorted(defs)}} if defs else {}),
    }


def _object(made: type, defs: dict[str, Any]) -> dict[str, Any]:
    hints = get_type_hints(made, include_extras=True)
    names = [field.name for field in dataclasses.fields(made)]
    return {
        "description": " ".join(inspect.cleandoc(made.__doc__ or "").split()),
        "type": "object",
        "additionalProperties": False,
        "required": names,
        "properties": {name: _schema(hints[name], defs) for name in names},
    }


def _schema(hint: Any, defs: dict[str, Any]) -> dict[str, Any]:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        form = arguments[1]
        named = {"pattern": form} if isinstance(form, str) else {"enum": list(form)}
        return {**_schema(arguments[0], defs), **named}
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin in (Union, types.UnionType):
        return {"anyOf": [{"type": "null"}, *(_schema(a, defs) for a in arguments if a is not types.NoneType)]}
    if origin is tuple:
        return {"type": "array", "items": _schema(arguments[0], defs)}
    if origin is not None and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _schema(arguments[1], defs)}
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        if hint.__name__ not in defs:
            defs[hint.__name__] = {}  # before its fields, which may name it again
            defs[hint.__name__] = _object(hint, defs)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    if hint is float:
        defs["number"] = _NUMBER
    return dict(_PLAIN[hint])

"""What an application relies on: a JSON Schema for what it sends and gets, and the model's signature as it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Columns = Sequence[Mapping[str, Any]]
_MOST = 20


class ContractError(ValueError):
    """A schema that cannot be understood; the words say where."""


def violations(schema: Mapping[str, Any], request: Any, response: Any) -> tuple[str, ...]:
    """Where a request and its response break the schema: the place and what should be there, never what is.

    The schema is that of the response; with the keys `request` and `response` alone, one for each. References lead
    nowhere but into the schema itself. Raises ContractError.
    """
    both = set(schema) <= {"request", "response"} and schema
    sides = {"request": request, "response": response}
    wanted = schema if both else {"response": schema}
    found = [f"{side}{words}" for side, own in wanted.items() for words in _broken(own, sides[side])]
    return tuple(found[:_MOST])


def _broken(schema: Any, value: Any) -> list[str]:
    import jsonschema
    from referencing import Registry
    from referencing.exceptions import Unresolvable

    kind: Any = jsonschema.validators.validator_for(schema, default=jsonschema.Draft202012Validator)
    try:
        kind.check_schema(schema)
        errors = list(kind(schema, registry=Registry()).iter_errors(value))
    except jsonschema.SchemaError as error:
        raise ContractError(f"it is no JSON Schema: {error.json_path} {error.validator} does not hold") from error
    except Unresolvable as error:
        raise ContractError("it refers to a schema that is not in the file") from error
    return [f"{error.json_path.removeprefix('$')} must hold to {_rule(error)}" for error in errors]


def _rule(error: Any) -> str:
    """The rule as the schema writes it, shortened; it is the application's own text."""
    text = f"`{error.validator}: {error.validator_value}`"
    return text if len(text) <= 120 else f"`{error.validator}`"


def breaking(ours: Mapping[str, Columns], theirs: Mapping[str, Columns]) -> tuple[str, ...]:
    """What would break for those who send to `theirs` and read its answers, if `ours` took its place.

    Both map `inputs` and `outputs` to the columns of a model's signature. A column more that must be sent, another
    type of one that is sent, an answer that is gone or of another type; one fewer to send breaks nothing.
    """
    found = []
    before, now = _named(theirs["inputs"]), _named(ours["inputs"])
    for name, column in now.items():
        if name not in before:
            if before and column.get("required", True):
                found.append(f"input `{name}` is new and must be sent")
        elif (one := _type(before[name])) != (other := _type(column)) and not _wider(one, other):
            found.append(f"input `{name}` was {one} and is {other}")
    before, now = _named(theirs["outputs"]), _named(ours["outputs"])
    for name, column in before.items():
        shown = f"answer `{name}`" if name else "the answer"
        if name not in now:
            found.append(f"{shown} is gone" if now else "the answers have no declared type any more")
        elif _type(column) != _type(now[name]):
            found.append(f"{shown} was {_type(column)} and is {_type(now[name])}")
    return tuple(found[:_MOST])


def _named(columns: Columns) -> Mapping[str, Mapping[str, Any]]:
    return {str(column.get("name", "" if i == 0 else i)): column for i, column in enumerate(columns)}


def _type(column: Mapping[str, Any]) -> str:
    """The column's type; a one-dimensional array of a type is the same to whoever reads JSON."""
    tensor = column.get("tensor-spec")
    if not tensor:
        return str(column.get("type", ""))
    words = {"int64": "long", "int32": "integer", "float64": "double", "float32": "float", "bool": "boolean"}
    kind = words.get(str(tensor["dtype"]), "string" if tensor["dtype"] in ("object", "str") else str(tensor["dtype"]))
    return kind if len(tensor["shape"]) < 2 else f"{kind} array of {len(tensor['shape'])} dimensions"


def _wider(before: str, now: str) -> bool:
    """Whether what fitted the type before fits it now."""
    ranks = {"integer": 0, "long": 1, "float": 2, "double": 3}
    return before in ranks and now in ranks and ranks[before] <= ranks[now]

"""Whether what a command printed is what its published JSON Schema says."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
from referencing import Registry, Resource

import nb_mlops

SCHEMAS = Path(nb_mlops.__file__).parent / "schemas"


@cache
def _loaded() -> tuple[dict[str, Any], Any]:
    found = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in SCHEMAS.glob("*.schema.json")}
    known: Any = Registry().with_resources((one["$id"], Resource.from_contents(one)) for one in found.values())
    return found, known


def fits(name: str, printed: str) -> Any:
    """The values in `printed`, after the schema of this name has been held against them; strict JSON, one document."""
    schemas, known = _loaded()
    schema = schemas[f"{name}.schema.json"]
    jsonschema.Draft202012Validator.check_schema(schema)
    values = json.loads(printed, parse_constant=_no_json)
    jsonschema.Draft202012Validator(schema, registry=known).validate(values)
    return values


def _no_json(word: str) -> Any:
    raise AssertionError(f"{word} is no JSON")

"""JSON values as notebooks hold them: parsed leniently, joined, compared exactly."""

from __future__ import annotations

from typing import Any

_NAMES = {dict: "an object", list: "a list", str: "a string", int: "a number", float: "a number", bool: "true or false"}


def parse(text: str) -> Any:
    """Any JSON that Jupyter would load, NaN, Infinity and numbers of any length among it.

    Raises json.JSONDecodeError or RecursionError.
    """
    import json  # most notebooks are read without

    return json.loads(text, parse_int=_int)


def _int(digits: str) -> int | float:
    try:
        return int(digits)
    except ValueError:  # Python refuses to turn very long numbers into int
        return float(digits)


def joined(value: Any) -> str:
    """A multi-line text, which JSON holds as a string or as a list of strings; what is neither is no text."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        try:
            return "".join(value)
        except TypeError:  # not all of them are texts
            return "".join([part for part in value if isinstance(part, str)])
    return ""


def json_name(value: object) -> str:
    """What JSON calls a value, with its article."""
    return "null" if value is None else _NAMES.get(type(value), "a value")


def is_json_mime(mime: str) -> bool:
    """Whether a mime type's value is JSON and not text that may be split into lines."""
    return mime == "application/json" or (mime.startswith("application/") and mime.endswith("+json"))


def count_of(value: Any) -> int | None:
    """An execution count, when it is one: no kernel counts below nought."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def tags_of(metadata: Any) -> tuple[str, ...]:
    """A cell's tags as its metadata has them."""
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    return tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else ()


def same(one: Any, other: Any) -> bool:
    """Whether two JSON values would be written alike: 1 is not 1.0 nor true, NaN is NaN, key order does not matter."""
    todo = [(one, other)]
    while todo:
        a, b = todo.pop()
        if a is b:
            continue
        if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
            if len(a) != len(b):
                return False
            todo.extend(zip(a, b, strict=True))
        elif type(a) is not type(b):
            return False
        elif isinstance(a, dict):
            if a.keys() != b.keys():
                return False
            todo.extend((a[key], b[key]) for key in a)
        elif a != b and (a == a or b == b):
            return False
    return True

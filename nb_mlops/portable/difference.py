"""Where two fingerprints part, in few words, with a tolerance for numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

FLOAT_TOLERANCE = {"float16": 1e-3, "float32": 1e-5, "complex64": 1e-5}
_SPEAKABLE = re.compile(r"[\w .%/()+-]{1,40}\Z")


def is_type_only(fingerprint: Any) -> bool:
    """Whether a fingerprint says no more than a type: of the value itself, or of everything that it holds."""
    if not isinstance(fingerprint, dict):
        return False
    if fingerprint.get("only") is True:
        return True
    parts = list(_parts(fingerprint))
    return bool(parts) and all(is_type_only(part) for part in parts)


def _parts(fingerprint: Mapping[str, Any]) -> Iterator[Any]:
    yield from fingerprint.get("items", ())
    for pair in fingerprint.get("pairs", ()):
        yield pair[1]
    attributes = fingerprint.get("attributes")
    if isinstance(attributes, dict):
        yield from attributes.values()


def difference(a: Any, b: Any, rtol: float = 1e-9, atol: float = 1e-12) -> str | None:
    """Say in short words where `a` and `b` part; None when they are the same within the tolerance.

    Two numbers are the same when they differ by at most `atol + rtol * the larger of the two`; int, float and bool
    are different types. Texts are never quoted, since they may be personal.
    """
    return _difference(a, b, rtol, atol, "", 0.0)


def _difference(a: Any, b: Any, rtol: float, atol: float, path: str, scale: float) -> str | None:
    if type(a) is not type(b):
        return _at(path, _words(a) + " vs " + _words(b))
    if isinstance(a, float):
        same = a == b or abs(a - b) <= atol + rtol * max(abs(a), abs(b), scale)
        return None if same else _at(path, _words(a) + " vs " + _words(b))
    if isinstance(a, dict):
        return _objects(a, b, rtol, atol, path)
    if isinstance(a, list):
        return _lists(a, b, rtol, atol, path, scale)
    if a == b:
        return None
    return _at(path, _words(a) + " vs " + _words(b) if not isinstance(a, str) else _texts(a, b))


def _objects(a: Mapping[str, Any], b: Mapping[str, Any], rtol: float, atol: float, path: str) -> str | None:
    for key in ("type", "dtype", "shape", "length"):
        if a.get(key) != b.get(key):
            return _at(path, f"{key} {_words(a.get(key), True)} vs {_words(b.get(key), True)}")
    rtol = max(rtol, FLOAT_TOLERANCE.get(str(a.get("dtype")), 0.0))
    if set(a) != set(b):
        odd = sorted(set(a) ^ set(b))[0]
        return _at(path + _step(odd), "only on one side")
    scales = _scales(a)
    for key in a:
        if key == "pairs":
            found = _pairs(a[key], b[key], rtol, atol, path)
        elif key in ("items", "values", "attributes", "summary"):
            found = _difference(a[key], b[key], rtol, atol, path, 0.0)
        else:
            found = _difference(a[key], b[key], rtol, atol, path + _step(key), scales.get(key, 0.0))
        if found:
            return found
    return None


def _scales(summary: Mapping[str, Any]) -> Mapping[str, float]:
    """How large the numbers are that a summary was made of: rounding in a sum is relative to its terms."""
    if "projection" not in summary:
        return {}
    quantiles = summary.get("quantiles") or [0.0]
    top = max(abs(q) for q in quantiles)
    return {"mean": top, "std": top, "quantiles": top, "projection": float(summary["norm"])}


def _pairs(a: Any, b: Any, rtol: float, atol: float, path: str) -> str | None:
    if len(a) != len(b):
        return _at(path, f"{len(a)} entries vs {len(b)}")
    for i, one in enumerate(a):
        other = b[i]
        found = _difference(one[0], other[0], 0.0, 0.0, path, 0.0)
        if found:
            return _at(path, f"the keys differ from key {i} on")
        found = _difference(one[1], other[1], rtol, atol, path + _step(one[0], i), 0.0)
        if found:
            return found
    return None


def _lists(a: Any, b: Any, rtol: float, atol: float, path: str, scale: float) -> str | None:
    if len(a) != len(b):
        return _at(path, f"{len(a)} items vs {len(b)}")
    for i, one in enumerate(a):
        found = _difference(one, b[i], rtol, atol, f"{path}[{i}]", scale)
        if found:
            return found
    return None


def _step(key: Any, index: int = 0) -> str:
    if isinstance(key, str) and _SPEAKABLE.match(key):
        return f'["{key}"]'
    return f"[{key!r}]" if isinstance(key, (int, float)) else f"[key {index}]"


def _texts(a: str, b: str) -> str:
    shortest = min(len(a), len(b))
    shared = next((i for i in range(shortest) if a[i] != b[i]), shortest)
    return f"texts part at character {shared}"


def _words(value: Any, plain: bool = False) -> str:
    if isinstance(value, str):
        return value if plain else "a text"
    if isinstance(value, dict):
        kind = str(value.get("type", "object"))
        return str(value["value"]) if kind == "float" and "value" in value else kind
    if isinstance(value, list):
        return "(" + ", ".join(_words(v, plain) for v in value[:6]) + ")"
    return repr(value)


def _at(path: str, words: str) -> str:
    return path + ": " + words if path else words

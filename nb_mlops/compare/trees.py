"""Are two JSON trees (a plotly or vega figure, a widget, any JSON output) the same?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nb_mlops.compare.numbers import close
from nb_mlops.compare.text import compare_text
from nb_mlops.compare.tolerances import SAME, Likeness, Tolerances, together

# Drawn anew in each run and of no meaning.
_RANDOM_KEYS = frozenset({"model_id", "uid", "id", "uuid", "data_id", "root_ids", "docid", "root_id"})


def compare_tree(a: Any, b: Any, tolerances: Tolerances) -> Likeness:
    """Whether two JSON values agree: numbers within the tolerance, texts as texts, keys in any order."""
    if a == b:
        return SAME
    return _first(_differences(a, b, tolerances, ""))


def _first(found: Iterator[Likeness]) -> Likeness:
    """All up to the first difference."""
    seen = []
    for likeness in found:
        seen.append(likeness)
        if not likeness.same:
            break
    return together(*seen)


def _differences(a: Any, b: Any, tolerances: Tolerances, path: str) -> Iterator[Likeness]:
    if _is_number(a) and _is_number(b):
        if not close(a, b, tolerances):
            yield Likeness(f"{path or 'the value'}: {a} became {b}")
        elif a != b and a == a:
            yield Likeness(forgiven=frozenset({"rounding"}))
    elif isinstance(a, dict) and isinstance(b, dict):
        yield from _objects(a, b, tolerances, path)
    elif isinstance(a, list) and isinstance(b, list):
        if len(a) != len(b):
            yield Likeness(f"{path or 'the list'}: {len(a)} entries became {len(b)}")
            return
        for i, (one, other) in enumerate(zip(a, b, strict=True)):
            yield from _differences(one, other, tolerances, f"{path}[{i}]")
    elif isinstance(a, str) and isinstance(b, str):
        yield compare_text(a, b, tolerances).within(path or "the text")
    elif a != b:
        yield Likeness(f"{path or 'the value'}: {_kind(a)} became {_kind(b)}")


def _objects(a: dict[str, Any], b: dict[str, Any], tolerances: Tolerances, path: str) -> Iterator[Likeness]:
    if a.keys() != b.keys():
        if len(a) == len(b) and any(len(key) >= 32 for key in a.keys() ^ b.keys()):  # keyed by random ids
            yield Likeness(forgiven=frozenset({"random id"}))
            yield from _differences(list(a.values()), list(b.values()), tolerances, path)
        else:
            yield Likeness(f"{path or 'the object'}: its keys differ")
        return
    for key in a:
        if key in _RANDOM_KEYS and isinstance(a[key], (str, list)) and a[key] != b[key]:
            yield Likeness(forgiven=frozenset({"random id"}))
        else:
            yield from _differences(a[key], b[key], tolerances, f"{path}.{key}" if path else key)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _kind(value: Any) -> str:
    return "nothing" if value is None else type(value).__name__ if isinstance(value, (str, list, dict)) else str(value)

"""Tables in JSON, as plots and data viewers carry them: records, columns of a dict, and rows under a list of names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nb_mlops.analysis.tables.html import is_empty
from nb_mlops.analysis.tables.table import MOST_ROWS, Column, Form, Item, Table

_DEEPEST = 40
_NAMES = ("columns", "fields", "header", "headers", "column_names")
_ROWS = ("data", "rows", "values", "records")
_Keys = tuple[str, ...]


def payload_tables(value: Any, cell: int, output: int | None, part: str, mime: str) -> Iterator[Table]:
    """The tables inside a JSON value; `part` is where it stands."""
    stack: list[tuple[_Keys, Any]] = [((), value)]
    while stack:
        keys, item = stack.pop()
        if len(keys) > _DEEPEST:
            continue
        columns, rows, known = _columns(item, keys, part)
        if columns:
            yield Table(cell, output, pointer(part, keys), mime, Form.JSON, columns, rows)
        if isinstance(item, Mapping):
            stack.extend(
                ((*keys, str(k)), v) for k, v in item.items() if k not in known and isinstance(v, (dict, list))
            )
        elif isinstance(item, list) and not columns:
            stack.extend(((*keys, str(n)), v) for n, v in enumerate(item[:1000]) if isinstance(v, (dict, list)))


def pointer(part: str, keys: Sequence[str]) -> str:
    """The part of a value below a part."""
    return "/".join((part, *(key.replace("~", "~0").replace("/", "~1") for key in keys)))


def _columns(item: Any, keys: _Keys, part: str) -> tuple[tuple[Column, ...], int, frozenset[str]]:
    """The columns that a value holds as such, how many rows, and which of its keys they came from."""
    if isinstance(item, list):
        if len(item) >= 2 and all(isinstance(row, Mapping) for row in item[:5]):
            return _of_records(item, keys, part), len(item), frozenset()
        return (), 0, frozenset()
    if not isinstance(item, Mapping):
        return (), 0, frozenset()
    named = next((n for n in _NAMES if isinstance(item.get(n), list)), "")
    if named:
        for key in _ROWS:
            rows = item.get(key)
            if isinstance(rows, list) and rows and isinstance(rows[0], list):
                return _of_rows(_texts(item[named]), rows, (*keys, key), part), len(rows), frozenset({key, named})
    lists = {k: v for k, v in item.items() if isinstance(v, list) and len(v) >= 2 and _flat(v)}
    sizes = {len(v) for v in lists.values()}
    if not lists or (len(sizes) > 1 and len(lists) < 2):
        return (), 0, frozenset()
    return _of_lists(lists, keys, part), max(sizes), frozenset(map(str, lists))


def _flat(values: Sequence[Any]) -> bool:
    return all(isinstance(v, (str, int, float, bool, type(None))) for v in values[:20])


def _texts(names: Sequence[Any]) -> list[str]:
    return [str(n.get("name", n.get("field", "")) if isinstance(n, Mapping) else n) for n in names]


def _item(value: Any, keys: _Keys, part: str, row: int) -> Item | None:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)) or is_empty(str(value).strip()):
        return None
    size = len(value) if isinstance(value, str) else 0
    return Item(str(value).strip(), pointer(part, keys), 0 if size else -1, size, row)


def _of_records(rows: Sequence[Any], keys: _Keys, part: str) -> tuple[Column, ...]:
    names: dict[str, list[Item]] = {}
    for number, row in enumerate(rows[:MOST_ROWS]):
        for name, value in row.items() if isinstance(row, Mapping) else ():
            item = _item(value, (*keys, str(number), str(name)), part, number)
            if item:
                names.setdefault(str(name), []).append(item)
    return tuple(Column(name, tuple(items)) for name, items in names.items())


def _of_rows(names: Sequence[str], rows: Sequence[Any], keys: _Keys, part: str) -> tuple[Column, ...]:
    shift = max(0, max(len(row) for row in rows[:5] if isinstance(row, list)) - len(names))
    values: list[list[Item]] = [[] for _ in names]
    for number, row in enumerate(rows[:MOST_ROWS]):
        for place, value in enumerate(row[shift:] if isinstance(row, list) else ()):
            item = _item(value, (*keys, str(number), str(place + shift)), part, number)
            if item and place < len(values):
                values[place].append(item)
    return tuple(Column(name, tuple(items)) for name, items in zip(names, values, strict=True))


def _of_lists(lists: Mapping[str, Sequence[Any]], keys: _Keys, part: str) -> tuple[Column, ...]:
    columns = []
    for name, values in lists.items():
        found = (_item(v, (*keys, str(name), str(n)), part, n) for n, v in enumerate(values[:MOST_ROWS]))
        columns.append(Column(str(name), tuple(item for item in found if item)))
    return tuple(columns)

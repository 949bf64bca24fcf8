"""Values as JSON from which they come back whole: what a stage or a function was called with.

Exact, unlike a fingerprint, and therefore only for what is plain: numbers, texts, containers, arrays and tables of
these. Anything else is refused, and so is what would weigh too much. Never a pickle.
"""

from __future__ import annotations

import datetime
import importlib
import math
import sys
from collections.abc import Callable
from typing import Any

MOST = 200_000  # elements in one value


class LossyError(Exception):
    """A value that would not come back as it is."""


def pack(value: Any, depth: int = 12) -> Any:
    """A JSON value from which `unpack` makes the same again; raises LossyError for what is not plain."""
    if value is None or type(value) in (bool, int, str):
        return value
    if type(value) is float:
        return value if math.isfinite(value) else {"float": repr(value)}
    if depth <= 0:
        raise LossyError("nested too deeply")
    for kind, packer in _PACKERS.items():
        module, _, name = kind.rpartition(".")
        library = sys.modules.get(module)
        if library is not None and type(value) is getattr(library, name, None):
            return {kind: packer(value, depth - 1)}
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.generic):
        return {"numpy.generic": _array(numpy.asarray(value), depth)}
    raise LossyError(type(value).__name__)


def unpack(packed: Any) -> Any:
    """The value again, a new one each time."""
    if not isinstance(packed, dict):
        return packed
    ((kind, body),) = packed.items()
    if kind == "float":
        return float(body)
    if kind == "numpy.generic":
        return _from_array(body)[()]
    return _UNPACKERS[kind](body)


def _items(values: Any, depth: int) -> list[Any]:
    if len(values) > MOST:
        raise LossyError("too large")
    return [pack(value, depth) for value in values]


def _array(value: Any, depth: int) -> dict[str, Any]:
    kind = value.dtype.kind
    if value.size > MOST or kind not in "biufU" or (kind == "f" and value.dtype.itemsize > 8):
        raise LossyError("an array of " + str(value.dtype))
    order = "F" if value.flags.f_contiguous and not value.flags.c_contiguous else "C"
    flat = [pack(one, 1) for one in value.reshape(-1).tolist()]
    return {"dtype": value.dtype.str, "shape": list(value.shape), "order": order, "values": flat}


def _from_array(body: Any) -> Any:
    numpy = importlib.import_module("numpy")
    flat = numpy.array([unpack(one) for one in body["values"]], dtype=body["dtype"])
    return numpy.array(flat.reshape(body["shape"]), order=body["order"])


def _column(values: Any, depth: int) -> dict[str, Any]:
    """A pandas column or index by its elements and its dtype."""
    dtype = str(values.dtype)
    if values.dtype.kind in "biuf" and type(values.dtype).__module__.startswith("numpy"):
        return {"dtype": dtype, "values": [pack(one, 1) for one in values.tolist()]}
    listed = values.tolist()
    if dtype in ("object", "str", "string") and all(type(one) is str for one in listed):
        return {"dtype": dtype, "values": listed}
    raise LossyError("a column of " + dtype)


def _from_column(body: Any) -> Any:
    return importlib.import_module("pandas").array([unpack(one) for one in body["values"]], dtype=_dtype(body["dtype"]))


def _dtype(name: str) -> Any:
    numpy = importlib.import_module("numpy")
    return numpy.dtype(name) if name not in ("str", "string") else name


def _index(value: Any, depth: int) -> dict[str, Any]:
    if type(value).__name__ == "RangeIndex":
        return {"range": [value.start, value.stop, value.step], "name": pack(value.name, depth)}
    if type(value).__name__ != "Index":
        raise LossyError(type(value).__name__)
    return {**_column(value, depth), "name": pack(value.name, depth)}


def _from_index(body: Any) -> Any:
    pandas = importlib.import_module("pandas")
    if "range" in body:
        return pandas.RangeIndex(*body["range"], name=unpack(body["name"]))
    values = [unpack(one) for one in body["values"]]
    return pandas.Index(values, dtype=_dtype(body["dtype"]), name=unpack(body["name"]))


def _series(value: Any, depth: int) -> dict[str, Any]:
    _limit(value.size)
    return {"index": _index(value.index, depth), "name": pack(value.name, depth), **_column(value, depth)}


def _from_series(body: Any) -> Any:
    pandas = importlib.import_module("pandas")
    return pandas.Series(_from_column(body), index=_from_index(body["index"]), name=unpack(body["name"]))


def _frame(value: Any, depth: int) -> dict[str, Any]:
    _limit(value.size)
    columns = [_column(value.iloc[:, place], depth) for place in range(value.shape[1])]
    return {"index": _index(value.index, depth), "columns": _index(value.columns, depth), "data": columns}


def _from_frame(body: Any) -> Any:
    pandas = importlib.import_module("pandas")
    index = _from_index(body["index"])
    made = pandas.DataFrame({place: _from_column(one) for place, one in enumerate(body["data"])}, index=index)
    made.columns = _from_index(body["columns"])
    return made


def _limit(size: int) -> None:
    if size > MOST:
        raise LossyError("too large")


_PACKERS: dict[str, Callable[[Any, int], Any]] = {
    "builtins.list": _items,
    "builtins.tuple": _items,
    "builtins.set": lambda value, depth: _items(sorted(value, key=repr), depth),
    "builtins.dict": lambda value, depth: [[pack(k, depth), pack(v, depth)] for k, v in value.items()],
    "datetime.date": lambda value, depth: value.isoformat(),
    "datetime.datetime": lambda value, depth: value.isoformat(),
    "numpy.ndarray": _array,
    "pandas.DataFrame": _frame,
    "pandas.Series": _series,
    "pandas.Index": _index,
    "pandas.RangeIndex": _index,
}
_UNPACKERS: dict[str, Callable[[Any], Any]] = {
    "builtins.list": lambda body: [unpack(one) for one in body],
    "builtins.tuple": lambda body: tuple(unpack(one) for one in body),
    "builtins.set": lambda body: {unpack(one) for one in body},
    "builtins.dict": lambda body: {unpack(key): unpack(one) for key, one in body},
    "datetime.date": datetime.date.fromisoformat,
    "datetime.datetime": datetime.datetime.fromisoformat,
    "numpy.ndarray": _from_array,
    "pandas.DataFrame": _from_frame,
    "pandas.Series": _from_series,
    "pandas.Index": _from_index,
    "pandas.RangeIndex": _from_index,
}

"""Descriptions of values of numpy, pandas, scipy, scikit-learn and matplotlib.

Nothing is imported: a value of a library's type proves that the library is loaded. Only reading calls are made, and
none that computes lazily and stores (so no axis limits of a plot, no cached properties of a model).
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from .summary import QUANTILES, STEP, exact_summary, number_summary, plain, spread

SMALL = 200
MAX_ELEMENTS = 2_000_000
MAX_OBJECTS = 20_000
MAX_SORTED = 50_000


def _array(value: Any, walk: Any) -> dict[str, Any]:
    np = sys.modules["numpy"]
    data = np.asarray(value)
    body: dict[str, Any] = {"dtype": str(data.dtype), "shape": [int(n) for n in data.shape]}
    if hasattr(value, "mask") and hasattr(value, "filled"):
        body["mask"] = _array(np.array(value.mask), walk)
        data = np.asarray(value.filled(np.zeros((), data.dtype)[()]))
    return dict(body, **_elements(data, walk))


def _elements(data: Any, walk: Any) -> dict[str, Any]:
    """`values` of a small array, `summary` of a large one."""
    kind = data.dtype.kind
    if data.dtype.names:
        return {"fields": {name: _array(data[name], walk) for name in data.dtype.names}}
    if kind == "c":
        return {"real": _elements(data.real, walk), "imag": _elements(data.imag, walk)}
    if data.size <= SMALL:
        return {"values": _nested(data, walk)}
    flat = data.reshape(-1)
    if flat.size > MAX_ELEMENTS:
        flat = flat[:: flat.size // MAX_ELEMENTS + 1]
    if kind == "f":
        return {"summary": _float_summary(flat)}
    if kind == "O":
        return _objects(flat[_index(flat.size, MAX_OBJECTS)].tolist(), walk)
    sample = [walk.of(v) for v in flat[_index(flat.size, 8)].tolist()] if kind not in "mM" else []
    return {"summary": exact_summary([_contiguous(flat)], sample)}


def _contiguous(flat: Any) -> bytes:
    np = sys.modules["numpy"]
    return bytes(np.ascontiguousarray(flat.astype(flat.dtype.newbyteorder("<"))).tobytes())


def _index(size: int, limit: int) -> list[int]:
    return list(spread(size, limit))


def _nested(data: Any, walk: Any) -> Any:
    if data.dtype.kind in "mM":
        return [str(v) for v in data.reshape(-1)]
    if data.dtype.kind == "f":
        flat = [plain(float(v)) for v in data.reshape(-1)]
        return flat[0] if data.ndim == 0 else flat
    flat = [walk.of(v) for v in data.reshape(-1).tolist()]
    return flat[0] if data.ndim == 0 else flat


def _float_summary(flat: Any) -> dict[str, Any]:
    np = sys.modules["numpy"]
    flat = flat.astype("float64", copy=False)
    with np.errstate(all="ignore"):
        known = np.isfinite(flat)
        finite, weights = flat, _weights(flat.size)
        if not known.all():
            finite, weights = flat[known], weights[known]
        count = int(finite.size)
        mean = float(finite.mean()) if count else 0.0
        spared = finite - mean
        numbers = {
            "mean": mean,
            "std": float(np.sqrt(np.square(spared, out=spared).mean())) if count else 0.0,
            "projection": float((finite * weights).sum()),
            "norm": float(np.abs(finite).sum()),
        }
    # Sorting costs more than all the rest: of very many, an even part tells the quantiles as well.
    ordered = np.sort(finite[:: max(1, count // MAX_SORTED)])
    places = [round(q * (len(ordered) - 1)) for q in QUANTILES] if count else []
    return {
        "count": int(flat.size),
        "finite": count,
        "quantiles": [plain(float(ordered[i])) for i in places],
        "sample": [plain(float(flat[i])) for i in _index(flat.size, 8)],
        **{name: plain(number) for name, number in numbers.items()},
    }


_last_weights: list[Any] = []


def _weights(size: int) -> Any:
    """The weights by place for so many elements; kept, since the columns of a table have the same number."""
    np = sys.modules["numpy"]
    if not _last_weights or _last_weights[0].size != size:
        _last_weights[:] = [np.cos(np.arange(size, dtype="float64") * STEP)]
    return _last_weights[0]


def _objects(values: list[Any], walk: Any) -> dict[str, Any]:
    """Elements of an object column: texts exactly, numbers with tolerance, else a spread of them."""
    kinds = {type(v) for v in values}
    if len(values) > SMALL and kinds <= {str, type(None), int, bool, float} and str in kinds:
        return {"summary": exact_summary((repr(v).encode("utf-8", "backslashreplace") for v in values), [])}
    if len(values) > SMALL and kinds <= {int, float, bool}:
        return {"summary": number_summary([float(v) for v in values])}
    if len(values) <= SMALL:
        return {"values": [walk.of(v) for v in values]}
    return {"values": [walk.of(values[i]) for i in spread(len(values), 50)]}


def _numpy_scalar(value: Any, walk: Any) -> dict[str, Any]:
    if value.dtype.kind in "mMV":
        return {"value": str(value)}
    return {"value": walk.of(value.item())}


def _column(values: Any, walk: Any) -> dict[str, Any]:
    """A pandas array, Index or Series as dtype and elements."""
    dtype = str(values.dtype)
    if dtype == "category":
        array = values if hasattr(values, "codes") else values.array
        return {"dtype": dtype, "codes": _array(array.codes, walk), "categories": _column(array.categories, walk)}
    array = values.array if hasattr(values, "array") else values
    if type(values.dtype).__module__.startswith("numpy") and values.dtype.kind in "biufc":
        return {"dtype": dtype, **_elements(values.to_numpy(), walk)}
    listed = list(array[_index(len(array), MAX_OBJECTS)] if len(array) > MAX_OBJECTS else array)
    if len(listed) > SMALL and dtype[:8] in ("datetime", "timedelt", "period[M"):
        return {"dtype": dtype, "summary": exact_summary((str(v).encode() for v in listed), [])}
    return {"dtype": dtype, **_objects(listed, walk)}


def _index_body(value: Any, walk: Any) -> dict[str, Any]:
    names = [walk.of(name) for name in value.names]
    if type(value).__name__ == "RangeIndex":
        return {"kind": "RangeIndex", "names": names, "range": [int(value.start), int(value.stop), int(value.step)]}
    if type(value).__name__ == "MultiIndex":
        levels = [_column(level, walk) for level in value.levels]
        return {"kind": "MultiIndex", "names": names, "levels": levels, "codes": [_array(c, walk) for c in value.codes]}
    return {"kind": type(value).__name__, "names": names, **_column(value, walk)}


def _pandas_index(value: Any, walk: Any) -> dict[str, Any]:
    return {"length": len(value), **_index_body(value, walk)}


def _series(value: Any, walk: Any) -> dict[str, Any]:
    return {
        "length": len(value),
        "name": walk.of(value.name),
        "index": _index_body(value.index, walk),
        **_column(value, walk),
    }


def _frame(value: Any, walk: Any) -> dict[str, Any]:
    chosen = _index(value.shape[1], 200)
    labels = value.columns
    return {
        "shape": [int(n) for n in value.shape],
        "index": _index_body(value.index, walk),
        "columns": _index_body(labels, walk),
        "pairs": [[walk.of(labels[i]), _column(value.iloc[:, i], walk)] for i in chosen],
    }


def _timestamp(value: Any, walk: Any) -> dict[str, Any]:
    return {"value": str(value)}


def _sparse(value: Any, walk: Any) -> dict[str, Any]:
    if value.format not in ("csr", "csc", "bsr", "coo"):
        value = value.tocoo()
    parts = ("row", "col", "data") if value.format == "coo" else ("indptr", "indices", "data")
    body = {name: _array(getattr(value, name), walk) for name in parts}
    return {"shape": [int(n) for n in value.shape], "format": value.format, **body}


def _random_state(value: Any, walk: Any) -> dict[str, Any]:
    return {"state": walk.of(value.get_state(legacy=False))}


def _generator(value: Any, walk: Any) -> dict[str, Any]:
    return {"state": walk.of(value.bit_generator.state)}


def _bit_generator(value: Any, walk: Any) -> dict[str, Any]:
    return {"state": walk.of(value.state)}


def _estimator(value: Any, walk: Any) -> dict[str, Any]:
    held = vars(value)
    fitted = {k: v for k, v in held.items() if k.endswith("_") and not k.startswith("_")}
    if hasattr(fitted.get("estimators_"), "__len__"):  # of an ensemble's members a few tell enough
        members = fitted["estimators_"]
        members = members.reshape(-1).tolist() if hasattr(members, "reshape") else list(members)
        fitted["estimators_"] = {"members": len(members), "some": [members[i] for i in spread(len(members), 8)]}
    return {"params": walk.attributes(value.get_params(deep=False)), "fitted": walk.attributes(fitted)}


def _tree(value: Any, walk: Any) -> dict[str, Any]:
    parts = ("feature", "threshold", "value", "n_node_samples")
    return {"nodes": int(value.node_count), **{name: _array(getattr(value, name), walk) for name in parts}}


def _figure(value: Any, walk: Any) -> dict[str, Any]:
    title = getattr(value, "_suptitle", None)
    return {"title": title.get_text() if title is not None else "", "items": [walk.of(a) for a in value.axes[:64]]}


def _axes(value: Any, walk: Any) -> dict[str, Any]:
    lines = value.lines[:64]
    return {
        "title": value.get_title(),
        "xlabel": value.get_xlabel(),
        "ylabel": value.get_ylabel(),
        "counts": {k: len(getattr(value, k)) for k in ("lines", "patches", "collections", "images", "texts")},
        "lines": [[walk.of(part) for part in _points(line)] for line in lines],
    }


def _points(line: Any) -> tuple[Any, ...]:
    """What a line goes through. One in space is given other x and y, those on the paper, each time it is drawn."""
    if hasattr(line, "get_data_3d"):
        return tuple(line.get_data_3d())
    return line.get_xdata(orig=True), line.get_ydata(orig=True)


# By top package and class name along the method resolution order: modules move between versions, names hardly.
DESCRIBERS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "numpy.ndarray": _array,
    "numpy.generic": _numpy_scalar,
    "numpy.RandomState": _random_state,
    "numpy.Generator": _generator,
    "numpy.BitGenerator": _bit_generator,
    "pandas.DataFrame": _frame,
    "pandas.Series": _series,
    "pandas.Index": _pandas_index,
    "pandas.Timestamp": _timestamp,
    "pandas.Timedelta": _timestamp,
    "pandas.Period": _timestamp,
    "pandas.Interval": _timestamp,
    "pandas.NAType": _timestamp,
    "pandas.NaTType": _timestamp,
    "pandas.ExtensionArray": lambda value, walk: {"length": len(value), **_column(value, walk)},
    "scipy._spbase": _sparse,
    "scipy.spmatrix": _sparse,
    "sklearn.BaseEstimator": _estimator,
    "sklearn.Tree": _tree,
    "matplotlib.Figure": _figure,
    "matplotlib.Axes": _axes,
    "matplotlib._AxesBase": _axes,
}

"""Rows that a model is measured on: read from a file, brought into the shape it takes, and none that it has seen."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import Any

# What can be read as a table, by the end of the name.
_READERS = {
    ".csv": "read_csv",
    ".tsv": "read_csv",
    ".txt": "read_csv",
    ".data": "read_csv",
    ".parquet": "read_parquet",
    ".feather": "read_feather",
    ".json": "read_json",
    ".jsonl": "read_json",
    ".xlsx": "read_excel",
    ".xls": "read_excel",
}
_COMPRESSED = (".gz", ".bz2", ".xz", ".zip")
# A column that pandas wrote without being asked: the number of the row.
_INDEX = ("Unnamed: 0", "index")
_REMEDY = "Put the preparation into the model (a scikit-learn Pipeline), or give the rows as the model takes them."


class RowsError(Exception):
    """The rows cannot be used, in words for a person; `remedy` is the way out."""

    def __init__(self, text: str, remedy: str = "") -> None:
        super().__init__(text)
        self.remedy = remedy


def read_table(path: str, name: str = "") -> Any:
    """A DataFrame from a file; `name` is the file's own name where `path` is a copy. Raises RowsError."""
    import pandas

    shown = name or path
    base = shown.lower()
    for end in _COMPRESSED:
        base = base[: -len(end)] if base.endswith(end) else base
    ending = os.path.splitext(base)[1]
    if ending not in _READERS:
        raise RowsError(f"`{shown}` is not a table that can be read.", f"Give one of {', '.join(sorted(_READERS))}.")
    options: dict[str, Any] = {}
    if _READERS[ending] == "read_csv":
        options = {"sep": None, "engine": "python"} if ending != ".csv" else {}
    if ending == ".jsonl":
        options["lines"] = True
    try:
        found = getattr(pandas, _READERS[ending])(path, **options)
        if ending == ".csv" and found.shape[1] == 1:  # semicolons
            found = pandas.read_csv(path, sep=None, engine="python")
    except Exception as error:
        raise RowsError(f"`{shown}` cannot be read as a table ({type(error).__name__}).") from error
    found.columns = [str(column) for column in found.columns]
    return found


def signature(folder: str) -> dict[str, Any]:
    """`inputs` and `outputs` of the model folder's signature as lists of columns; None where it has none."""
    import yaml

    with open(os.path.join(folder, "MLmodel"), encoding="utf-8") as file:
        said = (yaml.safe_load(file) or {}).get("signature") or {}
    return {side: json.loads(said[side]) if said.get(side) else None for side in ("inputs", "outputs")}


def inputs_of(table: Any, columns: list[dict[str, Any]] | None, target: str) -> Any:
    """The table as the model takes it: its columns in order, with its types. Raises RowsError naming what lacks."""
    if not columns:
        return table.drop(columns=[target])
    if any("tensor-spec" in column for column in columns):
        rest = table.drop(columns=[target, *(c for c in _INDEX if c in table.columns)])
        shape = columns[0]["tensor-spec"]["shape"]
        if len(shape) == 2 and shape[1] not in (-1, rest.shape[1]):
            raise RowsError(
                f"The model takes {shape[1]} numbers a row; beside the target the holdout has {rest.shape[1]}.",
                _REMEDY,
            )
        return rest.to_numpy(dtype=columns[0]["tensor-spec"]["dtype"])
    wanted = [str(column["name"]) if "name" in column else "" for column in columns]
    if wanted == [""]:
        wanted = [column for column in table.columns if column not in (target, *_INDEX)][:1]
    kinds = {name: columns[i] for i, name in enumerate(wanted)}
    lacking = [n for n, column in kinds.items() if n not in table.columns and column.get("required", True)]
    if lacking:
        shown = ", ".join(f"`{name}`" for name in lacking[:4]) + (" …" if len(lacking) > 4 else "")
        raise RowsError(
            f"The holdout lacks {len(lacking)} of the {len(wanted)} columns that the model takes: {shown}.",
            _REMEDY,
        )
    result = table[[name for name in kinds if name in table.columns]].copy()
    for name in result.columns:
        result[name] = _typed(result[name], str(kinds[name].get("type", "")))
    return result


def _typed(values: Any, kind: str) -> Any:
    """The column as the type that the model declares, where nothing is lost."""
    whole = {"long": "int64", "integer": "int32"}
    try:
        if kind in ("double", "float"):
            return values.astype("float64" if kind == "double" else "float32")
        if kind in whole and not values.isna().any() and (values == values.astype("int64")).all():
            return values.astype(whole[kind])
        if kind == "string":
            return values.where(values.isna(), values.astype(str)).astype(object)
        if kind == "boolean" and not values.isna().any():
            return values.astype(bool)
        if kind == "datetime":
            import pandas

            return pandas.to_datetime(values)
    except (TypeError, ValueError):
        pass  # the model says what is wrong with it
    return values


class Seen:
    """What became of the search for rows of the holdout among the rows that the notebook read."""

    def __init__(self, files: int, compared: int, known: Any, twins: float) -> None:
        self.files = files
        self.compared = compared
        self.known = known
        self.twins = twins


def seen_rows(table: Any, files: Sequence[tuple[str, str]]) -> Seen:
    """Which rows of the table stand, value for value, in one of these files (path, own name) too.

    A file counts as compared when it is a table with at least half of the holdout's columns. `twins` is the greatest
    share of rows, in one of the files, that another row of it equals: how often two rows are alike by chance.
    """
    import numpy

    known = numpy.zeros(len(table), dtype=bool)
    compared, twins = 0, 0.0
    columns = [column for column in table.columns if column not in _INDEX]
    for path, name in files:
        try:
            other = read_table(path, name)
        except RowsError:
            continue
        common = [column for column in columns if column in other.columns]
        if not common or 2 * len(common) < len(columns):
            continue
        compared += 1
        theirs = _hashes(other[common])
        known |= numpy.isin(_hashes(table[common]), theirs)
        if len(theirs):
            counts = numpy.unique(theirs, return_counts=True)[1]
            twins = max(twins, float(counts[counts > 1].sum()) / len(theirs))
    return Seen(len(files), compared, known, twins)


def _hashes(table: Any) -> Any:
    """One number for each row: equal rows have the same, whether a file wrote 1, 1.0 or "1"."""
    import pandas
    from pandas.util import hash_pandas_object

    alike = {}
    for i, column in enumerate(table.columns):
        values = table.iloc[:, i]
        numbers = pandas.to_numeric(values, errors="coerce")
        numeric = numbers.notna().sum() == values.notna().sum()
        alike[column] = numbers.astype("float64").round(9) if numeric else values.astype(str).str.strip()
    return hash_pandas_object(pandas.DataFrame(alike), index=False).to_numpy()

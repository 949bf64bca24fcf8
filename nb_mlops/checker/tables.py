"""The profiles of the tables that were read: as they may be stored, and what in them is worth a word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from nb_mlops.analysis.sensitive.mask import mask
from nb_mlops.checker import findings as say
from nb_mlops.core.finding import Finding
from nb_mlops.core.notebook import Notebook
from nb_mlops.core.run import RunRecord
from nb_mlops.evidence.predicates.check import TableFacts

_FEW = 10


def tables_json(record: RunRecord) -> dict[str, Any]:
    """The profiles, without labels that look like somebody's: their counts stay."""
    return {name: {**table, "columns": [_plain(c) for c in table["columns"]]} for name, table in record.tables.items()}


def table_facts(record: RunRecord) -> tuple[TableFacts, ...]:
    """What evidence says of the tables; a profile that does not fit (it comes from the kernel) is left out."""
    found = []
    for name, table in sorted(record.tables.items()):
        try:
            found.append(_facts(name, table))
        except (KeyError, TypeError, ValueError, AttributeError):
            continue
    return tuple(found)


def _facts(name: str, table: Mapping[str, Any]) -> TableFacts:
    columns, target = table["columns"], str(table["target"] or "")
    smallest = next((column.get("smallest") for column in columns if column["name"] == target), None)
    moments = [str(column["max"]) for column in columns if column["dtype"].startswith("datetime") and "max" in column]
    return TableFacts(
        name=say.safe(name),
        rows=int(table["rows"]),
        columns=len(columns) + int(table["more_columns"]),
        target=say.safe(target),
        smallest=None if smallest is None else int(smallest),
        duplicates=_count(table["duplicates"]),
        contradicting=_count(table["contradicting"]),
        missing=sum(int(column["missing"]) for column in columns),
        newest=max(moments, default="").replace(" ", "T", 1),
        sampled=table["sampled"] is True,
    )


def _count(value: Any) -> int | None:
    return None if value is None else int(value)


def _plain(column: Mapping[str, Any]) -> dict[str, Any]:
    labels = column.get("labels")
    if not isinstance(labels, Mapping) or all(mask(str(label)) == str(label) for label in labels):
        return dict(column)
    return {**column, "labels": {f"label {i}": count for i, count in enumerate(labels.values())}}


def table_findings(notebook: Notebook, record: RunRecord) -> Iterator[Finding]:
    """What a reader of the model's metrics should know of the data. For information."""
    for name, table in record.tables.items():
        said = []
        contradicting, target = table.get("contradicting"), table.get("target")
        if contradicting:
            said.append(f"{contradicting} rows agree with another one in all but `{say.safe(str(target))}`")
        smallest = next((c.get("smallest") for c in table["columns"] if c["name"] == target), None)
        if smallest is not None and smallest < _FEW:
            said.append(f"the smallest class of `{say.safe(str(target))}` has {smallest} rows")
        if said:
            words = f"In the table `{name}`, {'; '.join(said)}: a metric on so few or so contrary rows says little."
            yield say.finding(say.TABLE, notebook, words + " Look at them before the model does.")

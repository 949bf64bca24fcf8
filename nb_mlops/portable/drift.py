"""New rows counted the way the holdout was described when the model was evaluated: `python start.py drift …`.

Only counts are worked out here, in the Python that made the model; what they mean is judged elsewhere (compare.drift).
"""

from __future__ import annotations

import json
import sys
from typing import Any

from . import columns, holdout, measure
from .ask import Asked, ModelError
from .assess import RefusedError, _given, _hurry, _refuse_unsafe, _understood
from .labels import LabelsError
from .scan import scan

Words = dict[str, Any]


def main() -> int:
    """Read the request, write the result: `{"result": …}`, or `{"refused": …}` with words for a person."""
    with open(sys.argv[1], encoding="utf-8") as file:
        request = json.load(file)
    try:
        result: Words = {"result": compare(request)}
    except RefusedError as refusal:
        result = {"refused": refusal.words}
    except holdout.RowsError as error:
        result = {"refused": {"kind": "rows", "text": str(error), "remedy": error.remedy}}
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump(result, file)
    return 0


def compare(request: Words) -> Words:
    """Every column of the profile counted in the new rows; the model's answers to them; its metric where they tell what
    was right."""
    table = holdout.read_table(request["data"], request["data_name"])
    if not len(table):
        raise RefusedError("rows", f"`{request['data_name']}` has no rows.", "Give a file with rows.")
    profile = request["profile"]
    known = [one for one in profile if one["kind"] not in ("answer", "answer number")]
    found = [counted(one, table[one["name"]] if one["name"] in table.columns else None) for one in known]
    names = {one["name"] for one in known} | {request["target"], *request["groups"], "Unnamed: 0", "index"}
    result: Words = {"rows": len(table), "columns": found, "more": [n for n in table.columns if n not in names]}
    return {**result, **_answers(request, table, [one for one in profile if one not in known])}


def counted(known: Words, values: Any) -> Words:
    """The column as it is now: per bin of the quantiles, per known label, missing, and outside of what is usual."""
    if values is None:
        return {"name": known["name"], "there": False, "rows": 0, "missing": 0}
    import pandas

    present = values.dropna()
    found: Words = {"name": known["name"], "there": True, "rows": len(values), "missing": len(values) - len(present)}
    if known["quantiles"]:
        numbers = pandas.to_numeric(present, errors="coerce")
        found["strange"] = int(numbers.isna().sum())
        numbers = numbers.dropna().to_numpy(dtype="float64")
        found["up_to"] = [int((numbers <= q).sum()) for q in known["quantiles"]]
        found["below"] = [int((numbers < q).sum()) for q in known["quantiles"]]
        found["numbers"] = len(numbers)
    if known["labels"]:
        shown = present.astype(str).str[: columns.LABEL_LENGTH]
        counts = shown.value_counts()
        found["labels"] = {label: int(counts.get(label, 0)) for label in known["labels"]}
    return found


def _answers(request: Words, table: Any, profile: list[Words]) -> Words:
    """The model's answers to the new rows, and how right they are; `problem` where it does not answer."""
    import pandas

    try:
        _refuse_unsafe(scan(request["model"]), request["allow_pickle"], "The model")
        signature = holdout.signature(request["model"])
        target = request["target"] if request["target"] in table.columns else ""
        labelled = table[table[target].notna()].reset_index(drop=True) if target else table
        model = Asked(request["model"], request["scratch"])
        try:
            rows = holdout.inputs_of(
                table if target else table.assign(**{request["target"]: 0}), *_of(signature, request)
            )
            answers = [counted(one, pandas.Series(model.answers(rows).values)) for one in profile]
            metric = _metric(request, labelled, signature, model) if target and len(labelled) else None
        finally:
            model.close()
    except (ModelError, LabelsError, measure.MetricError, holdout.RowsError, RefusedError) as error:
        return {"answers": [], "metric": None, "problem": str(error)}
    return {"answers": answers, "metric": metric, "problem": ""}


def _of(signature: Words, request: Words) -> Any:
    return signature["inputs"], request["target"]


def _metric(request: Words, table: Any, signature: Words, model: Asked) -> Words:
    told = model.answers(holdout.inputs_of(table, *_of(signature, request)))
    labels, right, ours = _understood(table[request["target"]], told, model, request)
    _hurry()
    metric = measure.Metric(request["metric"], len(labels.names) if labels else 0)
    low, high = measure.interval(measure.Resampled(metric, right).values(_given(labels, told, model)))
    return {
        "name": metric.name,
        "value": measure.finite(metric(right, ours)),
        "low": low,
        "high": high,
        "rows": len(table),
    }

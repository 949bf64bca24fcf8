"""One model measured on rows that it has not seen: `python start.py assess REQUEST.json RESULT.json`.

Run in a clean process of the Python that made the model; nb_mlops need not be there. The model answers from a
process of its own (see `answer`), which is told inputs and never what is right. Before that, its files are looked at
without being loaded, and what could run code is not loaded at all.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from typing import Any

from . import columns, holdout, measure, rivals, scan
from .ask import Answers, Asked, ModelError
from .labels import Labels, LabelsError, is_of_classes
from .measure import Given, MetricError, Resampled
from .probing import groups_of, importances

Words = dict[str, Any]
_LEAST_ROWS = 20


class RefusedError(Exception):
    """The model cannot be measured; `kind` is a word that the asking side knows."""

    def __init__(self, kind: str, text: str, remedy: str = "") -> None:
        super().__init__(text)
        self.words = {"kind": kind, "text": text, "remedy": remedy}


def main() -> int:
    """Read the request, write the result: `{"result": …}`, or `{"refused": …}` with words for a person."""
    with open(sys.argv[1], encoding="utf-8") as file:
        request = json.load(file)
    try:
        result: Words = {"result": assess(request)}
    except RefusedError as refusal:
        result = {"refused": refusal.words}
    except (holdout.RowsError, LabelsError) as error:
        result = {"refused": {"kind": "rows", "text": str(error), "remedy": error.remedy}}
    except MetricError as error:
        result = {"refused": {"kind": "metric", "text": str(error), "remedy": "Name another one with --metric."}}
    except ModelError as error:
        words = f"The model does not answer to the holdout: {error}."
        result = {"refused": {"kind": "model", "text": words, "remedy": "Try it in the notebook with these rows."}}
    except ImportError as error:
        words = f"`{error.name}` is not installed in the Python that runs the notebook ({sys.executable})."
        result = {"refused": {"kind": "missing", "text": words, "remedy": 'pip install "nb-mlops[register]" there.'}}
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump(result, file)
    return 0


def assess(request: Words) -> Words:
    """Everything that is to be known of the model. Raises what `main` puts into words."""
    files = scan.scan(request["model"])
    _refuse_unsafe(files, request["allow_pickle"], "The model")
    table, target = _table(request)
    seen = holdout.seen_rows(table, [(path, name) for path, name in request["read"]])
    overlap = int(seen.known.sum())
    _refuse_seen(overlap, len(table), seen.twins)
    table = table[~seen.known].reset_index(drop=True)
    if len(table) < _LEAST_ROWS:
        raise RefusedError("rows", f"The holdout has {len(table)} rows to measure on; {_LEAST_ROWS} are the least.")
    signature = holdout.signature(request["model"])
    model = Asked(request["model"], request["scratch"])
    _hurry()
    try:
        found = _measured(request, table, target, signature, model)
        found["serving"] = _serving(request["model"], signature, model, found.pop("cost"))
    finally:
        model.close()
    rows = {"total": overlap + len(table), "used": len(table), "overlap": overlap}
    rows.update(files=seen.files, compared=seen.compared)
    before = holdout.signature(request["champion"]) if request["champion"] else None
    known = before if before and (before["inputs"] or before["outputs"]) else None
    found["champion_signature"] = known and {side: columns_ or [] for side, columns_ in known.items()}
    return {**found, "rows": rows, "files": files, "cpu": _cpu(), "packages": _packages()}


def _refuse_unsafe(files: list[Words], allowed: bool, what: str) -> None:
    for file in files:
        if (file["unsafe"] or "pickle" in file["format"]) and not allowed:
            named = ", ".join(file["unsafe"][:3]) or "a pickle can"
            raise RefusedError(
                "unsafe",
                f"{what}'s file `{file['path']}` ({file['format']}) could run code when it is loaded: {named}. "
                "It was not loaded.",
                "Save the model with nb_mlops.model(), which uses skops or the library's own format; or, if you must, "
                "set `allow-pickle = true` in [tool.nb-mlops.gate].",
            )


def _refuse_seen(overlap: int, rows: int, twins: float) -> None:
    """A few rows are alike by chance; more are rows that the model may have learnt by heart."""
    most = max(0.01, 1.5 * twins)
    if rows and overlap / rows > most:
        raise RefusedError(
            "seen",
            f"{overlap} of the {rows} rows of the holdout stand, value for value, in files that the notebook read "
            f"(by chance at most {most:.0%} would). A score on rows that a model has learnt from says nothing.",
            "Give rows that the notebook does not open: set some aside before it reads the data, or take newer ones.",
        )


def _table(request: Words) -> tuple[Any, str]:
    """The holdout without rows that have no label, and the name of its target."""
    table = holdout.read_table(request["holdout"], request["holdout_name"])
    target = request["target"]
    if not target:
        inputs = holdout.signature(request["model"])["inputs"] or []
        names = {column.get("name") for column in inputs}
        beside = [c for c in table.columns if c not in names and c not in ("Unnamed: 0", *request["groups"])]
        target = next((c for c in beside if c.lower() in ("target", "label", "class", "y", "outcome")), "")
        if not target and len(beside) == 1:
            target = beside[0]
        if not target:
            raise RefusedError(
                "target", "Which column of the holdout is to be predicted is not known.", "Name it with --target."
            )
    if target not in table.columns:
        shown = ", ".join(f"`{column}`" for column in list(table.columns)[:8])
        raise RefusedError("target", f"The holdout has no column `{target}`; it has {shown}.", "Name it with --target.")
    return table[table[target].notna()].reset_index(drop=True), target


def _measured(request: Words, table: Any, target: str, signature: Words, model: Asked) -> Words:
    rows = holdout.inputs_of(table, signature["inputs"], target)
    told = model.answers(rows)
    seconds = _seconds(model, rows)
    labels, right, ours = _understood(table[target], told, model, request)
    classes = len(labels.names) if labels else 0
    task = "classification" if labels else "regression"
    metric = measure.chosen(request["metric"], request["reported"], task, classes, ours.sure is not None)
    value = metric(right, ours)
    samples = measure.Resampled(metric, right)
    own = samples.values(ours)
    low, high = measure.interval(own)
    beside = [(other.name, other(right, ours), other.sign) for other in measure.beside(metric, task, classes)]
    shown = rows if hasattr(rows, "columns") else table.drop(columns=[target])
    answers = rivals.numbers_of(_as_column(labels, told))
    return {
        "task": task,
        "target": target,
        "classes": [str(name) for name in labels.names] if labels else [],
        "metric": {"name": metric.name, "value": value, "low": low, "high": high, "higher_is_better": metric.sign > 0},
        "scores": [
            {"name": name, "value": found, "low": None, "high": None, "higher_is_better": sign > 0}
            for name, found, sign in beside
            if measure.finite(found) is not None
        ],
        "baselines": _baselines(samples, shown, ours, own, task, classes),
        "champion": _champion(request, samples, table, target, ours, own, labels),
        "groups": groups_of(table, request["groups"], metric, right, ours),
        "importances": importances(
            model, rows, right, metric, lambda a: _given(labels, a, model), value, seconds / 1000 * len(table)
        ),
        "profile": [*columns.facts(shown), *_answer_facts(labels, told, answers)],
        "cost": {"seconds": seconds},
    }


def _as_column(labels: Labels | None, told: Answers) -> Any:
    import pandas

    return pandas.DataFrame({"answer": told.values})


def _answer_facts(labels: Labels | None, told: Answers, numbers: Any) -> list[Words]:
    import pandas

    return [{**columns.column("answer", pandas.Series(told.values)), "kind": "answer" if labels else "answer number"}]


def _understood(truth: Any, told: Answers, model: Asked, request: Words) -> tuple[Labels | None, Any, Given]:
    """The right answers as an array (classes as numbers), and the model's."""
    import numpy

    if is_of_classes(truth, told, model, request["metric"]):
        labels = Labels(truth, told, model.classes, request["labels"])
        return labels, labels.numbers(truth.tolist(), True), labels.given(told)
    try:
        right = numpy.asarray(truth, dtype="float64")
        values = numpy.asarray(told.values, dtype="float64")
    except (TypeError, ValueError) as error:
        raise RefusedError("rows", "The target is to be a number, and not every value of it is one.") from error
    return None, right, Given(values)


def _given(labels: Labels | None, told: Answers, model: Asked) -> Given:
    import numpy

    return labels.given(told) if labels else Given(numpy.asarray(told.values, dtype="float64"))


def _hurry() -> None:
    """The metrics are asked thousands of times with arrays that were looked at once."""
    import sklearn

    sklearn.set_config(assume_finite=True, skip_parameter_validation=True)


def _seconds(model: Asked, rows: Any) -> float:
    """What answering a thousand rows takes, once the library has set itself up."""
    import numpy

    part = numpy.arange(1000) % len(rows)
    return model.answers(rows.iloc[part] if hasattr(rows, "iloc") else rows[part]).seconds


def _baselines(samples: Resampled, rows: Any, ours: Given, own: Any, task: str, classes: int) -> list[Words]:
    found = []
    for name, words, theirs in rivals.rivals(rows, samples.right, task, classes, samples.metric):
        value = measure.finite(samples.metric(samples.right, theirs))
        found.append({"name": name, "words": words, "value": value, **samples.better_by(ours, own, theirs)})
    return found


def _champion(
    request: Words, samples: Resampled, table: Any, target: str, ours: Given, own: Any, labels: Labels | None
) -> Words | None:
    """The model now in service on the same rows; None where there is none."""
    folder = request["champion"]
    if not folder:
        return None
    try:
        _refuse_unsafe(scan.scan(folder), request["allow_pickle"], "The champion")
        rows = holdout.inputs_of(table, holdout.signature(folder)["inputs"], target)
        other = Asked(folder, request["scratch"])
        try:
            theirs = _given(labels, other.answers(rows), other)
        finally:
            other.close()
    except (RefusedError, ModelError, LabelsError, holdout.RowsError) as error:
        return {"problem": str(error), "value": None, "gain": None, "low": None, "high": None}
    value = measure.finite(samples.metric(samples.right, theirs))
    return {"problem": "", "value": value, **samples.better_by(ours, own, theirs)}


def _serving(folder: str, signature: Words, model: Asked, cost: Words) -> Words:
    """The model's own example sent to it as a scoring server would."""
    found: Words = {
        "signature": bool(signature["inputs"] and signature["outputs"]),
        "inputs": signature["inputs"] or [],
        "outputs": signature["outputs"] or [],
        "example": False,
        "request": None,
        "response": None,
        "problem": "",
        "load_seconds": model.load_seconds,
        "seconds_per_1000": cost["seconds"],
        "peak_mb": model.peak_mb,
    }
    example = os.path.join(folder, "serving_input_example.json")
    if not os.path.isfile(example):
        return found
    with open(example, encoding="utf-8") as file:
        text = file.read()
    found.update(example=True, request=json.loads(text))
    try:
        found["response"] = model.serve(text)
    except ModelError as error:
        found["problem"] = str(error)
    return found


def _cpu() -> str:
    """What the processor calls itself, and how many of it there are."""
    name = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            name = next((line.partition(":")[2].strip() for line in file if line.startswith("model name")), name)
    except OSError:
        pass
    return f"{name}, {os.cpu_count()} processors"


def _packages() -> dict[str, str]:
    from importlib import metadata

    found = {"python": platform.python_version()}
    for name in (
        "mlflow-skinny",
        "mlflow",
        "scikit-learn",
        "numpy",
        "pandas",
        "skops",
        "xgboost",
        "lightgbm",
        "onnxruntime",
    ):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found

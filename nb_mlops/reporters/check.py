"""A check report as text: the verdict, what was measured and read, where the evidence lies, what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from shlex import quote
from typing import Any

from nb_mlops.core.finding import Finding, Report
from nb_mlops.core.run import RunRecord
from nb_mlops.core.wording import listed, size
from nb_mlops.reporters.text import painter, render

_MOST_FILES = 8
_VERDICTS = {"reproducible": "green", "not-reproducible": "red", "failed": "red"}


def render_run(record: RunRecord, factors: Mapping[str, str] | None = None) -> str:
    """One run in one line, as it ends."""
    what = "the first run" if record.label == "R0" else "again"
    changed = factors or record.factors
    if changed:
        what += " with " + changed_words(changed)
    status = "ok" if record.ok else record.status.value
    where = f" in cell {record.error.cell + 1}" if record.error and record.error.cell is not None else ""
    return f"  {record.label}  {what}: {status}{where}, {record.seconds:.1f} s"


def changed_words(factors: Mapping[str, str]) -> str:
    """What was changed in a run, in a few words."""
    return ", ".join(_factor(name, value) for name, value in factors.items())


def _factor(name: str, value: str) -> str:
    """`PYTHONHASHSEED=1`, `1 thread`, `a copy of the project`."""
    if name == "threads":
        return f"{value} thread" + ("" if value == "1" else "s")
    return {"folder": "a copy of the project", "seeds": "other seeds"}.get(name, f"{name}={value}")


def render_check(
    notebook: str, report: Mapping[str, Any], findings: Sequence[Finding], model: str = "", colour: bool = False
) -> str:
    """The report that `commands.check.report` makes, for people; `model` is the tree digest of the stored model."""
    paint = painter(colour)
    verdict = report["verdict"]
    lines = [f"{notebook}: {paint(verdict, _VERDICTS[verdict], 'bold')}. {meaning(report)}", ""]
    if findings:
        lines += [render(Report(tuple(findings), 0, 1), colour).rpartition("\n\n")[0], ""]
    rows = [*_rows(report, model)]
    lines += [f"  {name:<9} {text}" for name, text in rows]
    return "\n".join([*lines, *([""] if rows else []), *_next(notebook, report, model)]) + "\n"


def meaning(report: Mapping[str, Any]) -> str:
    """The verdict in a sentence."""
    runs = report["runs"]
    if report["verdict"] == "reproducible":
        agreed = [run for run in runs if "seeds" not in run["factors"]]
        changed: Mapping[str, str] = max((run["factors"] for run in agreed), key=len, default={})
        what = [_CHANGED.get(name, name) for name in changed]
        other = f", one of them with another {listed(what)}" if what else ""
        return f"{len(agreed)} runs in fresh kernels gave the same answer{other}."
    if report["verdict"] == "failed":
        return "It does not run to its end in a fresh kernel."
    if len(runs) == 1:
        return "It ran once, and nothing was compared."
    if report["culprit"]:
        on = listed([_CHANGED.get(name, name) for name in report["culprit"]])
        return f"{len(runs)} runs in fresh kernels: the answer depends on the {on}."
    return f"{len(runs)} runs in fresh kernels did not prove that it gives the same answer."


_CHANGED = {"threads": "number of threads", "TZ": "time zone", "LC_ALL": "locale", "folder": "folder"}


def _rows(report: Mapping[str, Any], model: str) -> list[tuple[str, str]]:
    base = report["runs"][0]
    rows = [("metric", _metric(metric)) for metric in report["metrics"]]
    files = base["files_read"]
    rows += [("read", f"{file['path']} ({size(file['size'])})") for file in files[:_MOST_FILES]]
    if len(files) > _MOST_FILES:
        rows.append(("read", f"and {len(files) - _MOST_FILES} more files"))
    if base["files_written"]:
        rows.append(("wrote", ", ".join(base["files_written"][:_MOST_FILES])))
    if base["model"]:
        stored = f", stored in .nb-mlops/models/{model[:12]}…" if model else ""
        rows.append(("model", f"{base['model']['kind']}{stored}"))
    if report["evidence"]:
        rows.append(("evidence", report["evidence"]))
    return rows


def _metric(metric: Mapping[str, Any]) -> str:
    """`accuracy = 0.93`, with the other values where runs do not agree."""
    values = list(dict.fromkeys(metric["values"]))
    others = f" (also {', '.join(map(repr, values[1:4]))})" if len(values) > 1 else ""
    better = {True: ", higher is better", False: ", lower is better", None: ""}[metric["higher_is_better"]]
    return f"{metric['name']} = {metric['value']!r}{others}{better}"


def _next(notebook: str, report: Mapping[str, Any], model: str) -> list[str]:
    if not report["evidence"]:
        return ["Nothing was run, so nothing was written down."]
    if report["verdict"] != "reproducible":
        return ["This is now the notebook's evidence: the gate stays shut until a later check succeeds."]
    if not model:
        return ["No model was declared, so there is nothing to register: nb_mlops.model(estimator, example=X[:5])."]
    name = report["runs"][0]["model"]["name"] or "NAME"
    return [f"Next: nb-mlops gate {quote(notebook)} --model {quote(name)}"]

"""A check, or a grid, as JUnit XML: a test case a run, and one for what the runs together say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from nb_mlops.core.finding import Finding, Severity
from nb_mlops.reporters.check import changed_words
from nb_mlops.reporters.junit import attribute, told


def render(notebook: str, report: Mapping[str, Any], findings: Sequence[Finding]) -> str:
    """The suite of a notebook's check: each run must come to its end, all together must give one answer."""
    runs = [_run(run["label"], changed_words(run["factors"]), run) for run in report["runs"]]
    grave = [finding for finding in findings if finding.severity is Severity.ERROR]
    return _suite("nb-mlops check", notebook, [*runs, ("the same answer", "", 0.0)], grave, findings)


def render_grid(notebook: str, report: Mapping[str, Any], findings: Sequence[Finding]) -> str:
    """The suite of a notebook's grid: each point must come to its end, metrics must keep their bounds."""
    points = [_run("", point["name"], point) for point in report["points"]]
    return _suite("nb-mlops check --grid", notebook, [*points, ("within bounds", "", 0.0)], list(findings), findings)


_Case = tuple[str, str, float]  # name, how it failed ("" if it did not), seconds


def _run(label: str, what: str, run: Mapping[str, Any]) -> _Case:
    error = run["error"]
    where = f" in cell {error['cell'] + 1}" if error and error["cell"] is not None else ""
    name = f"{error['name']}" if error else run["status"]
    return f"{label} {what}".strip(), "" if run["status"] == "ok" else f"{name}{where}", run["seconds"]


def _suite(
    suite: str, notebook: str, cases: Sequence[_Case], grave: Sequence[Finding], findings: Sequence[Finding]
) -> str:
    """The last case is that of the findings."""
    failed = sum(bool(why) for _, why, _ in cases) + bool(grave)
    seconds = sum(took for _, _, took in cases)
    counts = f'tests="{len(cases)}" failures="{failed}" errors="0"'
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="nb-mlops" {counts} time="{seconds:.3f}">',
        f'<testsuite name={attribute(suite)} {counts} skipped="0" time="{seconds:.3f}">',
        *(line for case in cases[:-1] for line in _case(notebook, case)),
        *_last(notebook, cases[-1][0], grave, [finding for finding in findings if finding not in grave]),
        "</testsuite>",
        "</testsuites>",
    ]
    return "\n".join(lines) + "\n"


def _case(notebook: str, case: _Case) -> Iterator[str]:
    name, why, seconds = case
    yield f'<testcase name={attribute(name)} classname={attribute(notebook)} time="{seconds:.3f}">'
    if why:
        yield f'<failure message={attribute(why)} type="run"/>'
    yield "</testcase>"


def _last(notebook: str, name: str, grave: Sequence[Finding], others: Iterable[Finding]) -> Iterator[str]:
    yield f'<testcase name={attribute(name)} classname={attribute(notebook)} time="0.000">'
    if grave:
        head = ", ".join(dict.fromkeys(f"{finding.code} {finding.rule}" for finding in grave))
        yield f'<failure message={attribute(head)} type="finding">{told(grave)}</failure>'
    if said := told(others):
        yield f"<system-out>{said}</system-out>"
    yield "</testcase>"

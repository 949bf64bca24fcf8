"""How far a package computes what the notebook's runs say: the comparison, kind by kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nb_mlops.converter.shows import Shown, figures_lacking, results_lacking, shown
from nb_mlops.converter.truth import Compared, Outcome, Problem, Truth
from nb_mlops.portable.difference import is_type_only
from nb_mlops.portable.golden import order_problem, stage_problems, value_problem


def judge_package(truth: Truth, found: Mapping[str, Any], rtol: float) -> Outcome:
    """Compare what a package computed with the truth."""
    problems: list[Problem] = []
    order = order_problem({"stages": truth.stages}, found)
    if order:
        problems.append(Problem("", order))
    ran = {stage["stage"]: stage for stage in found["stages"]}
    counts: dict[str, list[int]] = {what: [0, 0] for what in _BESIDE}
    for position, stage in enumerate(truth.stages):
        if stage["stage"] in ran:
            words = stage_problems(stage, ran[stage["stage"]], rtol)
            problems += [Problem(stage["stage"], w, not w.startswith("printed text")) for w in words]
            if position < len(truth.shown):
                problems += _judge_shows(stage["stage"], truth.shown[position], ran[stage["stage"]], rtol, counts)
            _count(stage, words, counts)
    different = {}
    for name, value in truth.final.items():
        part = value_problem(value, found["final"], name, rtol)
        if part:
            different[name] = part
    problems += [Problem("", words) for words in different.values()]
    compared = truth.compared
    return Outcome(
        equal=sum(name not in different for name in compared),
        compared=len(compared),
        nondeterministic=len(truth.nondeterministic),
        type_only=len(truth.functions),
        problems=tuple(problems),
        beside=tuple(Compared(what, *counts[what]) for what in _BESIDE if counts[what][1]),
    )


_VALUES, _TEXTS, _RESULTS, _FIGURES, _METRICS = (
    "values on the way",
    "printed texts",
    "shown results",
    "figures",
    "metrics",
)
_BESIDE = (_VALUES, _TEXTS, _RESULTS, _FIGURES, _METRICS)


def _count(stage: Mapping[str, Any], problems: Sequence[str], counts: Mapping[str, list[int]]) -> None:
    """Add what of a stage was compared, beside what it showed."""
    wrong = {words.partition(" ")[0].strip("`:") for words in problems if words.startswith("`")}
    for name, value in stage["names"].items():
        if not is_type_only(value):
            earlier = len((stage.get("earlier") or {}).get(name, ()))
            _tally(counts, _VALUES, 1 + earlier, 0 if name in wrong else 1 + earlier)
    if stage.get("stdout"):
        _tally(counts, _TEXTS, 1, not any(words.startswith("printed text") for words in problems))
    if stage.get("metrics"):
        number = len(stage["metrics"])
        _tally(counts, _METRICS, number, 0 if any(words.startswith("metrics") for words in problems) else number)


def _judge_shows(
    stage: str, wanted: Shown, ran: Mapping[str, Any], rtol: float, counts: Mapping[str, list[int]]
) -> list[Problem]:
    found = shown(one["value"] for one in ran["shown"] if one.get("kind") != "model")
    problems = []
    for what, expected, lack in (
        (_RESULTS, wanted.results, results_lacking(wanted.results, found.results, rtol)),
        (_FIGURES, wanted.figures, figures_lacking(wanted.figures, found.figures, rtol)),
    ):
        _tally(counts, what, len(expected), lack.found)
        problems += [Problem(stage, lack.words, lack.value)] if lack.words else []
    return problems


def _tally(counts: Mapping[str, list[int]], what: str, compared: int, equal: int) -> None:
    counts[what][0] += equal
    counts[what][1] += compared


def lean_is_equal(truth: Truth, found: Mapping[str, Any], handed_on: frozenset[str], rtol: float) -> bool:
    """Whether a run without some stages hands on the same values in the end."""
    wanted = {name: value for name, value in truth.final.items() if name in handed_on}
    return bool(wanted) and not any(value_problem(v, found["final"], name, rtol) for name, v in wanted.items())


def failed(truth: Truth, words: str) -> Outcome:
    """The outcome of a package that did not run to its end."""
    count = len(truth.compared)
    return Outcome(0, count, len(truth.nondeterministic), len(truth.functions), (Problem("", words),))

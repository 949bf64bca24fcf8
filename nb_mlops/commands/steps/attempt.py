"""The levels at which a notebook can become a package, tried one after another, and what came of each."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nb_mlops import catalogue
from nb_mlops.checker import plan as runs
from nb_mlops.converter import privacy, regenerate
from nb_mlops.converter.data import TestData
from nb_mlops.converter.judge import failed, judge_package, lean_is_equal
from nb_mlops.converter.mutants import is_alike, mutants
from nb_mlops.converter.package import Draft, Surroundings, draft, package_files
from nb_mlops.converter.pipeline import aside
from nb_mlops.converter.plan import NO_WISHES, Level, Plan, Refused, Wishes, make_plan, shown_in
from nb_mlops.converter.scaffold import HELPER
from nb_mlops.converter.source import Loss
from nb_mlops.converter.truth import (
    Alone,
    Mutant,
    Outcome,
    SelfCheck,
    Truth,
    expected_json,
    truth_of,
    with_package_shows,
)
from nb_mlops.core.notebook import Notebook
from nb_mlops.core.run import RunRecord
from nb_mlops.core.settings import LintSettings, Settings
from nb_mlops.core.value import replace
from nb_mlops.core.wording import many
from nb_mlops.linter.engine import lint
from nb_mlops.linter.rule import Rule
from nb_mlops.outside import packages
from nb_mlops.outside.layout import laid_out

Told = Callable[[str], None]
_SECONDS = 60.0  # that deliberate mistakes may take, where a notebook runs long
_LEVELS = {
    Level.FUNCTIONS: "variables handed from function to function",
    Level.MODULE_STATE: "variables kept in one module",
}


@dataclass(frozen=True, slots=True)
class Setting:
    """What stays the same over all attempts of one conversion."""

    notebook: Notebook
    records: tuple[RunRecord, ...]
    surroundings: Surroundings
    data: TestData
    python: str
    private: privacy.IsPrivate
    settings: Settings
    root: Path
    told: Told
    wishes: Wishes = NO_WISHES


@dataclass(frozen=True, slots=True)
class Attempt:
    """One level tried: the draft, what was expected of it, and what came of it."""

    made: Draft
    truth: Truth | None
    outcome: Outcome | None
    found: tuple[Mapping[str, Any], ...] = ()


def judge_of_privacy(texts: Sequence[str], path: str) -> privacy.IsPrivate:
    """Which of these texts hold secrets or personal data, in the linter's judgement."""
    rules = catalogue.members("nb_mlops.rules", "RULE", Rule, "code", group="nb_mlops.rules")
    found = lint(privacy.as_notebook(texts, path), rules, LintSettings(select=privacy.RULES))
    return privacy.is_private(texts, found.findings)


def try_levels(setting: Setting, scratch: Path) -> tuple[list[Attempt], list[Loss], Refused | None]:
    """Try the levels, best first, until one is proven."""
    attempts: list[Attempt] = []
    reasons: list[Loss] = []
    refused: Refused | None = None
    shown = shown_in(setting.records[0]) if setting.records else None
    for level in Level:
        planned = make_plan(setting.notebook, level, shown, setting.wishes)
        made = draft(planned, setting.surroundings, setting.wishes.skeleton) if isinstance(planned, Plan) else planned
        if isinstance(made, Refused):
            reasons += made.reasons if level is Level.FUNCTIONS else ()
            refused = made
            continue
        attempt = _tried(setting, _laid_out(made), scratch / level.value)
        attempts.append(attempt)
        if attempt.outcome is None or not attempt.outcome.contradicted:
            break
    return attempts, reasons, refused


def _laid_out(made: Draft) -> Draft:
    texts = laid_out({f"{module.name}.py": module.text for module in made.modules})
    return replace(made, modules=tuple(replace(m, text=texts[f"{m.name}.py"]) for m in made.modules))


def _tried(setting: Setting, made: Draft, place: Path) -> Attempt:
    """Run a draft and compare it with the notebook's runs; twice, under two hash seeds, if it is equal."""
    if not setting.records:
        return Attempt(made, None, None)
    own = setting.settings.convert
    truth = truth_of(made.plan, setting.records, own.rtol, own.max_golden_kb * 1000, setting.private)
    setting.told(f"running the package: {_LEVELS[made.plan.level]}")
    packages.write_tree(place, package_files(made, setting.surroundings, truth, None, own.rtol))
    every = {**setting.data.files, **setting.data.missing}
    packages.copy_data(place, [(setting.root / path, name) for path, name in every.items()], setting.data.folders)
    return Attempt(made, truth, *run_and_judge(setting, made, truth, place))


def run_and_judge(
    setting: Setting, made: Draft, truth: Truth, place: Path
) -> tuple[Outcome, tuple[Mapping[str, Any], ...]]:
    """What the package below `place` computes, judged by the truth; run under two hash seeds if it is equal."""
    own = setting.settings.convert
    expected = expected_json(truth, setting.surroundings.start, own.rtol)
    at_once = runs.at_once(setting.records, os.cpu_count() or 1)
    ran = packages.record_twice(place, made.plan.package, expected, setting.python, own.timeout, at_once)
    broken = next((one for one in ran if one.found is None), None)
    if broken is not None:
        return failed(truth, f"the pipeline stops: {broken.problem}"), ()
    found = tuple(one.found for one in ran if one.found is not None)
    judged = [judge_package(truth, one, own.rtol) for one in found]
    return next((outcome for outcome in judged if outcome.contradicted), judged[-1]), found


def held(setting: Setting, best: Attempt) -> Truth | None:
    """What the tests of the package hold it to: the notebook's values, and what it showed itself once it is proven."""
    truth = best.truth
    if truth is None or best.outcome is None or best.outcome.contradicted:
        return truth
    private = judge_of_privacy(privacy.texts_of_shows(best.found), setting.notebook.path)
    return with_package_shows(truth, best.found, best.outcome, setting.settings.convert.rtol, private)


def made_lean(setting: Setting, best: Attempt, truth: Truth | None, place: Path) -> Attempt:
    """The attempt with a pipeline that can go without the stages that only look at data, if that changes no value."""
    own, made = setting.settings.convert, best.made
    quick = bool(setting.records) and setting.records[0].seconds <= _SECONDS
    if truth is None or best.outcome is None or not best.outcome.proven or not quick or not aside(made.plan):
        return best
    setting.told("running the package without the stages that only look at data")
    lean = replace(made, lean=True)
    write(setting, place, package_files(lean, setting.surroundings, truth, None, own.rtol))
    expected = expected_json(truth, setting.surroundings.start, own.rtol)
    ran = packages.record(place, made.plan.package, expected, setting.python, own.timeout, how="lean")
    equal = ran.found is not None and lean_is_equal(truth, ran.found, made.plan.handed_on, own.rtol)
    return replace(best, made=lean) if equal else best


def tested_alone(setting: Setting, best: Attempt, truth: Truth | None, place: Path) -> Alone:
    """What stages and functions can be tested with by themselves; nothing of what is private or takes long."""
    own = setting.settings.convert
    made = best.made
    if truth is None or best.outcome is None or not best.outcome.proven or made.plan.level is not Level.FUNCTIONS:
        return Alone()
    if setting.records[0].seconds > _SECONDS:
        return Alone()
    setting.told("noting what stages and functions are called with")
    write(setting, place, package_files(made, setting.surroundings, truth, None, own.rtol, alone=Alone({"": {}})))
    expected = expected_json(truth, setting.surroundings.start, own.rtol)
    ran = packages.record_alone(place, made.plan.package, expected, setting.python, own.timeout)
    found: Mapping[str, Any] = ran.found or {"stages": {}, "calls": []}
    texts = tuple(privacy.as_text(one) for one in (*found["stages"].values(), *found["calls"]))
    private = judge_of_privacy(texts, setting.notebook.path)
    stages = {name: inputs for name, inputs in found["stages"].items() if not private(inputs)}
    return Alone(stages, tuple(one for one in found["calls"] if not private(one)))


def self_check(setting: Setting, best: Attempt, truth: Truth | None, place: Path) -> SelfCheck | None:
    """Whether the tests notice deliberate mistakes; None where there is nothing to try them on."""
    own = setting.settings.convert
    if truth is None or best.outcome is None or not best.outcome.proven:
        return None
    made = best.made
    seconds = max(1.0, setting.records[0].seconds)
    tried = mutants(made, truth, min(own.mutants, max(2, int(_SECONDS / seconds))))
    if not tried:
        return None
    setting.told(f"trying the tests with {many(len(tried), 'deliberate mistake')}")
    files = package_files(made, setting.surroundings, truth, None, own.rtol)
    write(setting, place, {**files, f"tests/{HELPER}/closely.py": setting.surroundings.portable["closely"]})
    timeout = min(own.timeout, int(_SECONDS + 3 * seconds))  # a mistake may make a loop endless

    def run(mistakes: Sequence[Mutant | None], closely: bool = False) -> list[packages.Ran]:
        variants = [{f"src/{made.plan.package}/{one.module}.py": one.text} if one else {} for one in mistakes]
        expected = expected_json(truth, setting.surroundings.start, own.rtol)
        at_once = runs.at_once(setting.records, os.cpu_count() or 1)
        return packages.record_variants(
            place, made.plan.package, variants, expected, setting.python, timeout, at_once, closely
        )

    judged = [one.found is None or judge_package(truth, one.found, own.rtol).problems for one in run(tried)]
    passed = [one for one, noticed in zip(tried, judged, strict=True) if not noticed]
    if not passed:
        return SelfCheck(len(tried))
    setting.told(f"looking closely at {len(passed)} of them that make no difference to the tests")
    first, second, *others = [one.found for one in run((None, None, *passed), closely=True)]
    unlike = [one for one, found in zip(passed, others, strict=True) if not is_alike(first, second, found)]
    return SelfCheck(len(tried) - len(passed) + len(unlike), tuple(unlike), len(passed) - len(unlike))


def write(setting: Setting, built: Path, files: Mapping[str, str], generated: Mapping[str, str] | None = None) -> None:
    """Write the package's files, what was generated for the next time, and its test data below `built`."""
    packages.write_tree(built, {**files, regenerate.BASE: regenerate.base_text(generated or files)})
    kept = [(setting.root / path, name) for path, name in setting.data.files.items()]
    packages.copy_data(built, kept, setting.data.folders)

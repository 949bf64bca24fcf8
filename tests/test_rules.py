"""Tests made from the rules themselves: each rule's examples, its page, its name."""

from __future__ import annotations

import builtins
import io
import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import phonenumbers  # noqa: F401  loaded here, as loading a library is not what a rule is kept from
import pytest
import stdnum.util  # noqa: F401

from nb_mlops.core.notebook import Notebook, Unreadable
from nb_mlops.core.settings.lint import LintSettings
from nb_mlops.ipynb.read import read
from nb_mlops.ipynb.write import write
from nb_mlops.linter.engine import lint, lint_unreadable
from nb_mlops.linter.load import load_rules
from nb_mlops.linter.repair import repair
from nb_mlops.linter.rule import Example, Rule

RULES = load_rules()
HEADINGS = ("## What it does", "## Why is this bad?", "## What to do")


def cases(kind: str) -> list[Any]:
    return [
        pytest.param(rule, shown, id=f"{rule.code}-{kind}-{n}")
        for rule in RULES.values()
        for n, shown in enumerate(getattr(rule, kind)())
    ]


def opened(shown: Example) -> Notebook | Unreadable:
    """An example as rules get to see it."""
    return shown.notebook if shown.cells else read(shown.raw, shown.path)


def found(what: Notebook | Unreadable, settings: LintSettings, shown: Example) -> list[str]:
    """The codes that all rules together find in an example."""
    if isinstance(what, Unreadable):
        result = lint_unreadable(what, RULES, settings)
    else:
        result = lint(what, RULES, settings, project=shown.project)
    return [finding.code for finding in result.findings]


@contextmanager
def sealed() -> Iterator[None]:
    """No disk, no process, no clock: a rule reads the notebook and nothing else."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a rule reached for the world")

    with pytest.MonkeyPatch.context() as patch:
        for owner, name in (
            (builtins, "open"),
            (io, "open"),
            (os, "stat"),
            (os, "open"),
            (subprocess, "Popen"),
            (time, "time"),
            (time, "monotonic"),
            (time, "perf_counter"),
        ):
            patch.setattr(owner, name, refuse)
        yield


@pytest.mark.parametrize(("rule", "shown"), cases("bad"))
def test_a_bad_example_is_flagged_by_its_rule_and_by_no_other(rule: Rule, shown: Example) -> None:
    settings = LintSettings() if rule.default else LintSettings(extend_select=(rule.code,))
    what = opened(shown)
    with sealed():
        codes = set(found(what, settings, shown))
    assert codes == {rule.code}


@pytest.mark.parametrize(("rule", "shown"), cases("good"))
def test_a_good_example_is_not_flagged_by_its_rule(rule: Rule, shown: Example) -> None:
    settings = LintSettings(extend_select=(rule.code,))
    what = opened(shown)
    with sealed():
        codes = found(what, settings, shown)
    assert rule.code not in codes
    assert "NB001" not in codes


@pytest.mark.parametrize(("rule", "shown"), [case for case in cases("bad") if case.values[1].fixed is not None])
def test_a_fix_gives_what_the_rule_says_and_then_silence(rule: Rule, shown: Example) -> None:
    what = opened(shown)
    assert isinstance(what, Notebook)
    done = repair(what, RULES, LintSettings(select=(rule.code,)), allow_unsafe=True)
    assert tuple(cell.source for cell in done.notebook.cells) == shown.fixed
    assert done.fixed
    assert not done.left.findings


@pytest.mark.parametrize(("rule", "shown"), [case for case in cases("bad") if case.values[1].cells])
def test_an_example_is_judged_the_same_when_it_comes_from_a_file(rule: Rule, shown: Example) -> None:
    settings = LintSettings(select=(rule.code,))
    again = read(write(shown.notebook), shown.path)
    assert isinstance(again, Notebook)
    memory, file = (lint(n, RULES, settings, project=shown.project).findings for n in (shown.notebook, again))
    assert [(f.code, f.span, f.fingerprint) for f in file] == [(f.code, f.span, f.fingerprint) for f in memory]


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)
def test_a_page_says_what_why_and_what_to_do(rule: Rule) -> None:
    places = [rule.page.find(f"\n{heading}\n") for heading in HEADINGS]
    assert -1 not in places, f"headings missing from the page of {rule.code}"
    assert places == sorted(places)
    assert rule.summary.endswith(".")
    assert rule.bad()
    assert rule.good()


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)
def test_a_rule_stands_in_the_file_that_bears_its_code(rule: Rule) -> None:
    assert rule.module.rpartition(".")[2].startswith(rule.code.lower() + "_")
    assert re.fullmatch(r"[A-Z]{2}\d{3}", rule.code)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.slug)


def test_no_two_rules_share_a_slug() -> None:
    slugs = [rule.slug for rule in RULES.values()]
    assert len(set(slugs)) == len(slugs)


def test_the_rule_that_the_page_for_contributors_shows_would_pass_here() -> None:
    page = (Path(__file__).parent.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"(?s)```python\n(.*?)```", page)
    made: dict[str, Any] = {}
    exec(compile(text, "CONTRIBUTING.md", "exec"), made)
    rule = made["RULE"]
    assert all(f"\n{heading}\n" in made["__doc__"] for heading in HEADINGS)
    for shown, codes in ((rule.bad()[0], [rule.code]), (rule.good()[0], [])):
        result = lint(shown.notebook, {**RULES, rule.code: rule}, LintSettings())
        assert [finding.code for finding in result.findings] == codes

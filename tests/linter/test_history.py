"""Faults through the versions of notebooks: nothing that was not looked at passes for clean."""

from __future__ import annotations

from collections.abc import Iterator

from helpers_run import notebook

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.core.settings import LintSettings
from nb_mlops.core.sighting import Version
from nb_mlops.linter import history
from nb_mlops.linter.rule import Hit, Rule


def crash(view: View) -> Iterator[Hit]:
    raise ZeroDivisionError("what the notebook says")
    yield


def test_a_rule_that_crashes_on_an_old_version_is_told_once_and_quotes_nothing() -> None:
    rule = Rule(code="SE999", slug="crashing", severity=Severity.ERROR, check=crash, bad=(), good=())
    seen = history.sightings(notebook("x = 1"), {"SE999": rule}, LintSettings(select=("SE",)), "salt")
    versions = [Version("a", "n.ipynb", "1" * 40, "2026-01-31"), Version("b", "n.ipynb", "2" * 40, "2026-02-01")]
    (found,), _ = history.told(versions, {"a": seen, "b": seen}, ["b"])
    assert "SE999" in found.message and "ZeroDivisionError" in found.message and "report it" in found.message
    assert "the notebook says" not in found.message and "came in with" not in found.message

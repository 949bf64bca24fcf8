from __future__ import annotations

import json
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from nb_mlops.portable.probe import Journal, Probe


class Shell:
    """As much of IPython's shell as the probe asks for: a namespace and events."""

    def __init__(self) -> None:
        self.user_ns: dict[str, Any] = {"In": [], "exit": print}
        self.user_ns_hidden = dict(self.user_ns)
        self.hooks: dict[str, Any] = {}
        self.events = SimpleNamespace(register=self.hooks.__setitem__)

    def run(self, source: str) -> None:
        """Run a cell with its events."""
        self.hooks["pre_run_cell"](None)
        exec(source, self.user_ns)
        self.user_ns.pop("__builtins__", None)
        self.hooks["post_run_cell"](SimpleNamespace(info=SimpleNamespace(raw_cell=source)))


@pytest.fixture
def shell() -> Shell:
    return Shell()


@pytest.fixture
def probe(shell: Shell, tmp_path: Path) -> Probe:
    probe = Probe(shell, Journal(str(tmp_path / "journal")), "cells", ())
    probe.install()
    return probe


def told(tmp_path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (tmp_path / "journal").read_text().splitlines()]


def names(tmp_path: Path) -> list[dict[str, Any]]:
    return [event["names"] for event in told(tmp_path)]


def test_only_what_a_cell_bound_or_changed_is_told(shell: Shell, probe: Probe, tmp_path: Path) -> None:
    for source in ("x = 1; y = [1]", "x = 1", "y.append(2)", "import json", "_hidden = 3", "del x"):
        shell.run(source)
    assert names(tmp_path) == [
        {"x": 1, "y": {"type": "list", "length": 1, "items": [1]}},
        {},
        {"y": {"type": "list", "length": 2, "items": [1, 2]}},
        {},
        {},
        {"x": None},
    ]


def test_a_cell_that_runs_cells_is_one_cell(shell: Shell, probe: Probe, tmp_path: Path) -> None:
    shell.user_ns["run"] = shell.user_ns_hidden["run"] = shell.run
    shell.run("run('x = 1')\ny = 2")
    assert names(tmp_path) == [{"x": 1, "y": 2}]


def test_a_value_that_cannot_be_looked_at_does_no_harm(shell: Shell, probe: Probe, tmp_path: Path) -> None:
    shell.run(
        "class Bad:\n    __class__ = property(lambda self: 1 / 0)\n    def __getattr__(self, name): 1 / 0\nb = Bad()"
    )
    assert "b" in names(tmp_path)[0]


def test_the_last_word_names_all_variables_and_imported_modules(shell: Shell, probe: Probe, tmp_path: Path) -> None:
    shell.run("x = 1")
    probe.final()
    last = told(tmp_path)[-1]
    assert last["event"] == "final" and last["names"] == {"x": 1} and "pytest" in last["modules"]
    assert "json" not in last["modules"]


def test_a_journal_that_cannot_be_written_raises_nothing(tmp_path: Path) -> None:
    journal = Journal(str(tmp_path / "journal"))
    journal.write(value=object())
    journal.write(text="\ud800")
    assert told(tmp_path) == [{"text": "\ud800"}]


def test_large_values_are_looked_at_again_only_while_there_is_time(
    shell: Shell, probe: Probe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []

    def slowly(value: Any) -> Any:
        looked.append(value)
        time.sleep(0.06)
        return list(value)

    monkeypatch.setattr("nb_mlops.portable.probe._fingerprint", slowly)
    monkeypatch.setattr("nb_mlops.portable.probe._ALLOWANCE", 0.1)
    for source in ("x = [1]", "y = 2 if False else [2]", "x.append(2)", "x.append(3)"):
        shell.run(source)
    assert len(looked) == 2, "x and y once; then the time was used up"
    assert names(tmp_path)[2] == {"x": {"type": "list", "only": True, "problem": "budget"}}


def test_an_empty_cell_of_which_only_the_end_is_told_upsets_nothing(shell: Shell, probe: Probe, tmp_path: Path) -> None:
    shell.hooks["post_run_cell"](SimpleNamespace(info=None))
    shell.run("x = 1")
    assert names(tmp_path) == [{"x": 1}]

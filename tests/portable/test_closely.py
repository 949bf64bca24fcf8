"""What a package's functions hold on their way tells versions apart that end alike."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from helpers_convert import importable

from nb_mlops.outside.packages import portable_texts, write_tree
from nb_mlops.portable.closely import noted

STAGE = """
from small.lib import total


def compute():
    x = 1
    y = [x]
    x = total([1, 2, 3])
    return x
"""
LIB = """
def total(values):
    found = 0
    for value in values[: len(values) + 0]:
        found += value
    return found
"""
PIPELINE = """
from dataclasses import dataclass
from small.stages import compute

STAGES = (compute,)


@dataclass(frozen=True)
class Config:
    pass


def run(config=None, data_root=None):
    return compute()
"""


def held(root: Path, stage: str = STAGE, lib: str = LIB) -> dict[str, Any]:
    files = {"__init__": "", "stages": stage, "lib": lib, "pipeline": PIPELINE, "report": portable_texts()["sink"]}
    write_tree(root, {f"small/{name}.py": text for name, text in files.items()})
    with importable(root, "small"):
        return noted("small", {"stages": [], "final": []}, root)


def test_the_same_code_holds_the_same(tmp_path: Path) -> None:
    first = held(tmp_path / "a")
    assert first == held(tmp_path / "b")
    assert len(first["held"]["compute: x"]) == 2
    assert first["calls"] == {"lib.py:total": 1}


def test_variables_that_a_module_keeps_are_looked_at_too(tmp_path: Path) -> None:
    kept = "x = None\n" + STAGE.replace("def compute():\n", "def compute():\n    global x\n")
    first = held(tmp_path / "a", kept)
    assert len(first["held"]["compute: x"]) == 3
    assert first != held(tmp_path / "b", kept.replace("x = 1", "x = 2"))


def test_what_is_never_reached_makes_no_difference(tmp_path: Path) -> None:
    longer = LIB.replace("+ 0", "+ 1")
    assert held(tmp_path / "a") == held(tmp_path / "b", lib=longer)


@pytest.mark.parametrize(("before", "after"), [("x = 1", "x = 2"), ("y = [x]", "pass"), ("found = 0", "found = 0.0")])
def test_a_value_that_is_given_up_on_the_way_is_a_difference(before: str, after: str, tmp_path: Path) -> None:
    changed = held(tmp_path / "b", STAGE.replace(before, after), LIB.replace(before, after))
    assert held(tmp_path / "a") != changed

"""What a package consists of, told from its map."""

from __future__ import annotations

from nb_mlops.converter.outline import Function, outline, outline_report

MAP = {
    "stages": [
        {
            "function": "load",
            "file": "src/p/load.py",
            "cells": [{"id": "a", "index": 2, "lines": [9, 10]}, {"id": "b", "index": 3, "lines": [12, 12]}],
        }
    ],
    "definitions": {"helper": "src/p/lib.py"},
}


def test_functions_are_told_with_their_cells_and_first_line() -> None:
    found = outline(MAP, ["src/p/load.py", "nb-mlops.map.json", "README.md"], "p_package")
    assert found.functions == (
        Function("load", "src/p/load.py", 9, (("a", 2), ("b", 3))),
        Function("helper", "src/p/lib.py", 0, ()),
    )
    assert found.files == ("README.md", "src/p/load.py"), "what only the converter reads is left out"
    assert outline_report(found)["functions"][0]["cells"] == [{"id": "a", "index": 2}, {"id": "b", "index": 3}]


def test_a_map_that_somebody_has_broken_tells_of_no_functions() -> None:
    assert outline({"stages": [7], "definitions": []}, ["a.py"], "p").functions == ()
    assert outline({}, [], "").functions == ()

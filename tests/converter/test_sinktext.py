"""A package's report module holds what the package asks of it."""

from __future__ import annotations

import types

from nb_mlops.converter.sinktext import sink_text
from nb_mlops.converter.undefined import undefined_names
from nb_mlops.outside.packages import portable_texts

WHOLE = portable_texts()["sink"]


def loaded(*texts: str, alias: str = "report") -> set[str]:
    made = sink_text(WHOLE, alias, texts)
    assert undefined_names(made, "report.py") == ()
    module = types.ModuleType("made")
    exec(compile(made, "report.py", "exec"), vars(module))
    return {name for name in vars(module) if not name.startswith("__")}


def test_what_nobody_asks_for_is_left_out_and_what_anybody_may_ask_for_stays() -> None:
    names = loaded("x = 1")
    assert {"listening", "display", "metric", "model", "show_figures", "working_in"} <= names
    assert not {"shell", "awaited", "each", "undefined", "captured", "subprocess"} & names


def test_what_is_asked_for_brings_along_what_it_needs() -> None:
    assert {"each", "awaited", "_started", "_asked"} <= loaded("for x in sink.each(f): pass", alias="sink")
    assert {"undefined", "Undefined"} <= loaded("report.undefined.y")
    assert {"captured", "Captured", "io", "redirect_stdout"} <= loaded("with report.captured(): pass")


def test_asked_for_everything_it_is_the_whole_module() -> None:
    every = [f"report.{name}" for name in loaded(*[f"report.{word}" for word in WHOLE.replace("(", " ").split()])]
    assert sink_text(WHOLE, "report", every).split() == WHOLE.split()

"""What is expected of a package, and how it is judged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpers_convert import planned, staged

from nb_mlops.converter import findings, privacy
from nb_mlops.converter.conversion import counts_of
from nb_mlops.converter.judge import failed, judge_package, lean_is_equal
from nb_mlops.converter.truth import chance_at_work, differs_in_everything, truth_of, with_package_shows
from nb_mlops.core.finding import Finding, Severity
from nb_mlops.core.notebook import Output, OutputKind, Position, Span
from nb_mlops.core.run import CellRun, Metric, RunRecord, RunStatus
from nb_mlops.core.value import replace
from nb_mlops.reporters.convert import compared_in_words

BOOK = staged("a = int(1)\ndef f(): return a", "b = [a]\nprint(b)")
PLAN = planned(BOOK)


def record(a: Any = 1, b: Any = 2.0, printed: str = "2.0\n", metric: float = 0.5) -> RunRecord:
    function = {"type": "function", "only": True}
    out = Output(OutputKind.STREAM, text=printed, stream="stdout")
    cells = (CellRun(1, names={"a": a, "f": function}), CellRun(3, (out,), names={"b": b}))
    return RunRecord("R", RunStatus.OK, cells, (Metric("m", metric, cell=3),), names={"a": a, "b": b, "f": function})


def found(a: Any = 1, b: Any = 2.0, printed: str = "2.0\n", metric: float = 0.5, shown: Any = ()) -> Mapping[str, Any]:
    first, second = (f"{s.module}.{s.name}" for s in PLAN.stages)
    return {
        "stages": [
            {"stage": first, "names": {"a": a}, "stdout": "", "shown": [], "metrics": []},
            {"stage": second, "names": {"b": b}, "stdout": printed, "shown": list(shown), "metrics": [["m", metric]]},
        ],
        "final": {"a": a, "b": b},
    }


def truth(*records: RunRecord, **options: Any) -> Any:
    return truth_of(PLAN, records, 1e-6, options.pop("limit", 10_000), **options)


def test_equal_values_are_proven() -> None:
    outcome = judge_package(truth(record(), record()), found(b=2.0 + 1e-9), 1e-6)
    assert outcome.proven
    assert (outcome.equal, outcome.compared, outcome.nondeterministic, outcome.type_only) == (2, 2, 0, 1)


def test_what_differs_between_runs_of_the_notebook_is_held_to_its_type_only() -> None:
    loose = truth(record(), record(b=3.0))
    assert judge_package(loose, found(b=99.0), 1e-6).proven
    assert not judge_package(loose, found(b="text"), 1e-6).proven
    assert judge_package(loose, found(), 1e-6).nondeterministic == 1
    assert [f.rule for f in findings.untested(BOOK, loose)] == ["value-not-tested"]


def test_values_that_a_stage_gives_up_again_are_expected_in_their_order() -> None:
    book = staged("x = int(1)", "y = 0")
    plan = planned(book)
    (first, *_) = plan.stages
    wide = replace(plan, stages=(replace(first, cells=(*first.cells, *plan.stages[1].cells)),))
    long = {"type": "numpy.ndarray", "sha256": "0"}

    def ran(*values: Any) -> RunRecord:
        cells = tuple(CellRun(i, names={"x": value}) for i, value in zip((1, 3), values, strict=True))
        return RunRecord("R", RunStatus.OK, cells, names={"x": values[-1]})

    def earlier(*records: RunRecord, **options: Any) -> Any:
        return truth_of(wide, records, 1e-6, 10_000, **options).stages[0]["earlier"]

    assert earlier(ran(1, 2), ran(1, 2)) == {"x": [1]}
    assert earlier(ran(2, 2), ran(2, 2)) == {}
    assert earlier(ran(1, 2), ran(3, 2)) == {}
    assert earlier(ran(long, 2), ran(long, 2)) == {}
    assert earlier(ran("secret", 2), ran("secret", 2), private=lambda value: value == "secret") == {}


def test_another_value_a_missing_name_a_missing_stage_and_another_metric_are_problems() -> None:
    strict = truth(record(), record())
    broken = [
        found(b=2.1),
        found(metric=0.6),
        {**found(), "final": {"a": 1}},
        {**found(), "stages": found()["stages"][:1]},
    ]
    for one in broken:
        assert not judge_package(strict, one, 1e-6).proven
    said = findings.differences(BOOK, PLAN, judge_package(strict, found(b=2.1), 1e-6))
    assert {f.severity for f in said} == {Severity.ERROR}
    assert [f.cell.index for f in said if f.cell] == [3]


def shown_run(*values: Any) -> RunRecord:
    cells = (CellRun(1), CellRun(3, shown=values))
    return RunRecord("R", RunStatus.OK, cells)


def shown_found(*values: Any) -> Mapping[str, Any]:
    entries = [{"kind": "display", "value": value} for value in values]
    stages = [{**stage, "names": {}, "stdout": "", "metrics": []} for stage in found(shown=entries)["stages"]]
    return {"stages": stages, "final": {}}


def test_a_notebook_that_leaves_nothing_to_compare_proves_nothing() -> None:
    outcome = judge_package(truth(shown_run(), shown_run()), shown_found(), 1e-6)
    assert (outcome.proven, outcome.contradicted, outcome.score) == (False, False, 0)
    words = compared_in_words(counts_of(outcome))
    assert words.startswith("Nothing to compare")


def test_a_notebook_of_chance_is_told_from_one_that_leaves_nothing() -> None:
    still, other = shown_run(), shown_run(0.93)
    assert not differs_in_everything(truth(still, still), still)
    assert not differs_in_everything(truth(other, other), other)
    assert differs_in_everything(truth(other, shown_run(0.5)), other)
    said = [findings.nothing_compared(BOOK, by_chance).message for by_chance in (False, True)]
    assert "leaves no value" in said[0]
    assert "Seed" in said[1]


def test_a_shown_result_is_a_value_even_where_no_variable_keeps_it() -> None:
    strict = truth(shown_run(0.93), shown_run(0.93))
    assert judge_package(strict, shown_found(0.93), 1e-6).proven
    wrong = judge_package(strict, shown_found(0.95), 1e-6)
    assert (wrong.contradicted, wrong.proven) == (True, False)
    assert "0.93 vs 0.95" in wrong.problems[0].words


def test_what_an_effect_returns_is_not_expected_to_be_shown() -> None:
    plan = planned(staged("import matplotlib.pyplot as plt\ndisplay(7)\nplt.plot([1])\nplt.ylim(0, 2)", "y = 1"))
    figure = {"type": "matplotlib.figure.Figure", "title": "", "items": []}
    limits = {"type": "tuple", "length": 2, "items": [0.0, 2.0]}

    def shown(*outputs: Output, values: tuple[Any, ...]) -> Any:
        cells = (CellRun(1, outputs, shown=values), CellRun(3))
        return truth_of(plan, (RunRecord("R", RunStatus.OK, cells),), 1e-6, 10_000).shown[0]

    result = Output(OutputKind.EXECUTE_RESULT, data={"text/plain": "(0.0, 2.0)"})
    assert shown(result, values=(7, limits, figure)).results == (7,)
    assert shown(result, values=(7, limits, figure)).figures == (figure,)
    assert shown(values=(7, figure)).results == (7,)


def test_what_was_compared_is_counted_by_kind() -> None:
    outcome = judge_package(truth(record(), record()), found(), 1e-6)
    assert {one.what: (one.equal, one.compared) for one in outcome.beside} == {
        "values on the way": (2, 2),
        "printed texts": (1, 1),
        "metrics": (1, 1),
    }
    said = compared_in_words(counts_of(outcome))
    assert "2 of 2 final values are the notebook's, and so are 2 values on the way, 1 printed text and 1 metric" in said


def test_a_package_that_stops_equals_in_nothing() -> None:
    outcome = failed(truth(record()), "the pipeline stops: KeyError: 'x'")
    assert (outcome.equal, outcome.compared, outcome.proven) == (0, 2, False)


def test_printed_text_is_a_warning_and_is_then_no_longer_expected() -> None:
    strict = truth(record(), record())
    outcome = judge_package(strict, found(printed="two\n"), 1e-6)
    assert outcome.proven
    assert [f.severity for f in findings.differences(BOOK, PLAN, outcome)] == [Severity.WARNING]
    kept = with_package_shows(strict, [found(printed="two\n")], outcome, 1e-6)
    assert [stage["stdout"] for stage in kept.stages] == ["", None]


def test_text_that_differs_between_runs_is_not_expected() -> None:
    assert truth(record(), record(printed="at 0x12\n")).stages[1]["stdout"] is None


def test_what_the_package_shows_is_expected_where_its_runs_agree() -> None:
    strict = truth(record(), record())
    outcome = judge_package(strict, found(), 1e-6)
    same = with_package_shows(strict, [found(shown=[1]), found(shown=[1])], outcome, 1e-6)
    other = with_package_shows(strict, [found(shown=[1]), found(shown=[2])], outcome, 1e-6)
    assert (same.stages[1]["shown"], other.stages[1]["shown"]) == ([1], None)


def test_large_values_are_held_to_their_type() -> None:
    big = truth(record(b="x" * 300), limit=100)
    assert big.final["b"] == {"type": "str", "only": True}
    assert big.too_large == {"b"}


def test_private_values_and_prints_are_not_written_down() -> None:
    runs = record(b="private words", printed="private words, printed\n")
    texts = privacy.texts_of(runs)
    place = Span(
        next(i for i, t in enumerate(texts) if "printed" in t), "outputs/0/text", Position(1, 0), Position(1, 1)
    )
    other = Span(texts.index("private words"), "outputs/0/text", Position(1, 0), Position(1, 1))
    hits = [Finding("PI001", "email-in-output", Severity.WARNING, "", "x", span=span) for span in (place, other)]
    kept = truth(runs, private=privacy.is_private(texts, hits))
    assert kept.private == {"b"}
    assert "private" not in str([kept.final, kept.stages])


def test_values_are_shown_to_the_rules_as_outputs() -> None:
    book = privacy.as_notebook(("one", "two"), "n.ipynb")
    assert [cell.outputs[0].text for cell in book.cells] == ["one", "two"]
    nested = {"type": "dict", "pairs": [["key", {"items": ["deep", 3]}]], "sha256": "digest"}
    assert privacy.as_text(nested) == "key\ndeep"


def test_a_run_without_exploration_is_equal_by_what_it_hands_on() -> None:
    strict = truth(record(), record())
    assert lean_is_equal(strict, {"final": {"a": 1}}, frozenset({"a"}), 1e-6)
    assert not lean_is_equal(strict, {"final": {"a": 2}}, frozenset({"a"}), 1e-6)
    assert not lean_is_equal(strict, {"final": {}}, frozenset({"b"}), 1e-6)
    assert not lean_is_equal(strict, {"final": {"a": 1}}, frozenset(), 1e-6)


def test_chance_is_at_work_where_a_value_differs_between_runs() -> None:
    assert not chance_at_work((), 1e-6)
    assert not chance_at_work((record(), record(), record(b=2.0 + 1e-9)), 1e-6)
    assert chance_at_work((record(), record(), record(b=2.5)), 1e-6)

from __future__ import annotations

from typing import Any

import pytest
from helpers_run import displayed, notebook, printed, record

from nb_mlops.checker.circumstances import settled
from nb_mlops.checker.tables import table_facts, tables_json
from nb_mlops.checker.verdict import Judgement, Verdict, judge
from nb_mlops.compare.tolerances import Tolerances
from nb_mlops.core.notebook import ErrorValue, Output, OutputKind
from nb_mlops.core.run import CellRun, Environment, FileRead, Metric, ModelRecord, RunError, RunRecord, RunStatus
from nb_mlops.core.value import replace

NOTEBOOK = notebook("import numpy as np", "x = np.random.rand(3)", "y = x * 2", "print(y)", "print('same')")
SEED = {"PYTHONHASHSEED": "1"}
SHOWN = ((), (), (), (printed("1.0"),), (printed("same"),))


def judged(*records: RunRecord, **options: Any) -> Judgement:
    return judge(NOTEBOOK, records, Tolerances(), **options)


def codes(judgement: Judgement) -> list[str]:
    return [finding.code for finding in judgement.findings]


def test_runs_that_agree_are_reproducible() -> None:
    judgement = judged(record("R0", *SHOWN), record("R1", *SHOWN), record("R2", *SHOWN, factors=SEED))
    assert judgement.verdict is Verdict.REPRODUCIBLE and not judgement.findings


def test_one_run_alone_proves_nothing() -> None:
    judgement = judged(record("R0", *SHOWN))
    assert judgement.verdict is Verdict.NOT_REPRODUCIBLE and codes(judgement) == ["CK008"]


def with_names(label: str, value: float, **changes: Any) -> RunRecord:
    """A run in which `x` of cell 1 and `y` of cell 2 came out as this value, and were printed in cell 3."""
    cells = (
        CellRun(0),
        CellRun(1, names={"x": value}),
        CellRun(2, names={"y": 2 * value}),
        CellRun(3, (printed(str(2 * value)),)),
        CellRun(4, (printed("same"),)),
    )
    return record(label, cells=cells, **changes)


def test_the_first_cell_that_differs_is_named_with_the_cell_that_caused_it() -> None:
    judgement = judged(with_names("R0", 1.0), with_names("R1", 1.5), with_names("R2", 1.7, factors=SEED))
    assert judgement.verdict is Verdict.NOT_REPRODUCIBLE
    (finding,) = judgement.findings
    assert finding.code == "CK002" and finding.cell is not None and finding.cell.index == 3
    assert "`x`" in finding.message and "random numbers" in finding.message and "2.0 became 3.0" in finding.message
    assert [(r.cell.index, r.message) for r in finding.related if r.cell] == [(1, "`x` comes out differently here")]


def test_a_variable_that_differs_and_is_never_shown_does_not_count() -> None:
    one, other = with_names("R0", 1.0), with_names("R1", 1.5)
    quiet = tuple(replace(cell, outputs=()) for cell in one.cells)
    judgement = judged(
        replace(one, cells=quiet), replace(other, cells=tuple(replace(c, outputs=()) for c in other.cells))
    )
    assert judgement.verdict is Verdict.REPRODUCIBLE


def test_when_only_another_hash_seed_differs_the_order_of_sets_is_blamed() -> None:
    judgement = judged(with_names("R0", 1.0), with_names("R1", 1.0), with_names("R2", 1.5, factors=SEED))
    (finding,) = judgement.findings
    assert finding.code == "CK005" and "PYTHONHASHSEED" in finding.message and "sorted(" in finding.message


def test_a_metric_that_differs_is_named_with_its_values() -> None:
    runs = [record(label, *SHOWN, metrics=(Metric("f1", v, True, 3),)) for label, v in (("R0", 0.8), ("R1", 0.7))]
    judgement = judged(*runs)
    assert codes(judgement) == ["CK003"] and "`f1`" in judgement.findings[0].message
    assert judgement.metrics[0].by_run == {"R0": 0.8, "R1": 0.7}


def test_a_metric_within_the_tolerance_is_the_same() -> None:
    runs = [record(label, *SHOWN, metrics=(Metric("f1", v),)) for label, v in (("R0", 0.8), ("R1", 0.8 + 1e-13))]
    assert judged(*runs).verdict is Verdict.REPRODUCIBLE


def test_a_model_that_differs_is_found_though_nothing_is_shown() -> None:
    models = [ModelRecord("Ridge", {"coef_": [v]}, "/m") for v in (1.0, 1.1)]
    judgement = judged(*(record(f"R{i}", *SHOWN, model=model) for i, model in enumerate(models)))
    assert codes(judgement) == ["CK004"]


def test_a_declared_model_that_was_not_saved_is_an_error() -> None:
    model = ModelRecord("Ridge", {})
    assert codes(judged(*(record(f"R{i}", *SHOWN, model=model) for i in range(2)))) == ["CK013"]


ERROR = RunError("ValueError", "bad row for anna.b@mill-and-sons.de", 2)


def test_a_failing_notebook_is_failed_and_its_cell_named() -> None:
    judgement = judged(record(status=RunStatus.CELL_FAILED, error=ERROR))
    assert judgement.verdict is Verdict.FAILED
    (finding,) = judgement.findings
    assert finding.code == "CK001" and finding.cell is not None and finding.cell.index == 2
    assert "`ValueError`" in finding.message and "bad row" in finding.message and "anna" not in finding.message


def test_a_repeat_that_fails_makes_it_not_reproducible() -> None:
    judgement = judged(record("R0", *SHOWN), record("R1", status=RunStatus.CELL_FAILED, error=ERROR))
    assert judgement.verdict is Verdict.NOT_REPRODUCIBLE and codes(judgement) == ["CK009"]


def read(path: str, digest: str = "a") -> tuple[FileRead, ...]:
    return (FileRead(path, digest * 64, 1),)


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ({"files_written": ("cache.pkl",)}, {"files_read": read("cache.pkl")}, "CK006"),
        ({"files_read": read("t.csv"), "files_written": ("t.csv",)}, {}, "CK006"),
        ({"files_read": read("t.csv", "a")}, {"files_read": read("t.csv", "b")}, "CK010"),
        ({"files_read": read("~/.config/key.pem")}, {}, "CK007"),
    ],
)
def test_what_runs_do_to_the_files_around_them_can_spoil_the_proof(
    first: dict[str, Any], second: dict[str, Any], code: str
) -> None:
    runs = (record("R0", *SHOWN, **first), record("R1", *SHOWN, **second))
    judgement = judged(*runs, key_path="~/.config/key.pem")
    assert codes(judgement) == [code] and judgement.verdict is Verdict.NOT_REPRODUCIBLE


def test_making_a_file_and_reading_it_back_is_fine() -> None:
    runs = [record(f"R{i}", *SHOWN, files_written=("out.csv",)) for i in range(3)]
    assert judged(*runs).verdict is Verdict.REPRODUCIBLE


def test_the_network_is_told_and_does_not_decide() -> None:
    judgement = judged(*(record(f"R{i}", *SHOWN, network=("example.org:443",)) for i in range(2)))
    assert codes(judgement) == ["CK011"] and judgement.verdict is Verdict.REPRODUCIBLE


def test_a_kernel_that_nobody_watched_leaves_no_proof() -> None:
    runs = [record(f"R{i}", *SHOWN, environment=Environment()) for i in range(3)]
    assert codes(judged(*runs)) == ["CK014"]


def raising(name: str, value: str) -> Output:
    return Output(OutputKind.ERROR, error=ErrorValue(name, value, ("Traceback",)))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ((printed("a", "stderr"),), (), True),
        ((printed("a"), printed("x", "stderr"), printed("b")), (printed("ab"),), True),
        ((printed("a"),), (), False),
        ((displayed(text_plain="1"),), (displayed(text_plain="1"), displayed(text_plain="1")), False),
        ((raising("KeyError", "'a'"),), (raising("KeyError", "'a'"),), True),
        ((raising("KeyError", "'a'"),), (raising("TypeError", "'a'"),), False),
        ((raising("KeyError", "'a'"),), (displayed(text_plain="1"),), False),
    ],
)
def test_what_a_cell_showed_is_compared_but_not_its_stderr(
    one: tuple[Output, ...], other: tuple[Output, ...], same: bool
) -> None:
    judgement = judged(record("R0", one), record("R1", other))
    assert (judgement.verdict is Verdict.REPRODUCIBLE) is same
    assert (judged(record("R0", other), record("R1", one)).verdict is Verdict.REPRODUCIBLE) is same


def test_what_was_forgiven_is_told() -> None:
    runs = [record(f"R{i}", (printed(f"<a at 0x7f0000000{i}00>"),)) for i in range(2)]
    assert judged(*runs).forgiven == ("memory address",)


def test_where_data_are_declared_what_is_not_declared_must_not_be_read() -> None:
    read = (FileRead("data/a.csv", "0" * 64, 1), FileRead("helper.py", "0" * 64, 1), FileRead("b.csv", "0" * 64, 1))
    runs = [record(f"R{i}", *SHOWN, files_read=read) for i in range(3)]
    assert judged(*runs, declared=("data/", "*.csv")).verdict is Verdict.REPRODUCIBLE
    (finding,) = judged(*runs, declared=("data/",)).findings
    assert finding.code == "CK022" and "`b.csv`" in finding.message and "helper" not in finding.message


def test_the_factor_that_alone_makes_runs_part_is_named() -> None:
    both = {**SEED, "TZ": "Asia/Kathmandu"}
    judgement = judged(
        with_names("R0", 1.0),
        with_names("R1", 1.0),
        with_names("R2", 1.5, factors=both),
        with_names("R3", 1.0, factors=SEED),
        with_names("R4", 1.5, factors={"TZ": "Asia/Kathmandu"}),
    )
    (finding,) = judgement.findings
    assert finding.code == "CK018" and "time zone" in finding.message and judgement.culprit == ("TZ",)


def test_a_run_with_other_seeds_is_told_and_does_not_decide() -> None:
    runs = [record(f"R{i}", *SHOWN, metrics=(Metric("f1", 0.8),)) for i in range(2)]
    other = record("R2", *SHOWN, metrics=(Metric("f1", 0.7),), factors={"seeds": "other"})
    judgement = judged(*runs, other)
    assert judgement.verdict is Verdict.REPRODUCIBLE and codes(judgement) == ["CK016"]
    assert "0.8 became 0.7" in judgement.findings[0].message


def test_a_table_that_contradicts_itself_is_told_and_labels_that_look_personal_are_not_kept() -> None:
    mail = "anna.b" + "@" + "mill-and-sons.de"
    columns = [{"name": "owner", "labels": {mail: 30}}, {"name": "y", "labels": {"0": 28, "1": 2}, "smallest": 2}]
    table = {"rows": 30, "columns": columns, "target": "y", "contradicting": 4}
    base = record("R0", *SHOWN, tables={"d": table})
    (finding,) = judged(base, record("R1", *SHOWN)).findings
    assert finding.code == "CK025" and "4 rows" in finding.message and "has 2 rows" in finding.message
    assert tables_json(base)["d"]["columns"][0]["labels"] == {"label 0": 30}


def test_what_only_the_watch_saw_and_not_in_every_run_somebody_else_opened() -> None:
    files = (*read("a.csv"), *read("theirs.csv"), *read("x.parquet"))
    seen = {"a.csv": "both", "theirs.csv": "system", "x.parquet": "system"}
    base = record("R0", *SHOWN, files_read=files, seen_by=seen, files_written=("theirs.log",))
    base = replace(base, seen_by={**seen, "theirs.log": "system"})
    other = record("R1", *SHOWN, files_read=(files[0], files[2]), seen_by={"a.csv": "python", "x.parquet": "system"})
    first, second = settled((base, other))
    assert [file.path for file in first.files_read] == ["a.csv", "x.parquet"] and first.files_written == ()
    assert second == other and settled((base,)) == (base,)


def test_evidence_has_of_each_table_what_a_gate_may_ask_for() -> None:
    columns = [
        {"name": "at", "dtype": "datetime64[ns]", "missing": 2, "max": "2026-03-01 10:00:00"},
        {"name": "churn", "dtype": "int64", "missing": 1, "labels": {"0": 90, "1": 7}, "smallest": 7},
    ]
    table = {"rows": 100, "columns": columns, "more_columns": 3, "sampled": False}
    table |= {"duplicates": 4, "target": "churn", "contradicting": 2}
    (facts,) = table_facts(record("R0", *SHOWN, tables={"frame": table}))
    assert (facts.name, facts.rows, facts.columns, facts.target, facts.smallest) == ("frame", 100, 5, "churn", 7)
    assert (facts.duplicates, facts.contradicting, facts.missing) == (4, 2, 3)
    assert facts.newest == "2026-03-01T10:00:00"


def test_a_profile_that_was_made_up_in_the_kernel_is_left_out() -> None:
    broken = {"columns": [{"name": "a"}], "rows": "many", "target": 3}
    assert table_facts(record("R0", *SHOWN, tables={"x": broken, "y": {}})) == ()


def test_draws_that_no_output_shows_are_told_without_counting() -> None:
    drawn = notebook("import numpy as np", "x = np.random.rand(3)", "print('same')")

    def run(label: str, value: float, **changes: Any) -> RunRecord:
        cells = (CellRun(0), CellRun(1, names={"x": value}), CellRun(2, (printed("same"),)))
        return record(label, cells=cells, **changes)

    records = (run("R0", 1.0), run("R1", 2.0), run("R2", 3.0, factors=SEED))
    judgement = judge(drawn, records, Tolerances())
    assert judgement.verdict is Verdict.REPRODUCIBLE
    (finding,) = judgement.findings
    assert (finding.code, finding.severity.value) == ("CK027", "warning") and "`x`" in finding.message


@pytest.mark.parametrize(("source", "decides"), [("draw(x)", True), ("draw(1)", False)])
def test_draws_that_a_figure_filled_in_by_the_browser_is_made_of_count(source: str, decides: bool) -> None:
    drawn = notebook("import numpy as np", "x = np.random.rand(3)", source)
    frame = displayed(application_javascript="IPython.notebook.kernel.comm_manager.new_comm('matplotlib')")

    def run(label: str, value: float, **changes: Any) -> RunRecord:
        cells = (CellRun(0), CellRun(1, names={"x": value}), CellRun(2, (frame,)))
        return record(label, cells=cells, **changes)

    judgement = judge(drawn, (run("R0", 1.0), run("R1", 2.0), run("R2", 3.0, factors=SEED)), Tolerances())
    assert judgement.verdict is (Verdict.NOT_REPRODUCIBLE if decides else Verdict.REPRODUCIBLE)
    assert [finding.code for finding in judgement.findings] == ["CK028" if decides else "CK027"]


def test_what_the_linter_says_of_running_elsewhere_is_told_and_does_not_decide() -> None:
    from nb_mlops.core.finding import Finding, Severity

    grave = Finding("RE099", "far-away", Severity.ERROR, "Far.", "train.ipynb", fingerprint="0" * 16)
    other = replace(grave, code="SE001")
    judgement = judged(record("R0", *SHOWN), record("R1", *SHOWN), record("R2", *SHOWN), read=(grave, other))
    assert judgement.verdict is Verdict.REPRODUCIBLE
    assert [(f.code, f.severity) for f in judgement.findings] == [("RE099", Severity.WARNING)]

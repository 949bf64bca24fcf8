from __future__ import annotations

import pytest
from helpers_run import printed, record

from nb_mlops.checker.factors import HASH_SEED, Factor, Kind
from nb_mlops.checker.plan import Plan, at_once, factors, next_runs, requests
from nb_mlops.core.run import RunRecord, RunRequest, RunStatus
from nb_mlops.core.value import replace

BASE = RunRequest("R0", "/p/a.ipynb", "/p", model_dir="/m", executed="/e")


def labels(plan: Plan, *records: RunRecord) -> list[str]:
    return [request.label for request in next_runs(plan, records)]


def test_the_base_run_comes_alone_and_only_it_saves_the_model() -> None:
    plan = Plan(BASE, 3)
    (first,) = next_runs(plan, ())
    assert first.label == "R0" and first.model_dir == "/m"
    assert [request.model_dir for request in next_runs(plan, (record(),))] == ["", ""]


def test_three_runs_are_base_repeat_and_another_hash_seed() -> None:
    plan = Plan(BASE, 3)
    assert [factors(plan, request) for request in requests(plan)] == [{}, {}, {"PYTHONHASHSEED": "1"}]


@pytest.mark.parametrize("repeat", range(1, 6))
def test_as_many_runs_are_made_as_were_asked_for(repeat: int) -> None:
    plan, made = Plan(BASE, repeat), tuple[RunRecord, ...]()
    while asked := next_runs(plan, made):
        made += tuple(record(request.label) for request in asked)
    assert [r.label for r in made] == [f"R{i}" for i in range(repeat)]


def test_a_base_run_that_failed_is_not_repeated() -> None:
    assert labels(Plan(BASE, 3), replace(record(), status=RunStatus.CELL_FAILED)) == []


def test_when_the_second_of_two_runs_differs_a_plain_repeat_tells_why() -> None:
    plan = Plan(BASE, 2)
    one, other = record("R0", (printed("1"),)), record("R1", (printed("2"),))
    (third,) = next_runs(plan, (one, other))
    assert third.label == "R2" and factors(plan, third) == {}
    assert labels(plan, one, other, record("R2", (printed("1"),))) == []


def test_runs_that_write_files_do_not_go_at_the_same_time() -> None:
    assert at_once((record(),), 8) == 4
    assert at_once((record(),), 2) == 2
    assert at_once((record(peak_mb=9000.0),), 8, 32_000.0) == 2, "as many as memory holds"
    assert at_once((record(),), 1) == 1
    assert at_once((record(files_written=("out.csv",)),), 8) == 1


ZONE = Factor(Kind.TIME_ZONE, "Asia/Kathmandu", {"TZ": "Asia/Kathmandu"})
BOTH = {"PYTHONHASHSEED": "1", "TZ": "Asia/Kathmandu"}


def test_when_only_the_perturbed_run_parts_each_factor_is_tried_alone() -> None:
    plan = Plan(BASE, 3, perturb=(HASH_SEED, ZONE))
    runs = [record(label, (printed("1"),)) for label in ("R0", "R1")]
    other = record("R2", (printed("2"),), factors=BOTH)
    asked = next_runs(plan, (*runs, other))
    assert [(r.label, dict(factors(plan, r))) for r in asked] == [
        ("R3", {"PYTHONHASHSEED": "1"}),
        ("R4", {"TZ": "Asia/Kathmandu"}),
    ]
    alone = [record(r.label, (printed("1"),), factors=factors(plan, r)) for r in asked]
    assert next_runs(plan, (*runs, other, *alone)) == ()


def test_when_plain_repeats_part_no_factor_is_tried() -> None:
    plan = Plan(BASE, 3, perturb=(HASH_SEED, ZONE))
    one, two = record("R0", (printed("1"),)), record("R1", (printed("2"),))
    assert labels(plan, one, two, record("R2", (printed("3"),), factors=BOTH)) == []


def test_a_factor_may_be_another_folder_or_another_notebook_and_seeds_do_not_decide() -> None:
    copy, seeds = Factor(Kind.FOLDER, "copy", workdir="/c"), Factor(Kind.SEEDS, "other", notebook="/s.ipynb")
    plan = Plan(BASE, 2, perturb=(HASH_SEED, ZONE), alone=(copy, seeds))
    asked = requests(plan)
    assert [dict(factors(plan, r)) for r in asked] == [{}, BOTH, {"folder": "copy"}, {"seeds": "other"}]
    assert (asked[2].workdir, asked[3].notebook, asked[3].workdir) == ("/c", "/s.ipynb", "/p")
    same = [record(f"R{i}", (printed("1"),), factors=factors(plan, r)) for i, r in enumerate(asked[:3])]
    assert next_runs(plan, (*same, record("R3", (printed("2"),), factors={"seeds": "other"}))) == ()


def test_a_plan_may_let_runs_begin_with_the_first_one() -> None:
    plan = Plan(BASE, 4, together=2)
    assert [request.label for request in next_runs(plan, ())] == ["R0", "R1"]
    assert [request.label for request in next_runs(plan, (record("R0"), record("R1")))] == ["R2", "R3"]

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from helpers_evidence import NOW, check_predicate
from helpers_gate import SHIPPED, checked, codes, dossier, judge

from nb_mlops.core.settings import PRESETS, Policy, Waiver
from nb_mlops.core.value import replace
from nb_mlops.gatekeeper.proof import Status

GIVEN = Waiver("data", "churn", ("GA041",), "Grace", "file server down", (NOW + timedelta(days=7)).date())


def waiving(*waivers: Waiver, **changes: Any) -> Policy:
    return Policy(waivers=waivers or (replace(GIVEN, **changes),))


def test_a_waiver_lets_its_refusal_pass_and_the_verdict_says_so() -> None:
    verdict = judge(dossier(data={}), waiving())
    assert verdict.passed
    (used,) = verdict.waivers
    assert used.waiver == GIVEN and [finding.code for finding in used.findings] == ["GA041"]
    assert {p.name: p.status for p in verdict.proofs}["data"] is Status.WAIVED


def test_a_waiver_that_nothing_needs_is_not_reported_as_used() -> None:
    verdict = judge(dossier(), waiving())
    assert verdict.passed and not verdict.waivers


def test_a_waiver_covers_no_other_refusal_no_other_proof_and_no_other_model() -> None:
    assert codes(judge(dossier(data={"data/train.csv": "9" * 64}), waiving())) == ["GA042"]
    assert codes(judge(dossier(data={}), waiving(model="fraud"))) == ["GA041"]
    short = dossier(checked(runs=check_predicate().runs[1:]), data={})
    assert "GA032" in codes(judge(short, waiving()))


def test_it_holds_on_its_last_day_and_then_is_named_in_the_refusal() -> None:
    assert judge(dossier(data={}), waiving(until=NOW.date())).passed
    (finding,) = judge(dossier(data={}), waiving(until=NOW.date() - timedelta(days=1))).findings
    assert "The waiver that Grace gave for this ended on 2026-02-28." in finding.message
    assert finding.data["problem"] in finding.message


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"proof": "dta"}, "there is no such proof"),
        ({"proof": "signature"}, "there is no such proof"),
        ({"codes": ()}, "names no refusal"),
        ({"codes": ("GA010",)}, "knows no refusal `GA010`"),
        ({"codes": ("GA041", "GA011")}, "knows no refusal `GA011`"),
        ({"approver": " "}, "lacks an approver"),
        ({"reason": ""}, "lacks an approver or a reason"),
        ({"until": date(2028, 1, 1)}, "more than a year away"),
    ],
)
def test_a_waiver_that_cannot_be_used_shuts_the_gate_even_where_nothing_needs_it(
    changes: dict[str, Any], words: str
) -> None:
    (finding,) = judge(dossier(), waiving(**changes)).findings
    assert finding.code == "GA013" and words in finding.message


def test_the_policy_says_what_may_be_waived_and_who_may() -> None:
    (finding,) = judge(dossier(), replace(waiving(), waivable=("lint",))).findings
    assert "does not let this proof be waived" in finding.message
    strict = replace(waiving(), four_eyes=True)
    assert codes(judge(dossier(), strict)) == ["GA013"]
    assert judge(dossier(data={}, approvers=frozenset({"Grace"})), strict).passed


def test_a_proof_that_is_broken_is_never_waived() -> None:
    without = {name: proof for name, proof in SHIPPED.items() if name != "data"}
    assert "GA010" in codes(judge(dossier(data={}), waiving(), without))


def test_a_preset_is_a_whole_policy_of_proofs_that_are_installed() -> None:
    for name, preset in PRESETS.items():
        assert preset.preset == name and set(preset.require) | set(preset.waivable) <= set(SHIPPED)
        assert set(PRESETS["solo"].require) <= set(preset.require)
        assert preset.max_age_days <= Policy().max_age_days and preset.min_runs >= Policy().min_runs

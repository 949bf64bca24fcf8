from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from helpers_evidence import DATA, FILES, NOTEBOOK, NOW, check_predicate, lint_predicate
from helpers_gate import LINT, NAMED, POLICY, SHIPPED, checked, codes, dossier, judge, paper

from nb_mlops.core.finding import Severity
from nb_mlops.core.settings import Policy
from nb_mlops.core.value import replace
from nb_mlops.evidence.digest import notebook_digest
from nb_mlops.evidence.kind import NotebookRef
from nb_mlops.evidence.predicates.check import CheckPredicate
from nb_mlops.evidence.predicates.lint import LintPredicate
from nb_mlops.evidence.statement import Statement
from nb_mlops.gatekeeper.decide import Proofs, decide
from nb_mlops.gatekeeper.dossier import Dossier, Paper, Seal
from nb_mlops.gatekeeper.proof import Case, Judgement, Proof, Refusal, Status


def test_what_is_proven_passes_and_each_proof_says_what_it_looked_at() -> None:
    verdict = judge(dossier())
    assert verdict.passed and not verdict.findings
    assert [p.name for p in verdict.proofs] == [
        *("evidence", "signature", "notebook", "model", "name", "age"),
        *("lint", "reproducible", "data"),
    ]
    assert all(p.status is Status.OK and p.looked_at for p in verdict.proofs)
    assert all(p.question.endswith("?") for p in verdict.proofs[6:])


REFUSED: list[tuple[str, str, Dossier]] = [
    ("GA001", "never checked, or its evidence was removed", dossier(LINT)),
    ("GA002", "was edited after it was signed", dossier(paper(check_predicate(), seal=Seal.BROKEN), LINT)),
    ("GA002", "was edited after it was signed", dossier(checked(), replace(LINT, seal=Seal.BROKEN))),
    (
        "GA003",
        "signed by key 555555555555, which is not trusted",
        dossier(replace(checked(), seal=Seal.STRANGER), LINT),
    ),
    ("GA004", "is not understood", dossier(replace(checked(), payload=b"{}"), LINT)),
    ("GA004", "is not understood", dossier(checked(), replace(checked(), kind="lint"))),
    ("GA005", "was edited after it was checked", dossier(notebook_digest="7" * 64)),
    ("GA005", "is about `train.ipynb`, not about `moved.ipynb`", dossier(notebook="moved.ipynb")),
    ("GA006", "declared no model", dossier(checked(model=None), LINT)),
    (
        "GA006",
        "cannot be used: The model folder is empty",
        dossier(model={}, model_problem="The model folder is empty."),
    ),
    ("GA007", "edited: `model.skops`", dossier(model={**FILES, "model.skops": "8" * 64})),
    ("GA007", "added: `extra.py`", dossier(model={**FILES, "extra.py": "8" * 64})),
    ("GA007", "added: `\\x1b[31m.py`", dossier(model={**FILES, "\x1b[31m.py": "8" * 64})),
    ("GA007", "removed: `model.skops`", dossier(model={"MLmodel": FILES["MLmodel"]})),
    ("GA008", "calls its model `fraud`", dossier(checked(model=NAMED), LINT)),
    ("GA009", "expired: it is 31 days old", dossier(now=NOW + timedelta(days=31))),
    ("GA009", "dated in the future", dossier(now=NOW - timedelta(hours=1))),
    ("GA021", "no lint evidence", dossier(checked())),
    ("GA031", "did not give the same answer", dossier(checked(verdict="not-reproducible"), LINT)),
    ("GA032", "too few", dossier(checked(runs=check_predicate().runs[1:]), LINT)),
    ("GA041", "`data/train.csv`", dossier(data={})),
    ("GA042", "`data/train.csv` changed", dossier(data={DATA.path: "9" * 64})),
]


@pytest.mark.parametrize(("code", "words", "given"), REFUSED, ids=[f"{c}-{w[:24]}" for c, w, _ in REFUSED])
def test_each_fault_alone_is_refused_with_its_own_code_and_words(code: str, words: str, given: Dossier) -> None:
    verdict = judge(given)
    assert not verdict.passed
    assert set(codes(verdict)) == {code}
    (finding, *_) = verdict.findings
    assert words in finding.message and finding.severity is Severity.ERROR and finding.path == given.notebook
    assert finding.data["remedy"] and finding.fingerprint


def test_a_clock_that_is_a_little_behind_is_forgiven() -> None:
    assert judge(dossier(now=NOW - timedelta(minutes=4))).passed


def test_old_lint_evidence_expires_too() -> None:
    old = replace(lint_predicate(), issued="2026-01-01T00:00:00Z")
    assert codes(judge(dossier(checked(), paper(old)))) == ["GA009"]


def test_an_unnamed_model_may_take_any_name_and_a_named_one_its_own() -> None:
    assert judge(dossier(name="anything")).passed
    assert judge(dossier(checked(model=NAMED), LINT, name="fraud")).passed


def test_papers_whose_seal_is_broken_are_read_by_nobody() -> None:
    broken = replace(checked(), seal=Seal.BROKEN)
    verdict = judge(dossier(broken, LINT))
    assert verdict.dossier.papers.check is None
    assert {p.status for p in verdict.proofs[2:]} == {Status.NOT_JUDGED}


def test_a_paper_of_an_unknown_kind_must_be_genuine_and_says_nothing() -> None:
    other = Paper("audit-1.dsse.json", "audit", Seal.VALID, "5" * 64, Statement("model", "1" * 64, "t", {}).to_bytes())
    assert judge(dossier(checked(), LINT, other)).passed
    assert codes(judge(dossier(checked(), LINT, replace(other, seal=Seal.BROKEN)))) == ["GA002"]


def test_the_policy_says_which_proofs_and_how_old() -> None:
    stale = dossier(data={}, now=NOW + timedelta(days=300))
    assert judge(stale, Policy(require=("lint", "lint"), max_age_days=365)).passed
    assert codes(judge(stale, Policy(max_age_days=365))) == ["GA041"]


def crash(case: Case) -> Judgement:
    raise RuntimeError("boom")


def leave(case: Case) -> Judgement:
    raise SystemExit(0)


def say_yes(case: Case) -> Any:
    return True


def shrug(case: Case) -> Judgement:
    return Judgement("nothing", missing=True)


def use_another_code(case: Case) -> Judgement:
    return Judgement("it", (Refusal("GA001", "x", "y"),))


@pytest.mark.parametrize("name", sorted(SHIPPED))
@pytest.mark.parametrize("act", [crash, leave, say_yes, shrug, use_another_code])
def test_a_proof_that_cannot_judge_refuses(name: str, act: Callable[[Case], Judgement]) -> None:
    verdict = judge(dossier(), Policy(require=(name,)), {**SHIPPED, name: replace(SHIPPED[name], judge=act)})
    assert codes(verdict) == ["GA010"] and f"`{name}`" in verdict.findings[0].message


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_a_proof_that_was_removed_or_stands_under_another_name_refuses_with_the_same_code(name: str) -> None:
    without = {key: proof for key, proof in SHIPPED.items() if key != name}
    policy = Policy(require=(name,))
    assert codes(judge(dossier(), policy, without)) == ["GA010"]
    other = next(proof for key, proof in SHIPPED.items() if key != name)
    assert codes(judge(dossier(), policy, {**SHIPPED, name: other})) == ["GA010"]


@pytest.mark.parametrize("name", ["evidence", "signature", "notebook", "model", "name", "age"])
def test_a_plug_in_cannot_take_the_name_of_a_basic_step(name: str) -> None:
    easy = Proof(name, {}, lambda case: Judgement("all well"), (), ())
    assert codes(judge(dossier(), Policy(require=(name,)), {name: easy})) == ["GA010"]


def test_proofs_that_could_not_be_gathered_refuse_each_that_is_required() -> None:
    verdict = decide(dossier(), POLICY, Proofs(SHIPPED, "two claim `lint`"))
    assert codes(verdict) == ["GA010"] * 3 and "two claim `lint`" in verdict.findings[0].message


def test_a_proof_that_the_policy_does_not_require_is_not_asked() -> None:
    broken = replace(SHIPPED["data"], judge=crash)
    assert judge(dossier(), Policy(require=("lint",)), {**SHIPPED, "data": broken}).passed


def test_refusals_differ_by_fingerprint_and_keep_it() -> None:
    gone = judge(dossier(data={}))
    again = judge(dossier(data={}, now=NOW + timedelta(days=1)))
    changed = judge(dossier(data={DATA.path: "9" * 64}))
    prints = [v.findings[0].fingerprint for v in (gone, again, changed)]
    assert prints[0] == prints[1] != prints[2]


def test_a_command_in_a_refusal_can_be_pasted_and_quotes_no_parameter_value() -> None:
    odd = dossier(
        paper(check_predicate(parameters={"token": "hush"}, notebook=NotebookRef("my train.ipynb", "1" * 64))),
        paper(lint_predicate(notebook=NotebookRef("my train.ipynb", "1" * 64))),
        notebook="my train.ipynb",
        notebook_digest="2" * 64,
    )
    (finding,) = judge(odd).findings
    assert "`nb-mlops check 'my train.ipynb' -p token VALUE`" in finding.message and "hush" not in finding.message


def test_a_paper_about_something_else_counts_as_not_there_and_is_named() -> None:
    other = paper(lint_predicate(notebook=NotebookRef("train.ipynb", "9" * 64)))
    (finding,) = judge(dossier(checked(), other)).findings
    assert finding.code == "GA021" and "is about another state of the notebook" in finding.message
    elsewhere = paper(lint_predicate(notebook=NotebookRef("other.ipynb", notebook_digest(NOTEBOOK))))
    (finding,) = judge(dossier(checked(), elsewhere)).findings
    assert "(`lint-1.dsse.json`) is about `other.ipynb`" in finding.message


def test_a_proof_sees_no_paper_that_it_does_not_declare() -> None:
    seen = []

    def look(case: Case) -> Judgement:
        seen.append((case.paper(LintPredicate), case.paper(CheckPredicate)))
        return Judgement("it")

    judge(dossier(), Policy(require=("data",)), {"data": replace(SHIPPED["data"], judge=look)})
    ((lint, check),) = seen
    assert lint is None and check is not None


def test_a_paper_that_no_required_proof_needs_may_be_old() -> None:
    old = paper(replace(lint_predicate(), issued="2026-01-01T00:00:00Z"))
    assert judge(dossier(checked(), old), Policy(require=("data",))).passed


def test_the_policy_may_ask_more_of_a_key_than_that_it_is_trusted() -> None:
    ci = check_predicate(assurance="ci")
    weak = dossier(checked(), LINT)
    assert codes(judge(weak, Policy(require=("reproducible",), assurance="ci"))) == ["GA011"]
    (finding,) = judge(weak, Policy(assurance_of={"reproducible": "ci"})).findings
    assert finding.data["proof"] == "reproducible" and "counts as `self`; the policy asks for `ci`" in finding.message
    strong = dossier(replace(paper(ci), assurance="ci", owner="CI of the team"), LINT)
    assert judge(strong, Policy(assurance_of={"reproducible": "ci", "data": "ci"})).passed
    assert codes(judge(strong, Policy(require=("data",), assurance="isolated"))) == ["GA011"]


def test_neither_the_makers_claim_nor_the_keys_reach_alone_lifts_the_assurance() -> None:
    ci = Policy(require=("data",), assurance="ci")
    claimed = dossier(paper(check_predicate(assurance="ci")), LINT)
    reached = dossier(replace(checked(), assurance="ci"), LINT)
    assert codes(judge(claimed, ci)) == codes(judge(reached, ci)) == ["GA011"]


def test_a_key_that_may_not_sign_this_is_named_with_its_owner_and_why() -> None:
    barred = replace(checked(), seal=Seal.BARRED, owner="Ada", note="it was revoked on 2026-02-01: laptop lost")
    (finding,) = judge(dossier(barred, LINT)).findings
    assert finding.code == "GA012"
    assert "of Ada, which may not do so: it was revoked on 2026-02-01: laptop lost." in finding.message


def test_a_team_may_ask_that_the_evidence_names_the_model() -> None:
    policy = Policy(require_name=True)
    (finding,) = judge(dossier(), policy).findings
    assert finding.code == "GA014" and 'name="churn"' in finding.message
    assert judge(dossier(checked(model=replace(NAMED, name="churn")), LINT), policy).passed

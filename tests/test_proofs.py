"""Each proof's examples are its tests."""

from __future__ import annotations

import re

import pytest

from nb_mlops.catalogue import members
from nb_mlops.core.settings import Policy
from nb_mlops.gatekeeper.admissible import BASIC_CODES
from nb_mlops.gatekeeper.proof import Case, Proof

PROOFS = members("nb_mlops.proofs", "PROOF", Proof, "name", group="nb_mlops.proofs")
GOOD = [(name, n, case) for name, proof in PROOFS.items() for n, case in enumerate(proof.good)]
BAD = [(name, code, n, case) for name, proof in PROOFS.items() for n, (code, case) in enumerate(proof.bad)]


def test_the_default_policy_names_proofs_that_are_installed() -> None:
    assert set(Policy().require) <= set(PROOFS)


@pytest.mark.parametrize(("name", "n", "case"), GOOD, ids=[f"{name}-{n}" for name, n, _ in GOOD])
def test_a_good_example_is_accepted(name: str, n: int, case: Case) -> None:
    judgement = PROOFS[name].judge(case)
    assert not judgement.refusals and not judgement.missing and judgement.looked_at


@pytest.mark.parametrize(("name", "code", "n", "case"), BAD, ids=[f"{name}-{code}-{n}" for name, code, n, _ in BAD])
def test_a_bad_example_is_refused_with_its_code_and_a_command_to_run(name: str, code: str, n: int, case: Case) -> None:
    judgement = PROOFS[name].judge(case)
    assert code in [refusal.code for refusal in judgement.refusals]
    for refusal in judgement.refusals:
        assert refusal.message.endswith(".") and refusal.remedy.endswith(".")
        assert "`nb-mlops " in refusal.remedy


@pytest.mark.parametrize("name", sorted(PROOFS))
def test_a_proof_shows_a_bad_case_for_each_of_its_codes_and_has_a_page(name: str) -> None:
    proof = PROOFS[name]
    assert proof.good and {code for code, _ in proof.bad} == set(proof.codes)
    assert proof.question.endswith("?") and len(proof.page) > 200


def test_no_code_and_no_slug_means_two_things() -> None:
    tables = [BASIC_CODES, *(proof.codes for proof in PROOFS.values())]
    codes = [code for table in tables for code in table]
    slugs = [slug for table in tables for slug in table.values()]
    assert len(set(codes)) == len(codes) and len(set(slugs)) == len(slugs)
    assert all(re.fullmatch(r"GA\d{3}", code) for code in codes)

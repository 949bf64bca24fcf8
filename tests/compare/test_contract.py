from __future__ import annotations

from typing import Any

import pytest

from nb_mlops.compare.contract import ContractError, breaking, violations

ANSWERS = {
    "type": "object",
    "required": ["predictions"],
    "properties": {"predictions": {"type": "array", "items": {"enum": ["stays", "leaves"]}}},
}


def test_an_answer_that_holds_to_the_schema_breaks_nothing() -> None:
    assert violations(ANSWERS, None, {"predictions": ["stays"]}) == ()


def test_what_is_broken_is_told_by_place_and_rule_and_never_by_value() -> None:
    (found,) = violations(ANSWERS, None, {"predictions": ["stays", "Ann Other"]})
    assert found == "response.predictions[1] must hold to `enum: ['stays', 'leaves']`" and "Ann" not in found
    (lacking,) = violations({"response": ANSWERS}, {}, {})
    assert lacking == "response must hold to `required: ['predictions']`"


def test_the_request_has_a_schema_of_its_own_where_there_are_two() -> None:
    both = {"request": {"required": ["inputs"]}, "response": ANSWERS}
    assert violations(both, {"dataframe_split": {}}, {"predictions": []}) == (
        "request must hold to `required: ['inputs']`",
    )


@pytest.mark.parametrize("schema", [{"type": "nonsense"}, {"$ref": "https://example.org/far-away.json"}])
def test_a_schema_that_is_none_or_points_elsewhere_is_an_error_and_nothing_is_fetched(schema: dict[str, Any]) -> None:
    with pytest.raises(ContractError):
        violations(schema, None, {})


def signature(**columns: str) -> dict[str, Any]:
    inputs = [{"name": name, "type": kind, "required": True} for name, kind in columns.items()]
    return {"inputs": inputs, "outputs": [{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}]}


def test_a_change_that_callers_would_notice_is_named() -> None:
    before = signature(age="long", town="string")
    assert breaking(before, before) == ()
    assert breaking(signature(age="double"), before) == ()  # less is asked, and every whole number is a number
    assert breaking(signature(age="long", town="string", income="double"), before) == (
        "input `income` is new and must be sent",
    )
    assert breaking(signature(age="string", town="string"), before) == ("input `age` was long and is string",)
    words = {**before, "outputs": [{"type": "string"}]}
    assert breaking(words, before) == ("the answer was long and is string",)
    assert breaking({**before, "outputs": []}, before) == ("the answers have no declared type any more",)

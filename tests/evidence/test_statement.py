from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nb_mlops.evidence.statement import Statement, StatementError, issued_at, timestamp
from nb_mlops.evidence.strict import canonical_json

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
JSON = st.recursive(SCALARS, lambda c: st.lists(c) | st.dictionaries(st.text(), c), max_leaves=10)
GOOD = {
    "_type": "https://in-toto.io/Statement/v1",
    "subject": [{"name": "model:churn", "digest": {"sha256": "a" * 64}}],
    "predicateType": "t",
    "predicate": {},
}


@given(st.text(), st.text(), st.dictionaries(st.text(), JSON))
def test_a_statement_reads_back_as_it_was_written(name: str, kind: str, predicate: dict[str, Any]) -> None:
    statement = Statement(name, "a" * 64, kind, predicate)
    assert Statement.from_bytes(statement.to_bytes()) == statement


def test_the_bytes_that_are_signed_do_not_depend_on_the_order_of_keys() -> None:
    one = Statement("model", "a" * 64, "t", {"a": 1, "b": {"c": 2, "d": 3}})
    two = Statement("model", "a" * 64, "t", {"b": {"d": 3, "c": 2}, "a": 1})
    assert one.to_bytes() == two.to_bytes()


@pytest.mark.parametrize(
    "changes",
    [
        {"_type": "https://in-toto.io/Statement/v0.1"},
        {"extra": 1},
        {"subject": []},
        {"subject": GOOD["subject"] * 2},
        {"subject": [{"name": "m", "digest": {"sha1": "a" * 40}}]},
        {"subject": [{"name": "m", "digest": {"sha256": "A" * 64}}]},
        {"subject": [{"name": "m", "digest": {"sha256": "a" * 64}, "uri": "x"}]},
        {"predicate": []},
        {"predicateType": 3},
    ],
)
def test_a_statement_of_any_other_form_is_refused(changes: dict[str, Any]) -> None:
    Statement.from_bytes(json.dumps(GOOD).encode())
    with pytest.raises(StatementError):
        Statement.from_bytes(json.dumps({**GOOD, **changes}).encode())


@pytest.mark.parametrize(
    "payload", [b"", b"\xff", b"[]", b"null", b'{"_type": 1, "_type": 2}', b"[" * 100_000, b'{"a": NaN}']
)
def test_bytes_that_are_no_statement_are_refused(payload: bytes) -> None:
    with pytest.raises(StatementError):
        Statement.from_bytes(payload)


def test_numbers_that_json_has_no_word_for_are_written_as_strings() -> None:
    assert canonical_json([float("nan"), float("inf"), float("-inf")]) == b'["NaN","Infinity","-Infinity"]'


def test_times_are_written_in_utc_and_read_back() -> None:
    local = datetime(2026, 1, 31, 14, 30, 5, tzinfo=timezone(timedelta(hours=2)))
    assert timestamp(local) == "2026-01-31T12:30:05Z"
    assert issued_at("2026-01-31T12:30:05Z") == local
    with pytest.raises(StatementError):
        issued_at("2026-01-31 12:30")

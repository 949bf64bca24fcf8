"""The chain: what is edited, cut, moved or forged is found and named; what deeds come to."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from nb_mlops.core.value import replace
from nb_mlops.evidence.ledger import NOTHING, Act, Deed, Entry, Head, Line, Standing, faults, held_before
from nb_mlops.evidence.order import Order
from nb_mlops.evidence.statement import StatementError

NOW = "2026-01-31T12:00:00Z"


def deed(act: Act = Act.PROMOTED, version: int = 1, **changes: Any) -> Deed:
    return replace(Deed(act.value, "churn", version, "1" * 64, alias="champion", who="Ada"), **changes)


def chain(*deeds: Deed) -> tuple[list[Line], Head]:
    lines: list[Line] = []
    for number, one in enumerate(deeds, 1):
        entry = Entry(number, lines[-1].sha256 if lines else NOTHING, NOW, one, False, "0")
        lines.append(Line(hashlib.sha256(entry.statement().to_bytes()).hexdigest(), entry, "k"))
    return lines, Head(len(lines), lines[-1].sha256, NOW)


def codes(lines: list[Line], head: Head | None, problem: str = "") -> list[tuple[str, int]]:
    return [(fault.code, fault.line) for fault in faults(lines, head, problem)]


LINES, HEAD = chain(*(deed(version=number) for number in range(1, 5)))


def test_a_whole_chain_has_no_fault_and_one_line_that_the_head_does_not_know_yet_is_none() -> None:
    assert codes(LINES, HEAD) == []
    assert codes(LINES, replace(HEAD, entries=3, last=LINES[2].sha256)) == []
    assert codes([], None) == []


def test_an_edited_line_is_named() -> None:
    lines = [*LINES[:1], Line("e" * 64, problem="it was edited"), *LINES[2:]]
    assert codes(lines, HEAD) == [("LG001", 2), ("LG002", 3)]


def test_lines_cut_off_the_end_are_missed() -> None:
    assert codes(LINES[:2], HEAD) == [("LG004", 0)]
    assert "2 cut off the end" in faults(LINES[:2], HEAD)[0].message


def test_lines_taken_out_or_exchanged_are_found() -> None:
    assert ("LG002", 2) in codes([LINES[0], *LINES[2:]], HEAD)
    assert {("LG002", 2), ("LG002", 3)} <= set(codes([LINES[0], LINES[2], LINES[1], LINES[3]], HEAD))
    other, _ = chain(*(deed(version=number, reason="another") for number in range(1, 5)))
    assert ("LG002", 4) in codes([*LINES[:3], other[3]], HEAD)


def test_a_head_that_is_missing_forged_or_too_old_is_found() -> None:
    assert codes(LINES, None) == [("LG003", 0)]
    assert codes(LINES, None, "it was edited") == [("LG003", 0)]
    assert codes(LINES, replace(HEAD, entries=2, last=LINES[1].sha256)) == [("LG003", 0)]


def test_an_entry_that_is_not_understood_to_the_last_field_is_refused() -> None:
    statement = LINES[0].entry.statement() if LINES[0].entry else None
    assert statement is not None and Entry.of(statement.to_bytes()) == LINES[0].entry
    more = replace(statement, predicate={**statement.predicate, "more": 1})
    with pytest.raises(StatementError, match="unknown field"):
        Entry.of(more.to_bytes())
    with pytest.raises(StatementError, match="deed that"):
        Entry(1, NOTHING, NOW, deed(act=Act.NOTED, version=1).__class__("burnt", "churn"), False, "0")


def test_an_order_without_a_reason_is_none() -> None:
    with pytest.raises(StatementError, match="no reason"):
        Order("promoted", "churn", 1, "1" * 64, "champion", 0, "Ada", "  ", "0", NOW)


def test_what_deeds_come_to() -> None:
    registered = [replace(deed(Act.REGISTERED, version), alias="") for version in (1, 2)]
    standing = Standing.after([*registered, deed(version=1), deed(version=2), deed(Act.DELETED, 2, alias="")])
    assert standing.versions == {("churn", 1)} and standing.aliases == {}
    assert Standing.after([deed(version=1), deed(Act.UNALIASED, 1)]).aliases == {}


@pytest.mark.parametrize(
    ("deeds", "before"),
    [
        ([], 0),
        ([(Act.PROMOTED, 1)], 0),
        ([(Act.PROMOTED, 1), (Act.PROMOTED, 2)], 1),
        ([(Act.PROMOTED, 1), (Act.PROMOTED, 2), (Act.PROMOTED, 2)], 1),
        ([(Act.PROMOTED, 1), (Act.ALIASED, 2), (Act.PROMOTED, 3)], 2),
        ([(Act.PROMOTED, 1), (Act.PROMOTED, 2), (Act.PROMOTED, 3), (Act.ROLLED_BACK, 2)], 1),
        ([(Act.PROMOTED, 1), (Act.PROMOTED, 2), (Act.ROLLED_BACK, 1)], 0),
        ([(Act.PROMOTED, 1), (Act.PROMOTED, 2), (Act.ROLLED_BACK, 1), (Act.PROMOTED, 3)], 1),
    ],
)
def test_a_rollback_goes_to_what_was_there_before_and_further_back_each_time(
    deeds: list[tuple[Act, int]], before: int
) -> None:
    now = deeds[-1][1] if deeds else 0
    assert held_before((deed(act, version) for act, version in deeds), "churn", "champion", now) == before

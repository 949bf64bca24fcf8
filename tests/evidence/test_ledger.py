"""The chain: what is edited, cut, moved or forged is found and named; what deeds come to."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

import pytest

from nb_mlops.core.value import replace
from nb_mlops.evidence.ledger import NOTHING, Act, Deed, Entry, Head, Line, Standing, faults, held_before, upheld
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


def revoked(lines: list[Line], key: str) -> list[Line]:
    """The lines, as they are read once a key was revoked."""
    return [
        replace(line, entry=None, problem="revoked", disowned=line.entry) if line.key == key else line for line in lines
    ]


def anybody(signer: str, key: str, day: date) -> str:
    return ""


def countersigned(number: int, lines: list[Line] = LINES, key: str = "k", by: str = "new") -> list[Line]:
    """The lines, and one in which `by` speaks for what `key` wrote in the first `number` of them."""
    one = Deed(Act.COUNTERSIGNED.value, "", digest=lines[number - 1].sha256, key=key, reason="Compared with CI's log.")
    entry = Entry(len(lines) + 1, lines[-1].sha256, NOW, one, False, "0")
    return [*lines, Line(hashlib.sha256(entry.statement().to_bytes()).hexdigest(), entry, by)]


def head_of(lines: list[Line]) -> Head:
    return Head(len(lines), lines[-1].sha256, NOW)


def test_a_counter_signature_makes_good_again_what_a_revoked_key_wrote_until_then() -> None:
    lines = revoked(countersigned(4), "k")
    assert codes(lines, head_of(lines)) == [("LG001", 1)]
    found = upheld(lines, anybody)
    assert codes(list(found), head_of(lines)) == [] and [line.upheld_by for line in found] == [5, 5, 5, 5, 0]
    assert [line.entry for line in found[:4]] == [line.entry for line in LINES]


def test_what_a_revoked_key_writes_afterwards_or_past_the_line_that_is_named_counts_for_nothing() -> None:
    found = upheld(revoked(countersigned(3), "k"), anybody)
    assert [line.entry is None for line in found] == [False, False, False, True, False]
    entry = Entry(6, countersigned(4)[-1].sha256, NOW, deed(), False, "0")
    more = [*countersigned(4), Line("f" * 64, entry, "k")]
    assert [line.entry is None for line in upheld(revoked(more, "k"), anybody)] == [False] * 5 + [True]


def test_nobody_stands_in_for_a_key_who_may_not_or_for_his_own_or_for_other_lines() -> None:
    for lines, may in (
        (countersigned(4), lambda signer, key, day: "not trusted for approvals"),
        (countersigned(4, by="k"), anybody),
        (countersigned(4, key="another"), anybody),
    ):
        assert codes(list(upheld(revoked(lines, "k"), may)), head_of(lines))[0] == ("LG001", 1)
    other, _ = chain(*(deed(version=number, reason="rewritten") for number in range(1, 5)))
    swapped = revoked([*other, countersigned(4)[-1]], "k")
    assert ("LG001", 1) in codes(list(upheld(swapped, anybody)), head_of(swapped))


def test_a_counter_signature_of_a_key_that_was_revoked_in_turn_stands_by_the_next_one() -> None:
    lines = revoked(revoked(countersigned(4), "k"), "new")
    assert all(line.entry is None for line in upheld(lines, anybody))
    twice = revoked(revoked(countersigned(5, countersigned(4), key="new", by="newest"), "k"), "new")

    def only_the_newest(signer: str, key: str, day: date) -> str:
        return "" if signer == "newest" else "revoked"

    assert [line.upheld_by for line in upheld(twice, only_the_newest)] == [5, 5, 5, 5, 6, 0]


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

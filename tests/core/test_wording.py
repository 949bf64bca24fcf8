from __future__ import annotations

from nb_mlops.core.wording import listed, many, size


def test_one_is_no_plural_and_nothing_is() -> None:
    assert [many(number, "row") for number in (0, 1, 2)] == ["0 rows", "1 row", "2 rows"]


def test_a_list_ends_with_and() -> None:
    assert [listed(words) for words in ([], ["a"], ["a", "b"], ("a", "b", "c"))] == ["", "a", "a and b", "a, b and c"]


def test_a_size_is_told_in_the_largest_unit_that_it_reaches() -> None:
    told = {0: "0 bytes", 999: "999 bytes", 1000: "1.0 kB", 1_560_000: "1.6 MB", 5e12: "5000.0 GB"}
    assert {number: size(number) for number in told} == told

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nb_mlops.compare.text import compare_text
from nb_mlops.compare.tolerances import Tolerances

TOLERANCES = Tolerances()


@pytest.mark.parametrize(
    ("a", "b", "kind"),
    [
        ("<Thing at 0x7f3c2c1b5e50>", "<Thing at 0x7f00aa1b5e50>", "memory address"),
        ("loss 0.30000000000000004", "loss 0.3", "rounding"),
        ("array([1.0000000000000002, 2.])", "array([1.0,  2.])", "rounding"),
        ("CPU times: user 3 ms\nWall time: 4 ms", "CPU times: user 9 ms\nWall time: 1.2 s", "timing"),
        ("3.2 µs ± 12 ns per loop (mean ± std. dev. of 7 runs)", "4 µs ± 1 ns per loop (mean ± std. dev.)", "timing"),
        ("Training time: 3.21 s", "Training time: 2.98 s", "timing"),
        ("took 1 min 3 s", "took 58 s", "timing"),
        ("[CV] END C=1;, score=0.93 total time=   0.1s", "[CV] END C=1;, score=0.93 total time=   0.2s", "timing"),
        ("32/32 - 1s 3ms/step - loss: 0.4", "32/32 - 4ms/step - loss: 0.4", "timing"),
        (" 50%|##   | 5/10 [00:01<00:01, 4.5it/s]", " 50%|##   | 5/10 [00:02<00:02, 2.5it/s]", "timing"),
        ("saved to /tmp/tmpab12/x.csv", "saved to /tmp/tmpzz99/x.csv", "temporary path"),
        ("run 6fa459ea-ee8a-3ca4-894e-db77e160355e", "run 16fd2706-8baf-433b-82eb-8c7fada847da", "random id"),
        ("done at 2026-01-05 10:00:01", "done at 2026-01-05 10:00:07", "clock"),
    ],
)
def test_what_a_run_can_only_print_differently_is_forgiven_and_told(a: str, b: str, kind: str) -> None:
    likeness = compare_text(a, b, TOLERANCES)
    assert likeness.same, likeness.difference
    assert likeness.forgiven == {kind}


@pytest.mark.parametrize(
    ("a", "b", "words"),
    [
        ("accuracy 0.93", "accuracy 0.94", "0.93 became 0.94"),
        ("a\nb\nn = 12", "a\nb\nn = 13", "line 3: 12 became 13"),
        ("{'x', 'y'}", "{'y', 'x'}", "the same words in another order"),
        ("one\ntwo", "one\ntwo\nthree", "2 lines became 3"),
        ("first seen 2001-01-05 10:00:01", "first seen 2003-01-05 10:00:01", "became"),
        ("mean trip 12.3 min", "mean trip 12.9 min", "12.3 became 12.9"),
        ("score 0.9, took 3 s", "score 0.8, took 4 s", "0.9 became 0.8"),
        ("nan", "1.0", "the words differ"),
    ],
)
def test_another_answer_is_a_difference(a: str, b: str, words: str) -> None:
    assert words in compare_text(a, b, TOLERANCES).difference


def test_whole_numbers_have_no_tolerance() -> None:
    assert not compare_text("10000000000 rows", "10000000001 rows", TOLERANCES).same


def test_texts_and_long_numbers_are_never_quoted() -> None:
    difference = compare_text("anna 4111111111111111", "otto 4222222222222222", TOLERANCES).difference
    assert difference and "anna" not in difference
    assert "4222" not in compare_text("id 4111111111111111", "id 4222222222222222", TOLERANCES).difference


def test_of_a_line_that_was_overwritten_only_the_end_counts() -> None:
    assert compare_text("10%\r50%\r100%\ndone", "33%\r100%\ndone", TOLERANCES).same


@given(st.text())
def test_every_text_is_the_same_as_itself(text: str) -> None:
    assert compare_text(text, text, TOLERANCES).same


@given(st.text(alphabet="ab1.\n-e "), st.text(alphabet="ab1.\n-e "))
def test_comparing_is_symmetric(a: str, b: str) -> None:
    assert compare_text(a, b, TOLERANCES).same == compare_text(b, a, TOLERANCES).same


@given(st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6))
def test_two_different_counts_are_never_the_same(a: int, b: int) -> None:
    assert compare_text(f"n={a}", f"n={b}", TOLERANCES).same == (a == b)


def test_the_clock_of_runs_in_two_time_zones_is_forgiven_and_a_moment_of_the_data_is_not() -> None:
    today = Tolerances(today="2026-01-31")
    now = compare_text("at 2026-01-31 12:00:05", "at 2026-01-31 17:45:09", today)
    assert now.same and now.forgiven == {"clock"}
    assert not compare_text("at 2023-11-14 22:13:20", "at 2023-11-15 03:58:20", today).same
    assert not compare_text("at 2026-01-31 12:00:05", "at 2026-01-31 17:45:09", Tolerances()).same


def test_the_time_of_day_of_two_runs_is_the_clock() -> None:
    assert compare_text("Started: 12:00:05", "Started: 12:00:09", Tolerances()).forgiven == {"clock"}
    assert not compare_text("lap 01:10:00", "lap 03:20:00", Tolerances()).same

from __future__ import annotations

import time

import pytest
from helpers_tokens import FORMATS, in_context, token
from hypothesis import given
from hypothesis import strategies as st

from nb_mlops.analysis.sensitive.mask import mask
from nb_mlops.analysis.sensitive.secrets import find_tokens
from nb_mlops.core.finding import Confidence


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_of_the_tables_is_found_where_it_stands(name: str) -> None:
    form = FORMATS[name]
    for seed in range(3):
        value = token(name, seed)
        text = in_context(form, value)
        (found,) = find_tokens(text)
        assert found.format.name == name
        assert text[found.start : found.end] == value
        assert found.confidence is (Confidence.HIGH if form.sure else Confidence.MEDIUM)


def test_a_checksum_that_does_not_hold_lowers_confidence() -> None:
    good = token("github-token")
    bad = good[:-1] + ("a" if good[-1] != "a" else "b")
    assert [found.confidence for found in find_tokens(good)] == [Confidence.HIGH]
    assert [found.confidence for found in find_tokens(bad)] == [Confidence.MEDIUM]


@pytest.mark.parametrize(
    "body",
    [
        "x" * 36,
        "0123456789" * 3 + "012345",
        "abcdefghijklmnopqrstuvwxyz0123456789",
        "EXAMPLE" + "Qz" * 14 + "R",
        "YourTokenGoesHere" + "1" * 19,
    ],
)
def test_a_placeholder_is_no_token(body: str) -> None:
    assert not list(find_tokens("gh" + "p_" + body))


@pytest.mark.parametrize("before", ["=", "/", ":", '"', " ", "\\n", "Bearer ", "(", "token\t"])
def test_what_stands_before_a_token_does_not_hide_it(before: str) -> None:
    assert len(list(find_tokens(before + token("hugging-face-token") + "\\n"))) == 1


@pytest.mark.parametrize("glued", ["a{}", "{}0", "9{}9"])
def test_the_middle_of_a_longer_word_is_no_token(glued: str) -> None:
    assert not list(find_tokens(glued.format(token("kaggle-token"))))


def test_a_format_that_looks_like_a_checksum_needs_its_word_on_the_same_line() -> None:
    value = token("wandb-older-key")
    assert not list(find_tokens(f"sha1 = '{value}'"))
    assert not list(find_tokens(f"WANDB_API_KEY = None\ncommit = '{value}'"))
    assert not list(find_tokens(f"wandb/run-3/files at commit {value}"))
    assert not list(find_tokens(f"log in to wandb as https://gist.github.com/somebody/{value} says"))
    assert list(find_tokens(f"!wandb login {value}"))


@given(st.sampled_from(sorted(FORMATS)), st.text(max_size=30), st.text(max_size=30), st.integers(0, 99))
def test_a_masked_text_keeps_its_shape_and_loses_the_token(name: str, before: str, after: str, seed: int) -> None:
    value = token(name, seed)
    text = f"{before}\n{in_context(FORMATS[name], value)}\n{after}"
    covered = mask(text)
    assert value not in covered
    assert len(covered) == len(text)
    assert covered.count("\n") == text.count("\n")


@pytest.mark.parametrize(
    "word", ["sk-proj-", "glpat-", ":AA", "/ghp_", "xoxb-", "AccountKey=", "kaggle_key=" + "0" * 31 + " ", "!A"]
)
def test_a_hostile_text_full_of_beginnings_takes_linear_time(word: str) -> None:
    def seconds(size: int) -> float:
        text = word * (size // len(word))
        times = []
        for _ in range(3):
            start = time.process_time()
            assert not list(find_tokens(text))
            times.append(time.process_time() - start)
        return min(times)

    assert seconds(120_000) < 10 * max(seconds(30_000), 0.002)

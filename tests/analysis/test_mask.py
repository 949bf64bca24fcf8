"""Texts masked together come out as texts masked one by one."""

from __future__ import annotations

from helpers_tokens import token

from nb_mlops.analysis.sensitive.mask import Masks, mask, mask_cell, worth_a_look

_KEY = token("github-token")
_PLAIN = ["", "x = 1", "# ein Maß, 日本\nprint(x)", "df.plot(kind='bar')", "rate = 0.12345678 / 3"]
_TELLING = [
    f'key = "{_KEY}"',
    "mail = 'ada.b@physics.org'",
    "read('/home/adab/rates.csv')",
    "open(r'C:\\Users\\adab\\rates.csv')",
    "# Tel. 030 2345 6789",
    "-----BEGIN PRIVATE" + " KEY-----",
]


def test_only_texts_that_may_hold_something_are_looked_into() -> None:
    texts = [*_PLAIN, *_TELLING[:4], *_PLAIN]
    assert worth_a_look(texts) == {5, 6, 7, 8}


def test_texts_that_were_expected_are_masked_as_each_by_itself() -> None:
    masks = Masks()
    masks.expect([*_PLAIN, *_TELLING])
    assert [masks.text(text) for text in (*_PLAIN, *_TELLING)] == [mask(text) for text in (*_PLAIN, *_TELLING)]
    assert _KEY not in masks.text(_TELLING[0])


def test_a_text_that_nobody_expected_is_masked_too() -> None:
    masks = Masks()
    masks.expect(_PLAIN)
    assert [masks.text(text) for text in _TELLING] == [mask(text) for text in _TELLING]


def test_a_line_whose_secret_is_put_together_in_other_lines_is_masked() -> None:
    half = len(_KEY) // 2
    source = f'key = ("{_KEY[:half]}"\n    + "{_KEY[half:]}")\n'
    masks = Masks()
    masks.expect([source, *source.split("\n")])
    assert [masks.line(source, n) for n in range(2)] == mask_cell(source).split("\n")[:2]
    assert _KEY[half:] not in masks.line(source, 1)

"""Texts on sheets: what a search of one text finds is seen on the sheet, whatever stands beside it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from helpers_tokens import FORMATS, in_context, token
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.iso7064 import mod_97_10

from nb_mlops.analysis.decode import html_sketch, html_text
from nb_mlops.analysis.sensitive.detect import find_secrets
from nb_mlops.analysis.sensitive.detect import worth_a_search as may_hold_secrets
from nb_mlops.analysis.sensitive.personal.find import find_personal
from nb_mlops.analysis.sensitive.personal.find import worth_a_search as may_hold_persons
from nb_mlops.analysis.sensitive.sheets import Sheet, first_look, sheets, stretches

PROSE = ["import pandas", "The phone", "0.1234567 0.7654321\n", "password:", "a token of the tokenizer", "Tel."]
SECRETS = [
    'db_password = "kT7' + 'vQ2m!Xw9z"',
    "postgresql://app:kT7" + "vQ2mXw9z@db-3.harbour.io/crm",
    "--token 9c41e7d05b8a4f36" + "a1d2f07c935e6b82",
    "Set-Cookie: session_id=9c41e7d05b8a4f36" + "a1d2f07c935e6b82",
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIE"
    + "INTuctv5E1hK1bbY8fdp\nEIYGeYPXIAyGGFxQNaFF\n-----END PRIVATE KEY-----",
]


def iban(country: str, number: str) -> str:
    return f"{country}{mod_97_10.calc_check_digits(number + country)}{number}"


PERSONS = [
    "ada.l@ada-online.org",
    "Tel: +44 20 7946 0018",
    "(212) 736-5000",
    "DOB: 1980-02-17",
    iban("DE", "370400440532013" + "771"),
    "card 4539 1488 0343 6467",
]
TEXTS = st.lists(st.sampled_from([*PROSE, *SECRETS, *PERSONS, "", "x " * 300]), max_size=8)


@given(st.lists(st.text("ab\n", max_size=8)))
def test_every_character_of_a_sheet_is_of_the_text_it_came_from(texts: list[str]) -> None:
    held = set()
    for sheet in sheets(texts):
        held.update(sheet.holding("a"))
        for at in range(len(sheet.text)):
            assert sheet.text[at] == "\n" or sheet.text[at] in texts[sheet.number(at)]
    assert held == {number for number, text in enumerate(texts) if "a" in text}


@pytest.mark.parametrize("text", SECRETS)
def test_the_secrets_of_this_test_are_some(text: str) -> None:
    assert find_secrets(text)


@pytest.mark.parametrize("text", PERSONS)
def test_the_persons_of_this_test_are_some(text: str) -> None:
    assert find_personal(text)


@given(TEXTS)
@settings(max_examples=40)
def test_a_text_that_holds_something_is_worth_a_search(texts: list[str]) -> None:
    assert {n for n, text in enumerate(texts) if find_secrets(text)} <= may_hold_secrets(texts)
    assert {n for n, text in enumerate(texts) if find_personal(text)} <= may_hold_persons(texts)


def test_every_format_is_seen_on_a_sheet_and_plain_texts_are_not_worth_a_search() -> None:
    texts = [in_context(form, token(name)) for name, form in FORMATS.items()]
    mixed = [one for text in texts for one in ("print(1)", text)]
    assert may_hold_secrets(mixed) == set(range(1, len(mixed), 2))


PIECES = ["a", "<b>", "</B>", "<bdo>", "<td>", "</th>", "<p>", "&lt;", "&#65;", " ", "\n", "é", "<!doctype>"]
VALUED = [*PIECES, '= "', "'", "<", ">", "<td x='123456'>", '<p title="abcdef">', "<a href='x>"]


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_a_sketch_of_html_is_its_text(source: str) -> None:
    assert html_sketch(source) == html_text(source).text


@given(st.lists(st.sampled_from(VALUED)).map("".join))
def test_a_sketch_of_html_holds_every_value(source: str) -> None:
    for value in ("abcdef", "123456"):
        assert value not in html_text(source).text or value in html_sketch(source)


def test_a_sketch_leaves_pictures_and_drawings_out() -> None:
    picture = f'<img src="data:image/png;base64,{"iVBORw0K" * 40}">'
    assert html_sketch(f'{picture}<path d="M12.5 4 L7 8"><i title="4539 1488 0343 6467">x</i>').split() == [
        "x",
        *["4539", "1488", "0343", "6467"],
    ]


def test_a_long_text_is_searched_once_if_nothing_is_in_it_and_each_time_if_there_is() -> None:
    searched: list[str] = []

    @first_look
    def look(sheet: Sheet) -> Iterator[int]:
        """The numbers of the texts with a mark."""
        searched.append(sheet.text)
        return sheet.holding("mark")

    plain, marked = "x" * 30_000, "y" * 30_000 + "mark"
    assert [look(["mark", plain, marked, "short"]) for _ in range(2)] == [{0, 2}, {0, 2}]
    assert searched == [plain, marked, few := "mark" + "\n" * 6 + "short", marked, few]


def test_a_huge_text_is_read_in_stretches_that_show_what_stands_around_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nb_mlops.analysis.sensitive.sheets._STRETCH", 1_000)
    monkeypatch.setattr("nb_mlops.analysis.sensitive.sheets._AROUND", 100)
    monkeypatch.setattr("nb_mlops.analysis.sensitive.sheets._LONG", 1_000)
    text = "".join(f"{number:05d}\n" for number in range(600))
    read = list(stretches(text))
    assert "".join(part[start - low : end - low] for start, end, low, part in read) == text
    assert max(len(part) for *_, part in read) == 1_200
    assert {number for sheet in sheets(["few", text]) for number in sheet.holding("00333")} == {1}


@pytest.mark.parametrize("before", range(980, 1_010, 3))
def test_a_value_across_the_ends_of_stretches_is_found_once(before: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nb_mlops.analysis.sensitive.sheets._STRETCH", 1_000)
    monkeypatch.setattr("nb_mlops.analysis.sensitive.sheets._AROUND", 200)
    text = "x" * (before - 1) + " anna.schmidt@kanzlei-nord.de said\n" + "y" * 1_500 + " call +49 30 901820 now"
    found = find_personal(text)
    assert [text[value.start : value.end] for value in found] == ["anna.schmidt@kanzlei-nord.de", "+49 30 901820"]

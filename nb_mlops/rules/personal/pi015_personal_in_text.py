"""Personal data that somebody typed: in code, comments, markdown or a raw cell.

## What it does

Numbers of cards, accounts, persons and documents, phone numbers and dates of birth, judged as in outputs, and tables
that are spelt out in code (a dict of lists, a list of dicts, CSV in a string) with columns of such values or of names
beside them. E-mail addresses count from three different ones in a cell on, or beside another personal value.

## Why is this bad?

Whoever opens the notebook reads it, and clearing outputs does not take it away. It is usually a copy of real data,
made to try something out.

## What it leaves alone

One or two e-mail addresses: a contact, an account's login, an author. Names without anything else about the person.

## What to do

Read the values from a file that is not shared, or replace them by invented ones from the ranges set aside for that
(`example.org`, `+1 212 555 0100`). In code and text `nb-mlops` changes nothing by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nb_mlops.analysis.sensitive.personal import Kind
from nb_mlops.analysis.sensitive.personal.places import Place
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.personal import column_hit, severity_of, text_hit
from nb_mlops.linter.rule import Hit, Rule, code, example, markdown

# Fewer addresses than this are contacts.
_LIST = 3
_OPT_IN = (Kind.ADDRESS, Kind.HEALTH, Kind.IP, Kind.MAC, Kind.LOCATION)
_WAY_OUT = "Read the values from a file that is not shared, or invent some"


def check(view: View) -> Iterable[Hit]:
    """One finding for each kind of personal value in a text that somebody wrote."""
    for place in view.personal:
        if place.by_hand:
            yield from _of_place(place)


def _of_place(place: Place) -> Iterator[Hit]:
    addresses = {text.shown.lower() for text in place.texts if text.value.kind is Kind.EMAIL}
    addresses.update(i.value.lower() for _, vote in place.columns if vote.kind is Kind.EMAIL for i in vote.matched)
    graver = set(place.kinds) - {Kind.EMAIL, Kind.NAME, *_OPT_IN}
    listed = bool(graver) or len(addresses) >= _LIST
    told = graver | ({Kind.EMAIL, Kind.NAME} if listed else set())
    done = set()
    for table, vote in place.columns:
        if vote.kind in told and (vote.kind, vote.column.name) not in done:
            done.add((vote.kind, vote.column.name))
            yield _graded(column_hit(table, vote, None, _WAY_OUT), vote.kind)
    for kind in place.kinds:
        texts = [text for text in place.texts if text.value.kind is kind]
        if texts and kind in told:
            yield _graded(text_hit(texts, None, _WAY_OUT), kind)


def _graded(hit: Hit, kind: Kind) -> Hit:
    return Hit(hit.message, hit.span, severity_of(kind), hit.confidence, data=hit.data)


RULE = Rule(
    "PI015",
    "personal-data-in-text",
    Severity.WARNING,
    bad=lambda: (
        example(markdown("The customer (tel. +44 20 7946 0113) wants her money back.")),
        example(
            markdown("| who | mobile |\n|---|---|\n| A. | 020 7946 0113 |\n| B. | 020 7946 0120 |"), note="a table"
        ),
        example(code("# DOB: 1984-07-23\nage = 2024 - 1984")),
        example(
            code('people = {\n    "id": [1, 2],\n    "mobile": ["020 7946 0113", "020 7946 0120"],\n}'),
            note="a table in code",
        ),
        example(code('to = ["ada.l@ada-online.org", "alan@turing-mail.co.uk", "grace@hopper-mail.us"]'), note="a list"),
    ),
    good=lambda: (
        example(markdown("Questions? Write to ada.l@ada-online.org."), note="a contact"),
        example(code("Entrez = type('Entrez', (), {})\nEntrez.email = 'ada.l@ada-online.org'"), note="a login"),
        example(
            code('data = {"name": ["Ada Lovelace", "Alan Turing"], "score": [1, 2]}'), note="names and nothing else"
        ),
    ),
    check=check,
    needs="personal",
    every_language=True,
    sensitive=True,
)

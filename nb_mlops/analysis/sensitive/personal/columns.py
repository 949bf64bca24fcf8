"""What a column of a table holds: its name and its values vote together, and most of the values have to agree.

A single number proves little; eleven digits in each row of a column called `cpf`, all with a right checksum, prove it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial

from nb_mlops.analysis.lines import has_sign
from nb_mlops.analysis.sensitive.personal import accounts, identity, labelled, network, phones
from nb_mlops.analysis.sensitive.personal.addresses import find_emails
from nb_mlops.analysis.sensitive.personal.kinds import Kind
from nb_mlops.analysis.sensitive.personal.names import is_full_name, is_name_part
from nb_mlops.analysis.tables import Column, Item, Table
from nb_mlops.core.lazy import pattern
from nb_mlops.core.value import Struct
from nb_mlops.knowledge import personal_words as say

# Of the values that are there, so many must hold.
_MOST = 0.6
_CAMEL = pattern(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORDS = pattern(r"[^\W_]+")
_DASHED_SSN = pattern(r"\d{3}-\d{2}-\d{4}")
_COORDINATE = pattern(r"-?\d{1,3}\.\d{4,}")
_STREET = pattern(r"(?=.*[^\W\d_]{3})(?=.*\d)[^\n]{6,}")

# At least seven digits, whatever parts them, or an address of a machine.
_IDENTIFYING = pattern(r"(?:\d[ ().\-/]{0,2}){7}|\d\.\d+\.\d+\.\d|(?:[0-9A-Fa-f]{2}[:-]){5}|(?:\d[A-Za-z]*){4}")
_DECIMAL = pattern(r"-?\d*\.\d*(?:e[+-]?\d+)?|-?\d{1,6}")

Phrases = frozenset[tuple[str, ...]]
# What a shop, an office or a machine has as well as a person.
_ANYBODYS = (Kind.IP, Kind.ADDRESS, Kind.PHONE)


class Vote(Struct, frozen=True):
    """A column that holds personal values: which of its values are, of how many, and what they are exactly."""

    kind: Kind
    column: Column
    matched: tuple[Item, ...]
    what: str = ""

    @property
    def total(self) -> int:
        """How many values the column has, empty ones left out."""
        return len(self.column.items)


@lru_cache(maxsize=2048)
def name_words(name: str) -> tuple[str, ...]:
    """A column's name in words: `dateOfBirth`, `date_of_birth` and `Date of birth` are the same three."""
    spaced = _CAMEL.sub(" ", name[:80]) if not name.isupper() else name[:80]
    found = (word.rstrip("0123456789") for word in _WORDS.findall(labelled.plain(spaced)))
    return tuple(word for word in found if word)


@lru_cache(maxsize=8192)
def called(name: str, phrases: Phrases) -> bool:
    """Whether a column is called one of these, and not something about one of these (`email_count`)."""
    words = name_words(name)
    if not words or len(words) > 5:
        return False
    for size in range(min(3, len(words)), 0, -1):
        for at in range(len(words) - size + 1):
            if words[at : at + size] in phrases:
                return not any(word in say.ABOUT for word in (*words[:at], *words[at + size :]))
    return False


# Every name that tells something, whatever it is: most columns have none of these.
_ALL = frozenset(
    phrase
    for group in (
        *(
            say.BIRTH,
            say.DOCUMENT,
            say.ADDRESS,
            say.PERSON_NAME,
            say.LATITUDE,
            say.LONGITUDE,
            say.PERSON_ID,
            say.HEALTH,
        ),
        say.MAYBE_NAME,
    )
    for phrase in group
)


@lru_cache(maxsize=8192)
def _speaks(name: str) -> bool:
    """Whether a column's name holds any of them."""
    words = name_words(name)
    return any(words[at:end] in _ALL for end in range(1, len(words) + 1) for at in range(max(0, end - 3), end))


def votes(table: Table) -> tuple[Vote, ...]:
    """The columns of a table that hold personal values."""
    # Few tables have an address in them; the texts are looked through at the speed of memory.
    addressed = not table.texts or any(has_sign(text, "@") for text in table.texts.values())
    found = [vote for column in table.columns if (vote := _vote(column, addressed)) is not None]
    if not any(_speaks(column.name) for column in table.columns):
        return tuple(found)
    found.extend(_names(table, found))
    found.extend(_locations(table, found))
    found.extend(_health(table))
    return tuple(found)


def _vote(column: Column, addressed: bool) -> Vote | None:
    """What one column holds, judged by itself; `addressed`: its table may have e-mail addresses."""
    first = column.first(8)
    if not first:
        return None
    name = column.name
    if addressed and any("@" in item.value for item in column.items):
        vote = _most(Kind.EMAIL, column, lambda value: any(find_emails(value)))
        if vote:
            return vote
    for words, kind, holds in _CALLED_SO if _speaks(name) else ():
        vote = _most(kind, column, holds) if called(name, words) else None
        if vote:
            return vote
    # Words, and numbers too short or too fine to be anybody's.
    head = [item.value.removesuffix(".0") for item in first]
    if all(_DECIMAL.fullmatch(value) for value in head) or not any(map(_IDENTIFYING.search, head)):
        return None
    many = len({item.value for item in column.items})
    for kind, holds, known in (
        (Kind.SSN, identity.is_ssn, bool(_ssn_name(name)) or (many > 2 and _all(column, _DASHED_SSN))),
        (Kind.CARD, _is_card, called(name, say.CARD) or many > 3),
        (Kind.IBAN, accounts.is_iban, True),
        (
            Kind.IP,
            network.is_public_ip,
            (called(name, say.IP) or many > 2) and say.OF_SERVERS.isdisjoint(name_words(name)),
        ),
        (Kind.MAC, network.is_device, True),
    ):
        vote = _most(kind, column, holds) if known else None
        if vote:
            return vote
    return _by_name(column)


def _is_address(value: str) -> bool:
    return bool(_STREET.fullmatch(value))


# What a column holds whose name says so.
_CALLED_SO = (
    (say.BIRTH, Kind.BIRTH, labelled.is_birth_date),
    (say.DOCUMENT, Kind.DOCUMENT, labelled.is_document),
    (say.ADDRESS, Kind.ADDRESS, _is_address),
)


def _by_name(column: Column) -> Vote | None:
    """What only the column's name tells."""
    name = column.name
    numbers = identity.named(" ".join(name_words(name))) if name else ()
    for number in numbers:
        vote = _most(Kind.NATIONAL_ID, column, partial(identity.is_valid, number), number.title)
        if vote:
            return vote
    for number in identity.telling_numbers():
        if not identity.tells(number, column.items[0].value):
            continue  # all of them would be in one form
        vote = _most(Kind.NATIONAL_ID, column, partial(identity.tells, number), number.title)
        if vote and len(vote.matched) > 1:
            return vote
    if called(name, say.PHONE):
        return _most(Kind.PHONE, column, phones.somewhere)
    if sum(item.value.startswith("+") for item in column.items) > 1:
        vote = _most(Kind.PHONE, column, lambda value: value.startswith("+") and phones.somewhere(value))
        if vote:
            return vote
    return None


def _most(kind: Kind, column: Column, holds: Callable[[str], bool], what: str = "") -> Vote | None:
    """A vote for a kind, if enough values are of it. Hopeless columns are given up early."""
    matched, missed = [], 0
    for item in column.items:
        if holds(item.value):
            matched.append(item)
        else:
            missed += 1
            if missed > (1 - _MOST) * len(column.items):
                return None
    return Vote(kind, column, tuple(matched), what) if matched else None


def _all(column: Column, form: re.Pattern[str]) -> bool:
    return all(form.fullmatch(item.value) for item in column.items)


def _is_card(value: str) -> bool:
    return len(value) >= 13 and accounts.is_card(value)


def _ssn_name(name: str) -> bool:
    return "ssn" in name_words(name) or "social security" in " ".join(name_words(name))


def _names(table: Table, found: Sequence[Vote]) -> Iterable[Vote]:
    """Columns of persons' names: full names, or first names beside last names. A first name alone is anybody's."""
    taken = {id(vote.column) for vote in found}
    parts = []
    for column in table.columns:
        if id(column) in taken or not column.first(1):
            continue
        if called(column.name, say.PERSON_NAME):
            vote = _most(Kind.NAME, column, is_full_name)
            if vote:
                yield vote
                continue
            part = _most(Kind.NAME, column, is_name_part)
            if part:
                parts.append(part)
        elif name_words(column.name) in say.MAYBE_NAME:
            vote = _most(Kind.NAME, column, lambda value: is_full_name(value, known=True))
            if vote and len({item.value for item in vote.matched}) > 1:
                yield vote
    if len(parts) > 1 or (parts and found):
        yield from parts


def _locations(table: Table, found: Sequence[Vote]) -> Iterable[Vote]:
    """Exact coordinates, where another column says whose they are. An address or a phone number is any shop's."""
    pair = [
        next((column for column in table.columns if called(column.name, words)), None)
        for words in (say.LATITUDE, say.LONGITUDE)
    ]
    about = any(called(column.name, say.PERSON_ID) for column in table.columns)
    about = about or any(vote.kind not in _ANYBODYS and not _of_makers(vote.column.name) for vote in found)
    if None in pair or not about:
        return
    for column in pair:
        vote = _most(Kind.LOCATION, column, lambda value: bool(_COORDINATE.fullmatch(value))) if column else None
        if vote:
            yield vote


def _of_makers(name: str) -> bool:
    """Whether a column tells who made what a row is about: a place is not theirs."""
    return not say.MAKERS.isdisjoint(name_words(name))


def _health(table: Table) -> Iterable[Vote]:
    """What somebody suffers from, where another column says who."""
    if not any(called(column.name, say.PERSON_ID | say.PERSON_NAME) for column in table.columns):
        return
    for column in table.columns:
        if (
            column.first(1)
            and called(column.name, say.HEALTH)
            and not any(i.value.isdecimal() and len(i.value) < 3 for i in column.items)
        ):
            yield Vote(Kind.HEALTH, column, column.items)

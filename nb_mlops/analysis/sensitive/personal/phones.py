"""Telephone numbers, as libphonenumber judges them. It is loaded when something looks like one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Any

from nb_mlops.core.lazy import pattern

# With a country code, and in the form of North America, a number says what it is. Others need a label.
_INTERNATIONAL = pattern(r"(?<![\w+./-])\+(?:[1-9][\d ().\-/]{6,20}\d)(?![\w]|[.,]\d|[ -]?[+=*/^%])")
_AMERICAN = pattern(r"(?<![\w.+/-])(?:\(\d{3}\) ?|(?:1[-. ])?\d{3}-)\d{3}-\d{4}(?![\w-]|\.\d)")
# Where a number without country code is tried; the plans of these cover most forms there are.
_REGIONS = (
    "US",
    "GB",
    "DE",
    "FR",
    "ES",
    "IT",
    "BR",
    "IN",
    "NL",
    "AU",
    "PL",
    "MX",
    "CH",
    "AT",
    "SE",
    "ZA",
    "JP",
    "CN",
    "ID",
    "RU",
    "KR",
    "TR",
)
# Free of charge, or at the price of who is called, in nearly every country: a company's, whoever else's plan it fits.
_HOTLINES = ("0800", "0808", "0900")
# A plan that more countries share is known by its general form alone.
_FEW = 5
_SEPARATORS = pattern(r"[ ().\-/]+")


def international(text: str, places: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Numbers with a country code that are in use, at these places: start and end of each."""
    for at in places:
        match = _INTERNATIONAL.match(text, at)
        number = match.group() if match else ""
        if match and len(_SEPARATORS.findall(number)) <= 6 and valid(number):
            yield match.span()


def american(text: str, places: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Numbers in the form (212) 555-0143 or 212-555-0143, whose area codes stand at these places."""
    for at in places:
        begun = (_AMERICAN.match(text, start) for start in range(max(0, at - 2), at + 1))
        match = next(filter(None, begun), None)
        if match and valid(match.group(), "US"):
            yield match.span()


def somewhere(text: str) -> bool:
    """Whether the text is a number that is in use in some country, with or without country code."""
    text = text.strip()
    if text.endswith(".0") and text[:-2].isdecimal():
        text = text[:-2]  # pandas made a float of it
    digits = sum(c.isdecimal() for c in text)
    if (
        not 7 <= digits <= 15
        or len(text) > 26
        or not all(c.isdecimal() or c in "+ ().-/" for c in text.partition("x")[0])
    ):
        return False
    plain = "".join(c for c in text if c.isdecimal())
    if plain.startswith(_HOTLINES):
        return False
    if len(set(plain)) < 3 or "1234567" in plain or "7654321" in plain or plain[-7:].startswith("555"):
        return False
    if _AMERICAN.fullmatch(text.replace(".", "-")):
        return valid(text, "US")
    if text.startswith(("+", "00")):
        return valid("+" + text.lstrip("+0"))
    if any(plausible(plain, region) and valid(text, region) for region in _REGIONS):
        return True
    return len(plain) >= 11 and not text.startswith("0") and valid("+" + plain)


def plausible(digits: str, region: str) -> bool:
    """Whether a region's plan has numbers that end like this, behind any of the prefixes that are dialled there: cheap,
    and never wrong when it says no. (An extension counts as digits.)"""
    return len(digits) > 15 or _plan(region).fullmatch(digits) is not None


@cache
def _plan(region: str) -> re.Pattern[str]:
    import phonenumbers

    metadata = phonenumbers.PhoneMetadata.metadata_for_region
    plan: Any = metadata(region)
    forms = [plan.general_desc.national_number_pattern]
    sharing = phonenumbers.COUNTRY_CODE_TO_REGION_CODE[plan.country_code]
    if len(sharing) <= _FEW:
        plans: Any = map(metadata, sharing)
        kinds = [(one.fixed_line, one.mobile, one.voip, one.personal_number, one.pager) for one in plans]
        forms = [kind.national_number_pattern for some in kinds for kind in some if kind]
    trunk = plan.national_prefix_for_parsing
    before = "|".join(prefix for prefix in (str(plan.country_code), trunk) if prefix)
    # What is dialled abroad, or by way of some carrier, is not told from here.
    after = [plan.international_prefix, *([trunk] if plan.national_prefix_transform_rule else ())]
    return re.compile(f"(?:{before}){{0,3}}(?:{'|'.join(filter(None, forms))})|(?:{'|'.join(after)}).*")


@lru_cache(maxsize=4096)
def valid(number: str, region: str | None = None) -> bool:
    """Whether the number is one that its country's plan gives to a person: not for films and books (North America's
    exchange 555 has no lines), nor for a company's customers to call for free or at its price."""
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return False
    national = str(parsed.national_number)
    if parsed.country_code == 1 and len(national) == 10 and national[3:6] == "555":
        return False
    kind = phonenumbers.number_type(parsed)  # unknown for what no plan gives out
    kinds = phonenumbers.PhoneNumberType
    nobodys = (kinds.UNKNOWN, kinds.TOLL_FREE, kinds.PREMIUM_RATE, kinds.SHARED_COST, kinds.UAN, kinds.VOICEMAIL)
    return bool(kind not in nobodys)

"""The kinds of personal values, and how each is called."""

from __future__ import annotations

import re
from enum import Enum

from nb_mlops.core.lazy import pattern
from nb_mlops.core.value import Struct


class Kind(str, Enum):
    """A kind of personal value; its value is what stands in its place once it is masked: `[email]`."""

    EMAIL = "email"
    PHONE = "phone"
    CARD = "card"
    IBAN = "iban"
    SSN = "ssn"
    NATIONAL_ID = "id number"
    DOCUMENT = "document number"
    IP = "ip address"
    MAC = "mac address"
    LOCATION = "location"
    NAME = "name"
    BIRTH = "date of birth"
    ADDRESS = "address"
    HEALTH = "health"

    @property
    def mask(self) -> str:
        """What is written in the place of a value."""
        return f"[{self.value}]"

    @property
    def one(self) -> str:
        """One of them, with its article."""
        return _NAMES[self][0]

    @property
    def many(self) -> str:
        """Several of them."""
        return _NAMES[self][1]


_NAMES = {
    Kind.EMAIL: ("an e-mail address", "e-mail addresses"),
    Kind.PHONE: ("a phone number", "phone numbers"),
    Kind.CARD: ("a payment card's number", "payment cards' numbers"),
    Kind.IBAN: ("a bank account's IBAN", "IBANs of bank accounts"),
    Kind.SSN: ("a US social security number", "US social security numbers"),
    Kind.NATIONAL_ID: ("a national identity number", "national identity numbers"),
    Kind.DOCUMENT: ("a passport's or licence's number", "numbers of passports or licences"),
    Kind.IP: ("a public IP address", "public IP addresses"),
    Kind.MAC: ("a device's MAC address", "MAC addresses of devices"),
    Kind.LOCATION: ("a person's location", "locations of persons"),
    Kind.NAME: ("a person's name", "names of persons"),
    Kind.BIRTH: ("a date of birth", "dates of birth"),
    Kind.ADDRESS: ("a postal address", "postal addresses"),
    Kind.HEALTH: ("a person's health record", "health records of persons"),
}


_MASKS = pattern("|".join(re.escape(kind.mask) for kind in Kind))
# What stands between two values of a list.
LISTED = pattern(r"""\\?["']\s{0,4},\s{0,4}\\?["']""")


def without_masks(text: str) -> str:
    """The text, as long as it was, in which what was once masked is no label of what comes next."""
    return _MASKS.sub(lambda found: "|" * len(found[0]), text) if "[" in text else text


class Value(Struct, frozen=True):
    """A personal value in a text. `what` says more exactly what it is, where that is known."""

    kind: Kind
    start: int
    end: int
    what: str = ""

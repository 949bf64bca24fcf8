"""What of a token can be checked without asking its issuer, and how a made-up one is given what the check wants."""

from __future__ import annotations

import binascii
import re
import zlib
from collections.abc import Callable

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def holds(check: str, value: str) -> bool:
    """Whether the value passes the check of that name; a format without one passes."""
    return _CHECKS[check][0](value) if check else True


def completed(check: str, value: str) -> str:
    """The value, changed so that it passes."""
    return _CHECKS[check][1](value) if check else value


def _crc(value: str) -> str:
    """GitHub's last six characters are the CRC-32 of the thirty before them, in base 62."""
    number, digits = zlib.crc32(value[4:-6].encode()), ""
    while number:
        number, rest = divmod(number, 62)
        digits = _BASE62[rest] + digits
    return value[:-6] + digits.rjust(6, "0")


def _base32(value: str) -> bool:
    """AWS access key ids are base 32 behind their first four letters: account and serial number."""
    return re.fullmatch("[A-Z2-7]+", value[4:]) is not None


def _to_base32(value: str) -> str:
    return value[:4] + re.sub("[0189]", lambda found: "GHJK"[int(found[0]) % 4], value[4:])


def _snowflake(value: str) -> bool:
    """A Discord bot's token begins with the bot's number in base 64."""
    import base64  # hardly a text has one

    head = value.partition(".")[0]
    try:
        return base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)).isdigit()
    except (binascii.Error, ValueError):
        return False


def _to_snowflake(value: str) -> str:
    import base64

    number = str(10**17 + zlib.crc32(value.encode()) * 7919)[:18]
    return base64.urlsafe_b64encode(number.encode()).decode().rstrip("=") + "." + value.partition(".")[2]


def _seed(value: str) -> str:
    """A NATS seed is 34 bytes and their CRC-16, the lower byte first, in base 32."""
    import base64

    data = base64.b32decode(value + "=" * (-len(value) % 8))[:-2]
    return base64.b32encode(data + binascii.crc_hqx(data, 0).to_bytes(2, "little")).decode().rstrip("=")


_CHECKS: dict[str, tuple[Callable[[str], bool], Callable[[str], str]]] = {
    "crc32": (lambda value: _crc(value) == value, _crc),
    "base32": (_base32, _to_base32),
    "nkey": (lambda value: _seed(value) == value, _seed),
    "discord": (_snowflake, _to_snowflake),
}

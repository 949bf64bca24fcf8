"""Addresses of machines that stand for people: public IP addresses of clients, MAC addresses of devices."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from nb_mlops.analysis.sensitive.personal.kinds import LISTED, without_masks
from nb_mlops.core.lazy import pattern

_IP = pattern(r"(?<![\w.-])(?<!==)(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d)")
_MAC = pattern(r"(?<![0-9A-Fa-f:-])[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}(?![0-9A-Fa-f:-])")
# What stands before the address of somebody who asked for something, or behind it in an access log.
_CLIENT = pattern(
    r"(?<![a-z])(?:client|remote|visitor|user|customer|login|logged in|signed in|x-forwarded-for|ip[ _-]?addr(?:ess)?"
    r"|your|my)"
    r"[\w -]{0,16}(?:[^\w\n]{0,12}|[ :='\"]{0,4}\n{1,4} {0,4}|\n[a-z_]{0,12}(?:value|text|data)['\"]? ?[=:] ?)\Z",
    re.I,
)
_LOG = pattern(r" (?:-|\w+) (?:-|\w+) \[\d")


def client_addresses(text: str, places: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Public IPv4 addresses of clients, at these places; those of servers that were fetched from, and versions, are
    nobody's."""
    behind = -1
    for match in filter(None, (_IP.match(text, at) for at in places)):
        start, end = match.span()
        if not is_public_ip(match.group()):
            continue
        if (
            LISTED.fullmatch(text, behind, start)
            or _LOG.match(text, end)
            or (text.startswith(" port ", end) and text.endswith("from ", 0, start))
            or _CLIENT.search(without_masks(text[max(0, start - 40) : start]))
        ):
            behind = end
            yield start, end


def is_public_ip(text: str) -> bool:
    """Whether the text is an IPv4 address on the public internet that is not a well-known server's."""
    parts = text.strip().split(".")
    if len(parts) != 4 or not all(p.isdecimal() and p.isascii() and len(p) <= 3 and int(p) < 256 for p in parts):
        return False
    if any(len(p) > 1 and p[0] == "0" for p in parts):
        return False
    a, b, c, d = map(int, parts)
    # Private, shared, loopback, link-local, multicast and documentation networks (RFC 6890); resolvers everybody uses.
    if a in (0, 10, 127) or a >= 224 or (a, b) in ((169, 254), (192, 168), (198, 18), (198, 19)):
        return False
    if (a == 172 and 16 <= b < 32) or (a == 100 and 64 <= b < 128):
        return False
    if (a, b, c) in ((192, 0, 0), (192, 0, 2), (198, 51, 100), (203, 0, 113)) or a == b == c or (a, b) == (1, 0):
        return False
    return not (
        c == d == 0 or (a < 10 and b < 10 and c < 10 and d < 10) or (a, b, c, d) in ((1, 2, 3, 4), (9, 9, 9, 9))
    )


def devices(text: str, places: Iterable[int]) -> Iterator[tuple[int, int]]:
    """MAC addresses that a maker gave to a device, at these places; those that machines make up for themselves are
    nobody's."""
    return (match.span() for at in places if (match := _MAC.match(text, at)) and is_device(match.group()))


def is_device(text: str) -> bool:
    """Whether the text is a MAC address with a maker's prefix."""
    text = text.strip()
    if not _MAC.fullmatch(text):
        return False
    octets = re.split("[:-]", text)
    # The second-lowest bit of the first octet says "made up locally", the lowest "for many".
    return int(octets[0], 16) & 3 == 0 and len(set(octets)) > 3

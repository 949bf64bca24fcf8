"""Secrets that their structure gives away: private keys, web tokens, passwords in URLs and connection strings, headers.

Each search starts from a fixed text that is looked for first, and each pattern is bounded.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator

from nb_mlops.analysis.sensitive.found import Kind, Match
from nb_mlops.analysis.sensitive.reading import Reading
from nb_mlops.analysis.sensitive.values import entropy, is_a_name, is_placeholder, is_weak, made_up
from nb_mlops.core.finding import Confidence
from nb_mlops.core.lazy import pattern
from nb_mlops.knowledge.credentials import LOCAL_HOSTS

_BEGIN = pattern(r"-----BEGIN ((?:[A-Z0-9]{2,10} ){0,3})PRIVATE KEY(?: BLOCK)?-----")
_END = pattern(r"-----END (?:[A-Z0-9]{2,10} ){0,3}PRIVATE KEY(?: BLOCK)?-----")
_ARMOUR = pattern(r"(?:[A-Za-z-]{2,20}: [^\n\\]{0,200}(?:\n|\\n))+")
_NOT_BASE64 = pattern(r"\\[nrt]|[^A-Za-z0-9+/]+")
_LONGEST_KEY = 20_000
_KEY_TYPE = pattern(r"kty\\?[\"']?\s{0,8}[:=,]\s{0,8}\\?[\"'](RSA|EC|OKP|oct)\\?[\"']")
_SECRET_PART = pattern(
    r"(?<![A-Za-z0-9_])d\\?[\"']?\s{0,8}[:=,]\s{0,8}\\?[\"'](?P<value>[A-Za-z0-9_-]{32,1400})\\?[\"']"
)
_SHARED = pattern(r"(?<![A-Za-z0-9_])k\\?[\"']?\s{0,8}[:=,]\s{0,8}\\?[\"'](?P<value>[A-Za-z0-9_-]{22,1400})\\?[\"']")
# How far from its type the parts of a key may stand: an RSA key of 4096 bits has 3,000 characters.
_NEAR_TYPE = 4000
_WEB_TOKEN = pattern(r"eyJ[\w-]{10,4000}\.[\w-]{8,12000}\.[\w-]{16,2000}(?![\w-])")
_IN_WORD = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
_PUBLIC_ROLES = ("anon", "public")
_URL = pattern(
    r"([A-Za-z][A-Za-z0-9+.-]{1,30})://([^\s:/\"'<>{}|\\]{0,100}):([^\s/\"'<>{}|\\]{3,200})@"
    r"([A-Za-z0-9](?:[A-Za-z0-9.-]{0,200}[A-Za-z0-9])?|\[[0-9a-fA-F:]{2,40}\])"
)
# Each with what it is known by to others, too.
_PAIR_NAMES = (("pass", "password"), ("pwd", "pwd"), ("key", "accountkey"), ("key", "sharedaccesskey"))
_GOES_ON = pattern(r";\s{0,2}\w[\w ]{1,30}=")
_SERVERS = ("server", "host", "data source", "accountname", "endpoint", "uid", "user", "driver")
_PLACED = pattern(rf"(?:{'|'.join(_SERVERS)})\s*=")
_PAIR = pattern(r"(\w+)\s{0,3}=\s{0,3}([^;\"'\s<>{}]{4,200})")
_SCHEMES = ("bearer", "basic", "token")
_HEADER = pattern(r"(?i)(bearer|basic|token)\s{1,3}(?P<value>[A-Za-z0-9._~+/-]{16,2000}={0,3})(?![A-Za-z0-9._~+/=-])")
_AUTHORIZATION = pattern(r"(?i)authorization['\"\]\\]{0,4}\s{0,3}[:=,\t]")
_COOKIE = pattern(r"(?i)cookie['\"]?\s{0,3}[:=,\t]([^\n]{0,1500})")
_CRUMB = pattern(r"([\w.-]{1,60})=(?P<value>[A-Za-z0-9%._~+/-]{20,1000})")
_SESSION = ("sess", "auth", "token", "sid", "jwt")
ROTATE = "have a new one issued and this one made invalid"
CHANGE = "change it wherever it lets somebody in"


def find_structures(reading: Reading) -> Iterator[Match]:
    """Every such secret in a text; places may overlap, the more telling one comes first."""
    text, lowered = reading.text, reading.lowered
    if reading.holds("private key"):
        yield from _private_keys(text)
    if reading.holds("kty"):
        yield from _web_keys(text)
    if "@" in text and "://" in text:
        yield from _urls(text)
    if "eyJ" in text:
        yield from _web_tokens(text)
    if ";" in text and "=" in text:
        yield from _connections(reading)
    if reading.holds("bearer", "bearer ") or reading.holds("basic ") or reading.holds("auth", "authorization"):
        yield from _headers(text, lowered)
    if reading.holds("cookie"):
        yield from _cookies(text)


def _private_keys(text: str) -> Iterator[Match]:
    at = 0
    while begin := _BEGIN.search(text, at):
        at = begin.end()
        # No key holds five dashes: what comes next is its end, or another's beginning.
        dashes = text.find("-----", at, at + _LONGEST_KEY)
        stop = dashes if dashes >= 0 else min(len(text), at + _LONGEST_KEY)
        end = _END.match(text, stop)
        body = text[begin.end() : stop]
        armour = _ARMOUR.match(body.lstrip("\\nr \n\t\"'"))
        data = _NOT_BASE64.sub("", body.replace("\\\\", "\\").replace(armour[0], "") if armour else body)
        if len(data) < 60 or made_up(data[:200]):
            continue
        proven = _is_key(data, begin[1])
        if not proven and (end is None or entropy(data[:400]) < 4.5):
            continue
        kind = Kind.ACCOUNT if _of_account(text, begin.start(), stop) else Kind.PRIVATE_KEY
        title = "Private key of a Google service account" if kind is Kind.ACCOUNT else f"{begin[1]}private key"
        why = ("stands between BEGIN and END lines", "decodes to a key" if proven else "is base64 of high entropy")
        confidence = Confidence.HIGH if proven else Confidence.MEDIUM
        leaked = "delete the key in the Google Cloud console" if kind is Kind.ACCOUNT else "make a new key pair"
        yield Match(
            kind,
            begin.start(),
            end.end() if end else stop,
            confidence,
            title[0].upper() + title[1:],
            leaked,
            "PRIVATE_KEY",
            why,
        )
        at = stop


def _web_keys(text: str) -> Iterator[Match]:
    """JSON web keys that have their private part (RFC 7517, RFC 7518): `d` of a pair, `k` of a shared key."""
    at, before = text.find("kty"), 0
    while at >= 0:
        kind, following = _KEY_TYPE.match(text, at), text.find("kty", at + 3)
        if kind is not None:
            # From one key's type to the next one's at most, so that no stretch is searched more than twice.
            low, high = max(before, at - _NEAR_TYPE), min(max(following, 0) or len(text), at + _NEAR_TYPE)
            start, end = max(low, text.rfind("{", low, at)), text.find("}", at, high)
            part = _SHARED if kind[1] == "oct" else _SECRET_PART
            found = part.search(text, start, end if end >= 0 else high)
            if found is not None and entropy(found["value"]) > 3.5 and not made_up(found["value"]):
                why = (f"stands in a JSON web key of the type {kind[1]}", "is its private part")
                first, last = found.span("value")
                title, leaked = "Private part of a JSON web key", "make a new key"
                yield Match(Kind.PRIVATE_KEY, first, last, Confidence.HIGH, title, leaked, "PRIVATE_KEY", why)
        at, before = following, at


def _is_key(data: str, kind: str) -> bool:
    """Whether base64 begins like a key: a DER sequence of about the right length, OpenSSH's mark, PGP's for PGP."""
    import base64  # texts that look like this are rare

    try:
        raw = base64.b64decode(data[: len(data) // 4 * 4])
    except (binascii.Error, ValueError):
        return False
    if raw.startswith(b"openssh-key-v1\0"):
        return True
    if "PGP" in kind:
        return raw[:1] in (b"\x95", b"\xc5", b"\x94")
    if raw[:1] != b"\x30" or len(raw) < 40:
        return False
    size = raw[1]
    if size & 0x80:
        width = size & 0x7F
        size = int.from_bytes(raw[2 : 2 + width], "big") if 0 < width <= 3 else -1
    return abs(len(raw) - size) < 16


def _of_account(text: str, start: int, end: int) -> bool:
    around = text[max(0, start - 1500) : start] + text[end : end + 1500]
    return "service_account" in around and "private_key" in text[max(0, start - 60) : start]


def _web_tokens(text: str) -> Iterator[Match]:
    at = text.find("eyJ")
    while at >= 0:
        found = _WEB_TOKEN.match(text, at) if at == 0 or text[at - 1] not in _IN_WORD else None
        claims = _claims(found[0]) if found else None
        if found is None or claims is None:
            at = text.find("eyJ", at + 3)
            continue
        why = ("its first part says which algorithm signed it", f"its claims are {', '.join(sorted(claims)[:4])}")
        yield Match(
            Kind.WEB_TOKEN,
            found.start(),
            found.end(),
            Confidence.HIGH,
            "JSON web token",
            "end the session it stands for, or let it expire",
            "ACCESS_TOKEN",
            why,
        )
        at = text.find("eyJ", found.end())


def _claims(token: str) -> dict[str, object] | None:
    """The claims of a web token; None for what is none, is meant to be public, or is a documentation's sample."""
    head, _, rest = token.partition(".")
    body = rest.partition(".")[0]
    header, claims = _decoded(head), _decoded(body)
    if not isinstance(header, dict) or "alg" not in header:
        return None
    if not isinstance(claims, dict):
        return {"encrypted": True} if "enc" in header else None
    if claims.get("name") == "John Doe" or claims.get("role") in _PUBLIC_ROLES or header["alg"] == "none":
        return None
    return claims


def _decoded(part: str) -> object:
    import base64
    import json

    try:
        value: object = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return None
    return value


def _urls(text: str) -> Iterator[Match]:
    at, sign = text.find("://"), -1
    while at >= 0:
        sign = sign if sign > at else text.find("@", at)
        if sign < 0:
            return
        if sign < at + 320:
            first = max(0, at - 31)
            while first < at and not (text[first].isalpha() and _SCHEME.fullmatch(text, first, at)):
                first += 1
            found = _URL.match(text, first) if first < at else None
            if found and (match := _of_url(found)):
                yield match
        at = text.find("://", at + 3)


_SCHEME = pattern(r"[A-Za-z][A-Za-z0-9+.-]{1,30}")


def _of_url(found: re.Match[str]) -> Match | None:
    scheme, user, word, host = found.groups()
    if is_placeholder(word) or is_weak(word) or is_a_name(word) or word.lower() == user.lower() or word.isdigit():
        return None
    if is_placeholder(host) or host.lower().endswith((".example.com", ".example.org", ".example")):
        return None
    if word.startswith(("$", "%", "<", "*")) or host.lower() in ("host", "hostname", "server", "example.com"):
        return None
    local = host.lower() in LOCAL_HOSTS
    confidence = Confidence.LOW if local else Confidence.HIGH if len(word) >= 8 else Confidence.MEDIUM
    why = (f"stands as the password in a {scheme} URL", "is no placeholder")
    title = f"Password in a {scheme} URL"
    return Match(Kind.URL, found.start(3), found.end(3), confidence, title, CHANGE, _env_of(scheme), why)


def _env_of(scheme: str) -> str:
    return "DATABASE_PASSWORD" if not scheme.startswith("http") else "SERVICE_PASSWORD"


def _connections(reading: Reading) -> Iterator[Match]:
    text = reading.text
    for found in _pairs(reading):
        before, after = text[max(0, found.start() - 200) : found.start()], text[found.end() : found.end() + 120]
        lowered = before.lower()
        joined = before.rstrip().endswith(";") or _GOES_ON.match(after)
        if not joined or not any(word in lowered for word in _SERVERS) or not _PLACED.search(lowered):
            continue
        word = found[2]
        if is_placeholder(word) or is_weak(word) or is_a_name(word) or len(word) < 5:
            continue
        why = (f"stands behind {found[1]}= in a connection string", "is no placeholder")
        yield Match(
            Kind.CONNECTION,
            found.start(2),
            found.end(2),
            Confidence.HIGH,
            "Password in a connection string",
            CHANGE,
            "CONNECTION_STRING",
            why,
        )


def _pairs(reading: Reading) -> Iterator[re.Match[str]]:
    lowered = reading.lowered
    for stem, name in _PAIR_NAMES:
        at = lowered.find(name) if reading.holds(stem, name) else -1
        while at >= 0:
            found = _PAIR.match(reading.text, at)
            if found is not None and len(found[1]) == len(name):
                yield found
            at = lowered.find(name, at + len(name))


def _headers(text: str, lowered: str) -> Iterator[Match]:
    for found in _schemes(text, lowered):
        scheme, value = found[1].lower(), found["value"]
        told = _AUTHORIZATION.search(text, max(0, found.start() - 40), found.start())
        if scheme == "basic":
            valid = _is_pair(value)
        else:
            valid = looks_random(value) and (told is not None or scheme == "bearer")
        if not valid or is_placeholder(value) or made_up(value):
            continue
        why = (f"stands behind {found[1]}" + (" in an Authorization header" if told else ""), "is random enough")
        title = "Credentials in an Authorization header"
        yield Match(
            Kind.HEADER,
            found.start("value"),
            found.end("value"),
            Confidence.HIGH if told else Confidence.MEDIUM,
            title,
            ROTATE,
            "AUTHORIZATION",
            why,
        )


def _schemes(text: str, lowered: str) -> Iterator[re.Match[str]]:
    for scheme in _SCHEMES:
        at = lowered.find(scheme)
        while at >= 0:
            found = _HEADER.match(text, at)
            if found is not None:
                yield found
            at = lowered.find(scheme, found.end() if found else at + 1)


def looks_random(value: str) -> bool:
    """Whether a long value has digits and letters and no order to speak of."""
    return (
        any(c.isdigit() for c in value)
        and any(c.isalpha() for c in value)
        and entropy(value) > (2.8 if len(value) < 24 else 3.2)
    )


def _is_pair(value: str) -> bool:
    import base64

    try:
        text = base64.b64decode(value + "=" * (-len(value) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return False
    user, colon, word = text.partition(":")
    return bool(colon and user and text.isprintable() and len(word) > 3 and not is_placeholder(word))


def _cookies(text: str) -> Iterator[Match]:
    for line in _COOKIE.finditer(text):
        for found in _CRUMB.finditer(text, line.start(1), line.end(1)):
            value = found["value"]
            if not any(word in found[1].lower() for word in _SESSION) or is_placeholder(value) or made_up(value):
                continue
            if looks_random(value):
                why = (f"stands in the cookie {found[1]}, whose name speaks of a session", "is random enough")
                yield Match(
                    Kind.HEADER,
                    found.start("value"),
                    found.end("value"),
                    Confidence.MEDIUM,
                    "Session cookie",
                    "end the session",
                    "COOKIE",
                    why,
                )

"""Secrets that the line around them gives away, as programs keep and take them: netrc, pgpass, PuTTY's keys, stored
password hashes, and the second of two literals handed to a login.

Each search starts from a fixed text that is looked for first, and each pattern is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nb_mlops.analysis.sensitive.found import Kind, Match
from nb_mlops.analysis.sensitive.reading import Reading
from nb_mlops.analysis.sensitive.runs import run_before
from nb_mlops.analysis.sensitive.structures import CHANGE
from nb_mlops.analysis.sensitive.values import is_drawn, is_password, is_placeholder, is_weak, made_up
from nb_mlops.core.finding import Confidence
from nb_mlops.core.lazy import pattern

# The order of the words is free in truth; programs write this one (man 5 netrc).
_NETRC = pattern(
    r"machine\s{1,8}(?P<host>[\w.-]{1,200})\s{1,8}login\s{1,8}[^\s\"'\\]{1,200}\s{1,8}"
    r"password\s{1,8}(?P<value>[^\s\"'\\]{5,500})"
)
# host:port:database:user:password (https://www.postgresql.org/docs/current/libpq-pgpass.html), by PostgreSQL's usual
# ports and those of its poolers and hosts.
_PORT = pattern(r":(?:5432|5433|5439|6432|6543|25060|26257)(?=:)")
_PGPASS = pattern(r"(?P<host>[\w.*-]{1,200}):\d{4,5}:[\w*-]{1,63}:[\w.*-]{1,63}:(?P<value>[^\s:\"'\\]{5,200})(?=\s|\Z)")
_HOST = pattern(r"[\w.*-]{1,200}")
_PUTTY = pattern(r"Private-Lines: \d{1,3}\r?\n(?P<value>(?:[A-Za-z0-9+/=]{1,80}(?:\r?\n|\Z)){1,200})")
# `server.login("me", "…")`, `auth=("me", "…")`, `HTTPBasicAuth("me", "…")`.
_CALLED = (("login", ("login(",)), ("auth", ("auth(", "auth=(", "auth = (")))
_LITERALS = pattern(
    r"\s{0,40}(?P<q>[\"'])[^\"'\n\\{}]{1,80}(?P=q)\s{0,40},\s{0,40}(?P<p>[\"'])(?P<value>[^\"'\n\\]{6,80})(?P=p)\s{0,40}[,)]"
)
# `curl -u me:…`, to the end of the command.
_USER = pattern(
    r"\s(?:-[a-zA-Z]{0,6}u|-U|--user|--proxy-user)[ =]{0,3}(?P<q>[\"']?)[^\s:\"'$<{]{1,80}"
    r":(?P<value>[^\s\"'$\\<>]{6,200})(?P=q)(?=[\s\\]|\Z)"
)
_COMMAND = pattern(r"(?:[^\n\\]|\\[^\n]|\\\n){0,2000}")
# `CREATE USER me IDENTIFIED BY '…'`, `ALTER ROLE me WITH LOGIN PASSWORD '…'`.
_SQL = pattern(
    r"(?:create|alter)\s{1,8}(?:role|user|login)\s[^;\n]{1,120}?"
    r"\b(?:identified\s{1,8}(?:with\s{1,8}\w{1,40}\s{1,8})?by|password)"
    r"[\s=]{1,8}(?P<q>['\"]?)(?P<value>[^\s'\";\\<>]{6,80})(?P=q)(?=[\s;)'\"\\]|\Z)",
    re.IGNORECASE,
)
# Google's passwords for mail programs: four groups of four letters.
_APP_PASSWORD = pattern(r"[a-z]{4}(?: ?[a-z]{4}){3}")
# Crypt's forms (man 5 crypt), Argon2's (its reference implementation), by what they begin with ...
_CRYPTS = (
    ("$2", pattern(r"\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}(?![./A-Za-z0-9])")),
    ("$1$", pattern(r"\$1\$[./A-Za-z0-9]{1,8}\$[./A-Za-z0-9]{22}(?![./A-Za-z0-9])")),
    ("$apr1$", pattern(r"\$apr1\$[./A-Za-z0-9]{1,8}\$[./A-Za-z0-9]{22}(?![./A-Za-z0-9])")),
    ("$5$", pattern(r"\$5\$(?:rounds=\d{1,9}\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{43}(?![./A-Za-z0-9])")),
    ("$6$", pattern(r"\$6\$(?:rounds=\d{1,9}\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{86}(?![./A-Za-z0-9])")),
    ("$y$", pattern(r"\$y\$[./A-Za-z0-9]{1,10}\$[./A-Za-z0-9]{1,86}\$[./A-Za-z0-9]{43}(?![./A-Za-z0-9])")),
    (
        "$argon2",
        pattern(
            r"\$argon2(?:id?|d)\$v=\d{1,3}\$m=\d{1,9},t=\d{1,4},p=\d{1,4}\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{22,128}"
        ),
    ),
)
# ... and those of Django, Werkzeug and Jupyter, the last without a dollar.
_HASHES = (
    ("pbkdf2_sha", pattern(r"pbkdf2_sha(?:1|256)\$\d{4,8}\$[A-Za-z0-9]{8,64}\$[A-Za-z0-9+/]{27,43}=")),
    (
        "pbkdf2:sha",
        pattern(r"pbkdf2:sha(?:1|256|512):\d{3,8}\$[A-Za-z0-9]{8,64}\$[0-9a-f]{40,128}(?![0-9a-f])"),
    ),
    ("scrypt:", pattern(r"scrypt:\d{4,6}:\d{1,2}:\d{1,2}\$[A-Za-z0-9]{8,64}\$[0-9a-f]{128}(?![0-9a-f])")),
)
_JUPYTER = ("sha1:", pattern(r"sha1:[0-9a-f]{12}:[0-9a-f]{40}(?![0-9a-f])"))
_DOLLAR = pattern(r"\$(?=2|[156y]\$|apr1\$|argon2)")
_CHANGE = "have the password behind it changed"


def find_records(reading: Reading) -> Iterator[Match]:
    """Every such secret in a text."""
    text, lowered = reading.text, reading.lowered
    if reading.holds("pass", "password", "machine"):
        yield from _from(text, "machine", _NETRC, "netrc")
    if reading.holds("private-lines: "):
        yield from _putty(text)
    yield from (match for port in _PORT.finditer(text) if (match := _pgpass(text, port.start())))
    if "$" in text:
        for dollar in _DOLLAR.finditer(text):
            at = dollar.start()
            yield from (match for start, form in _CRYPTS if (match := _hash(text, at, start, form)))
    for start, form in (*(_HASHES if "$" in text else ()), _JUPYTER):
        if reading.holds(start):
            yield from (match for at in _places(text, start) if (match := _hash(text, at, start, form)))
    if reading.holds("pass", "password") or reading.holds("identified"):
        for verb in ("create ", "alter "):
            yield from _statements(text, lowered, verb)
    if reading.holds("curl "):
        yield from _commands(text)
    for stem, called in _CALLED:
        for one in called:
            if reading.holds(stem, one):
                yield from _logins(text, lowered, one)


def _places(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + len(word))


def _from(text: str, word: str, form: re.Pattern[str], file: str) -> Iterator[Match]:
    for at in _places(text, word):
        found = form.match(text, at)
        if found is not None and is_password(found["value"]):
            match = _password(found, f"as {file} has it, for {found['host']}", "password")
            if match:
                yield match


def _pgpass(text: str, at: int) -> Match | None:
    host = run_before(text, at, max(0, at - 200), _HOST)
    found = _PGPASS.match(text, host) if host < at else None
    if found is None or not is_password(found["value"]):
        return None
    return _password(found, f"behind host, port, database and user, for {found['host']}", "PGPASSWORD")


def _statements(text: str, lowered: str, verb: str) -> Iterator[Match]:
    for at in _places(lowered, verb):
        found = _SQL.match(text, at)
        if found is not None and _thought_of(found["value"]):
            match = _password(found, "in a statement that makes an account", "password")
            if match:
                yield match


def _commands(text: str) -> Iterator[Match]:
    at = text.find("curl ")
    while at >= 0:
        command = _COMMAND.match(text, at)
        end = command.end() if command else at + 1
        found = _USER.search(text, at, end)
        at = text.find("curl ", max(end, at + 1))
        if found is not None and (_thought_of(found["value"]) or is_drawn(found["value"], True)):
            match = _password(found, "behind a user's name for curl", "password")
            if match:
                yield match


def _thought_of(value: str) -> bool:
    return is_password(value) and any(map(str.isdigit, value)) and "://" not in value and "/" not in value


def _logins(text: str, lowered: str, called: str) -> Iterator[Match]:
    for at in _places(lowered, called):
        found = _LITERALS.match(text, at + len(called))
        if found is None:
            continue
        value = found["value"]
        if value.startswith(("#", ".", "/")):
            continue  # where on a page the password goes
        if _thought_of(value) or _APP_PASSWORD.fullmatch(value):
            match = _password(found, "after a user's name in a login", "login")
            if match:
                yield match


def _password(found: re.Match[str], why: str, name: str) -> Match | None:
    value = found["value"]
    if is_placeholder(value) or is_weak(value):
        return None
    start, end = found.span("value")
    reasons = (f"stands {why}", "is no placeholder")
    env = "PGPASSWORD" if name == "PGPASSWORD" else "PASSWORD"
    return Match(Kind.NAMED, start, end, Confidence.MEDIUM, "Password", CHANGE, env, reasons, name)


def _putty(text: str) -> Iterator[Match]:
    for at in _places(text, "Private-Lines: "):
        found = _PUTTY.match(text, at)
        if found is None or len(found["value"]) < 60 or made_up(found["value"][:200]):
            continue
        begin = text.rfind("PuTTY-User-Key-File-", max(0, at - 20_000), at)
        if begin >= 0:
            why = ("stands in a PuTTY key file behind Private-Lines", "is base64")
            confidence = Confidence.HIGH if "Encryption: none" in text[begin:at] else Confidence.MEDIUM
            start, end = found.start("value"), found.start("value") + len(found["value"].rstrip())
            title, leaked = "PuTTY private key", "make a new key pair"
            yield Match(Kind.PRIVATE_KEY, start, end, confidence, title, leaked, "PRIVATE_KEY", why)


def _hash(text: str, at: int, start: str, form: re.Pattern[str]) -> Match | None:
    """The stored password of a form that begins with `start`, where one begins there."""
    found = form.match(text, at)
    if found is None or (at and text[at - 1].isalnum()) or len(set(found[0][-20:])) <= 6:
        return None
    why = (f"has the form of a stored password, {start.strip('$:')}",)
    name, title = "password hash", "Password hash"
    return Match(Kind.HASH, at, found.end(), Confidence.MEDIUM, title, _CHANGE, "PASSWORD_HASH", why, name)

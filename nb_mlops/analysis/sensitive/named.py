"""Secrets that only their name gives away: `db_password = "…"`, `"api_key": "…"`, `--token …`, `<password>…<`.

Found from a few fixed stems; around each a bounded pattern reads the name and the value. Name and value are judged
apart: what the name promises says how much is asked of the value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nb_mlops.analysis.sensitive.found import Kind, Match
from nb_mlops.analysis.sensitive.reading import Reading
from nb_mlops.analysis.sensitive.runs import run_before
from nb_mlops.analysis.sensitive.structures import CHANGE, ROTATE
from nb_mlops.analysis.sensitive.values import (
    entropy,
    is_a_name,
    is_drawn,
    is_drawn_of_signs,
    is_mostly_wordy,
    is_password,
    is_placeholder,
    is_plain_base64,
    is_weak,
    is_wordy,
)
from nb_mlops.core.finding import Confidence
from nb_mlops.core.lazy import pattern
from nb_mlops.knowledge.credentials import KEYS, NOT_A_SECRET, PASSWORDS, STEMS, TOKENS

_NAME = pattern(r"[\w.-]{0,60}")
_BEFORE = pattern(r"[A-Za-z0-9_.-]{0,60}")
# What may stand between a name and its value: closing quote or bracket, an annotation, the sign, the opening quote.
_BETWEEN = pattern(
    r"""
    (?P<shut>\\?["'`]\]?|\])? [ \t]{0,12}
    (?P<sign>:[ \t]{0,3}(?:str|SecretStr|Optional\[str\]|bytes)[ \t]{0,3}=|=>|:=|==|=|:|,|\t[ \t]{0,4})(?!=)
    [ \t]{0,12} (?P<open>(?:[rRbBuU]{0,2}(?:\"\"\"|'''|"|'))|\\["']|`)?
    """,
    re.VERBOSE,
)
# What the name of a secret may be followed by: most words that hold a stem are followed by something else.
_FOLLOWS = frozenset("\\\"'`] \t=:,>")
_QUOTED = pattern(r"""[^"'`\s\\<>]{6,500}""")
_PLAIN = pattern(r"""[^\s"'`<>,;&|()\[\]{}]{6,500}""")
_SPACED = pattern(r"[ =](?=[^\s\-])")
# `<password>…</password>`, perhaps with attributes or a namespace.
_OPENED = pattern(r"<(?:[\w.-]{1,30}:)?\Z")
_ELEMENT = pattern(r"(?:[ \t][^<>\n]{0,100})?>(?P<value>[^\s<>]{6,500})</")
# `password "…"`, alone on its line, as many programs' own files have it.
_ALONE = pattern(r"""[ \t]{1,12}(?P<quote>["'])(?P<value>[^\s"'\\<>]{6,200})(?P=quote)[ \t]{0,12}(?=\n|\Z)""")
# `DB_PASSWORD=…` begins a line, or a literal of one: what a file of variables is written from.
_LINE = pattern(r"(?:\A|\n|\\n|[\"'])[ \t]{0,12}(?:(?:export|ENV|set)[ \t]{1,4})?\Z")
_VARIABLE = pattern(r"[A-Z][A-Z0-9_]*")
_WRITTEN = pattern(r"""[^\s"'`<>;|\\]{6,500}""")
# No longer value is read where it may hold any sign at all.
_LONGEST = 200
_PART = pattern(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
# `pass: re-evaluate only these`: a hyphenated word, and the sentence goes on.
_PROSE = pattern(r"[A-Za-z]{2,}(?:-[A-Za-z]{2,})+ {1,2}[A-Za-z]{2,}")
# A value beyond this is not looked into for further names.
_LONG = 60
_FILE = pattern(
    r".*\.(?:py|ipynb|json|ya?ml|txt|csv|tsv|parquet|pkl|h5|pt|pem|key|crt|toml|env|ini|cfg|md|html?|zip|gz|jpe?g|png|gif"
    r"|svg|tiff?|pdf|docx?|xlsx?|pptx?|mp[34]|wav|log|xml|sql|sh|js|css|npy|npz|pth|onnx|geojson|shp)"
)
_PATH = pattern(r"(?:[a-z]:)?[./~\\].*|[\w.-]+(?:/[\w.-]+)+/?", re.IGNORECASE)
_DOTTED = pattern(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
_DRAWN = 20
# `ZYTE_KEY`: what code calls the key of a service, written as what never changes.
_CONSTANT = pattern(r"[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)*_KEY")
# Paths, options, symbols, what a source escapes.
_OTHER_BEGINNINGS = ("/", "./", "~", "@", "arn:", "--", ":", "\\")
# A server on this machine, whose token is good for as long as it runs; the link to a picture in a public store.
_LEADS = pattern(
    r"://(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\])(?::\d{1,5})?/[^\s\"'<>]{0,80}\Z|[?&;]alt=media&(?:amp;)?\Z"
)
_FAR = 120
# What two of which make code: no key is drawn with both.
_CODE = pattern(r"===|&&|\|\||\);|\]\[|\)\{|\.\w{2,20}\(")
# `smtp_password_v4`
_VERSION = pattern(r"[_-]?v\d{1,2}\Z", re.IGNORECASE)
_SIGNS_OF_CODE = ("://", "(", "::", "->", "===", "&&", "||")
_NUMBER = pattern(r"[-+]?[\d.,:/ eE_-]+")


def find_named(reading: Reading, is_code: bool) -> Iterator[Match]:
    """The named secrets in a text. `is_code`: only a quoted value is one, but for comments and lines of a shell."""
    text, lowered = reading.text, reading.lowered
    seen: set[int] = set()
    for stem in filter(reading.holds, STEMS):
        at = lowered.find(stem)
        while at >= 0:
            found, behind = _at(text, at, at + len(stem), is_code)
            if found is not None and found.start not in seen:
                seen.add(found.start)
                yield found
            at = lowered.find(stem, behind)


def _at(text: str, start: int, end: int, is_code: bool) -> tuple[Match | None, int]:
    """The secret that the stem at this place names, and where to look on: not inside of a long value."""
    rest = _NAME.match(text, end)
    stop = rest.end() if rest else end
    if stop >= len(text) or text[stop] not in _FOLLOWS:
        return None, stop
    between = _BETWEEN.match(text, stop)
    first = run_before(text, start, max(0, start - 60), _BEFORE)
    if between is None:
        return _element(text, first, stop) or _option(text, first, stop) or _alone(text, first, stop, is_code), stop
    quoted = between["open"] is not None
    if between["sign"] == "," and not (quoted and between["shut"] and len(between["shut"]) == 1):
        return None, stop
    if text[first:stop] == "token" and _LEADS.search(text, max(0, first - _FAR), first):
        return None, stop
    if quoted and (signs := _of_signs(text, text[first:stop], between)):
        return signs, signs.end
    form = _QUOTED if quoted else _PLAIN
    if not quoted and _is_variable(text, first, stop, between):
        form = _WRITTEN
    elif not quoted and is_code and not _is_loose(text, first):
        return None, stop
    value = form.match(text, between.end())
    if value is None or (not quoted and _is_code(text, between, value.end())):
        return None, stop
    if not quoted and _PROSE.match(text, value.start()):
        return None, stop
    behind = value.end() if value.end() - value.start() > _LONG else stop
    if quoted and not _closes(text, value.end()):
        return None, behind
    if between["sign"] == "," and not _is_argument(text, first, value):
        return None, behind
    return _judged(text[first:stop], text, value.start(), _trimmed(text, value, quoted)), behind


def _option(text: str, first: int, stop: int) -> Match | None:
    """`--token value` on a command line."""
    if text[first : first + 2] != "--" or not _SPACED.match(text, stop):
        return None
    value = _PLAIN.match(text, stop + 1)
    return _judged(text[first:stop], text, value.start(), value.end()) if value else None


def _element(text: str, first: int, stop: int) -> Match | None:
    value = _ELEMENT.match(text, stop)
    if value is None or not _OPENED.search(text, max(0, first - 32), first):
        return None
    return _judged(text[first:stop], text, value.start("value"), value.end("value"))


def _alone(text: str, first: int, stop: int, is_code: bool) -> Match | None:
    """`password "…"` on a line of its own; in prose stands more."""
    value = None if is_code else _ALONE.match(text, stop)
    if value is None or text[text.rfind("\n", 0, first) + 1 : first].strip():
        return None
    return _judged(text[first:stop], text, value.start("value"), value.end("value"))


def _of_signs(text: str, name: str, between: re.Match[str]) -> Match | None:
    """A key drawn from all signs of the keyboard, blanks and brackets too, as web frameworks draw theirs."""
    start = between.end()
    end = text.find(between["open"][-1], start, start + _LONGEST)
    value = text[start:end] if end > 0 else ""
    if not is_drawn_of_signs(value.removeprefix("django-insecure-")) or "\n" in value:
        return None
    if len(set(_CODE.findall(value))) > 1:
        return None
    shown = name.strip("-._")
    if promised(name) is None and not shown.lower().endswith("salt"):
        return None
    why = (f"`{shown}` is what a secret is called", f"{len(value)} of all signs, {entropy(value):.1f} bits each")
    return Match(Kind.NAMED, start, end, Confidence.HIGH, "Secret", ROTATE, _env_of(shown), why, shown)


def _is_variable(text: str, first: int, stop: int, between: re.Match[str]) -> bool:
    """Whether this is a variable's line: `DB_PASSWORD=…`, no blank beside the sign."""
    if between[0] != "=" or not _VARIABLE.fullmatch(text, first, stop):
        return False
    return _LINE.search(text, max(0, first - 24), first) is not None


def _is_loose(text: str, at: int) -> bool:
    """Whether this line of a cell is no Python: a comment, a magic, or in a cell of another language."""
    line = text.rfind("\n", 0, at) + 1
    head = text[line:at].lstrip()
    return head.startswith(("#", "%", "!")) or "#" in head or text.lstrip().startswith("%%")


def _is_code(text: str, between: re.Match[str], end: int) -> bool:
    """Whether a word without quotes is called, looked into or compared with: `= f(x)`, `= d["x"]`, `== that`."""
    return between["sign"] == "==" or (end < len(text) and text[end] in "([{")


def _closes(text: str, end: int) -> bool:
    return end < len(text) and text[end] in "\"'`\\"


def _is_argument(text: str, first: int, value: re.Match[str]) -> bool:
    """Whether a name and the value behind it are what something is called with, and not neighbours in a list:
    `set("KEY", "…")`, `[…, "--password", "…"]`."""
    if text[first] == "-":
        return True
    opened = text[max(0, first - 6) : first - 1].rstrip()[-1:]
    closed = text[value.end() + 1 : value.end() + 6].lstrip()[:1]
    return closed == ")" or opened == "(" or (opened == "[" and closed == "]" and is_drawn(value[0], True))


def _trimmed(text: str, value: re.Match[str], quoted: bool) -> int:
    end = value.end()
    while not quoted and end > value.start() and text[end - 1] in ".,;:":
        end -= 1
    return end


def _judged(name: str, text: str, start: int, end: int) -> Match | None:
    value = text[start:end]
    promise = promised(name)
    if promise == "key" and "/" in value and not value.endswith("="):
        return None
    if promise is None or _is_something_else(value) or is_weak(value) or is_placeholder(value) or is_a_name(value):
        return None
    shown = name.strip("-._")
    if promise == "password":
        if not is_password(value) and not is_drawn(value, True):
            return None
        why = (f"`{shown}` is what a password is called", "letters with digits or signs, no placeholder")
        confidence = Confidence.MEDIUM
    else:
        if is_plain_base64(value):
            return None
        if promise == "key" and _CONSTANT.fullmatch(name):
            promise = "token"
        drawn = is_drawn(value, promise == "token")
        if not drawn and not ("secret" in name.lower() and is_password(value) and _has_sign(value)):
            return None
        why = (f"`{shown}` is what a secret is called", f"{len(value)} characters, {entropy(value):.1f} bits each")
        confidence = Confidence.HIGH if promise == "token" and len(value) >= 20 else Confidence.MEDIUM
        confidence = confidence if promise == "token" else Confidence.LOW
    title, leaked = ("Password", CHANGE) if promise == "password" else ("Secret", ROTATE)
    return Match(Kind.NAMED, start, end, confidence, title, leaked, _env_of(shown), why, shown)


def promised(name: str) -> str | None:
    """What a name promises: `password`, `token`, `key` (perhaps), or None."""
    name = _VERSION.sub("", name.rpartition(".")[2] or name)
    parts = [part.lower() for part in _PART.findall(name)]
    if not parts or parts[-1] in NOT_A_SECRET or not NOT_A_SECRET.isdisjoint(parts[:-1][-2:]):
        return None
    joined = "".join(part for part in parts if not part.isdigit())
    if "csrf" in joined or "xsrf" in joined:
        return None  # good for one form of one visit
    if joined.endswith("applicationserverkey"):
        return None  # what a browser knows a sender of messages by (https://www.w3.org/TR/push-api/)
    if joined.endswith(PASSWORDS) or parts[-1] in ("pass", "pw") or joined in ("pgpass", "dbpass", "userpass"):
        return "password"
    if joined.endswith(TOKENS) or any(word in joined for word in ("apikey", "secret", "accesstoken")):
        return "token"
    if joined.endswith("key") and any(joined[:-3].endswith(word) for word in KEYS):
        return "token"
    return "key" if parts[-1] in ("key", "auth", "creds", "cred") else None


def says_of_something_else(name: str) -> bool:
    """Whether a name says what stands behind it, and that it is no secret: an id, a checksum, a file, a path."""
    parts = [part.lower() for part in _PART.findall(name.rpartition(".")[2] or name) if not part.isdigit()]
    return bool(parts) and parts[-1] in NOT_A_SECRET


def _is_something_else(value: str) -> bool:
    """A path, a file, code, a number, an address: what stands where a secret would and is none."""
    if value.startswith(_OTHER_BEGINNINGS) or any(sign in value for sign in _SIGNS_OF_CODE):
        return True
    at = value.replace("%40", "@").partition("@")
    if at[1] and "." in at[2]:
        return True
    if _NUMBER.fullmatch(value) or _FILE.fullmatch(value.lower()) or _is_dotted(value):
        return True
    return _PATH.fullmatch(value) is not None and is_mostly_wordy(value)


def _is_dotted(value: str) -> bool:
    """`config.db.password`; not `v1.` before a long word that a machine drew."""
    return _DOTTED.fullmatch(value) is not None and not any(
        len(piece) >= _DRAWN and not is_wordy(piece) for piece in value.split(".")
    )


def _has_sign(value: str) -> bool:
    return any(not c.isalnum() and c not in "_-./" for c in value) and any(c.isdigit() for c in value)


def _env_of(name: str) -> str:
    written = re.sub(r"\W+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)).strip("_").upper()
    return written[:40] if written and not written[0].isdigit() else "SECRET"

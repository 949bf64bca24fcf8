"""Do two printed texts say the same?

Texts are cut into numbers, words and line ends. Numbers agree within the tolerance. What a run can only print
differently (memory addresses, random ids, temporary paths, how long something took, the clock) is set aside first and
its kind is told. Texts are never quoted, numbers only when they are short: an output may hold anything.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime

from nb_mlops.compare.numbers import close
from nb_mlops.compare.tolerances import SAME, Likeness, Tolerances

_NUMBER = r"(?<![\w.])[-+]?(?:\d+(?:,\d{3})+(?:\.\d*)?|\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\w]|\.\d)"
_TOKEN = re.compile(rf"(?P<number>{_NUMBER})|(?P<newline>\n)|[^\W\d]\w*|\w+|[^\w\s]")
_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_TIME_OF_DAY = r"\b\d\d:\d\d:\d\d(?:[.,]\d+)?(?: [AP]M\b)?"
_CTIME = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}"
_CLOCK = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?"
_AMOUNT = r"\d[\d,]*\.?\d*(?:e[-+]?\d+)?"
_UNIT = r"(?:ns|us|µs|μs|ms|s|secs?|seconds?|milliseconds?|m|mins?|minutes?|h|hrs?|hours?)\b"
_BETWEEN = r"(?:\s*\(?(?:in )?(?:ms|s|secs?|seconds|min|minutes)\)?)?[^\w\n]{0,12}"
_TIME_WORDS = (
    r"\b(?:(?:wall|cpu|run|runn?ing|exec|execution|train|training|fit|fitting|total|elapsed|score|scoring|"
    r"computation|processing|prediction|inference|query)[ _-]?time|time (?:taken|elapsed|spent|used)|runtime|elapsed|"
    r"took|(?:finished|done|completed|trained|fitted|computed|executed) in|seconds elapsed)\b"
)

# (kind, pattern of what is set aside). Order matters: the longer forms come first.
_VOLATILE: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("timing", re.compile(r"^CPU times:.*$|^Wall time:.*$|^.*\bper loop \(mean\b.*$", re.MULTILINE)),
    ("timing", re.compile(r"\[\d+:\d\d(?::\d\d)?<[^\]\n]*\]|\b\d[\d.]*\s?(?:it/s|s/it)\b")),
    ("timing", re.compile(r"(?:\b\d+s )?\b\d[\d.]*(?:ms|us|µs|s)/(?:step|epoch)\b")),
    ("timing", re.compile(rf"{_TIME_WORDS}{_BETWEEN}{_AMOUNT}(?:\s*{_UNIT})?(?:[ ,]+{_AMOUNT}\s*{_UNIT})*", re.I)),
    ("timing", re.compile(rf"\b{_AMOUNT}\s*{_UNIT}\s+(?:elapsed|taken)\b", re.I)),
    ("memory address", re.compile(r"\b0x[0-9a-fA-F]{6,16}\b")),
    ("random id", re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", re.I)),
    ("random id", re.compile(r"(?<=[_-])[0-9a-f]{32}\b")),
    ("temporary path", re.compile(r"(?:/private)?/(?:tmp|var/folders|var/tmp)/[^\s'\"<>:,)]+")),
    ("temporary path", re.compile(r"\bipykernel_\d+\b")),
)


def compare_text(a: str, b: str, tolerances: Tolerances) -> Likeness:
    """Whether two texts agree."""
    if a == b:
        return SAME
    forgiven: set[str] = set()
    a, b = _overwritten(a), _overwritten(b)
    for kind, pattern in _VOLATILE:
        found = (pattern.findall(a), pattern.findall(b))
        if any(found):
            a, b = pattern.sub("\x00", a), pattern.sub("\x00", b)
            if found[0] != found[1]:
                forgiven.add(kind)
    a, b = _without_clock(a, b, tolerances, forgiven)
    difference = "" if a == b else _by_token(a, b, tolerances, forgiven)
    return Likeness(difference, frozenset(forgiven))


def _overwritten(text: str) -> str:
    """What stays on the screen: colours gone, and of a line that was overwritten the last state."""
    text = _ANSI.sub("", text).replace("\r\n", "\n")
    if "\r" not in text:
        return text
    return "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))


def _without_clock(a: str, b: str, tolerances: Tolerances, forgiven: set[str]) -> tuple[str, str]:
    """Set aside moments that differ by less than an hour in the two texts: the clock of the runs, not data."""
    for pattern in _MOMENTS:
        moments = (pattern.findall(a), pattern.findall(b))
        if len(moments[0]) != len(moments[1]) or moments[0] == moments[1]:
            continue
        if all(one == other or _same_clock(one, other, tolerances.today) for one, other in zip(*moments, strict=True)):
            forgiven.add("clock")
            a, b = pattern.sub("\x00", a), pattern.sub("\x00", b)
    return a, b


_MOMENTS = (re.compile(_CLOCK), re.compile(_CTIME), re.compile(_TIME_OF_DAY))
_FORMS = ("%Y-%m-%d %H:%M:%S", "%a %b %d %H:%M:%S %Y", "%H:%M:%S", "%I:%M:%S %p")


def _same_clock(one: str, other: str, today: str) -> bool:
    """Whether both are the clock of runs that were made together; in another time zone only near `today`."""
    moments = [_moment(text) for text in (one, other)]
    if moments[0] is None or moments[1] is None:
        return False
    apart = abs((moments[0] - moments[1]).total_seconds())
    if apart <= 3600:
        return True
    if not today or apart > 26 * 3600:
        return False
    return moments[0].year == 1900 or abs((moments[0] - datetime.fromisoformat(today)).days) <= 2


def _moment(text: str) -> datetime | None:
    plain = re.sub(r"[.,]\d+|Z$|[+-]\d\d:?\d\d$", "", text.replace("T", " ", 1) if text[:4].isdigit() else text)
    for form in _FORMS:
        try:
            return datetime.strptime(plain, form)
        except ValueError:
            continue
    return None


def _by_token(a: str, b: str, tolerances: Tolerances, forgiven: set[str]) -> str:
    """Where the token sequences part, "" when they agree. Spacing follows the digits, so it does not count."""
    ours, theirs = list(_TOKEN.finditer(a)), list(_TOKEN.finditer(b))
    line = 1
    for one, other in zip(ours, theirs, strict=False):
        x, y = one.group(), other.group()
        if x == y:
            line += x == "\n"
            continue
        if not (one["number"] and other["number"]):
            return _words(ours, theirs, line)
        if not _close(x, y, tolerances):
            return f"line {line}: {_pair(x, y)}"
        forgiven.add("rounding")
    if len(ours) != len(theirs):
        return _words(ours, theirs, line)
    return ""


def _close(x: str, y: str, tolerances: Tolerances) -> bool:
    """Whole numbers must be equal; a number with a point or an exponent has a tolerance."""
    x, y = x.replace(",", ""), y.replace(",", "")
    if x.lstrip("+-").isdigit() and y.lstrip("+-").isdigit():
        return int(x) == int(y)
    return close(float(x), float(y), tolerances)


def _pair(x: str, y: str) -> str:
    """Two numbers as they may be quoted: a long run of digits might be somebody's card."""
    if sum(c.isdigit() for c in x) > 20 or any(c.lstrip("+-").isdigit() and len(c) > 9 for c in (x, y)):
        return "a long number changed"
    return f"{x} became {y}"


def _words(ours: list[re.Match[str]], theirs: list[re.Match[str]], line: int) -> str:
    one = Counter(m.group() for m in ours)
    other = Counter(m.group() for m in theirs)
    if one == other:
        return f"line {line}: the same words in another order"
    if one["\n"] != other["\n"]:
        return f"from line {line} on: {one[chr(10)] + 1} lines became {other[chr(10)] + 1}"
    return f"line {line}: the words differ"

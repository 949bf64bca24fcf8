"""From what a file stores to what a reader sees, with the way back: ANSI colours and HTML.

A decoded text comes with *runs*: `(start, source_start, source_length)` says that the text from `start` up to the
next run's start came from that stretch of the source. Where both lengths are equal it was taken over unchanged.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from operator import itemgetter

from nb_mlops.analysis.pieces import pieces
from nb_mlops.core.lazy import pattern
from nb_mlops.core.value import Struct
from nb_mlops.knowledge import words

# CSI sequences (colours, cursor), OSC sequences (links, titles) and the two-character escapes.
_ANSI = pattern(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")

# Bounded where a hostile text could make a scan start over and over.
_HTML = pattern(
    r"<!--|-->|<(/?)([A-Za-z][A-Za-z0-9:-]{0,40})([^<>]*)>|&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31});"
)
_VALUE = pattern(r"""=\s*(?:"([^"<>]*)"|'([^'<>]*)')""")
# The cells of a table's row: what a row says of a thing stands on one line, parted by tabs.
_SAME_ROW = words("td th")
# Tags inside which a word goes on; every other tag parts words.
_INLINE = words("a abbr b bdi bdo code em font i kbd mark q s samp small span strong sub sup tt u var wbr")


class Decoded(Struct, frozen=True):
    """A text and where each stretch of it came from."""

    text: str
    runs: tuple[tuple[int, int, int], ...]

    def source(self, start: int, end: int) -> tuple[int, int, bool]:
        """The stretch of the source behind `text[start:end]`, and whether it stands there unchanged."""
        first, last = self._run(start), self._run(max(start, end - 1))
        low, _ = self._point(first, start)
        high, verbatim = self._point(last, end)
        return low, high, first == last and verbatim

    def _run(self, offset: int) -> int:
        return bisect_right(self.runs, offset, key=itemgetter(0)) - 1

    def _point(self, index: int, offset: int) -> tuple[int, bool]:
        start, source, size = self.runs[index]
        following = self.runs[index + 1][0] if index + 1 < len(self.runs) else len(self.text)
        if following - start == size:
            return source + offset - start, True
        return (source if offset <= start else source + size), False


def _unescape(text: str) -> str:
    import html  # loads a table of two thousand entities, which few notebooks need

    return html.unescape(text)


class _Builder:
    """Collects stretches of text and their origin."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.runs: list[tuple[int, int, int]] = []
        self.length = 0

    def add(self, text: str, source: int, size: int) -> None:
        if text:
            self.texts.append(text)
            self.runs.append((self.length, source, size))
            self.length += len(text)

    def done(self) -> Decoded:
        return Decoded("".join(self.texts), tuple(self.runs) or ((0, 0, 0),))


def strip_ansi(source: str) -> Decoded:
    """A terminal's text without its colours."""
    built, at = _Builder(), 0
    for match in _ANSI.finditer(source):
        built.add(source[at : match.start()], at, match.start() - at)
        at = match.end()
    built.add(source[at:], at, len(source) - at)
    return built.done()


def ansi_text(source: str) -> str:
    """The same text as `strip_ansi` gives, when nobody needs the way back."""
    return _ANSI.sub("", source)


def html_text(source: str) -> Decoded:
    """What HTML shows, then the values of its attributes (links, titles, embedded documents), a line each.

    Scripts and styles are kept as they stand: a plot's data hides there.
    """
    built, values, at = _Builder(), [], 0
    for match in _HTML.finditer(source):
        start, end = match.span()
        if start > at:
            built.add(source[at:start], at, start - at)
        at = end
        _, name, attributes = match.groups()
        if name is None:
            built.add(_unescape(match[0]) if source[start] == "&" else "\n", start, end - start)
            continue
        if "=" in attributes:
            values.extend(_values(match))
        built.add(_parting(name), start, end - start)
    built.add(source[at:], at, len(source) - at)
    for start, value in values:
        built.add("\n", start, 0)
        _add_value(built, value, start)
    return built.done()


_TAG_NAME = pattern(r"/?([A-Za-z][A-Za-z0-9:-]{0,40})")
# Lines of a drawing (`d="M12.5 4 …"`, `points="12,4 …"`) are numbers.
_NO_DRAWING = r"(?![Mm]\s?-?[\d.]+[ ,]|-?[\d.]+,-?[\d.]+ )"
_TELLING_VALUE = pattern(rf"""=\s*(?:"{_NO_DRAWING}([^"<>]{{6,}})"|'{_NO_DRAWING}([^'<>]{{6,}})')""")
_PICTURE = pattern(
    r"data:(?:image|audio|video|font)/[a-z0-9+.-]{2,30};base64,[A-Za-z0-9+/]*(?:\\?\s{1,2}[A-Za-z0-9+/]{40,})*"
)
_ENTITY = pattern(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31});")


def html_sketch(source: str) -> str:
    """As good as the text of `html_text`, at a tenth of the price: for a first look, without the way back, and with
    each attribute's value once."""
    sketch = ""
    values: dict[str, None] = {}
    for _, piece in pieces(source, "<"):  # no tag is cut in two
        first, *rest = without_pictures(piece).split("<")
        shown, tags = [first], _Tags()
        for part in rest:
            end = part.find(">")
            tag = part[:end] if end >= 0 else ""
            between = tags[tag]
            shown += ("<", part) if between is None else (between, part[end + 1 :])
        sketch += _plain("".join(shown))  # in its place, where a list of them would be joined to a second copy
        for tag in [tag for tag, between in tags.items() if between is not None and "=" in tag]:
            values.update(dict.fromkeys(one or other for one, other in _TELLING_VALUE.findall(tag)))
    for value in values:
        sketch += f"\n{_plain(value)}"
    return sketch


class _Tags(dict[str, str | None]):
    """What a tag puts between the words on its two sides; None where this is none. A page has few tags many times."""

    def __missing__(self, inner: str) -> str | None:
        name = _TAG_NAME.match(inner)
        found = self[inner] = _parting(name[1]) if name else None
        return found


def without_pictures(text: str) -> str:
    """The text without embedded pictures, sounds and fonts, which hold no words and may be most of it."""
    return _PICTURE.sub("", text) if ";base64," in text else text


def _plain(text: str) -> str:
    return _ENTITY.sub(lambda found: _unescape(found[0]), text) if "&" in text else text


@lru_cache(maxsize=256)
def _parting(name: str) -> str:
    """What a tag puts between the words on its two sides."""
    lowered = name.lower()
    return "" if lowered in _INLINE else "\t" if lowered in _SAME_ROW else "\n"


def _values(tag: re.Match[str]) -> list[tuple[int, str]]:
    found = []
    for match in _VALUE.finditer(tag[3]):
        group = 1 if match[1] is not None else 2
        value = match[group]
        # An embedded picture is no text.
        if len(value) > 5 and not value.startswith("data:image"):
            found.append((tag.start(3) + match.start(group), value))
    return found


def _add_value(built: _Builder, value: str, start: int) -> None:
    """An attribute's value; entities make it a stretch that is not verbatim."""
    built.add(_unescape(value) if "&" in value else value, start, len(value))

"""A Report for people at a terminal: where, what, the line it is about, and the way out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import groupby

from nb_mlops.core.finding import Confidence, Finding, Fix, Related, Report, Safety, Severity
from nb_mlops.core.wording import many
from nb_mlops.reporters.places import finding_place, related_place, within

WIDTH = 110
_CODES = {"bold": "1", "dim": "2", "red": "31", "yellow": "33", "blue": "34", "green": "32", "cyan": "36"}
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}
_MOST_RELATED = 4
_MOST_NAMED = 24
Paint = Callable[..., str]


def render(report: Report, colour: bool = False, quiet: bool = False, why: bool = False, width: int = WIDTH) -> str:
    """The findings below the name of their notebook, and a line that sums them up.

    `quiet` is one line a finding, each with its path, and no sum: for `grep`. `why` says of each what told so, where
    its rule keeps that. `width` is how many columns messages and lines of code may take.
    """
    return "".join(pieces(report, colour, quiet, why, width))


def pieces(
    report: Report, colour: bool = False, quiet: bool = False, why: bool = False, width: int = WIDTH
) -> Iterator[str]:
    """The same notebook by notebook, for whoever writes it as it comes: thousands of notebooks make long texts."""
    paint = painter(colour)
    if quiet:
        yield from (f"{_headline(finding, paint)}: {finding.message}\n" for finding in report.findings)
        return
    for path, findings in groupby(report.findings, lambda finding: finding.path):
        shown = ["".join(f"  {line}\n" for line in _block(finding, paint, why, width)) for finding in findings]
        yield f"{paint(path, 'bold')}\n" + "\n".join(shown) + "\n"
    yield summary(report, colour)


def headlines(report: Report, colour: bool = False) -> str:
    """Where and what, a line each, and the sum: for those who have just read the rest."""
    paint = painter(colour)
    return "".join(f"{_headline(finding, paint)}\n" for finding in report.findings) + summary(report, colour)


def painter(colour: bool) -> Paint:
    """What puts a text in colours, or leaves it alone."""

    def paint(text: str, *styles: str) -> str:
        if not colour or not text:
            return text
        return f"\x1b[{';'.join(_CODES[style] for style in styles)}m{text}\x1b[0m"

    return paint


def _headline(finding: Finding, paint: Paint, place: Callable[[Finding], str] = finding_place) -> str:
    severity = paint(finding.severity.value, _COLOURS[finding.severity], "bold")
    sure = "" if finding.confidence is Confidence.HIGH else paint(f" ({finding.confidence.value} confidence)", "dim")
    return f"{paint(place(finding), 'bold')}  {severity} {finding.code} {finding.rule}{sure}"


def _block(finding: Finding, paint: Paint, why: bool, width: int) -> Iterator[str]:
    from nb_mlops.reporters.replays import drawn  # most runs have nothing to tell

    yield _headline(finding, paint, within)
    yield from (f"  {line}" for line in _wrapped(finding.message, width))
    excerpt = finding.data.get("excerpt")
    if isinstance(excerpt, str) and excerpt.strip():
        start, end = finding.data.get("caret", (0, 0))
        yield from _excerpt(excerpt, start, end, paint, _COLOURS[finding.severity], width - 8)
    drawing = drawn(finding.data, paint)
    yield from (f"    {line}" for line in drawing)
    if drawing and len(finding.related) > _MOST_RELATED:
        cells = ", ".join(_cell_name(related) for related in finding.related[:_MOST_NAMED])
        more = f" and {len(finding.related) - _MOST_NAMED} more" if finding.related[_MOST_NAMED:] else ""
        yield from (paint(f"  {line}", "dim") for line in _wrapped(f"in doubt: {cells}{more}", width))
    for related in () if drawing else finding.related[:_MOST_RELATED]:
        yield paint(f"  also: {related_place(related)}: {related.message}", "dim")
    if len(finding.related) > _MOST_RELATED and not drawing:
        yield paint(f"  also: {len(finding.related) - _MOST_RELATED} more places", "dim")
    for reason in finding.data.get("why", ()) if why else ():
        yield from (paint(f"  {line}", "dim") for line in _wrapped(f"why: {reason}", width))
    if finding.fix is not None:
        yield f"  {paint('fix', 'green')}: {finding.fix.title} ({_hint(finding, finding.fix)})"
    if finding.data.get("url"):
        yield paint(f"  see: {finding.data['url']}", "dim")


def _cell_name(related: Related) -> str:
    """`cell 4 [In 7]`."""
    return related_place(related).partition(" line ")[0]


def _hint(finding: Finding, fix: Fix) -> str:
    """What mends it."""
    return {Safety.SAFE: "nb-mlops fix", Safety.UNSAFE: "nb-mlops fix --unsafe"}.get(fix.safety, "by hand")


def _excerpt(line: str, start: int, end: int, paint: Paint, colour: str, width: int) -> Iterator[str]:
    """The line, less its indentation and what is too far from what is meant, and a mark below that."""
    cut = len(line) - len(line.lstrip())
    if len(line) - cut > width:
        cut = min(max(cut, start - width // 4), max(len(line) - width, cut))
    shown = line[cut : cut + width].rstrip()
    start, end = (min(max(column - cut, 0), len(shown)) for column in (start, end))
    yield f"    {paint('|', 'dim')} {shown}"
    if end > start or start:
        mark = "^" * max(_columns(shown[start:end]), 1)
        yield f"    {paint('|', 'dim')} {' ' * _columns(shown[:start])}{paint(mark, colour)}"


def _columns(text: str) -> int:
    """How many columns of a terminal a text takes: signs of East Asia take two."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width  # few lines of code need it

    return sum(0 if combining(sign) else 1 + (east_asian_width(sign) in "WF") for sign in text)


def _wrapped(message: str, width: int) -> list[str]:
    """The message in lines, broken at blanks. textwrap, which minds hyphens and tabs, takes three times as long."""
    lines, line = [], ""
    for word in message.split():
        if line and len(line) + 1 + len(word) > width - 4:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, line]


def summary(report: Report, colour: bool = False) -> str:
    """One line: how many of each severity, in how many notebooks, and how many can be mended."""
    paint = painter(colour)
    looked = many(report.notebooks, "notebook")
    silenced = f", {report.suppressed} suppressed" if report.suppressed else ""
    silenced += f", {report.baselined} baselined" if report.baselined else ""
    if not report.findings:
        return paint(f"No findings in {looked}{silenced}.", "green") + "\n"
    counted = Counter(finding.severity for finding in report.findings)
    said = ", ".join(many(counted[s], s.value) for s in Severity if counted[s] and s is not Severity.INFO)
    if counted[Severity.INFO]:
        said += f"{', ' if said else ''}{counted[Severity.INFO]} for information"
    where = len({finding.path for finding in report.findings})
    safe, unsafe = (
        sum(f.fix is not None and f.fix.safety is safety for f in report.findings)
        for safety in (Safety.SAFE, Safety.UNSAFE)
    )
    line = f"{said} in {where} of {looked}{silenced}." if where < report.notebooks else f"{said} in {looked}{silenced}."
    if safe or unsafe:
        more = f"{safe} fixable with `nb-mlops fix`" if safe else ""
        more += f"{', ' if safe else ''}{unsafe} {'more ' if safe else ''}with `--unsafe`" if unsafe else ""
        line += f" {more}." if safe else f" {unsafe} fixable with `nb-mlops fix --unsafe`."
    return paint(line, "bold") + "\n"


def statistics(report: Report) -> str:
    """How often each rule spoke, most often first."""
    counted = Counter((finding.code, finding.rule) for finding in report.findings)
    rows = sorted(counted.items(), key=lambda row: (-row[1], row[0]))
    return "".join(f"{count:>6}  {code}  {rule}\n" for (code, rule), count in rows)

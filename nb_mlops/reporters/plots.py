"""Small plots as SVG: values on a line, a value against a parameter, times as bars. Colours are the page's."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

_WIDTH, _LEFT, _RIGHT = 640, 150, 30
_LETTER = 7
_FEW = 5
CSS = """
.plot{overflow-x:auto;margin:.5rem 0}.plot svg{display:block}.plots{display:flex;flex-wrap:wrap;gap:0 1.5rem}
svg line.axis{stroke:var(--line)}svg line.grid{stroke:var(--line);stroke-dasharray:2 4}
svg line.bound{stroke:var(--error)}svg text.tick,svg text.quiet{fill:var(--dim);font-size:11px}
svg text.end{text-anchor:end}svg text.mid{text-anchor:middle}
svg circle.dot{fill:var(--link);fill-opacity:.75;stroke:var(--ground)}svg circle.dot.other{fill:var(--error)}
svg circle.dot.luck{fill:var(--same)}svg rect.bar{fill:var(--link);fill-opacity:.75}
svg rect.bar.other{fill:var(--error)}
svg rect.range{fill:var(--same);opacity:.5}
"""


def number(value: float) -> str:
    """A number as it is read on a plot."""
    return f"{value:.4g}"


def ticks(least: float, most: float, count: int = 4) -> list[float]:
    """Round values from within `least` and `most`, about `count` of them."""
    if not least < most:
        return [least]
    raw = (most - least) / count
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= raw * 0.999)
    first = math.ceil(least / step - 1e-9)
    return [i * step for i in range(first, math.floor(most / step + 1e-9) + 1)]


def spread(name: str, values: Sequence[tuple[str, float, str]]) -> str:
    """One metric in all runs: (label of the run, value, look) as dots on a line; `look` is "", "other" or "luck"."""
    least, most = min(v for _, v, _ in values), max(v for _, v, _ in values)
    pad = (most - least) * 0.08 or abs(most) * 0.05 or 1.0
    low, high = least - pad, most + pad

    def x(value: float) -> float:
        return _LEFT + (value - low) / (high - low) * (_WIDTH - _LEFT - _RIGHT)

    lines = [_label(name, 26)]
    lines.append(f'<line class="axis" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="22" y2="22"/>')
    for tick in ticks(low, high) if most > least else [least]:
        lines.append(f'<text class="tick mid" x="{x(tick):.1f}" y="46">{number(tick)}</text>')
        lines.append(f'<line class="axis" x1="{x(tick):.1f}" x2="{x(tick):.1f}" y1="22" y2="30"/>')
    at: dict[float, int] = {}
    for label, value, look in values:
        above = at[value] = at.get(value, -1) + 1  # equal values stand on each other
        title = f"<title>{escape(label)}: {value!r}</title>"
        y = 22 - min(above, 3) * 5
        lines.append(f'<circle class="dot {look}" cx="{x(value):.1f}" cy="{y}" r="5">{title}</circle>')
    words = ", ".join(f"{label} {value!r}" for label, value, _ in values)
    return _svg(_WIDTH, 52, f"{name}: {words}", lines)


def bars(rows: Sequence[tuple[str, float, float, float, str]], what: str) -> str:
    """Rows of (label, least, middle, most, look): a bar up to the middle, a paler one over the range."""
    top = max((most for _, _, _, most, _ in rows), default=0.0) or 1.0
    wide, left = _WIDTH - _LEFT - 190, _LEFT + 40
    lines = []
    for i, (label, least, middle, most, look) in enumerate(rows):
        y = 4 + i * 20
        end = left + wide * most / top
        lines.append(_label(label, y + 12, left))
        lines.append(f'<rect class="bar {look}" x="{left}" y="{y + 2}" width="{wide * middle / top:.1f}" height="12"/>')
        if most > least:
            start = left + wide * least / top
            lines.append(f'<rect class="range" x="{start:.1f}" y="{y + 5}" width="{end - start:.1f}" height="6"/>')
        span = f" ({least:.2f} to {most:.2f})" if most - least > 0.05 else ""
        lines.append(f'<text class="quiet" x="{end + 6:.1f}" y="{y + 12}">{middle:.2f} s{span}</text>')
    words = "; ".join(f"{label} {middle:.2f} s" for label, _, middle, _, _ in rows)
    return _svg(_WIDTH, 8 + len(rows) * 20, f"{what}: {words}", lines)


def against(parameter: str, metric: str, points: Sequence[tuple[Any, float, str]], bounds: tuple[float, float]) -> str:
    """A metric over a parameter: (value of the parameter, metric, name of the point). Numbers go along an axis, by
    their logarithm where they span more than two powers of ten; anything else stands side by side, in order."""
    width, height, left, foot = 324, 210, 58, 42
    across, places = _across([x for x, _, _ in points])
    values = [y for _, y, _ in points]
    shown = [*values, *(b for b in bounds if math.isfinite(b))]
    low, high = min(shown), max(shown)
    pad = (high - low) * 0.07 or abs(high) * 0.05 or 1.0
    low, high = low - pad, high + pad

    def x(share: float) -> float:
        return left + 12 + share * (width - left - 36)

    def y(value: float) -> float:
        return 12 + (high - value) / (high - low) * (height - foot - 12)

    lines = [f'<line class="axis" x1="{left}" x2="{left}" y1="8" y2="{height - foot}"/>']
    lines.append(f'<line class="axis" x1="{left}" x2="{width - 8}" y1="{height - foot}" y2="{height - foot}"/>')
    for tick in ticks(low, high):
        lines.append(f'<line class="grid" x1="{left}" x2="{width - 8}" y1="{y(tick):.1f}" y2="{y(tick):.1f}"/>')
        lines.append(f'<text class="tick end" x="{left - 6}" y="{y(tick) + 4:.1f}">{number(tick)}</text>')
    for bound in bounds:
        if math.isfinite(bound):
            title, at = f"<title>bound {number(bound)}</title>", f"{y(bound):.1f}"
            lines.append(f'<line class="bound" x1="{left}" x2="{width - 8}" y1="{at}" y2="{at}">{title}</line>')
    for share, word in places:
        lines.append(f'<text class="tick mid" x="{x(share):.1f}" y="{height - foot + 16}">{escape(word)}</text>')
    for (_, result, name), share in zip(points, across, strict=True):
        look = "" if bounds[0] <= result <= bounds[1] else "other"
        title = f"<title>{escape(name)}: {result!r}</title>"
        lines.append(f'<circle class="dot {look}" cx="{x(share):.1f}" cy="{y(result):.1f}" r="4">{title}</circle>')
    lines.append(f'<text class="mid" x="{(left + width) / 2}" y="{height - 6}">{escape(parameter)}</text>')
    return _svg(width, height, f"{metric} against {parameter}, {len(points)} points", lines)


def _across(given: Sequence[Any]) -> tuple[list[float], list[tuple[float, str]]]:
    """Where each value stands from 0 to 1, and the words below the axis with their places."""
    if all(isinstance(v, (int, float)) and not isinstance(v, bool) and math.isfinite(v) for v in given):
        least, most = min(given), max(given)
        if least == most:
            return [0.5] * len(given), [(0.5, number(least))]
        log = least > 0 and most / least > 100
        low, high = (math.log10(least), math.log10(most)) if log else (float(least), float(most))

        def share(value: float) -> float:
            return ((math.log10(value) if log else value) - low) / (high - low)

        marks = sorted(set(given))  # those that are there, where they are few
        if len(marks) > _FEW:
            marks = [10.0**t for t in ticks(low, high, 3) if t == round(t)] if log else ticks(low, high)
        return [share(v) for v in given], [(share(m), number(m)) for m in marks]
    words = list(dict.fromkeys(map(str, given)))
    where = {word: (i + 0.5) / len(words) for i, word in enumerate(words)}
    room = max(4, 44 // len(words))
    return [where[str(v)] for v in given], [(at, _short(word, room)) for word, at in where.items()][:20]


def _short(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _label(text: str, y: float, right: int = _LEFT) -> str:
    shown = escape(_short(text, (right - 10) // _LETTER))
    return f'<text class="end" x="{right - 10}" y="{y}"><title>{escape(text)}</title>{shown}</text>'


def _svg(width: int, height: int, said: str, lines: Sequence[str]) -> str:
    head = (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-label="{escape(said)}">'
    )
    return f'<div class="plot" tabindex="0">{head}{"".join(lines)}</svg></div>'


def facts(rows: Mapping[str, str]) -> Iterator[str]:
    """Names with what is so of each, as a table; the values are HTML."""
    cells = "".join(f'<tr><th scope="row">{escape(name)}</th><td>{value}</td></tr>' for name, value in rows.items())
    if cells:
        yield f"<table>{cells}</table>"

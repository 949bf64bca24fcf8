"""A doctor's report as text: the level, the step to the next one, and each hole with its cure."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

_WIDTH = 100


def render_doctor(report: Mapping[str, Any]) -> str:
    """The report that `commands.doctor.report` makes."""
    lines = [f"assurance L{report['level']}, {report['means']}"]
    if report["next_step"]:
        lines += _wrapped(f"next level: {report['next_step']}", "  ", "  ")
    holes = report["findings"]
    lines += [
        "",
        f"{len(holes) or 'no'} way{'' if len(holes) == 1 else 's'} round it seen from here" + ":" * bool(holes),
    ]
    for hole in holes:
        place = f"  {hole['path']}" if hole["path"] else ""
        lines += ["", f"  {hole['severity']:<8}{hole['code']} {hole['rule']}{place}"]
        lines += _wrapped(hole["data"]["problem"], "    ", "    ")
        lines += _wrapped(hole["data"]["remedy"], "    -> ", "       ")
    if report["unread"]:
        lines += ["", f"not looked at: {', '.join(report['unread'][:5])}"]
    return "\n".join(lines)


def _wrapped(text: str, first: str, rest: str) -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )

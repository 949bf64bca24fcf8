"""A doctor's report as text: the level, the step to the next one, and each hole with its cure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nb_mlops.reporters.wrapping import wrapped


def render_doctor(report: Mapping[str, Any]) -> str:
    """The report that `commands.doctor.report` makes."""
    lines = [f"assurance L{report['level']}, {report['means']}"]
    if report["next_step"]:
        lines += wrapped(f"next level: {report['next_step']}", "  ", "  ")
    holes = report["findings"]
    lines += [
        "",
        f"{len(holes) or 'no'} way{'' if len(holes) == 1 else 's'} round it seen from here" + ":" * bool(holes),
    ]
    for hole in holes:
        place = f"  {hole['path']}" if hole["path"] else ""
        lines += ["", f"  {hole['severity']:<8}{hole['code']} {hole['rule']}{place}"]
        lines += wrapped(hole["data"]["problem"], "    ", "    ")
        lines += wrapped(hole["data"]["remedy"], "    -> ", "       ")
    if report["unread"]:
        lines += ["", f"not looked at: {', '.join(report['unread'][:5])}"]
    return "\n".join(lines)

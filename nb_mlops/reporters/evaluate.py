"""An evaluation as text: what was measured, against what, and what the gate will say of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from shlex import quote
from typing import Any

from nb_mlops.core.wording import many
from nb_mlops.reporters.figures import figure, interval, percent
from nb_mlops.reporters.wrapping import wrapped

_SHOWN = 8


def render_evaluation(report: Mapping[str, Any], notebook: str) -> str:
    """The whole report; `notebook` as the user typed it, for the next command."""
    found = report["evaluation"]
    lines = [*_head(found), *_against(found), *_groups(found), *_drivers(found), *_cost(found), "", *_gate(report)]
    card = f"nb-mlops card {quote(notebook)} --model {quote(found['model']['name'])}"
    lines += ["", f"evidence  {report['evidence']}", f"Next: {card}"]
    return "\n".join(lines)


def _head(found: Mapping[str, Any]) -> Iterator[str]:
    metric, rows = found["metric"], found["rows"]
    yield f"{found['model']['name']}: {metric['name']} {figure(metric['value'])}{interval(metric)}"
    left = f", {rows['overlap']} left out that the notebook read too" if rows["overlap"] else ""
    yield f"  on {rows['used']} rows of {found['holdout']['path']}{left}; {found['task']} of `{found['target']}`"
    compared = f"{rows['compared']} of {rows['files']} files that it read" if rows["files"] else "no file: it read none"
    yield f"  rows compared with {compared}"
    if found["scores"]:
        yield "  " + ", ".join(f"{score['name']} {figure(score['value'])}" for score in found["scores"])


def _against(found: Mapping[str, Any]) -> Iterator[str]:
    champion = found["champion"]
    rivals = [*found["baselines"], *([champion] if champion else [])]
    width = max((len(_name(rival)) for rival in rivals), default=0)
    yield "\nagainst"
    for rival in rivals:
        gain = f"gain {figure(rival['gain'])}{interval(rival)}" if rival["gain"] is not None else rival["problem"]
        yield f"  {_name(rival):{width}}  {figure(rival['value']):>8}  {gain}; {rival['words']}"
    if not champion:
        yield "  no version is in service under this name"


def _name(rival: Mapping[str, Any]) -> str:
    return f"version {rival['version']}" if rival["version"] else str(rival["name"])


def _groups(found: Mapping[str, Any]) -> Iterator[str]:
    for i, group in enumerate(found["groups"]):
        if i == 0:
            yield "\ngroups"
        yield f"  {group['column']} = {group['group']}: {figure(group['value'])} on {many(group['rows'], 'row')}"


def _drivers(found: Mapping[str, Any]) -> Iterator[str]:
    drivers = found["importances"]
    if not drivers:
        return
    yield "\nwhat it listens to (fall of the metric when the column is shuffled)"
    width = max(len(driver["column"]) for driver in drivers[:_SHOWN])
    for driver in drivers[:_SHOWN]:
        yield f"  {driver['column']:{width}}  {figure(driver['drop'])} ± {figure(driver['spread'])}"
    if len(drivers) > _SHOWN:
        yield f"  and {len(drivers) - _SHOWN} more"


def _cost(found: Mapping[str, Any]) -> Iterator[str]:
    serving = found["serving"]
    yield f"\n1000 rows take {serving['seconds_per_1000']:.2g} s; {serving['peak_mb']:.0f} MB in all; on {found['cpu']}"
    rows = found["rows"]
    alike = f"; overlap with what was read {percent(rows['overlap'] / rows['total'])}" if rows["compared"] else ""
    yield f"  network {'taken away' if found['isolation'] else 'not taken away'}{alike}"


def _gate(report: Mapping[str, Any]) -> Iterator[str]:
    yield "what the gate says of it" if report["asked"] else "what the gate would say; the policy asks for none of it"
    gate = report["gate"]
    for proof in gate["proofs"]:
        if proof["status"] != "not judged" and any(proof["name"] == name for name in _PROOFS):
            reasons = [found for found in gate["findings"] if found["data"]["proof"] == proof["name"]]
            aside = " (not asked for)" if report["asked"] and proof["name"] not in report["asked"] else ""
            yield f"  {proof['status']:8} {proof['name']}{aside}" + ("" if reasons else f": {proof['looked_at']}")
            for found in reasons:
                yield from wrapped(f"{found['code']} {found['data']['problem']}", " " * 13, " " * 13)


_PROOFS = ("baseline", "champion", "groups", "contract", "security", "card")

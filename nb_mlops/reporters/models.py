"""The registry as text: what is there, what is in use, and what an auditor asks of one model; the board as a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from nb_mlops import __version__
from nb_mlops.core.wording import many
from nb_mlops.reporters.style import CSS
from nb_mlops.reporters.wrapping import wrapped


def render_list(report: Mapping[str, Any]) -> str:
    """Each model in a line."""
    rows = [
        (
            row["name"],
            str(row["versions"]),
            _aliases(row["aliases"]) or "-",
            row["newest"]["registered"][:10],
            row["newest"]["assurance"] or "not proven",
        )
        for row in report["models"]
    ]
    if not rows:
        return f"No models in {report['registry']}.\n"
    return _table(("model", "versions", "aliases", "newest", "assurance"), rows) + f"\nin {report['registry']}\n"


def render_board(report: Mapping[str, Any]) -> str:
    """What is in use, in a table."""
    head, rows = _board(report)
    return _table(head, rows) + f"\nin {report['registry']} at {report['time']}\n" if rows else "No models.\n"


def board_page(report: Mapping[str, Any]) -> str:
    """The board as a page that needs nothing else, in light and dark."""
    head, rows = _board(report)
    cells = "".join(f"<th>{escape(word)}</th>" for word in head)
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>' + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:]) + "</tr>"
        for row in rows
    )
    return "\n".join([
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f'<meta name="color-scheme" content="light dark"><title>Models in use</title><style>{CSS}</style></head><body>',
        f"<header><h1>Models in use</h1><p>{escape(report['registry'])}, {escape(report['time'])}</p></header><main>",
        f'<div class="scroll"><table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table></div>'
        if rows
        else "<p>No models.</p>",
        f"</main><footer>nb-mlops {escape(__version__)}</footer></body></html>",
    ]) + "\n"  # fmt: skip


def render_show(report: Mapping[str, Any]) -> str:
    """One version: what it is, whether it would pass today, and what was done with it."""
    model, today = report["model"], report["today"]
    aliases = ", ".join(model["aliases"]) or "none"
    lines = [
        f"{model['name']} version {model['version']}, aliases: {aliases}",
        f"  registered  {model['registered']} in {report['registry']}",
        f"  notebook    {model['notebook'] or 'unknown'}",
        f"  files       tree {model['digest'][:12] or 'unknown'}",
        f"  evidence    {_evidence(model)}",
    ]
    lines += [f"  {key:<11} {value}" for key, value in sorted(model["tags"].items())]
    lines.append("")
    if today["passed"]:
        lines.append("Today the gate would let it pass: the files are the proven ones, the evidence is fresh.")
    else:
        lines.append("Today the gate would refuse it:")
        lines += [line for problem in today["problems"] for line in wrapped(problem, "  - ", "    ")]
    return "\n".join([*lines, "", *_entries(report["history"])]).rstrip("\n") + "\n"


def render_history(report: Mapping[str, Any]) -> str:
    """The auditor's page: what was done with a model, on which grounds, and who answers for it."""
    if not report["entries"]:
        return f"The ledger says nothing of `{report['model']}`.\n"
    return "\n".join([f"{report['model']} in {report['registry']}", "", *_entries(report["entries"])]) + "\n"


def render_decision(report: Mapping[str, Any]) -> str:
    """What came of a promotion, a rollback or a note."""
    name = f"{report['model']} version {report['model_version']}"
    if report["act"] == "noted":
        return f"noted: {name} in {report['registry']}\n"
    was = f"was version {report['held']}" if report["held"] else "was not set"
    where = "entered in the registry's ledger" if report["gated"] else "the registry has no gate; entered here"
    return "\n".join([
        f"{report['act']}: {name} is now `{report['alias']}` ({was})",
        f"  files    fetched and compared with the evidence (tree {str(report['gate']['digest'])[:12]})",
        f"  ledger   {where}",
        f'  use it   nb_mlops.load_model("{report["model"]}", alias="{report["alias"]}")',
    ]) + "\n"  # fmt: skip


def render_verified(report: Mapping[str, Any]) -> str:
    """Whether a ledger is sound, and if not, what is wrong and where."""
    count = many(report["entries"], "entry", "entries")
    compared = f", in step with {report['registry']}" if report["compared"] else ""
    lines = [f"sound: {count}, each signed and in its place{compared}."]
    if not report["sound"]:
        lines = [f"not sound: {count}, {many(len(report['faults']), 'fault')}."]
        for fault in report["faults"]:
            lines += wrapped(f"{fault['code']} {fault['slug']}: {fault['message']}", "  ", "    ")
    if report["recovered"]:
        numbers = ", ".join(map(str, report["recovered"]))
        lines.append(f"  entered later than it was done: {numbers}")
    for one in report["upheld"]:
        text = f"{many(one['entries'], 'entry', 'entries')} of key {one['key'][:12]}, which was revoked, by entry "
        text += f"{one['number']} of {one['who'] or 'somebody'} (key {one['signed_by'][:12]}): {one['reason']}"
        lines += wrapped(text, "  upheld   ", "           ")
    if report["head"]:
        lines.append(f"  head     {report['head']}")
    lines.append(f"  keys     {', '.join(key[:12] for key in report['signed_by']) or 'none that is trusted'}")
    if report["waiting"]:
        lines += ["", "Next, once what the revoked key entered was looked through (nb-mlops ledger show):"]
        lines += [f"  nb-mlops ledger countersign {key[:12]} --reason TEXT" for key in report["waiting"]]
    return "\n".join(lines) + "\n"


def render_ledger(report: Mapping[str, Any]) -> str:
    """Every entry in a line."""
    rows = [
        (
            str(entry["number"]),
            entry["time"],
            entry["act"],
            _what(entry),
            entry["who"],
            entry["reason"] or "-",
            entry["problem"] or _aside(entry),
        )
        for entry in report["entries"]
    ]
    return _table(("", "time", "deed", "model", "who", "why", ""), rows)


def _aside(entry: Mapping[str, Any]) -> str:
    if entry["upheld_by"]:
        return f"stands by entry {entry['upheld_by']}"
    return "entered later" if entry["recovered"] else ""


def _what(entry: Mapping[str, Any]) -> str:
    if not entry["model"]:
        return f"what key {entry['key'][:12]} entered"
    alias = f"@{entry['alias']}" if entry["alias"] else ""
    return f"{entry['model']}{alias}" + (f" version {entry['version']}" if entry["version"] else "")


def _entries(entries: Sequence[Mapping[str, Any]]) -> list[str]:
    lines: list[str] = []
    for entry in entries:
        version = f" version {entry['version']}" if entry["version"] else ""
        alias = f" at `{entry['alias']}`" if entry["alias"] else ""
        was = f" (was version {entry['held']})" if entry["held"] and entry["held"] != entry["version"] else ""
        lines.append(f"{entry['time']}  {entry['act']}{version}{alias}{was}, by {entry['who'] or 'unknown'}")
        if entry["reason"]:
            lines += wrapped(entry["reason"], "    why       ", "              ")
        if entry["proofs"]:
            policy = f", by policy {entry['policy'][:12]}"
            lines += wrapped(", ".join(entry["proofs"]) + policy, "    held      ", "              ")
        for sheet in entry["evidence"]:
            lines.append(f"    evidence  {sheet['kind']} {sheet['sha256'][:12]}, signed by key {sheet['key'][:12]}")
        lines += [f"    waived    {waiver}" for waiver in entry["waivers"]]
        if entry["recovered"]:
            lines.append("    note      entered later: the process that did it was ended before it could")
        ordered = f", ordered by key {entry['ordered_by'][:12]}" if entry["ordered_by"] else ""
        lines.append(f"    entered   by key {entry['entered_by'][:12]}{ordered}")
        if entry["upheld_by"]:
            lines.append(f"    stands    by entry {entry['upheld_by']} of the ledger, for that key was revoked")
        if entry["problem"]:
            lines += wrapped(f"This entry counts for nothing: {entry['problem']}.", "    !         ", "              ")
    return lines


def _board(report: Mapping[str, Any]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    head = ("model", "alias", "version", "age", "assurance", "since", "by", "why")
    rows: list[tuple[str, ...]] = [
        (
            row["name"],
            row["alias"] or "-",
            str(row["version"]) + (f" of {row['newest']}" if row["newest"] != row["version"] else ""),
            f"{row['age_days']} d",
            row["assurance"] or "not proven",
            (row["since"] or "-")[:10],
            row["by"] or "-",
            row["reason"] or "-",
        )
        for row in report["rows"]
    ]
    return head, rows


def _evidence(model: Mapping[str, Any]) -> str:
    if not model["evidence"]:
        return "none: it came past the gate"
    return f"check {model['evidence'][:12]}, signed by key {model['key'][:12]}, assurance `{model['assurance']}`"


def _aliases(aliases: Mapping[str, int]) -> str:
    return ", ".join(f"{alias}={version}" for alias, version in sorted(aliases.items()))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [tuple(head), *(tuple(" ".join(cell.split()) for cell in row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "".join(
        "  ".join(f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True)).rstrip() + "\n"
        for line in lines
    )

"""A gate report as text: each proof with a mark and what it looked at, then every refusal with its way out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from shlex import quote
from typing import Any

from nb_mlops.core.wording import many
from nb_mlops.reporters.wrapping import wrapped

_MARKS = {"ok": "ok", "waived": "WAIVED", "missing": "MISSING", "failed": "FAILED", "not judged": "-"}


def render_gate(report: Mapping[str, Any], here: str, explain: bool = False) -> str:
    """The report that `commands.gate.report` makes. With `explain`, each proof also with its question, the statements
    it judged (what was signed, by whom, how old) and the commands that make them.

    `here` is the notebook as the user typed it, for the next command.
    """
    lines = [f"gate: model `{report['model']}` from {report['notebook']}", ""]
    wide = max(len(proof["name"]) for proof in report["proofs"])
    for proof in report["proofs"]:
        lines.append(f"  {_MARKS[proof['status']]:<8}{proof['name']:<{wide}}  {proof['looked_at']}".rstrip())
        if explain:
            lines += [f"  {'':<8}{'':<{wide}}  {line}".rstrip() for line in _explained(proof, report["statements"])]
    lines += _waived(report["waivers"])
    findings = report["findings"]
    if report["passed"]:
        name = quote(report["model"])
        register = f"nb-mlops register {quote(here)} --model {name}"
        said = f"all {len(report['proofs'])} hold" if not report["waivers"] else "what does not hold is waived"
        return "\n".join([*lines, "", f"open: {said}.", "", f"Next: {register}"])
    told: dict[tuple[str, str, str], list[str]] = {}  # the same of several proofs is one thing to mend
    for finding in findings:
        data = finding["data"]
        told.setdefault((f"{finding['code']} {finding['rule']}", data["problem"], data["remedy"]), []).append(
            data["proof"]
        )
    lines += ["", f"refused, for {many(len(told), 'reason')}:"]
    for (title, problem, remedy), proofs in told.items():
        stands_against = f" (for {', '.join(proofs)})" if len(proofs) > 1 else ""
        lines += ["", f"  {title}{stands_against}", *wrapped(problem, "    ", "    ")]
        lines += wrapped(remedy, "    -> ", "       ")
    return "\n".join(lines)


def _explained(proof: Mapping[str, Any], statements: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if proof["question"]:
        yield proof["question"]
    judged = [s for s in statements if s["kind"] in proof["statements"] and s["digest"]]
    yield from (f"{statement['kind']} statement {in_words(statement)}" for statement in judged)
    yield from (f"made by: {command}" for command in proof["commands"])
    if proof["commands"]:
        yield ""


def in_words(statement: Mapping[str, Any]) -> str:
    """A statement that counts: its digest, its signer, its age."""
    signer = f"{statement['owner']} ({statement['key'][:12]})" if statement["owner"] else f"key {statement['key'][:12]}"
    return f"{statement['digest'][:12]}, signed by {signer} as `{statement['assurance']}`, {statement['age']} old"


def _waived(waivers: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for waiver in waivers:
        yield ""
        yield f"waived until {waiver['until']} by {waiver['approver']}: {waiver['reason']}"
        for refusal in waiver["refusals"]:
            yield from wrapped(refusal, "    ", "    ")


def render_policy(rows: Sequence[Sequence[str]]) -> str:
    """The policy in force beside the presets: `rows` are a key and its values, the first row the heads."""
    wide = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(size) for cell, size in zip(row, wide, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def render_registered(report: Mapping[str, Any]) -> str:
    """A registration as text: what is where, that it was compared, and how to load it."""
    entry = report["registered"]
    model = f"{entry['name']} version {entry['version']}"
    if not entry["created"]:
        return f"already registered: {model} in {entry['store']} holds these very files; nothing was added."
    return "\n".join(
        [
            f"registered: {model} in {entry['store']}",
            f"  proven   {', '.join(proof['name'] for proof in report['proofs'])}",
            f"  files    fetched back and compared with the evidence (tree {report['digest'][:12]})",
            f'  load it  nb_mlops.load_model("{entry["name"]}", version={entry["version"]})',
            "",
            f"Next: nb-mlops models promote {quote(entry['name'])} --reason TEXT",
        ]
    )

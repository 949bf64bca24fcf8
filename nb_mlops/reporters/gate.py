"""A gate report as text: each proof with a mark and what it looked at, then every refusal with its way out."""

from __future__ import annotations

import shlex
import textwrap
from collections.abc import Mapping
from typing import Any

_MARKS = {"ok": "ok", "missing": "MISSING", "failed": "FAILED", "not judged": "-"}
_WIDTH = 100


def render_gate(report: Mapping[str, Any], here: str, explain: bool = False) -> str:
    """The report that `commands.gate.report` makes; with `explain`, each proof's question too.

    `here` is the notebook as the user typed it, for the next command.
    """
    lines = [f"gate: model `{report['model']}` from {report['notebook']}", ""]
    wide = max(len(proof["name"]) for proof in report["proofs"])
    for proof in report["proofs"]:
        lines.append(f"  {_MARKS[proof['status']]:<8}{proof['name']:<{wide}}  {proof['looked_at']}".rstrip())
        if explain and proof["question"]:
            lines.append(f"  {'':<8}{'':<{wide}}  {proof['question']}")
    findings = report["findings"]
    if report["passed"]:
        name = shlex.quote(report["model"])
        register = f"nb-mlops register {shlex.quote(here)} --model {name}"
        return "\n".join([*lines, "", f"open: all {len(report['proofs'])} hold.", "", f"Next: {register}"])
    lines += ["", f"refused, for {len(findings)} reason{'s' if len(findings) != 1 else ''}:"]
    for finding in findings:
        lines += ["", f"  {finding['code']} {finding['rule']}", *_wrapped(finding["data"]["problem"], "    ", "    ")]
        lines += _wrapped(finding["data"]["remedy"], "    -> ", "       ")
    return "\n".join(lines)


def _wrapped(text: str, first: str, rest: str) -> list[str]:
    """Text broken between words only, so that a command or a path stays in one piece as far as it can."""
    return textwrap.wrap(
        text, _WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )


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
            f"  load it  {_environment(entry['store'])}",
            f'           mlflow.pyfunc.load_model("models:/{entry["name"]}/{entry["version"]}")',
        ]
    )


def _environment(store: str) -> str:
    """What tells MLflow where the model is. Runs and artefacts lie in the plain database below a gated registry."""
    plain = store.removeprefix("nbgate+")
    registry = "" if plain == store else f" MLFLOW_REGISTRY_URI={store}"
    return f"MLFLOW_TRACKING_URI={plain}{registry}"

"""Running linters on notebooks and counting how often they are right."""

from __future__ import annotations

import json
import math
import shlex
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

LINT = f"{shlex.quote(sys.executable)} -m nb_mlops lint --no-cache --exit-zero --format json"


@dataclass(frozen=True)
class Said:
    """One finding of a linter about a cell (None: about the notebook)."""

    file: str
    cell: int | None
    code: str
    severity: str
    message: str
    line: int | None = None


def nb_mlops(folder: Path, command: str = LINT) -> list[Said]:
    """What nb-mlops says about the notebooks of a folder."""
    report = _json([*shlex.split(command), str(folder)])
    return [
        Said(
            Path(f["path"]).name,
            f["cell"]["index"] if f["cell"] else None,
            f["code"],
            f["severity"],
            f["message"],
            f.get("line"),
        )
        for f in report["findings"]
    ]


def nborder(folder: Path, program: str = "nborder") -> list[Said]:
    """What nborder says. It is run on each notebook alone, since one that it cannot read would end the whole run."""
    found = []
    for path in sorted(folder.glob("*.ipynb")):
        try:
            report = _json([program, "check", "--exit-zero", "--output-format", "json", str(path)])
        except ValueError:
            continue
        found += [
            Said(path.name, d["cell_index"], d["code"], d["severity"], d["message"], d["line"])
            for d in report["diagnostics"]
        ]
    return found


def ruff(folder: Path, codes: str, program: str = "ruff") -> list[Said]:
    """What ruff says, by the codes asked for and for code that does not parse (code "")."""
    command = [program, "check", "--isolated", "--no-cache", "--exit-zero", "--select", codes]
    return [
        Said(Path(d["filename"]).name, (d.get("cell") or 1) - 1, d["code"] or "", "error", d["message"])
        for d in _json([*command, "--output-format", "json", str(folder)])
    ]


def _json(command: Sequence[str]) -> dict:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        return json.loads(done.stdout)
    except ValueError as problem:
        raise ValueError(f"{command[0]} gave no JSON (exit {done.returncode}): {done.stderr[-800:]}") from problem


def wilson(right: int, total: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson, without correction)."""
    if not total:
        return 0.0, 1.0
    p = right / total
    middle = p + z * z / (2 * total)
    spread = z * math.sqrt(p * (1 - p) / total + z * z / (4 * total * total))
    low, high = (middle - spread) / (1 + z * z / total), (middle + spread) / (1 + z * z / total)
    return max(low, 0.0), min(high, 1.0)


def share(right: int, total: int) -> str:
    """`0.953 [0.92, 0.97] (201/211)`."""
    if not total:
        return "- (0/0)"
    low, high = wilson(right, total)
    return f"{right / total:.3f} [{low:.3f}, {high:.3f}] ({right}/{total})"


def table(rows: Iterable[Sequence[object]], head: Sequence[str]) -> str:
    """A markdown table."""
    lines = [list(map(str, row)) for row in (head, ["---"] * len(head), *rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    return "\n".join("| " + " | ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) + " |" for line in lines)

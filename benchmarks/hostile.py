"""What lint costs on notebooks written to be slow: near matches, unclosed things, deep nests, a million of a kind.

Each kind is one way of being nasty, written to a given size; lint is asked about it at two sizes, by the default rules
with ruff and by all rules there are without. Reported: CPU seconds of the whole process and what it started, less
those of an empty notebook, for each megabyte; how much faster than its size the time grows (1.0 is linear); and peak
memory. A kind is marked that takes more than a second for a megabyte, or grows by more than 1.2.

Not measured: what is found. Values that look like secrets and numbers of persons are drawn at random when run.

    python benchmarks/hostile.py --sizes 1 4 --only email,phone
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from hostile_kinds import KINDS
from scoring import table

_SLOW, _GROWS = 1.0, 1.2
_STOPPED = float("inf")


@dataclass(frozen=True)
class Cost:
    """CPU seconds and peak megabytes; infinite where the run was stopped."""

    cpu: float
    memory: float
    exit: int = 0


def main() -> None:
    """Every kind at every size."""
    options = _options()
    wanted = options.only.split(",") if options.only else []
    names = [name for name in KINDS if not wanted or any(word in name for word in wanted)]
    rules = {"default": [], "all": ["--no-ruff", "--select", "ALL"]}
    rules = {name: more for name, more in rules.items() if name in options.rules}
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
        file = Path(folder) / "a.ipynb"
        rows = []
        for asked, more in rules.items():
            file.write_text(json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}))
            base = min((_run(file, more, options.timeout) for _ in range(3)), key=lambda cost: cost.cpu)
            for name in names:
                rows.append(_measured(name, asked, file, more, base, options))
                print(*rows[-1], sep=" | ", flush=True)
    print()
    print(table(rows, ["kind", "rules", *(f"{size} MB, s" for size in options.sizes), "s/MB", "growth", "MB", ""]))


def _measured(
    name: str, asked: str, file: Path, more: Sequence[str], base: Cost, options: argparse.Namespace
) -> list[object]:
    costs, sizes = [], []
    for size in options.sizes:
        data = KINDS[name](int(size * 1_000_000), Random(options.seed)).encode()
        file.write_bytes(data)
        sizes.append(len(data) / 1e6)
        costs.append(_run(file, more, options.timeout))
        if costs[-1].cpu == _STOPPED:
            break
    seconds = [max(cost.cpu - base.cpu, 0.0) for cost in costs]
    each = seconds[0] / sizes[0]
    growth = (seconds[-1] / sizes[-1]) / each if each > 0.03 and len(costs) > 1 else 1.0
    odd = any(cost.exit not in (0, 1) for cost in costs)
    marks = ["slow"] * (each > _SLOW) + ["grows"] * (growth > _GROWS) + ["exit"] * odd
    shown = [f"{second:.2f}" for second in seconds] + [""] * (len(options.sizes) - len(costs))
    return [name, asked, *shown, f"{each:.2f}", f"{growth:.2f}", f"{costs[-1].memory:.0f}", " ".join(marks)]


def _run(file: Path, more: Sequence[str], timeout: float) -> Cost:
    """Lint in a process of its own that forgets what this one holds."""
    nothing = os.open(os.devnull, os.O_RDWR)
    command = [sys.executable, "-m", "nb_mlops", "lint", "--no-cache", "--exit-zero", "-q", *more, str(file)]
    streams = [(os.POSIX_SPAWN_DUP2, nothing, stream) for stream in (0, 1, 2)]
    child = os.posix_spawn(sys.executable, command, os.environ, file_actions=streams)
    os.close(nothing)
    if hasattr(resource, "prlimit"):
        resource.prlimit(child, resource.RLIMIT_CPU, (int(timeout), int(timeout)))
    _, status, used = os.wait4(child, 0)
    memory = used.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    cpu = _STOPPED if os.waitstatus_to_exitcode(status) < 0 else used.ru_utime + used.ru_stime
    return Cost(cpu, memory, os.waitstatus_to_exitcode(status))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=float, nargs="+", default=[1, 4], help="megabytes")
    parser.add_argument("--only", default="", help="words of the kinds to run, parted by commas")
    parser.add_argument("--rules", nargs="+", choices=("default", "all"), default=("default", "all"))
    parser.add_argument("--timeout", type=float, default=120.0, help="CPU seconds after which a run is stopped")
    parser.add_argument("--seed", type=int, default=4411)
    return parser.parse_args()


if __name__ == "__main__":
    main()

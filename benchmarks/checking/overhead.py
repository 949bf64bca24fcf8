"""What does a check cost beside the notebook itself? Two notebooks of known length, in turn with something plainer.

    python benchmarks/checking/overhead.py [--seconds 60] [--rounds 3] [--only watched|four]

- `watched`: one run as `check` makes it (probe after every cell, files watched, fingerprints) beside the same notebook
  under bare nbclient. The notebook takes 60 s: pure Python, numpy, and a table of pandas that most cells change.
- `four`: `check --repeat 4`, as a user calls it (lint, four runs, comparison, signature), beside `check --repeat 1`, of
  a notebook that keeps one processor busy for half as long.

Nothing else should run meanwhile: the table says what the load was. CPU counts every process, wall is a clock's; the
median of the rounds, in brackets the best and the worst.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SPIN = "def spin(n):\n    total = 0\n    for i in range(n):\n        total += i * i % 7\n    return total\n"
FRAME = (
    "import numpy as np\nimport pandas as pd\nrng = np.random.default_rng(0)\n"
    "frame = pd.DataFrame(rng.normal(size=(200_000, 8)), columns=list('abcdefgh'))\nfound = {}\n"
)
BARE = (
    "import nbformat, sys\nfrom nbclient import NotebookClient\n"
    "NotebookClient(nbformat.read(sys.argv[1], 4), kernel_name='python3', timeout=None).execute()"
)
WATCHED = (
    "import sys, os\nfrom nb_mlops.core.run import Probe, RunRequest\nfrom nb_mlops.outside.run_one import run\n"
    "path = os.path.abspath(sys.argv[1]); here = os.path.dirname(path)\n"
    "record = run(RunRequest('R0', path, here, environ={'PYTHONHASHSEED': '0'}, probe=Probe.CELLS, watched=(here,)))\n"
    "assert record.ok, record.error"
)


@dataclass(frozen=True)
class Cost:
    """What a command took."""

    wall: float
    cpu: float


def main() -> None:
    """Measure what was asked for and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0, help="length of the notebook")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=("watched", "four"))
    options = parser.parse_args()
    turns = per_second()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "pyproject.toml").touch()
        os.environ["NB_MLOPS_KEY"] = str(folder / "key.pem")
        if options.only != "four":
            write(folder / "mixed.ipynb", mixed(options.seconds, turns))
            pair("watched run", "bare nbclient", *(costs(folder, options.rounds, bare_and_watched())), options)
        if options.only != "watched":
            write(folder / "busy.ipynb", busy(options.seconds / 2, turns))
            pair("four runs", "one run", *(costs(folder, options.rounds, one_and_four())), options)


def per_second() -> int:
    """How often the loop turns in a second here."""
    turns = 2_000_000
    code = f"{SPIN}\nimport time\ns = time.process_time()\nspin({turns})\nprint(time.process_time() - s)"
    took = [float(subprocess.check_output([sys.executable, "-c", code])) for _ in range(3)]
    return int(turns / min(took))


def mixed(seconds: float, turns: int) -> list[str]:
    """Cells of half a second each; every other one also changes the table, or shows a part of it."""
    cells = [SPIN, FRAME]
    for i in range(int(2 * seconds)):
        work = f"found[{i}] = spin({turns // 2})"
        shown = ("frame.head()", f"print(found[{i}])", "frame.describe()", "")[i % 4]
        change = f"frame['abcdefgh'[{i % 8}]] *= 1.001" if i % 2 else ""
        cells.append("\n".join(line for line in (work, change, shown) if line))
    return cells


def busy(seconds: float, turns: int) -> list[str]:
    """Cells of a second each that do nothing but count."""
    return [SPIN, "import pandas as pd", *(f"print(spin({turns}))" for _ in range(int(seconds)))]


def write(path: Path, sources: list[str]) -> None:
    """A notebook of these cells."""
    empty: dict[str, Any] = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [{**empty, "id": f"c{i}", "source": source} for i, source in enumerate(sources)]
    spec = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    path.write_text(json.dumps({"cells": cells, "metadata": spec, "nbformat": 4, "nbformat_minor": 5}))


def bare_and_watched() -> tuple[list[str], list[str]]:
    """The commands of the first table."""
    return [sys.executable, "-c", BARE, "mixed.ipynb"], [sys.executable, "-c", WATCHED, "mixed.ipynb"]


def one_and_four() -> tuple[list[str], list[str]]:
    """The commands of the second table."""
    check = [sys.executable, "-m", "nb_mlops", "check", "busy.ipynb", "--progress", "none", "--repeat"]
    return [*check, "1"], [*check, "4"]


def costs(folder: Path, rounds: int, commands: tuple[list[str], list[str]]) -> tuple[list[Cost], list[Cost]]:
    """What the two commands took, in turn."""
    found: tuple[list[Cost], list[Cost]] = ([], [])
    for i in range(rounds):
        for command, into in zip(commands, found, strict=True):
            into.append(cost(folder, command))
            print(f"round {i + 1}: {into[-1].wall:.1f} s, CPU {into[-1].cpu:.1f} s", file=sys.stderr)
    return found


def cost(folder: Path, command: list[str]) -> Cost:
    """Run a command with all that it starts."""
    began = time.monotonic()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):  # 1: a single run proves nothing
        raise SystemExit(said.decode()[-800:])
    return Cost(time.monotonic() - began, used.ru_utime + used.ru_stime)


def pair(name: str, base: str, under: list[Cost], over: list[Cost], options: argparse.Namespace) -> None:
    """Print a table of two commands."""
    load = os.getloadavg()[0]
    print(f"\n{os.cpu_count()} processors, load {load:.1f} at the end, {options.rounds} rounds\n")
    print("| | wall s | CPU s | times wall | times CPU |\n|---|--:|--:|--:|--:|")
    for words, these in ((base, under), (name, over)):
        walls, cpus = [c.wall for c in these], [c.cpu for c in these]
        times = statistics.median(walls) / statistics.median(c.wall for c in under)
        times_cpu = statistics.median(cpus) / statistics.median(c.cpu for c in under)
        print(f"| {words} | {spread(walls)} | {spread(cpus)} | {times:.3f} | {times_cpu:.3f} |")


def spread(values: list[float]) -> str:
    """`61.0 (60.2-63.1)`."""
    return f"{statistics.median(values):.1f} ({min(values):.1f}-{max(values):.1f})"


if __name__ == "__main__":
    main()

"""What linting a folder of notebooks costs, beside the peers that are installed.

Every program does its work on the same copy of the folder, one after another, for several rounds, so that a busy hour
of a shared machine falls on all of them. Reported per program, as medians over the rounds: CPU seconds (user + system,
processes it started included), wall seconds, the peak memory of its largest process, its exit code, and CPU as a ratio
to `ruff check --no-cache`. Below: what starting costs, on the smallest notebook of the folder, beside a bare Python.

Not measured: what the programs find, and whether they stop early. An exit code above 1 usually says that one did: its
figures are then for less than the whole folder.

    python benchmarks/peers.py FOLDER --rounds 3 --bin /path/to/venv/bin --json
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from scoring import table

OURS = [sys.executable, "-m", "nb_mlops", "lint", "--exit-zero"]


@dataclass(frozen=True)
class Cost:
    """What one run took: seconds, megabytes, and the exit code (None when it was stopped)."""

    cpu: float
    wall: float
    memory: float
    exit: int | None


def main() -> None:
    """Run everything in turn, print the medians."""
    options = _options()
    path = os.pathsep.join([*map(str, options.bin), os.environ.get("PATH", "")])
    os.environ["PATH"] = path
    work = Path(tempfile.mkdtemp(prefix="peers-"))
    try:
        folder = work / "notebooks"
        shutil.copytree(options.folder, folder)
        files = sorted(folder.rglob("*.ipynb"))
        commands = _commands(files)
        missing = [name for name, command in commands.items() if shutil.which(command[0]) is None]
        if options.only:
            commands = {name: command for name, command in commands.items() if name in options.only}
        present = {name: command for name, command in commands.items() if name not in missing}
        size = sum(file.stat().st_size for file in files)
        print(f"{len(files)} notebooks, {size / 1e6:.0f} MB; not installed: {', '.join(missing) or 'none'}", flush=True)
        rounds = [_round(present, folder, options.timeout) for _ in range(options.rounds)]
        smallest = min(files, key=lambda file: file.stat().st_size)
        bare = {
            "bare Python": [sys.executable, "-c", "pass"],
            "nb-mlops, one small notebook": [*OURS, "--no-cache", str(smallest.relative_to(folder))],
        }
        starts = [_round(bare, folder, options.timeout) for _ in range(max(5, options.rounds))]
        _print(rounds, starts, as_json=options.json)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _commands(files: Sequence[Path]) -> dict[str, list[str]]:
    """Each program, asked for no more than findings. The working directory is the folder."""
    return {
        "ruff": ["ruff", "check", "--no-cache", "--isolated", "--exit-zero", "--quiet", "."],
        "nb-mlops, cold": [*OURS, "--no-cache", "."],
        "nb-mlops, cold, no search": [*OURS, "--no-cache", "--ignore", ",".join(_searching()), "."],
        "nb-mlops, warm": [*OURS, "."],
        "nborder": ["nborder", "check", "--exit-zero", "."],
        "nbqa pyflakes": ["nbqa", "pyflakes", "."],
        "pynblint": ["pynblint", "."],
        "nbstripout, dry run": ["nbstripout", "--dry-run", *(str(file) for file in files)],
        "detect-secrets": ["detect-secrets", "scan", "--all-files", "."],
        "kingfisher": ["kingfisher", "scan", "--no-validate", "."],
    }


def _searching() -> list[str]:
    """The families that search all texts, outputs included: those beside order, format, reproducibility, structure.

    Left out by `--ignore`, so that of the others the default rules run; `--select` would also run those that are off.
    """
    listed = [sys.executable, "-m", "nb_mlops", "rules", "--format", "json"]
    rows = json.loads(subprocess.run(listed, capture_output=True, check=True, text=True).stdout)
    return sorted({row["code"][:2] for row in rows} - {"EX", "FM", "RE", "ST"})


def _round(commands: dict[str, list[str]], folder: Path, timeout: float) -> dict[str, Cost]:
    costs = {}
    for name, command in commands.items():
        if name == "nb-mlops, warm":
            run(command, folder, timeout)
        costs[name] = run(command, folder, timeout)
        print(f"  {name}: {costs[name].cpu:.2f} s CPU, exit {costs[name].exit}", file=sys.stderr, flush=True)
    return costs


def run(command: Sequence[str], folder: Path, timeout: float) -> Cost:
    """Run a command to its end in a process group of its own; its output is thrown away."""
    program = shutil.which(command[0]) or command[0]
    started = time.perf_counter()
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        os.chdir(folder)
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        os.execv(program, list(command))
    stopped = threading.Event()

    def stop() -> None:
        stopped.set()
        os.killpg(child, signal.SIGKILL)

    timer = threading.Timer(timeout, stop)
    timer.start()
    _, status, used = os.wait4(child, 0)
    timer.cancel()
    wall = time.perf_counter() - started
    memory = used.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    return Cost(
        used.ru_utime + used.ru_stime, wall, memory, None if stopped.is_set() else os.waitstatus_to_exitcode(status)
    )


def _print(rounds: Sequence[dict[str, Cost]], starts: Sequence[dict[str, Cost]], as_json: bool) -> None:
    medians = {**_medians(rounds), **_medians(starts)}
    if as_json:
        print(json.dumps({name: asdict(cost) for name, cost in medians.items()}, indent=1))
        return
    for names, unit in ((rounds[0], "ruff"), (starts[0], "bare Python")):
        base = medians.get(unit)
        rows = [
            [
                name,
                f"{medians[name].cpu:.2f}",
                f"{medians[name].cpu / base.cpu:.2f}" if base and base.cpu else "-",
                f"{medians[name].wall:.2f}",
                f"{medians[name].memory:.0f}",
                "stopped" if medians[name].exit is None else medians[name].exit,
            ]
            for name in names
        ]
        print(table(rows, ["", "CPU s", f"times {unit}", "wall s", "peak MB", "exit"]), end="\n\n")


def _medians(rounds: Sequence[dict[str, Cost]]) -> dict[str, Cost]:
    return {
        name: Cost(
            statistics.median(costs[name].cpu for costs in rounds),
            statistics.median(costs[name].wall for costs in rounds),
            statistics.median(costs[name].memory for costs in rounds),
            rounds[-1][name].exit,
        )
        for name in rounds[0]
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--timeout", type=float, default=900.0, help="seconds after which a program is stopped")
    parser.add_argument("--bin", type=Path, action="append", default=[], help="a folder with programs of peers")
    parser.add_argument("--only", nargs="*", help="names of the programs to run")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()

"""Kill -9 at any moment: does anything stay behind, and does the next call go on where this one was?

    python benchmarks/checking/killed.py [--times 12] [--points 60] [--seed N]

- a grid is killed when half of its points are known, and called again: every point must be there once, none of those
  known before may have been run again, and no kernel may be left;
- checks are killed at moments drawn at random over their whole length, in turn the check itself, the process of a run
  and a kernel; after each, no process of it may be left, the evidence must be none or whole, and at the end a check
  that nobody kills must succeed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CHECK = [sys.executable, "-m", "nb_mlops", "check", "n.ipynb", "--progress", "none"]
NOTEBOOK = (
    "point = 1",
    "import os, subprocess\nsubprocess.Popen(['sleep', '987654'])\n"
    "subprocess.Popen(['sleep', '987654'], start_new_session=True)",
    "import numpy as np\nimport nb_mlops\nhandle = os.open(os.environ['COUNTED'], os.O_WRONLY | os.O_APPEND)\n"
    "os.write(handle, f'{point}\\n'.encode())\nos.close(handle)\nnb_mlops.metric('score', point / 2)",
    "from sklearn.linear_model import Ridge\nX = np.arange(20.).reshape(10, 2)\n"
    "nb_mlops.model(Ridge().fit(X, X.sum(1)), 'sums', example=X[:2])",
)  # fmt: skip


def main() -> int:
    """Measure both; how much went wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=12)
    parser.add_argument("--points", type=int, default=60)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "project")
        counted = Path(place, "counted")
        folder.mkdir()
        counted.touch()
        os.environ.update(NB_MLOPS_KEY=f"{place}/key.pem", COUNTED=str(counted), KILLED_HERE=place)
        write(folder)
        wrong = grid(folder, counted, options.points) if options.points else 0
        return min(1, wrong + checks(folder, options.times, random.Random(options.seed)))


def write(folder: Path) -> None:
    """The project with its notebook."""
    (folder / "nb-mlops.toml").touch()
    empty = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [{**empty, "id": f"c{i}", "source": source} for i, source in enumerate(NOTEBOOK)]
    cells[0]["metadata"] = {"tags": ["parameters"]}
    spec = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    (folder / "n.ipynb").write_text(json.dumps({"cells": cells, "metadata": spec, "nbformat": 4, "nbformat_minor": 5}))


def grid(folder: Path, counted: Path, points: int) -> int:
    """Kill a grid half-way and call it again."""
    (folder / "grid.json").write_text(json.dumps({"point": list(range(points))}))
    kept = folder / ".nb-mlops" / "runs"
    process = subprocess.Popen([*CHECK, "--grid", "grid.json"], cwd=folder, stdout=subprocess.DEVNULL)
    while len(list(kept.glob("*.json")) if kept.exists() else []) < points / 2 and process.poll() is None:
        time.sleep(0.01)
    process.kill()
    process.wait()
    left = remaining()
    known = len(list(kept.glob("*.json")))
    before = counted.read_text().split()
    again = subprocess.run(
        [*CHECK, "--grid", "grid.json", "--format", "json"], cwd=folder, capture_output=True, check=False
    )
    found = json.loads(again.stdout)["points"]
    once = [p["metrics"]["score"] for p in found] == [i / 2 for i in range(points)]
    new = counted.read_text().split()[len(before) :]
    cut = len(before) - known
    right = once and not left and len(new) == points - known and len(set(before) | set(new)) == points
    print(
        f"grid of {points}: killed with {known} known and {cut} that had counted but were not kept; run again "
        f"{len(new)}; every point once in the report: {once}; left running: {left}: {'right' if right else 'WRONG'}"
    )  # fmt: skip
    return not right


def checks(folder: Path, times: int, draw: random.Random) -> int:
    """Kill checks at random moments; how many left something behind."""
    began = time.monotonic()
    subprocess.run(CHECK, cwd=folder, stdout=subprocess.DEVNULL, check=False)
    whole, wrong = time.monotonic() - began, 0
    for i in range(times):
        whose = ("check", "run", "kernel")[i % 3]
        process = subprocess.Popen(CHECK, cwd=folder, stdout=subprocess.DEVNULL, start_new_session=True)
        moment = draw.uniform(0, whole)
        time.sleep(moment)
        victim = (
            process.pid if whose == "check" else find(process.pid, {"run": "run_one", "kernel": "launch.py"}[whose])
        )
        if victim:
            os.kill(victim, signal.SIGKILL)
        process.wait()
        left, evidence = remaining(), torn(folder)
        wrong += bool(left or evidence)
        print(
            f"{whose} {'killed' if victim else 'not there'} after {moment:.1f} of {whole:.1f} s: "
            f"exit {process.returncode}, left running {left}, torn evidence {evidence}", flush=True,
        )  # fmt: skip
    done = subprocess.run(CHECK, cwd=folder, stdout=subprocess.DEVNULL, check=False)
    print(f"a check after all that ends with {done.returncode}; {wrong} of {times} left something behind")
    return wrong + done.returncode


def find(root: int, word: str) -> int:
    """A process below this one with the word in its command; 0 where there is none."""
    todo = [root]
    while todo:
        pid = todo.pop()
        try:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            if word in Path(f"/proc/{pid}/cmdline").read_text():
                return pid
        except OSError:
            continue
        todo += [int(child) for child in children] + threads(pid)
    return 0


def threads(pid: int) -> list[int]:
    """Children that other threads than the first have started."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(child) for child in task.read_text().split()]
        except OSError:
            continue
    return found


def remaining() -> list[str]:
    """What of ours is still running after two seconds: the environment names the folder of this measurement."""
    mark, until, found = f"KILLED_HERE={os.environ['KILLED_HERE']}\0".encode(), time.monotonic() + 2, ["?"]
    while found and time.monotonic() < until:
        found = []
        for place in Path("/proc").glob("[0-9]*"):
            try:
                if int(place.name) != os.getpid() and mark in (place / "environ").read_bytes():
                    found.append((place / "cmdline").read_text().replace("\0", " ")[:60])
            except OSError:
                continue
    return found


def torn(folder: Path) -> list[str]:
    """Statements that are not whole."""
    found = []
    for file in folder.glob(".nb-mlops/evidence/*/*.json"):
        try:
            json.loads(file.read_bytes())
        except ValueError:
            found.append(file.name)
    return found


if __name__ == "__main__":
    sys.exit(main())

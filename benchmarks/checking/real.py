"""Does `check` say of real notebooks what a person says who has read and run them? Beside papermill, nbval and nbmake.

    python benchmarks/checking/real.py FOLDER [--bin /path/to/venv/bin] [--only TEXT] [--seconds 150] [--kept FILE]

FOLDER holds checkouts of public repositories as `owner+name`; `real.json` lists the notebooks, each with the verdict
and the causes that are right, written down by hand. They were drawn at random (at most three of a repository) from
notebooks of 15 to 500 lines that need no network as far as their text says, plus some with missing libraries and files;
runs have no network (a proxy that refuses). A notebook that is another one today is left out. It takes an hour
and more, so what was found is kept in FILE, and the next call goes on there.

papermill, nbval and nbmake know only good and bad, so for them bad is right where a notebook fails or does not repeat.
What this does not measure: notebooks that take minutes, GPUs, and notebooks of companies.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
CLOSED = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")


def main() -> None:
    """Check each notebook, ask the peers that are there, print both tables."""
    options = parsed()
    rows = []
    kept = Kept(options.kept)
    for expected in json.loads((HERE / "real.json").read_text("utf-8")):
        place = options.folder / expected["repository"].replace("/", "+") / expected["path"]
        if options.only not in expected["path"] or not place.is_file():
            continue
        if hashlib.sha256(place.read_bytes()).hexdigest()[:16] != expected["sha256"]:
            continue
        row = {"expected": expected, "nb-mlops": kept.get(expected, "nb-mlops", partial(checked, place, options))}
        for name, ask in asked(place, options).items():
            row[name] = kept.get(expected, name, ask)
        print(f"{expected['path']}: {row['nb-mlops'].get('verdict')} {row['nb-mlops'].get('cause')}", file=sys.stderr)
        rows.append(row)
    table(rows)


def parsed() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--bin", type=Path, help="where papermill and pytest with nbval and nbmake are")
    parser.add_argument("--only", default="", help="notebooks whose path holds this text")
    parser.add_argument("--kept", type=Path, help="where answers are kept")
    parser.add_argument("--seconds", type=int, default=150, help="what one run may take")
    return parser.parse_args()


class Kept:
    """Answers that were given before, one JSON line each."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        lines = path.read_text("utf-8").splitlines() if path and path.exists() else []
        self._known = {(tool, digest): answer for tool, digest, answer in map(json.loads, lines)}

    def get(self, expected: dict[str, Any], tool: str, ask: Callable[[], Any]) -> Any:
        """What a tool says of a notebook."""
        key = (tool, expected["sha256"])
        if key not in self._known:
            self._known[key] = ask()
            if self._path:
                with self._path.open("a", encoding="utf-8") as file:
                    file.write(json.dumps([*key, self._known[key]]) + "\n")
        return self._known[key]


def checked(place: Path, options: argparse.Namespace) -> dict[str, Any]:
    """What `nb-mlops check` says, in a home of its own."""
    command = [sys.executable, "-m", "nb_mlops", "check", place.name, "--format", "json", "--progress", "none"]
    with tempfile.TemporaryDirectory() as home:
        environ = {**os.environ, **CLOSED, "NB_MLOPS_KEY": f"{home}/key.pem"}
        said = subprocess.run(
            [*command, "--timeout", str(options.seconds)],
            cwd=place.parent,
            env=environ,
            capture_output=True,
            check=False,
        )
    try:
        report: dict[str, Any] = json.loads(said.stdout)
    except ValueError:
        return {"verdict": "none", "cause": said.stderr.decode(errors="replace")[-200:]}
    return report


def asked(place: Path, options: argparse.Namespace) -> dict[str, Callable[[], bool | None]]:
    """What tells of each peer whether it passes the notebook; None where it is not there or took too long."""
    if options.bin is None:
        return {}
    limit = str(options.seconds)
    plain = [str(options.bin / "python"), "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
    commands = {
        "papermill": [
            str(options.bin / "papermill"),
            "-k",
            "python3",
            "--execution-timeout",
            limit,
            place.name,
            os.devnull,
        ],
        "nbmake": [*plain, "--nbmake", f"--nbmake-timeout={limit}", place.name],
        "nbval": [*plain, "--nbval", f"--nbval-cell-timeout={limit}", "--nbval-current-env", place.name],
    }
    environ = {**os.environ, **CLOSED, "MPLBACKEND": "agg", "PATH": f"{options.bin}{os.pathsep}{os.environ['PATH']}"}
    return {
        name: partial(passes, command, place.parent, environ, 2 * options.seconds) for name, command in commands.items()
    }


def passes(command: list[str], folder: Path, environ: dict[str, str], seconds: int) -> bool | None:
    """Whether a command ends well; None where it is not there or takes too long."""
    if shutil.which(command[0]) is None:
        return None
    try:
        ended = subprocess.run(command, cwd=folder, env=environ, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return None
    return ended.returncode == 0


def right(report: dict[str, Any], expected: dict[str, Any]) -> tuple[bool, bool]:
    """Whether the verdict is right, and whether the named cause is, too."""
    good = report.get("verdict") == expected["verdict"]
    if expected["verdict"] == "failed":
        return good, good and report.get("cause") in expected["causes"]
    words = " ".join(f["message"] for f in report.get("findings", ()) if f["severity"] == "error")
    return good, good and all(word in words for word in expected["causes"])


def table(rows: list[dict[str, Any]]) -> None:
    """Print what is wrong, and the tables."""
    judged = [right(row["nb-mlops"], row["expected"]) for row in rows]
    verdicts, causes = sum(verdict for verdict, _ in judged), sum(cause for _, cause in judged)
    print(f"\n{len(rows)} notebooks: verdict right in {verdicts}, cause too in {causes}\n")
    for row, (_, cause) in zip(rows, judged, strict=True):
        if not cause:
            expected = row["expected"]
            said = f"{row['nb-mlops'].get('verdict')}, {row['nb-mlops'].get('cause')}"
            wanted = f"{expected['verdict']}, {expected['causes']}"
            print(f"- {expected['repository']} {expected['path']}: {said}, instead of {wanted}")
    print("\n| | good notebooks | called bad | bad notebooks | called good | verdict and cause right |")
    print("|---|--:|--:|--:|--:|--:|")
    for tool in ("nb-mlops", "papermill", "nbmake", "nbval"):
        known = [row for row in rows if row.get(tool) is not None]
        good = [row for row in known if row["expected"]["verdict"] == "reproducible"]
        bad = [row for row in known if row["expected"]["verdict"] != "reproducible"]
        if known:
            alarms, misses = sum(not passed(row[tool]) for row in good), sum(passed(row[tool]) for row in bad)
            named = f"{sum(c for _, c in judged)}" if tool == "nb-mlops" else "no"
            print(f"| {tool} | {len(good)} | {alarms} | {len(bad)} | {misses} | {named} |")


def passed(said: Any) -> bool:
    """Whether a tool calls a notebook good."""
    return said is True or (isinstance(said, dict) and said.get("verdict") == "reproducible")


if __name__ == "__main__":
    main()

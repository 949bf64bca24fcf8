"""What `nb-mlops convert` makes of many notebooks: with all its runs and its proof, or without running anything.

    python benchmarks/proving.py FOLDER --out results.jsonl [--seconds 300] [--python /clean/venv/bin/python]
    python benchmarks/proving.py FOLDER --out results.jsonl --static [--every 5]

Each notebook is converted where it stands, in a process of its own that has no network (a proxy that refuses) and
`--seconds`; a line is written for each, and a notebook that has one is not converted again. A package is installed into
an empty folder, and its tests are run from there without its sources by `--python`, an interpreter that has what the
notebook needs and no nb-mlops. `--static`: nothing is run; each name in what is made must be defined (ruff F821,
F823), files must compile and be laid out as `ruff format` does, and pyproject.toml must name the package.
What is made is thrown away, and nothing of a notebook is kept but its path.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tomllib  # Python 3.11

CLOSED = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
TESTS_SECONDS = 600


def ran(command: list[str], folder: Path, environ: dict[str, str], seconds: float) -> tuple[int | None, str, str]:
    """Exit code (None when it took too long), standard output and error; nothing of it is left running."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        # Asked first: only nb-mlops itself knows the processes that it started in groups of their own.
        for how, patience in ((signal.SIGTERM, 20), (signal.SIGKILL, None)):
            os.killpg(process.pid, how)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.communicate(timeout=patience)
                break
        return None, "", ""
    return process.returncode, out, err


def converted(notebook: Path, options: argparse.Namespace) -> dict[str, Any]:
    """What came of one notebook."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        package = Path(scratch) / "package"
        environ = {**os.environ, **CLOSED, "NB_MLOPS_KEY": f"{scratch}/key.pem"}
        command = [sys.executable, "-m", "nb_mlops", "convert", notebook.name, "--out", str(package)]
        command += ["--format", "json", *(["--no-run"] if options.static else [])]
        code, out, err = ran(command, notebook.parent, environ, options.seconds)
        row: dict[str, Any] = {"code": code, "seconds": round(time.monotonic() - started, 1)}
        try:
            report = json.loads(out)
        except ValueError:
            return {**row, "said": err[-500:]}
        kept = ("equal", "compared", "nondeterministic", "beside", "proven", "level", "mistakes")
        row |= {key: report[key] for key in kept}
        row["findings"] = [[one["code"], one["cell"], one["message"]] for one in map(short, report["findings"])]
        if report["out"]:
            row |= checked(package) if options.static else tested(package, Path(scratch), options.python)
    return row


def short(finding: dict[str, Any]) -> dict[str, Any]:
    """Of a finding, what a table needs."""
    span = finding.get("span") or {}
    return {"code": finding["code"], "cell": span.get("cell"), "message": finding["message"]}


def checked(package: Path) -> dict[str, Any]:
    """Names that are defined nowhere, in the words of ruff; and whether files compile, are laid out, name a package."""
    python, plain = [sys.executable, "-m"], ["--isolated", "--no-cache", "--quiet"]
    command = [*python, "ruff", "check", *plain, "--select", "F821,F823,E9", "--output-format", "concise", "."]
    said = subprocess.run(command, cwd=package, capture_output=True, text=True)
    layout = subprocess.run([*python, "ruff", "format", "--check", *plain, "."], cwd=package, capture_output=True)
    compiled = subprocess.run([*python, "compileall", "-q", "."], cwd=package, capture_output=True)
    named = tomllib.loads((package / "pyproject.toml").read_text("utf-8"))["project"]["name"]
    sound = {"layout": not layout.returncode, "compiles": not compiled.returncode, "named": bool(named)}
    return {"undefined": said.stdout.splitlines(), **sound}


def tested(package: Path, scratch: Path, python: str) -> dict[str, bool]:
    """Whether the package installs, and whether its tests pass where it is installed."""
    site = scratch / "site"
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--no-index"]
    installs, _, _ = ran([*pip, "--target", str(site), str(package)], scratch, {**os.environ}, TESTS_SECONDS)
    (package / "src").rename(scratch / "sources")
    environ = {**os.environ, **CLOSED, "PYTHONPATH": str(site), "MPLBACKEND": "agg"}
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "pythonpath=tests", "tests"]
    tests, _, _ = ran(command, package, environ, TESTS_SECONDS)
    return {"installs": installs == 0, "tests": tests == 0}


def rows(options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """A line for every notebook, those of earlier runs first."""
    done = [json.loads(line) for line in options.out.read_text().splitlines()] if options.out.is_file() else []
    yield from done
    notebooks = sorted(path for path in options.folder.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)
    for notebook in notebooks[:: options.every]:
        name = notebook.relative_to(options.folder).as_posix()
        if any(row["notebook"] == name for row in done):
            continue
        row = {"notebook": name, **converted(notebook, options)}
        with options.out.open("a") as out:
            out.write(json.dumps(row) + "\n")
        yield row


def main() -> None:
    """Convert, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--static", action="store_true")
    parser.add_argument("--every", type=int, default=1)
    options = parser.parse_args()
    every = list(rows(options))
    made = [row for row in every if row.get("level")]
    print(f"{len(every)} notebooks; {len(made)} packages")
    counts = {
        "took too long": sum(row["code"] is None for row in every),
        "notebook does not run": sum(row["code"] == 4 for row in every),
        "not Python, or unreadable": sum(row["code"] == 2 for row in every),
        "refused, with the cell": sum("level" in row and not row["level"] for row in every),
        "our fault": sum(row["code"] not in (0, 1, 2, 4, None) for row in every),
    }
    if options.static:
        counts["packages with undefined names"] = sum(bool(row.get("undefined")) for row in made)
        for what in ("layout", "compiles", "named"):
            counts[f"packages that fail: {what}"] = sum(not row[what] for row in made)
    else:
        proven = [row for row in made if row["proven"]]
        counts["proven"] = len(proven)
        counts["nothing to compare"] = sum(not row["proven"] and not row["compared"] for row in made)
        counts["final values equal"] = sum(row["equal"] for row in made)
        counts["of"] = sum(row["compared"] for row in made)
        counts["installs"] = sum(row["installs"] for row in made)
        counts["own tests pass"] = sum(row["tests"] for row in made)
        tried = [row["mistakes"] for row in made if row["mistakes"] and row["mistakes"]["tried"]]
        counts["mistakes tried"] = sum(one["tried"] for one in tried)
        counts["mistakes noticed"] = sum(one["noticed"] for one in tried)
        shares = [one["noticed"] / one["tried"] for one in tried]
        print(f"median share of mistakes noticed: {statistics.median(shares) if shares else 0:.2f}")
    for what, count in counts.items():
        print(f"{what}: {count}")


if __name__ == "__main__":
    main()

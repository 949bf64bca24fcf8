"""What becomes of notebooks that are converted: by nb-mlops, soorgeon, `nbconvert --to script` and jupytext.

    python benchmarks/converting.py FOLDER [--run 10] [--bin FOLDER_OF_PROGRAMS]

For every notebook of FOLDER and every tool: whether it makes anything, whether what it makes is Python without
undefined names (pyflakes), and the CPU seconds of the tool and what it starts. The first `--run` notebooks that run
to their end are also run, and the values at the end of what was made are compared with the notebook's (fingerprints
of the names that every run of it binds alike, relative tolerance 1e-6); of nb-mlops' packages it is also told whether
they install and pass their own tests. What soorgeon makes is not run: it needs ploomber, and hands values over as
pickles.

Nothing of a notebook is kept. Tools that are not found are named as missing.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

SECONDS = 600
HARNESS = """
import json, sys, types
sys.path.insert(0, {portable!r})
from nb_mlops.portable.fingerprint import fingerprint
space = {{"__name__": "__main__", "display": lambda *a, **k: None, "get_ipython": lambda: None}}
exec(compile(open({script!r}).read(), {script!r}, "exec"), space)
names = json.load(open({names!r}))
found = {{n: fingerprint(space[n]) for n in names if n in space}}
json.dump(found, open({out!r}, "w"))
"""


@dataclass
class Score:
    """Counts of one tool."""

    asked: int = 0
    made: int = 0
    clean: int = 0
    seconds: float = 0.0
    ran: int = 0
    equal: int = 0
    installs: int = 0
    tests: int = 0
    notes: list[str] = field(default_factory=list)


def timed(command: list[str], folder: Path) -> tuple[int, float]:
    """Exit code and CPU seconds of a command and what it starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environ = {**os.environ, "MPLBACKEND": "agg"}
    try:
        code = subprocess.run(
            command,
            cwd=folder,
            env=environ,
            capture_output=True,
            timeout=SECONDS,
            stdin=subprocess.DEVNULL,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired:
        code = -1
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return code, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


Tool = Callable[[Path, Path], list[str]]
OURS = [sys.executable, "-m", "nb_mlops", "convert"]


def tools(folder: str) -> Iterator[tuple[str, Tool]]:
    """The tools that are there, with their commands for a notebook and an output folder."""
    path = os.pathsep.join([folder, os.environ.get("PATH", "")]) if folder else None
    yield "nb-mlops convert --no-run", lambda nb, out: [*OURS, str(nb), "--out", str(out / "package"), "--no-run"]
    peers: dict[str, Tool] = {
        "soorgeon": lambda nb, out: ["refactor", str(nb), "--file-format", "py"],
        "jupyter-nbconvert": lambda nb, out: ["--to", "script", "--output-dir", str(out), str(nb)],
        "jupytext": lambda nb, out: ["--to", "py:percent", "--output", str(out / "script.py"), str(nb)],
    }
    for name, arguments in peers.items():
        program = shutil.which(name, path=path)
        if program is None:
            print(f"{name}: not found", file=sys.stderr)
        else:
            yield name, lambda nb, out, program=program, arguments=arguments: [program, *arguments(nb, out)]


def is_clean(out: Path) -> bool:
    """Whether everything that was made is Python without undefined names."""
    files = [path for path in out.rglob("*.py") if path.parts[-2] not in ("tests", "nbm_golden")]
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in files]
    try:
        for text in texts:
            ast.parse(text)
    except SyntaxError:
        return False
    command = [sys.executable, "-m", "pyflakes", *map(str, files)]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return bool(files) and "undefined name '" not in said


def runs(notebook: Path) -> dict[str, object] | None:
    """The values at the end of a notebook that two runs of it agree on; None where it does not run."""
    from nb_mlops.core.run import Probe, RunRequest
    from nb_mlops.outside import run_one
    from nb_mlops.portable.difference import difference, is_type_only

    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "notebook.ipynb"
        shutil.copyfile(notebook, copy)
        place = str(notebook.parent)
        made = [RunRequest(f"R{n}", str(copy), place, timeout=200, cell_timeout=200, probe=Probe.FINAL) for n in (0, 1)]
        first, second = run_one.run_together(tuple(made), 2)
    if not (first.ok and second.ok):
        return None
    same = {n: v for n, v in first.names.items() if n in second.names and not difference(v, second.names[n], 1e-6)}
    return {name: value for name, value in same.items() if not is_type_only(value)}


def script_is_equal(out: Path, folder: Path, truth: dict[str, object]) -> bool:
    """Whether a script, run where the notebook stands, ends with the notebook's values."""
    from nb_mlops.portable.difference import difference

    script = next(out.rglob("*.py"), None)
    if script is None:
        return False
    names, found = out / "names.json", out / "found.json"
    names.write_text(json.dumps(list(truth)))
    root = str(Path(__file__).resolve().parent.parent)
    code = HARNESS.format(portable=root, script=str(script), names=str(names), out=str(found))
    timed([sys.executable, "-c", code], folder)
    if not found.is_file():
        return False
    got = json.loads(found.read_text())
    return all(name in got and not difference(value, got[name], 1e-6) for name, value in truth.items())


def try_ours(notebook: Path, out: Path, score: Score) -> None:
    """The whole conversion with its proof, an installation, the package's own tests."""
    package = out / "package"
    code, seconds = timed([*OURS, str(notebook), "--out", str(package)], notebook.parent)
    score.asked, score.seconds, score.ran = score.asked + 1, score.seconds + seconds, score.ran + 1
    score.equal += code == 0
    if not package.is_dir():
        return
    score.made += 1
    score.clean += is_clean(package / "src")
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--no-index"]
    score.installs += timed([*pip, "--target", str(out / "site"), str(package)], out)[0] == 0
    score.tests += timed([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(package)], out)[0] == 0


def main() -> None:
    """Convert, run, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--run", type=int, default=10)
    parser.add_argument("--bin", default="")
    chosen = parser.parse_args()
    notebooks = sorted(chosen.folder.resolve().rglob("*.ipynb"))
    scores: dict[str, Score] = {}
    left = chosen.run
    for number, notebook in enumerate(notebooks):
        truth = runs(notebook) if left > 0 else None
        left -= truth is not None
        print(f"{number + 1}/{len(notebooks)} {'runs' if truth is not None else ''}", file=sys.stderr)
        for name, command in tools(chosen.bin):
            with tempfile.TemporaryDirectory() as scratch:
                out = Path(scratch)
                score = scores.setdefault(name, Score())
                code, seconds = timed(command(notebook, out), out)
                score.asked, score.seconds = score.asked + 1, score.seconds + seconds
                made = code == 0 and any(out.rglob("*.py"))
                score.made += made
                score.clean += made and is_clean(out / "package" / "src" if name.startswith("nb-mlops") else out)
                if truth is not None and made and name in ("jupyter-nbconvert", "jupytext"):
                    score.ran += 1
                    score.equal += script_is_equal(out, notebook.parent, truth)
        if truth is not None:
            with tempfile.TemporaryDirectory() as scratch:
                try_ours(notebook, Path(scratch), scores.setdefault("nb-mlops convert", Score()))
    print("| | notebooks | made something | no undefined name | values equal | installs | tests pass | CPU s each |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    for name, one in scores.items():
        whole = name == "nb-mlops convert"
        equal = f"{one.equal}/{one.ran}" if one.ran else "-"
        rest = f"{one.installs}/{one.ran} | {one.tests}/{one.ran}" if whole else "- | -"
        print(f"| {name} | {one.asked} | {one.made} | {one.clean} | {equal} | {rest} | {one.seconds / one.asked:.1f} |")


if __name__ == "__main__":
    main()

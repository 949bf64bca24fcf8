"""The restart test: does the linter know which notebooks stop with a NameError on Restart & Run All?

Mutants of notebooks that run (mutants.py: easy kinds and hard kinds, in equal numbers per kind) are executed in fresh
shells up to their first error. The truth is whether that error is a NameError; the prediction is an EX005 or EX006 in
the file, warnings included; ruff's prediction is an F821. Mutants that end in another error first are counted but not
scored, since whether a name would have been missing further down was not seen - but for cells that do not parse, which
are meant to end so.

Not measured: UnboundLocalError, which is a mistake inside one function; names that only a server injects.

    python benchmarks/restart.py [FOLDER] --mutants 850 --out /tmp/restart --show 20
    python benchmarks/restart.py --again /tmp/restart      lints and scores what was kept, without running
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import scoring
from files import Cell, save
from mutants import EASY, HARD
from scoring import share, table
from shell import Shell, ShellDiedError
from written import Subject, real, written


@dataclass
class Outcome:
    """One mutant: its file, its kind, and how its run ended (the exception's name, "" for none)."""

    file: str
    kind: str
    error: str
    message: str
    cell: int | None

    @property
    def scored(self) -> bool:
        """Whether the run answers the question."""
        return self.error in ("", "NameError") or self.kind == "unparsable last cell"


def main() -> None:
    """Mutate, run, lint, score, print."""
    options = _options()
    if options.again:
        kept = json.loads((options.again / "truth.json").read_text(encoding="utf-8"))
        report([Outcome(**outcome) for outcome in kept], options.again / "mutants", options)
        return
    out = options.out or Path(tempfile.mkdtemp(prefix="restart-"))
    saved = out / "mutants"
    saved.mkdir(parents=True, exist_ok=True)
    for old in saved.glob("*.ipynb"):
        old.unlink()
    with ThreadPoolExecutor(options.jobs) as pool:
        subjects = written(seed=options.seed) + (real(options.folder) if options.folder else [])
        bases = [b for b in pool.map(lambda s: _base(s, options.seconds), subjects) if b is not None]
        made = list(_mutants(bases, options))
        outcomes = list(pool.map(lambda m: _outcome(*m, saved, options.seconds), made))
    outcomes = [outcome for outcome in outcomes if outcome is not None]
    (out / "truth.json").write_text(json.dumps([asdict(o) for o in outcomes], indent=1), encoding="utf-8")
    print(f"{len(outcomes)} mutants of {len(bases)} notebooks that run (of {len(subjects)})")
    report(outcomes, saved, options)


def _base(subject: Subject, seconds: float) -> list[Cell] | None:
    """The code cells of a notebook that runs to its end, counted as a clean run counts."""
    cells = [Cell("code", text.source) for kind, text in subject.cells if kind == "code" and text.source.strip()]
    ended = _run(cells, seconds)
    return [replace(c, count=n + 1) for n, c in enumerate(cells)] if ended == ("", "", None) else None


def _run(cells: Sequence[Cell], seconds: float) -> tuple[str, str, int | None] | None:
    """How Restart & Run All ends: the first error, its text and its cell; None when it takes too long."""
    try:
        with Shell(seconds=seconds, record=False) as shell:
            for index, cell in enumerate(cells):
                run = shell.run(cell.source)
                if run.error:
                    return run.error, run.error_value, index
    except ShellDiedError:
        return None
    return "", "", None


def _mutants(bases: Sequence[list[Cell]], options: argparse.Namespace) -> list[tuple[str, list[Cell], str]]:
    """Equal numbers of each kind, from random notebooks."""
    rng = random.Random(f"{options.seed} mutants")
    made: list[tuple[str, list[Cell], str]] = []
    kinds = {**EASY, **HARD}
    for kind, mutate in kinds.items():
        wanted = len(made) + max(1, options.mutants // len(kinds))
        while len(made) < wanted:
            mutant = mutate(list(rng.choice(bases)), rng)
            if mutant is not None:
                made.append((kind, mutant, f"{len(made):04d}.ipynb"))
    return made


def _outcome(kind: str, cells: list[Cell], name: str, saved: Path, seconds: float) -> Outcome | None:
    ended = _run(cells, seconds)
    if ended is None:
        return None
    save(saved / name, cells)
    return Outcome(name, kind, *ended)


def report(outcomes: Sequence[Outcome], saved: Path, options: argparse.Namespace) -> None:
    """Accuracy per kind, and the wrong predictions."""
    said = scoring.nb_mlops(saved, options.lint)
    ours = {f.file for f in said if f.code in ("EX005", "EX006") and f.severity != "info"}
    judges = {"nb-mlops": ours}
    if shutil.which(options.ruff):
        judges["ruff F821"] = {f.file for f in scoring.ruff(saved, "F821", options.ruff) if f.code == "F821"}
    scored = [o for o in outcomes if o.scored]
    groups = {"EASY": list(EASY), **{k: [k] for k in EASY}, "HARD": list(HARD), **{k: [k] for k in HARD}}
    rows = []
    for name, kinds in groups.items():
        here = [o for o in scored if o.kind in kinds]
        fails = sum(o.error == "NameError" for o in here)
        other = sum(o.kind in kinds and not o.scored for o in outcomes)
        rights = [sum((o.file in flagged) == (o.error == "NameError") for o in here) for flagged in judges.values()]
        rows.append([name, fails, len(here) - fails, other, *(share(right, len(here)) for right in rights)])
    print(table(rows, ["kind", "NameError", "runs", "other error first", *judges]))
    _show([o for o in scored if (o.file in ours) != (o.error == "NameError")], said, options.show)


def _show(wrong: Sequence[Outcome], said: Sequence[scoring.Said], most: int) -> None:
    """Wrong predictions, for reading."""
    print(f"\n{len(wrong)} wrong predictions")
    for outcome in wrong[:most]:
        where = "" if outcome.cell is None else f" in cell {outcome.cell}"
        print(f"- {outcome.file} {outcome.kind}: {outcome.error or 'runs'} {outcome.message}{where}")
        for f in said:
            if f.file == outcome.file and f.code in ("EX005", "EX006"):
                print(f"    {f.code} {f.severity} cell {f.cell}: {f.message[:110]}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, help="notebooks that run offline, beside the written ones")
    parser.add_argument("--mutants", type=int, default=850)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=30.0, help="longest that one cell may run")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--out", type=Path, help="keep the mutants and how they ended here")
    parser.add_argument("--again", type=Path, help="what an earlier run kept: lint and score it, run nothing")
    parser.add_argument("--show", type=int, default=0, help="print so many wrong predictions")
    parser.add_argument("--lint", default=scoring.LINT, help="the command that lints a folder and prints JSON")
    parser.add_argument("--ruff", default="ruff", help="the program, when it is not on the path")
    return parser.parse_args()


if __name__ == "__main__":
    main()

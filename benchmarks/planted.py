"""Which planted secrets and personal values do linters find, and what do they mistake for one?

Notebooks are made from a seed (drawn when none is given): small analyses with outputs, in which values are planted,
each in a place of its own, beside values that only look like them. A linter has found a value when it speaks of the
cell (and the part of it) that holds it; where it speaks of anything else it is wrong. Programs that know lines only are
judged by the lines of the file that the cell takes up, which is kinder to them. All are run on the same files.

Not measured: real notebooks (README.md says what was read by hand).

    python benchmarks/planted.py --plants 2000 --family SE --peers --bin /path/to/venv/bin --show 10
"""

from __future__ import annotations

import argparse
import secrets as chance_of_the_day
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random

from planting.carriers import carrier
from planting.frame import Kind, Truth, Where, written
from planting.judges import JUDGES, Verdict
from planting.negatives import NEGATIVES
from planting.personal import PERSONAL
from planting.personal_negatives import PERSONAL_NEGATIVES
from planting.places import of
from planting.secrets import SECRETS
from scoring import share, table

KINDS = {
    "SE": SECRETS,
    "PI": [k for k in PERSONAL if k.family == "PI"],
}


def main() -> None:
    """Plant, ask, count, print."""
    options = _options()
    seed = options.seed if options.seed is not None else chance_of_the_day.randbelow(10**6)
    folder = Path(options.keep) if options.keep else Path(tempfile.mkdtemp(prefix="planted-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        kinds = [kind for family in options.family for kind in KINDS[family]]
        kinds = [kind for kind in kinds if not options.origin or kind.origin in options.origin]
        real = sorted(Path(options.carriers).rglob("*.ipynb")) if options.carriers else []
        truths = plant(folder, kinds, options.plants, seed, options.each, real)
        _intro(seed, kinds, truths, folder)
        judges = [
            judge for judge in JUDGES if judge.name == "nb-mlops" or (options.peers and judge.present(options.bin))
        ]
        verdicts = {judge.name: judge.run(folder, truths, options.family, options.bin) for judge in judges}
        _summary(verdicts)
        _details(verdicts["nb-mlops"], options.show)
    finally:
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)


def plant(
    folder: Path, kinds: Sequence[Kind], count: int, seed: int, each: int = 3, real: Sequence[Path] = ()
) -> list[Truth]:
    """Write notebooks that hold `count` planted values, every kind in every place as evenly as that allows."""
    chance = Random(seed)
    pairs = [(kind, name) for kind in kinds for name in of(kind.places, kind.own)]
    jobs: list[tuple[Kind, str]] = []
    while len(jobs) < count:
        jobs += chance.sample(pairs, min(len(pairs), count - len(jobs)))
    lookalikes = [*NEGATIVES, *(PERSONAL_NEGATIVES if any(kind.family == "PI" for kind in kinds) else ())]
    truths: list[Truth] = []
    number = 0
    while jobs:
        batch = [jobs.pop() for _ in range(min(each, len(jobs)))]
        truths += _notebook(folder / f"planted-{number:05d}.ipynb", batch, chance, real, lookalikes)
        number += 1
    return truths


def _notebook(
    path: Path, batch: Sequence[tuple[Kind, str]], chance: Random, real: Sequence[Path], lookalikes: Sequence[Kind]
) -> list[Truth]:
    book = carrier(chance, real)
    # At most one of the notebook's own metadata, or one finding could count for two.
    placed: list[tuple[Kind, str, Where]] = []
    for kind, name in batch:
        if any(where.cell is None for _, _, where in placed) and name in ("notebook metadata", "widget state"):
            continue
        where = of(kind.places, kind.own)[name](book, kind.make(chance), chance)
        placed.append((kind, name, where))
        lookalike = chance.choice(lookalikes)
        places = of(lookalike.places, lookalike.own)
        free = [place for place in places if place not in ("notebook metadata", "widget state")]
        places[chance.choice(free)](book, lookalike.make(chance), chance)
    text, lines = written(book, chance)
    path.write_text(text, encoding="utf-8")
    return [
        Truth(path.name, kind, name, where, *lines[-1 if where.cell is None else where.cell])
        for kind, name, where in placed
    ]


def _intro(seed: int, kinds: Sequence[Kind], truths: Sequence[Truth], folder: Path) -> None:
    files = list(folder.glob("*.ipynb"))
    size = sum(file.stat().st_size for file in files) / 1e6
    places = {truth.place for truth in truths}
    origins = Counter(kind.origin for kind in kinds)
    print(f"Seed {seed}: {len(truths)} values of {len(kinds)} kinds in {len(places)} places of {len(files)} notebooks")
    print(
        f"({size:.1f} MB), {len(NEGATIVES) + len(PERSONAL_NEGATIVES)} kinds of look-alikes. Kinds: {dict(origins)}\n",
        flush=True,
    )


def _summary(verdicts: dict[str, Verdict]) -> None:
    rows = [
        (
            name,
            share(len(v.found), len(v.found) + len(v.missed)),
            share(v.right, v.right + len(v.wrong)),
            f"{v.f1:.3f}",
            f"{v.cpu:.2f}",
        )
        for name, v in verdicts.items()
    ]
    print(table(rows, ("", "recall", "precision", "F1", "CPU s")), flush=True)


def _details(verdict: Verdict, show: int) -> None:
    for title, of_truth in (
        ("origin", lambda truth: truth.kind.origin),
        ("place", lambda truth: truth.place),
        ("kind", lambda truth: truth.kind.name),
    ):
        found = Counter(of_truth(truth) for truth in verdict.found)
        missed = Counter(of_truth(truth) for truth in verdict.missed)
        names = sorted({*found, *missed}, key=lambda name: found[name] / (found[name] + missed[name]))
        if title == "kind":
            names = [name for name in names if missed[name]]
        rows = [(name, share(found[name], found[name] + missed[name])) for name in names]
        print(f"\nnb-mlops, recall by {title}\n\n{table(rows, (title, 'recall'))}" if rows else "")
    for truth in verdict.missed[:show]:
        print(f"missed: {truth.kind.name} | {truth.place} | {truth.file} cell {truth.where.cell}")
    for wrong in verdict.wrong[:show]:
        print(f"wrong: {wrong}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plants", type=int, default=2000)
    parser.add_argument("--each", type=int, default=3, help="values in one notebook")
    parser.add_argument("--seed", type=int, help="drawn when not given")
    parser.add_argument("--family", nargs="*", default=["SE"], choices=sorted(KINDS))
    parser.add_argument("--origin", nargs="*", help="only kinds of these origins, such as `record`")
    parser.add_argument("--carriers", help="a folder of real notebooks to plant in")
    parser.add_argument("--peers", action="store_true", help="also run the peers that are installed")
    parser.add_argument("--bin", type=Path, action="append", default=[], help="a folder with programs of peers")
    parser.add_argument("--keep", help="write the notebooks here and leave them")
    parser.add_argument("--show", type=int, default=0, help="how many misses and wrong findings to print")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

"""How many of CredData's labelled secrets does lint find, and how many harmless lines does it take for one?

Takes a checkout of [CredData](https://github.com/Samsung/CredData) whose `data/` was filled with the labelled files,
all of them by its own `download_data.py` (but not its obfuscation) or some of them; what is not there is left out.
Each file is wrapped into a notebook of its own, as what `!cat` printed (`output`) or as the cell that wrote it
(`source`, behind `%%writefile`). A secret counts as found when a finding speaks of one of its lines; a line labelled
`F` or `X` (false, a test value or a placeholder), and not `T` too, counts as a false alarm when one does. Peers are
asked about the files themselves, which is kinder to them.

Not measured: lines without a label. CredData labels the values of tests as true; where a value is a word such as
`password` or `root` nb-mlops is silent on purpose, so recall is also told without the values in its list of such
words, and without the categories of what is no secret by itself (UUIDs, names of buckets and hosts, nonces, ids).

    python benchmarks/creddata.py FOLDER --peers --bin /path/to/venv/bin --show misses.tsv
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from labelled import Labelled, found_lines
from planting.judges import JUDGES
from scoring import share, table

from nb_mlops.knowledge.credentials import WEAK_PASSWORDS

# A larger file is data, in which lines are not labelled one by one.
LARGEST = 1_000_000
NO_SECRETS = ("UUID", "Nonce", "AWS S3 Bucket", "Firebase Domain", "Twilio Credentials")
Lines = dict[str, set[int]]


@dataclass(frozen=True)
class Row:
    """One label: the lines it speaks of, what it says, and the value, where the label tells its place."""

    first: int
    last: int
    true: bool
    category: str
    value: str


@dataclass(frozen=True)
class File:
    """A labelled file, under a name of its own."""

    name: str
    origin: str
    text: str
    rows: tuple[Row, ...]


def main() -> None:
    """Wrap, ask, count, print."""
    options = _options()
    files = list(labelled(options.folder))
    repositories = {file.origin.split("/")[1] for file in files}
    rows = [row for file in files for row in file.rows]
    true = sum(row.true for row in rows)
    print(f"{len(repositories)} repositories, {len(files)} files, {true} secrets, {len(rows) - true} other labels\n")
    said: dict[str, Lines] = {}
    plain = [Labelled(file.name, file.text, 0, 0) for file in files]
    for form in options.form:
        with tempfile.TemporaryDirectory(prefix="creddata-") as folder:
            said[f"nb-mlops ({form})"] = found_lines(Path(folder), plain, form, options.select)
    if options.peers:
        with tempfile.TemporaryDirectory(prefix="creddata-") as folder:
            said.update(_peers(Path(folder), files, options.bin))
    _summary(files, said)
    first = next(iter(said))
    _categories(files, said[first])
    if options.show:
        options.show.write_text("\n".join(_wrong(files, said[first])) + "\n", encoding="utf-8")


def labelled(folder: Path) -> Iterator[File]:
    """The labelled files that are there, as text."""
    number = 0
    for sheet in sorted((folder / "meta").glob("*.csv")):
        by_path: dict[str, list[dict[str, str]]] = defaultdict(list)
        with sheet.open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                by_path[row["FilePath"]].append(row)
        for path, rows_of_it in sorted(by_path.items()):
            place = folder / path
            if not place.is_file() or place.stat().st_size > LARGEST:
                continue
            data = place.read_bytes()
            if b"\0" in data:
                continue
            text = data.decode("utf-8", "replace").replace("\r\n", "\n")
            name = f"{number:05d}{place.suffix}"
            number += 1
            yield File(name, path, text, tuple(_rows(text, rows_of_it)))


def _rows(text: str, rows: Sequence[dict[str, str]]) -> Iterator[Row]:
    lines = text.split("\n")
    for row in rows:
        first, last = int(row["LineStart"]), int(row["LineEnd"])
        if last <= len(lines):
            start, end = int(row["ValueStart"] or -1), int(row["ValueEnd"] or -1)
            value = lines[first - 1][start : end if end >= 0 else None] if first == last and start >= 0 else ""
            yield Row(first, last, row["GroundTruth"] == "T", row["Category"].split(":")[0], value)


def _peers(folder: Path, files: Sequence[File], bins: Sequence[Path]) -> Iterator[tuple[str, Lines]]:
    for file in files:
        (folder / file.name).write_text(file.text, encoding="utf-8")
    path = os.pathsep.join([*map(str, bins), os.environ.get("PATH", "")])
    for judge in JUDGES:
        if judge.name in ("nb-mlops", "presidio") or not judge.present(bins):
            continue
        out = folder.with_suffix(".json")
        command = judge.command(folder, (), out)
        environment = {**os.environ, "PATH": path}
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=folder)
        lines: Lines = defaultdict(set)
        for one in judge.read(out.read_text(encoding="utf-8") if out.exists() else done.stdout, folder):
            lines[one.file].update(one.lines)
        out.unlink(missing_ok=True)
        yield judge.name, lines


def _hits(row: Row, lines: set[int]) -> bool:
    return any(row.first <= line <= row.last for line in lines)


def _harmless(file: File) -> set[int]:
    """The lines that bear a label, and none that says `T`. A label of many lines tells nothing about each."""
    true = {line for row in file.rows if row.true for line in range(row.first, row.last + 1)}
    return {row.first for row in file.rows if not row.true and row.first == row.last} - true


def _summary(files: Sequence[File], said: dict[str, Lines]) -> None:
    rows = []
    for name, lines in said.items():
        found = [(row, _hits(row, lines[file.name])) for file in files for row in file.rows if row.true]
        drawn = [
            hit for row, hit in found if row.category not in NO_SECRETS and row.value.lower() not in WEAK_PASSWORDS
        ]
        right = sum(hit for _, hit in found)
        wrong = sum(len(_harmless(file) & lines[file.name]) for file in files)
        quiet = sum(len(_harmless(file)) for file in files)
        rows.append(
            (
                name,
                share(right, len(found)),
                share(sum(drawn), len(drawn)),
                share(right, right + wrong),
                f"{wrong} of {quiet}",
            )
        )
    head = (
        "",
        "recall",
        "recall without weak words and ids",
        "precision on labelled lines",
        "harmless lines spoken of",
    )
    print(table(rows, head), flush=True)


def _categories(files: Sequence[File], lines: Lines) -> None:
    found: dict[str, list[bool]] = defaultdict(list)
    wrong: dict[str, int] = defaultdict(int)
    for file in files:
        harmless = _harmless(file) & lines[file.name]
        for row in file.rows:
            if row.true:
                found[row.category].append(_hits(row, lines[file.name]))
            elif row.first in harmless:
                wrong[row.category] += 1
    names = sorted({*found, *wrong}, key=lambda name: -len(found[name]))
    rows = [(name, share(sum(found[name]), len(found[name])), wrong[name]) for name in names]
    print(f"\n{table(rows, ('category', 'recall', 'false alarms'))}")


def _wrong(files: Sequence[File], lines: Lines) -> Iterator[str]:
    """What is missed and what is spoken of wrongly, a line each, to be read."""
    for file in files:
        text = file.text.split("\n")
        for row in file.rows:
            if row.true and not _hits(row, lines[file.name]):
                where = f"{row.category}\t{file.origin}:{row.first}"
                yield f"missed\t{where}\t{row.value}\t{text[row.first - 1].strip()[:300]}"
        for line in sorted(_harmless(file) & lines[file.name]):
            category = next(row.category for row in file.rows if row.first == line)
            yield f"wrong\t{category}\t{file.origin}:{line}\t\t{text[line - 1].strip()[:300]}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="a checkout with meta/ and data/")
    parser.add_argument("--form", nargs="*", default=["output", "source"], choices=["output", "source"])
    parser.add_argument("--select", default="SE", help="codes or prefixes of rules")
    parser.add_argument("--peers", action="store_true", help="also ask the peers that are installed")
    parser.add_argument("--bin", type=Path, action="append", default=[], help="a folder with programs of peers")
    parser.add_argument("--show", type=Path, help="write what is missed and what is wrong to this file")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

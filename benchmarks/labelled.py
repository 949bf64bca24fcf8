"""How many of other people's labelled secrets does lint find, per kind of file?

Takes a folder in which somebody labelled files with the number of lines that hold a secret, as
[leaky-repo](https://github.com/Plazmaz/leaky-repo) does in `.leaky-meta/secrets.csv` (`name,risk,informative`), and
wraps each file into a notebook of its own: as what `!cat` printed (`output`), or as the cell that wrote it (`source`,
behind `%%writefile`). A file counts as many lines found as findings speak of, at most as many as were labelled; what
goes beyond its labelled lines, harmless ones included, is counted apart, to be read.

Not measured: which of a file's lines are meant, for the labels do not say; binary files are left out.

    python benchmarks/labelled.py FOLDER --show
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from files import Cell, save
from scoring import share, table

KINDS = {
    "shell and .env": (".env", ".bashrc", ".bash_profile", "config"),
    "JSON": (".json", ".ftpconfig", ".dockercfg"),
    "XML": (".xml",),
    "YAML": (".yml", ".yaml", ".tugboat", "hub"),
    "INI and key = value": (".ini", ".npmrc", ".s3cfg", ".credentials"),
    "words on a line (.netrc, .pgpass, .git-credentials)": (".netrc", ".pgpass", ".git-credentials", ".esmtprc"),
    "password hashes": ("shadow", ".htpasswd", "proftpdpasswd", ".sql"),
    "code": (".py", ".php", ".js", ".rb"),
    "keys": (".pem", ".ppk", "id_rsa", "id_rsa.pub", ".key"),
}


@dataclass(frozen=True)
class Labelled:
    """A file and how many of its lines are secrets (`risk`) or only tell something (`told`)."""

    name: str
    text: str
    risk: int
    told: int

    @property
    def kind(self) -> str:
        """What kind of file it is."""
        last = Path(self.name).name
        return next((kind for kind, ends in KINDS.items() if last.endswith(ends)), "other")


def main() -> None:
    """Wrap, ask, count, print."""
    options = _options()
    files = list(labelled(options.folder))
    for form in options.form:
        with tempfile.TemporaryDirectory(prefix="labelled-") as folder:
            lines = found_lines(Path(folder), files, form, options.select)
        _print(files, lines, form, options.show)


def labelled(folder: Path) -> Iterator[Labelled]:
    """The files with labels, as text."""
    rows = (folder / ".leaky-meta" / "secrets.csv").read_text(encoding="utf-8").splitlines()
    for row in csv.reader(line for line in rows if line.strip() and not line.startswith("#")):
        name, risk, told = row[0], int(row[1]), int(row[2])
        data = (folder / name).read_bytes()
        if b"\0" not in data:
            yield Labelled(name, data.decode("utf-8", "replace"), risk, told)


def found_lines(folder: Path, files: Sequence[Labelled], form: str, select: str) -> dict[str, set[int]]:
    """For each file, the lines that findings of the rules `select` speak of."""
    for number, file in enumerate(files):
        save(folder / f"{number:03d}.ipynb", [_cell(file, form)])
    command = [sys.executable, "-m", "nb_mlops", "lint", "--no-cache", "--exit-zero", "--format", "json", "--no-ruff"]
    command += ["--ignore", "SE007,SE011"]  # off by default
    done = subprocess.run([*command, "--select", select, "."], capture_output=True, text=True, check=False, cwd=folder)
    found: dict[str, set[int]] = defaultdict(set)
    for one in json.loads(done.stdout)["findings"]:
        name = files[int(Path(one["path"]).stem)].name
        found[name].update(_lines([one, *one["related"]], form))
    return found


def _cell(file: Labelled, form: str) -> Cell:
    if form == "source":
        return Cell("code", f"%%writefile {Path(file.name).name}\n{file.text}", count=1)
    printed = {"output_type": "stream", "name": "stdout", "text": file.text}
    return Cell("code", f"!cat {Path(file.name).name}", count=1, outputs=[printed])


def _lines(spots: Iterable[dict[str, int]], form: str) -> Iterator[int]:
    """The lines of the file behind places of the notebook."""
    return (spot["line"] - (form == "source") for spot in spots)


def _print(files: Sequence[Labelled], lines: dict[str, set[int]], form: str, show: bool) -> None:
    """A table by kind of file, all together, and what is missed or beyond."""
    found = {file.name: min(len(lines[file.name]), file.risk) for file in files}
    rows = []
    for kind in [*KINDS, "other"]:
        some = [file for file in files if file.kind == kind and file.risk]
        if some:
            risk = sum(file.risk for file in some)
            rows.append((kind, str(len(some)), share(sum(found[file.name] for file in some), risk)))
    some = [file for file in files if file.risk]
    rows.append(("all", str(len(some)), share(sum(found.values()), sum(file.risk for file in some))))
    whole = sum(found[file.name] > 0 for file in some)
    beyond = sum(max(0, len(lines[file.name]) - file.risk - file.told) for file in files)
    print(f"\n**{form}**: something found in {whole} of {len(some)} files; {beyond} lines beyond the labelled ones\n")
    print(table(rows, ("kind of file", "files", "lines")))
    for file in files if show else ():
        if found[file.name] < file.risk or len(lines[file.name]) > file.risk:
            print(f"{file.name}: {found[file.name]}/{file.risk} (+{file.told}), lines {sorted(lines[file.name])}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="a checkout with .leaky-meta/secrets.csv")
    parser.add_argument("--form", nargs="*", default=["output", "source"], choices=["output", "source"])
    parser.add_argument("--select", default="SE", help="codes or prefixes of rules")
    parser.add_argument("--show", action="store_true", help="also print each file that is missed in part")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

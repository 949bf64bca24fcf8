"""Programs that look for secrets or personal values, asked about a folder, and what of their answer is right."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from planting.frame import Truth


@dataclass(frozen=True)
class Said:
    """One finding: the places it speaks of, as (cell, room) or as a line of the file."""

    file: str
    places: tuple[tuple[int | None, str], ...]
    lines: tuple[int, ...]
    words: str


@dataclass
class Verdict:
    """What of the truth was found and missed, how many findings were right, which were wrong, and the CPU seconds."""

    cpu: float
    found: list[Truth] = field(default_factory=list)
    missed: list[Truth] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    right: int = 0

    @property
    def f1(self) -> float:
        """The harmonic mean of recall and precision."""
        recall = len(self.found) / max(1, len(self.found) + len(self.missed))
        precision = self.right / max(1, self.right + len(self.wrong))
        return 2 * recall * precision / (recall + precision) if recall + precision else 0.0


@dataclass(frozen=True)
class Judge:
    """A program: its name, the command to run it on a folder, and how its output reads."""

    name: str
    command: Callable[[Path, Sequence[str], Path], list[str]]
    read: Callable[[str, Path], Iterable[Said]]

    def present(self, bins: Sequence[Path]) -> bool:
        """Whether it can be run here."""
        found = shutil.which(self.command(Path(), (), Path("out"))[0], path=_path(bins)) is not None
        if not found:
            print(f"not installed: {self.name}", file=sys.stderr)
        return found

    def run(self, folder: Path, truths: Sequence[Truth], families: Sequence[str], bins: Sequence[Path]) -> Verdict:
        """Ask it, and hold its answer against the truth."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        out = folder.parent / f"{folder.name}-{self.name}.json"
        environment = {**os.environ, "PATH": _path(bins)}
        command = self.command(folder, families, out)
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=folder)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        verdict = Verdict(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        text = out.read_text(encoding="utf-8") if out.exists() else done.stdout
        out.unlink(missing_ok=True)
        judged(verdict, list(self.read(text, folder)), truths)
        return verdict


def judged(verdict: Verdict, said: Sequence[Said], truths: Sequence[Truth]) -> None:
    """Enter in the verdict what was found, missed, right and wrong."""
    by_file: dict[str, list[Truth]] = defaultdict(list)
    for truth in truths:
        by_file[truth.file].append(truth)
    found: set[int] = set()
    for one in said:
        hit = [truth for truth in by_file[one.file] if _speaks_of(one, truth)]
        found.update(map(id, hit))
        if hit:
            verdict.right += 1
        else:
            verdict.wrong.append(f"{one.file} {one.places or one.lines}: {one.words}")
    for truth in truths:
        (verdict.found if id(truth) in found else verdict.missed).append(truth)


def _speaks_of(said: Said, truth: Truth) -> bool:
    if any(cell == truth.where.cell and room == truth.where.room for cell, room in said.places):
        return True
    return any(truth.first_line <= line <= truth.last_line for line in said.lines)


def _path(bins: Sequence[Path]) -> str:
    return os.pathsep.join([*map(str, bins), os.environ.get("PATH", "")])


def _ours(folder: Path, families: Sequence[str], out: Path) -> list[str]:
    words = ["lint", "--no-cache", "--exit-zero", "--format", "json", "--select", ",".join(families)]
    words += ["--ignore", "SE007,SE011"]  # off by default
    return [sys.executable, "-m", "nb_mlops", *words, "."]


def _read_ours(text: str, folder: Path) -> Iterable[Said]:
    for one in json.loads(text)["findings"]:
        spots = [one, *one["related"]]
        places = tuple((spot["cell"]["index"] if spot["cell"] else None, spot["part"].split("/")[0]) for spot in spots)
        yield Said(Path(one["path"]).name, places, (), f"{one['code']} {one['message'][:90]}")


def _read_detect_secrets(text: str, folder: Path) -> Iterable[Said]:
    for name, found in json.loads(text)["results"].items():
        for line, kinds in _by_line(found, "line_number", "type").items():
            yield Said(Path(name).name, (), (line,), kinds)


def _read_kingfisher(text: str, folder: Path) -> Iterable[Said]:
    for line in text.splitlines():
        try:
            one = json.loads(line)
        except ValueError:
            continue
        # A line is a finding, or a summary that only counts them.
        many = one.get("findings") if isinstance(one, dict) else None
        for found in many if isinstance(many, list) else [one]:
            where = found.get("finding", found) if isinstance(found, dict) else {}
            where = where if isinstance(where, dict) else {}
            if "path" in where:
                yield Said(Path(where["path"]).name, (), (int(where["line"]),), str(found.get("rule", {}).get("name")))


def _read_credsweeper(text: str, folder: Path) -> Iterable[Said]:
    for found in json.loads(text):
        lines = {(Path(line["path"]).name, line["line_num"]) for line in found["line_data_list"]}
        for name, number in lines:
            yield Said(name, (), (number,), found["rule"])


def _read_presidio(text: str, folder: Path) -> Iterable[Said]:
    for line in text.splitlines():
        one = json.loads(line)
        yield Said(one["file"], (), (one["line"],), ", ".join(one["kinds"]))


def _by_line(found: Iterable[dict[str, Any]], line: str, kind: str) -> dict[int, str]:
    lines: dict[int, str] = {}
    for one in found:
        lines[one[line]] = f"{lines[one[line]]}, {one[kind]}" if one[line] in lines else one[kind]
    return lines


JUDGES = [
    Judge("nb-mlops", _ours, _read_ours),
    Judge("detect-secrets", lambda f, _, out: ["detect-secrets", "scan", "--all-files", "."], _read_detect_secrets),
    Judge(
        "kingfisher",
        lambda f, _, out: ["kingfisher", "scan", "--no-validate", "--format", "jsonl", "."],
        _read_kingfisher,
    ),
    Judge(
        "credsweeper",
        lambda f, _, out: ["credsweeper", "--path", ".", "--save-json", str(out), "--jobs", "1"],
        _read_credsweeper,
    ),
    Judge(
        "presidio",
        lambda f, _, out: [
            os.environ.get("PRESIDIO_PYTHON", "$PRESIDIO_PYTHON"),
            str(Path(__file__).parent.parent / "presidio_lines.py"),
            ".",
        ],
        _read_presidio,
    ),
]

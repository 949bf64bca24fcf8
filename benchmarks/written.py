"""Small analysis notebooks written for measuring, in varied styles, from the texts in `stories/`.

A story is a notebook in the percent format with marks: `@{name:a|b}` is a name that one notebook spells one way
throughout (`@{name}` refers back), `@[0.2|0.3]` a value that a person at work would change. A cell headed `# %% ?` is
left out of some notebooks; one headed `# %% spare` is in none and is what gets inserted during a session.

    python benchmarks/written.py FOLDER     writes them all, for reading
"""

from __future__ import annotations

import random
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from files import Cell, load, save

STORIES = Path(__file__).parent / "stories"
_NAME = re.compile(r"@\{(\w+)(?::([^}]*))?\}")
_VALUE = re.compile(r"@\[([^\]]*)\]")


@dataclass(frozen=True)
class Text:
    """A cell's source, and what a person might make of it: the marked values, or any number in a real notebook."""

    template: str
    picks: tuple[int, ...] | None = None

    @property
    def source(self) -> str:
        """What stands in the cell now."""
        picks = iter(self.picks or ())
        return _VALUE.sub(lambda m: m[1].split("|")[next(picks)], self.template) if self.picks else self.template

    def edited(self, rng: random.Random) -> Text | None:
        """The same cell with one value changed; None where nothing offers itself."""
        if not self.picks:
            changed = _other_number(self.template, rng)
            return None if changed is None else Text(changed)
        options = [len(m.split("|")) for m in _VALUE.findall(self.template)]
        at = rng.choice([i for i, n in enumerate(options) if n > 1])
        other = rng.choice([k for k in range(options[at]) if k != self.picks[at]])
        return Text(self.template, (*self.picks[:at], other, *self.picks[at + 1 :]))


@dataclass(frozen=True)
class Subject:
    """A notebook to work on: its cells, and cells that may be inserted while working."""

    name: str
    cells: tuple[tuple[str, Text], ...]
    spare: tuple[Text, ...] = ()


def written(variants: int = 3, seed: int = 1) -> list[Subject]:
    """Every story in `variants` spellings."""
    return [
        _tell(path, f"{path.stem}-{variant}", random.Random(f"{seed} {path.stem} {variant}"))
        for path in sorted(STORIES.glob("*.txt"))
        for variant in range(variants)
    ]


def real(folder: Path) -> list[Subject]:
    """The notebooks of a folder."""
    return [
        Subject(path.stem, tuple((cell.kind, Text(cell.source)) for cell in load(path)))
        for path in sorted(folder.glob("*.ipynb"))
    ]


def _tell(path: Path, name: str, rng: random.Random) -> Subject:
    cells: list[tuple[str, Text]] = []
    spare: list[Text] = []
    spelt: dict[str, str] = {}

    def spell(match: re.Match[str]) -> str:
        if match[1] not in spelt:
            spelt[match[1]] = rng.choice(match[2].split("|"))
        return spelt[match[1]]

    for head, body in re.findall(r"^# %%(.*)\n((?:(?!# %%).*\n?)*)", path.read_text(), re.M):
        template = _NAME.sub(spell, body.strip("\n"))
        picks = tuple(rng.randrange(len(m.split("|"))) for m in _VALUE.findall(template))
        if head.strip() == "spare":
            spare.append(Text(template, picks or None))
        elif head.strip() != "?" or rng.random() < 0.6:
            cells.append(("markdown" if "markdown" in head else "code", Text(template, picks or None)))
    return Subject(name, tuple(cells), tuple(spare))


_NUMBER = re.compile(r"(?<![\w.\"'\[])(\d+\.\d+|[1-9]\d*)(?![\w.\"'\]])")


def _other_number(source: str, rng: random.Random) -> str | None:
    places = [
        m for m in _NUMBER.finditer(source) if "#" not in source[source.rfind("\n", 0, m.start()) + 1 : m.start()]
    ]
    if not places:
        return None
    place = rng.choice(places)
    new = f"{float(place[1]) * 1.5:g}" if "." in place[1] else str(int(place[1]) + rng.choice([1, 2, 5]))
    return source[: place.start()] + new + source[place.end() :]


if __name__ == "__main__":
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    for subject in written():
        save(out / f"{subject.name}.ipynb", [Cell(kind, text.source) for kind, text in subject.cells])

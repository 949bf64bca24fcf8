"""Does anything crash, or is anything lost, on notebooks that were damaged at random?

One to six places of a real notebook are changed: a value is replaced by one of another type, a sign is put into a text,
a part is copied to where it does not belong. Each damaged notebook is read, looked at by every rule there is, mended
with `--unsafe`, written, read and mended again; one in ten is outlined for conversion. Counted: crashes, by what raised
them; cells that changed although no fix was about them; fixes that a second run still finds.

Not measured: whether what is said of a damaged notebook is right.

    python benchmarks/damaged.py FOLDER --seed 7 --seconds 120
"""

from __future__ import annotations

import argparse
import contextlib
import json
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from scoring import table

from nb_mlops.commands.convert import preview
from nb_mlops.core.errors import NbMlopsError
from nb_mlops.core.finding import Finding
from nb_mlops.core.notebook import Notebook
from nb_mlops.core.settings import LintSettings
from nb_mlops.ipynb.read import read
from nb_mlops.ipynb.write import write
from nb_mlops.linter.engine import CRASHED, lint_unreadable
from nb_mlops.linter.load import load_rules
from nb_mlops.linter.repair import repair

_LARGEST = 300_000
# Outlining takes as long as all else for twenty.
_OUTLINED = 10
_RULES = load_rules()
_EVERY = LintSettings(select=tuple(_RULES))
_VALUES: tuple[Any, ...] = (
    *(None, True, 0, -1, 1.5, 10**30, "", " ", "\x00", "\ud800", "a" * 5000, "\n\n", [], {}, [[]], {"": ""}, ["a", 1]),
    *(
        "%%",
        "!",
        "?",
        "%%bash\n",
        "def f(:",
        "x=\\",
        "'''",
        "ϕ = 1; µ = ϕ",
        "print 'a'",
        "f'{x!r:{w}}'",
        "from a import *",
    ),
    *("\r", "\r\n", "\x1b[31m", "<table>", "|a|b|\n|-|-|\n|1|2|", "a,b\n1,2\n3,4", "data:image/png;base64,AAAA"),
)
_SIGNS = ("\x00", "\ud83d", "(" * 50, "[" * 100, *"\\'\"\n\t#%=@\u2028\x0c\x85_é𝒳٣\r")
_KEYS = ("source", "text", "data", "metadata", "name", "id", "cell_type", "output_type", "execution_count")


def main() -> None:
    """Damage notebooks until the time is up."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--keep", type=Path, help="folder for the notebooks that something went wrong with")
    options = parser.parse_args()
    random, paths = Random(options.seed), _small(options.folder)
    end, done, wrong = time.monotonic() + options.seconds, 0, Counter[str]()
    while time.monotonic() < end:
        data = _damaged(random.choice(paths).read_bytes(), random)
        found = list(_faults(data)) if data else []
        done += bool(data)
        wrong.update(found)
        if found and options.keep:
            options.keep.mkdir(parents=True, exist_ok=True)
            (options.keep / f"{options.seed}-{done}.ipynb").write_bytes(data)
    print(f"{done} damaged notebooks, {wrong.total()} faults\n")
    print(table([[str(count), words] for words, count in wrong.most_common()], ["times", "what went wrong"]))


def _small(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*.ipynb")) if path.is_file() and path.stat().st_size < _LARGEST]


def _damaged(data: bytes, random: Random) -> bytes:
    """The notebook with a few places changed; nothing when it is no JSON."""
    try:
        notebook = json.loads(data)
    except (ValueError, RecursionError):
        return b""
    places = [place for place in _places(notebook) if place]
    for _ in range(random.randint(1, 6) if places else 0):
        *parents, last = random.choice(places)
        try:
            _damage(_at(notebook, parents), last, notebook, places, random)
        except (AttributeError, KeyError, IndexError, TypeError):
            continue  # an earlier change took the place away
    return json.dumps(notebook).encode()


def _places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield place
    items = value.items() if isinstance(value, dict) else enumerate(value[:60]) if isinstance(value, list) else ()
    for key, part in items:
        yield from _places(part, (*place, key))


def _at(value: Any, place: Any) -> Any:
    for key in place:
        value = value[key]
    return value


def _damage(parent: Any, key: Any, notebook: Any, places: list[tuple[Any, ...]], random: Random) -> None:
    old, how = parent[key], random.random()
    if isinstance(old, str) and how < 0.5:
        at = random.randint(0, len(old))
        parent[key] = old[:at] + random.choice(_SIGNS) + old[at + random.choice((0, 0, 1, 5, 50)) :]
    elif how < 0.75:
        parent[key] = random.choice(_VALUES)
    elif how < 0.85:
        parent[key] = json.loads(json.dumps(_at(notebook, random.choice(places))))
    elif isinstance(parent, dict):
        parent[random.choice(_KEYS)] = random.choice(_VALUES)
    else:
        parent.insert(random.randint(0, len(parent)), random.choice(_VALUES))


def _faults(data: bytes) -> Iterator[str]:
    try:
        notebook = read(data, "a.ipynb")
        if isinstance(notebook, Notebook):
            yield from _mended(notebook, data)
            if len(data) % _OUTLINED == 0:
                _outlined(data)
        else:
            lint_unreadable(notebook, _RULES, _EVERY)
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        yield f"{type(error).__name__} at {Path(frame.filename).name}:{frame.lineno}"


def _mended(notebook: Notebook, data: bytes) -> Iterator[str]:
    if write(notebook) != data:
        yield "an unchanged notebook is written otherwise"
    done = repair(notebook, _RULES, _EVERY, allow_unsafe=True)
    yield from (finding.message for finding in done.left.findings if finding.code == CRASHED)
    if not done.fixed or notebook.upgraded_from is not None:
        return
    written = write(done.notebook)
    after = read(written, "a.ipynb")
    if not isinstance(after, Notebook):
        yield "a mended notebook cannot be read"
        return
    if len(after.cells) == len(notebook.cells):
        meant = {index for finding in done.fixed for index in _cells(finding)}
        old, new = json.loads(data)["cells"], json.loads(written)["cells"]
        yield from (
            f"a cell changed that no fix of {', '.join(sorted({f.code for f in done.fixed}))} is about"
            for index, (before, now) in enumerate(zip(old, new, strict=True))
            if before != now and index not in meant
        )
    again = repair(after, _RULES, _EVERY, allow_unsafe=True)
    yield from (f"{finding.code} is mended a second time" for finding in again.fixed)


def _cells(finding: Finding) -> Iterator[int | None]:
    yield finding.span.cell
    yield from (other.span.cell for other in finding.related)
    for edit in finding.fix.edits if finding.fix else ():
        yield getattr(edit, "cell", None)


def _outlined(data: bytes) -> None:
    with tempfile.TemporaryDirectory(prefix="damaged-") as folder:
        path = Path(folder) / "a.ipynb"
        path.write_bytes(data)
        with contextlib.suppress(NbMlopsError):
            preview(str(path))


if __name__ == "__main__":
    main()

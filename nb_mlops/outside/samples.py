"""The notebooks that are shipped: where they lie, and how values that look personal or secret get into them.

No token and no address stands in the repository or the wheel. The notebooks carry placeholders of the same length,
and `plant` fills them with values made up here when the demo or a test needs something to find.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import string
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from nb_mlops.core.errors import NbMlopsError, UsageError

_ALPHANUMERIC = string.ascii_letters + string.digits
_PEOPLE = ("anna.keller", "jonas.brandt", "ola.nowak", "ruth.okafor", "tomas.lind", "ines.duarte")
_COMPANY = "musterfirma-beispiel.de"

_DEMO_SETTINGS = """\
# Made by `nb-mlops demo`. This folder is a project of its own; settings stand here, or in pyproject.toml under
# [tool.nb-mlops]. The gate's part is its policy: keep it in version control beside the notebooks.

[gate]
require = ["lint", "reproducible", "data"]
max-age-days = 30
"""


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that an author changed by hand: why, and the lines that went, came, or moved up."""

    why: str
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()


def folder() -> Path:
    """Where the shipped notebooks lie: inside an installed package, or beside it in a source checkout."""
    package = Path(__file__).resolve().parent.parent
    for place in (package / "_samples", package.parent / "sample_notebooks"):
        if place.is_dir():
            return place
    raise NbMlopsError("The sample notebooks are missing from this installation.", "Install nb-mlops again.")


def make_demo_folder(target: Path, sample: str, notebook: str, *made_later: str) -> None:
    """A folder with the shipped notebook `sample` under the name `notebook`, its data, and settings of its own.

    One that an earlier demo made is made anew: what the demo brings or makes goes, anything else stays. Raises
    UsageError when the folder holds something and no demo made it.
    """
    settings = target / "nb-mlops.toml"
    if target.exists() and not target.is_dir():
        raise UsageError(f"{target} is a file.", "Name another folder with --dir.")
    if target.is_dir() and any(target.iterdir()):
        if not settings.is_file() or not settings.read_text(encoding="utf-8").startswith(_DEMO_SETTINGS[:60]):
            raise UsageError(f"{target} holds files that no demo put there.", "Name another folder with --dir.")
        for name in (notebook, "data", ".nb-mlops", *made_later):
            _remove(target / name)
    target.mkdir(parents=True, exist_ok=True)
    settings.write_text(_DEMO_SETTINGS, encoding="utf-8")
    (target / notebook).write_bytes(plant((folder() / sample).read_bytes()))
    (target / "data").mkdir()
    for file in sorted((folder() / "data").glob("*.csv")):
        shutil.copyfile(file, target / "data" / file.name)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def edit(notebook: Path, edits_file: str) -> tuple[Change, ...]:
    """Change cells of a notebook as its author would in Jupyter, following a shipped list of edits."""
    edits = json.loads((folder() / edits_file).read_text(encoding="utf-8"))
    content = json.loads(notebook.read_text(encoding="utf-8"))
    changes = tuple(_without_planted(_edit(content["cells"], one)) for one in edits)
    notebook.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return changes


def _without_planted(change: Change) -> Change:
    """The change as it may be shown."""

    def shown(lines: tuple[str, ...]) -> tuple[str, ...]:
        for value in planted().values():
            lines = tuple(line.replace(value, "*" * len(value)) for line in lines)
        return lines

    return Change(change.why, shown(change.removed), shown(change.added), shown(change.moved))


def _edit(cells: list[dict[str, Any]], one: dict[str, Any]) -> Change:
    """Make one edit in the list of cells: delete a cell, move it up, rewrite it, or add a code cell after another."""
    places = {cell["id"]: place for place, cell in enumerate(cells)}
    if "after" in one:
        empty = {"cell_type": "code", "execution_count": None, "id": one["cell"], "metadata": {}, "outputs": []}
        cells.insert(places[one["after"]] + 1, {**empty, "source": one["source"].splitlines(True)})
        return Change(one["why"], added=tuple(one["source"].splitlines()))
    cell = cells[places[one["cell"]]]
    before = tuple("".join(cell["source"]).splitlines())
    if one.get("delete"):
        cells.remove(cell)
        return Change(one["why"], removed=before)
    if "before" in one:
        cells.remove(cell)
        cells.insert(places[one["before"]], cell)
        return Change(one["why"], moved=before)
    cell["source"] = one["source"].splitlines(True)
    if one.get("tags"):
        cell["metadata"]["tags"] = one["tags"]
    if one.get("markdown"):
        cell["cell_type"] = "markdown"
        del cell["outputs"], cell["execution_count"]
    after = tuple(one["source"].splitlines())
    return Change(one["why"], tuple(x for x in before if x not in after), tuple(x for x in after if x not in before))


def plant(notebook: bytes) -> bytes:
    """The notebook with made-up values in place of the placeholders; the same values every time."""
    for placeholder, value in planted().items():
        notebook = notebook.replace(placeholder.encode(), value.encode())
    return notebook


@cache
def planted() -> dict[str, str]:
    """Placeholder → value, both of the same length, so that printed tables stay aligned."""
    values = {
        "GITHUB": _github_token(),
        "HUB": "_".join(("hf", _letters("hub", 34, string.ascii_letters))),
        "AWS": "AK" + "IA" + _letters("aws", 16, string.ascii_uppercase + "234567"),
    }
    for number, person in enumerate(_PEOPLE):
        first = person.partition(".")[0].upper()
        values[f"MAIL-{first}"] = "@".join((person, _COMPANY))
        # A block of numbers that is reserved for films and books.
        values[f"TEL-{first}"] = f"+44 20 7946 0{113 + 7 * number}"
        values[f"IBAN-{first}"] = _account(number)
        values[f"B{number + 1}"] = f"19{61 + 5 * number}-0{1 + number}-{11 + 3 * number}"
    return {f"PLANT-{name}-".ljust(len(value), "-"): value for name, value in values.items()}


def _account(number: int) -> str:
    """An account's number with the right check digits, at a bank that does not exist."""
    body = f"99900000{1234500000 + 7919 * number:010}"
    return f"DE{98 - int(body + '131400') % 97:02}{body}"


def _letters(seed: str, length: int, alphabet: str) -> str:
    """Letters that look random and are the same every time."""
    digest = b"".join(hashlib.sha256(f"{seed}/{part}".encode()).digest() for part in range(3))
    return "".join(alphabet[byte % len(alphabet)] for byte in digest[:length])


def _github_token() -> str:
    """A token of the shape that GitHub gives out, its checksum included; nobody was ever given this one."""
    body = _letters("github", 30, _ALPHANUMERIC)
    checksum, digits = zlib.crc32(body.encode()), string.digits + string.ascii_uppercase + string.ascii_lowercase
    tail = ""
    for _ in range(6):
        checksum, digit = divmod(checksum, 62)
        tail = digits[digit] + tail
    return "_".join(("ghp", body + tail))

"""The notebooks that are shipped: where they lie, and how values that look personal or secret get into them.

No token and no address stands in the repository or the wheel. The notebooks carry placeholders of the same length,
and `plant` fills them with values made up here when the demo or a test needs something to find.
"""

from __future__ import annotations

import hashlib
import shutil
import string
import zlib
from functools import cache
from pathlib import Path

from nb_mlops.core.errors import NbMlopsError

_ALPHANUMERIC = string.ascii_letters + string.digits
_PEOPLE = ("anna.keller", "jonas.brandt", "ola.nowak", "ruth.okafor", "tomas.lind", "ines.duarte")
_COMPANY = "musterfirma-beispiel.de"


def folder() -> Path:
    """Where the shipped notebooks lie: inside an installed package, or beside it in a source checkout."""
    package = Path(__file__).resolve().parent.parent
    for place in (package / "_samples", package.parent / "sample_notebooks"):
        if place.is_dir():
            return place
    raise NbMlopsError("The sample notebooks are missing from this installation.", "Install nb-mlops again.")


def copy(name: str, target: Path) -> None:
    """Put a shipped notebook where `target` says, with its placeholders filled."""
    target.write_bytes(plant((folder() / name).read_bytes()))


def copy_data(target: Path) -> None:
    """Put the data files that the shipped notebooks read into the folder `target`."""
    target.mkdir(exist_ok=True)
    for file in sorted((folder() / "data").glob("*.csv")):
        shutil.copyfile(file, target / file.name)


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
    return {f"PLANT-{name}-".ljust(len(value), "-"): value for name, value in values.items()}


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

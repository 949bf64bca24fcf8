"""What passed before, by content.

A notebook whose code, data, package, settings and environment are those of an earlier pass need not be run again. Only
passes are kept, in the user's cache folder.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import distributions
from pathlib import Path

import msgspec

from nb_mlops import __version__
from nb_mlops.core.value import Struct
from nb_mlops.outside import artefacts, files


class Pass(Struct, frozen=True):
    """Why it passed, in words, and the data that it read, which must be the same again."""

    tests: str
    check: str
    gate: str
    data: Mapping[str, str]


def key(notebook: Path, model: str, packages: Sequence[Path], settings: object) -> str:
    """One digest of everything a verdict depends on but the data."""
    installed = sorted(f"{one.name}=={one.version}" for one in distributions())
    whole = hashlib.sha256(repr((__version__, sys.version, model, settings, installed)).encode("utf-8", "replace"))
    whole.update(files.read_bytes(notebook))
    for package in packages:
        for file in sorted(path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
            whole.update(f"\0{file.relative_to(package).as_posix()}\0".encode("utf-8", "surrogateescape"))
            whole.update(files.read_bytes(file))
    return whole.hexdigest()


def find(key: str, root: Path) -> Pass | None:
    """The earlier pass, if the data are still what they were."""
    with contextlib.suppress(OSError, ValueError, msgspec.MsgspecError):
        found = msgspec.json.decode((_folder() / key).read_bytes(), type=Pass)
        if artefacts.hash_data(root, found.data) == dict(found.data):
            return found
    return None


def keep(key: str, passed: Pass) -> None:
    """Remember a pass."""
    with contextlib.suppress(OSError):
        _folder().mkdir(parents=True, exist_ok=True)
        temporary = _folder() / f".{key}-{os.getpid()}"
        temporary.write_bytes(msgspec.json.encode(passed))
        temporary.replace(_folder() / key)


def _folder() -> Path:
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "nb-mlops" / "ci"

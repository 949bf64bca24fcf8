"""nb-mlops inside git: a clean filter and a view of cells for `git diff`, set up in one clone and taken out again.

Nothing of it is in the working tree: configuration and attributes are the clone's own.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from nb_mlops.core.errors import UsageError
from nb_mlops.outside import files, git
from nb_mlops.outside.writing import write_atomic

NAME = "nb-mlops"
_LINE = f"*.ipynb filter={NAME} diff={NAME}"
_SECTIONS = (f"filter.{NAME}", f"diff.{NAME}")
_LARGEST = 65516  # what a packet of git's holds


def install(root: Path) -> bool:
    """Set both up; whether anything was to be done. Raises UsageError where another filter has the notebooks."""
    other = git.ask(root, "check-attr", "filter", "--", "notebook.ipynb").decode().strip().rpartition(": ")[2]
    if other not in ("unspecified", "unset", NAME):
        raise UsageError(
            f"Notebooks already go through the git filter `{other}` here.",
            f"Take `filter={other}` out of .gitattributes, .git/info/attributes or your own attributes file.",
        )
    program = f"{shlex.quote(Path(sys.executable).as_posix())} -m nb_mlops git"
    wanted = {
        f"filter.{NAME}.process": f"{program} process",
        # What cannot be cleaned is not staged: better no commit than one that holds what it must not.
        f"filter.{NAME}.required": "true",
        f"diff.{NAME}.textconv": f"{program} textconv",
    }
    attributes = _attributes(root)
    lines = _lines(attributes)
    done = _LINE in lines and all(_config(root, key) == value for key, value in wanted.items())
    for key, value in wanted.items():
        git.ask(root, "config", "--local", key, value)
    if _LINE not in lines:
        attributes.parent.mkdir(exist_ok=True)
        write_atomic(attributes, "".join(f"{line}\n" for line in (*lines, _LINE)).encode("utf-8", "surrogateescape"))
    return not done


def uninstall(root: Path) -> bool:
    """Take both out, and leave no file or section that we made; whether anything was there."""
    attributes = _attributes(root)
    lines = _lines(attributes)
    found = _LINE in lines
    left = [line for line in lines if line != _LINE]
    if found and left:
        write_atomic(attributes, "".join(f"{line}\n" for line in left).encode("utf-8", "surrogateescape"))
    elif found:
        attributes.unlink()
    for section in _SECTIONS:
        if _has(root, section):
            git.ask(root, "config", "--local", "--remove-section", section)
            found = True
    return found


def _has(root: Path, section: str) -> bool:
    listed = git.ask(root, "config", "--local", "--list", "--name-only").decode("utf-8", "replace").splitlines()
    return any(name.startswith(f"{section}.") for name in listed)


def _config(root: Path, key: str) -> str:
    return git.ask(root, "config", "--local", "--default", "", "--get", key).decode("utf-8", "replace").strip()


def _attributes(root: Path) -> Path:
    place = git.ask(root, "rev-parse", "--git-path", "info/attributes").decode("utf-8", "surrogateescape").strip()
    return root / place


def _lines(file: Path) -> list[str]:
    try:
        return files.read_bytes(file).decode("utf-8", "surrogateescape").splitlines()
    except FileNotFoundError:
        return []


def serve(given: BinaryIO, out: BinaryIO, clean: Callable[[str, bytes], bytes]) -> None:
    """Answer git's filter protocol (version 2) until it hangs up: one process cleans all the notebooks of an `add`.

    What goes into the working tree passes as it is. A notebook that `clean` cannot take is told to git as an error.
    """
    list(_packets(given))  # git-filter-client, version=2
    _send(out, b"git-filter-server\n", b"version=2\n")
    list(_packets(given))  # what git is able to
    _send(out, b"capability=clean\n", b"capability=smudge\n")
    while head := list(_packets(given)):
        asked = dict(line.decode("utf-8", "surrogateescape").rstrip("\n").partition("=")[::2] for line in head)
        data = b"".join(_packets(given))
        try:
            answer = clean(asked.get("pathname", ""), data) if asked.get("command") == "clean" else data
        except Exception as error:
            print(f"nb-mlops: {asked.get('pathname', '')} cannot be cleaned: {type(error).__name__}", file=sys.stderr)
            _send(out, b"status=error\n")
            continue
        _send(out, b"status=success\n")
        _send(out, *(answer[at : at + _LARGEST] for at in range(0, len(answer), _LARGEST)))
        _send(out)  # the status has not changed


def _packets(given: BinaryIO) -> Iterator[bytes]:
    """Packets up to the next flush, or to the end."""
    while (size := int(given.read(4) or b"0000", 16)) > 4:
        yield given.read(size - 4)


def _send(out: BinaryIO, *packets: bytes) -> None:
    for packet in packets:
        out.write(b"%04x" % (len(packet) + 4) + packet)
    out.write(b"0000")
    out.flush()

"""The ledger as a file: lines that are only ever added, under a lock that every process of this machine respects.

`.nb-mlops/ledger/entries.jsonl` holds an envelope a line, `head.json` the envelope of the head, `pending.json` what is
being done while the registry writes. A line without its end was being written when its process was ended; it was never
part of the ledger and the next one replaces it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nb_mlops.core.errors import ExitCode, NbMlopsError
from nb_mlops.outside.alone import Alone
from nb_mlops.outside.artefacts import state_dir
from nb_mlops.outside.writing import write_atomic

FOLDER = "ledger"


class LedgerError(NbMlopsError):
    """The ledger cannot be gone on with."""

    exit_code = ExitCode.REFUSED


class LedgerFile:
    """The lines, the head and the lock of one project or server. Nothing here is verified."""

    def __init__(self, root: Path) -> None:
        self.folder = root / ".nb-mlops" / FOLDER
        self._root = root
        self._entries = self.folder / "entries.jsonl"
        self._head = self.folder / "head.json"
        self._pending = self.folder / "pending.json"
        self._alone = Alone(self.folder / "lock")

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Alone with the ledger, among the threads and processes of this machine; the same thread may ask again."""
        state_dir(self._root)
        with self._alone.held():
            yield

    def lines(self) -> list[bytes]:
        """Every whole line, oldest first."""
        try:
            data = self._entries.read_bytes()
        except FileNotFoundError:
            return []
        return data[: data.rfind(b"\n") + 1].splitlines()

    def head(self) -> bytes | None:
        """The head's envelope; None where there is none."""
        try:
            return self._head.read_bytes()
        except FileNotFoundError:
            return None

    def append(self, envelope: Mapping[str, Any]) -> bytes:
        """Add a line, on disk when this returns. To be called by who holds the lock."""
        line = json.dumps(envelope, separators=(",", ":"), sort_keys=True).encode("ascii")
        with self._entries.open("a+b") as file:
            _drop_half_line(file)
            file.write(line + b"\n")
            file.flush()
            os.fsync(file.fileno())
        return line

    def set_head(self, envelope: Mapping[str, Any]) -> None:
        """Replace the head, whole or not at all."""
        write_atomic(self._head, (json.dumps(envelope, sort_keys=True) + "\n").encode("ascii"))

    def pending(self) -> dict[str, Any] | None:
        """What somebody was about to do who did not come back to say that it was done."""
        try:
            found = json.loads(self._pending.read_bytes())
        except FileNotFoundError:
            return None
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def announce(self, what: Mapping[str, Any]) -> None:
        """Say what is about to be done, before the registry is touched."""
        write_atomic(self._pending, json.dumps(what).encode("ascii"))

    def settled(self) -> None:
        """It is done, or it will not be."""
        self._pending.unlink(missing_ok=True)


def line_digest(line: bytes) -> str:
    """What the next line calls this one."""
    return hashlib.sha256(line).hexdigest()


def _drop_half_line(file: Any) -> None:
    size = file.seek(0, os.SEEK_END)
    if not size:
        return
    file.seek(size - 1)
    if file.read(1) == b"\n":
        return
    file.seek(0)
    file.truncate(file.read().rfind(b"\n") + 1)

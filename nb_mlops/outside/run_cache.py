"""Runs that need not be made again: kept by what was run, with what and where, as long as the data are the same."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nb_mlops import __version__
from nb_mlops.core.run import RunRecord, RunRequest, RunStatus
from nb_mlops.outside.artefacts import state_dir
from nb_mlops.outside.harvest import sha256_of
from nb_mlops.outside.kernel import choose_kernel, python_of
from nb_mlops.outside.run_one import decode, encode
from nb_mlops.outside.writing import write_atomic

# Ends that the same run would come to again; a limit or a full machine may be another day's.
_SURE = (RunStatus.OK, RunStatus.CELL_FAILED)
_DISTRIBUTIONS = (
    "import sys, importlib.metadata as m; "
    "print(sys.version); print(sorted({(d.name or '', d.version) for d in m.distributions()}))"
)


def environment_digest(kernel: str, metadata: Mapping[str, Any]) -> str:
    """What a kernel is made of: its Python and every distribution there. Raises NoKernelError for no kernel."""
    python = python_of(kernel, metadata)
    if not python:
        return hashlib.sha256(choose_kernel(kernel, metadata)[0].encode()).hexdigest()
    said = subprocess.run([python, "-c", _DISTRIBUTIONS], capture_output=True, timeout=120, check=False).stdout
    return hashlib.sha256(python.encode() + said).hexdigest()


class RunCache:
    """Records in the project's `.nb-mlops/runs`, one file each, whole or not at all.

    `notebook` and `environment` are digests. A record counts as long as every file that its run read is the same.
    """

    def __init__(self, root: Path, notebook: str, environment: str) -> None:
        self._root = root
        self._known = (__version__, notebook, environment)
        self._folder = state_dir(root) / "runs"

    def _file(self, request: RunRequest) -> Path:
        asked = [*self._known, dict(request.parameters), dict(request.environ), request.offline, request.probe.value]
        name = hashlib.sha256(json.dumps(asked, sort_keys=True, default=repr).encode()).hexdigest()
        return self._folder / f"{name}.json"

    def get(self, request: RunRequest) -> RunRecord | None:
        """The record of this run, if it is known and would come out the same."""
        try:
            record = decode(self._file(request).read_bytes())
            same = all(sha256_of(str(self._place(file.path))) == file.sha256 for file in record.files_read)
        except (OSError, ValueError):
            return None
        return record if same else None

    def _place(self, shown: str) -> Path:
        return Path(shown).expanduser() if shown.startswith("~/") else self._root / shown

    def put(self, request: RunRequest, record: RunRecord) -> None:
        """Keep a record. Raises UsageError where it cannot be written."""
        if record.status in _SURE:
            self._folder.mkdir(parents=True, exist_ok=True)
            write_atomic(self._file(request), encode(record))

"""The command line as the shell calls it, in this process."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from nb_mlops.core.notebook import Cell
from nb_mlops.doors.cli import main
from nb_mlops.ipynb.write import write
from nb_mlops.linter.rule import example


def called(
    words: Sequence[str], patch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[Any]
) -> tuple[int, Any, Any]:
    """Exit code, stdout and stderr."""
    patch.setattr(sys, "argv", ["nb-mlops", *words])
    capture.readouterr()
    with pytest.raises(SystemExit) as stop:
        main()
    out, err = capture.readouterr()
    return int(stop.value.code or 0), out, err


def content(*cells: Cell, **metadata: Any) -> bytes:
    """A notebook file."""
    return write(example(*cells, **metadata).notebook)


def save(path: str, *cells: Cell, **metadata: Any) -> Path:
    """A notebook file on disk."""
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content(*cells, **metadata))
    return file

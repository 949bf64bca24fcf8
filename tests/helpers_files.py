"""Files of a test's own folder."""

from __future__ import annotations

from pathlib import Path


def put(*paths: str) -> None:
    """Notebooks of no cells, with the folders above them."""
    for path in paths:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_bytes(b"{}")

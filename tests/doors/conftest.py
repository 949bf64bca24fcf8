"""What the tests of the command line share."""

from __future__ import annotations

from typing import Any

import pytest
from helpers_cli import called


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """The command line as the shell calls it: (exit code, stdout, stderr)."""
    return lambda *words: called(words, monkeypatch, capsys)

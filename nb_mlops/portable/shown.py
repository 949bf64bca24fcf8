"""Notes what a kernel's cells show, as values: the last expression, `display(x)`, figures.

All of it passes through IPython's display formatter, which is made to tell. What is compared later is what was shown,
not how a front end drew it.
"""

from __future__ import annotations

import contextlib
from typing import Any

from .fingerprint import fingerprint

_MOST = 100  # that are noted of one cell


class Shown:
    """Fingerprints of what is shown; taken cell by cell."""

    def __init__(self, shell: Any) -> None:
        self._found: list[Any] = []
        self._inside = False
        formatter = shell.display_formatter
        self._format = formatter.format
        formatter.format = self._told

    def _told(self, shown: Any, *args: Any, **options: Any) -> Any:
        if not self._inside and shown is not None and len(self._found) < _MOST:
            self._inside = True
            with contextlib.suppress(Exception):
                self._found.append(fingerprint(shown))
            self._inside = False
        return self._format(shown, *args, **options)

    def taken(self) -> list[Any]:
        """What was shown since this was asked last."""
        found, self._found = self._found, []
        return found

"""One way to declare a setting: default, one line of documentation, and the words it may be."""

from __future__ import annotations

from dataclasses import field
from typing import Any


def setting(default: Any, doc: str, choices: str = "") -> Any:
    """A dataclass field whose documentation line fills README's table; `choices` are space-separated words."""
    return field(default=default, metadata={"doc": doc, "choices": tuple(choices.split())})

"""What a key may sign, and what its signature is worth."""

from __future__ import annotations

from enum import Enum
from typing import Literal, get_args

# Who signed, weakest first: somebody's own key, a key that only CI holds, a key that only an isolated runner holds.
Level = Literal["self", "ci", "isolated"]
ASSURANCES: tuple[str, ...] = get_args(Level)


class Purpose(str, Enum):
    """What a key may be used for: to say what was found, or to say yes to it."""

    EVIDENCE = "evidence"
    APPROVAL = "approval"

"""Digests: how the lint path makes them, and what one of evidence looks like.

`hashlib` gives the same blake2b, but loads OpenSSL first: as long as ten rules take to load.
"""

from __future__ import annotations

try:
    from _blake2 import blake2b
except ImportError:  # a Python that keeps it elsewhere
    from hashlib import blake2b

__all__ = ["blake2b", "is_sha256"]

_HEX = frozenset("0123456789abcdef")


def is_sha256(text: str) -> bool:
    """Whether the text is a sha256 in lower-case hex, as digests in evidence and ids of keys are."""
    return len(text) == 64 and _HEX.issuperset(text)

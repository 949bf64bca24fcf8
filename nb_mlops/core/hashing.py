"""The digest of the lint path. `hashlib` gives the same, but loads OpenSSL first: as long as ten rules take to load."""

from __future__ import annotations

try:
    from _blake2 import blake2b
except ImportError:  # a Python that keeps it elsewhere
    from hashlib import blake2b

__all__ = ["blake2b"]

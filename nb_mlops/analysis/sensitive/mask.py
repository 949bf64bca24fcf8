"""A text fit to be shown: same length, every token, personal value and user name covered."""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.sensitive.detect import find_secrets
from nb_mlops.analysis.sensitive.personal import find_addresses, find_homes, find_personal

MASK = "*"


def mask(text: str) -> str:
    """The text with each character of a secret or personal value covered; line breaks stay."""
    covered = [(secret.start, secret.end) for secret in find_secrets(text)]
    covered.extend((value.start, value.end) for value in find_personal(text))
    if "@" in text:
        covered.extend(find_addresses(text))
    if "/" in text or "\\" in text:
        covered.extend((home.name_start, home.end) for home in find_homes(text))
    return cover(text, covered)


def cover(text: str, stretches: Iterable[tuple[int, int]]) -> str:
    """The text with these stretches covered."""
    for start, end in stretches:
        text = text[:start] + "".join("\n" if c == "\n" else MASK for c in text[start:end]) + text[end:]
    return text

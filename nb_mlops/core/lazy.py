"""What is made when it is first used: regular expressions. A run of lint needs a tenth of those that its rules name."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


def pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """The regular expression, as re.compile gives it, but compiled when it is first asked for something."""
    return cast("re.Pattern[AnyStr]", _Pattern(text, flags))


class _Pattern:
    """Stands for a pattern; takes over what the pattern can do as soon as that is wanted, at no cost from then on."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self._text, self._flags = text, flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self._text, self._flags)
        known = ("search", "match", "fullmatch", "finditer", "findall", "sub", "split", "pattern")
        self.__dict__.update({each: getattr(compiled, each) for each in known})
        return getattr(compiled, name)

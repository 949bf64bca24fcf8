"""What is made or loaded only when it is used: regular expressions, and modules that others load for nothing. A run of
lint needs a tenth of the patterns that its rules name."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any, AnyStr, cast


def pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """The regular expression, as re.compile gives it, but compiled when it is first asked for something."""
    return cast("re.Pattern[AnyStr]", _Pattern(text, flags))


@contextmanager
def spared(*modules: str) -> Iterator[None]:
    """Around an import of what loads these modules and uses them for nothing that is done here: it gets empty ones.

    Such as are loaded already stay. With other threads at work, which may want the modules at this very moment, nothing
    is spared; nor is anything taken from whoever imports them afterwards.
    """
    threading = sys.modules.get("threading")
    alone = threading is None or threading.active_count() == 1
    empty = [name for name in modules if alone and name not in sys.modules]
    sys.modules.update({name: ModuleType(name) for name in empty})
    try:
        yield
    finally:
        for name in empty:
            del sys.modules[name]


class _Pattern:
    """Stands for a pattern; takes over what the pattern can do as soon as that is wanted, at no cost from then on."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self._text, self._flags = text, flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self._text, self._flags)
        known = ("search", "match", "fullmatch", "finditer", "findall", "sub", "split", "pattern")
        self.__dict__.update({each: getattr(compiled, each) for each in known})
        return getattr(compiled, name)

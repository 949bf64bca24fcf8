"""What clients have sent before: outputs and metadata by token, so that typing in a cell sends neither."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Any

from nb_mlops.commands.live import kept

_MOST = 128_000_000
# What the largest request may weigh; a client leaves out the data of images.
LARGEST = 64_000_000


class Blobs:
    """As much as fits of what was sent last. Tokens are the clients' own and never mean anything else."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._weight = 0
        self._known: OrderedDict[str, tuple[Any, int]] = OrderedDict()

    def put(self, found: Mapping[str, Any], weight: int) -> None:
        """Keep these, which weigh so much together."""
        share = weight // max(len(found), 1)
        for token, value in found.items():
            self._forget(token)
            self._known[token] = kept(value), share
            self._weight += share
        while self._weight > self._most and len(self._known) > len(found):
            self._forget(next(iter(self._known)))

    def missing(self, tokens: Iterable[str]) -> tuple[str, ...]:
        """Those that are not here; the others are kept longest from now on."""
        gone = []
        for token in tokens:
            if token in self._known:
                self._known.move_to_end(token)
            else:
                gone.append(token)
        return tuple(gone)

    def get(self, token: str) -> Any:
        """What was put under a token."""
        return self._known[token][0]

    def _forget(self, token: str) -> None:
        if token in self._known:
            self._weight -= self._known.pop(token)[1]

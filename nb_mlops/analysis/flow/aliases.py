"""Which names may share an object: `b = a`, `b = a[:2]`, `models = [m1, m2]`, the loop variable over them."""

from __future__ import annotations

from collections.abc import Iterable

_NOBODY: frozenset[str] = frozenset()
# So many names that share an object are followed: fifty thousand that are bound one to another would each know of all.
_MOST = 50


class Aliases:
    """May-alias facts along a walk. A name leads to its roots: names whose object it may be, hold, or be part of.

    Changing a name changes its roots. Changing a root changes the names that *are* or *hold* it (`b = a`,
    `models = [a]`), not those that were read out of it (`n = a.shape`).
    """

    __slots__ = ("_holders", "_roots")

    def __init__(self) -> None:
        self._roots: dict[str, frozenset[str]] = {}
        self._holders: dict[str, frozenset[str]] = {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Aliases) and self._roots == other._roots and self._holders == other._holders

    __hash__ = None  # type: ignore[assignment]

    def copy(self) -> Aliases:
        """The same facts, for a walk that goes on from here."""
        made = Aliases()
        made._roots, made._holders = self._roots.copy(), self._holders.copy()
        return made

    def roots(self, name: str) -> frozenset[str]:
        """The names that `name` leads to, itself included."""
        found = self._roots.get(name, _NOBODY)
        return found | {name} if len(found) < _MOST else frozenset((name,))

    def bind(self, name: str, roots: frozenset[str], holds: bool, sure: bool) -> None:
        """`name` is bound to a value with these roots, which it is or holds (`holds`) or was read out of."""
        old = self._roots.get(name)
        if old and sure:
            for root in old:
                if (left := self._holders.get(root)) is not None:
                    self._holders[root] = left - {name}
        elif old:
            roots |= old
        if sure and name in self._holders and name not in roots:
            self._leave(name)
        roots -= {name}
        if roots:
            self._roots[name] = roots
            for root in roots if holds else ():
                holders = self._holders.get(root, _NOBODY)
                if len(holders) < _MOST:
                    self._holders[root] = holders | {name}
        elif old:
            del self._roots[name]

    def _leave(self, name: str) -> None:
        """`name` is another object now: those that are or hold the one it was share it among themselves."""
        heir, *others = sorted(self._holders.pop(name)) or (name,)
        if heir == name:
            return
        self._part(heir, name, _NOBODY)
        for other in others:
            self._part(other, name, frozenset({heir}))
        if others:
            self._holders[heir] = self._holders.get(heir, _NOBODY).union(others)

    def _part(self, holder: str, name: str, heir: frozenset[str]) -> None:
        left = self._roots.get(holder, _NOBODY) - {name} | heir
        if left:
            self._roots[holder] = left
        else:
            self._roots.pop(holder, None)

    def affected(self, names: Iterable[str]) -> set[str]:
        """All names that a change of these changes."""
        found: set[str] = set()
        for name in names:
            found.add(name)
            found |= self._roots.get(name, _NOBODY)
        for name in tuple(found):
            found |= self._holders.get(name, _NOBODY)
        return found

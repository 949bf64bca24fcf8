"""Which names are bound at a point of a cell: the two sets of the abstract walk, and how paths meet."""

from __future__ import annotations

from collections.abc import Iterable


class State:
    """Names this cell has bound so far: on every path (`must`), on some path (`may`, a superset); names it has
    unbound on every path (`gone`). A state is `dead` after `raise`, `return`, `break`, `continue`."""

    __slots__ = ("dead", "gone", "may", "must")

    def __init__(self) -> None:
        self.must: set[str] = set()
        self.may: set[str] = set()
        self.gone: set[str] = set()
        self.dead = False

    def copy(self) -> State:
        """A path that parts from this one here."""
        new = State()
        new.must, new.may, new.gone, new.dead = set(self.must), set(self.may), set(self.gone), self.dead
        return new

    def bind(self, name: str) -> None:
        """`name` is bound from here on."""
        if not self.dead:
            self.must.add(name)
            self.may.add(name)
            if self.gone:
                self.gone.discard(name)

    def may_bind(self, names: Iterable[str]) -> None:
        """Some path has bound these."""
        for name in names:
            self.may.add(name)
            self.gone.discard(name)

    def unbind(self, name: str) -> None:
        """`name` is unbound from here on."""
        if not self.dead:
            self.must.discard(name)
            self.may.discard(name)
            self.gone.add(name)


def join(states: Iterable[State]) -> State:
    """Where paths meet again; dead ones do not arrive. Dead when none does."""
    living = [state for state in states if not state.dead]
    if not living:
        dead = State()
        dead.dead = True
        return dead
    if len(living) == 1:
        return living[0]
    met = living[0].copy()
    for state in living[1:]:
        met.must &= state.must
        met.may |= state.may
        met.gone &= state.gone
    met.gone -= met.may
    return met

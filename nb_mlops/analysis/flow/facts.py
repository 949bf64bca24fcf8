"""What is known of a cell's names, and of a function's: values only."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

from nb_mlops.core.notebook import Position
from nb_mlops.core.value import Struct, field


class Certainty(IntEnum):
    """How sure it is that a line of a cell is reached when the cell runs."""

    POSSIBLE = 0  # in a branch, behind a guard, in a function that is handed around
    LIKELY = 1  # in a loop, a comprehension, a lambda that is an argument
    SURE = 2


# The walk asks for these at every node: a global is found in a tenth of the time that a member of a class takes.
POSSIBLE, LIKELY, SURE = Certainty


class Use(Struct, frozen=True, gc=False):
    """A name that is read before the cell (or the function) binds it.

    `via` names the function through which it is read at call time ("" for a read in plain sight); `called` is whether
    the name itself is called; `soft` is set where the text of a magic or a query names it and an unknown name does
    no harm.
    """

    position: Position
    certainty: Certainty
    via: str = ""
    called: bool = False
    soft: bool = False


class Function(Struct, frozen=True, eq=False):
    """A function, lambda or class of the notebook: what it will read and change when it is called.

    `free` are the global names its body reads (for a class, all its methods' bodies), `binds` the global names it
    binds through `global` (True: on every path), `unbinds` those it may delete, `mutates` the global names whose
    objects it changes in place, `mutates_parameters` the parameters whose objects it changes. A class holds its
    `methods`.
    """

    name: str
    cell: int
    free: Mapping[str, Use]
    parameters: tuple[str, ...] = ()
    binds: Mapping[str, bool] = field(default_factory=dict)
    unbinds: frozenset[str] = frozenset()
    mutates: frozenset[str] = frozenset()
    mutates_parameters: frozenset[str] = frozenset()
    methods: Mapping[str, Function] = field(default_factory=dict)
    is_class: bool = False
    wildcard: bool = False
    opaque: bool = False

    def does_what(self, other: Function) -> bool:
        """Whether a call of the one is a call of the other, as far as names go."""
        return self is other or (
            all(getattr(self, part) == getattr(other, part) for part in _PARTS)
            and self.methods.keys() == other.methods.keys()
            and all(method.does_what(other.methods[name]) for name, method in self.methods.items())
        )


_PARTS = tuple(part for part in Function.__struct_fields__ if part != "methods")


class CellFlow(Struct, frozen=True):
    """What one code cell does to names when it runs after the cells above it.

    `uses` are upward-exposed reads: names whose value comes from before the cell, those included that functions
    called or escaping in the cell read at call time. `must` is bound whenever the cell ends, `may` on some paths only
    (the two never meet). `mutates` are names whose object, as it came into the cell, may be changed in place;
    `deletes` are unbound when the cell ends. `imports` are the names bound by import statements. `functions` maps the
    functions and classes defined here to their free global names. `wildcard`: names not listed may be bound (star
    import, `exec`, `%run`). `opaque`: names not listed may be read (`eval`, `globals()`, a cell that does not parse).
    `clears`: every name of the notebook is gone (`%reset`). `lines` are the line ranges of the top-level statements
    that bind or change each name.
    """

    cell: int
    uses: Mapping[str, Use] = field(default_factory=dict)
    must: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()
    mutates: frozenset[str] = frozenset()
    deletes: frozenset[str] = frozenset()
    imports: frozenset[str] = frozenset()
    functions: Mapping[str, frozenset[str]] = field(default_factory=dict)
    wildcard: bool = False
    opaque: bool = False
    clears: bool = False
    lines: Mapping[str, tuple[tuple[int, int], ...]] = field(default_factory=dict)

    @property
    def reads(self) -> Mapping[str, Position]:
        """Where each upward-exposed name is read first."""
        return {name: use.position for name, use in self.uses.items()}

    @property
    def binds(self) -> frozenset[str]:
        """Every name that the cell binds on some path."""
        return self.must | self.may

"""What earlier cells have told about names: which are functions, modules, random generators."""

from __future__ import annotations

from collections.abc import Iterator

from nb_mlops.analysis.flow.aliases import Aliases
from nb_mlops.analysis.flow.facts import POSSIBLE, Certainty, Function

# A name that carries more functions than this is some registry: following them all says nothing.
_MOST = 16
# So many functions are followed from one call.
_MOST_REACHED = 100


class Names:
    """What names hold at the point the walk has reached, as far as it matters for later cells.

    `functions` maps a name to the functions its value may carry: a function itself, an instance of a class, a
    container or partial of functions.
    """

    __slots__ = ("aliases", "functions", "generators", "lazy_annotations", "modules")

    def __init__(self) -> None:
        self.aliases = Aliases()
        self.functions: dict[str, tuple[Function, ...]] = {}
        self.modules: set[str] = set()
        self.generators: set[str] = set()
        self.lazy_annotations = False  # IPython keeps a `__future__` import for the cells that follow

    def copy(self) -> Names:
        """The same, for a walk that goes on from here."""
        made = Names()
        made.aliases, made.functions = self.aliases.copy(), self.functions.copy()
        made.modules, made.generators = self.modules.copy(), self.generators.copy()
        made.lazy_annotations = self.lazy_annotations
        return made

    def tell_alike(self, other: Names) -> bool:
        """Whether later cells find the same here as there. A function that was read again is another object: what
        counts is what it does, and that names which shared one share one still."""
        if (self.modules, self.generators, self.lazy_annotations, self.aliases) != (
            *(other.modules, other.generators, other.lazy_annotations, other.aliases),
        ):
            return False
        return self.functions == other.functions or _paired(self.functions, other.functions)

    def rebind(self, name: str, carried: tuple[Function, ...], sure: bool) -> None:
        """`name` has a new value that carries these functions; the old value stays possible unless `sure`."""
        if not sure:
            old = self.functions.get(name, ())
            carried = old + tuple(function for function in carried if function not in old)
        if carried:
            self.functions[name] = carried[:_MOST]
        elif name in self.functions:
            del self.functions[name]
        if sure:
            self.modules.discard(name)
            if self.generators:
                self.generators.discard(name)

    def reached(self, function: Function, certainty: Certainty) -> Iterator[tuple[Function, Certainty]]:
        """The function, and those it may call in turn by the names' present values, each with how sure its call is."""
        seen = {id(function)}
        queue = [(function, certainty)]
        while queue and len(seen) - len(queue) <= _MOST_REACHED:
            current, sure = queue.pop()
            yield current, sure
            for name, use in current.free.items():
                for called in self.functions.get(name, ()):
                    if id(called) not in seen:
                        seen.add(id(called))
                        queue.append((called, min(sure, use.certainty) if use.called else POSSIBLE))


_Carried = dict[str, tuple[Function, ...]]


def _paired(here: _Carried, there: _Carried) -> bool:
    """Whether the names carry functions that do the same, each one of here for one of there."""
    if here.keys() != there.keys():
        return False
    partners: dict[int, Function] = {}
    for name, carried in here.items():
        others = there[name]
        if len(carried) != len(others):
            return False
        for one, other in zip(carried, others, strict=True):
            if partners.setdefault(id(one), other) is not other or not one.does_what(other):
                return False
    return len({id(other) for other in partners.values()}) == len(partners)

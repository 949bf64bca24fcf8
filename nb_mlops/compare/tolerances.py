"""How far two answers may part and still be the same, and what was forgiven on the way, with the reason."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Tolerances:
    """Numbers agree within `atol + rtol * the larger`; images within `image_rms` (0-255) per pixel on average.

    `today` (an ISO date) is given when the two runs may stand in different time zones: then the clock of the runs,
    which is near that day, may differ by hours.
    """

    rtol: float = 1e-9
    atol: float = 1e-12
    image_rms: float = 2.0
    today: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """Whether two values agree. `difference` says in short words where they part, "" when they agree.

    `forgiven` names what was different and does not count: addresses, times, temporary paths, rounding.
    """

    difference: str = ""
    forgiven: frozenset[str] = field(default_factory=frozenset)

    @property
    def same(self) -> bool:
        """Whether the two agree."""
        return not self.difference

    def within(self, place: str) -> Likeness:
        """The same likeness, said of a part of something larger."""
        return self if self.same else Likeness(f"{place}: {self.difference}", self.forgiven)


SAME = Likeness()


def together(*parts: Likeness) -> Likeness:
    """The first difference among the parts, and all that was forgiven."""
    forgiven = frozenset().union(*(part.forgiven for part in parts))
    return Likeness(next((part.difference for part in parts if not part.same), ""), forgiven)

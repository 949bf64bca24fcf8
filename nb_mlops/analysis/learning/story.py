"""The words in which the tale of a notebook's rows is told."""

from __future__ import annotations

import ast
from enum import Enum

from nb_mlops.core.value import Struct, field


class Role(Enum):
    """What a set of rows is for, as far as the code says."""

    SOME = "some"
    TRAIN = "train"
    TEST = "test"
    COPIES = "copies"


class Step(Struct, frozen=True, eq=False):
    """An expression of a cell, at its turn in the run."""

    at: int
    cell: int
    node: ast.expr


class Rows(Struct, frozen=True, eq=False):
    """A set of rows. `within` is every set that it is a part of or was made from, itself included, by number."""

    number: int
    role: Role
    within: frozenset[int]
    step: Step


class Learner(Struct, frozen=True, eq=False):
    """Something with a `fit`: the name of its class, "" where that is unknown, and whether it changes columns only.

    `holds` is what it was made with: the steps of a pipeline, the estimator of a search.
    """

    number: int
    kind: str
    transforms: bool
    step: Step
    holds: tuple[int, ...] = ()
    stops_early: bool = False


class Value(Struct, frozen=True, eq=False, gc=False):
    """What is known of a value.

    `rows` it may hold; `learned` fits whose numbers went into it; `predicted` fits that it was predicted by; `learners`
    it may be; `items` of a tuple or list; `columns` of which table; `put` into single columns of it, by name, what was
    learned for those.
    """

    rows: frozenset[int] = frozenset()
    learned: frozenset[int] = frozenset()
    predicted: frozenset[int] = frozenset()
    learners: frozenset[int] = frozenset()
    items: tuple[Value, ...] | None = None
    columns: Columns | None = None
    text: str | None = None
    put: tuple[tuple[str, frozenset[int]], ...] = ()

    @property
    def shaped_by(self) -> frozenset[int]:
        """The fits whose numbers went into any of it."""
        return self.learned.union(*(fits for _, fits in self.put)) if self.put else self.learned


class Columns(Struct, frozen=True):
    """Columns of a table that was read somewhere: all but `without`, or those `named` only; or just `one`, as such."""

    table: int
    without: frozenset[str] = frozenset()
    named: frozenset[str] | None = None
    one: str = ""

    def has(self, column: str) -> bool:
        """Whether the column is surely among them."""
        return not self.one and (column in self.named if self.named is not None else column not in self.without)


class Fit(Struct, frozen=True, eq=False):
    """Something learns: what is called may be several `learners`, in a loop over them. `judged` are the rows that it
    watches to know when to stop; `target` is what it is to learn."""

    number: int
    step: Step
    learners: tuple[Learner, ...]
    data: Value
    target: Value
    judged: frozenset[int] = frozenset()
    supervised: bool = False

    @property
    def learner(self) -> Learner | None:
        """What learns, where only one thing can be meant."""
        return self.learners[0] if len(self.learners) == 1 else None


class Score(Struct, frozen=True, eq=False):
    """What fits have learned is held against rows. `folds`: by a function that fits and scores part by part."""

    step: Step
    fits: frozenset[int]
    data: Value
    folds: bool = False


class Split(Struct, frozen=True, eq=False):
    """Rows are parted into some to learn from and some to be judged on."""

    step: Step
    data: Value
    train: int
    test: int


class Story(Struct):
    """All that happened, in the order of a clean run. `called` is the first name that rows were given."""

    rows: list[Rows] = field(default_factory=list)
    learners: list[Learner] = field(default_factory=list)
    fits: list[Fit] = field(default_factory=list)
    scores: list[Score] = field(default_factory=list)
    splits: list[Split] = field(default_factory=list)
    called: dict[int, str] = field(default_factory=dict)

    def part_of(self, some: frozenset[int], whole: frozenset[int]) -> bool:
        """Whether rows of `some` are surely among those of `whole`."""
        return any(not self.rows[one].within.isdisjoint(whole) for one in some)

    def have(self, some: frozenset[int], role: Role) -> bool:
        """Whether rows are, or were made from, such a part."""
        return any(self.rows[one].role is role for number in some for one in self.rows[number].within)

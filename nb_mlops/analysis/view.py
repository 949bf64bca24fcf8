"""What a rule sees of a notebook: each thing worked out at most once, and only when somebody asks."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, cast

from nb_mlops.analysis.calls import Call, calls, imported
from nb_mlops.analysis.definitions import Definitions
from nb_mlops.analysis.flow import CellFlow, notebook_flow
from nb_mlops.analysis.lines import line_of
from nb_mlops.analysis.memory import Memory
from nb_mlops.analysis.python import Python
from nb_mlops.analysis.repeats import Repeat, repeats
from nb_mlops.analysis.replay import Replays, Unmet, replays, stored_error, unmet
from nb_mlops.analysis.segment import Segment
from nb_mlops.analysis.segments import segments
from nb_mlops.analysis.sensitive.collect import Secret, collect
from nb_mlops.analysis.sensitive.personal.places import Place, personal_places
from nb_mlops.analysis.sources import Sources
from nb_mlops.analysis.staleness import Affected, Cause, Kind, Knowledge, causes
from nb_mlops.analysis.tables import Table, code_tables
from nb_mlops.analysis.timestamps import RunTime, run_time
from nb_mlops.analysis.tracebacks import lacks, stopped_at
from nb_mlops.core.finding import CellRef, Related
from nb_mlops.core.notebook import Cell, Notebook, Position, Span
from nb_mlops.core.project import Project
from nb_mlops.core.settings import LintSettings
from nb_mlops.core.value import Struct
from nb_mlops.core.wording import listed
from nb_mlops.knowledge.injected import HOSTED, HOSTED_WORDS, PYTHON2, always_there

if TYPE_CHECKING:
    from nb_mlops.analysis.imports import Import
    from nb_mlops.analysis.learning import Story


_Made = TypeVar("_Made")


class Needing(Struct, frozen=True):
    """The cells that hang on a cause, for a rule that tells of it: in words, as places, and for machines."""

    words: str = ""
    places: tuple[Related, ...] = ()
    data: tuple[tuple[int, str, bool], ...] = ()

    @property
    def affected(self) -> dict[str, object]:
        """For a finding's data."""
        return {"affected": [list(one) for one in self.data]} if self.data else {}


class View:
    """A notebook, read closely. Shared by all rules of one lint, so nothing in it may be changed.

    `project` answers what they ask of the repository around it; without one, nothing is known of that. Whoever looks at
    a notebook again and again hands in the `memory` of it.
    """

    def __init__(
        self,
        notebook: Notebook,
        settings: LintSettings | None = None,
        project: Project | None = None,
        memory: Memory | None = None,
    ) -> None:
        self.notebook = notebook
        self._memory = memory or Memory()
        self._walks = memory.walks if memory else None  # keeping what names held costs whoever looks only once
        self.settings = settings or LintSettings()
        self.project = project or Project()
        self._calls: dict[int, tuple[Call, ...]] = {}
        self._made: dict[Callable[[View], object], object] = {}

    def once(self, make: Callable[[View], _Made]) -> _Made:
        """What `make` makes of this notebook, made once for all rules that ask. It must not hold the view, which would
        then outlive its lint."""
        if make not in self._made:
            self._made[make] = make(self)
        return cast("_Made", self._made[make])

    def cell(self, index: int) -> Cell:
        """The cell at a document index."""
        return self.notebook.cells[index]

    @cached_property
    def code_cells(self) -> tuple[Cell, ...]:
        """Code cells in document order."""
        return self.notebook.code_cells

    @cached_property
    def sources(self) -> Sources:
        """The code cells' texts, to be searched."""
        return Sources(self.code_cells)

    @property
    def code(self) -> str:
        """The text of all code cells."""
        return self.sources.text

    def says(self, *words: str) -> bool:
        """Whether one of these words stands in a code cell."""
        return self.sources.says(*words)

    def saying(self, *words: str) -> list[Cell]:
        """The code cells in which one of these words stands."""
        return self.sources.saying(*words)

    @cached_property
    def shown(self) -> tuple[tuple[int, int, str, Any], ...]:
        """All that outputs show: the cell, the output's number, the mime type, and the value."""
        return tuple(
            [
                (cell.index, number, mime, value)
                for cell in self.notebook.cells
                for number, output in enumerate(cell.outputs)
                for mime, value in output.data.items()
            ]
        )

    @cached_property
    def python_version(self) -> tuple[int, int]:
        """The Python that the file says it ran on; (0, 0) when it does not say."""
        info = self.notebook.metadata.get("language_info")
        version = info.get("version") if isinstance(info, Mapping) else None
        parts = version.split(".")[:2] if isinstance(version, str) else []
        return (int(parts[0]), int(parts[1])) if len(parts) == 2 and all(p.isdecimal() for p in parts) else (0, 0)

    @cached_property
    def is_python2(self) -> bool:
        """Whether the notebook was written for Python 2: it says so, or says nothing and prints by statement."""
        spec = self.notebook.metadata.get("kernelspec")
        if self.python_version[0] == 2 or (isinstance(spec, Mapping) and spec.get("name") == "python2"):
            return True
        problems = (python.problem for python in self.python.values())
        return self.python_version[0] == 0 and any(p is not None and "call to 'print'" in p.message for p in problems)

    @cached_property
    def foreign(self) -> tuple[Cell, ...]:
        """The cells that are no Python of any age, where most cells are not: a notebook of some other language."""
        if self.is_python2:
            return ()
        cells = [cell for cell in self.code_cells if cell.source.strip()]
        problems = [(cell, problem) for cell in cells if (problem := self.python[cell.index].problem) is not None]
        broken = [cell for cell, problem in problems if not problem.message.startswith("Missing parentheses")]
        return tuple(broken) if len(broken) >= 3 and 2 * len(broken) > len(cells) else ()

    @cached_property
    def says_language(self) -> bool:
        """Whether the file says at all in which language its cells are."""
        return bool(self.notebook.metadata.get("kernelspec") or self.notebook.metadata.get("language_info"))

    def is_given(self, name: str) -> bool:
        """Whether the kernel has the name without any cell binding it (hosted kernels included)."""
        if name in HOSTED_WORDS:
            return self.is_hosted
        return always_there(name) or name in HOSTED or (name in PYTHON2 and self.is_python2)

    @cached_property
    def is_hosted(self) -> bool:
        """Whether the notebook lives on a hosted or Spark-flavoured kernel: it says so, or uses what only is there."""
        spec = self.notebook.metadata.get("kernelspec")
        named = str(spec.get("name", "")) if isinstance(spec, Mapping) else ""
        told = (named, *self.notebook.metadata)
        if any(word in text.lower() for text in told for word in ("spark", "synapse", "databricks", "trident")):
            return True
        bound = frozenset[str]().union(*(flow.binds for flow in self.flows.values()))
        missing = HOSTED - bound
        return any(not missing.isdisjoint(flow.uses) for flow in self.flows.values())

    @cached_property
    def python(self) -> Mapping[int, Python]:
        """Every code cell as Python, by cell index."""
        cells = self.code_cells
        sources = [cell.source for cell in cells]
        return dict(zip([cell.index for cell in cells], self._memory.pythons(sources), strict=True))

    @cached_property
    def imported(self) -> Mapping[str, str]:
        """What each name stands for that an import of the notebook binds."""
        cells = ((cell.source, self.python[cell.index].tree) for cell in self.code_cells)
        return imported(tree for source, tree in cells if tree is not None and "import" in source)

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        """Every module that the notebook imports, statement by statement."""
        from nb_mlops.analysis.imports import imports  # most notebooks lie in no project that declares anything

        return tuple(imports(self.python))

    def calls(self, cell: Cell) -> tuple[Call, ...]:
        """The functions that a cell calls."""
        if cell.index not in self._calls:
            tree = self.python[cell.index].tree
            self._calls[cell.index] = tuple(calls(tree, self.imported)) if tree is not None else ()
        return self._calls[cell.index]

    def node_span(self, cell: Cell, node: ast.expr) -> Span:
        """Where an expression stands in its cell: to its end, or to the end of its first line."""
        python = self.python[cell.index]
        start = python.position(node.lineno, node.col_offset)
        if node.end_lineno == node.lineno and node.end_col_offset is not None:
            return Span(cell.index, "source", start, python.position(node.lineno, node.end_col_offset))
        return self.line_span(cell, start.line, start.column)

    @cached_property
    def flows(self) -> Mapping[int, CellFlow]:
        """What every code cell does to names, by cell index."""
        return notebook_flow(self.code_cells, self.python, self._walks)

    @cached_property
    def titles(self) -> Mapping[int, str]:
        """What the code cells are called, by cell index."""
        cells = self.code_cells
        titles = self._memory.titles([cell.source for cell in cells])
        return dict(zip([cell.index for cell in cells], titles, strict=True))

    @cached_property
    def replays(self) -> Replays:
        """Which definition each read sees in document order, and in the order the counts record."""
        return replays(self.notebook, self.flows)

    @cached_property
    def unmet(self) -> tuple[Unmet, ...]:
        """Reads of names that are not there when a clean run reaches them."""
        return tuple(read for read in unmet(self.replays.document, self.flows) if not self.is_given(read.name))

    @cached_property
    def learning(self) -> Story | None:
        """What the notebook does with rows; None where it uses no library that learns, or has a cell that cannot be
        read: it may do all."""
        from nb_mlops.knowledge.learning import ESTIMATORS  # most notebooks learn nothing

        if ESTIMATORS.isdisjoint(name.partition(".")[0] for name in self.imported.values()):
            return None
        trees = [(index, python.tree) for index, python in self.python.items()]
        if any(tree is None for _, tree in trees):
            return None
        from nb_mlops.analysis.learning import follow

        return follow([(index, tree) for index, tree in trees if tree is not None], self.imported)

    @cached_property
    def repeats(self) -> Mapping[int, tuple[Repeat, ...]]:
        """Statements after which a second run of their cell means something else, by cell index."""
        return {index: repeats(python, self.flows[index]) for index, python in self.python.items()}

    @cached_property
    def times(self) -> Mapping[int, RunTime]:
        """When the cells ran, by cell index, for those whose metadata say so."""
        return {cell.index: time for cell in self.code_cells if (time := run_time(cell)) is not None}

    @cached_property
    def counts_are_stripped(self) -> bool:
        """Whether a tool or a policy took counts away: most cells that hold outputs have none."""
        shown = [cell for cell in self.code_cells if cell.stored.size or cell.outputs]
        bare = sum(cell.execution_count is None for cell in shown)
        return bool(bare) and 2 * bare >= len(shown)

    @cached_property
    def causes(self) -> tuple[Cause, ...]:
        """What puts saved results in doubt, and which: by the cell that is to blame."""
        knowledge = Knowledge(
            self.is_given,
            self.definitions.same,
            self.definitions.apart,
            self.definitions.surely_changes,
            lambda cell: stored_error(self.cell(cell)),
            lambda cell: stopped_at(self.cell(cell)),
            lambda cell, name: lacks(self.cell(cell), name),
            self.definitions.made_of,
            self.definitions.shown,
        )
        return causes(self.flows, self.replays, knowledge)

    @cached_property
    def _causes(self) -> Mapping[tuple[Kind, str, int], Sequence[int]]:
        """The numbers of the causes, by what they are: a notebook may have thousands."""
        found: dict[tuple[Kind, str, int], list[int]] = {}
        for number, cause in enumerate(self.causes):
            found.setdefault((cause.kind, cause.name, cause.cell), []).append(number)
        return found

    def needing(self, kind: Kind, cells: Iterable[int], name: str = "") -> Needing:
        """What is in doubt besides these cells because one of them reads a missing `name`, or never ran."""
        these = set(cells)
        numbers = sorted(number for cell in these for number in self._causes.get((kind, name, cell), ()))
        return self._needing(these, [self.causes[number] for number in numbers])

    def out_of_order(self) -> Needing:
        """All that is in doubt because of the order in which cells ran."""
        return self._needing(set(), [c for c in self.causes if c.kind in (Kind.AHEAD, Kind.LATER, Kind.WIPED)])

    def _needing(self, these: set[int], causes: Iterable[Cause]) -> Needing:
        found = [affected for cause in causes for affected in cause.affected]
        last = {affected.cell: affected for affected in reversed(found)}
        others = [last[cell] for cell in sorted(last.keys() - these)]
        if not others:
            return Needing(data=tuple((a.cell, a.how.value, a.proven) for a in found))
        verb = "need" if others[1:] else "needs"
        return Needing(
            f"{self.listed([a.cell for a in others])} {verb} it too. ",
            tuple(self.related(self.cell(a.cell), f"needs it, through `{a.name}`", self.read_line(a)) for a in others),
            tuple((a.cell, a.how.value, a.proven) for a in found),
        )

    def read_line(self, affected: Affected) -> int:
        """The line at which the cell reads the name that brings the doubt."""
        use = self.flows[affected.cell].uses.get(affected.name)
        return use.position.line if use is not None else 1

    @cached_property
    def definitions(self) -> Definitions:
        """What cells do to single names, statement by statement."""
        return Definitions(self.notebook, self.python, self.flows, self.replays)

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """Every text of the notebook, outputs and metadata included, with the way back to its place."""
        return segments(self.notebook)

    @cached_property
    def secrets(self) -> tuple[Secret, ...]:
        """The notebook's secrets, each with every place that it stands in."""
        return collect(self.notebook, self.segments, lambda: self.python)

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """Every table that an output shows or carries, and every one that is spelt out in code."""
        return (*self._memory.tables(self.notebook.cells), *code_tables(self.python if self.notebook.is_python else {}))

    @cached_property
    def personal(self) -> tuple[Place, ...]:
        """Where personal values stand, by output and by text."""
        return personal_places(self.segments, self.tables)

    def named(self, index: int) -> str:
        """A cell as people remember it: `In[7] (cell 4)`, the second number counted from 1 from the top."""
        count = self.cell(index).execution_count
        return f"In[{count}] (cell {index + 1})" if count else f"cell {index + 1}"

    def listed(self, cells: Sequence[int], most: int = 4) -> str:
        """Several cells in a few words: `In[2], In[3] and 7 more`, `cell 4` where there is no count."""
        counts = [(index, self.cell(index).execution_count) for index in cells]
        names = [f"In[{count}]" if count else f"cell {index + 1}" for index, count in counts]
        if len(names) > most:
            names = [*names[: most - 1], f"{len(names) - most + 1} more"]
        return listed(names)

    def line_span(self, cell: Cell, line: int = 1, column: int = 0, end_column: int | None = None) -> Span:
        """A stretch of one line of a cell's source; to the end of the line by default."""
        end = len(line_of(cell.source, line)) if end_column is None else end_column
        return Span(cell.index, "source", Position(line, column), Position(line, end))

    def related(self, cell: Cell, message: str, line: int = 1) -> Related:
        """Another cell that takes part in a finding."""
        return Related(message, self.line_span(cell, line), CellRef.of(cell))

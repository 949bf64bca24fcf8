"""What a rule sees of a notebook: each thing worked out at most once, and only when somebody asks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

from nb_mlops.analysis.flow import CellFlow, notebook_flow
from nb_mlops.analysis.python import Python, read_python
from nb_mlops.analysis.repeats import Repeat, repeats
from nb_mlops.analysis.replay import Replays, Unmet, replays, unmet
from nb_mlops.analysis.segments import Segment, segments
from nb_mlops.analysis.sensitive.collect import Secret, collect
from nb_mlops.analysis.staleness import Doubt, doubts
from nb_mlops.analysis.timestamps import RunTime, run_time
from nb_mlops.core.finding import CellRef, Related
from nb_mlops.core.notebook import Cell, Notebook, Position, Span
from nb_mlops.core.settings import LintSettings
from nb_mlops.knowledge.injected import HOSTED, HOSTED_WORDS, PYTHON2, always_there

_WORD = re.compile(r"[^\W\d]\w*")


class View:
    """A notebook, read closely. Shared by all rules of one lint, so nothing in it may be changed."""

    def __init__(self, notebook: Notebook, settings: LintSettings | None = None) -> None:
        self.notebook = notebook
        self.settings = settings or LintSettings()

    def cell(self, index: int) -> Cell:
        """The cell at a document index."""
        return self.notebook.cells[index]

    @cached_property
    def code_cells(self) -> tuple[Cell, ...]:
        """Code cells in document order."""
        return self.notebook.code_cells

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
        return any((HOSTED - bound) & flow.uses.keys() for flow in self.flows.values())

    @cached_property
    def python(self) -> Mapping[int, Python]:
        """Every code cell as Python, by cell index."""
        return {cell.index: read_python(cell.source) for cell in self.code_cells}

    @cached_property
    def flows(self) -> Mapping[int, CellFlow]:
        """What every code cell does to names, by cell index."""
        return notebook_flow(self.code_cells, self.python)

    @cached_property
    def replays(self) -> Replays:
        """Which definition each read sees in document order, and in the order the counts record."""
        return replays(self.notebook, self.flows)

    @cached_property
    def unmet(self) -> tuple[Unmet, ...]:
        """Reads of names that are not there when a clean run reaches them."""
        return tuple(read for read in unmet(self.replays.document, self.flows) if not self.is_given(read.name))

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
        shown = [cell for cell in self.code_cells if cell.stored.raw or cell.outputs]
        bare = sum(cell.execution_count is None for cell in shown)
        return bool(bare) and 2 * bare >= len(shown)

    @cached_property
    def doubts(self) -> Mapping[int, Doubt]:
        """Which saved results may be older or newer than what a clean run computes them from, by cell index."""
        return doubts(self.flows, self.replays, self.is_given, self.same_definition)

    def same_definition(self, name: str, one: int, other: int) -> bool:
        """Whether both cells bind the name alike: both import it, or by the same text from the same definitions."""
        return self._alike(name, one, other, {name})

    def _alike(self, name: str, one: int, other: int, asked: set[str]) -> bool:
        flow, twin = self.flows[one], self.flows[other]
        if name in flow.imports and name in twin.imports:
            return True
        text = self._definition(name, one)
        if text != self._definition(name, other):
            return False
        for word in set(_WORD.findall(" ".join(text))) - asked:
            asked.add(word)
            if word in flow.binds & twin.binds and not self._alike(word, one, other, asked):
                return False
            if word in flow.uses.keys() | twin.uses.keys():
                version = self.replays.document.version
                if version(one, word).definitions != version(other, word).definitions:
                    return False
        return True

    def _definition(self, name: str, cell: int) -> list[str]:
        lines = self.python[cell].code.split("\n")
        ranges = self.flows[cell].lines.get(name, ())
        return [" ".join("\n".join(lines[first - 1 : last]).split()) for first, last in ranges]

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """Every text of the notebook, outputs and metadata included, with the way back to its place."""
        return segments(self.notebook)

    @cached_property
    def secrets(self) -> tuple[Secret, ...]:
        """The notebook's secrets, each with every place that it stands in."""
        return collect(self.notebook, self.segments, lambda: self.python)

    def named(self, index: int) -> str:
        """A cell as people remember it: `In[7] (cell 4)`, the second number counted from 1 from the top."""
        count = self.cell(index).execution_count
        return f"cell {index + 1}" if count is None else f"In[{count}] (cell {index + 1})"

    def line_span(self, cell: Cell, line: int = 1, column: int = 0, end_column: int | None = None) -> Span:
        """A stretch of one line of a cell's source; to the end of the line by default."""
        lines = cell.source.split("\n")
        text = lines[line - 1] if 0 < line <= len(lines) else ""
        end = len(text) if end_column is None else end_column
        return Span(cell.index, "source", Position(line, column), Position(line, end))

    def related(self, cell: Cell, message: str, line: int = 1) -> Related:
        """Another cell that takes part in a finding."""
        return Related(message, self.line_span(cell, line), CellRef.of(cell))

"""What the author of a rule imports: Rule, Hit, and words to sketch the notebooks of its examples.

A rule is one file in nb_mlops/rules (or a plug-in's module named by the entry-point group `nb_mlops.rules`) with a
module constant `RULE`. The module's docstring is the rule's documentation page; the examples are its tests.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Literal

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Confidence, Fix, Related, Severity
from nb_mlops.core.notebook import (
    Cell,
    CellKind,
    ErrorValue,
    Notebook,
    Output,
    OutputKind,
    Position,
    Span,
    StoredOutputs,
    Unreadable,
)
from nb_mlops.core.project import Project, Stated
from nb_mlops.core.value import Struct, field, replace
from nb_mlops.linter.suppress import Judged

# Where a finding stands that is about the file as such, and one that is about the notebook's metadata.
THE_FILE = Span(None, "", Position(1, 0), Position(1, 0))
THE_NOTEBOOK = Span(None, "metadata", Position(1, 0), Position(1, 0))


class Hit(Struct, frozen=True):
    """One place where a rule holds. Severity and confidence override the rule's own when they are given.

    `secret` is a token that makes this another fault than its neighbour: long and random, or else not given. It leaves
    the linter only as a keyed hash.
    """

    message: str
    span: Span
    severity: Severity | None = None
    confidence: Confidence | None = None
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    secret: str = ""


class Example(Struct, frozen=True):
    """A small notebook, or the bytes of a file that is not one, that a rule must (or must not) flag.

    `fixed`, where the rule mends, is the sources of the cells after the fix. `around` is the project that it lies in,
    for rules that ask about it.
    """

    cells: tuple[Cell, ...] = ()
    raw: bytes = b""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    fixed: tuple[str, ...] | None = None
    path: str = "example.ipynb"
    around: Stated | None = None

    @property
    def project(self) -> Project:
        """The project around the example."""
        return Project() if self.around is None else self.around.project

    @property
    def notebook(self) -> Notebook:
        """The example as a notebook in memory, cells numbered."""
        cells = tuple(replace(c, index=i, id=c.id or f"cell-{i}") for i, c in enumerate(self.cells))
        return Notebook(self.path, cells, self.metadata)


# What may be missing from a notebook, as the View calls it.
Need = Literal["", "personal", "secrets", "tables", "unmet"]


class Later(Struct, frozen=True):
    """A part of a rule of ours whose module is loaded when it is first called."""

    module: str
    part: str

    def __call__(self, *given: Any) -> Any:
        """What the part itself returns."""
        return _loaded(self.module, self.part)(*given)


@cache
def _loaded(module: str, part: str) -> Any:
    """Kept, because each rule is called for each notebook, and to ask whether a module is loaded takes a while."""
    return getattr(importlib.import_module(module).RULE, part)


class Rule(Struct, frozen=True):
    """One rule. `check` reads a View and yields Hits; `check_file` reads a file that could not be read as a notebook;
    `check_suppressions` reads what became of the notebook's suppressions.

    `bad` and `good` make the examples, which lint never looks at: making those of all rules takes as long as linting a
    small notebook. `every_language` is set where the rule does not depend on the cells being Python. `default` is
    earned by reading the rule's findings on real notebooks. `sensitive` is set where the places of its findings hold
    what must not be shown: the engine covers them wherever text of the notebook is quoted or hashed.

    Most notebooks give most rules nothing to speak of, and a rule of ours is only loaded where it may speak: where one
    of the words `says` stands in the code (any code, if there are none), and what it `needs` of the view is not empty.
    """

    code: str
    slug: str
    severity: Severity
    bad: Callable[[], tuple[Example, ...]]
    good: Callable[[], tuple[Example, ...]]
    check: Callable[[View], Iterable[Hit]] | None = None
    check_file: Callable[[Unreadable], Iterable[Hit]] | None = None
    check_suppressions: Callable[[Sequence[Judged]], Iterable[Hit]] | None = None
    confidence: Confidence = Confidence.HIGH
    default: bool = True
    every_language: bool = False
    sensitive: bool = False
    needs: Need = ""
    says: tuple[str, ...] = ()

    def look(self, view: View) -> Iterable[Hit]:
        """What the rule has to say of a notebook."""
        if self.check is None or (self.says and not view.says(*self.says)):
            return ()
        return self.check(view) if not self.needs or getattr(view, self.needs) else ()

    @property
    def module(self) -> str:
        """The name of the module that holds the rule."""
        function = self.check or self.check_file or self.check_suppressions
        return function.module if isinstance(function, Later) else str(getattr(function, "__module__", ""))

    @property
    def page(self) -> str:
        """The documentation page: the docstring of the module that holds the rule."""
        return (importlib.import_module(self.module).__doc__ or "").strip()

    @property
    def summary(self) -> str:
        """The page's first line."""
        return self.page.partition("\n")[0]

    @property
    def fixable(self) -> bool:
        """Whether the rule can mend what it finds: one of its examples shows how."""
        return any(shown.fixed is not None for shown in self.bad())


def shipped(module: str, code: str, slug: str, severity: Severity, *parts: str, **rest: Any) -> Rule:
    """A rule of ours as the index has it: its functions, of which `parts` names those it has, are loaded later."""
    module = f"nb_mlops.rules.{module}"
    later: dict[str, Any] = {part: Later(module, part) for part in parts}
    return Rule(code, slug, severity, Later(module, "bad"), Later(module, "good"), **later, **rest)


def example(
    *cells: Cell,
    note: str = "",
    fixed: tuple[str, ...] | None = None,
    path: str = "example.ipynb",
    around: Stated | None = None,
    **metadata: Any,
) -> Example:
    """A notebook of these cells; further keyword arguments become notebook metadata."""
    return Example(cells, metadata=metadata, note=note, fixed=fixed, path=path, around=around)


def code(
    source: str, *outputs: Output, count: int | None = None, tags: tuple[str, ...] = (), id: str = "", **metadata: Any
) -> Cell:
    """A code cell."""
    full = {**metadata, **({"tags": list(tags)} if tags else {})}
    return Cell(0, CellKind.CODE, source, id, StoredOutputs.of(outputs), count, tags, full)


def markdown(source: str) -> Cell:
    """A markdown cell."""
    return Cell(0, CellKind.MARKDOWN, source)


def stdout(text: str) -> Output:
    """What a cell printed."""
    return Output(OutputKind.STREAM, text=text, stream="stdout", size=len(text))


def result(text: str, **data: Any) -> Output:
    """A cell's last value; further mime types by keyword, `text_html=...` for text/html."""
    mimes = {"text/plain": text, **{k.replace("_", "/", 1): v for k, v in data.items()}}
    return Output(OutputKind.EXECUTE_RESULT, mimes, size=sum(len(str(v)) for v in mimes.values()))


def raised(name: str, value: str, *traceback: str) -> Output:
    """A stored exception."""
    return Output(OutputKind.ERROR, error=ErrorValue(name, value, traceback))

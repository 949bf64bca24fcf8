"""From a notebook to a plan of its package: stages with their inputs and outputs, what is hoisted, what is lost."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from nb_mlops.analysis.flow import CellFlow, notebook_flow
from nb_mlops.converter import labels
from nb_mlops.converter.edits import Sinks, edits_for, sinks_of
from nb_mlops.converter.history import without_numbers
from nb_mlops.converter.hoist import Hoisting, hoist
from nb_mlops.converter.inline import with_settings_above
from nb_mlops.converter.obstacles import obstacles
from nb_mlops.converter.parameters import Parameter, every_parameter
from nb_mlops.converter.rewrite import Rewritten, Shows, rewrite
from nb_mlops.converter.source import CellCode, Loss, identified, read_cells
from nb_mlops.converter.stage import Stage, called_after_values, wired
from nb_mlops.converter.stages import SKIP, Segment, own_title, segments
from nb_mlops.converter.stars import spelled_out
from nb_mlops.converter.titles import function_name, package_name, slug
from nb_mlops.converter.trees import nodes
from nb_mlops.converter.unbound import unbound
from nb_mlops.core.notebook import Cell, CellKind, Notebook, Output, OutputKind
from nb_mlops.core.run import RunRecord
from nb_mlops.core.value import replace

_SINK_NAMES = ("report", "sink", "package_report")


class Level(str, Enum):
    """How the notebook's variables live in the package: handed from function to function, or in one module."""

    FUNCTIONS = "functions"
    MODULE_STATE = "module-state"


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything the emitter needs. `library` finds the cell of each hoisted definition, `names` are all that the
    notebook binds, `replaced` its imports that the report module stands in for, `trusted` what only code in a text can
    bind, `title` the notebook's own heading."""

    path: str
    package: str
    level: Level
    sink: str
    parameters: tuple[Parameter, ...]
    stages: tuple[Stage, ...]
    hoisting: Hoisting
    library: Mapping[str, Rewritten]
    cells: tuple[CellCode, ...]
    names: frozenset[str]
    replaced: frozenset[str] = frozenset()
    trusted: tuple[str, ...] = ()
    losses: tuple[Loss, ...] = ()
    title: str = ""

    @property
    def handed_on(self) -> frozenset[str]:
        """The names of what the stages return."""
        return frozenset(name for stage in self.stages for name in stage.outputs)


@dataclass(frozen=True, slots=True)
class Refused:
    """Why no package can be made at this level."""

    level: Level
    reasons: tuple[Loss, ...]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user asks of a package: its import name ("": from the notebook's), settings that stand in calls taken
    into Config, and a way in for applications before there is a model."""

    name: str = ""
    settings: bool = False
    skeleton: bool = False


NO_WISHES = Wishes()


def make_plan(
    notebook: Notebook,
    level: Level = Level.FUNCTIONS,
    shown: Mapping[int, Shows] | None = None,
    wishes: Wishes = NO_WISHES,
) -> Plan | Refused:
    """Plan the package at a level, or say what stands in the way. Pure; the same notebook gives the same plan.

    `shown` says what cells (by index) were seen to show in a run; without it, what the notebook's stored outputs tell
    is taken.
    """
    code = converted_cells(notebook)
    sink = _sink_name(code)
    seen = shown_by(notebook.code_cells) if shown is None else shown
    cells = _as_read(notebook, code, seen, sink, wishes)
    unreadable = tuple(Loss(c.index, 1, f"It cannot be converted: {c.problem}.") for c in cells if c.problem)
    if unreadable:
        return Refused(level, unreadable)
    hoisting = hoist(cells, definitions=level is Level.FUNCTIONS)
    parameters = every_parameter(cells, hoisting.variables)
    ran = any(one.bound is not None for one in seen.values())
    loose = unbound(cells, hoisting, frozenset(p.name for p in parameters), sink, ran)
    sinks = sinks_of(cells, hoisting, sink, loose)
    shared = level is Level.MODULE_STATE
    made = _rewritten(cells, hoisting, sinks, parameters, shared, seen)
    missed = tuple(Loss(index, min(one.missed)[0], _NO_PLACE) for index, one in made.items() if one.missed)
    if missed:
        return Refused(level, missed)
    stages = _stages(notebook, cells, made, hoisting, sink)
    in_the_way = obstacles(cells, stages, parameters, hoisting) if not shared else ()
    if in_the_way:
        return Refused(level, in_the_way)
    stages = called_after_values(wired(stages, parameters, loose.early.looped), _taken(cells, hoisting, sink))
    return Plan(
        path=notebook.path,
        package=wishes.name or package_name(notebook.path, _top_modules(cells)),
        level=level,
        sink=sink,
        parameters=parameters,
        stages=stages,
        hoisting=hoisting,
        library={name: made[d.cell] for name, d in hoisting.definitions.items()},
        cells=cells,
        names=hoisting.variables | set(hoisting.imports) | set(hoisting.definitions),
        replaced=sinks.replaced,
        trusted=tuple(sorted({use.name for _, use in loose.trusted})),
        title=own_title(notebook),
        losses=(*_skipped(notebook), *(loss for c in cells for loss in c.losses), *loose.losses),
    )


def _rewritten(
    cells: tuple[CellCode, ...],
    hoisting: Hoisting,
    sinks: Sinks,
    parameters: tuple[Parameter, ...],
    shared: bool,
    seen: Mapping[int, Shows],
) -> dict[int, Rewritten]:
    """Each cell's code as it stands in the package, by the cell's index."""
    made = {}
    for c in cells:
        drop = frozenset(p.statement for p in parameters if p.cell == c.index)
        made[c.index] = rewrite(c, edits_for(c, hoisting, sinks, drop, shared, seen.get(c.index)))
    return made


def _as_read(
    notebook: Notebook, code: tuple[Cell, ...], seen: Mapping[int, Shows], sink: str, wishes: Wishes
) -> tuple[CellCode, ...]:
    """The code with what only a notebook has put into plain Python."""
    text = without_numbers(code, notebook.code_cells)
    text = with_settings_above(text) if wishes.settings else text
    cells = read_cells(text, sink, {cell.index: cell.source for cell in code})
    return spelled_out(cells, lambda index: seen[index].bound if index in seen else None, sink)


def _skipped(notebook: Notebook) -> Iterator[Loss]:
    for cell in notebook.code_cells:
        if SKIP in cell.tags:
            yield Loss(cell.index, 1, "The cell is tagged `skip` and left out.")


_NO_PLACE = "a name in it cannot be found again in its text (an f-string, in a Python before 3.12)"


def shown_in(record: RunRecord) -> dict[int, Shows]:
    """What each cell showed when it ran, and what it bound."""
    return {cell.index: replace(_shows(cell.outputs), bound=frozenset(cell.names)) for cell in record.cells}


def shown_by(cells: Iterable[Cell]) -> dict[int, Shows]:
    """What each cell shows, as far as stored outputs tell: a cell that was run and kept none, where others kept
    theirs, shows nothing."""
    every = [cell for cell in cells if cell.execution_count is not None]
    if not any(cell.outputs for cell in every):
        return {}
    return {cell.index: _shows(cell.outputs) for cell in every}


def _shows(outputs: Iterable[Output]) -> Shows:
    """A handle of a figure beside the figure itself is no result that anybody looks at."""
    kept = tuple(outputs)
    figure = any(o.kind is OutputKind.DISPLAY_DATA and "image/png" in o.data for o in kept)
    texts = [str(o.data.get("text/plain", "")) for o in kept if o.kind is OutputKind.EXECUTE_RESULT]
    return Shows(any(not (figure and _HANDLE.search(text)) for text in texts), figure)


_HANDLE = re.compile(r"\A\W*(?:Text\(|<Axes|<Figure|<matplotlib|<BarContainer|<seaborn)|matplotlib\.")


def converted_cells(notebook: Notebook) -> tuple[Cell, ...]:
    """The code cells that take part, each with an id."""
    return identified([c for c in notebook.code_cells if SKIP not in c.tags and c.source.strip()])


def _sink_name(code: Sequence[Cell]) -> str:
    """A name for the report module that the notebook does not use itself."""
    words = " ".join(cell.source for cell in code)
    found = set(ast_words(words))
    return next((name for name in _SINK_NAMES if name not in found), "nb_mlops_report")


def ast_words(text: str) -> Iterable[str]:
    """Identifiers in a text, roughly."""
    word = ""
    for sign in text + " ":
        if sign.isidentifier() or (word and (word + sign).isidentifier()):
            word += sign
        elif word:
            yield word
            word = ""


def _top_modules(cells: Sequence[CellCode]) -> frozenset[str]:
    found = set()
    for node in (node for cell in cells for s in cell.statements for node in nodes(s.node)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return frozenset(found)


def _stages(
    notebook: Notebook, cells: Sequence[CellCode], made: Mapping[int, Rewritten], hoisting: Hoisting, sink: str
) -> tuple[Stage, ...]:
    """The stages with at least one statement, named, each with the flow of its whole body."""
    by_index = {cell.index: cell for cell in cells}
    cell_flows = notebook_flow([_as_cell(c.index, made[c.index].code) for c in cells])
    taken = _taken(cells, hoisting, sink)
    found: list[Stage] = []
    waiting: tuple[int, ...] = ()
    own = package_name(notebook.path, ())
    for number, segment in enumerate(segments(notebook, tuple(by_index), cell_flows)):
        if not any(made[index].statements for index in segment.cells):
            waiting += tuple(index for index in segment.cells if made[index].footer)
            continue
        named = replace(segment, title="") if _is_the_notebooks(segment.title, own) and not found else segment
        name, module = _named(named, [by_index[i] for i in segment.cells], number, taken)
        taken.add(name)
        indices, waiting = (*waiting, *segment.cells), ()
        group = tuple(by_index[index] for index in indices)
        bodies = tuple(made[index] for index in indices)
        found.append(
            Stage(name, module, segment.title, segment.prose, group, bodies, segment.subtitles or {}, CellFlow(0))
        )
    if waiting and found:
        last = found[-1]
        more = tuple(by_index[i] for i in waiting)
        found[-1] = replace(last, cells=last.cells + more, bodies=last.bodies + tuple(made[i] for i in waiting))
    sources = [_as_cell(i, "\n".join(body.code for body in stage.bodies)) for i, stage in enumerate(found)]
    flows = notebook_flow(sources)
    return tuple(replace(stage, flow=flows[i]) for i, stage in enumerate(found))


def _taken(cells: Sequence[CellCode], hoisting: Hoisting, sink: str) -> set[str]:
    """Names that no stage may have."""
    taken = set(hoisting.variables) | set(hoisting.imports) | set(hoisting.definitions) | _top_modules(cells)
    taken |= {"run", "main", "config", "pipeline", "lib", "Config", "STAGES", "STATE", "with_exploration", sink}
    return taken | {name for cell in cells for name in _names_in(cell)}


def _names_in(cell: CellCode) -> Iterable[str]:
    for node in (node for s in cell.statements for node in nodes(s.node)):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name


def _as_cell(index: int, source: str) -> Cell:
    return Cell(index, CellKind.CODE, source)


def _is_the_notebooks(title: str, package: str) -> bool:
    """Whether a heading only says again what the notebook is called: `# Trees` in trees.ipynb."""
    words = slug(title, longest=50, filler=())
    return len(words) > 1 and (package.startswith(words) or words.startswith(package))


def _named(segment: Segment, cells: Sequence[CellCode], number: int, taken: set[str]) -> tuple[str, str]:
    """(function, module) of a stage."""
    calls = [name for cell in cells for name in _called(cell)]
    asked = slug(segment.asked)
    label = asked if asked in labels.MODULES else labels.label_of(segment.asked or segment.title, calls)
    opening = number == 0 and not segment.title and not segment.asked
    module = label or ("setup" if opening else "analysis")
    fallback = {"setup": "set_up", "analysis": "analyse", "plots": "plot", "features": "make_features"}.get(
        module, module
    )
    title = segment.asked or segment.title
    if title:
        return function_name(title, fallback, taken), module
    return function_name(_fallback_title(module), fallback, taken), module


def _fallback_title(module: str) -> str:
    titles = {"load": "load data", "prepare": "prepare data", "features": "make features", "split": "split data"}
    titles |= {"train": "train model", "tune": "tune model", "evaluate": "evaluate model", "predict": "predict"}
    titles |= {"save": "save results", "plots": "plot results", "explore": "explore data", "setup": "set up"}
    return titles.get(module, "analyse")


def _called(cell: CellCode) -> Iterable[str]:
    for node in (node for s in cell.statements for node in nodes(s.node)):
        if isinstance(node, ast.Call):
            yield node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")

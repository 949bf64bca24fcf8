"""From a notebook to a plan of its package: stages with their inputs and outputs, what is hoisted, what is lost."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from nb_mlops.analysis.flow import CellFlow, notebook_flow
from nb_mlops.converter import labels
from nb_mlops.converter.edits import edits_for, sinks_of
from nb_mlops.converter.hoist import Hoisting, hoist
from nb_mlops.converter.parameters import Parameter, parameters_of
from nb_mlops.converter.rewrite import Rewritten, only_shows, rewrite
from nb_mlops.converter.source import CellCode, Loss, read_cells
from nb_mlops.converter.stages import PARAMETERS, SKIP, Segment, segments
from nb_mlops.converter.titles import function_name, package_name, slug
from nb_mlops.core.notebook import Cell, CellKind, Notebook

_BUILTINS = frozenset(dir(builtins))
_SINK_NAMES = ("report", "sink", "package_report")


class Level(str, Enum):
    """How the notebook's variables live in the package: handed from function to function, or in one module."""

    FUNCTIONS = "functions"
    MODULE_STATE = "module-state"


@dataclass(frozen=True, slots=True)
class Stage:
    """One function of the package.

    `inputs` become keyword-only parameters and `outputs` are returned; `unset` are outputs that may stay unbound, and
    `shadowed` builtins that the stage reads before it gives their names another meaning.
    """

    name: str
    module: str
    title: str
    prose: str
    cells: tuple[CellCode, ...]
    bodies: tuple[Rewritten, ...]
    subtitles: Mapping[int, str]
    flow: CellFlow
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    unset: tuple[str, ...] = ()
    shadowed: tuple[str, ...] = ()

    @property
    def bound(self) -> frozenset[str]:
        """Every name the stage may bind."""
        return self.flow.must | self.flow.may


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything the emitter needs. `library` finds the cell of each hoisted definition, `names` are all that the
    notebook binds, `replaced` its imports that the report module stands in for."""

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
    losses: tuple[Loss, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """Why no package can be made at this level."""

    level: Level
    reasons: tuple[Loss, ...]


def make_plan(notebook: Notebook, level: Level = Level.FUNCTIONS) -> Plan | Refused:
    """Plan the package at a level, or say what stands in the way. Pure; the same notebook gives the same plan."""
    code = [c for c in notebook.code_cells if SKIP not in c.tags and c.source.strip()]
    sink = _sink_name(code)
    cells = read_cells(code, sink)
    unreadable = tuple(Loss(c.index, 1, f"It cannot be converted: {c.problem}.") for c in cells if c.problem)
    if unreadable:
        return Refused(level, unreadable)
    hoisting = hoist(cells, definitions=level is Level.FUNCTIONS)
    sinks = sinks_of(cells, hoisting, sink)
    parameter_cell = next((c for c in cells if PARAMETERS in c.tags), None)
    parameters = parameters_of(parameter_cell) if parameter_cell else ()
    drop = {parameter_cell.index: frozenset(p.statement for p in parameters)} if parameter_cell else {}
    shared = level is Level.MODULE_STATE
    made = {c.index: rewrite(c, edits_for(c, hoisting, sinks, drop.get(c.index, frozenset()), shared)) for c in cells}
    stages = _stages(notebook, cells, made, hoisting, sink)
    obstacles = _obstacles(cells, stages, parameters, hoisting) if not shared else ()
    if obstacles:
        return Refused(level, obstacles)
    stages = _wired(stages, parameters)
    skipped = tuple(
        Loss(c.index, 1, "The cell is tagged `skip` and left out.") for c in notebook.code_cells if SKIP in c.tags
    )
    return Plan(
        path=notebook.path,
        package=package_name(notebook.path, _top_modules(cells)),
        level=level,
        sink=sink,
        parameters=parameters,
        stages=stages,
        hoisting=hoisting,
        library={name: made[d.cell] for name, d in hoisting.definitions.items()},
        cells=cells,
        names=hoisting.variables | set(hoisting.imports) | set(hoisting.definitions),
        replaced=sinks.replaced,
        losses=(*skipped, *(loss for c in cells for loss in c.losses)),
    )


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
    for node in (node for cell in cells for s in cell.statements for node in ast.walk(s.node)):
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
    taken = set(hoisting.variables) | set(hoisting.imports) | set(hoisting.definitions)
    taken |= {"run", "main", "config", "pipeline", "lib", "Config", "STAGES", "STATE", sink}
    taken |= {word for cell in cells for word in ast_words(cell.source)}
    found: list[Stage] = []
    for number, segment in enumerate(segments(notebook, tuple(by_index), cell_flows)):
        bodies = tuple(made[index] for index in segment.cells)
        if not any(body.statements for body in bodies):
            continue
        name, module = _named(segment, [by_index[i] for i in segment.cells], number, taken)
        taken.add(name)
        group = tuple(by_index[index] for index in segment.cells)
        found.append(
            Stage(name, module, segment.title, segment.prose, group, bodies, segment.subtitles or {}, CellFlow(0))
        )
    sources = [_as_cell(i, "\n".join(body.code for body in stage.bodies)) for i, stage in enumerate(found)]
    flows = notebook_flow(sources)
    return tuple(replace(stage, flow=flows[i]) for i, stage in enumerate(found))


def _as_cell(index: int, source: str) -> Cell:
    return Cell(index, CellKind.CODE, source)


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
    for node in (node for s in cell.statements for node in ast.walk(s.node)):
        if isinstance(node, ast.Call):
            yield node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _obstacles(
    cells: Sequence[CellCode], stages: Sequence[Stage], parameters: Sequence[Parameter], hoisting: Hoisting
) -> tuple[Loss, ...]:
    """What keeps variables from being handed from function to function."""
    found: list[Loss] = []
    names = hoisting.variables | {p.name for p in parameters}
    seen: set[str] = set()
    for cell in cells:
        for statement in cell.statements:
            for name in sorted(statement.global_writes):
                found.append(Loss(cell.index, statement.node.lineno, f"a function writes `{name}` by `global`"))
            if _asks_for_unbound(statement.node):
                found.append(Loss(cell.index, statement.node.lineno, "code asks whether a variable exists (NameError)"))
            if _is_star(statement.node) and seen:
                found.append(Loss(cell.index, statement.node.lineno, "a star import may bind names again"))
            seen |= {name for name, kind in statement.bound.items() if kind != "import"}
    for position, stage in enumerate(stages):
        if stage.flow.opaque:
            words = "code in it reads or binds names by text (exec, eval, globals, locals)"
            found.append(Loss(stage.cells[0].index, 1, words))
        found += _stale_closures(stages, position, names, hoisting)
    return tuple(found)


def _asks_for_unbound(node: ast.stmt) -> bool:
    """`except NameError:` outside of functions: whether a variable exists is part of what the notebook computes."""
    handlers = (n for n in ast.walk(node) if isinstance(n, ast.ExceptHandler) and n.type is not None)
    return any("NameError" in ast.unparse(handler.type) for handler in handlers if handler.type is not None)


def _is_star(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names)


def _stale_closures(
    stages: Sequence[Stage], position: int, names: frozenset[str], hoisting: Hoisting
) -> Iterable[Loss]:
    """Functions that stay in this stage and would not see what a later stage binds."""
    later = frozenset[str]().union(*(stage.bound for stage in stages[position + 1 :]))
    if not later:
        return
    read_later = frozenset[str]().union(*(frozenset(stage.flow.uses) for stage in stages[position + 1 :]))
    for cell in stages[position].cells:
        for statement in cell.statements:
            if not _makes_function(statement.node):
                continue
            own = frozenset(statement.bound) - set(hoisting.definitions)
            stale = (statement.reads_at(1) & names & later) - own
            if stale and own & (read_later | stages[position].flow.mutates | _values_in(stages[position])):
                name, variable = sorted(own)[0], sorted(stale)[0]
                words = f"`{name}` reads `{variable}`, which a later stage binds again"
                yield Loss(cell.index, statement.node.lineno, words)


def _values_in(stage: Stage) -> frozenset[str]:
    return frozenset(u.name for c in stage.cells for s in c.statements for u in s.uses if not u.called)


def _makes_function(node: ast.stmt) -> bool:
    """A definition, or a lambda or generator that is bound to a name or put into a literal."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return True
    value = getattr(node, "value", None) if isinstance(node, (ast.Assign, ast.AnnAssign)) else None
    parts: list[ast.AST] = [value] if value is not None else []
    if isinstance(value, (ast.Tuple, ast.List, ast.Set)):
        parts = list(value.elts)
    elif isinstance(value, ast.Dict):
        parts = list(value.values)
    return any(isinstance(part, (ast.Lambda, ast.GeneratorExp)) for part in parts)


def _wired(stages: Sequence[Stage], parameters: Sequence[Parameter]) -> tuple[Stage, ...]:
    """Inputs and outputs of every stage by liveness."""
    available: list[frozenset[str]] = []
    known = frozenset(p.name for p in parameters)
    for stage in stages:
        available.append(known)
        known |= stage.bound
    live: frozenset[str] = frozenset()
    wired: list[Stage] = []
    for position in range(len(stages) - 1, -1, -1):
        stage, have = stages[position], available[position]
        overwritten = frozenset[str]().union(*(s.flow.must for s in stages[position + 1 :]))
        outputs = stage.bound & (live | (_results(stage, stages[position:]) - overwritten))
        outputs -= stage.flow.deletes
        needed = frozenset(stage.flow.uses) | stage.flow.deletes | (_deferred(stage) - stage.flow.must)
        inputs = (needed | (stage.flow.may & outputs)) & have
        unset = outputs & stage.flow.may - have
        shadowed = ((frozenset(stage.flow.uses) | _deferred(stage)) & stage.bound & _BUILTINS) - inputs
        live = (live - stage.flow.must) | inputs
        wired.append(
            replace(
                stage,
                inputs=tuple(sorted(inputs)),
                outputs=_in_order(stage, outputs),
                unset=tuple(sorted(unset)),
                shadowed=tuple(sorted(shadowed)),
            )
        )
    return tuple(reversed(wired))


def _deferred(stage: Stage) -> frozenset[str]:
    """Names that functions left in the stage read when they run."""
    tree = ast.parse("\n".join(body.code for body in stage.bodies))
    from nb_mlops.converter.scopes import statements

    return frozenset(name for s in statements(tree) for name in s.reads_at(1))


def _in_order(stage: Stage, names: frozenset[str]) -> tuple[str, ...]:
    """Names in the order in which the stage binds them first."""
    order: dict[str, int] = {}
    for cell in stage.cells:
        for statement in cell.statements:
            for name in statement.bound:
                order.setdefault(name, len(order))
    return tuple(sorted(names, key=lambda name: (order.get(name, len(order)), name)))


_RESULTS_FROM = frozenset({"train", "tune", "evaluate", "predict", "analysis"})
_HANDLES = frozenset({"fig", "ax", "axes", "axs", "figure", "f", "_"})


def _results(stage: Stage, onward: Sequence[Stage]) -> frozenset[str]:
    """Values that a stage works out only to show them: the results that a caller of the pipeline wants back."""
    if stage.module not in _RESULTS_FROM and len(onward) > 1:
        return frozenset()
    assigned = {
        name
        for cell in stage.cells
        for s in cell.statements
        if isinstance(s.node, (ast.Assign, ast.AnnAssign))
        for name in s.bound
    }
    used = {
        use.name
        for other in onward
        for cell in other.cells
        for s in cell.statements
        if not only_shows(s.node)
        for use in s.uses
    }
    return frozenset(name for name in assigned - used - _HANDLES if not name.startswith("_"))

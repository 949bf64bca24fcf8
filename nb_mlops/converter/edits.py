"""Which edits each cell needs: what hoisting takes out, what goes through the sink, what module state asks for."""

from __future__ import annotations

import ast
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nb_mlops.converter.hoist import Hoisting, Import, calls_to_extend, imports_of
from nb_mlops.converter.rewrite import Edits, Place, Shows, character_place, is_main_guard
from nb_mlops.converter.scopes import Statement, Use
from nb_mlops.converter.source import CellCode
from nb_mlops.converter.stars import star_module
from nb_mlops.converter.trees import nodes
from nb_mlops.converter.unbound import Unbound
from nb_mlops.knowledge import words
from nb_mlops.knowledge.stars import star_names

_PYPLOT = frozenset({"matplotlib.pyplot", "matplotlib:pyplot", "pylab", "matplotlib.pylab", "matplotlib:pylab"})
_DRAWING = _PYPLOT | {"seaborn", "mpl_toolkits", "pandas.plotting"}
_NOT_DRAWING = frozenset(
    {"rcParams", "style", "rc", "switch_backend", "cm", "get_cmap", "close", "ioff", "ion", "show"}
)
_PLOT_METHODS = frozenset({"plot", "hist", "boxplot"})
_DISPLAY_HOMES = frozenset({"IPython.display:display", "IPython.core.display:display"})
_ASKING_HOMES = frozenset({"IPython:get_ipython", "IPython.core.getipython:get_ipython"})
_DECLARED = ("metric", "model")


@dataclass(frozen=True, slots=True)
class Sinks:
    """Names that are replaced by functions of the report module: `names` themselves, `modules` before a dot;
    `pyplot` are names of the pyplot module, `drawing` names whose use may open a figure, `early` readings of what is
    not bound yet."""

    report: str
    names: Mapping[str, str]
    modules: frozenset[str]
    pyplot: frozenset[str]
    drawing: frozenset[str]
    early: frozenset[tuple[int, Use]] = frozenset()

    @property
    def replaced(self) -> frozenset[str]:
        """Imported names that are no longer needed."""
        return frozenset(self.names) | self.modules


def sinks_of(cells: Sequence[CellCode], hoisting: Hoisting, report: str, loose: Unbound) -> Sinks:
    """What of the notebook's imports the report module stands in for, and how reading an undefined name fails."""
    undefined = {use.name for _, use in loose.missing}
    names: dict[str, str] = {}
    modules, pyplot, drawing = set(), set(), set()
    asked: dict[str, set[str]] = {}
    for use in (use for cell in cells for s in cell.statements for use in s.uses):
        asked.setdefault(use.name, set()).add(use.attribute)
    for name, made in hoisting.imports.items():
        target = made[0].target
        if target in _DISPLAY_HOMES:
            names[name] = f"{report}.display"
        elif target in _ASKING_HOMES:
            names[name] = f"{report}.get_ipython"
        elif target in {f"nb_mlops:{word}" for word in _DECLARED}:
            names[name] = f"{report}.{made[0].attribute}"
        elif target == "nb_mlops" and asked.get(name, set()) <= set(_DECLARED):
            modules.add(name)
        if target in _PYPLOT:
            pyplot.add(name)
        elif made[0].module in _PYPLOT and made[0].attribute == "show":
            names[name] = f"{report}.show_figures"
        if target in _DRAWING or _may_draw(made[0]):
            drawing.add(name)
    bound = hoisting.variables | set(hoisting.imports) | set(hoisting.definitions)
    for injected in ("display", "get_ipython"):
        if injected not in bound:
            names[injected] = f"{report}.{injected}"
    names |= {name: f"{report}.undefined.{name}" for name in undefined if name not in names}
    if "_" in undefined:
        names["_"] = f"{report}.last_shown()"
    drawing |= _drawing_definitions(cells, hoisting, drawing)
    early = frozenset(loose.early.surely)
    return Sinks(report, names, frozenset(modules), frozenset(pyplot), frozenset(drawing), early)


def _may_draw(one: Import) -> bool:
    """Whether what is taken of a module may draw; pylab holds all of numpy besides."""
    if one.module not in _PYPLOT:
        return one.module in _DRAWING
    return one.attribute in (star_names("matplotlib.pyplot") or ()) and one.attribute not in _NOT_DRAWING


def _drawing_definitions(cells: Sequence[CellCode], hoisting: Hoisting, drawing: set[str]) -> set[str]:
    """Functions that draw, themselves or by calling one that does."""
    by_index = {cell.index: cell for cell in cells}
    found: set[str] = set()
    changed = True
    while changed:
        changed = False
        for name, definition in hoisting.definitions.items():
            statement = by_index[definition.cell].statements[definition.statement]
            if name not in found and _draws([statement], drawing | found):
                found.add(name)
                changed = True
    return found


def _draws(statements: Sequence[Statement], drawing: set[str] | frozenset[str]) -> bool:
    for statement in statements:
        if isinstance(statement.node, (ast.Import, ast.ImportFrom)):
            continue
        if any(use.name in drawing and use.attribute not in _NOT_DRAWING for use in statement.uses):
            return True
        calls = (n.func for n in nodes(statement.node) if isinstance(n, ast.Call))
        if any(isinstance(func, ast.Attribute) and func.attr in _PLOT_METHODS for func in calls):
            return True
    return False


def edits_for(
    cell: CellCode,
    hoisting: Hoisting,
    sinks: Sinks,
    parameters: frozenset[int],
    shared: bool,
    shown: Shows | None = None,
) -> Edits:
    """The edits of one cell; `parameters` are the statements that became Config, `shared` is module state, `shown`
    what the cell is known to show."""
    drop, keep_only, replace = set(parameters), {}, {}
    for index, statement in enumerate(cell.statements):
        node = statement.node
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            gone = _import_edit(node, hoisting)
            if gone is None:
                drop.add(index)
            elif gone:
                keep_only[index] = gone
            if shared and isinstance(node, ast.ImportFrom) and star_module(node) is not None:
                drop.discard(index)
                replace[index] = f'{sinks.report}.import_all("{node.module}", globals())'
    kept = [s for i, s in enumerate(cell.statements) if i not in drop and i not in _hoisted(cell, hoisting)]
    names, attributes = _sink_edits(cell, sinks)
    arguments: dict[Place, tuple[str, ...]] = {}
    if shared:
        arguments = _namespace_edits(cell, names)
    figures = f"{sinks.report}.show_figures()"
    draws = _draws(kept, sinks.drawing) or bool(shown and shown.figure)
    return Edits(
        names=names,
        attributes=attributes,
        keywords={_place(cell, use): needs for use, needs in calls_to_extend(cell, hoisting)},
        arguments=arguments,
        drop=frozenset(drop),
        keep_only=keep_only,
        hoist={i: hoisting.needs(name) for i, name in _hoisted(cell, hoisting).items()},
        replace=replace,
        unwrap=frozenset(i for i, s in enumerate(cell.statements) if is_main_guard(s.node)),
        display=f"{sinks.report}.display",
        shown=shown.result if shown else None,
        append=figures if draws and not _ends_with_show(kept, sinks) else "",
        plain_assignments=shared,
    )


def _import_edit(node: ast.Import | ast.ImportFrom, hoisting: Hoisting) -> frozenset[str] | None:
    """None: the statement goes; an empty set: it stays; else the names that stay."""
    if star_module(node) is not None or (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
        return None
    names = {one.name for one in imports_of(node)}
    staying = names - set(hoisting.imports)
    if not staying:
        return None
    return frozenset(staying) if staying != names else frozenset()


def _hoisted(cell: CellCode, hoisting: Hoisting) -> dict[int, str]:
    return {d.statement: name for name, d in hoisting.definitions.items() if d.cell == cell.index}


def _place(cell: CellCode, use: Use) -> Place:
    return character_place(cell, use.line, use.column)


def _sink_edits(cell: CellCode, sinks: Sinks) -> tuple[dict[Place, str], dict[Place, str]]:
    names: dict[Place, str] = {}
    attributes: dict[Place, str] = {}
    for use in (use for s in cell.statements for use in s.uses):
        if use.name in sinks.names:
            names[_place(cell, use)] = sinks.names[use.name]
        elif use.name in sinks.modules:
            names[_place(cell, use)] = sinks.report
        elif use.name in sinks.pyplot and use.attribute == "show":
            attributes[_place(cell, use)] = f"{sinks.report}.show_figures"
    too_early = (use for index, use in sinks.early if index == cell.index)
    names |= {_place(cell, use): f"{sinks.report}.undefined.{use.name}" for use in too_early}
    return names, attributes


def _ends_with_show(kept: Sequence[Statement], sinks: Sinks) -> bool:
    last = kept[-1] if kept else None
    if last is None or not isinstance(last.node, ast.Expr):
        return False
    shows = f"{sinks.report}.show_figures"
    return any(
        (use.name in sinks.pyplot and use.attribute == "show") or sinks.names.get(use.name) == shows
        for use in last.uses
    )


def _namespace_edits(cell: CellCode, names: dict[Place, str]) -> dict[Place, tuple[str, ...]]:
    """At the top of a cell `exec` and `locals` mean the notebook's names; in a stage these are the module's."""
    arguments: dict[Place, tuple[str, ...]] = {}
    calls = {
        (n.func.lineno, n.func.col_offset): n
        for s in cell.statements
        for n in nodes(s.node)
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
    }
    for use in (use for s in cell.statements for use in s.uses if use.depth == 0 and use.called):
        call = calls.get((use.line, use.column))
        if call is None or call.keywords:
            continue
        if use.name == "exec" and len(call.args) == 1:
            arguments[_place(cell, use)] = ("globals()",)
        elif use.name in {"locals", "vars"} and not call.args:
            names[_place(cell, use)] = "globals"
    return arguments


# What importing these without naming anything from them changes; the rest is imported to be used.
_QUIET = words("numpy pandas scipy sklearn matplotlib statsmodels PIL tqdm IPython nb_mlops requests yaml")
_EFFECTS = ("sklearn.experimental", "matplotlib.style")


def effect_imports(hoisting: Hoisting, used: frozenset[str], replaced: frozenset[str]) -> tuple[Import, ...]:
    """Imports that no code names but that may be there for what importing does."""
    unused = (one for name, made in hoisting.imports.items() if name not in used | replaced for one in made)
    return tuple(one for one in unused if one.module.startswith(_EFFECTS) or not _is_quiet(one))


def _is_quiet(one: Import) -> bool:
    root = one.module.partition(".")[0]
    return root in _QUIET or root in sys.stdlib_module_names

"""A stage: its cells, and by liveness what it takes from earlier stages and gives to later ones."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from nb_mlops.analysis.flow import CellFlow
from nb_mlops.converter.ending import only_shows
from nb_mlops.converter.parameters import Parameter
from nb_mlops.converter.rewrite import Rewritten
from nb_mlops.converter.scopes import statements
from nb_mlops.converter.source import CellCode
from nb_mlops.converter.trees import nodes, tree_of
from nb_mlops.core.value import replace

_BUILTINS = frozenset(dir(builtins))


@dataclass(frozen=True, slots=True)
class Stage:
    """One function of the package.

    `inputs` become keyword-only parameters and `outputs` are returned; `unset` are names that may stay unbound, and
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


_WRITES = re.compile(r"\b(?:savefig|to_\w+|dump|save\w*|write\w*|open|metric|model|shell|seed)\(")


def only_looks(stage: Stage) -> bool:
    """Whether a stage explores or plots and leaves nothing behind: no value, no change, no file, as far as its text
    tells. What it draws at random may still matter to later stages."""
    code = "\n".join(body.code for body in stage.bodies)
    changes = stage.flow.deletes | (stage.flow.mutates & frozenset(stage.inputs))
    return stage.module in {"explore", "plots"} and not stage.outputs and not changes and not _WRITES.search(code)


def wired(
    stages: Sequence[Stage], parameters: Sequence[Parameter], looped: frozenset[str] = frozenset()
) -> tuple[Stage, ...]:
    """Inputs and outputs of every stage by liveness; `looped` are names that a loop binds below where it reads them."""
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
        needed = _read_here(stage) | stage.flow.deletes | (_deferred(stage) - stage.flow.must)
        inputs = (needed | (stage.flow.may & outputs)) & have
        unset = (outputs & stage.flow.may - have) | (looped & stage.bound - have)
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


def _read_here(stage: Stage) -> frozenset[str]:
    """Names that the stage's own text reads. A function of an earlier stage brings along what it reads itself."""
    own = {node.id for node in nodes(_tree(stage)) if isinstance(node, ast.Name)}
    return frozenset(name for name, use in stage.flow.uses.items() if not use.via or name in own)


def _deferred(stage: Stage) -> frozenset[str]:
    """Names that functions left in the stage read when they run."""
    return _reads_later(_tree(stage))


@lru_cache(maxsize=512)
def _reads_later(tree: ast.Module) -> frozenset[str]:
    return frozenset(name for s in statements(tree) for name in s.reads_at(1))


def _tree(stage: Stage) -> ast.Module:
    return tree_of("\n".join(body.code for body in stage.bodies))


def _in_order(stage: Stage, names: frozenset[str]) -> tuple[str, ...]:
    """Names in the order in which the stage binds them first."""
    order: dict[str, int] = {}
    for cell in stage.cells:
        for statement in cell.statements:
            for name in statement.bound:
                order.setdefault(name, len(order))
    return tuple(sorted(names, key=lambda name: (order.get(name, len(order)), name)))


def _receiver(node: ast.stmt) -> str:
    """`model` in a statement `model.fit(...)`, which goes on making it."""
    call = node.value if isinstance(node, ast.Expr) else None
    func = call.func if isinstance(call, ast.Call) else None
    return func.value.id if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) else ""


ASKING = frozenset({"predict", "predict_proba"})
_MAKERS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_RESULTS_FROM = frozenset({"train", "tune", "evaluate", "predict", "analysis"})
_HANDLES = frozenset({"fig", "ax", "axes", "axs", "figure", "f", "_"})


def _results(stage: Stage, onward: Sequence[Stage]) -> frozenset[str]:
    """Values that a stage works out only to show them: the results that a caller of the pipeline wants back."""
    models = _models(stage)
    if stage.module not in _RESULTS_FROM and len(onward) > 1:
        return models
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
        if use.name != _receiver(s.node)
    }
    return models | frozenset(name for name in assigned - used - _HANDLES if not name.startswith("_"))


def _models(stage: Stage) -> frozenset[str]:
    """Names of what the stage makes and then fits, or asks for predictions: the first that a caller wants back."""
    statements = (s.node for cell in stage.cells for s in cell.statements if not isinstance(s.node, _MAKERS))
    calls = (n.func for node in statements for n in nodes(node) if isinstance(n, ast.Call))
    asked = (func.value for func in calls if isinstance(func, ast.Attribute) and func.attr in ASKING | {"fit"})
    loops = (n for cell in stage.cells for s in cell.statements for n in nodes(s.node) if isinstance(n, ast.For))
    passing = {n.id for loop in loops for n in nodes(loop.target) if isinstance(n, ast.Name)}
    return frozenset(node.id for node in asked if isinstance(node, ast.Name)) & stage.bound - passing

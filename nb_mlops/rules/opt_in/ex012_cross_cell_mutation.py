"""An object is defined in one cell, changed in place in another, and read in a third.

## What it does

Runs the cells in thought from top to bottom and reports reads of a name whose object another cell than the defining
one has changed in place: `df["a"] = ...`, `values.append(3)`, `df.drop(..., inplace=True)`. One finding per name and
pair of cells, at the first read. Fitting a model, seeding, figures, files and connections are meant to work that way
and are left alone.

## Why is this bad?

The reading cell shows only where the object was made, not what happened to it on the way. Run without the cell in
between, or with it run twice, it gives another result and no error.

## What to do

Change the object in the cell that makes it, or let the changing cell make a new one under a new name.

## False positives

Notebooks that prepare one table step by step on purpose: this rule is information, and off by default.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nb_mlops.analysis.flow import Certainty
from nb_mlops.analysis.repeats import root
from nb_mlops.analysis.view import View
from nb_mlops.analysis.walk import walk
from nb_mlops.core.finding import Confidence, Severity
from nb_mlops.knowledge import words
from nb_mlops.linter.rule import Hit, Rule, code, example, result

# What is meant to be changed bit by bit: estimators, networks, random generators, streams, figures, builders.
_EXPECTED = words(
    "fit fit_transform fit_predict partial_fit set_params fit_resample fit_generator fit_on_texts adapt compile train"
    " load_weights set_weights load_state_dict zero_grad backward step requires_grad_ build train_on_batch seed shuffle"
    " set_state manual_seed write writelines writerow writerows close seek truncate commit execute executemany flush"
    " send put put_nowait read readline readlines tick_params invert_yaxis invert_xaxis legend axhline axvline annotate"
    " register subscribe connect set add_subplot add_gridspec add_patch add_artist add_layer add_child add_to next"
)


def check(view: View) -> Iterator[Hit]:
    """One hit per name, defining cell and changing cell."""
    told: set[tuple[str, int, int]] = set()
    for cell in view.code_cells:
        for name, use in view.flows[cell.index].uses.items():
            version = view.replays.document.version(cell.index, name)
            defined = version.cell
            if defined is None or use.soft or use.certainty is Certainty.POSSIBLE:
                continue
            for changed in version.changes:
                key = (name, defined, changed)
                if changed not in (defined, cell.index) and key not in told and _changed_plainly(view, changed, name):
                    told.add(key)
                    yield _hit(view, cell.index, name, defined, changed)


def _changed_plainly(view: View, cell: int, name: str) -> bool:
    """Whether the cell changes the name's object in plain sight, and not in a way in which such objects are used."""
    tree = view.python[cell].tree
    for node in walk(tree) if tree is not None else ():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and root(node.func.value) == name:
            method = node.func.attr
            if method in _EXPECTED or method.startswith("set_"):
                return False
    return any(_changes(node, name) for node in walk(tree)) if tree is not None else False


def _changes(node: ast.AST, name: str) -> bool:
    """Whether the node stores into the name's object, adds to it, or calls a method of it."""
    if isinstance(node, (ast.Attribute, ast.Subscript)):
        return not isinstance(node.ctx, ast.Load) and root(node) == name
    if isinstance(node, ast.AugAssign):
        return isinstance(node.target, ast.Name) and node.target.id == name
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and root(node.func.value) == name


def _hit(view: View, cell: int, name: str, defined: int, changed: int) -> Hit:
    use = view.flows[cell].uses[name]
    position = use.position
    lines = view.flows[changed].lines.get(name, ((1, 1),))
    return Hit(
        f"`{name}` is defined in {view.named(defined)} and changed in place in {view.named(changed)} before it is read "
        "here: without that cell, or with it run twice, this one gives something else. Change it where it is defined, "
        "or make a new object under a new name.",
        view.line_span(
            view.cell(cell), position.line, position.column, None if use.via else position.column + len(name)
        ),
        related=(view.related(view.cell(changed), f"`{name}` is changed in place here", lines[0][0]),),
        data={"name": name, "defined": defined, "changed": changed},
    )


RULE = Rule(
    code="EX012",
    slug="cross-cell-mutation",
    severity=Severity.INFO,
    confidence=Confidence.MEDIUM,
    check=check,
    default=False,
    bad=lambda: (
        example(
            code("prices = {'a': 1}", count=1),
            code("prices['a'] = 2", count=2),
            code("prices['a'] * 3", result("6"), count=3),
        ),
    ),
    good=lambda: (
        example(code("prices = {'a': 1}\nprices['a'] = 2", count=1), code("prices['a'] * 3", result("6"), count=2)),
        example(
            code("from sklearn.linear_model import Ridge\nmodel = Ridge()", count=1),
            code("model.fit([[1.0]], [2.0]);", count=2),
            code("model.coef_", result("array([0.])"), count=3),
            note="models are made to be fitted",
        ),
    ),
)

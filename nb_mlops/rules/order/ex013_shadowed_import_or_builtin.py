"""A cell gives the name of an import or a built-in to something else, and other cells still need it.

## What it does

Looks for assignments to a name that a cell imports (`np`, `time`, `tree`) or that Python has built in (`list`, `sum`,
`input`), where another cell uses the name as the import or calls the built-in. Variables of loops, definitions of
functions, fallbacks (`except ImportError: np = None`) and new names for modules (`tf = tf.compat.v1`) are left alone.

## Why is this bad?

The kernel keeps the new value for all cells. Cells that need the old one fail, or only fail when they are run again,
which makes the notebook depend on the order of the session.

## What to do

Give the value a name of its own. In a session where it has happened: `del list`, or import again.

## False positives

A name that is given a new value of the same use, as a patched module.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.core.notebook import Cell
from nb_mlops.knowledge.injected import BUILTINS
from nb_mlops.linter.rule import Hit, Rule, code, example, result

_RELOADS = frozenset(
    {"reload", "import_module", "__import__", "try_import", "import_optional_dependency", "LazyLoader"}
)


_OURS = BUILTINS - {"_"}


def check(view: View) -> Iterator[Hit]:
    """One hit per name, where it is first shadowed."""
    told: set[str] = set()
    imported: dict[str, int] = {}
    for cell in view.code_cells:
        flow = view.flows[cell.index]
        for name in flow.imports:
            imported[name] = cell.index
        tree = view.python[cell.index].tree
        if tree is None or (_OURS.isdisjoint(flow.lines) and imported.keys().isdisjoint(flow.lines)):
            continue  # it gives nothing to such a name
        for target, value in _assignments(tree):
            name = target.id
            if name not in imported and name not in _OURS:
                continue
            if name in told or _keeps_its_use(value) or imported.get(name) == cell.index:
                continue
            victim = _victim(view, cell, name, name in imported)
            if victim is not None:
                told.add(name)
                yield _hit(view, cell, target, victim, imported.get(name))


def _assignments(tree: ast.Module) -> Iterator[tuple[ast.Name, ast.expr]]:
    """Plain assignments that surely run: those of the cell itself, not of branches, loops or functions."""
    for node in tree.body:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                for part in target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]:
                    if isinstance(part, ast.Name):
                        yield part, node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            yield node.target, node.value


def _keeps_its_use(value: ast.expr) -> bool:
    """Whether the value may be the same thing by another way: an alias, a reload, a lambda, a fallback."""
    if isinstance(value, ast.Call):
        func = value.func
        called = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
        return called in _RELOADS
    is_none = isinstance(value, ast.Constant) and value.value is None
    return is_none or isinstance(value, (ast.Name, ast.Attribute, ast.Lambda, ast.IfExp))


def _victim(view: View, cell: Cell, name: str, is_import: bool) -> int | None:
    """A cell that needs the name in its old sense."""
    document = view.replays.document
    for other in view.code_cells:
        use = view.flows[other.index].uses.get(name)
        if use is None or use.soft:
            continue
        definitions = document.version(other.index, name).definitions
        if is_import and definitions and all(name in view.flows[d].imports for d in definitions):
            return other.index
        if not is_import and use.called and (not definitions or definitions == {cell.index}):
            return other.index
    return None


def _hit(view: View, cell: Cell, target: ast.Name, victim: int, imported: int | None) -> Hit:
    name = target.id
    position = view.python[cell.index].position(target.lineno, target.col_offset)
    what = "Python's own" if imported is None else f"the import of {view.named(imported)}"
    if victim == cell.index:
        harm = "run this cell again, and it fails or means something else"
    elif victim > cell.index and imported is None:
        harm = f"{view.named(victim)} calls `{name}` and gets this value"
    else:
        harm = f"run {view.named(victim)} again, and `{name}` there is this value"
    return Hit(
        f"`{name}` is {what} until this line gives the name to something else: {harm}. Use another name.",
        view.line_span(cell, position.line, position.column, position.column + len(name)),
        related=()
        if victim == cell.index
        else (view.related(view.cell(victim), f"`{name}` is needed here", _line(view, victim, name)),),
        data={"name": name, "needed": victim},
    )


def _line(view: View, cell: int, name: str) -> int:
    return view.flows[cell].uses[name].position.line


RULE = Rule(
    code="EX013",
    slug="shadowed-import-or-builtin",
    severity=Severity.WARNING,
    check=check,
    bad=lambda: (
        example(
            code("words = list('abc')", count=1),
            code("list = sorted(words)", count=2),
            code("len(list)", result("3"), count=3),
            note="run In[1] again, and it fails",
        ),
        example(
            code("import time\nstart = time.time()", count=1),
            code("time.sleep(0)", count=2),
            code("time = 3.5", count=3),
        ),
    ),
    good=lambda: (
        example(code("words = list('abc')", count=1), code("letters = sorted(words)", count=2)),
        example(code("id = 7", count=1), code("id", result("7"), count=2), note="nobody needs the built-in"),
        example(code("for input in ['a']:\n    print(input)", count=1), code("input('go on?')", count=2)),
        example(
            code("try:\n    import simplejson as json\nexcept ImportError:\n    json = None", count=1),
            code("json.dumps(1)", result("'1'"), count=2),
        ),
    ),
)

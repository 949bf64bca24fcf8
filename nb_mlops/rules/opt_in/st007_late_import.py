"""An import in the middle of the notebook.

## What it does

Import statements at the top of a code cell below the first cell that does something else, once per cell. Imports in
functions, branches and `try`, and those of local modules after `sys.path` was changed, are left alone.

## Why is this bad?

What the notebook needs shows only when it has run half of the way: a missing package stops it after an hour instead
of at once.

## What to do

Move the import into the first cell. `nb-mlops convert` does so on its own.

## False positives

Lessons that bring in a library where they explain it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nb_mlops.analysis.view import View
from nb_mlops.analysis.walk import walk
from nb_mlops.core.finding import Severity
from nb_mlops.linter.rule import Hit, Rule, code, example


def check(view: View) -> Iterator[Hit]:
    """One finding per cell."""
    doing = False
    for cell in view.code_cells:
        tree = view.python[cell.index].tree
        if tree is None:
            continue
        late = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))] if doing else []
        if late:
            names = [alias.name for node in late for alias in node.names] if isinstance(late[0], ast.Import) else []
            what = names[0] if names else getattr(late[0], "module", None) or "a module"
            yield Hit(
                f"`{what}` is imported only here, below cells that do something: where it is missing, the notebook "
                "stops half of the way. Import it at the top.",
                view.line_span(cell, late[0].lineno),
            )
        if any("sys.path" in line for line in cell.source.split("\n")):
            return
        doing = doing or any(_does_something(node) for node in tree.body)


def _does_something(node: ast.stmt) -> bool:
    """Settings (`plt.style.use(…)`, `SEED = 1`) go with imports; loading, computing and defining do not."""
    if isinstance(node, (ast.Import, ast.ImportFrom, ast.Pass, ast.Try, ast.If)):
        return False
    if isinstance(node, ast.Expr):
        return False
    value = getattr(node, "value", None)
    return not (
        isinstance(node, (ast.Assign, ast.AnnAssign)) and not any(isinstance(n, ast.Call) for n in walk(value or node))
    )


RULE = Rule(
    "ST007",
    "late-import",
    Severity.INFO,
    bad=lambda: (example(code("import json"), code("rows = json.loads('[1]')"), code("import math\nmath.pi")),),
    good=lambda: (
        example(code("import json\nSEED = 1"), code("import math"), code("rows = json.loads('[1]')")),
        example(code("rows = list('ab')"), code("def f():\n    import math\n    return math.pi")),
    ),
    check=check,
    default=False,
)

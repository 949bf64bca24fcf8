"""The stored output cannot come from the code as it stands.

## What it does

Compares the outputs of each cell that ran with its source, where the source alone says what they can be: a result
though no expression stands in the cell; output though the cell only defines things (or is empty, or commented out);
a constant text that the cell always prints but the output lacks; a traceback that quotes lines which the cell does not
have; a result that bears another number than the cell.

## Why is this bad?

The cell was edited after its last run, or the output is left from another one. Readers take it for the result of this
code, which nobody has seen.

## What to do

Run all cells and save.

## False positives

Extensions that print after every cell. Sessions set to show more than last expressions are recognised where the
notebook sets this itself, or where many cells show it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from nb_mlops.analysis.decode import ansi_text
from nb_mlops.analysis.tracebacks import quoted_lines
from nb_mlops.analysis.view import View
from nb_mlops.analysis.walk import statements, walk
from nb_mlops.core.finding import Confidence, Severity
from nb_mlops.core.lazy import pattern
from nb_mlops.core.notebook import Cell, OutputKind
from nb_mlops.core.value import replace
from nb_mlops.linter.rule import Example, Hit, Rule, code, example, raised, result, stdout

# So many cells that show what they assign: the session was set to do so.
_HABIT = 3


def check(view: View) -> Iterator[Hit]:
    """One hit per cell, by the first evidence found."""
    odd_results: list[Hit] = []
    numbers: list[Hit] = []
    for cell in view.code_cells:
        if cell.execution_count is None or not cell.stored.heads:
            continue
        why = _numbered_otherwise(cell)
        if why:
            numbers.append(_hit(view, cell, why))
        elif view.python[cell.index].tree is not None and not view.python[cell.index].magics:
            why = _result_of_nothing(view, cell)
            if why:
                odd_results.append(_hit(view, cell, why))
                continue
            why = _shown_by_nobody(view, cell) or _text_never_printed(view, cell) or _other_lines_failed(cell)
            if why:
                yield _hit(view, cell, why)
    if 0 < len(odd_results) <= _HABIT and not _shows_more(view.notebook.raw):
        yield from odd_results
    if len(numbers) <= _HABIT:  # else a tool has numbered the cells anew
        yield from numbers


def _hit(view: View, cell: Cell, why: str) -> Hit:
    return Hit(
        f"{why}: what is shown is not the output of this code. Run all cells and save.",
        view.line_span(cell),
    )


def _shows_more(raw: bytes) -> bool:
    """Whether the session was set to show more than a cell's last expression."""
    return b"ast_node_interactivity" in raw or b"last_expr_or_assign" in raw


def _numbered_otherwise(cell: Cell) -> str:
    for head in cell.stored.heads:
        count = head.execution_count
        if count is not None and count > 0 and cell.execution_count and count != cell.execution_count:
            return f"The cell is In[{cell.execution_count}], its stored result is Out[{count}]"
    return ""


def _result_of_nothing(view: View, cell: Cell) -> str:
    if not any(head.kind is OutputKind.EXECUTE_RESULT for head in cell.stored.heads):
        return ""
    tree = view.python[cell.index].tree
    assert tree is not None
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        return ""
    outer = [node for node in tree.body if not isinstance(node, _DEFINITIONS)]
    if any(isinstance(node, ast.Expr) for node in statements(ast.Module(outer, []))):
        return ""
    if not tree.body:
        return "A result is stored, but there is no code here (any more)"
    return "A result is stored, but no expression stands here that could yield one"


def _outside_functions(nodes: Iterable[ast.stmt]) -> Iterator[ast.AST]:
    """The statements and their parts, but not what functions and classes do inside."""
    for node in nodes:
        yield node
        if not isinstance(node, _DEFINITIONS):
            yield from walk(node)


_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
# What binds names without running anything that could print.
_QUIET = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.Assign,
    ast.AnnAssign,
    ast.Pass,
    ast.Name,
    ast.Constant,
    ast.List,
    ast.Tuple,
    ast.Dict,
    ast.Set,
    ast.UnaryOp,
    ast.unaryop,
    ast.expr_context,
)


def _is_timed(view: View) -> bool:
    """Whether an extension writes below each cell how long it took."""
    return b"autotime" in view.notebook.raw


def _shown_by_nobody(view: View, cell: Cell) -> str:
    if not _printed_or_failed(cell):
        return ""
    tree = view.python[cell.index].tree
    assert tree is not None
    if not all(isinstance(node, _QUIET) for node in _outside_functions(tree.body)):
        return ""
    shown = [o for o in cell.outputs if o.stream == "stdout" or o.kind is OutputKind.ERROR]
    if not any(output.text.strip() or output.error for output in shown):
        return ""
    if any(isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and _runs_something(node) for node in tree.body):
        return ""
    if any(isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) for node in _outside_functions(tree.body)):
        return ""  # a NameError, perhaps
    if view.once(_is_timed):
        return ""
    if not tree.body:
        return "Output is stored, but there is no code here (any more)"
    return "Output is stored, but this cell only defines things"


def _printed_or_failed(cell: Cell) -> bool:
    return any(head.stream == "stdout" or head.kind is OutputKind.ERROR for head in cell.stored.heads)


def _runs_something(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Decorators, defaults and annotations run where the function is defined."""
    arguments = node.args
    annotated = node.returns or any(isinstance(a, ast.arg) and a.annotation for a in walk(arguments))
    return bool(node.decorator_list or annotated or arguments.defaults or any(arguments.kw_defaults))


_REDIRECTS = pattern(r"redirect_stdout|sys\.stdout|clear_output|capture_output|\bprint\s*=|def print|\\[rb]|builtins")


def _text_never_printed(view: View, cell: Cell) -> str:
    """A constant that the cell prints whenever it runs, and that is not in what it printed."""
    if "print" not in cell.source or not _printed_or_failed(cell) or cell.stored.failed:
        return ""
    tree = view.python[cell.index].tree
    assert tree is not None
    texts = [(node.lineno, text) for node in tree.body for text in _constants_printed(node)]
    if not texts or _REDIRECTS.search(cell.source):
        return ""
    printed = "".join([o.text for o in cell.outputs if o.kind is OutputKind.STREAM and o.stream == "stdout"])
    if not printed or printed.isspace() or "truncated" in printed or "\r" in printed or "\b" in printed:
        return ""
    there = ansi_text(printed) if "\x1b" in printed else printed
    for line, text in texts:
        if text not in there and not re.search(r"\s+".join(map(re.escape, text.split())), there):
            return f"Line {line} prints {_quoted(text)}, which is not in the stored output"
    return ""


def _constants_printed(node: ast.stmt) -> Iterator[str]:
    """The constant strings among the arguments of `print(...)`, where the statement is nothing but that call."""
    call = node.value if isinstance(node, ast.Expr) else None
    if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "print"):
        return
    if any(keyword.arg in ("file", None) for keyword in call.keywords):
        return
    for argument in call.args:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value.isprintable():
            yield argument.value


def _quoted(text: str) -> str:
    return "a text" if len(text) > 40 or "`" in text else f"`{text.strip()}`"


def _other_lines_failed(cell: Cell) -> str:
    """A traceback whose frame of this very cell quotes lines that the cell does not have."""
    if not any(head.kind in (OutputKind.ERROR, OutputKind.UNKNOWN) for head in cell.stored.heads):
        return ""
    have = {line.strip() for line in cell.source.split("\n")}
    for output in cell.outputs:
        for number, text, _ in quoted_lines(output.error) if output.error is not None else ():
            assert output.error is not None
            if text.strip() not in have and "get_ipython()" not in text:
                return f"The stored {_name(output.error.name)} quotes a line {number} that the cell does not have"
    return ""


def _name(error: str) -> str:
    return error if error.isidentifier() else "exception"


def _failed(line: str) -> Example:
    error = raised("ZeroDivisionError", "division by zero", f"Cell In[1], line 1\n----> 1 {line}\n")
    return example(code("1 / 0", error, count=1, tags=("raises-exception",)))


RULE = Rule(
    code="EX008",
    slug="edited-after-run",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    check=check,
    bad=lambda: (
        example(code("width = 9", result("9"), count=1), note="a result, but no expression"),
        example(code("# print('width', 9)", stdout("width 9\n"), count=1), note="commented out after it ran"),
        example(code("print('Height:', 9)", stdout("Width: 9\n"), count=1)),
        example(code("width = 9\nwidth", replace(result("9"), execution_count=3), count=4)),
        _failed("9 / 0"),
    ),
    good=lambda: (
        example(code("width = 9\nwidth", result("9"), count=1)),
        example(code("print('Width:', 9)", stdout("Width: 9\n"), count=1)),
        example(code("def show():\n    print(9)\nshow()", stdout("9\n"), count=1)),
        example(code("%time width = 9", stdout("Wall time: 2 µs\n"), count=1)),
        _failed("1 / 0"),
    ),
)

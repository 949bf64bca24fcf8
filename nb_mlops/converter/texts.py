"""Code that stands in texts: what is known to be run among the notebook's variables becomes code, so that a stage
reads them as its own; of other texts, the names that they may mean."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nb_mlops.converter.trees import nodes, tree_of
from nb_mlops.knowledge import words

_PROFILERS = words("cProfile profile")
_TIMERS = words("timeit repeat Timer")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_SCOPES = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda)
_LONGEST = 200


def spoken(source: str) -> str:
    """The code with what `timeit`, `cProfile.run`, `exec` and `eval` are given as a text as code, outside of functions.

    They look for its names in the notebook (`__main__`), and would find none of them in a package. The same code where
    there is nothing of that, or where it does not parse.
    """
    if not any(word in source for word in ("timeit", "rofile", "exec(", "eval(", "repeat(", "Timer(")):
        return source
    try:
        tree = tree_of(source)
    except (SyntaxError, ValueError):
        return source
    statements = {id(node.value) for node in tree.body if isinstance(node, ast.Expr)}
    for call in sorted(_calls(tree), key=lambda one: (one.lineno, one.col_offset), reverse=True):
        text = _said(call, id(call) in statements, source)
        if text:
            source = _with(source, call, text)
    return source


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    """Calls outside of functions that are given a text first."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, _FUNCTIONS):
            continue
        if isinstance(child, ast.Call) and child.args and _text(child.args[0]):
            yield child
        else:
            yield from _calls(child)


def _said(call: ast.Call, alone: bool, source: str) -> str:
    """The call without its text; "" where it may stay."""
    func, text = call.func, _text(call.args[0]).strip()
    home = func.value.id if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) else ""
    name = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
    tree = _expression(text)
    if home in _PROFILERS and name == "run":
        return _profiled(call, home, text if tree is not None else "", source)
    if name in _TIMERS and home in {"", "timeit"}:
        return _timed(call, text if tree is not None else "", source)
    if home or call.keywords or len(call.args) > 1 or "\n" in text:
        return ""
    if name == "eval" and tree is not None and any(isinstance(node, _SCOPES) for node in nodes(tree)):
        return f"({text})"
    return text if name == "exec" and alone and _is_plain(text) else ""


def _profiled(call: ast.Call, home: str, expression: str, source: str) -> str:
    rest = _arguments(call.args[1:], call.keywords, source)
    if expression:
        profiled = ['"run()"', f'{{"run": lambda: {expression}}}', "{}"]
        return f"{home}.runctx({', '.join([*profiled, *rest])})"
    first = _arguments(call.args[:1], (), source)
    return f"{home}.runctx({', '.join([*first, 'globals()', 'globals()', *rest])})"


def _timed(call: ast.Call, expression: str, source: str) -> str:
    """`timeit(lambda: …)` where the text is timed among the notebook's variables, and set up by nothing else."""
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    setup = call.args[1] if len(call.args) > 1 else named.get("setup")
    borrowed = setup is not None and _text(setup).strip().startswith("from __main__ import")
    prepared = setup is not None and not borrowed and _text(setup).strip() not in {"", "pass"}
    if not borrowed and "globals" not in named:
        return ""
    if prepared or (borrowed and "\n" in _text(setup)):
        return ""
    first = f"lambda: {expression}" if expression else _arguments(call.args[:1], (), source)[0]
    between = [*(['"pass"'] if len(call.args) > 2 else []), *_arguments(call.args[2:], (), source)]
    keywords = [one for one in call.keywords if one.arg not in {"setup", "globals"}]
    last = [] if expression else ["globals=globals()"]
    function = ast.get_source_segment(source, call.func)
    return f"{function}({', '.join([first, *between, *_arguments((), keywords, source), *last])})"


def _arguments(values: list[ast.expr] | tuple[()], keywords: list[ast.keyword] | tuple[()], source: str) -> list[str]:
    found = [ast.get_source_segment(source, value) or "" for value in values]
    return found + [f"{k.arg}={ast.get_source_segment(source, k.value)}" for k in keywords if k.arg]


def _text(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _expression(text: str) -> ast.Expression | None:
    try:
        return ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _is_plain(text: str) -> bool:
    """Whether it is one line of statements that can stand among others."""
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    shows = bool(body) and isinstance(body[-1], ast.Expr)  # which `exec` would not
    return bool(body) and not shows and "#" not in text and not any(hasattr(node, "body") for node in body)


def _with(source: str, call: ast.Call, text: str) -> str:
    """The source with the text in the place of the call."""
    lines = [line.encode() for line in source.split("\n")]
    first, last = call.lineno - 1, (call.end_lineno or call.lineno) - 1
    whole = lines[first][: call.col_offset] + text.encode() + lines[last][call.end_col_offset :]
    return b"\n".join([*lines[:first], whole, *lines[last + 1 :]]).decode()


def names_in_text(node: ast.AST) -> frozenset[str]:
    """Names that texts below a node may mean: what they call or take an attribute of, and all of what is evaluated."""
    found: set[str] = set()
    for part in nodes(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and len(part.value) < _LONGEST:
            found |= set(quoted(part.value))
        elif isinstance(part, ast.Call) and getattr(part.func, "id", "") == "eval" and part.args:
            inner = _expression(_text(part.args[0]).strip())
            found |= {one.id for one in nodes(inner) if isinstance(one, ast.Name)} if inner is not None else set()
    return frozenset(found)


def quoted(text: str) -> Iterator[str]:
    """Names in an annotation or formula that is written as a text."""
    tree = _expression(text.replace("~", "+")) if len(text) < _LONGEST else None
    for node in nodes(tree) if tree is not None else ():
        if isinstance(node, (ast.Attribute, ast.Call)):
            base = node.value if isinstance(node, ast.Attribute) else node.func
            if isinstance(base, ast.Name):
                yield base.id

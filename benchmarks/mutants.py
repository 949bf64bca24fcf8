"""Ways to break a notebook that runs, or nearly: each takes its code cells and a random generator and returns others.

Half of the ways in each kind are meant to do no harm. Nothing here says which: whether a mutant fails is found out by
running it.
"""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Callable
from dataclasses import replace

from files import Cell

Mutation = Callable[[list[Cell], random.Random], list[Cell] | None]
BROKEN = ("for x in", "print 'done'", "result = (1, 2", "def f(:", "x = = 1", "return = 3", "  pass\n pass", "!!!\n?")


def names_bound(source: str) -> list[str]:
    """Names that a cell of plain Python binds at its top level; none when it is not plain Python."""
    found: list[str] = []
    for node in _statements(source):
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                found += [n.id for n in ast.walk(target) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.append(node.name)
    return found


def _statements(source: str) -> list[ast.stmt]:
    try:
        return ast.parse(source).body
    except SyntaxError:
        return []


def _simple(cells: list[Cell]) -> list[tuple[int, str]]:
    """(cell, name) of every first binding of a name by an assignment."""
    seen: set[str] = set()
    found = []
    for i, cell in enumerate(cells):
        for name in names_bound(cell.source):
            if name not in seen and not re.search(rf"(def|class) {name}\b", cell.source):
                found.append((i, name))
            seen.add(name)
    return found


def _new(source: str) -> Cell:
    return Cell("code", source)


def _with(cells: list[Cell], at: int, *sources: str) -> list[Cell]:
    return [*cells[:at], *map(_new, sources), *cells[at:]]


def _changed(cells: list[Cell], at: int, source: str) -> list[Cell]:
    return [*cells[:at], replace(cells[at], source=source), *cells[at + 1 :]]


def _later(cells: list[Cell], after: int, rng: random.Random) -> int:
    return rng.randint(after + 1, len(cells))


# easy ------------------------------------------------------------------------------------------------------------


def moved(cells: list[Cell], rng: random.Random) -> list[Cell] | None:
    """A cell stands somewhere else."""
    rest = list(cells)
    cell = rest.pop(rng.randrange(len(rest)))
    rest.insert(rng.randint(0, len(rest)), cell)
    return rest


def definition_deleted(cells: list[Cell], rng: random.Random) -> list[Cell] | None:
    """A cell that binds something is gone."""
    chosen = [i for i, cell in enumerate(cells) if names_bound(cell.source)]
    at = rng.choice(chosen) if chosen else 0
    return cells[:at] + cells[at + 1 :] if chosen else None


def import_removed(cells: list[Cell], rng: random.Random) -> list[Cell] | None:
    """One import statement is gone."""
    places = [
        (i, line)
        for i, cell in enumerate(cells)
        for line in cell.source.split("\n")
        if re.match(r"(import|from) ", line) and "(" not in line
    ]
    if not places:
        return None
    at, line = rng.choice(places)
    return _changed(cells, at, cells[at].source.replace(line, "", 1))


def renamed(cells: list[Cell], rng: random.Random) -> list[Cell] | None:
    """A name has another spelling in the one cell that binds it, or in one that reads it."""
    names = _simple(cells)
    if not names:
        return None
    at, name = rng.choice(names)
    if rng.random() < 0.5:
        readers = [
            i for i in range(at + 1, len(cells)) if re.search(rf"(?<![\w.'\"]){name}\b(?!\s*=)", cells[i].source)
        ]
        at = rng.choice(readers) if readers else at
    return _changed(cells, at, re.sub(rf"(?<![\w.'\"]){name}\b(?!['\"])", f"{name}_new", cells[at].source))


# hard ------------------------------------------------------------------------------------------------------------


def called_too_early(cells: list[Cell], rng: random.Random) -> list[Cell] | None:
    """A function reads a name that a later cell binds, and is called before or after that cell, or not at all."""
    names = _simple(cells)
    if not names:
        return None
    at, name = rng.choice(names)
    start = rng.randint(0, at)
    function = rng.choice(
        [
            f"def look(n=3):\n    return [{name}] * n",
            f"def look(n=3):\n    if n:\n        return {name}\n    return None",
            f"def inner():\n    return {name}\n\ndef look(n=3):\n    return inner()",
            f"def look(n=3):\n    def deeper():\n        return {name}\n    return deeper()",
            f"import functools\n\n@functools.lru_cache\ndef look(n=3):\n    return str({name})",
        ]
    )
    call = rng.choice(
        ["look()", "shown = look(2)", "list(map(look, [1]))", "[look(i) for i in (1, 2)]", "print(look())"]
    )
    where = rng.choice(["between", "after", "after", "never"])
    if where == "never":
        return _with(cells, start, function)
    if where == "between":
        return _with(cells, start, function, call)
    later = _later(cells, at, rng)
    return _with(_with(cells, later, call), start, function)


def unparsable_end(cells: list[Cell], rng: random.Random) -> list[Cell] | None:
    """The last cell is not Python; some other cell may be broken in an easy way too."""
    base = rng.choice([_same, _same, definition_deleted, import_removed, renamed])(cells, rng)
    return None if base is None else _with(base, len(base), rng.choice(BROKEN))


def _same(cells: list[Cell], rng: random.Random) -> list[Cell] | None:
    return cells


def never_run(cells: list[Cell], rng: random.Random) -> list[Cell] | None:
    """Code that cannot run, or runs nonetheless: `if False:`, `while False:`, a loop over nothing."""
    head = rng.choice(["if False:", "if 0:", "if not True:", "while False:", "for _ in []:", "if True:", "if 1:"])
    if rng.random() < 0.4:
        body = rng.choice(["print(never_defined)", "never_defined.fit(1)", "x9 = never_defined + 1"])
        return _with(cells, rng.randint(0, len(cells)), f"{head}\n    {body}")
    chosen = [i for i, cell in enumerate(cells) if names_bound(cell.source) and '"""' not in cell.source]
    if not chosen:
        return None
    at = rng.choice(chosen)
    return _changed(cells, at, "\n".join([head, *(f"    {line}" for line in cells[at].source.split("\n"))]))


def timeit_body(cells: list[Cell], rng: random.Random) -> list[Cell] | None:
    """`%%timeit` keeps what its body binds to itself."""
    chosen = [i for i, cell in enumerate(cells) if _statements(cell.source)]
    binding = [i for i in chosen if names_bound(cells[i].source)]
    if not chosen:
        return None
    at = rng.choice(binding if binding and rng.random() < 0.6 else chosen)
    source = cells[at].source
    if len(_statements(source)) == 1 and "\n" not in source and rng.random() < 0.4:
        return _changed(cells, at, f"%timeit -n 1 -r 1 {source}")
    if rng.random() < 0.25:
        return _with(cells, at + 1, f"%%timeit -n1 -r1\n{source}")
    return _changed(cells, at, f"%%timeit -n1 -r1\n{source}")


def pylab(cells: list[Cell], rng: random.Random) -> list[Cell] | None:
    """`%pylab` binds numpy's and pyplot's names; something else may be missing."""
    style = rng.choice(["%pylab inline", "%pylab", "%pylab inline --no-import-all"])
    use = rng.choice(["sin(pi / 2)", "np.zeros(2)", "plot([1, 2]);", "linspace(0, 1, 3).tolist()", "plt.gcf();"])
    gone = re.compile(r"^import (numpy|matplotlib\.pyplot|pylab)\b.*\n?", re.M)
    base = [replace(c, source=gone.sub("", c.source)) for c in cells] if rng.random() < 0.5 else cells
    if rng.random() < 0.4:
        base = rng.choice([definition_deleted, renamed])(base, rng) or base
    return [_new(style), *_with(base, rng.randint(0, len(base)), use)]


def capture(cells: list[Cell], rng: random.Random) -> list[Cell] | None:
    """`%%capture x` binds `x`."""
    chosen = [i for i, cell in enumerate(cells) if _statements(cell.source)]
    if not chosen:
        return None
    at = rng.choice(chosen)
    head = rng.choice(["%%capture told", "%%capture told", "%%capture --no-stderr told", "%%capture"])
    base = _changed(cells, at, f"{head}\n{cells[at].source}")
    use = rng.choice(["told.show()", "print(told.stdout[:9])", "len(told.outputs)"])
    where = rng.choice([0, rng.randint(0, at), _later(base, at, rng), _later(base, at, rng)])
    return _with(base, where, use)


def time_statement(cells: list[Cell], rng: random.Random) -> list[Cell] | None:
    """`%time x = ...` binds `x`; `x = %timeit -o ...` too; `%time -o` of a lone name may not be there."""
    single = [
        i for i, cell in enumerate(cells) if len(_statements(cell.source)) == 1 and "\n" not in cell.source.strip()
    ]
    way = rng.random()
    if way < 0.5 and single:
        at = rng.choice(single)
        base = _changed(cells, at, f"{rng.choice(['%time', '%%time' + chr(10), '%prun -q'])} {cells[at].source}")
    else:
        names = _simple(cells)
        if not names:
            return None
        at, name = rng.choice(names)
        base = _with(
            cells, rng.choice([at, at + 1, len(cells)]), f"took = %timeit -o -q -n1 -r1 str({name})", "took.best"
        )
    return (rng.choice([definition_deleted, renamed])(base, rng) or base) if rng.random() < 0.35 else base


def injected(cells: list[Cell], rng: random.Random) -> list[Cell] | None:
    """Names that IPython puts there, and some that look like it."""
    there = [
        "len(In)",
        "list(Out)",
        "_",
        "__",
        "_i",
        "len(_ih)",
        "_dh[0]",
        "get_ipython().user_ns.keys();",
        "display(1)",
    ]
    there += ["__name__", "exit", "quit", "_oh", "_ii", "type(get_ipython())", "__builtins__;", "___", "__doc__"]
    absent = ["ipython", "len(Input)", "IPython.display.display(1)", "Image('x.png')", "_x", "__path__", "Display(1)"]
    absent += ["HTML('<b>x</b>')", "clear_output()", "____", "inn[0]", "ip.magic('time 1')"]
    return _with(cells, rng.randint(0, len(cells)), rng.choice(rng.choice([there, absent])))


def dunder_file(cells: list[Cell], rng: random.Random) -> list[Cell] | None:
    """`__file__` is not there in a notebook."""
    source = rng.choice(
        [
            "import os\nhere = os.path.dirname(__file__)",
            "from pathlib import Path\nhere = Path(__file__).parent",
            "try:\n    here = __file__\nexcept NameError:\n    here = '.'",
            "here = globals().get('__file__', '.')",
            "here = __file__ if '__file__' in globals() else '.'",
            "def here():\n    return __file__",
            "def here():\n    return __file__\nhere()",
            "import os\nhere = os.path.abspath('__file__')",
            "if '__file__' in globals():\n    print(__file__)",
            "sys_path = [__file__]",
        ]
    )
    return _with(cells, rng.randint(0, len(cells)), source)


def deleted_by_del(cells: list[Cell], rng: random.Random) -> list[Cell] | None:
    """`del` of a name: before or after its last use, in a branch, in a loop; and `del` of a part, which keeps it."""
    names = _simple(cells)
    if not names:
        return None
    at, name = rng.choice(names)
    readers = [i for i in range(at + 1, len(cells)) if re.search(rf"\b{name}\b", cells[i].source)]
    last = max([at, *readers])
    where = rng.choice([at + 1, last + 1, last + 1, rng.randint(at + 1, last + 1)])
    form = rng.choice(
        [
            f"del {name}",
            f"del {name}",
            f"del ({name})",
            "spare_part = {'a': 1}\ndel spare_part['a']",
            f"if len('a') > 3:\n    del {name}",
            f"if True:\n    del {name}",
            f"kept = {name}\ndel {name}\n{name} = kept",
            f"for _ in range(1):\n    del {name}",
            f"try:\n    del {name}\nexcept NameError:\n    pass",
            f"%xdel {name}",
            f"%reset_selective -f ^{name}$",
        ]
    )
    return _with(cells, where, form)


def star_import(cells: list[Cell], rng: random.Random) -> list[Cell] | None:
    """A star import brings the name, or does not."""
    module, names = rng.choice(
        [
            ("math", ["sqrt(2)", "floor(pi)", "square_root(2)"]),
            ("os.path", ["join('a', 'b')", "basename('a/b')", "getcwd()"]),
            ("collections", ["Counter('aab')", "OrderedDict()", "ordered_dict()"]),
            ("itertools", ["list(islice(count(), 2))", "list(pairs('ab'))"]),
            ("datetime", ["datetime(2020, 1, 1)", "now()"]),
        ]
    )
    at = rng.randint(0, len(cells))
    base = _with(cells, at, f"from {module} import *")
    if rng.random() < 0.35:
        return rng.choice([definition_deleted, renamed])(base, rng)
    place = rng.choice([at, *[_later(base, at, rng)] * 3])
    return _with(base, place, rng.choice(names))


def deferred(cells: list[Cell], rng: random.Random) -> list[Cell] | None:
    """Lambdas, classes, defaults, generators: some read a name at once, some later, some never."""
    names = _simple(cells)
    if not names:
        return None
    at, name = rng.choice(names)
    start = rng.randint(0, at)
    define, use = rng.choice(
        [
            (f"pick = lambda v: (v, {name})", "pick(1)"),
            (f"class Holder:\n    def get(self):\n        return {name}", "Holder().get()"),
            (f"class Holder:\n    def __init__(self):\n        self.it = {name}", "Holder()"),
            (f"class Holder:\n    it = {name}", "Holder.it"),
            (f"class Holder:\n    @property\n    def it(self):\n        return {name}", "Holder().it"),
            (f"def pick(v={name}):\n    return v", "pick()"),
            (f"later = (({name}, i) for i in range(2))", "next(later)"),
            (f"later = (i for i in {name})", "type(later)"),
            (f"table = {{'a': lambda: {name}}}", "table['a']()"),
            (f"pick = [lambda: {name}][0]", "pick()"),
            (f"from functools import partial\ndef both(a):\n    return a, {name}\npick = partial(both, 1)", "pick()"),
            (f"def outer():\n    return lambda: {name}\npick = outer()", "pick()"),
            (f"def pick(v: 'str') -> 'int':\n    yield {name}", "list(pick('a'))"),
        ]
    )
    where = rng.choice(["never", "before", "after", "after"])
    if where == "before":
        return _with(cells, start, define, use)
    base = _with(cells, start, define)
    return base if where == "never" else _with(base, _later(base, at + 1, rng), use)


def scopes(cells: list[Cell], rng: random.Random) -> list[Cell] | None:
    """Python's own rules: what a handler, a comprehension, an empty loop, a bare annotation leaves behind."""
    sources = rng.choice(
        [
            ["try:\n    1 / 0\nexcept ZeroDivisionError as trouble:\n    pass", "print(trouble)"],
            ["doubled = [thing * 2 for thing in (1, 2)]", "print(thing)"],
            ["doubled = [(kept := thing) for thing in (1, 2)]", "print(kept)"],
            ["for thing in range(3):\n    last = thing", "print(thing, last)"],
            ["for thing in range(0):\n    last = thing", "print(last)"],
            ["amount: int", "print(amount)"],
            ["amount: int = 3", "print(amount)"],
            ["def prepare():\n    global ready\n    ready = 1", "prepare()", "print(ready)"],
            ["def prepare():\n    global ready\n    ready = 1", "print(ready)", "prepare()"],
            ["def prepare():\n    ready = 1", "prepare()", "print(ready)"],
            ["import os.path", "print(os.sep)"],
            ["import xml.dom", "print(dom)"],
            ["try:\n    import no_such_module as fast\nexcept ImportError:\n    fast = None", "print(fast)"],
            ["try:\n    import no_such_module as fast\nexcept ImportError:\n    pass", "print(fast)"],
            [
                "from contextlib import nullcontext\nwith nullcontext(1) as handle:\n    inside = handle",
                "print(inside)",
            ],
            ["match 3:\n    case int(number):\n        pass", "print(number)"],
            ["globals()['hidden_name'] = 1", "print(hidden_name)"],
            ["exec('hidden_name = 1')", "print(hidden_name)"],
            ["size_a = size_b = 4", "print(size_a, size_b)"],
            ["first, *others = [1, 2]", "print(others)"],
            ["text = f'{undefined_thing}'", "print(text)"],
            ["flag = False and undefined_thing", "print(flag)"],
            ["flag = True or undefined_thing", "print(flag)"],
            ["value = undefined_thing if False else 1", "print(value)"],
            ["class Box:\n    a = 1\n    b = [a for _ in range(2)]", "print(Box.b)"],
        ]
    )
    at = sorted(rng.randint(0, len(cells)) for _ in sources)
    for place, source in reversed(list(zip(at, sources, strict=True))):
        cells = _with(cells, place, source)
    return cells


EASY: dict[str, Mutation] = {
    "cell moved": moved,
    "definition deleted": definition_deleted,
    "import removed": import_removed,
    "renamed in one cell": renamed,
}
HARD: dict[str, Mutation] = {
    "function called too early": called_too_early,
    "unparsable last cell": unparsable_end,
    "`if False:` and the like": never_run,
    "`%%timeit` body": timeit_body,
    "`%pylab`": pylab,
    "`%%capture x`": capture,
    "`%time x = ...`": time_statement,
    "IPython's names": injected,
    "`__file__`": dunder_file,
    "`del`": deleted_by_del,
    "star import": star_import,
    "deferred use": deferred,
    "scopes": scopes,
}

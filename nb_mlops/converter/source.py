"""A code cell as the Python that a package can hold: magics dropped, unwrapped or translated, losses named."""

from __future__ import annotations

import ast
import builtins
import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import libcst as cst
from libcst import matchers

from nb_mlops.analysis.python import Magic, Python, read_python
from nb_mlops.converter import interactivity
from nb_mlops.converter.awaits import waiting
from nb_mlops.converter.scopes import Statement, statements
from nb_mlops.converter.spelled import as_magics
from nb_mlops.converter.texts import spoken
from nb_mlops.converter.trees import nodes, tree_of
from nb_mlops.converter.whereabouts import answered
from nb_mlops.core.finding import Severity
from nb_mlops.core.notebook import Cell
from nb_mlops.core.value import replace
from nb_mlops.knowledge import words


@dataclass(frozen=True, slots=True)
class Loss:
    """Something of a cell (-1: of the whole notebook) that the package does not do as the notebook did."""

    cell: int
    line: int
    message: str
    severity: Severity = Severity.WARNING


@dataclass(frozen=True, slots=True)
class CellCode:
    """A code cell without magics; `original` is how it stood.

    `noisy`: what it printed in the notebook cannot be expected of the package. `installs` are requirements that
    `pip install` lines name. `shows` is what IPython shows of it (converter.interactivity). `problem` says why the
    cell cannot be converted, if so.
    """

    index: int
    id: str
    source: str
    original: str = ""
    statements: tuple[Statement, ...] = ()
    tags: tuple[str, ...] = ()
    losses: tuple[Loss, ...] = ()
    installs: tuple[str, ...] = ()
    noisy: bool = False
    shows: str = interactivity.USUAL
    problem: str = ""


# Magics that change nothing about values and print nothing.
SILENT = words(
    "matplotlib config load_ext reload_ext autoreload precision xmode pdb colors gui aimport alias autocall automagic"
    " doctest_mode unload_ext watermark autosave nbagg load_dotenv"
)
# Magics that only show something.
_SHOWS = words(
    "who whos who_ls pwd ls ll lsmagic history hist timeit memit prun lprun mprun psearch pinfo pinfo2 pdoc pdef"
    " psource pfile page quickref conda_list cat head tail less more tree debug store recall notebook"
)
_DISPLAY_CELLS = words("html HTML javascript js latex svg SVG markdown md")
_UNWRAPPED_CELLS = words("time prun")
_PIP = re.compile(r"(?:pip3?|python3? -m pip|uv pip|conda|mamba|uv)[ \t]+(?:install|add)\b(?P<rest>.*)")
_PYLAB = (
    "import numpy",
    "import matplotlib",
    "from matplotlib import pylab, mlab, pyplot",
    "import numpy as np",
    "import matplotlib.pyplot as plt",
    "from IPython.core.pylabtools import figsize, getfigs",
)
_PYLAB_STARS = ("from pylab import *", "from numpy import *")


def identified(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """The cells, each with an id of its own: the file's, or for want of one a digest of the source. All lines end as
    Python's do."""
    counts = Counter(cell.id for cell in cells)
    seen: Counter[str] = Counter()
    named = []
    for cell in cells:
        name = cell.id
        if not name or counts[name] > 1:
            name = hashlib.sha256(cell.source.encode("utf-8", "replace")).hexdigest()[:8]
        seen[name] += 1
        source = "\n".join(re.split(r"\r\n?", cell.source)) if "\r" in cell.source else cell.source
        named.append(replace(cell, id=name if seen[name] == 1 else f"{name}-{seen[name]}", source=source))
    return tuple(named)


def read_cells(cells: Sequence[Cell], sink: str, originals: Mapping[int, str] | None = None) -> tuple[CellCode, ...]:
    """Read code cells; `sink` is the name under which the package's `report` module is known in the code, `originals`
    are the sources as they stand in the notebook, by cell index, where they are others.

    Shell text is filled in with the names that the cells bind, and with no others, as IPython does.
    """
    shows = interactivity.in_force([cell.source for cell in cells])
    first = [_cell_code(cell, sink, frozenset(), how) for cell, how in zip(cells, shows, strict=True)]
    known = frozenset(name for code in first for s in code.statements for name in s.bound)
    made = (
        _cell_code(cell, sink, known, code.shows) if code.noisy else code
        for cell, code in zip(cells, first, strict=True)
    )
    return tuple(replace(code, original=(originals or {}).get(code.index, code.original)) for code in made)


def _cell_code(cell: Cell, sink: str, known: frozenset[str], shows: str) -> CellCode:
    original = cell.source
    cell = replace(cell, source=as_magics(interactivity.as_magic(cell.source), SILENT))
    python = read_python(cell.source)
    made = _Made(known)
    lines = python.code.split("\n")
    wrappers = []
    for magic in python.magics:
        if magic.kind == "cell":
            wrappers.append(magic)
            continue
        _put(lines, magic, "; ".join(_line(magic, cell, sink, made)))
    source = "\n".join(lines)
    for magic in reversed(wrappers):
        source = _cell_magic(magic, source, cell, sink, made)
    if python.tree is None:
        source = _left_out(python, cell, made)
    source = spoken(answered(waiting(source, sink)))
    if "raises-exception" in cell.tags:
        source = _guarded(source)
    source = f"{source.strip(chr(10))}\n" if source.strip("\n") else ""
    problem = _problem(source)
    source = source if problem else _as_python_names(source)
    if shows == interactivity.ASSIGNED and not problem:
        source = interactivity.assignment_shown(source)
    return CellCode(
        index=cell.index,
        id=cell.id,
        source=source,
        original=original,
        statements=() if problem else statements(tree_of(source)),
        tags=cell.tags,
        losses=tuple(made.losses),
        installs=tuple(made.installs),
        noisy=made.noisy,
        shows=shows,
        problem=problem,
    )


@dataclass(slots=True)
class _Made:
    """What reading a cell found besides its code; `known` are the names that shell text may mean."""

    known: frozenset[str]
    losses: list[Loss] = field(default_factory=list)
    installs: list[str] = field(default_factory=list)
    noisy: bool = False

    def lose(self, cell: Cell, magic: Magic, message: str, severity: Severity = Severity.WARNING) -> None:
        self.losses.append(Loss(cell.index, magic.line, message, severity))


def _left_out(python: Python, cell: Cell, made: _Made) -> str:
    """A cell that is not Python, as a comment: no kernel could run it either."""
    where = python.problem
    line, words = (where.line, where.message) if where else (1, "it does not parse")
    made.losses.append(Loss(cell.index, line, f"The cell is not Python ({words}) and was left out."))
    return _commented("nbm: not converted: this is not Python", cell.source)


def _commented(title: str, text: str) -> str:
    return "\n".join([f"# {title}", *(f"#     {line}".rstrip() for line in text.split("\n")[:40])])


@lru_cache(maxsize=1024)
def parsed(source: str) -> cst.Module:
    """A cell's tree; nobody can change it, so every attempt at the notebook may have the same."""
    return cst.parse_module(source)


def _problem(source: str) -> str:
    try:
        if source:
            parsed(source)
    except (cst.ParserSyntaxError, RecursionError, UnicodeEncodeError) as error:
        return f"LibCST cannot read it ({type(error).__name__})"
    try:
        compile(source, "<cell>", "exec", dont_inherit=True)
    except SyntaxError as error:
        if "__future__" in str(error):  # IPython compiles statement by statement; ours goes to the top of the module
            return ""
        return f"line {error.lineno}: {error.msg}"
    except ValueError as error:
        return str(error)
    return ""


def _as_python_names(source: str) -> str:
    """The source with each name as Python knows it: `ϕ`, which Jupyter writes for \\phi, is `φ` to it (PEP 3131)."""
    if unicodedata.is_normalized("NFKC", source):
        return source
    named = matchers.replace(parsed(source), matchers.Name(), _as_python_name)
    return cst.ensure_type(named, cst.Module).code


def _as_python_name(name: cst.CSTNode, _: object) -> cst.CSTNode:
    return name.with_changes(value=unicodedata.normalize("NFKC", cst.ensure_type(name, cst.Name).value))


def _put(lines: list[str], magic: Magic, code: str) -> None:
    """Put the translation where the magic's placeholder stands."""
    index = magic.line - 1
    line = lines[index]
    if magic.targets:
        head, _, _ = line.rpartition("= ...")
        lines[index] = f"{head}= {code}" if code else f"{head}= None"
        return
    indent = line[: len(line) - len(line.lstrip())]
    lines[index] = indent + (code or ("pass" if indent else ""))


def _line(magic: Magic, cell: Cell, sink: str, made: _Made) -> Iterator[str]:
    """The statements that stand for a line magic; none where it is dropped."""
    if magic.kind == "shell":
        yield from _shell(magic, cell, sink, made)
        return
    name, args = magic.name, magic.args
    if magic.kind == "help" or name in SILENT:
        return
    made.noisy = True
    if name in {"time", "prun"}:
        yield args
    elif name in {"pip", "conda", "mamba", "uv"}:
        yield from _shell(Magic(magic.line, "shell", "", f"{name} {args}"), cell, sink, made)
    elif name == "cd":
        made.lose(cell, magic, "`%cd` became os.chdir(): paths now depend on where the pipeline is started.")
        yield f"import os; os.chdir({json.dumps(args.strip(chr(34)))})"
    elif name == "env" and magic.targets:
        yield f"__import__('os').environ[{json.dumps(args.strip())}]" if args else "dict(__import__('os').environ)"
    elif name in {"env", "set_env"} and args:
        key, _, value = args.partition("=" if "=" in args else " ")
        yield f"import os; os.environ[{json.dumps(key.strip())}] = {_interpolated(value.strip(), made.known)}"
    elif name == "pylab":
        yield from _PYLAB if "--no-import-all" in args else (*_PYLAB, *_PYLAB_STARS)
    elif name in {"sx", "system"}:
        yield (
            f"{sink}.lines_of({_interpolated(args, made.known)})"
            if magic.targets
            else f"{sink}.shell({_interpolated(args, made.known)})"
        )
    elif name in {"mkdir", "cp", "mv", "rm", "rmdir"}:
        yield f"{sink}.shell({_interpolated(f'{name} {args}', made.known)})"
    elif name not in _SHOWS or magic.targets:
        made.lose(cell, magic, f"`%{name}` has no counterpart in a package and was left out.")


def _shell(magic: Magic, cell: Cell, sink: str, made: _Made) -> Iterator[str]:
    found = _PIP.match(magic.args.strip())
    made.noisy = True
    if found and not magic.targets:
        made.installs += [word for word in found["rest"].split() if re.match(r"[A-Za-z][\w.-]*(?:[=<>~!\[].*)?$", word)]
        return
    command = _interpolated(magic.args.strip(), made.known)
    if magic.targets:
        yield f"{sink}.lines_of({command})"
        return
    message = "A shell command stays a shell command: the package needs the same programs at hand."
    made.lose(cell, magic, message, Severity.INFO)
    yield f"{sink}.shell({command})"


def _interpolated(command: str, known: frozenset[str]) -> str:
    """A shell command as a Python expression; IPython fills in `{expression}` and `$name` where the names exist."""

    def hole(match: re.Match[str]) -> str:
        return f"{{{match[1]}}}" if match[1] in known else match[0]

    text = re.sub(r"(?<![\\$\w])\$([A-Za-z_]\w*)", hole, command)
    holes = re.findall(r"\{([^{}]*)\}", text)
    fits = all(_is_expression(inner, known) for inner in holes) and '"' not in "".join(holes)
    quoted = json.dumps(text if holes and fits else command, ensure_ascii=False)
    return f"f{quoted}" if holes and fits else quoted


def _is_expression(text: str, known: frozenset[str]) -> bool:
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except SyntaxError:
        return False
    names = {node.id for node in nodes(tree) if isinstance(node, ast.Name)}
    return "\\" not in text and names <= known | set(dir(builtins))


def _cell_magic(magic: Magic, body: str, cell: Cell, sink: str, made: _Made) -> str:
    """The cell below a `%%magic` line as plain Python."""
    made.noisy = True
    below = "\n".join(cell.source.split("\n")[magic.line :])
    if magic.name in _UNWRAPPED_CELLS:
        return body
    if magic.name == "capture":
        return _captured(magic, body, sink)
    if magic.name in _DISPLAY_CELLS or magic.name == "timeit":
        return ""
    if magic.name in {"writefile", "file"}:
        parts = magic.args.split()
        option = ", append=True" if "-a" in parts else ""
        text = json.dumps(below if below.endswith("\n") else below + "\n", ensure_ascii=False)
        return f"{sink}.write_file({json.dumps(parts[-1] if parts else '')}, {text}{option})"
    made.lose(cell, magic, f"A `%%{magic.name}` cell is not Python and was left out; its text stands as a comment.")
    return _commented(f"nbm: not converted: %%{magic.name} {magic.args}".rstrip(), below)


_GUARD = "try:\n    pass\nexcept Exception:\n    pass  # the cell is tagged raises-exception: the notebook goes on\n"


def _guarded(source: str) -> str:
    """A cell whose error does not stop the notebook."""
    try:
        module = cst.parse_module(source)
    except (cst.ParserSyntaxError, UnicodeEncodeError):
        return source
    frame = cst.ensure_type(cst.parse_statement(_GUARD), cst.Try)
    if not module.body:
        return source
    block = cst.IndentedBlock([*module.body], footer=module.footer)
    return cst.Module([frame.with_changes(body=block)], header=module.header).code


def _captured(magic: Magic, body: str, sink: str) -> str:
    """`%%capture out`: the body inside a with statement."""
    names = [word for word in magic.args.split() if word.isidentifier()]
    name = f" as {names[0]}" if names else ""
    module = cst.parse_module(body)
    frame = cst.ensure_type(cst.parse_statement(f"with {sink}.captured(){name}:\n    pass\n"), cst.With)
    if not module.body:
        return ""
    block = cst.IndentedBlock([*module.body], footer=module.footer)
    return cst.Module([frame.with_changes(body=block)], header=module.header).code

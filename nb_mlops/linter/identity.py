"""What a finding is known by from run to run: its rule, the content of its cell, and the name it is about.

Running the notebook again, moving and inserting cells, renaming the file and reformatting the code change none of
these. The content of a Python cell is its syntax tree, written in a form of our own that does not depend on the Python
that reads it; of any other cell, its text without white space. Secrets, addresses, user names and long figures (phone,
card and account numbers, dates of birth) are covered before anything is hashed: what few people have cannot be guessed
back from a hash of it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Any

from nb_mlops.analysis.decode import without_pictures
from nb_mlops.analysis.lines import line_of
from nb_mlops.analysis.python import Python, read_python
from nb_mlops.analysis.sensitive.mask import Masks, mask
from nb_mlops.analysis.view import View
from nb_mlops.core.hashing import blake2b
from nb_mlops.core.lazy import pattern
from nb_mlops.core.notebook import Cell, Notebook
from nb_mlops.linter.rule import Hit, Rule

_OUR_COMMENT = pattern(r"(?:#|//|--|%|<!--)[ \t]*nbm:[ \t]*ignore[^\n]*")
# BLAKE2b takes keys of so many bytes.
_LONGEST_KEY = 64
# What is longer is hashed, and pictures are left out of it.
_LONG_CONTENT = 20_000
_LONG_FIGURE = pattern(r"\d(?:[ ().+/-]{0,2}\d){6,}")
_DIGIT = pattern(r"\d")
# So many digits make a long figure; what is no digit, and no sign that may stand for one of another script.
_LONG = 7
_NO_DIGITS = bytes(code for code in range(256) if not 48 <= code <= 57 and code != ord("?"))
# What differs between Pythons, or says nothing about what the code does.
_LEFT_OUT = frozenset({"ctx", "kind", "type_comment", "type_ignores"})


class Identity:
    """What tells the findings of one notebook apart; each cell's content is worked out once."""

    def __init__(self, notebook: Notebook, salt: str = "", view: View | None = None) -> None:
        self._notebook = notebook
        self._salt = salt
        self._view = view
        self._contents: dict[int, str] = {}
        self._masks = Masks()

    def expect(self, hits: Iterable[Hit]) -> None:
        """These hits will be told: what is to be masked of their cells is looked through at once."""
        texts: list[str] = []
        for hit in hits:
            if hit.span.cell is not None and hit.span.cell < len(self._notebook.cells):
                source = self._notebook.cells[hit.span.cell].source
                texts += (source, line_of(source, hit.span.start.line))
        self._masks.expect(texts)

    def line(self, source: str, number: int) -> str:
        """A line of a cell's source (counted from 0), fit to be shown."""
        return self._masks.line(source, number)

    def place(self, rule: Rule, hit: Hit) -> str:
        """Where a hit stands, in words that survive another run and another layout."""
        if hit.span.cell is None:
            return f"{hit.span.part}\0\0"
        cell = self._notebook.cells[hit.span.cell]
        room = hit.span.part.partition("/")[0]
        return f"{room}\0{self._name(rule, hit, cell)}\0{self._content(cell)}"

    def baseline_key(self, rule: Rule, hit: Hit, place: str) -> str:
        """Equal for equal faults. A secret counts by its keyed hash alone, and only where there is a key."""
        secret = ""
        if hit.secret and self._salt:
            secret = keyed(self._salt, hit.secret)
        return digest(rule.code, place, secret)

    def _content(self, cell: Cell) -> str:
        known = self._contents.get(cell.index)
        if known is None:
            python = cell.is_code and self._notebook.is_python
            read = self._view.python[cell.index] if python and self._view is not None else None
            long = not python and len(cell.source) > _LONG_CONTENT
            source = without_pictures(cell.source) if long else cell.source
            known = content(source, python, read, self._masks.text)
            if len(known) > _LONG_CONTENT:
                known = digest(known)  # it is hashed again for each finding of the cell
            self._contents[cell.index] = known
        return known

    def _name(self, rule: Rule, hit: Hit, cell: Cell) -> str:
        """The name that a finding in code is about, when it is about one: `x` and `y` are two faults of one cell."""
        start, end = hit.span.start, hit.span.end
        if hit.span.part != "source" or rule.sensitive or start.line != end.line:
            return ""
        line = line_of(cell.source, start.line)
        name = line[start.column : end.column].strip()
        if not name.isidentifier() or self._masks.text(line)[start.column : end.column].strip() != name:
            return ""
        return name


def digest(*parts: str) -> str:
    """16 hexadecimal digits for these texts."""
    return blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=8).hexdigest()


def keyed(salt: str, secret: str) -> str:
    """What a secret is known by where there is a key: without it, nobody can try out what the secret may be."""
    key = salt.encode() if len(salt) <= _LONGEST_KEY else blake2b(salt.encode()).digest()
    return blake2b(secret.encode("utf-8", "replace"), digest_size=32, key=key).hexdigest()


def content(source: str, python: bool, read: Python | None = None, masked: Callable[[str], str] = mask) -> str:
    """What a cell says, whatever its layout: no comments of Python, no secrets, none of our own comments.

    `read` is the cell as Python, where somebody has read it already.
    """
    text = masked(source)
    if "nbm:" in text:
        text = _OUR_COMMENT.sub("", text)
    shape = _shape(read if read is not None and text == source else read_python(text)) if python else ""
    said = shape or "".join(text.split())
    if len(said.encode("latin-1", "replace").translate(None, _NO_DIGITS)) < _LONG:
        return said
    return _LONG_FIGURE.sub(lambda found: _DIGIT.sub("0", found[0]), said)


def _shape(python: Python) -> str:
    """The cell's syntax tree and magics; "" where there is no tree, or one that says nothing of the cell."""
    if python.tree is None or not python.tree.body:
        return ""
    try:
        written: list[str] = []
        _write(python.tree, written.append)
    except RecursionError:
        return ""
    magics = (" ".join((m.kind, m.name, *m.targets, *m.args.split())) for m in python.magics)
    return "\n".join(("".join(written), *magics))


class _Forms(dict[type, tuple[str, tuple[tuple[str, str], ...]] | None]):
    """By kind of node, how it begins when it is written, and its fields, each with how that begins."""

    def __missing__(self, kind: type) -> tuple[str, tuple[tuple[str, str], ...]] | None:
        told = [name for name in kind._fields if name not in _LEFT_OUT] if issubclass(kind, ast.AST) else None
        found = None if told is None else (f"{kind.__name__}(", tuple([(name, f"{name}=") for name in told]))
        self[kind] = found
        return found


_forms = _Forms()


def _write(value: Any, put: Callable[[str], None]) -> None:
    form = _forms[value.__class__]
    if form is None:
        put(repr(value))
        return
    if value.__class__ is ast.Expr and isinstance(value.value, ast.Constant) and isinstance(value.value.value, str):
        put(repr(" ".join(value.value.value.split())))  # formatters indent docstrings anew
        return
    put(form[0])
    for name, begins in form[1]:
        part = getattr(value, name, None)
        kind = part.__class__
        if kind is str:
            put(f"{begins}{part!r}")
        elif kind is not list:
            if part is not None:
                put(begins)
                _write(part, put)
        elif part:
            put(f"{begins}[")
            for one in part:
                _write(one, put)
                put(",")
            put("]")
    put(")")

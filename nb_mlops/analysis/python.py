"""A code cell as Python: magics set aside, the rest parsed, lines and columns as they were.

IPython is not asked: its transformer costs four times what `ast.parse` does, and changes columns. Most cells are plain
Python and are parsed as they stand; only where that fails are magics looked for, and only where a logical line starts,
so that a string holding `%d` or `!x` at the start of a line stays a string.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable

from nb_mlops.analysis.lines import line_of
from nb_mlops.analysis.walk import walk
from nb_mlops.core.lazy import pattern
from nb_mlops.core.notebook import Position
from nb_mlops.core.value import Struct, replace
from nb_mlops.knowledge.magics import AUTOMAGIC, PYTHON_BODY, WHOLE_CELL


class SyntaxProblem(Struct, frozen=True):
    """Why a cell does not parse, in Python's words. `line` counts from 1, `column` from 0 in characters."""

    message: str
    line: int
    column: int


class Magic(Struct, frozen=True):
    """A line that is IPython's, not Python's.

    `kind` is `line` (`%name args`), `cell` (`%%name args`), `shell` (`!args`) or `help` (`name?`); `targets` are the
    names left of the `=` in `x = %name` and `x = !args`; `line` counts from 1.
    """

    line: int
    kind: str
    name: str
    args: str = ""
    targets: tuple[str, ...] = ()


class Python(Struct, frozen=True):
    """A cell's code with as many lines as its source; a magic stands as `pass` (or `x = ...`) on its line.

    `tree` is None when the code does not parse, and `problem` then says why. A cell in another language (`%%bash`)
    has an empty tree.
    """

    code: str
    tree: ast.Module | None
    problem: SyntaxProblem | None = None
    magics: tuple[Magic, ...] = ()

    def position(self, line: int, column: int) -> Position:
        """Where ast's line and column (UTF-8 bytes) are in characters."""
        if column and not self.code.isascii():
            return Position(line, len(line_of(self.code, line).encode()[:column].decode(errors="ignore")))
        return Position(line, column)


def read_python(source: str) -> Python:
    """Parse one cell. Never raises: what Python cannot read is a `problem`."""
    return read_pythons((source,))[0]


def read_pythons(sources: Iterable[str]) -> list[Python]:
    """Parse cells. What Python would warn of is not ours to tell."""
    with warnings.catch_warnings():  # once for all cells: it takes as long as parsing a small one
        warnings.simplefilter("ignore")
        return [_read(source) for source in sources]


def _read(source: str) -> Python:
    # Python ends a line at each of the three, too.
    text = source.replace("\r\n", "\n").replace("\r", "\n") if "\r" in source else source
    if _BEGINS.match(text) or "\n%" in text or "\n!" in text:
        return _careful(text)  # to fail costs Python twice what it costs to parse
    tree, problem = _parse(text)
    if problem is None:
        return Python(text, tree)
    if not _SUSPECT.search(text) and not _PREFIXED.match(text) and "\n" in text.strip():
        return Python(text, None, problem)
    return _careful(text)


# The first line of code is a magic, so that there is no sense in parsing the cell as it stands.
_BEGINS = pattern(r"(?:[ \t]*(?:#.*)?\n)*[ \t]*[%!]")
# What may be a magic, somewhere: a line that starts with one of its signs, `= !`, `= %`, or a question mark at the end.
_SUSPECT = pattern(r"^[ \t]*(?:[%!?]|type[ \t])|=[ \t]*[%!]|\?[ \t;]*(?:#.*)?$", re.M)
# Python 3.12's `type X = ...`, put so that an older Python reads the binding: `X      = ...`.
_TYPE_ALIAS = pattern(r"^([ \t]*)(type[ \t]+)([^\W\d]\w*)(?=[ \t]*=)", re.M)
# An indented or prompted cell, which IPython strips.
_PREFIXED = pattern(r"\s*\n*(?:[ \t]+\S|>>> |In \[\d+\]: )")


def _careful(text: str) -> Python:
    text, shift = _without_prefix(text)
    body, magics, foreign = _peel_cell_magics(text)
    if foreign:
        return Python("\n" * text.count("\n"), ast.Module([], []), None, tuple(magics))
    code, found = _replace_line_magics(body)
    code = _TYPE_ALIAS.sub(lambda found: found[1] + found[3] + " " * len(found[2]), code)
    magics += found
    tree, problem = _parse(code)
    if tree is None:
        whole = _other_language(text, found) or _automagic(text)
        if whole is not None:
            return Python("\n" * text.count("\n"), ast.Module([], []), None, (whole,))
        if shift and problem is not None:
            problem = replace(problem, column=problem.column + shift)
        return Python(code, None, problem, tuple(magics))
    if shift:
        _shift_columns(tree, shift)
    return Python(code, tree, None, tuple(magics))


def _parse(code: str) -> tuple[ast.Module | None, SyntaxProblem | None]:
    try:
        return ast.parse(code), None
    except SyntaxError as error:
        last = code.count("\n") + 1
        line = min(max(error.lineno or 1, 1), last)
        return None, SyntaxProblem(error.msg or "invalid syntax", line, max((error.offset or 1) - 1, 0))
    except (RecursionError, MemoryError):
        return None, SyntaxProblem("too deeply nested to be read", 1, 0)
    except UnicodeEncodeError:
        return None, SyntaxProblem("holds half of a surrogate pair, which is no character", 1, 0)
    except ValueError as error:  # null bytes
        return None, SyntaxProblem(str(error), 1, 0)


_PROMPTS = (
    (pattern(r"[ \t]*>>> "), pattern(r"^[ \t]*(?:>>>|\.\.\.)(?: |$)")),
    (pattern(r"[ \t]*In \[\d+\]: "), pattern(r"^[ \t]*(?:In \[\d+\]|\.{3,}): ?")),
)


def _without_prefix(text: str) -> tuple[str, int]:
    """Drop what IPython drops from every line (prompts, the first line's indentation); how many columns that was."""
    lines = text.split("\n")
    first = next((line for line in lines if line.strip()), "")
    for starts, prompt in _PROMPTS:
        match = starts.match(first)
        if match:
            return "\n".join(prompt.sub("", line) for line in lines), match.end()
    indent = len(first) - len(first.lstrip(" \t"))
    if not indent:
        return text, 0
    return "\n".join(line.removeprefix(first[:indent]) for line in lines), indent


def _shift_columns(tree: ast.Module, shift: int) -> None:
    for node in walk(tree):
        if isinstance(node, (ast.expr, ast.stmt)):
            node.col_offset += shift
            if node.end_col_offset is not None:
                node.end_col_offset += shift


_CELL_MAGIC = pattern(r"%%([\w.-]+)[ \t]*(.*)")


def _peel_cell_magics(text: str) -> tuple[str, list[Magic], bool]:
    """The body below the cell magics at the top, their lines blank; and whether that body is another language's.

    Comments may stand above (hosted notebooks allow it); one cell magic may wrap another.
    """
    magics: list[Magic] = []
    lines = text.split("\n")
    for index, line in enumerate(lines):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        match = _CELL_MAGIC.match(stripped)
        if match is None:
            break
        magics.append(Magic(index + 1, "cell", match[1], match[2]))
        lines[index] = ""
        if match[1] not in PYTHON_BODY:
            return "", magics, True
    return "\n".join(lines), magics, False


_LINE_MAGIC = pattern(r"([ \t]*)(?:%%?[ \t]*(?P<name>[A-Za-z_][\w.-]*)|(?P<shell>!!?)|(?P<help>\?\??)(?=[ \t]*[%\w]))")
_ASSIGNED = pattern(r"=[ \t]*(?:%[ \t]*(?P<name>[A-Za-z_]\w*)|(?P<shell>!))")
_TOKEN = pattern(r'"""|\'\'\'|["\'#=?\n]|[(\[{]|[)\]}]|\\\n')
_ASKED = pattern(r"(%{0,2}(?!\d)[\w*]+(?:\.[\w*]+|\[\d+\])*)[ \t]*\?\??[ \t;]*\Z")
_STRING_END = {
    '"""': pattern(r'(?:[^\\"]|\\.|"(?!""))*"""', re.S),
    "'''": pattern(r"(?:[^\\']|\\.|'(?!''))*'''", re.S),
    '"': pattern(r'(?:[^\\"\n]|\\.)*(?:"|(?=\n)|\Z)', re.S),
    "'": pattern(r"(?:[^\\'\n]|\\.)*(?:'|(?=\n)|\Z)", re.S),
}


def _replace_line_magics(text: str) -> tuple[str, list[Magic]]:
    """Replace every magic by `pass`, and the right side of `x = !cmd` by `...`; lines stay where they are."""
    out: list[str] = []
    magics: list[Magic] = []
    at, line = 0, 1
    last = max([found.start() for found in _SUSPECT.finditer(text)], default=-1)
    while at < len(text):
        if at > last:  # mostly the magics stand on top: what is below need not be read token by token
            out.append(text[at:])
            break
        match = _LINE_MAGIC.match(text, at)
        if match is not None:
            end = _end_of_escaped(text, match.end())
            magics.append(_line_magic(match, text[match.end() : end], line))
            piece = f"{match[1]}pass" + "\n" * text.count("\n", at, end)
        else:
            end, assigned, question = _end_of_logical_line(text, at)
            if assigned is not None:
                end = _end_of_escaped(text, assigned.end())
                magics.append(_assigned_magic(assigned, text[at : assigned.start()], text[assigned.end() : end], line))
                piece = f"{text[at : assigned.start()]}= ..." + "\n" * text.count("\n", assigned.start(), end)
            elif question and (asked := _ASKED.search(text, at, end)):
                magics.append(Magic(line, "help", asked[1]))
                indent = text[at:end][: len(text[at:end]) - len(text[at:end].lstrip(" \t"))]
                piece = f"{indent}pass" + "\n" * text.count("\n", at, end)
            else:
                piece = text[at:end]
        piece += text[end : end + 1]
        out.append(piece)
        line += text.count("\n", at, end + 1)
        at = end + 1
    return "".join(out), magics


def _end_of_escaped(text: str, start: int) -> int:
    """Where a magic's text ends: at the newline, but a backslash joins the next line."""
    end = text.find("\n", start)
    while end > start and text[end - 1] == "\\":
        end = text.find("\n", end + 1)
    return len(text) if end == -1 else end


def _end_of_logical_line(text: str, start: int) -> tuple[int, re.Match[str] | None, bool]:
    """Where a logical line of Python ends; the `= !cmd` in it, if any; whether it ends with a question mark."""
    at, depth, question, equals = start, 0, -1, False
    while True:
        token = _TOKEN.search(text, at)
        if token is None:
            return len(text), None, _only_blank(text, question, len(text))
        sign, at = token[0], token.end()
        if sign == "\n":
            if depth <= 0:
                return token.start(), None, _only_blank(text, question, token.start())
        elif sign in _STRING_END:
            closed = _STRING_END[sign].match(text, at)
            at = closed.end() if closed else len(text)
        elif sign == "#":
            newline = text.find("\n", at)
            at = len(text) if newline == -1 else newline
        elif sign in "([{":
            depth += 1
        elif sign in ")]}":
            depth -= 1
        elif sign == "?":
            question = token.start()
        elif sign == "=" and depth <= 0 and not equals and text[token.start() - 1] not in "=!<>+-*/%&|^:@~":
            equals = True
            assigned = _ASSIGNED.match(text, token.start())
            if assigned is not None and text[assigned.end() : assigned.end() + 1] != "=":
                return at, assigned, False


def _only_blank(text: str, question: int, end: int) -> bool:
    return question != -1 and not text[question + 1 : end].strip(" \t;")


def _line_magic(match: re.Match[str], rest: str, line: int) -> Magic:
    rest = rest.replace("\\\n", " ").strip()
    if match["help"]:
        return Magic(line, "help", rest.rstrip("?"))
    if match["shell"]:
        return Magic(line, "shell", "", rest)
    if rest.endswith("?") and " " not in rest:
        return Magic(line, "help", match["name"])
    return Magic(line, "line", match["name"], rest)


def _assigned_magic(match: re.Match[str], left: str, rest: str, line: int) -> Magic:
    targets = tuple(name for name in re.split(r"[\s,()*=\[\]]+", left.split(":")[0]) if name.isidentifier())
    rest = rest.replace("\\\n", " ").strip()
    return Magic(line, "shell" if match["shell"] else "line", match["name"] or "", rest, targets)


def _other_language(text: str, found: list[Magic]) -> Magic | None:
    """A cell of another language headed by a single `%`, as some hosted notebooks write it."""
    first = next((line for line in text.split("\n") if line.strip()), "").strip()
    match = re.match(r"%([\w-]+)[ \t]*(.*)", first)
    if match and match[1] in WHOLE_CELL and "\n" in text.strip():
        return Magic(found[0].line if found else 1, "cell", match[1], match[2])
    return None


def _automagic(text: str) -> Magic | None:
    """A one-line cell such as `pip install x`, which IPython takes for a magic although no sign says so."""
    line = text.strip()
    word, _, rest = line.partition(" ")
    if "\n" in line or word not in AUTOMAGIC or rest.lstrip().startswith("="):
        return None
    return Magic(text[: text.index(line)].count("\n") + 1, "line", word, rest.strip())

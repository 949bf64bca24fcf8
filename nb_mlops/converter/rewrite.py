"""Every change to the author's code, made with LibCST, so that all that is not changed stays as it was written."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from nb_mlops.converter.ending import displayed, in_parentheses
from nb_mlops.converter.interactivity import EVERY, NOTHING
from nb_mlops.converter.source import CellCode, parsed
from nb_mlops.core.value import replace

Place: TypeAlias = tuple[int, int]  # line from 1, column from 0 in characters


@dataclass(frozen=True, slots=True)
class Shows:
    """What a cell was seen to show: its last expression, a figure; and, where that was watched, to bind."""

    result: bool
    figure: bool = False
    bound: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Edits:
    """What is to change in one cell.

    By the place of a name: `names` replaces it, `attributes` replaces the attribute taken of it, `keywords` and
    `arguments` extend the call of it. By the index of a top-level statement: `drop` removes it, `keep_only` leaves
    some names of an import, `hoist` takes a definition out and adds parameters, `replace` puts other code in its
    place, `unwrap` leaves the body of an `if`. `display` wraps the last expression into that call; `shown` says
    whether the cell is known to show it (None: nobody knows). `append` is a statement for the end of the cell.
    `plain_assignments` makes `x: int = 1` an assignment.
    """

    names: Mapping[Place, str] = field(default_factory=dict)
    attributes: Mapping[Place, str] = field(default_factory=dict)
    keywords: Mapping[Place, tuple[str, ...]] = field(default_factory=dict)
    arguments: Mapping[Place, tuple[str, ...]] = field(default_factory=dict)
    drop: frozenset[int] = frozenset()
    keep_only: Mapping[int, frozenset[str]] = field(default_factory=dict)
    hoist: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    replace: Mapping[int, str] = field(default_factory=dict)
    unwrap: frozenset[int] = frozenset()
    display: str = ""
    shown: bool | None = None
    append: str = ""
    plain_assignments: bool = False


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A cell after its edits: the statements that stay, the definitions taken out by name, comments at the end.

    `missed` are places of edits that LibCST found nothing at: the cell cannot be taken as converted.
    `code` are the statements that stay, as a module's text.
    """

    statements: tuple[cst.BaseStatement, ...] = ()
    hoisted: Mapping[str, cst.BaseStatement] = field(default_factory=dict)
    footer: tuple[cst.EmptyLine, ...] = ()
    missed: frozenset[Place] = frozenset()
    code: str = ""


def rewrite(cell: CellCode, edits: Edits) -> Rewritten:
    """Apply the edits to a cell."""
    module = parsed(cell.source)
    missed: frozenset[Place] = frozenset()
    if edits.names or edits.attributes or edits.keywords or edits.arguments:
        positions = MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)
        places = {id(n): (r.start.line, r.start.column) for n, r in positions.items() if isinstance(n, cst.Name)}
        module = module.visit(_ByPlace(edits, places))
        asked = {*edits.names, *edits.attributes, *edits.keywords, *edits.arguments}
        missed = frozenset(asked - set(places.values()))
    if edits.plain_assignments:
        module = module.visit(_PlainAssignments())
    made = _top_level(module, cell, edits)
    text = cst.Module([*made.statements]).code  # type: ignore[list-item]
    return replace(made, missed=missed, code=text)


class _ByPlace(cst.CSTTransformer):
    """Edits that are found by the place of a name."""

    def __init__(self, edits: Edits, places: Mapping[int, Place]) -> None:
        super().__init__()
        self._edits = edits
        self._places = places

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:
        new = self._edits.names.get(self._places.get(id(original_node), (0, 0)))
        if new is None:
            return updated_node
        expression = cst.parse_expression(new)
        if isinstance(expression, cst.Name | cst.Attribute | cst.Call):
            return expression.with_changes(lpar=updated_node.lpar, rpar=updated_node.rpar)
        return expression

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.BaseExpression:
        new = self._edits.attributes.get(self._places.get(id(original_node.value), (0, 0)))
        return updated_node if new is None else cst.parse_expression(new)

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        place = self._places.get(id(original_node.func), (0, 0))
        arguments = [cst.Arg(cst.parse_expression(text)) for text in self._edits.arguments.get(place, ())]
        tight = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
        for name in self._edits.keywords.get(place, ()):
            arguments.append(cst.Arg(cst.Name(name), keyword=cst.Name(name), equal=tight))
        if not arguments:
            return updated_node
        return updated_node.with_changes(args=[*map(_closed, updated_node.args), *arguments])


def _closed(argument: cst.Arg) -> cst.Arg:
    """A generator may stand without parentheses only while it is the one argument."""
    value = argument.value
    if isinstance(value, cst.GeneratorExp) and not value.lpar:
        return argument.with_changes(value=in_parentheses(value))
    return argument


class _PlainAssignments(cst.CSTTransformer):
    """`x: int = 1` as `x = 1`, outside of functions and classes: a global name must not be annotated."""

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        return False

    def visit_ClassDef(self, node: cst.ClassDef) -> bool:
        return False

    def leave_AnnAssign(self, original_node: cst.AnnAssign, updated_node: cst.AnnAssign) -> cst.BaseSmallStatement:
        if updated_node.value is None:
            return cst.Pass()
        target = cst.AssignTarget(updated_node.target)
        return cst.Assign([target], updated_node.value, semicolon=updated_node.semicolon)


@dataclass(slots=True)
class _Out:
    """The cell as it comes out."""

    statements: list[cst.BaseStatement] = field(default_factory=list)
    hoisted: dict[str, cst.BaseStatement] = field(default_factory=dict)
    comments: list[cst.EmptyLine] = field(default_factory=list)

    def keep(self, statement: cst.BaseStatement) -> None:
        """Keep a statement, below the comments of those that went."""
        lines = [*self.comments, *_leading(statement)]
        self.statements.append(statement.with_changes(leading_lines=lines))
        self.comments = []


def _top_level(module: cst.Module, cell: CellCode, edits: Edits) -> Rewritten:
    out = _Out()
    body = list(module.body)
    if body:
        body[0] = body[0].with_changes(leading_lines=[*module.header, *_leading(body[0])])
    index = 0
    for line in body:
        count = len(line.body) if isinstance(line, cst.SimpleStatementLine) else 1
        indices = range(index, index + count)
        index += count
        if isinstance(line, cst.SimpleStatementLine):
            _simple(line, indices, _displaying(cell, indices), edits, out)
        else:
            _compound(line, indices[0], edits, out)
    if edits.append and (out.statements or not cell.statements):
        out.keep(cst.parse_statement(edits.append))
    header = [] if body else [*module.header]
    footer = [line for line in (*out.comments, *header, *module.footer) if line.comment is not None]
    return Rewritten(tuple(out.statements), out.hoisted, tuple(footer))


def _displaying(cell: CellCode, indices: range) -> frozenset[int]:
    """Which of the statements on a line show their value, where they have one."""
    if cell.shows == EVERY:
        return frozenset(indices)
    return frozenset({len(cell.statements) - 1} & set(indices)) if cell.shows != NOTHING else frozenset()


def _simple(line: cst.SimpleStatementLine, indices: range, displaying: frozenset[int], edits: Edits, out: _Out) -> None:
    kept: list[cst.BaseSmallStatement] = []
    for index, small in zip(indices, line.body, strict=True):
        if index in edits.hoist:
            _hoist_constant(line, small, out)
        elif index in edits.replace:
            new = cst.ensure_type(cst.parse_statement(edits.replace[index]), cst.SimpleStatementLine)
            kept += new.body
        elif index in edits.keep_only:
            kept.append(_some_names(small, edits.keep_only[index]))
        elif index not in edits.drop and not isinstance(small, cst.Global | cst.Nonlocal):
            shows = edits.display and index in displaying
            kept.append(displayed(small, edits.display, edits.shown) if shows else small)
    if not kept:
        hoisted = any(index in edits.hoist for index in indices)
        out.comments += [] if hoisted else _worth_keeping(_leading(line))
        return
    kept[-1] = kept[-1].with_changes(semicolon=cst.MaybeSentinel.DEFAULT)
    out.keep(line.with_changes(body=kept))


def _hoist_constant(line: cst.SimpleStatementLine, small: cst.BaseSmallStatement, out: _Out) -> None:
    """Take out `NAME = value`, with its comments where it has the line for itself."""
    if not isinstance(small, cst.Assign) or not isinstance(small.targets[0].target, cst.Name):
        return
    alone = len(line.body) == 1
    lead = [one for one in _leading(line) if one.comment is not None] if alone else []
    plain = small.with_changes(semicolon=cst.MaybeSentinel.DEFAULT)
    out.hoisted[small.targets[0].target.value] = line.with_changes(
        body=[plain],
        leading_lines=lead,
        trailing_whitespace=line.trailing_whitespace if alone else cst.TrailingWhitespace(),
    )


_ABOUT_IMPORTS = re.compile(r"import|librar|package|module|depend", re.I)


def _worth_keeping(lines: Sequence[cst.EmptyLine]) -> list[cst.EmptyLine]:
    """Comments above a statement that went, unless they only announce imports."""
    return [line for line in lines if line.comment is not None and not _ABOUT_IMPORTS.search(line.comment.value)]


def _compound(statement: cst.BaseStatement, index: int, edits: Edits, out: _Out) -> None:
    if index in edits.drop:
        out.comments += _worth_keeping(_leading(statement))
    elif index in edits.hoist and isinstance(statement, cst.FunctionDef | cst.ClassDef):
        lines = [line for line in _leading(statement) if line.comment is not None]
        statement = statement.with_changes(leading_lines=lines)
        if isinstance(statement, cst.FunctionDef):
            statement = _with_parameters(statement, edits.hoist[index])
        out.hoisted[statement.name.value] = statement
    elif index in edits.unwrap and isinstance(statement, cst.If):
        _unwrap(statement, out)
    else:
        out.keep(statement)


def _unwrap(statement: cst.If, out: _Out) -> None:
    """`if __name__ == "__main__":` holds in a notebook: its body, and nothing of `else`."""
    out.comments += _leading(statement)
    if isinstance(statement.body, cst.IndentedBlock):
        for inner in statement.body.body:
            out.keep(inner)
    else:
        out.keep(cst.SimpleStatementLine([s for s in statement.body.body if isinstance(s, cst.BaseSmallStatement)]))


def _leading(statement: cst.BaseStatement) -> list[cst.EmptyLine]:
    return list(getattr(statement, "leading_lines", ()))


def _some_names(statement: cst.BaseSmallStatement, names: frozenset[str]) -> cst.BaseSmallStatement:
    """An import statement with only the aliases that bind one of these names."""
    if not isinstance(statement, cst.Import | cst.ImportFrom) or isinstance(statement.names, cst.ImportStar):
        return statement
    kept = [alias for alias in statement.names if _bound_by(alias) in names]
    kept[-1] = kept[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
    return statement.with_changes(names=kept)


def _bound_by(alias: cst.ImportAlias) -> str:
    if alias.asname is not None and isinstance(alias.asname.name, cst.Name):
        return alias.asname.name.value
    return alias.evaluated_name.partition(".")[0]


def _with_parameters(function: cst.FunctionDef, names: Sequence[str]) -> cst.FunctionDef:
    """The function with these names as further keyword-only parameters."""
    if not names:
        return function
    parameters = function.params
    star = parameters.star_arg
    if isinstance(star, cst.MaybeSentinel):
        star = cst.ParamStar()
    more = [cst.Param(cst.Name(name)) for name in names]
    return function.with_changes(
        params=parameters.with_changes(star_arg=star, kwonly_params=[*parameters.kwonly_params, *more])
    )


def is_main_guard(node: ast.stmt) -> bool:
    """`if __name__ == "__main__":`."""
    return isinstance(node, ast.If) and ast.unparse(node.test) in {
        "__name__ == '__main__'",
        "'__main__' == __name__",
    }


def character_place(cell: CellCode, line: int, column: int) -> Place:
    """An `ast` place (column in bytes) as a LibCST place (column in characters)."""
    text = cell.source.split("\n")[line - 1]
    return line, column if text.isascii() else len(text.encode()[:column].decode(errors="ignore"))

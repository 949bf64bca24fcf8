"""How a cell ends: with a value that it is there to show, or with a call that is made for what it does."""

from __future__ import annotations

import ast

import libcst as cst

from nb_mlops.converter.source import CellCode
from nb_mlops.knowledge import words

# Calls that a notebook ends a cell with for what they do, not for what they return.
_EFFECTS = words(
    "print exec setattr delattr help display fit partial_fit compile append extend insert update sort reverse add"
    " remove clear seed shuffle show savefig close dump save to_csv to_excel to_parquet to_pickle write makedirs mkdir"
    " plot scatter hist bar barh boxplot imshow pie fill_between errorbar contour contourf pcolormesh semilogx semilogy"
    " loglog step stem violinplot set title suptitle xlabel ylabel xlim ylim xticks yticks legend grid colorbar"
    " tight_layout subplots_adjust axhline axvline axis annotate text figure subplot set_title set_xlabel set_ylabel"
    " set_xlim set_ylim set_xticks set_yticks set_xticklabels set_yticklabels tick_params invert_yaxis invert_xaxis"
    " heatmap pairplot lineplot scatterplot barplot histplot countplot distplot kdeplot show_figures shell metric model"
    " filterwarnings simplefilter set_option set_theme set_style sleep check_call run system chdir write_file"
)


# Of these, what also names a function whose result a cell may well be there to show.
_AMBIGUOUS = words(
    "add insert update remove append extend set step text title write save run system fill clear sort reverse compile"
    " display"
)


def displayed(statement: cst.BaseSmallStatement, call: str, shown: bool | None) -> cst.BaseSmallStatement:
    """The last expression of a cell handed to the sink, unless a semicolon, the kind of call, or what the cell was
    seen to show says otherwise."""
    if shown is False or not isinstance(statement, cst.Expr) or isinstance(statement.semicolon, cst.Semicolon):
        return statement
    effects = _EFFECTS - _AMBIGUOUS if shown else _EFFECTS
    value = statement.value
    if isinstance(value, cst.Call):
        name = value.func.attr if isinstance(value.func, cst.Attribute) else value.func
        in_place = any(arg.keyword is not None and arg.keyword.value == "inplace" for arg in value.args)
        if in_place or (isinstance(name, cst.Name) and name.value in effects):
            return statement
    if isinstance(value, cst.Ellipsis | cst.Yield | cst.Await):
        return statement
    if isinstance(value, cst.Tuple | cst.NamedExpr) and not value.lpar:
        value = in_parentheses(value)
    return statement.with_changes(value=cst.Call(cst.parse_expression(call), [cst.Arg(value)]))


def ends_in_effect(cell: CellCode) -> bool:
    """Whether the last expression of a cell is there for what it does, although IPython shows what it returns."""
    last = cell.statements[-1].node if cell.statements else None
    return last is not None and _called(last) in _EFFECTS - _AMBIGUOUS


def _called(node: ast.stmt) -> str:
    """`ylim` where a statement is a call `plt.ylim(...)`."""
    func = node.value.func if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) else None
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")


def only_shows(node: ast.stmt) -> bool:
    """Whether a statement does nothing but show a value: `print`, a metric, an expression that is displayed."""
    if not isinstance(node, ast.Expr):
        return False
    name = _called(node)
    return name in {"print", "display", "metric", "model"} or name not in _EFFECTS


def in_parentheses(value: cst.BaseExpression) -> cst.BaseExpression:
    """The expression in parentheses of its own."""
    return value.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])

"""From a plan to the text of the package's modules: stage functions, hoisted definitions, and the imports they need."""

from __future__ import annotations

import ast
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import libcst as cst

from nb_mlops.converter.edits import effect_imports
from nb_mlops.converter.hints import Hints, for_checkers
from nb_mlops.converter.hoist import Import
from nb_mlops.converter.plan import Level, Plan
from nb_mlops.converter.stage import Stage
from nb_mlops.converter.texts import names_in_text
from nb_mlops.converter.titles import without_number
from nb_mlops.converter.trees import nodes, tree_of

LIBRARY, STATE = "lib", "steps"
_WIDTH = 100
_MOST_OUTPUTS = 6


@dataclass(frozen=True, slots=True)
class Module:
    """One file: its dotted name inside the package, its text, and the names of its functions and classes."""

    name: str
    text: str


def module_of(stage: Stage, plan: Plan) -> str:
    """The module that a stage's function stands in."""
    return STATE if plan.level is Level.MODULE_STATE else stage.module


def code_modules(plan: Plan, hints: Hints) -> tuple[Module, ...]:
    """The modules that hold the author's code."""
    if plan.level is Level.MODULE_STATE:
        return (_state_module(plan),)
    library = _library(plan)
    names = list(dict.fromkeys(stage.module for stage in plan.stages))
    texts = {name: _functions(plan, [s for s in plan.stages if s.module == name], hints) for name in names}
    used = frozenset().union(*(words_of(text) for text in [*texts.values(), library]))
    effects = effect_imports(plan.hoisting, used, plan.replaced)
    modules = []
    for position, name in enumerate(names):
        stages = [stage for stage in plan.stages if stage.module == name]
        about = _about(stages)
        extra = tuple(for_checkers(hints, texts[name]))
        text = _file(plan, about, texts[name], effects if position == 0 else (), name, extra)
        modules.append(Module(name, text))
    if library:
        about = "What the notebook defines for all of its stages."
        modules.append(Module(LIBRARY, _file(plan, about, library, (), LIBRARY)))
    return tuple(modules)


def _about(stages: Sequence[Stage]) -> str:
    titles = [_sentence(stage).rstrip(".") for stage in stages]
    more = f", and {len(titles) - 3} more" if len(titles) > 4 else ""
    if len(titles) == 1:
        return f"A stage of the pipeline: {titles[0]}."
    return f"Stages of the pipeline: {', '.join(titles[:3] if more else titles)}{more}."


def _sentence(stage: Stage) -> str:
    title = without_number(stage.title) or stage.name.replace("_", " ")
    return title[:1].upper() + title[1:]


def _functions(plan: Plan, stages: Sequence[Stage], hints: Hints) -> str:
    parts = []
    for stage in stages:
        if len(stage.outputs) > _MOST_OUTPUTS:
            parts.append(_result_class(stage, hints))
        parts.append(stage_function(stage, plan, hints))
    return "\n\n\n".join(parts) + "\n"


def result_class(stage: Stage) -> str:
    """The name of the NamedTuple that a stage with many outputs returns."""
    return "".join(word.capitalize() for word in stage.name.split("_")) + "Result"


def _result_class(stage: Stage, hints: Hints) -> str:
    known = hints.outputs.get(stage.name, {})
    fields = "\n".join(f"    {name}: {known.get(name) or 'Any'}" for name in stage.outputs)
    return f'class {result_class(stage)}(NamedTuple):\n    """What `{stage.name}` hands on."""\n\n{fields}'


def _library(plan: Plan) -> str:
    text = ""
    constant = True
    for name, definition in plan.hoisting.definitions.items():
        gap = "" if not text else "\n" if constant and definition.constant else "\n\n\n"
        text += gap + _text(plan.library[name].hoisted[name])
        constant = definition.constant
    return text + "\n" if text else ""


def _text(node: cst.BaseStatement) -> str:
    return cst.Module([node]).code.strip("\n")  # type: ignore[list-item]


def _state_module(plan: Plan) -> Module:
    """All stages in one module whose globals are the notebook's variables."""
    parts = []
    if plan.parameters:
        parts.append(_setter(plan))
    library = _library(plan).strip("\n")
    parts += [library] if library else []
    parts += [stage_function(stage, plan, Hints()) for stage in plan.stages]
    body = "\n\n\n".join(parts) + "\n"
    about = (
        "The stages of the notebook. Its variables are this module's globals, because handing them from function to "
        "function would not be provably right here."
    )
    effects = effect_imports(plan.hoisting, words_of(body), plan.replaced)
    return Module(STATE, _file(plan, about, body, effects, STATE, tuple(_bound_when_run(plan))))


def _bound_when_run(plan: Plan) -> Iterable[str]:
    """What stages bind without naming it, for whoever reads the module without running it."""
    lines = [f"    from {module} import *  # noqa: F403" for module in plan.hoisting.stars]
    lines += ["    from typing import Any", ""] if plan.trusted else []
    lines += [f"    {name}: Any = None" for name in plan.trusted]
    if lines:
        yield from ("# Stages bind these when they run.", "if TYPE_CHECKING:", *lines)


def _setter(plan: Plan) -> str:
    names = ", ".join(p.name for p in plan.parameters)
    lines = [f"    {p.name} = config.{p.name}" for p in plan.parameters]
    doc = '    """Give the notebook\'s parameters their values."""'
    return "\n".join(["def set_parameters(config: Config) -> None:", doc, f"    global {names}", *lines])


def stage_function(stage: Stage, plan: Plan, hints: Hints) -> str:
    """The function of a stage: the author's statements between a docstring and a return."""
    frame = cst.ensure_type(cst.parse_statement("\n".join(_frame(stage, plan, hints)) + "\n"), cst.FunctionDef)
    block = cst.ensure_type(frame.body, cst.IndentedBlock)
    closing = 1 if _returns(stage, plan) else 0
    opening = list(block.body[: len(block.body) - closing])
    body: list[cst.BaseStatement] = []
    footer: list[cst.EmptyLine] = []
    for cell, rewritten in zip(stage.cells, stage.bodies, strict=True):
        lead = _between(stage.subtitles.get(cell.index, ""), bool(body) or len(opening) > 1)
        statements = list(rewritten.statements)
        if statements:
            first = statements[0]
            own = _without_edges(list(getattr(first, "leading_lines", ())))
            body.append(first.with_changes(leading_lines=[*lead, *footer, *own]))
            body += [_one_gap(statement) for statement in statements[1:]]
            footer = []
        footer += [line.with_changes(indent=True) for line in rewritten.footer]
    end = list(block.body[len(block.body) - closing :])
    if closing and len(body) > 1:
        end = [end[0].with_changes(leading_lines=[*footer])]
        footer = []
    ids = textwrap.wrap(", ".join(cell.id for cell in stage.cells), _WIDTH - 20, break_on_hyphens=False)
    comments = [cst.EmptyLine(comment=cst.Comment(f"# nbm: cells=[{line.rstrip(',')}]")) for line in ids]
    whole = block.with_changes(body=[*opening, *body, *end], footer=footer)
    return _tidy(_text(frame.with_changes(leading_lines=comments, body=whole)))


def _tidy(text: str) -> str:
    """Code with nothing on its empty lines; what a text holds over several lines stays as it is."""
    lines = text.split("\n")
    blank = [number for number, line in enumerate(lines) if line and not line.strip()]
    inside = _inside_texts(text) if blank and ('"""' in text or "'''" in text or "\\\n" in text) else frozenset()
    for number in blank:
        lines[number] = lines[number] if number in inside else ""
    return "\n".join(lines)


def _inside_texts(text: str) -> frozenset[int]:
    """Lines, from 0, that start inside of a text."""
    texts = (n for n in nodes(tree_of(text)) if isinstance(n, (ast.Constant, ast.JoinedStr)))
    return frozenset(line for n in texts for line in range(n.lineno, n.end_lineno or n.lineno))


def _between(subtitle: str, separated: bool) -> list[cst.EmptyLine]:
    """What stands before a cell's first statement: an empty line, and the heading the author gave it."""
    lines = [cst.EmptyLine(indent=False)] if separated else []
    if subtitle:
        wrapped = textwrap.wrap(subtitle, _WIDTH - 10)
        lines += [cst.EmptyLine(comment=cst.Comment(f"# {part}")) for part in wrapped]
    return lines


def _one_gap(statement: cst.BaseStatement) -> cst.BaseStatement:
    """The statement with at most one empty line before it, which a definition above may have left."""
    lines = list(getattr(statement, "leading_lines", ()))
    kept = [line for i, line in enumerate(lines) if line.comment or i == 0 or lines[i - 1].comment]
    return statement.with_changes(leading_lines=kept)


def _without_edges(lines: list[cst.EmptyLine]) -> list[cst.EmptyLine]:
    while lines and lines[0].comment is None:
        lines.pop(0)
    return lines


def _returns(stage: Stage, plan: Plan) -> bool:
    return bool(stage.outputs) and plan.level is Level.FUNCTIONS


def _frame(stage: Stage, plan: Plan, hints: Hints) -> list[str]:
    """The function's lines around the author's statements."""
    if plan.level is Level.MODULE_STATE:
        head = f"def {stage.name}() -> None:"
        # What the text binds counts, even where no run would: Python takes it for the function's own.
        by_text = {name for cell in stage.cells for s in cell.statements for name in s.bound}
        names = sorted(stage.bound | stage.flow.deletes | (by_text & plan.hoisting.variables))
        listed = textwrap.wrap(", ".join(names), _WIDTH - 12)
        opening = [f"    global {line.rstrip(',')}" for line in listed]
        return [head, *_docstring(stage, plan), *opening]
    many = len(stage.outputs) > _MOST_OUTPUTS
    returns = f" -> {result_class(stage)}" if many else hints.returns(stage.name, stage.outputs)
    parameters = ["*", *(hints.parameter(stage.name, name) for name in stage.inputs)] if stage.inputs else []
    head = f"def {stage.name}({', '.join(parameters)}){returns}:"
    lines = [head] if len(head) <= _WIDTH else _wrapped(f"def {stage.name}(", parameters, f"){returns}:")
    lines += _docstring(stage, plan)
    if stage.shadowed:
        lines.append("    import builtins")
        lines += [f"    {name} = builtins.{name}" for name in stage.shadowed]
    lines += [f"    {name} = None  # until something below binds it" for name in stage.unset]
    if many:
        lines += _wrapped(f"    return {result_class(stage)}(", [f"{n}={n}" for n in stage.outputs], "    )")
    elif stage.outputs:
        lines.append(f"    return {', '.join(stage.outputs)}")
    return lines


def _wrapped(start: str, items: Sequence[str], end: str) -> list[str]:
    indent = " " * (len(start) - len(start.lstrip()) + 4)
    return [start, *(f"{indent}{item}," for item in items), end]


def _docstring(stage: Stage, plan: Plan) -> list[str]:
    title = _sentence(stage)
    first = title if title.endswith((".", "?", "!", ":")) else f"{title}."
    paragraphs = [textwrap.wrap(safe(first), _WIDTH - 8)]
    if stage.prose:
        paragraphs.append(textwrap.wrap(safe(stage.prose), _WIDTH - 4))
    changed = sorted(stage.flow.mutates & set(stage.inputs) - set(stage.outputs))
    if changed and plan.level is Level.FUNCTIONS:
        paragraphs.append(textwrap.wrap(f"Changes in place: {', '.join(changed)}.", _WIDTH - 4))
    if len(paragraphs) == 1 and len(paragraphs[0]) == 1:
        return [f'    """{paragraphs[0][0]}"""']
    text = "\n\n".join("\n".join(f"    {line}" for line in lines) for lines in paragraphs)
    return [f'    """{text.lstrip()}', '    """']


def safe(text: str) -> str:
    """A text that may stand in a docstring."""
    text = text.replace("\\", "\\\\").replace('"""', "'''")
    return text[:-1] + "'" if text.endswith('"') else text


@lru_cache(maxsize=256)
def words_of(text: str) -> frozenset[str]:
    """Names that code mentions."""
    found = set()
    for node in nodes(tree_of(text)):
        if isinstance(node, ast.Name):
            found.add(node.id)
    return frozenset(found) | names_in_text(tree_of(text))


def _file(plan: Plan, about: str, body: str, effects: Sequence[Import], name: str, checked: Sequence[str] = ()) -> str:
    used = words_of(body)
    wanted = [one for n, made in plan.hoisting.imports.items() if n in used for one in made]
    own = [f"from {plan.package} import report" + (f" as {plan.sink}" if plan.sink != "report" else "")]
    lines = [own[0]] if plan.sink in used else []
    if name == STATE and plan.parameters:
        lines.insert(0, f"from {plan.package}.config import Config")
    if name not in (LIBRARY, STATE):
        borrowed = sorted(n for n in plan.hoisting.definitions if n in used)
        lines += from_import(f"{plan.package}.{LIBRARY}", borrowed) if borrowed else []
    if "NamedTuple" in used and "class " in body and any(result_class(s) in used for s in plan.stages):
        wanted += [Import(n, "typing", n) for n in ("Any", "NamedTuple") if n in used]
    if checked:
        wanted.append(Import("TYPE_CHECKING", "typing", "TYPE_CHECKING"))
    # Where variables are the module's, a star import runs in its place: what it brings may hide what was there before.
    stars = () if name == STATE else plan.hoisting.stars
    groups = [*import_groups(wanted, effects), [f"from {m} import *  # noqa: F403" for m in stars], lines]
    futures = [f"from __future__ import {', '.join(plan.hoisting.futures)}"] if plan.hoisting.futures else []
    head = "\n".join(textwrap.wrap(f'"""{safe(about)}"""', _WIDTH))
    blocks = ["\n".join(group) for group in (futures, *groups, checked) if group]
    return "\n\n".join([head, *blocks]) + "\n\n\n" + body


def import_groups(wanted: Iterable[Import], effects: Iterable[Import] = ()) -> list[list[str]]:
    """Import lines, the standard library's and the others', sorted; `effects` are imported for what they do."""
    marks = dict.fromkeys(effects, "  # noqa: F401 - imported for what it does")
    grouped: list[list[str]] = []
    every = [*dict.fromkeys(wanted), *marks]
    for standard in (True, False):
        ours = [one for one in every if (one.module.partition(".")[0] in sys.stdlib_module_names) is standard]
        plain = sorted({_plain_import(one) + marks.get(one, "") for one in ours if not one.attribute}, key=str.lower)
        modules = sorted({one.module for one in ours if one.attribute}, key=str.lower)
        lines = list(plain)
        for module in modules:
            members = [one for one in ours if one.module == module and one.attribute]
            mark = next((marks[one] for one in members if one in marks), "")
            lines += from_import(module, sorted({_member(one) for one in members}), mark)
        grouped.append(lines)
    return grouped


def _plain_import(one: Import) -> str:
    return f"import {one.module}" if one.name == one.module.partition(".")[0] else f"import {one.module} as {one.name}"


def _member(one: Import) -> str:
    return one.attribute if one.attribute == one.name else f"{one.attribute} as {one.name}"


def from_import(module: str, members: Sequence[str], mark: str = "") -> list[str]:
    """`from module import …` on one line where it fits."""
    line = f"from {module} import {', '.join(members)}"
    if len(line) <= _WIDTH:
        return [line + mark]
    return [f"from {module} import ({mark}", *(f"    {member}," for member in members), ")"]


def cell_lines(stage: Stage, text: str) -> Mapping[str, tuple[int, int]]:
    """First and last line of every cell of a stage in its module's text, by cell id."""
    tree = tree_of(text)
    function = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == stage.name)
    counts = [len(tree_of(body.code).body) for body in stage.bodies]
    body = [node for node in function.body if not isinstance(node, ast.Global)]
    tail = 1 if isinstance(body[-1], ast.Return) else 0
    at = len(body) - tail - sum(counts)
    found: dict[str, tuple[int, int]] = {}
    for cell, count in zip(stage.cells, counts, strict=True):
        if count:
            last = body[at + count - 1]
            found[cell.id] = (body[at].lineno, last.end_lineno or last.lineno)
        at += count
    return found

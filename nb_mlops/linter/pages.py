"""The documentation pages of whatever may speak: rules, and what the linter says of itself.

A page that is shown by itself ends with the rule's first examples, those that its tests run, and with what it says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nb_mlops.analysis.sensitive.mask import mask, mask_cell
from nb_mlops.core.exhibit import RuleNote
from nb_mlops.core.notebook import Cell, Notebook, Output, Unreadable
from nb_mlops.core.settings import LintSettings
from nb_mlops.ipynb.read import read
from nb_mlops.linter import engine, foreign, history
from nb_mlops.linter.load import load_rules
from nb_mlops.linter.rule import Example, Rule

# No rules, but they have pages.
OWN = {
    code: RuleNote(code, slug, "warning", page.partition("\n")[0], page)
    for code, slug, page in (
        (engine.CRASHED, engine.CRASHED_SLUG, engine.CRASHED_PAGE),
        (foreign.FAILED, foreign.FAILED_SLUG, foreign.FAILED_PAGE),
        (history.UNKNOWN, history.UNKNOWN_SLUG, history.UNKNOWN_PAGE),
    )
}
_WIDEST = 100
_MOST_LINES = 12
_MOST_OF_AN_OUTPUT = 4


def note_of(code: str) -> RuleNote | None:
    """What there is to say of a rule of ours or of a plug-in's; None for a code that none of them has."""
    rule = load_rules().get(code)
    return OWN.get(code) if rule is None else RuleNote(code, rule.slug, rule.severity.value, rule.summary, rule.page)


def page_with_examples(rule: Rule) -> str:
    """A rule's page in Markdown; without an example where what counts in it cannot be seen."""
    bad, good = rule.bad()[0], rule.good()[0]
    found, left = _drawn(bad), _drawn(good)
    if found == left or not found:
        return rule.page
    parts = [rule.page, "## Example", _fenced(found), *_said(rule, bad)]
    if bad.fixed and not bad.raw and bad.fixed != tuple(cell.source for cell in bad.cells):
        after = tuple(Cell(0, before.kind, source) for before, source in zip(bad.cells, bad.fixed, strict=False))
        parts += ["Mended:", _fenced(_drawn(Example(after)))]
    return "\n\n".join((*parts, f"Left alone{f' ({good.note})' if good.note else ''}:", _fenced(left)))


def _fenced(text: str) -> str:
    return f"```\n{text}\n```"


def _said(rule: Rule, bad: Example) -> Iterator[str]:
    """What the rule says of its example."""
    rules, settings = load_rules(), LintSettings(extend_select=(rule.code,))  # some speak of what others have found
    opened = _opened(bad)
    if isinstance(opened, Notebook):
        result = engine.lint(opened, rules, settings, project=bad.project)
    else:
        result = engine.lint_unreadable(opened, rules, settings)
    messages = [finding.message for finding in result.findings if finding.code == rule.code]
    yield from (f"> {message}" for message in messages[:1])


def _opened(example: Example) -> Notebook | Unreadable:
    return example.notebook if example.cells else read(example.raw, example.path)


def _drawn(example: Example) -> str:
    """An example as a notebook looks; the text of a file that is given as such."""
    if not example.cells:
        lines = example.raw.decode("utf-8", "replace").splitlines()
        return "\n".join(map(_narrow, lines[:_MOST_LINES]))
    named = [] if example.path == "example.ipynb" else [("file", example.path)]
    lines = [_noted(name, value) for name, value in (*named, *example.metadata.items())]
    return "\n".join((*lines, *(line for cell in example.cells for line in _cell(cell))))


def _cell(cell: Cell) -> Iterator[str]:
    count = " " if cell.execution_count is None else cell.execution_count
    prompt = f"In [{count}]: " if cell.is_code else f"{cell.kind.value}: "
    yield from _under(prompt, mask_cell(cell.source).split("\n"), _MOST_LINES)
    for name, value in (*([("id", cell.id)] if cell.id else ()), *cell.metadata.items()):
        yield " " * len(prompt) + _noted(name, value)
    for output in cell.outputs:
        yield from _under(" " * (len(prompt) - 2) + "> ", _text(output), _MOST_OF_AN_OUTPUT)


def _text(output: Output) -> list[str]:
    if output.error is not None:
        return [f"{output.error.name}: {mask(output.error.value)}"]
    shown = output.text or next((value for value in output.data.values() if isinstance(value, str)), "")
    return mask(shown).rstrip("\n").split("\n")


def _noted(name: str, value: object) -> str:
    """What stands beside the cells, or beside the source of one."""
    return _narrow(f"({name}: {mask(value if isinstance(value, str) else repr(value))})")


def _under(prompt: str, lines: Sequence[str], most: int) -> Iterator[str]:
    kept = lines if len(lines) <= most else [*lines[:most], "…"]
    for number, line in enumerate(kept):
        yield (prompt if not number else " " * len(prompt)) + _narrow(line)


def _narrow(line: str) -> str:
    return line if len(line) <= _WIDEST else line[:_WIDEST] + " …"

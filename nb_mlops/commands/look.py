"""The part of `lint` that reads: notebooks that are not known from an earlier run, our rules and ruff over them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from nb_mlops.analysis.view import View
from nb_mlops.core.diagnostic import Diagnostic
from nb_mlops.core.finding import Finding
from nb_mlops.core.notebook import Notebook, Unreadable
from nb_mlops.core.settings import LintSettings
from nb_mlops.ipynb.read import read
from nb_mlops.knowledge.ruff import FAULTS
from nb_mlops.linter import engine, foreign
from nb_mlops.linter.engine import LintResult
from nb_mlops.linter.load import load_rules
from nb_mlops.outside import cache, files, pool, ruff

Told = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Read:
    """What was said about a file, and as what it was read: `before` is None where it could not be read, `digest` its
    content's. `asked` is what is to be known when ruff answers, None where it was not asked."""

    path: str
    result: LintResult
    before: cache.State | None
    digest: str
    asked: foreign.Asked | None = None


def look(paths: Sequence[str], settings: LintSettings, told: Told) -> tuple[tuple[Read, ...], tuple[Finding, ...]]:
    """Every file with what our rules and ruff say of it; and what there is to say about ruff itself.

    `told` hears how many files have been read. Raises SettingsError for a rule that does not exist.
    """
    engine.choose(load_rules(), settings)
    spread = pool.worth_spreading(paths)
    if not foreign.wanted(settings):
        return tuple(_counted(pool.in_order(partial(_read, settings=settings, place=""), paths, spread), told)), ()
    with ruff.folder() as place:
        reads = tuple(_counted(pool.in_order(partial(_read, settings=settings, place=place), paths, spread), told))
        handed = [one.path for one in reads if one.asked]
        answer = ruff.ask(place, handed, FAULTS) if handed else ruff.Answer({})
    if answer.failure:
        return reads, (foreign.failed(handed, answer.failure),)
    said = [(one, answer.said[one.path]) for one in reads if one.path in answer.said]
    many = pool.worth_spreading([one.path for one, _ in said])
    joined = {one.path: one for one in pool.in_order(partial(_joined, settings=settings), said, many)}
    return tuple(joined.get(one.path, one) for one in reads), ()


def _counted(reads: Iterator[Read], told: Told) -> Iterator[Read]:
    for number, one in enumerate(reads, 1):
        told(number)
        yield one


def _read(path: str, settings: LintSettings, place: str) -> Read:
    """One file, whatever it holds; its Python goes to the folder that ruff will read, when there is one."""
    before = cache.state(path)
    try:
        data = files.read_bytes(path)
    except OSError as error:
        return Read(path, engine.lint_unreadable(files.unreadable(path, error), load_rules(), settings), None, "")
    notebook, digest = read(data, path), cache.content(data)
    if isinstance(notebook, Unreadable):
        return Read(path, engine.lint_unreadable(notebook, load_rules(), settings), before, digest)
    view = View(notebook, settings)
    result = _without_edits(engine.lint(notebook, load_rules(), settings, view))
    code = foreign.code_for_ruff(view) if place else ()
    if not code:
        return Read(path, result, before, digest)
    ruff.hand_over(place, path, code)
    return Read(path, result, before, digest, foreign.asked(view))


def _joined(item: tuple[Read, tuple[Diagnostic, ...]], settings: LintSettings) -> Read:
    """What was read, with what ruff said of it; unchanged when the file is no longer the one that ruff read."""
    one, said = item
    try:
        data = files.read_bytes(one.path)
    except OSError:
        return one
    notebook = read(data, one.path) if cache.content(data) == one.digest else None
    if not isinstance(notebook, Notebook) or one.asked is None:
        return one
    found = foreign.findings(notebook, one.asked, said, settings)
    result = _without_edits(engine.with_foreign(notebook, one.result, found, load_rules(), settings))
    return Read(one.path, result, one.before, one.digest)


def _without_edits(result: LintResult) -> LintResult:
    """The findings' fixes are named but not carried along."""
    return LintResult(tuple(map(engine.without_edits, result.findings)), result.suppressed, result.rules)

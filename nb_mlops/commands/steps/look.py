"""The part of `lint` that reads: notebooks that are not known from an earlier run, our rules, ruff and, where it is
wanted, presidio over them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from nb_mlops.analysis.view import View
from nb_mlops.core.diagnostic import Diagnostic, Guess
from nb_mlops.core.notebook import Notebook, Unreadable
from nb_mlops.core.project import Asked
from nb_mlops.core.settings import LintSettings
from nb_mlops.core.value import Struct
from nb_mlops.ipynb.read import read
from nb_mlops.knowledge.ruff import FAULTS, HARMLESS
from nb_mlops.linter import engine, foreign
from nb_mlops.linter.engine import LintResult
from nb_mlops.linter.load import load_rules
from nb_mlops.linter.rule import Rule
from nb_mlops.linter.suppress import suppressions
from nb_mlops.outside import cache, files, pool, project, ruff

Told = Callable[[int], None]


class Read(Struct, frozen=True):
    """What was said about a file, and as what it was read: `before` is None where it could not be read, `digest` its
    content's, where it is to be remembered. `asked` is what is to be known when ruff answers, None where it was not
    asked; `facts` are what the rules asked about the project around it."""

    path: str
    result: LintResult
    before: cache.State | None
    digest: str
    asked: foreign.Asked | None = None
    facts: tuple[Asked, ...] = ()


def look(
    paths: Sequence[str], settings: LintSettings, salt: str, told: Told, remembered: bool = True
) -> tuple[Read, ...]:
    """Every file with what our rules and ruff say of it; with its digest where that is to be `remembered`.

    `told` hears how many files have been read. That ruff did not answer is said of the first notebook it was to read,
    and then none of them is fit to be remembered. Raises SettingsError for a rule that does not exist.
    """
    engine.choose(load_rules(settings), settings)
    spread, lost = pool.worth_spreading(paths), partial(_lost, settings=settings)
    if not foreign.wanted(settings):
        one = partial(_read, settings=settings, salt=salt, place="", remembered=remembered)
        return _with_others(tuple(_counted(pool.in_order(one, paths, spread, lost), told)), {}, settings, salt)
    with ruff.folder() as place:
        one = partial(_read, settings=settings, salt=salt, place=place, remembered=remembered)
        reads = tuple(_counted(pool.in_order(one, paths, spread, lost), told))
        handed = [read.path for read in reads if read.asked]
        answer = ruff.ask(place, handed, FAULTS, HARMLESS) if handed else ruff.Answer({})
    if answer.failure:
        reads = tuple(_unanswered(read, handed, answer.failure) if read.asked else read for read in reads)
    return _with_others(reads, answer.said, settings, salt)


def _with_others(
    reads: tuple[Read, ...], ruffs: Mapping[str, tuple[Diagnostic, ...]], settings: LintSettings, salt: str
) -> tuple[Read, ...]:
    """What was read, with what others say: ruff, by path, and presidio, which is asked here where it is wanted."""
    guesses = _guesses(reads, settings) if settings.personal_engine else {}
    said = [(r, ruffs.get(r.path, ()), guesses.get(r.path, ())) for r in reads if r.path in ruffs or r.path in guesses]
    many = pool.worth_spreading([read.path for read, _, _ in said])
    joined = {r.path: r for r in pool.in_order(partial(_joined, settings=settings, salt=salt), said, many)}
    return tuple(joined.get(read.path, read) for read in reads)


def _guesses(reads: Sequence[Read], settings: LintSettings) -> Mapping[str, tuple[Guess, ...]]:
    """By path, what presidio takes for personal data. It is loaded once, so not asked by several processes."""
    from nb_mlops.linter import second  # most have no second engine
    from nb_mlops.outside import presidio

    found = {}
    for one in reads:
        notebook = _again(one)
        if notebook is not None:
            texts = [segment.text for segment in second.texts(notebook)]
            found[one.path] = presidio.ask(texts, settings.presidio_model)
    return {path: guesses for path, guesses in found.items() if guesses}


def _again(one: Read) -> Notebook | None:
    """The notebook that was read; None where there was none, or the file is no longer the same."""
    now = cache.state(one.path)
    if one.before is None or now is None or now.stat != one.before.stat:
        return None
    try:
        notebook = read(files.read_bytes(one.path), one.path)
    except OSError:
        return None
    return notebook if isinstance(notebook, Notebook) else None


def _unanswered(read: Read, handed: Sequence[str], why: str) -> Read:
    told = (foreign.failed(handed, why),) if read.path == handed[0] else ()
    result = LintResult((*told, *read.result.findings), read.result.suppressed, read.result.rules)
    return Read(read.path, result, None, "")


def _counted(reads: Iterator[Read], told: Told) -> Iterator[Read]:
    for number, one in enumerate(reads, 1):
        told(number)
        yield one


def _read(path: str, settings: LintSettings, salt: str, place: str, remembered: bool) -> Read:
    """One file, whatever it holds; its Python goes to the folder that ruff will read, when there is one."""
    before = cache.state(path)
    try:
        data = files.read_bytes(path)
    except OSError as error:
        return Read(
            path, engine.lint_unreadable(files.unreadable(path, error), load_rules(settings), settings), None, ""
        )
    notebook, digest = read(data, path), cache.content(data) if remembered else ""
    if isinstance(notebook, Unreadable):
        return Read(path, engine.lint_unreadable(notebook, load_rules(settings), settings), before, digest)
    view = View(notebook, settings, project.around(path))
    result = _without_edits(engine.lint(notebook, _rules(notebook, settings), settings, salt, view))
    facts = view.project.asked
    code = foreign.code_for_ruff(view) if place else ()
    if not code:
        return Read(path, result, before, digest, facts=facts)
    ruff.hand_over(place, path, code)
    return Read(path, result, before, digest, foreign.asked(view), facts)


def _rules(notebook: Notebook, settings: LintSettings) -> Mapping[str, Rule]:
    """The rules that may speak; a suppression may name any other."""
    return load_rules(None if suppressions(notebook) else settings)


def _lost(path: str, settings: LintSettings) -> Read:
    """A file that ended the process that read it, alone and a second time."""
    why = "The process that read it was ended by the system, most likely for want of memory."
    gone = Unreadable(path, "too-large", why)
    return Read(path, engine.lint_unreadable(gone, load_rules(settings), settings), None, "")


def _joined(item: tuple[Read, tuple[Diagnostic, ...], tuple[Guess, ...]], settings: LintSettings, salt: str) -> Read:
    """What was read, with what others said of it; unchanged when the file is no longer the one that they read."""
    one, said, guesses = item
    notebook = _again(one)
    if notebook is None:
        return one
    found = foreign.findings(notebook, one.asked, said, settings, salt) if one.asked else ()
    rules = _rules(notebook, settings)
    if guesses:
        from nb_mlops.linter import second

        found = (*found, *second.findings(notebook, guesses, rules, settings, salt))
    around = project.around(one.path)
    result = _without_edits(engine.with_foreign(notebook, one.result, found, rules, settings, salt, around))
    return Read(one.path, result, one.before, one.digest, facts=one.facts)


def _without_edits(result: LintResult) -> LintResult:
    """The findings' fixes are named but not carried along."""
    return LintResult(tuple(map(engine.without_edits, result.findings)), result.suppressed, result.rules)

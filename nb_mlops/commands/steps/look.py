"""The part of `lint` that reads: notebooks that are not known from an earlier run, our rules, ruff and, where it is
wanted, presidio over them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from nb_mlops.analysis.lines import forget_lines
from nb_mlops.analysis.view import View
from nb_mlops.core.diagnostic import Guess
from nb_mlops.core.finding import Finding
from nb_mlops.core.notebook import Notebook, Unreadable
from nb_mlops.core.project import Asked
from nb_mlops.core.settings import LintSettings
from nb_mlops.core.value import Struct
from nb_mlops.ipynb.read import read
from nb_mlops.knowledge.ruff import FAULTS, HARMLESS
from nb_mlops.linter import engine, foreign
from nb_mlops.linter.engine import LintResult
from nb_mlops.linter.load import import_all, load_rules
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


class _Said(Struct, frozen=True):
    """What others said of a file, for whoever joins it to what was read."""

    path: str
    before: cache.State | None
    asked: foreign.Asked | None
    ruffs: ruff.Words | None
    guesses: tuple[Guess, ...]


class _Joined(Struct, frozen=True):
    """What others found in a file; `whole` is everything there is to say of it where that had to be judged together."""

    found: tuple[Finding, ...] = ()
    whole: LintResult | None = None


def look(
    paths: Sequence[str], settings: LintSettings, salt: str, told: Told, remembered: bool = True
) -> tuple[Read, ...]:
    """Every file with what our rules and ruff say of it; with its digest where that is to be `remembered`.

    `told` hears how many files have been read. That ruff did not answer is said of the first notebook it was to read,
    and then none of them is fit to be remembered. Raises SettingsError for a rule that does not exist.
    """
    chosen = engine.choose(load_rules(), settings)
    spread, lost = pool.worth_spreading(paths), partial(_lost, settings=settings)
    if spread:
        import_all(chosen.values())
    if not foreign.wanted(settings):
        one = partial(_read, settings=settings, salt=salt, place="", remembered=remembered)
        return _with_others(list(_counted(pool.in_order(one, paths, spread, lost), told)), {}, settings, salt)
    with ruff.folder() as place:
        one = partial(_read, settings=settings, salt=salt, place=place, remembered=remembered)
        reads = list(_counted(pool.in_order(one, paths, spread, lost), told))
        handed = [read.path for read in reads if read.asked]
        answer = ruff.write(place, handed, FAULTS, HARMLESS) if handed else ruff.Written({})
        if answer.failure:
            reads = [_unanswered(read, handed, answer.failure) if read.asked else read for read in reads]
        return _with_others(reads, answer.said, settings, salt)


def _with_others(
    reads: list[Read], ruffs: Mapping[str, ruff.Words], settings: LintSettings, salt: str
) -> tuple[Read, ...]:
    """What was read, with what others say: ruff, by path, and presidio, which is asked here where it is wanted."""
    guesses = _guesses(reads, settings) if settings.personal_engine else {}
    places = [place for place, one in enumerate(reads) if one.path in ruffs or one.path in guesses]
    said = [_said(reads[place], ruffs, guesses) for place in places]
    join = partial(_joined, settings=settings, salt=salt)
    joined = pool.in_order(join, said, pool.worth_spreading([one.path for one in said]))
    for place, one in zip(places, joined, strict=True):
        reads[place] = _with(reads[place], one)
    return tuple(reads)


def _said(read: Read, ruffs: Mapping[str, ruff.Words], guesses: Mapping[str, tuple[Guess, ...]]) -> _Said:
    return _Said(read.path, read.before, read.asked, ruffs.get(read.path), guesses.get(read.path, ()))


def _guesses(reads: Sequence[Read], settings: LintSettings) -> Mapping[str, tuple[Guess, ...]]:
    """By path, what presidio takes for personal data. It is loaded once, so not asked by several processes."""
    from nb_mlops.linter import second  # most have no second engine
    from nb_mlops.outside import presidio

    found = {}
    for one in reads:
        notebook = _again(one.path, one.before)
        if notebook is not None:
            texts = [segment.text for segment in second.texts(notebook)]
            found[one.path] = presidio.ask(texts, settings.presidio_model)
    return {path: guesses for path, guesses in found.items() if guesses}


def _again(path: str, before: cache.State | None) -> Notebook | None:
    """The notebook that was read; None where there was none, or the file is no longer the same."""
    now = cache.state(path)
    if before is None or now is None or now.stat != before.stat:
        return None
    try:
        notebook = read(files.read_bytes(path), path)
    except OSError:
        return None
    return notebook if isinstance(notebook, Notebook) else None


def _unanswered(read: Read, handed: Sequence[str], why: str) -> Read:
    told = (foreign.failed(handed, why),) if read.path == handed[0] else ()
    result = LintResult((*told, *read.result.findings), read.result.suppressed)
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
        return Read(path, engine.lint_unreadable(files.unreadable(path, error), load_rules(), settings), None, "")
    notebook, digest = read(data, path), cache.content(data) if remembered else ""
    if isinstance(notebook, Unreadable):
        return Read(path, engine.lint_unreadable(notebook, load_rules(), settings), before, digest)
    view = View(notebook, settings, project.around(path))
    result = _to_be_told(engine.lint(notebook, load_rules(), settings, salt, view))
    forget_lines()
    facts = view.project.asked
    code = foreign.code_for_ruff(view) if place else ()
    if not code:
        return Read(path, result, before, digest, facts=facts)
    ruff.hand_over(place, path, code)
    return Read(path, result, before, digest, foreign.asked(view), facts)


def _lost(path: str, settings: LintSettings) -> Read:
    """A file that ended the process that read it, alone and a second time."""
    why = "The process that read it was ended by the system, most likely for want of memory."
    gone = Unreadable(path, "too-large", why)
    return Read(path, engine.lint_unreadable(gone, load_rules(), settings), None, "")


def _joined(said: _Said, settings: LintSettings, salt: str) -> _Joined:
    """What others said of a file, as findings; nothing when the file is no longer the one that they read."""
    notebook = _again(said.path, said.before)
    if notebook is None:
        return _Joined()
    words = said.ruffs.read() if said.ruffs else ()
    found = foreign.findings(notebook, said.asked, words, settings, salt) if said.asked else ()
    rules = load_rules()
    if said.guesses:
        from nb_mlops.linter import second

        found = (*found, *second.findings(notebook, said.guesses, rules, settings, salt))
    if found and suppressions(notebook):
        around = project.around(said.path)
        whole = engine.lint(notebook, rules, settings, salt, foreign=found, project=around)
        return _Joined(whole=_to_be_told(whole))
    return _Joined(tuple(map(engine.without_edits, found)))


def _with(read: Read, joined: _Joined) -> Read:
    result = joined.whole or engine.together(read.result, joined.found)
    return Read(read.path, result, read.before, read.digest, facts=read.facts)


def _to_be_told(result: LintResult) -> LintResult:
    """The findings, their fixes named but not carried along; nobody who tells them asks which rules ran."""
    return LintResult(tuple(map(engine.without_edits, result.findings)), result.suppressed)

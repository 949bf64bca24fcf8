"""`fix`: mend what the rules can mend, notebook by notebook, and leave the rest as it is to the byte."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from nb_mlops.analysis.view import View
from nb_mlops.core.diagnostic import Diagnostic
from nb_mlops.core.errors import NbMlopsError
from nb_mlops.core.finding import Finding, Report
from nb_mlops.core.notebook import Notebook, Unreadable
from nb_mlops.core.settings import LintSettings, Settings
from nb_mlops.core.value import Struct, field, replace
from nb_mlops.ipynb.read import read
from nb_mlops.ipynb.write import write_checked
from nb_mlops.knowledge.ruff import FAULTS, HARMLESS
from nb_mlops.linter import baseline as lines
from nb_mlops.linter import engine, foreign
from nb_mlops.linter.baseline import Baseline
from nb_mlops.linter.difference import difference
from nb_mlops.linter.engine import LintResult
from nb_mlops.linter.load import load_rules
from nb_mlops.linter.repair import repair
from nb_mlops.linter.rule import Rule
from nb_mlops.outside import baseline_file, discovery, files, project, ruff, settings_file
from nb_mlops.outside.writing import write_atomic

# Ruff's fixes that touch each other are applied one after the other; more rounds than this mean that two disagree.
_ROUNDS = 10


class FixedFile(Struct, frozen=True):
    """What was done to one file. `diff` is what changed (or would), fit to be shown; `skipped` says why nothing was."""

    path: str
    fixed: tuple[Finding, ...] = ()
    left: LintResult = field(default_factory=LintResult)
    diff: str = ""
    skipped: str = ""
    baselined: int = 0


class FixReport(Struct, frozen=True):
    """All files, in the order they were found."""

    files: tuple[FixedFile, ...] = ()

    @property
    def left(self) -> Report:
        """What is left to mend by hand."""
        findings = tuple(finding for file in self.files for finding in file.left.findings)
        suppressed = sum(file.left.suppressed for file in self.files)
        return Report(findings, suppressed, len(self.files), sum(file.baselined for file in self.files))


def fix(
    paths: Sequence[str] | str = (".",),
    settings: Settings | None = None,
    unsafe: bool = False,
    dry: bool = False,
    only: Sequence[str] = (),
) -> FixReport:
    """Mend the notebooks that `paths` name; with `dry` nothing is written.

    Only safe fixes are applied, ruff's among them; with `unsafe` also those that may change what a notebook computes.
    With `only`, the rules that are on and not among these codes or prefixes do not count, nor does ruff. A file is
    replaced as one step, and only when the mended bytes read back as a notebook. Of what is left, findings in the
    project's baseline are only counted.
    """
    known = settings or settings_file.load_settings(".")[0]
    found = discovery.discover([paths] if isinstance(paths, str) else paths, known.lint.exclude)
    rules, lint = load_rules(), known.lint
    if only:
        rules, lint = engine.narrowed(rules, lint, only)
    engine.choose(rules, lint)
    place = baseline_file.in_force(known.lint.baseline, None)
    accepted = lines.parse(place.read(), place.shown) if place else Baseline()
    said = _ask((one for one in map(_read, found) if isinstance(one, Notebook)), lint)
    done = []
    for path in found:
        file = _fix_file(path, rules, lint, unsafe, dry, accepted.salt, said.get(path))
        new, old = accepted.split(place.name_of(path) if place else path, file.left.findings)
        done.append(replace(file, left=replace(file.left, findings=new), baselined=len(old)))
    return FixReport(tuple(done))


class _Said(Struct, frozen=True):
    """What ruff said of a notebook as it stands; `failed` that it said nothing, told of the first one asked about."""

    asked: foreign.Asked
    diagnostics: tuple[Diagnostic, ...] = ()
    failed: tuple[Finding, ...] = ()


def _ask(notebooks: Iterable[Notebook], settings: LintSettings) -> Mapping[str, _Said]:
    """By path, what ruff says of notebooks with Python in them; one process for all."""
    if not foreign.wanted(settings):
        return {}
    with ruff.folder() as place:
        asked: dict[str, foreign.Asked] = {}
        for notebook in notebooks:
            view = View(notebook, settings)
            code = foreign.code_for_ruff(view)
            if code:
                ruff.hand_over(place, notebook.path, code)
                asked[notebook.path] = foreign.asked(view)
        answer = ruff.ask(place, list(asked), FAULTS, HARMLESS) if asked else ruff.Answer({})
    if answer.failure:
        first = next(iter(asked))
        return {first: _Said(asked[first], (), (foreign.failed(list(asked), answer.failure),))}
    return {path: _Said(asked[path], said) for path, said in answer.said.items()}


def _fix_file(
    path: str,
    rules: Mapping[str, Rule],
    settings: LintSettings,
    unsafe: bool,
    dry: bool,
    salt: str,
    said: _Said | None,
) -> FixedFile:
    notebook = _read(path)
    if isinstance(notebook, Unreadable):
        return FixedFile(path, left=engine.lint_unreadable(notebook, rules, settings), skipped="not a notebook")
    around = project.around(path)
    fixed: list[Finding] = []
    mended = notebook
    for _ in range(_ROUNDS):
        found = _ruffs(mended, said, settings, salt)
        done = repair(mended, rules, settings, unsafe, salt, found, around)
        fixed.extend(done.fixed)
        mended = done.notebook
        if not done.fixed or said is None:
            break
        said = _ask((mended,), settings).get(path)  # what it said was about the notebook as it was
    if not fixed:
        return FixedFile(path, left=done.left)
    try:
        _replace(path, notebook, mended, dry)
    except NbMlopsError as error:
        return FixedFile(path, left=engine.lint(notebook, rules, settings, salt, project=around), skipped=str(error))
    return FixedFile(path, tuple(fixed), done.left, difference(notebook, mended) if dry else "")


def _ruffs(notebook: Notebook, said: _Said | None, settings: LintSettings, salt: str) -> tuple[Finding, ...]:
    if said is None:
        return ()
    return (*said.failed, *foreign.findings(notebook, said.asked, said.diagnostics, settings, salt))


def _replace(path: str, before: Notebook, after: Notebook, dry: bool) -> None:
    mended = write_checked(after)
    if not dry and mended != before.raw:
        write_atomic(path, mended)


def _read(path: str) -> Notebook | Unreadable:
    try:
        return read(files.read_bytes(path), path)
    except OSError as error:
        return files.unreadable(path, error)

"""A notebook that is open and not saved: what there is to say of it, and what mends or silences a finding in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from nb_mlops import fixer
from nb_mlops.analysis.graph import graph
from nb_mlops.analysis.memory import Memory
from nb_mlops.analysis.view import View
from nb_mlops.core.diagnostic import Diagnostic
from nb_mlops.core.errors import UsageError
from nb_mlops.core.finding import Finding, Report
from nb_mlops.core.graph import Graph
from nb_mlops.core.notebook import Notebook
from nb_mlops.core.settings import LintSettings
from nb_mlops.evidence.digest import notebook_digest
from nb_mlops.ipynb import live
from nb_mlops.knowledge.ruff import FAULTS, HARMLESS
from nb_mlops.linter import baseline as lines
from nb_mlops.linter import engine, foreign
from nb_mlops.linter.difference import difference
from nb_mlops.linter.engine import LintResult
from nb_mlops.linter.load import load_rules
from nb_mlops.linter.repair import repair
from nb_mlops.linter.silence import silence
from nb_mlops.outside import baseline_file, cache, project, ruff, settings_file

Document = Mapping[str, Any]
Blob = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Look:
    """What there is to say of an open notebook, which of its cells depend on which, and the digest that evidence would
    name its content by."""

    report: Report
    graph: Graph
    content: str


@dataclass(frozen=True, slots=True)
class Mended:
    """What a change would do: edits for the editor (see ipynb.live), a diff fit to be shown, and what it mends."""

    edits: Mapping[str, Any]
    diff: str
    fixed: tuple[Finding, ...]


def tokens(document: Document) -> tuple[str, ...]:
    """What a document stands on that may have been sent before. Raises UsageError."""
    try:
        return live.tokens(document)
    except live.NotADocumentError as error:
        raise UsageError(f"This is not a notebook as an editor holds it: {error}.") from error


def kept(value: Any) -> Any:
    """What was sent once as it is kept, so that it need not be understood again."""
    return live.blob_of(value)


def look_at(document: Document, path: str, blob: Blob) -> Look:
    """What lint says of the notebook as it stands in the editor, under the settings and the baseline of its project."""
    notebook, settings = _open(document, path, blob)
    place = baseline_file.of_project(path, settings.baseline)
    accepted = lines.parse(place.read(), place.shown) if place else lines.Baseline()
    view, result = _lint(notebook, settings, accepted.salt)
    name = place.name_of(path) if place else path
    new, old = accepted.split(name, tuple(map(engine.without_edits, result.findings)))
    return Look(Report(new, result.suppressed, 1, len(old)), graph(view), notebook_digest(notebook))


def graph_of(document: Document, path: str, blob: Blob) -> Graph:
    """Which cells depend on which."""
    notebook, settings = _open(document, path, blob)
    return graph(View(notebook, settings, memory=_memory_of(notebook.path)))


def mend(document: Document, path: str, blob: Blob, fingerprints: Sequence[str] = (), unsafe: bool = False) -> Mended:
    """What mends these findings, or with none named, all that is safe to mend. Nothing is changed here.

    An unsafe fix is made with `unsafe` only. Raises UsageError when nothing that is named can be mended.
    """
    notebook, settings = _open(document, path, blob)
    if not fingerprints:
        done = repair(notebook, load_rules(), settings, unsafe, project=project.around(notebook.path))
        return _mended(notebook, done.notebook, done.fixed)
    found = engine.lint(notebook, load_rules(), settings, project=project.around(notebook.path)).findings
    wanted = [finding for finding in found if finding.fingerprint in fingerprints and finding.fix is not None]
    changed, applied = fixer.apply(notebook, [f.fix for f in wanted if f.fix], unsafe)
    if not applied:
        raise UsageError("This can no longer be mended: the notebook has changed.", "Look at the findings again.")
    ids = {id(fix) for fix in applied}
    return _mended(notebook, changed, tuple(finding for finding in wanted if id(finding.fix) in ids))


def ignore(
    document: Document, path: str, blob: Blob, fingerprints: Sequence[str], reason: str, whole_cell: bool = False
) -> Mended:
    """What silences these findings, for a reason that stands where it is silenced. Nothing is changed here."""
    if not reason.strip():
        raise UsageError("A finding is ignored for a reason.", "Say why it is known and meant.")
    notebook, settings = _open(document, path, blob)
    found = _lint(notebook, settings, "")[1].findings
    wanted = [finding for finding in found if finding.fingerprint in fingerprints]
    changed, applied = fixer.apply(notebook, [silence(notebook, wanted, reason, whole_cell)]) if wanted else ((), ())
    if not applied or not isinstance(changed, Notebook):
        raise UsageError("There is no such finding any more: the notebook has changed.", "Look at the findings again.")
    return _mended(notebook, changed, tuple(wanted))


def _open(document: Document, path: str, blob: Blob) -> tuple[Notebook, LintSettings]:
    try:
        return live.notebook_of(document, path, blob), settings_file.load_settings(path)[0].lint
    except live.NotADocumentError as error:
        raise UsageError(f"This is not a notebook as an editor holds it: {error}.") from error


def _mended(before: Notebook, after: Notebook, fixed: tuple[Finding, ...]) -> Mended:
    return Mended(live.changes(before, after), difference(before, after), tuple(map(engine.without_edits, fixed)))


def _lint(notebook: Notebook, settings: LintSettings, salt: str) -> tuple[View, LintResult]:
    view = View(notebook, settings, project.around(notebook.path), _memory_of(notebook.path))
    code = foreign.code_for_ruff(view) if foreign.wanted(settings) else ()
    if not code:
        return view, engine.lint(notebook, load_rules(), settings, salt, view)
    circumstances = tuple(ruff.digests([notebook.path], cache.digest_of).values())
    asked = _beside.submit(_ask_ruff, notebook.path, code, circumstances)
    result = engine.lint(notebook, load_rules(), settings, salt, view)
    answer = asked.result()
    if answer.failure:
        told = foreign.failed([notebook.path], answer.failure)
        return view, LintResult((told, *result.findings), result.suppressed, result.rules)
    said: tuple[Diagnostic, ...] = answer.said.get(notebook.path, ())
    found = foreign.findings(notebook, foreign.asked(view), said, settings, salt)
    return view, engine.with_foreign(notebook, result, found, load_rules(), settings, salt, view.project)


# Ruff is a process of its own: it reads while the rules do.
_beside = ThreadPoolExecutor(1, thread_name_prefix="nb-mlops-ruff")


@lru_cache(maxsize=8)
def _memory_of(path: str) -> Memory:
    """What is known of the notebook from the last look at it."""
    return Memory()


@lru_cache(maxsize=64)
def _ask_ruff(path: str, code: tuple[str, ...], circumstances: tuple[str, ...]) -> ruff.Answer:
    """What ruff says of this code; the same question is not asked twice."""
    with ruff.folder() as place:
        ruff.hand_over(place, path, code)
        return ruff.ask(place, [path], FAULTS, HARMLESS)

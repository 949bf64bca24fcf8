"""Runs rules over one notebook. A rule that crashes is a finding; a file that is no notebook is a finding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import PurePath
from types import MappingProxyType, TracebackType
from typing import Any

from nb_mlops.analysis.lines import lines_of
from nb_mlops.analysis.sensitive.mask import cover
from nb_mlops.analysis.view import View
from nb_mlops.core.errors import SettingsError
from nb_mlops.core.finding import CellRef, Finding, Severity
from nb_mlops.core.lazy import pattern
from nb_mlops.core.notebook import Notebook, Span, Unreadable
from nb_mlops.core.project import Project
from nb_mlops.core.settings import LintSettings
from nb_mlops.core.settings.lint import ALL
from nb_mlops.core.value import Struct, replace
from nb_mlops.knowledge.ruff import is_ruffs
from nb_mlops.linter.identity import Identity, digest
from nb_mlops.linter.rule import Hit, Rule
from nb_mlops.linter.suppress import apply, judge, suppressions

CRASHED = "NB001"
CRASHED_SLUG = "rule-crashed"
CRASHED_PAGE = """A rule crashed on this notebook and judged nothing in it.

## What it does

An error inside a rule, one of ours or a plug-in's. The other rules went on.

## Why is this bad?

What this rule would have found in this notebook is not known: no finding of it is no all-clear.

## What to do

Report it with the rule's code and the place in its file, or leave the rule out with `--ignore` until it is mended."""

# A longer line is shown around the place that is meant.
_WIDEST = 160
# Half surrogate pairs, which JSON can hold and no encoding can write; signs that steer a terminal, or turn text round.
_UNSAYABLE = pattern("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class LintResult(Struct, frozen=True):
    """What the rules have to say about one file, in reading order, how much of it was silenced, and which rules ran."""

    findings: tuple[Finding, ...] = ()
    suppressed: int = 0
    rules: tuple[str, ...] = ()


def choose(rules: Mapping[str, Rule], settings: LintSettings) -> dict[str, Rule]:
    """The rules that the settings select. Raises SettingsError for a code that no rule has, neither ours nor ruff's."""
    global _last
    before, same, chosen = _last
    if before is not rules or same is not settings:
        codes = _chosen(rules.values(), settings.select, settings.extend_select, settings.ignore)
        if isinstance(codes, str):
            raise _unknown(codes, rules)
        chosen = {code: rule for code, rule in rules.items() if rule.code in codes}
        _last = rules, settings, chosen
    return dict(chosen)


# What was chosen last: each notebook asks anew, of the very same rules by the very same settings.
_last: tuple[Mapping[str, Rule] | None, LintSettings | None, Mapping[str, Rule]] = (None, None, {})


def _chosen(
    rules: Iterable[Rule], select: tuple[str, ...], more: tuple[str, ...], ignore: tuple[str, ...]
) -> frozenset[str] | str:
    """The codes that are selected; or what names no rule."""

    def means(specs: tuple[str, ...], code: str, slug: str) -> bool:
        return code.startswith(_beginnings(specs)) or slug in specs

    for spec in (*select, *more, *ignore):
        if not is_ruffs(spec.upper()) and not any(means((spec,), rule.code, rule.slug) for rule in rules):
            return spec
    return frozenset(
        rule.code
        for rule in rules
        if ((rule.default and not select) or means((*select, *more), rule.code, rule.slug))
        and not means(ignore, rule.code, rule.slug)
    )


def asked(rules: Mapping[str, Rule], settings: LintSettings) -> frozenset[str]:
    """The codes of all rules that may speak: those that are selected, and those about files that are no notebooks."""
    ignored = _meant_by(*settings.ignore)
    about_files = {code for code, rule in rules.items() if rule.check_file and not ignored(rule)}
    return frozenset(choose(rules, settings)) | about_files


def narrowed(
    rules: Mapping[str, Rule], settings: LintSettings, only: Sequence[str]
) -> tuple[dict[str, Rule], LintSettings]:
    """Of the rules that the settings select, those that `only` means, and settings that select exactly these.

    Raises SettingsError for a code that no rule has.
    """
    for spec in only:
        if not any(map(_meant_by(spec), rules.values())):
            raise _unknown(spec, rules)
    wanted = _meant_by(*only)
    meant = {code: rule for code, rule in choose(rules, settings).items() if wanted(rule)}
    return meant, replace(settings, select=(), extend_select=tuple(meant), ignore=(), ruff=False)


def _beginnings(specs: Iterable[str]) -> tuple[str, ...]:
    """What the codes that are meant begin with; every code, where all are meant."""
    return tuple("" if spec.upper() == ALL else spec.upper() for spec in specs if spec)


def _meant_by(*specs: str) -> Callable[[Rule], bool]:
    """Whether one of the specs means a rule: a spec is a code, the beginning of one, or a slug."""
    codes, slugs = _beginnings(specs), frozenset(specs)
    return lambda rule: rule.code.startswith(codes) or rule.slug in slugs


def _unknown(spec: str, rules: Mapping[str, Rule]) -> SettingsError:
    import difflib  # most runs make no mistake

    names = {*rules, *(rule.slug for rule in rules.values()), *(code[:2] for code in rules)}
    near = difflib.get_close_matches(spec.upper(), sorted(names), n=1) or difflib.get_close_matches(
        spec.lower(), sorted(names), n=1
    )
    hint = f"Did you mean `{near[0]}`? " if near else ""
    return SettingsError(f"No rule has the code `{spec}`.", f"{hint}`nb-mlops rules` lists all of them.")


def lint(
    notebook: Notebook,
    rules: Mapping[str, Rule],
    settings: LintSettings,
    salt: str = "",
    view: View | None = None,
    foreign: Sequence[Finding] = (),
    project: Project | None = None,
) -> LintResult:
    """What the selected rules find in a notebook, and others found (`foreign`), less what the notebook itself silences.

    `salt` keys the hashes of secrets in the findings' baseline keys; without it secrets are not told apart there. A
    caller who wants more of the notebook hands in its `view`, so that nothing is worked out twice; any other may hand
    in the `project` that rules ask about what lies around it.
    """
    view = view or View(notebook, settings, project)
    identity = Identity(notebook, salt, view)
    chosen = _applying(choose(rules, settings), notebook)
    found = list(foreign)
    hits: dict[str, tuple[Hit, ...]] = {}
    ran: set[str] = set()
    for code, rule in chosen.items():
        if rule.check is None:
            continue
        try:
            hits[code] = tuple(rule.look(view))
        except Exception as error:
            found.append(crash(rule, notebook.path, error))
    identity.expect(hit for some in hits.values() for hit in some)
    for code, some in hits.items():
        try:
            if some:
                found.extend(findings_of(notebook, identity, chosen[code], some))
            ran.add(code)
        except Exception as error:
            found.append(crash(chosen[code], notebook.path, error))
    given = suppressions(notebook)
    kept, silenced, used = apply(found, given)
    if given:
        default = {code for code, rule in _applying(rules, notebook).items() if rule.default and rule.check}
        # Whether ruff was asked for a code is not known here, so one of its own is never called unused.
        known = frozenset(rules) | {one.code for one in given if is_ruffs(one.code)}
        judged = judge(given, used, frozenset(ran), known, all_ran=default <= ran)
        for rule in chosen.values():
            if rule.check_suppressions is not None:
                kept = (*kept, *findings_of(notebook, identity, rule, tuple(rule.check_suppressions(judged))))
    findings = tuple(sorted(kept, key=lambda finding: finding.sort_key))
    return LintResult(findings, len(silenced), tuple(sorted(ran)))


def with_foreign(
    notebook: Notebook,
    result: LintResult,
    foreign: Sequence[Finding],
    rules: Mapping[str, Rule],
    settings: LintSettings,
    salt: str = "",
    project: Project | None = None,
) -> LintResult:
    """The result of a notebook with what others found in it; where it silences anything, all is judged together."""
    if not foreign:
        return result
    if suppressions(notebook):
        return lint(notebook, rules, settings, salt, foreign=foreign, project=project)
    return together(result, foreign)


def together(result: LintResult, foreign: Sequence[Finding]) -> LintResult:
    """The result of a notebook that silences nothing, with what others found in it."""
    findings = sorted((*result.findings, *foreign), key=lambda finding: finding.sort_key)
    return LintResult(tuple(findings), result.suppressed, result.rules)


def _applying(rules: Mapping[str, Rule], notebook: Notebook) -> Mapping[str, Rule]:
    """The rules that there is any sense in asking about the notebook."""
    if notebook.is_python:
        return rules
    return {code: rule for code, rule in rules.items() if rule.every_language}


def lint_unreadable(unreadable: Unreadable, rules: Mapping[str, Rule], settings: LintSettings) -> LintResult:
    """What there is to say about a file that is no notebook.

    These rules speak even where others were selected, unless they are ignored by name: a file that nobody could look
    into must not pass for one without findings.
    """
    choose(rules, settings)
    ignored, findings = _meant_by(*settings.ignore), []
    for rule in rules.values():
        if rule.check_file is None or ignored(rule):
            continue
        try:
            for hit in list(rule.check_file(unreadable)):
                print_of = digest(rule.code, unreadable.reason, "0")
                findings.append(_finding(rule, hit, unreadable.path, None, print_of, hit.data, print_of))
        except Exception as error:
            findings.append(crash(rule, unreadable.path, error))
    return LintResult(tuple(sorted(findings, key=lambda f: f.sort_key)))


def findings_of(notebook: Notebook, identity: Identity, rule: Rule, hits: Sequence[Hit]) -> tuple[Finding, ...]:
    """A rule's hits as findings, in reading order, each with its fingerprint and the line it is about."""
    seen: dict[str, int] = {}
    findings = []
    for hit in sorted(hits, key=lambda hit: _finding(rule, hit, "", None).sort_key) if hits[1:] else hits:
        cell = None if hit.span.cell is None else notebook.cells[hit.span.cell]
        where = identity.place(rule, hit)
        number = seen[where] = seen.get(where, -1) + 1
        fingerprint = digest(rule.code, where, str(number))
        shown = _excerpt(identity, cell.source, rule, hit) if cell and hit.span.part == "source" else {}
        ref = None if cell is None else CellRef.of(cell)
        key = identity.baseline_key(rule, hit, where)
        findings.append(_finding(rule, hit, notebook.path, ref, fingerprint, {**hit.data, **shown}, key))
    return tuple(findings)


def _finding(
    rule: Rule,
    hit: Hit,
    path: str,
    ref: CellRef | None,
    fingerprint: str = "",
    data: Mapping[str, Any] = MappingProxyType({}),
    key: str = "",
) -> Finding:
    return Finding(
        rule.code,
        rule.slug,
        hit.severity or rule.severity,
        _sayable(hit.message),
        path,
        hit.confidence or rule.confidence,
        hit.span,
        ref,
        fingerprint,
        hit.fix,
        hit.related,
        data,
        key,
    )


def _sayable(text: str) -> str:
    """The text as it can be shown anywhere: what must not be written stands there as `�`."""
    return text if text.isprintable() else _UNSAYABLE.sub("\ufffd", text)


def _excerpt(identity: Identity, source: str, rule: Rule, hit: Hit) -> dict[str, Any]:
    """The line a finding is about, fit to be shown, and the columns that are meant."""
    number = hit.span.start.line
    if not 0 < number <= len(lines_of(source)):
        return {}
    line = identity.line(source, number - 1)
    start = hit.span.start.column
    end = hit.span.end.column if hit.span.end.line == number else len(line)
    cut = max(0, min(start - _WIDEST // 4, len(line) - _WIDEST))
    line = line[cut : cut + _WIDEST]
    if rule.sensitive:
        same = (r.span for r in hit.related if r.span.cell == hit.span.cell and r.span.part == "source")
        line = cover(line, (_within(span, number, cut) for span in (hit.span, *same)))
    line = _sayable(line.replace("\t", " "))
    return {"excerpt": line, "caret": [start - cut, max(min(end - cut, len(line)), start - cut)]}


def _within(span: Span, number: int, cut: int) -> tuple[int, int]:
    """The stretch of a shown line that a place takes up: nothing where it stands on other lines."""
    if not span.start.line <= number <= span.end.line:
        return 0, 0
    start = span.start.column if span.start.line == number else 0
    end = span.end.column if span.end.line == number else cut + _WIDEST
    return max(start - cut, 0), min(max(end - cut, 0), _WIDEST)


def crash(rule: Rule, path: str, error: Exception) -> Finding:
    """The finding that a rule crashed. Only the error's type is told: its text may quote the notebook."""
    message = (
        f"The rule {rule.code} ({rule.slug}) crashed here with {type(error).__name__}{_where(error.__traceback__)} and "
        f"judged nothing in this file; report it, or leave it out with `--ignore {rule.code}`."
    )
    data = {"rule": rule.code}
    return Finding(
        CRASHED, CRASHED_SLUG, Severity.WARNING, message, path, fingerprint=digest(CRASHED, rule.code, "0"), data=data
    )


def _where(trace: TracebackType | None) -> str:
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "" if trace is None else f" ({PurePath(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno})"


def without_edits(finding: Finding) -> Finding:
    """The finding without what its fix would change, for whoever only tells that there is one."""
    return finding if finding.fix is None else replace(finding, fix=replace(finding.fix, edits=()))

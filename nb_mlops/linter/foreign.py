"""Ruff's words as our Findings: what is handed over for ruff to read, and what of its answers is passed on.

Ruff judges plain Python. What we know better is left out: names that the order rules judge (EX005, EX006), names that a
magic, the kernel or a star import may bind, imports that only a magic uses. Cells that do not parse are FM014's and are
not handed over, so that they hide nothing in the other cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from nb_mlops.analysis.flow import Certainty
from nb_mlops.analysis.python import Python, read_python
from nb_mlops.analysis.sensitive.mask import mask
from nb_mlops.analysis.view import View
from nb_mlops.core.diagnostic import Diagnostic
from nb_mlops.core.finding import Confidence, Finding, Fix, ReplaceText, Safety, Severity
from nb_mlops.core.lazy import pattern
from nb_mlops.core.notebook import Notebook, Position, Span
from nb_mlops.core.settings import LintSettings
from nb_mlops.core.value import Struct
from nb_mlops.knowledge.ruff import SYNTAX, UNCOMPILABLE, is_fault, is_ruffs, names
from nb_mlops.linter.engine import LintResult, findings_of
from nb_mlops.linter.identity import Identity
from nb_mlops.linter.rule import Hit, Rule

_NAME = pattern(r"`([^`]*)`")
_WORD = pattern(r"[^\W\d]\w*")
# These say that a name is never used, which a magic may well do.
_UNUSED = frozenset({"F401", "F811", "F841", "RUF059"})


class Asked(Struct, frozen=True):
    """What is to be known of a notebook when ruff answers.

    `undefined` are the names of which nothing is known but that functions nobody calls read them; `mentioned` are the
    words that magics, shell lines and cells that do not parse hold.
    """

    undefined: frozenset[str] = frozenset()
    mentioned: frozenset[str] = frozenset()


def wanted(settings: LintSettings) -> bool:
    """Whether ruff has anything to say under these settings."""
    specs = (*settings.select, *settings.extend_select)
    return settings.ruff and (settings.usual or any(is_ruffs(spec.upper()) for spec in specs))


def asked_codes(results: Iterable[LintResult], known: Iterable[str], settings: LintSettings) -> frozenset[str]:
    """Which of ruff's codes had a say: those that it used and, where it answered at all, those `known` from before."""
    said = {finding.code for result in results for finding in result.findings}
    if not wanted(settings) or FAILED in said:
        return frozenset()
    return frozenset(code for code in (*said, *known) if is_ruffs(code) and _selected(code, settings))


def code_for_ruff(view: View) -> tuple[str, ...]:
    """What ruff is to read, cell by cell, "" for one that it does not get; nothing at all where there is no Python."""
    if not view.notebook.is_python:
        return ()
    cells = [""] * len(view.notebook.cells)
    for index, python in view.python.items():
        if python.tree is not None and python.tree.body:
            cells[index] = _with_magics(python)
    return tuple(cells) if any(cells) else ()


def asked(view: View) -> Asked:
    """What will have to be known of this notebook."""
    texts = [magic.args for python in view.python.values() for magic in python.magics]
    texts += [python.code for python in view.python.values() if python.problem]
    return Asked(_undefined(view), frozenset(word for text in texts for word in _WORD.findall(text)))


def _with_magics(python: Python) -> str:
    """The code with a magic again where one stood: ruff knows that it is no statement among the imports."""
    if not python.magics:
        return python.code
    lines = python.code.split("\n")
    for magic in python.magics:
        line = lines[magic.line - 1]
        if line.strip() == "pass":
            lines[magic.line - 1] = line.replace("pass", "%pass")
    return "\n".join(lines)


def _undefined(view: View) -> frozenset[str]:
    """Names that bodies of functions read and that nothing binds. What cells surely read when they run is for EX005 and
    EX006 to judge; where names may be bound that cannot be listed, nothing is said."""
    flows = view.flows.values()
    if any(flow.wildcard or flow.opaque for flow in flows) or any(python.problem for python in view.python.values()):
        return frozenset()
    read = {name for flow in flows for free in flow.functions.values() for name in free}
    for flow in flows if read else ():
        read.difference_update(flow.must, flow.may)
        read -= {name for name, use in flow.uses.items() if use.certainty is not Certainty.POSSIBLE}
    return frozenset(name for name in read if not view.is_given(name))


def findings(
    notebook: Notebook, known: Asked, said: Iterable[Diagnostic], settings: LintSettings, salt: str = ""
) -> tuple[Finding, ...]:
    """What ruff said about the notebook, as Findings."""
    rules: dict[str, Rule] = {}
    hits: dict[str, list[Hit]] = {}
    for one in _passed_on(notebook, said, known, settings):
        code = _code(one)
        rules.setdefault(code, _rule(code, one.name))
        hits.setdefault(code, []).append(_hit(one, code, _fix(notebook.cells[one.cell].source, one)))
    identity = Identity(notebook, salt)
    identity.expect(hit for found in hits.values() for hit in found)
    return tuple(one for code, rule in rules.items() for one in findings_of(notebook, identity, rule, hits[code]))


def _passed_on(
    notebook: Notebook, said: Iterable[Diagnostic], known: Asked, settings: LintSettings
) -> Iterator[Diagnostic]:
    told: set[str] = set()
    for one in said:
        code, name = _code(one), _name(one)
        if not _selected(code, settings) or not 0 <= one.cell < len(notebook.cells):
            continue
        if code == "F821":
            if name not in known.undefined or name in told:
                continue
            told.add(name)
        elif code in _UNUSED and set(_WORD.findall(name)) & known.mentioned:
            continue
        yield one


def _selected(code: str, settings: LintSettings) -> bool:
    if any(names(spec.upper(), code) for spec in settings.ignore):
        return False
    return settings.usual or any(names(s.upper(), code) for s in (*settings.select, *settings.extend_select))


def _code(one: Diagnostic) -> str:
    return one.code if is_ruffs(one.code) else SYNTAX


def _name(one: Diagnostic) -> str:
    found = _NAME.search(one.message)
    return found[1] if found else ""


def _rule(code: str, name: str) -> Rule:
    severity = Severity.ERROR if code in UNCOMPILABLE else Severity.WARNING if is_fault(code) else Severity.INFO
    return Rule(code, name or "invalid-syntax", severity, tuple, tuple)


def _fix(source: str, one: Diagnostic) -> Fix | None:
    """What ruff would do, as edits of this cell; as advice where it would also touch what only stands for a magic, or
    another cell (an import at the top), which its answer does not tell."""
    if not one.fix:
        return None
    given, lines = read_python(source).code.split("\n"), source.split("\n")
    touched = {n for start, end, _ in one.edits for n in range(start.line, min(end.line, len(lines)) + 1)}
    as_written = len(given) == len(lines) and all(given[n - 1] == lines[n - 1] for n in touched)
    imports = len(one.edits) > 1 and any(text.lstrip().startswith(("import ", "from ")) for _, _, text in one.edits)
    if not one.edits or not as_written or imports:
        return Fix(mask(one.fix), (), Safety.DISPLAY)
    edits = tuple(ReplaceText(one.cell, start, end, text) for start, end, text in one.edits)
    return Fix(mask(one.fix), edits, Safety.SAFE if one.safe else Safety.UNSAFE)


def _hit(one: Diagnostic, code: str, fix: Fix | None) -> Hit:
    message = one.message[:1].upper() + one.message[1:]
    if code == "F821":
        message = f"`{_name(one)}` is read here, but nothing defines it: a NameError as soon as this function is called"
    elif code in UNCOMPILABLE:
        message = f"{message.rstrip('.')}: Python does not compile this cell, so a run of the notebook stops here"
    data: Mapping[str, object] = {"tool": "ruff", "url": one.url}
    return Hit(mask(message).rstrip(".") + ".", Span(one.cell, "source", one.start, one.end), fix=fix, data=data)


FAILED = "NB002"
FAILED_SLUG = "ruff-failed"
FAILED_PAGE = """Ruff could not be asked, so nothing is known of what it would have found.

## What it does

`lint` hands the Python cells of all notebooks to ruff, with the project's own settings for it, and passes on what ruff
finds. Here ruff was not there, or stopped: mostly because of a setting of its own that it does not understand.

## Why is this bad?

Our own rules have looked at everything. What only ruff looks for was not looked for: no finding of it is no all-clear.

## What to do

Mend what the message names; or leave ruff out with `--no-ruff`, or `ruff = false` in `[tool.nb-mlops.lint]`."""


def failed(paths: Sequence[str], why: str) -> Finding:
    """The finding that ruff did not answer, told once, at the first notebook."""
    others = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    message = f"Ruff said nothing about this notebook{others}: {mask(why).rstrip('.')}. `--no-ruff` leaves it out."
    span = Span(None, "", Position(1, 0), Position(1, 0))
    return Finding(FAILED, FAILED_SLUG, Severity.WARNING, message, paths[0], Confidence.HIGH, span)

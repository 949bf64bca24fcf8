"""What a conversion has to say to a person, as findings."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

from nb_mlops.converter.dependencies import Dependency
from nb_mlops.converter.merge import Conflict, Merged
from nb_mlops.converter.plan import Plan, Refused
from nb_mlops.converter.regenerate import Change, Stale
from nb_mlops.converter.source import Loss
from nb_mlops.converter.truth import Outcome, Problem, SelfCheck, Truth
from nb_mlops.core.finding import CellRef, Finding, Severity
from nb_mlops.core.notebook import Notebook, Position, Span
from nb_mlops.core.run import RunError

REFUSED = ("CV001", "not-convertible")
DIFFERS = ("CV002", "value-differs")
STATE = ("CV003", "kept-as-module-state")
LOSS = ("CV004", "not-carried-over")
UNPROVEN = ("CV005", "unproven-conversion")
UNTESTED = ("CV006", "value-not-tested")
DATA = ("CV007", "test-data")
DEPENDENCY = ("CV008", "unverified-dependency")
PRINTED = ("CV009", "printed-text-differs")
CHANGED = ("CV010", "expected-value-changes")
CONFLICT = ("CV011", "merge-conflict")
KEPT = ("CV012", "changed-by-hand")
STALE = ("CV013", "package-out-of-date")
UNNOTICED = ("CV014", "mistake-not-noticed")
ORDER = ("CV015", "converted-in-recorded-order")


def _finding(
    kind: tuple[str, str], notebook: Notebook, severity: Severity, message: str, cell: int | None = None, line: int = 1
) -> Finding:
    code, rule = kind
    source = "" if cell is None else notebook.cells[cell].source
    digest = hashlib.sha256(f"{code}\0{source}\0{message}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
    if cell is None:
        return Finding(code, rule, severity, message, notebook.path, fingerprint=digest)
    place = Position(line, 0)
    span = Span(cell, "source", place, place)
    ref = CellRef.of(notebook.cells[cell])
    return Finding(code, rule, severity, message, notebook.path, span=span, cell=ref, fingerprint=digest)


def _placed(kind: tuple[str, str], notebook: Notebook, severity: Severity, loss: Loss, message: str) -> Finding:
    return _finding(kind, notebook, severity, message, loss.cell if loss.cell >= 0 else None, loss.line)


def refusals(notebook: Notebook, refused: Refused) -> tuple[Finding, ...]:
    """Why there is no package."""
    return tuple(
        _placed(REFUSED, notebook, Severity.ERROR, loss, f"{loss.message.rstrip('.')}: so there is no package.")
        for loss in refused.reasons
    )


def state_reasons(notebook: Notebook, reasons: Sequence[Loss]) -> tuple[Finding, ...]:
    """Why the notebook's variables are kept in a module."""
    return tuple(
        _placed(
            STATE,
            notebook,
            Severity.INFO,
            loss,
            f"Variables are kept as module state because {loss.message}: stages cannot be called on their own.",
        )
        for loss in reasons
    )


def as_reasons(outcome: Outcome | None) -> tuple[Loss, ...]:
    """Why an attempt that ran was not good enough."""
    first = next((problem for problem in outcome.problems if problem.value), None) if outcome else None
    where = f"stage `{first.stage}`: " if first and first.stage else ""
    return (Loss(-1, 1, f"with functions, {where}{first.words} (notebook vs package)"),) if first else ()


def losses(notebook: Notebook, plan: Plan) -> tuple[Finding, ...]:
    """What the package does not do as the notebook did."""
    return tuple(_placed(LOSS, notebook, loss.severity, loss, loss.message) for loss in plan.losses)


def differences(notebook: Notebook, plan: Plan, outcome: Outcome) -> tuple[Finding, ...]:
    """Where the package computes something else."""
    return tuple(_difference(notebook, plan, problem) for problem in outcome.problems)


def _difference(notebook: Notebook, plan: Plan, problem: Problem) -> Finding:
    name = problem.stage.partition(".")[2]
    stage = next((stage for stage in plan.stages if stage.name == name), None)
    cell = stage.cells[0].index if stage else None
    where = f"Stage `{problem.stage}`" if problem.stage else "At the end of the pipeline"
    if not problem.value:
        words = f"{where} {_otherwise(problem.words)}."
        return _finding(PRINTED, notebook, Severity.WARNING, words, cell)
    return _finding(DIFFERS, notebook, Severity.ERROR, f"{where}: {problem.words} (notebook vs package).", cell)


def _otherwise(words: str) -> str:
    if words.startswith("printed text"):
        return f"prints something else than its cells ({words}); its text is not tested"
    return f"does not show what its cells showed: {words}"


def untested(notebook: Notebook, truth: Truth) -> tuple[Finding, ...]:
    """Values that the tests hold to their type only."""
    return tuple(_untested(notebook, truth))


def _untested(notebook: Notebook, truth: Truth) -> Iterator[Finding]:
    if truth.nondeterministic:
        words = (
            f"{_listed(truth.nondeterministic)}: not the same in every run of the notebook, so the tests check "
            "only the type. Seed the random generators, sort sets, and keep times out of variables."
        )
        yield _finding(UNTESTED, notebook, Severity.WARNING, words)
    if truth.too_large:
        words = f"{_listed(truth.too_large)}: larger than `max-golden-kb`, so the tests check only the type."
        yield _finding(UNTESTED, notebook, Severity.INFO, words)
    if truth.private:
        words = (
            f"{_listed(truth.private)}: holds a secret or personal data, which golden files must not, so the tests "
            "check only the type."
        )
        yield _finding(UNTESTED, notebook, Severity.WARNING, words)


def _listed(names: Iterable[str]) -> str:
    every = sorted(names)
    shown = ", ".join(f"`{name}`" for name in every[:8])
    return shown + (f" and {len(every) - 8} more" if len(every) > 8 else "")


def in_order(said: Iterable[Finding]) -> tuple[Finding, ...]:
    """What matters most first."""
    return tuple(sorted(said, key=lambda finding: (-finding.severity.rank, finding.sort_key)))


def golden_changes(notebook: Notebook, changes: Sequence[Change], accepted: bool) -> tuple[Finding, ...]:
    """Values that the package's tests expect and that the notebook no longer gives."""
    severity = Severity.INFO if accepted else Severity.ERROR
    end = "" if accepted else " Nothing was written: if the notebook is right, convert again with --update-golden."
    return tuple(
        _finding(
            CHANGED,
            notebook,
            severity,
            f"{f'Stage `{change.stage}`' if change.stage else 'At the end of the pipeline'}: {change.words}.{end}",
        )
        for change in changes
    )


def merged(notebook: Notebook, made: Merged) -> tuple[Finding, ...]:
    """What was changed by hand: what stayed, and what the notebook changed too."""
    said = [_finding(CONFLICT, notebook, Severity.ERROR, f"`{_place(one)}`: {one.words}.") for one in made.conflicts]
    if made.kept:
        words = f"Changed by hand, and left so: {_listed(made.kept)}."
        said.append(_finding(KEPT, notebook, Severity.INFO, words))
    return tuple(said)


def _place(conflict: Conflict) -> str:
    return f"{conflict.path}: {conflict.name}" if conflict.name else conflict.path


def out_of_date(notebook: Notebook, stale: Sequence[Stale], out: str) -> tuple[Finding, ...]:
    """How the notebook differs from the one that the package was made from."""
    return tuple(
        _finding(
            STALE,
            notebook,
            Severity.ERROR,
            f"`{out}` was made from another state of the notebook: {one.words}. Convert again.",
            one.index if one.index >= 0 else None,
        )
        for one in stale
    )


def unnoticed(notebook: Notebook, check: SelfCheck | None) -> tuple[Finding, ...]:
    """Mistakes in the package that its tests would let pass."""
    return tuple(
        _finding(
            UNNOTICED,
            notebook,
            Severity.INFO,
            f"The tests notice nothing with {one.words} in `{one.module}.py`, line {one.line}: no value at the end of "
            "a stage depends on it.",
        )
        for one in (check.survivors if check else ())
    )


def unproven(notebook: Notebook) -> Finding:
    """The static conversion, honestly marked."""
    words = "Converted without running the notebook: nobody has compared any value, and there are no golden tests."
    return _finding(UNPROVEN, notebook, Severity.WARNING, f"{words} Convert again without --no-run.")


def unverified(notebook: Notebook, needs: Sequence[Dependency]) -> tuple[Finding, ...]:
    """Distributions that were only guessed."""
    return tuple(
        _finding(
            DEPENDENCY,
            notebook,
            Severity.WARNING,
            f"Which distribution provides `{d.name}` is not known: the module did not run here. It stands as a comment "
            "in pyproject.toml; a wrong guess could install somebody else's package.",
        )
        for d in needs
        if not d.sure
    )


def recorded_order(notebook: Notebook, stopped: RunError | None) -> tuple[Finding, ...]:
    """That the notebook runs only in the order in which its cells were run."""
    why = f" ({stopped.name}: {stopped.value})" if stopped else ""
    words = (
        f"The notebook does not run from top to bottom{why}. The package does what its cells do in the order in which "
        "they were run; cells that were not run are left out. Move the cells into that order."
    )
    return (_finding(ORDER, notebook, Severity.WARNING, words),)


def nothing_compared(notebook: Notebook, by_chance: bool) -> Finding:
    """The conversion of a notebook that leaves nothing which could be compared; `by_chance`: all that it leaves is
    another thing in each of its runs."""
    words = (
        "The package runs, but all that the notebook shows and keeps is another thing in each of its own runs: nothing "
        "shows that the two compute the same. Seed the random generators, and keep times out of results."
        if by_chance
        else "The package runs, but the notebook leaves no value, text, result or figure that could be compared: "
        "nothing shows that the two compute the same. Keep a result in a variable, or print it."
    )
    return _finding(UNPROVEN, notebook, Severity.WARNING, words)


def missing_data(notebook: Notebook, names: Sequence[str], limit: int) -> tuple[Finding, ...]:
    """Data files that the tests need and that do not travel."""
    return tuple(
        _finding(
            DATA,
            notebook,
            Severity.WARNING,
            f"`{name}` is not in the package: with it the test data would weigh more than {limit} MB. The golden tests "
            f"are skipped until it lies at tests/data/{name}.",
        )
        for name in names
    )


def outside_data(notebook: Notebook, paths: Sequence[str]) -> tuple[Finding, ...]:
    """Data files that lie outside of the project."""
    return tuple(
        _finding(
            DATA,
            notebook,
            Severity.WARNING,
            f"The notebook reads `{path}` from outside of the project: the tests work only where that file is.",
        )
        for path in paths
    )

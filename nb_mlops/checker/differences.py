"""What the comparison of runs has to say: which failed, where the others part, and what made them part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nb_mlops.checker import findings as say
from nb_mlops.checker.compare_runs import RunComparison, compare_runs
from nb_mlops.checker.culprit import culprit
from nb_mlops.checker.diagnose import cause, remedy, told
from nb_mlops.checker.factors import Kind, decides, words
from nb_mlops.compare.tolerances import Tolerances
from nb_mlops.core.finding import Finding
from nb_mlops.core.notebook import Notebook
from nb_mlops.core.run import RunRecord, RunStatus

_RELATED = 10


@dataclass(frozen=True, slots=True)
class Parting:
    """The findings about runs that part, and the factors that did it (none when chance did)."""

    findings: tuple[Finding, ...] = ()
    culprit: tuple[str, ...] = ()


def failures(notebook: Notebook, records: Sequence[RunRecord]) -> Iterator[Finding]:
    """The base run's failure, or that a repeat failed where the base run did not."""
    base = records[0]
    if not base.ok:
        below = "" if base.status is RunStatus.NOT_STARTED else " Nothing below it was run."
        message = f"{told(base)}{below} {remedy(cause(notebook, base))}"
        yield say.finding(say.RUN_FAILED, notebook, message, _cell(base))
        return
    failed = sorted((r for r in records[1:] if not r.ok and decides(r)), key=lambda r: len(r.factors))
    if failed:
        record = failed[0]
        with_what = f", with {words(record.factors)}," if record.factors else ""
        said = f"Run {record.label}{with_what} failed where the first one did not: {told(record)}"
        hint = "" if record.factors else " Look for what the first run left behind: files, folders, a database."
        yield say.finding(say.REPEAT_FAILED, notebook, said + hint, _cell(record))


def _cell(record: RunRecord) -> int | None:
    return record.error.cell if record.error else None


def differences(notebook: Notebook, comparisons: Sequence[RunComparison]) -> Parting:
    """What parts, said of the comparison that explains most.

    A plain repeat that parts explains more than a run in which something was changed, which parts for both reasons; a
    run with one factor changed explains more than one with several.
    """
    parted = [comparison for comparison in comparisons if not comparison.same]
    if not parted:
        return Parting()
    first = min(parted, key=lambda comparison: len(comparison.factors))
    alone = [next(iter(c.factors)) for c in parted if len(c.factors) == 1] if first.factors else []
    factors = tuple(dict.fromkeys(alone)) or tuple(first.factors)
    found: list[Finding] = []
    if first.cells:
        found.append(_output(notebook, first, factors))
    elif first.factors:
        found.append(_by_factor(notebook, first, factors))
    return Parting((*found, *_answers(notebook, first)), factors)


def unseen_draws(notebook: Notebook, base: RunRecord, comparisons: Sequence[RunComparison]) -> Iterator[Finding]:
    """Random numbers that come out differently in two plain runs while all that is shown agrees: what is made of them
    is in no output (a file), or in one that the browser fills in, so that the answer is not the same. Told once."""
    for comparison in comparisons:
        if comparison.factors or not comparison.same:
            continue
        for cell in filled_in_the_browser(base):
            origin = culprit(notebook, cell, comparison)
            if comparison.names.keys() & {cell, origin.cell} and "random" in origin.cause:
                carried = f"`{origin.variable}`" if origin.variable else "what it draws"
                message = (
                    f"The browser fills in what this cell shows, so it cannot be compared, and {carried} came out "
                    f"differently in {comparison.label}: {origin.cause}. {origin.remedy}."
                )
                yield say.finding(say.DRAWN_ELSEWHERE, notebook, message, cell)
                return
        for cell, names in sorted(comparison.names.items()):
            origin = culprit(notebook, cell, comparison)
            if origin.cell == cell and "random" in origin.cause:
                shown = ", ".join(f"`{name}`" for name in list(names)[:3])
                message = (
                    f"{shown} came out differently in {comparison.label}, though nothing that the notebook shows did: "
                    f"{origin.cause}, and what is made of it cannot be compared. {origin.remedy}."
                )
                yield say.finding(say.UNSEEN_DRAW, notebook, message, cell)
                return


_ASKS_THE_KERNEL = ("comm_manager", "new_comm", "mpl.figure")


def filled_in_the_browser(record: RunRecord) -> Iterator[int]:
    """The cells that show a frame whose content a script asks the kernel for. Widgets are none: most are bars that show
    how far a loop has come."""
    for cell in record.cells:
        scripts = [str(output.data.get("application/javascript", "")) for output in cell.outputs]
        if any(word in script for script in scripts for word in _ASKS_THE_KERNEL):
            yield cell.index


def _answers(notebook: Notebook, first: RunComparison) -> Iterator[Finding]:
    """Metrics and the model, which count even where nothing is shown."""
    for name, difference in first.metrics.items():
        message = (
            f"The metric `{name}` is not the same in every run ({difference} in {first.label}): a comparison with it "
            "would be a comparison with chance. Make what it is computed from repeatable."
        )
        yield say.finding(say.METRIC_DIFFERS, notebook, message)
    if first.model:
        message = (
            f"The model is another one in {first.label} ({first.model}): the one registered would be one of many. "
            "Seed its training (`random_state=…`) and sort what it is trained on."
        )
        yield say.finding(say.MODEL_DIFFERS, notebook, message)


@dataclass(frozen=True, slots=True)
class _Telling:
    code: say.Code
    why: str
    remedy: str


_TELLINGS: Mapping[str, _Telling] = {
    Kind.HASH_SEED.value: _Telling(
        say.HASH_SEED,
        "which had another PYTHONHASHSEED, as every new kernel has: the order of a set is not fixed",
        "Sort before you go through it (`sorted(…)`)",
    ),
    Kind.THREADS.value: _Telling(
        say.THREADS,
        "which had another number of threads, as other machines have: sums come out differently in another order, and "
        "what is decided by them, too",
        "Round before you compare or sort, or fix the number of threads in the notebook (threadpoolctl)",
    ),
    Kind.TIME_ZONE.value: _Telling(
        say.TIME_ZONE,
        "which stood in another time zone: what is local time here is another time elsewhere",
        'Name the zone (`tz="UTC"`) wherever a time is read or made',
    ),
    Kind.LOCALE.value: _Telling(
        say.LOCALE,
        "which had another locale: sorting, numbers and names of months follow it",
        "Set the locale that is meant in the notebook, or do without (`locale.setlocale` is what brings it in)",
    ),
    Kind.FOLDER.value: _Telling(
        say.FOLDER,
        "which ran in a copy of the project in another folder",
        "Read everything by a path relative to the notebook, from inside the project",
    ),
}


def _telling(factors: Sequence[str]) -> _Telling:
    if len(factors) == 1 and factors[0] in _TELLINGS:
        return _TELLINGS[factors[0]]
    why = f"which had {words(dict.fromkeys(factors, 'another'))}"
    return _Telling(say.TOGETHER, why, "Look for what takes them from its surroundings")


def _by_factor(notebook: Notebook, comparison: RunComparison, factors: Sequence[str]) -> Finding:
    telling = _telling(factors)
    message = (
        f"The answer depends on its surroundings: only {comparison.label} differs, {telling.why}. {telling.remedy}."
    )
    return say.finding(telling.code, notebook, message)


def _output(notebook: Notebook, comparison: RunComparison, factors: Sequence[str]) -> Finding:
    """The first cell whose output parts, with the cell it comes from, and the other cells that part too."""
    shown = min(comparison.cells)
    origin = culprit(notebook, shown, comparison)
    also = [
        say.related(notebook, cell, f"differs too ({difference})")
        for cell, difference in sorted(comparison.cells.items())
        if cell != shown
    ][:_RELATED]
    where = "this cell"
    if origin.cell != shown:
        where = f"`{origin.variable}`, which another cell makes"
        also.insert(0, say.related(notebook, origin.cell, f"`{origin.variable}` comes out differently here"))
    because = f": {origin.cause}" if origin.cause else ""
    what = f"The output of this cell is not the same in {comparison.label} ({comparison.cells[shown]})"
    if comparison.factors:
        telling = _telling(factors)
        message = f"{what}, {telling.why}. It comes from {where}{because}. {origin.remedy or telling.remedy}."
        return say.finding(telling.code, notebook, message, shown, tuple(also))
    way_out = origin.remedy or "Find what is drawn anew in each run: random numbers, the clock, files of an earlier run"
    message = f"{what}, so nobody knows which answer is right. It comes from {where}{because}. {way_out}."
    return say.finding(say.OUTPUT_DIFFERS, notebook, message, shown, tuple(also))


def seed_findings(notebook: Notebook, records: Sequence[RunRecord], tolerances: Tolerances) -> Iterator[Finding]:
    """How much of the answer is luck: what a run with other seeds gives. For information."""
    base = records[0]
    for record in records[1:]:
        if decides(record) or not record.ok or not base.ok:
            continue
        comparison = compare_runs(base, record, tolerances)
        if comparison.metrics:
            changes = "; ".join(f"`{name}`: {change}" for name, change in comparison.metrics.items())
            message = (
                f"With other seeds the answer is another one ({changes}, in {record.label}): so much of it is luck. "
                "Report the spread over several seeds rather than one number."
            )
        elif comparison.cells:
            message = (
                f"With other seeds this cell shows something else{_more(len(comparison.cells) - 1)} "
                f"({comparison.cells[min(comparison.cells)]}): so much of the answer is luck."
            )
        else:
            continue
        yield say.finding(say.SEED_DEPENDENT, notebook, message, min(comparison.cells, default=None))


def _more(count: int) -> str:
    return f", as do {count} others" if count > 1 else ", as does another one" if count else ""

"""Where runs begin to part: from the first cell that shows it back to the cell that caused it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from nb_mlops.analysis.flow import CellFlow, notebook_flow
from nb_mlops.checker.compare_runs import RunComparison
from nb_mlops.checker.factors import Kind
from nb_mlops.core.notebook import Cell, Notebook

_NAME = re.compile(r"[^\W\d]\w*")

_SEEDED = r"(?:seed\b|Generator\b|(?:default_rng|RandomState|Random)\(\s*[^)\s])"

# What a cell does that can make two runs part, and what helps; the first pattern that fits is told. A cell that seeds
# what it draws is not blamed for drawing.
_CAUSES: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (
        re.compile(
            rf"\b(?:np|numpy)\.random\.(?!{_SEEDED})|(?<![\w.])random\.(?!{_SEEDED})\w+\(|\bdefault_rng\(\s*\)"
            r"|\btorch\.rand|\btf\.random\.|\.sample\((?![^)]*random_state)|\b(?<!\.)shuffle\("
        ),
        "draws random numbers",
        "Seed the generator (`np.random.default_rng(0)`, `random.seed(0)`, `random_state=0`)",
    ),
    (
        re.compile(
            r"(?s)(?!.*random_state)(?:.*?)(?:train_test_split|KFold|ShuffleSplit|RandomForest|ExtraTrees|KMeans|MLP|SGD|"
            r"Boosting|TSNE|SVD|DecisionTree)\w*\("
        ),
        "uses an algorithm that draws random numbers",
        "Give it a seed (`random_state=0`)",
    ),
    (
        re.compile(
            r"\btime\.(?:time|perf_counter|monotonic)|\bdatetime\.(?:now|today|utcnow)|\bTimestamp\.now|\bdate\.today"
        ),
        "asks the clock",
        "Take the date as a parameter, or keep it out of the result",
    ),
    (re.compile(r"\buuid\.?\w*\(|\bsecrets\.|\burandom\("), "draws ids at random", "Derive the id from the data"),
    (
        re.compile(r"\brequests\.|\burlopen\(|read_\w+\(\s*[\"']https?://"),
        "fetches from the network",
        "Keep a copy of the data with its checksum",
    ),
)
_SET = re.compile(r"\bset\(|\{[^{}:\n]+\}|\.(?:union|intersection|difference)\(")


@dataclass(frozen=True, slots=True)
class Culprit:
    """The cell where the parting begins, the variable that carried it from there ("" when the cell itself shows it),
    what it probably is, and what would help; both "" when nothing is known."""

    cell: int
    variable: str
    cause: str
    remedy: str


def culprit(notebook: Notebook, shown: int, comparison: RunComparison) -> Culprit:
    """Walk back from the cell `shown`: while it reads a variable that had already parted, go to where that happened."""
    flows = notebook_flow(notebook.cells) if notebook.is_python else {}
    cell, variable = shown, ""
    while True:
        parted = _parted_before(cell, comparison, _reads(notebook.cells[cell], flows.get(cell)))
        if parted is None:
            break
        cell, variable = parted
    cause, remedy = _cause(notebook, cell, flows, comparison.factors)
    return Culprit(cell, variable, cause, remedy)


def _reads(cell: Cell, flow: CellFlow | None) -> frozenset[str]:
    """The names that a cell reads; every word of it where the dataflow cannot tell."""
    if flow is None or flow.opaque or flow.wildcard:
        return frozenset(_NAME.findall(cell.source))
    return frozenset(flow.uses)


def _parted_before(cell: int, comparison: RunComparison, names: frozenset[str]) -> tuple[int, str] | None:
    """The earliest cell above in which one of these names first came out differently."""
    for index in sorted(comparison.names):
        if index >= cell:
            return None
        common = sorted(names & comparison.names[index].keys())
        if common:
            return index, common[0]
    return None


def _cause(notebook: Notebook, cell: int, flows: Mapping[int, CellFlow], factors: Mapping[str, str]) -> tuple[str, str]:
    """What the cell, or a function of the notebook that it calls, does that could be the cause; and what helps."""
    source = notebook.cells[cell].source
    if factors and tuple(factors) != (Kind.HASH_SEED.value,):
        return "", ""
    if factors:
        words = "it goes through a set" if _SET.search(source) else "something in it follows the order of a set"
        return words, "Sort before you go through it (`sorted(…)`)"
    for place, said in ((source, "it"), *_called(notebook, cell, flows)):
        for pattern, cause, remedy in _CAUSES:
            if pattern.search(place):
                return f"{said} {cause}", remedy
    return "", ""


def _called(notebook: Notebook, cell: int, flows: Mapping[int, CellFlow]) -> Iterator[tuple[str, str]]:
    """Sources of the cells above that define the functions which the cell reads, and what is said of them."""
    names = _reads(notebook.cells[cell], flows.get(cell))
    for index in sorted((index for index in flows if index < cell), reverse=True):
        common = sorted(names & flows[index].functions.keys())
        if common:
            yield notebook.cells[index].source, f"it uses `{common[0]}`, which"

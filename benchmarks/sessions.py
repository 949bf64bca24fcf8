"""The session truth test: does the linter flag the cells whose saved result a clean run would not give?

For runnable notebooks (a folder of them, and the written ones) real sessions are simulated in a real IPython shell
(simulate.py), what JupyterLab would save is saved, and the truth is taken from values and from the record of what every
run read (truth.py). Then each linter's word per cell is held against it.

A finding stands at its cause and names the cells that hang on it; those are what is scored. Cells that only build on a
doubtful one are claimed at information level, whatever the finding's severity.

Measured: of cells that are stale and whose evidence survives in the file, how many are flagged (recall); of flagged
cells, how many are stale (precision by value) and how many did read another definition than a clean run reads, or end
in a NameError there (precision by definition), for claims at error level and for all claims together; the same for the
rule "count lower than the one above", for nborder when it is installed, and for an oracle that knows every cell's true
effects but sees only the saved file.

Not measured: cells without a count, cells that differ between two clean runs in all that could be compared, staleness
through files, through global random state and through pictures alone.

    python benchmarks/sessions.py [FOLDER] --sessions 240 --out /tmp/sessions --show 20
    python benchmarks/sessions.py --again /tmp/sessions      lints and scores what was kept, without playing
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

import scoring
from files import Cell, load, save
from scoring import Said, share, table
from shell import ShellDiedError
from simulate import play
from truth import CellTruth, clean_run, judge
from written import Subject, real, written

from nb_mlops.commands.lint import lint
from nb_mlops.core.settings import LintSettings, Settings

# The rules that say of a cell that its saved result is not, or may not be, what a clean run gives.
CLAIMS = frozenset({"EX001", "EX004", "EX005", "EX006", "EX007", "EX008", "EX009", "EX016"})
# Of these the cells that hang on what they tell are meant, not the cell that they stand at.
_OF_OTHERS = frozenset({"EX001", "EX004", "EX007", "EX009"})


@dataclass
class Played:
    """One saved session: its file, its truth, how it went."""

    file: str
    cells: list[Cell]
    truth: list[CellTruth]
    log: list[str]


def main() -> None:
    """Simulate (or take up what was kept), lint, score, print."""
    options = _options()
    if options.again:
        report(_kept(options.again), options.again, options)
        return
    subjects = written(seed=options.seed) + (real(options.folder) if options.folder else [])
    out = options.out or Path(tempfile.mkdtemp(prefix="sessions-"))
    for kind in ("saved", "timed"):
        (out / kind).mkdir(parents=True, exist_ok=True)
        for old in (out / kind).glob("*.ipynb"):
            old.unlink()
    jobs = [(subjects[n % len(subjects)], f"{options.seed} {n}") for n in range(options.sessions)]
    with ThreadPoolExecutor(options.jobs) as pool:
        done = list(pool.map(lambda job: one_session(*job, out, options.seconds), jobs))
    played = [session for session in done if session is not None]
    given_up = len(done) - len(played)
    print(f"{len(played)} sessions of {len(subjects)} notebooks; {given_up} given up (a cell ran too long)")
    facts = [{"file": p.file, "log": p.log, "truth": [asdict(t) for t in p.truth]} for p in played]
    (out / "truth.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")
    report(played, out, options)


def _kept(out: Path) -> list[Played]:
    facts = json.loads((out / "truth.json").read_text(encoding="utf-8"))
    return [
        Played(f["file"], load(out / "saved" / f["file"]), [CellTruth(**t) for t in f["truth"]], f["log"])
        for f in facts
    ]


def one_session(subject: Subject, seed: str, out: Path, seconds: float) -> Played | None:
    """Play, save, judge."""
    folder = tempfile.mkdtemp(prefix="session-")
    try:
        session = play(subject, seed, folder, seconds)
        truth = judge(session, clean_run(session.cells, seconds), clean_run(session.cells, seconds))
    except ShellDiedError:
        return None
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    cells = session.saved()
    name = f"{subject.name[:60]}--{seed.split()[-1]}.ipynb"
    save(out / "saved" / name, cells)
    save(out / "timed" / name, session.saved(timed=True))
    return Played(name, cells, truth, session.log)


def report(played: Sequence[Played], out: Path, options: argparse.Namespace) -> None:
    """Lint what was saved, and print how right each linter was."""
    cells = [(p, t) for p in played for t in p.truth if t.judged]
    stale = [(p, t) for p, t in cells if t.stale]
    print(f"{len(cells)} executed cells judged, {len(stale)} stale ({len(stale) / max(1, len(cells)):.1%})")
    trails = Counter(t.trail for _, t in stale)
    print("stale cells by trail in the file:", dict(trails.most_common()))
    print("stale without evidence:", share(trails["none"], len(stale)))
    judges = _judges(played, out / "saved", options)
    rows = [[name, *_scores(cells, flags)] for name, flags in judges.items()]
    head = ["", "recall | evidence", "recall | own evidence", "recall | provable", "by value", "by definition"]
    print(table(rows, head))
    if options.show:
        _show(cells, judges, options.show)


def _judges(played: Sequence[Played], saved: Path, options: argparse.Namespace) -> dict[str, set[tuple[str, int]]]:
    """Who flags which cells, as (file, cell index)."""
    judges = {}
    for name, folder in (("nb-mlops", saved), ("nb-mlops, times recorded", saved.parent / "timed")):
        claims = list(_claims(folder)) if folder.exists() else []
        judges[f"{name}: error"] = _flags(claims, lambda f: f.severity == "error")
        judges[f"{name}: warning or error"] = _flags(claims, lambda f: f.severity != "info")
        judges[f"{name}: any claim"] = _flags(claims, lambda f: True)
        for code in sorted({f.code for f in claims}):
            judges[f"  {code}"] = _flags(claims, lambda f, code=code: f.code == code)
    judges["oracle, own evidence"] = {(p.file, t.index) for p in played for t in p.truth if t.evidence}
    judges["oracle, evidence"] = {(p.file, t.index) for p in played for t in p.truth if t.evidence_inherited}
    judges["oracle, provable"] = {(p.file, t.index) for p in played for t in p.truth if t.provable}
    judges["count lower than the one above"] = {(p.file, i) for p in played for i in _decreases(p.cells)}
    if shutil.which(options.nborder):
        judges["nborder"] = _flags(scoring.nborder(saved, options.nborder), lambda f: True)
    return judges


def _claims(folder: Path) -> Iterator[Said]:
    """What nb-mlops says of single cells: a finding stands at its cause and tells which other cells hang on it.

    A cell that only builds on a doubtful one is claimed at information level, whatever the finding's severity; one
    whose doubt is possible but not proven at warning level.
    """
    for f in lint([folder], Settings(lint=LintSettings(select=tuple(sorted(CLAIMS))))).findings:
        if f.cell is None:
            continue
        name, severity = Path(f.path).name, f.severity.value
        if f.code not in _OF_OTHERS:
            yield Said(name, f.cell.index, f.code, severity, f.message)
        for cell, how, proven in f.data.get("affected", ()):
            level = severity if proven else "info" if how == "follows" else min(severity, "warning", key=_LEVELS.index)
            yield Said(name, cell, f.code, level, f.message)


_LEVELS = ("info", "warning", "error")


def _flags(said: Sequence[Said], wanted: Callable[[Said], bool]) -> set[tuple[str, int]]:
    return {(f.file, f.cell) for f in said if f.cell is not None and wanted(f)}


def _decreases(cells: Sequence[Cell]) -> list[int]:
    """The rule most tools apply."""
    counted = [(i, c.count) for i, c in enumerate(cells) if c.count is not None]
    return [i for (_, above), (i, here) in pairwise(counted) if here < above]


def _scores(cells: Sequence[tuple[Played, CellTruth]], flags: set[tuple[str, int]]) -> list[str]:
    def recall(wanted: Callable[[CellTruth], bool]) -> str:
        there = [(p.file, t.index) in flags for p, t in cells if t.stale and wanted(t)]
        return share(sum(there), len(there))

    flagged = [t for p, t in cells if (p.file, t.index) in flags]
    return [
        recall(lambda t: t.evidence_inherited),
        recall(lambda t: t.evidence),
        recall(lambda t: t.provable),
        share(sum(t.stale for t in flagged), len(flagged)),
        share(sum(t.inherited or t.fails for t in flagged), len(flagged)),
    ]


def _show(cells: Sequence[tuple[Played, CellTruth]], judges: dict[str, set[tuple[str, int]]], most: int) -> None:
    """Wrong predictions, for reading: false alarms at error level, then proven staleness that was missed."""
    errors, anything = judges["nb-mlops: error"], judges["nb-mlops: any claim"]
    wrong = [(p, t) for p, t in cells if (p.file, t.index) in errors and not (t.inherited or t.fails)]
    missed = [(p, t) for p, t in cells if t.stale and t.evidence and (p.file, t.index) not in anything]
    for title, chosen in (("error without another definition", wrong), ("stale with own evidence, missed", missed)):
        print(f"\n## {title}: {len(chosen)}")
        for played, truth in chosen[:most]:
            print(f"{played.file} cell {truth.index} ({truth.trail}): {truth.source[:100]!r}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, help="notebooks that run offline, beside the written ones")
    parser.add_argument("--sessions", type=int, default=240)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=30.0, help="longest that one cell may run")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--out", type=Path, help="keep the saved notebooks and their truth here")
    parser.add_argument("--again", type=Path, help="what an earlier run kept: lint and score it, play nothing")
    parser.add_argument("--show", type=int, default=0, help="print so many wrong predictions of each kind")
    parser.add_argument("--nborder", default="nborder", help="the program, when it is not on the path")
    return parser.parse_args()


if __name__ == "__main__":
    main()

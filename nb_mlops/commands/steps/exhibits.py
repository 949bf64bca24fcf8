"""What goes with a report beside its findings: read again from the notebooks it is about, only what is asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from nb_mlops.analysis.graph import graph
from nb_mlops.analysis.view import View
from nb_mlops.core.exhibit import Exhibits, Region, Replacement, RuleNote
from nb_mlops.core.finding import Finding, Report
from nb_mlops.core.graph import Graph
from nb_mlops.core.notebook import Notebook
from nb_mlops.core.settings import LintSettings
from nb_mlops.core.value import replace
from nb_mlops.ipynb.read import read
from nb_mlops.ipynb.regions import Regions
from nb_mlops.linter import engine
from nb_mlops.linter.load import load_rules
from nb_mlops.linter.pages import note_of
from nb_mlops.linter.patch import patch_of
from nb_mlops.outside import files

# Working out patches writes the file anew for each; beyond so many bytes the rest goes without.
_PATCHED_BYTES = 200_000_000


def exhibits(
    report: Report, settings: LintSettings, needs: Collection[str], title: str = "", notes: tuple[str, ...] = ()
) -> Exhibits:
    """Whatever of Exhibits `needs` names, for the notebooks that have findings.

    A file that has changed or gone since the report was made gets no places and no graph, and a finding about an
    earlier version of its notebook no place in the file as it is now.
    """
    graphs: dict[str, Graph] = {}
    regions: dict[int, Region] = {}
    patches: dict[int, tuple[Replacement, ...]] = {}
    by_path: dict[str, list[int]] = {}
    for number, finding in enumerate(report.findings):
        by_path.setdefault(finding.path, []).append(number)
    if {"regions", "patches", "graphs"} & set(needs):
        for path, numbers in by_path.items():
            data = _bytes(path)
            places = Regions(data)
            regions |= {n: places.of(one.span) for n in numbers if not (one := report.findings[n]).data.get("commit")}
            notebook = read(data, path) if {"patches", "graphs"} & set(needs) else None
            if not isinstance(notebook, Notebook):
                continue
            if "graphs" in needs:
                graphs[path] = graph(View(notebook, settings))
            if "patches" in needs:
                patches |= _patches(notebook, places, {n: report.findings[n] for n in numbers}, settings)
    count = range(len(report.findings))
    return Exhibits(
        tuple(regions.get(number) for number in count),
        tuple(patches.get(number, ()) for number in count),
        graphs,
        _notes(report) if "rules" in needs else (),
        settings.fail_on,
        title,
        notes,
    )


def _bytes(path: str) -> bytes:
    try:
        return files.read_bytes(path)
    except OSError:
        return b""


def _patches(
    notebook: Notebook, places: Regions, findings: Mapping[int, Finding], settings: LintSettings
) -> Mapping[int, tuple[Replacement, ...]]:
    """The patch of each finding that a safe fix mends. Findings travel without their edits, so they are found again."""
    fixable = {number: one for number, one in findings.items() if one.fix and one.data.get("tool") != "ruff"}
    if not fixable:
        return {}
    again = engine.lint(notebook, load_rules(), replace(settings, ruff=False)).findings
    known = {(one.code, one.fingerprint): one.fix for one in again}
    most = max(_PATCHED_BYTES // max(len(notebook.raw), 1), 1)
    return {
        number: patch_of(notebook, places, known.get((one.code, one.fingerprint)))
        for number, one in list(fixable.items())[:most]
    }


def _notes(report: Report) -> tuple[RuleNote, ...]:
    """A note on each rule that spoke; ruff's rules have pages of their own, elsewhere."""
    notes: dict[str, RuleNote] = {}
    for finding in report.findings:
        if finding.code not in notes:
            notes[finding.code] = note_of(finding.code) or _foreign(finding)
    return tuple(notes[code] for code in sorted(notes))


def _foreign(finding: Finding) -> RuleNote:
    url = str(finding.data.get("url", ""))
    about = f"{finding.rule}, a rule of ruff." if url else f"{finding.rule}."
    return RuleNote(finding.code, finding.rule, finding.severity.value, about, f"{about}\n\n{url}".strip(), url)

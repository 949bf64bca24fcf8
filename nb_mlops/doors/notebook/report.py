"""`nb_mlops.report()`: the findings of a notebook as an output of one of its cells.

The output is plain HTML with its few styles in place, so that it shows in JupyterLab, in an export and on a code host
that strips scripts and styles; what folds out does so by HTML alone, in a notebook that nobody has trusted yet, too.
Text keeps the colour that the page gives it, so that every theme can be read. All text is escaped.
"""

from __future__ import annotations

import builtins
import os
from collections.abc import Iterator
from html import escape
from pathlib import Path

from nb_mlops.commands.lint import lint
from nb_mlops.core.errors import UsageError
from nb_mlops.core.finding import Finding, Report, Severity
from nb_mlops.outside.settings_file import load_settings
from nb_mlops.reporters import text
from nb_mlops.reporters.places import in_cell

_MOST = 100
# Edges only, which three themes and paper show alike; the word beside says the same.
_COLOURS = {Severity.ERROR: "#e53935", Severity.WARNING: "#f57c00", Severity.INFO: "#0097a7"}
_CELL = "text-align:left;vertical-align:top;padding:4px 12px 4px 0;white-space:normal"


class NotebookReport:
    """What lint says of a notebook, as a cell shows it."""

    def __init__(self, path: str, report: Report) -> None:
        self.path = path
        self.findings = report.findings
        self._report = report

    def __repr__(self) -> str:
        return text.render(self._report).rstrip("\n")

    def _repr_html_(self) -> str:
        rows = "".join(_row(finding) for finding in self.findings[:_MOST])
        more = len(self.findings) - _MOST
        head = f"<p><strong>{escape(Path(self.path).name)}</strong>: {_prose(text.summary(self._report).strip())}</p>"
        table = f'<table style="border-collapse:collapse"><tbody>{rows}</tbody></table>' if rows else ""
        return f"<div>{head}{table}{f'<p>and {more} more</p>' if more > 0 else ''}</div>"


def report(path: str | os.PathLike[str] | None = None) -> NotebookReport:
    """What lint says of the notebook at `path`; by default of the one that this runs in, as it was last saved.

    Raises UsageError where that cannot be told.
    """
    place = os.fspath(path) if path is not None else _own_path()
    return NotebookReport(place, lint(place, load_settings(place)[0]))


def _own_path() -> str:
    """The notebook that the kernel was started for: Jupyter's servers and VS Code say which."""
    for told in _told():
        if told.endswith(".ipynb") and Path(told).is_file():
            return told
        beside = Path(told).name
        if beside.endswith(".ipynb") and Path(beside).is_file():
            return beside
    raise UsageError("Which notebook this is cannot be told here.", "Name it: nb_mlops.report('notebook.ipynb').")


def _told() -> Iterator[str]:
    if name := os.environ.get("JPY_SESSION_NAME"):
        yield name
    shell = getattr(builtins, "get_ipython", lambda: None)()
    name = getattr(shell, "user_ns", {}).get("__vsc_ipynb_file__")
    if isinstance(name, str):
        yield name


def _row(finding: Finding) -> str:
    span, cell = finding.span, finding.cell
    where = in_cell(span, cell) if span is not None and cell is not None else "notebook"
    about = f"<code>{escape(finding.code)}</code> {escape(finding.rule)}"
    edge = f"{_CELL};border-left:4px solid {_COLOURS[finding.severity]};padding-left:8px"
    cells = (
        (edge, f"<strong>{escape(finding.severity.value)}</strong>"),
        (f"{_CELL};white-space:nowrap", escape(where)),
        (_CELL, f"{_prose(finding.message)}<br><small>{about}</small>{_line(finding)}"),
    )
    return "<tr>" + "".join(f'<td style="{style}">{inner}</td>' for style, inner in cells) + "</tr>"


def _line(finding: Finding) -> str:
    """The line that is meant, for whoever wants to see it."""
    line = str(finding.data.get("excerpt", "")).strip()
    return f"<details><summary><small>the line</small></summary><pre>{escape(line)}</pre></details>" if line else ""


def _prose(message: str) -> str:
    """Text with what stands between backticks as code."""
    parts = escape(message).split("`")
    if len(parts) % 2 == 0:
        return escape(message)
    return "".join(f"<code>{part}</code>" if number % 2 else part for number, part in enumerate(parts))

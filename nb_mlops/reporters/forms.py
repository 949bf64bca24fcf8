"""The forms a report comes in: what each is for, what it needs beside the findings, and who writes it."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from nb_mlops.core.finding import Report
from nb_mlops.core.value import Struct

if TYPE_CHECKING:
    from nb_mlops.core.exhibit import Exhibits  # lint on a terminal shows none


class Form(Struct, frozen=True):
    """A form: whom it is for and what is in it, as the documentation tells it (Markdown, from docs/). `needs` names the
    parts of Exhibits that it shows."""

    name: str
    reader: str
    about: str
    needs: tuple[str, ...] = ()

    def render(self, report: Report, exhibits: Exhibits | None) -> str:
        """The whole report, ending with a newline; `exhibits` may be None for a form that needs nothing of them."""
        writer = importlib.import_module(f"nb_mlops.reporters.{self.name}")
        text: str = writer.render(report, exhibits) if self.needs else writer.render(report)
        return text


_SARIF = "SARIF 2.1.0: line and column in the file, the cell as logical location, pages of the rules, safe fixes"
_GITHUB = "annotations beside the lines, the gravest first, as a job shows only ten of each kind"
_HTML = (
    "one file without script or network: findings, the cell graph with a clean run and the recorded one side by side, "
    "pages of the rules"
)
FORMS = {
    form.name: form
    for form in (
        Form("text", "people at a terminal", "the line, the cell, both replays, the way out"),
        Form("json", "programs", "[json.md](json.md)"),
        Form("sarif", "code scanning, editors", f"{_SARIF} as replacements", ("regions", "patches", "rules")),
        Form("github", "GitHub Actions", _GITHUB, ("regions",)),
        Form("gitlab", "GitLab", "a Code Quality artefact; fingerprints survive moved lines", ("regions",)),
        Form("junit", "any CI", "a test case a notebook", ("fail_on",)),
        Form("markdown", "a job's page, a comment", "verdict, notes, the hundred gravest findings", ("fail_on",)),
        Form("html", "people in a browser", _HTML, ("graphs", "rules")),
    )
}

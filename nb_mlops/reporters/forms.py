"""The forms a report comes in: what each is for, what it needs beside the findings, and who writes it."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from nb_mlops.core.finding import Report
from nb_mlops.core.value import Struct

if TYPE_CHECKING:
    from nb_mlops.core.exhibit import Exhibits  # lint on a terminal shows none


class Form(Struct, frozen=True):
    """A form. `needs` names the parts of Exhibits that it shows."""

    name: str
    about: str
    needs: tuple[str, ...] = ()

    def render(self, report: Report, exhibits: Exhibits | None) -> str:
        """The whole report, ending with a newline; `exhibits` may be None for a form that needs nothing of them."""
        writer = importlib.import_module(f"nb_mlops.reporters.{self.name}")
        text: str = writer.render(report, exhibits) if self.needs else writer.render(report)
        return text


FORMS = {
    form.name: form
    for form in (
        Form("text", "for people at a terminal"),
        Form("json", "for programs; see docs/json.md"),
        Form("sarif", "SARIF 2.1.0, for code scanning and editors", ("regions", "patches", "rules")),
        Form("github", "annotations of a GitHub Actions run", ("regions",)),
        Form("gitlab", "GitLab's Code Quality report", ("regions",)),
        Form("junit", "JUnit XML: a test case a notebook", ("fail_on",)),
        Form("markdown", "a summary for a job page or a comment", ("fail_on",)),
        Form("html", "a page of its own, with the cell graph and both replays", ("graphs", "rules")),
    )
}

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import jsonschema
import pytest
from helpers_repo import notebook_of

from nb_mlops.commands.steps.exhibits import exhibits
from nb_mlops.core.exhibit import Exhibits, Region, RuleNote
from nb_mlops.core.finding import CellRef, Finding, Fix, Report, Severity
from nb_mlops.core.graph import Graph, GraphNode, GraphRead
from nb_mlops.core.notebook import Position, Span
from nb_mlops.core.settings import LintSettings
from nb_mlops.reporters import html, junit, markdown
from nb_mlops.reporters.forms import FORMS

SCHEMA = json.loads((Path(__file__).parents[1] / "data" / "sarif-2.1.0.schema.json").read_text("utf-8"))
HOSTILE = '<script>alert(1)</script> | `x` %0A::error:: ]]> & "quoted" \x00 @all'


def finding(message: str = "Read `rate` as it was.", path: str = "a b/träin.ipynb", **more: object) -> Finding:
    span = Span(3, "source", Position(2, 4), Position(2, 8))
    values = {"severity": Severity.ERROR, "span": span, "cell": CellRef(3, "k", 7), "fingerprint": "0" * 16, **more}
    return Finding("EX001", "stale-dependency", message=message, path=path, **values)  # type: ignore[arg-type]


def note(code: str = "EX001") -> RuleNote:
    return RuleNote(code, "stale-dependency", "error", "A stale result.", "A stale result.\n\n## What to do\n\nRun it.")


EXHIBITS = Exhibits((Region(12, 7, 12, 11),), ((),), {}, (note(),))


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.name)
def test_every_form_says_something_of_every_report_and_ends_with_a_newline(form: object) -> None:
    for report in (
        Report(),
        Report((finding(HOSTILE), Finding("FM001", "x", Severity.INFO, HOSTILE, "b.ipynb")), 1, 2),
    ):
        text = form.render(report, Exhibits())  # type: ignore[attr-defined]
        assert text.endswith("\n")
        text.encode("utf-8")


def test_sarif_is_valid_by_the_published_schema_and_points_at_cell_and_line() -> None:
    report = Report((finding(),), 0, 1)
    log = json.loads(FORMS["sarif"].render(report, EXHIBITS))
    jsonschema.Draft7Validator(SCHEMA).validate(log)
    (run,) = log["runs"]
    (result,) = run["results"]
    (place,) = result["locations"]
    assert unquote(place["physicalLocation"]["artifactLocation"]["uri"]) == "a b/träin.ipynb"
    assert place["physicalLocation"]["region"] == {"startLine": 12, "startColumn": 7, "endLine": 12, "endColumn": 11}
    assert place["logicalLocations"][0]["name"] == "cell 4 [In 7] line 2"
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "EX001"


def test_github_annotations_are_one_line_each_whatever_a_message_holds() -> None:
    lines = FORMS["github"].render(Report((finding("two\nlines, 100%: sure"),), 0, 1), EXHIBITS).splitlines()
    assert lines[0] == (
        "::error file=a b/träin.ipynb,line=12,endLine=12,title=EX001 stale-dependency in cell 4 [In 7] line 2"
        "::two%0Alines, 100%25: sure"
    )


def test_github_shows_the_gravest_first() -> None:
    light = Finding("ED001", "large-output", Severity.WARNING, "Large.", "a.ipynb")
    text = FORMS["github"].render(Report((light, finding(path="z.ipynb")), 0, 2), Exhibits())
    assert text.index("::error") < text.index("::warning")


def test_gitlab_fingerprints_tell_equal_findings_apart_and_do_not_depend_on_lines() -> None:
    twice = Report((finding(), finding()), 0, 1)
    entries = json.loads(FORMS["gitlab"].render(twice, EXHIBITS))
    assert len({entry["fingerprint"] for entry in entries}) == 2
    moved = json.loads(FORMS["gitlab"].render(twice, Exhibits((Region(99, 1, 99, 2),))))
    assert [entry["fingerprint"] for entry in moved] == [entry["fingerprint"] for entry in entries]
    assert entries[0]["location"] == {"path": "a b/träin.ipynb", "lines": {"begin": 12}}
    assert set(entries[0]) == {"description", "check_name", "fingerprint", "severity", "location"}


def test_junit_has_a_case_for_every_notebook_and_fails_those_above_the_threshold() -> None:
    light = Finding("ED001", "large-output", Severity.WARNING, HOSTILE, "b.ipynb")
    report = Report((finding(HOSTILE, "a.ipynb"), light), 0, 3, 0, ("a.ipynb", "b.ipynb", "c.ipynb"))
    suites = ElementTree.fromstring(junit.render(report, Exhibits(fail_on="error")))
    cases = {case.get("name"): case for case in suites.iter("testcase")}
    assert set(cases) == {"a.ipynb", "b.ipynb", "c.ipynb"}
    assert [name for name, case in cases.items() if case.find("failure") is not None] == ["a.ipynb"]
    assert cases["b.ipynb"].find("system-out") is not None
    assert (suites.get("tests"), suites.get("failures")) == ("3", "1")


def test_markdown_rows_stay_rows_and_texts_stay_texts() -> None:
    page = markdown.render(Report((finding(HOSTILE, "a|b.ipynb"),), 0, 1), Exhibits())
    (row,) = [line for line in page.splitlines() if line.startswith("| error")]
    assert row.replace("\\|", "").count("|") == 5
    assert "<script>" not in page.replace("\\<", "") and "\\@all" in row
    assert page.startswith("## nb-mlops: failed")


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_html_needs_nothing_else_and_lets_no_notebook_speak_for_it() -> None:
    nodes = (GraphNode(0, "a", HOSTILE, 2), GraphNode(1, "b", "y", 1))
    graph = Graph(nodes, (GraphRead(0, 1, HOSTILE),), (1, 0))
    hostile = finding(HOSTILE, f"{HOSTILE}.ipynb", fix=Fix(HOSTILE, ()), data={"excerpt": HOSTILE, "caret": [0, 7]})
    page = Page()
    text = html.render(Report((hostile,), 0, 1), Exhibits((), (), {hostile.path: graph}, (note(),)))
    page.feed(text)
    assert page.open == []
    assert not {tag for tag, _ in page.tags} & {"script", "img", "link", "iframe", "object"}
    assert not [value for _, attrs in page.tags for name, value in attrs.items() if name.startswith("on")]
    assert all((attrs.get("href") or "#").startswith("#") for _, attrs in page.tags)
    assert "default-src 'none'" in text and "@media(prefers-color-scheme:dark)" in text
    assert "<script>" not in text


def test_html_names_its_pictures_and_its_tables_for_those_who_do_not_see_them() -> None:
    graph = Graph(
        (GraphNode(0, "a", "x = 1", 3), GraphNode(1, "b", "x = 2", 1), GraphNode(2, "c", "print(x)", 2)),
        (GraphRead(1, 2, "x", recorded=True), GraphRead(0, 2, "x", clean=False, recorded=True)),
        (1, 2, 0),
    )
    text = html.render(Report((finding(path="a.ipynb"),), 0, 1), Exhibits((), (), {"a.ipynb": graph}))
    page = Page()
    page.feed(text)
    (svg,) = [attrs for tag, attrs in page.tags if tag == "svg"]
    for name in (svg["aria-labelledby"] or "").split():
        assert f'id="{name}"' in text
    assert "as it was run" in text and "1 read differs" in text
    assert "<td>cell 2</td><td>cell 1, cell 2</td>" in text


def test_a_graph_of_a_real_notebook_shows_the_read_that_a_clean_run_answers_otherwise(tmp_path: Path) -> None:
    cells = [("rate = 1", 1), ("print(rate)", 3), ("rate = 2", 2)]
    path = tmp_path / "a.ipynb"
    path.write_bytes(notebook_of(*cells))
    report = Report((finding(path=str(path)),), 0, 1)
    graph = exhibits(report, LintSettings(), ("graphs",)).graphs[str(path)]
    assert {(read.source, read.reader, read.clean, read.recorded) for read in graph.reads} == {
        (0, 1, True, False),
        (2, 1, False, True),
    }
    assert graph.ran == (0, 2, 1)


def test_a_module_that_was_imported_again_is_no_other_read(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    path.write_bytes(notebook_of(("import math", 1), ("math.pi", 3), ("import math", 2)))
    graph = exhibits(Report((finding(path=str(path)),), 0, 1), LintSettings(), ("graphs",)).graphs[str(path)]
    assert [(read.source, read.clean, read.recorded) for read in graph.reads] == [(0, True, True)]

from __future__ import annotations

import base64
import io
import re
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest
from helpers_run import displayed, notebook, printed, record

from nb_mlops.checker import shown
from nb_mlops.checker.grid import Bound, Grid, Point, Row, bounds_json, grid_findings, grid_json
from nb_mlops.checker.report import report_json
from nb_mlops.checker.verdict import judge
from nb_mlops.compare.images import changed_pixels
from nb_mlops.compare.tolerances import Tolerances
from nb_mlops.core.exhibit import CheckExhibits
from nb_mlops.core.notebook import Notebook
from nb_mlops.core.run import Metric, RunError, RunRecord, RunStatus
from nb_mlops.core.value import replace
from nb_mlops.reporters import check_html, check_junit, grid_html, plots

VOID = {"meta", "br", "img", "input", "link", "hr"}


def drawing(*dots: int) -> str:
    """A small picture with black columns at these places."""
    from PIL import Image

    picture = Image.new("RGB", (20, 10), "white")
    for x in dots:
        for y in range(10):
            picture.putpixel((x, y), (0, 0, 0))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


class Page(HTMLParser):
    """Every tag closed in turn, and nothing that would be loaded or run."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loaded: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        given = dict(attrs)
        source = given.get("src") or ""
        if (
            tag == "script"
            or (source and not source.startswith("data:image/"))
            or any(n.startswith("on") for n in given)
        ):
            self.loaded.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def checked(source: Notebook, *records: RunRecord) -> tuple[str, dict[str, Any], Any]:
    judgement = judge(source, records, Tolerances())
    exhibits = CheckExhibits(
        shown.parted(source, records, judgement),
        shown.aged(source, records, judgement),
        shown.titles(source),
        "run.html",
    )
    report = report_json(judgement, records, ".nb-mlops/evidence/x")
    return check_html.render("train.ipynb", report, judgement.findings, exhibits), report, judgement.findings


@pytest.fixture(scope="module")
def parted() -> tuple[str, dict[str, Any], Any]:
    source = notebook("import numpy", "draw() # <script>alert(1)</script>", "plot()")

    def run(label: str, value: float, column: int, **changes: Any) -> RunRecord:
        lines = "".join(f"row {i}\n" for i in range(40)) + f"loss {value} <b>\nwrite to ada@acme-widgets.com\n"
        outputs = ((), (printed(lines),), (displayed(image_png=drawing(3, column), text_plain="<Figure>"),))
        return record(label, *outputs, metrics=(Metric("auc", value, True, 1),), seconds=2.5, **changes)

    return checked(source, run("R0", 0.25, 5), run("R1", 0.75, 9), run("R2", 0.5, 12, factors={"PYTHONHASHSEED": "1"}))


def test_the_page_of_a_check_needs_nothing_else_and_runs_nothing(parted: tuple[str, dict[str, Any], Any]) -> None:
    page = parted[0]
    assert Page(page).loaded == []
    assert "<script" not in page and "default-src 'none'" in page and 'href="run.html"' in page


def test_the_page_shows_both_sides_of_a_cell_that_parts_and_what_changed_in_its_picture(
    parted: tuple[str, dict[str, Any], Any],
) -> None:
    page = parted[0]
    assert "loss <mark>0.25</mark> &lt;b&gt;" in page and "loss <mark>0.75</mark> &lt;b&gt;" in page
    assert "equal lines" in page and page.count("data:image/png;base64,") == 3
    assert "ada@acme-widgets.com" not in page


def test_the_page_shows_how_a_metric_spreads_over_the_runs(parted: tuple[str, dict[str, Any], Any]) -> None:
    assert all(
        f"<title>{label}: {value}</title>" in parted[0] for label, value in (("R0", 0.25), ("R1", 0.75), ("R2", 0.5))
    )
    assert parted[1]["metrics"][0]["by_run"] == {"R0": 0.25, "R1": 0.75, "R2": 0.5}


def test_in_the_picture_of_changes_only_what_changed_is_red() -> None:
    from PIL import Image

    data = changed_pixels(drawing(3, 5), drawing(3, 9))
    picture = Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB")
    red = {x for x in range(20) if picture.getpixel((x, 4)) == (200, 20, 30)}
    assert red == {5, 9}
    assert changed_pixels(drawing(3), "bm90IGFuIGltYWdl") == ""


def test_junit_has_a_case_a_run_and_one_for_their_agreement(parted: tuple[str, dict[str, Any], Any]) -> None:
    _, report, findings = parted
    suite = ElementTree.fromstring(check_junit.render("train.ipynb", report, findings)).find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures"), suite.get("time")) == ("4", "1", "7.500")
    names = [case.get("name") for case in suite]
    assert names == ["R0", "R1", "R2 PYTHONHASHSEED=1", "the same answer"]
    (failure,) = suite.iter("failure")
    assert "CK002" in str(failure.get("message")) and "CK003" in str(failure.text)


def test_a_run_that_fails_fails_its_case() -> None:
    error = RunError("ValueError", "no", 1)
    failed = replace(record("R0", (), ()), status=RunStatus.CELL_FAILED, error=error)
    page, report, findings = checked(notebook("a = 1", "raise ValueError('no')"), failed)
    Page(page)
    assert "cell-failed in cell 2 (ValueError)" in page
    suite = ElementTree.fromstring(check_junit.render("n.ipynb", report, findings)).find("testsuite")
    assert suite is not None and [bool(case.findall("failure")) for case in suite] == [True, True]


def test_the_page_of_a_grid_draws_each_metric_against_each_parameter_that_varies() -> None:
    source = notebook("depth = 1")
    rows = [
        Row(
            Point(f"depth={d}, <kind>={k}", {"depth": d, "<kind>": k, "same": 1}),
            record("P", metrics=(Metric("auc", d / 10),)),
        )
        for d in (1, 5, 9)
        for k in ("a", "b")
    ]
    wanted = Grid(tuple(row.point for row in rows), (Bound("auc", 0.3),))
    findings = tuple(grid_findings(source, wanted, rows))
    report = {"verdict": "failed", "points": grid_json(rows), "bounds": bounds_json(wanted.bounds)}
    page = grid_html.render("g.ipynb", report, findings)
    assert Page(page).loaded == []
    assert re.findall(r'aria-label="(auc against [^"]*)"', page) == [
        "auc against depth, 6 points",
        "auc against &lt;kind&gt;, 6 points",
    ]
    assert page.count('class="dot other"') == 4 and "must be at least 0.3" in page
    suite = ElementTree.fromstring(check_junit.render_grid("g.ipynb", report, findings)).find("testsuite")
    assert suite is not None and (suite.get("tests"), suite.get("failures")) == ("7", "1")


@pytest.mark.parametrize(("least", "most"), [(0.0, 1.0), (0.49, 0.53), (-3e9, 2e9), (1e-7, 3e-7), (5.0, 5.0)])
def test_ticks_are_few_and_inside(least: float, most: float) -> None:
    found = plots.ticks(least, most)
    assert 1 <= len(found) <= 7 and all(least - 1e-12 <= tick <= most + abs(most) * 1e-9 for tick in found)

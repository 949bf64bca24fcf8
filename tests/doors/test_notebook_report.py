"""`nb_mlops.report()` in a notebook: the same findings as the command line, as plain HTML that may stand anywhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from helpers_lab import cell, write_notebook

import nb_mlops
from nb_mlops.core.errors import UsageError


class Shape(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    return write_notebook(tmp_path / "a <b>.ipynb", cell("x = 1", count=1), cell("print(x, missing)", count=2))


def test_it_says_what_lint_says_and_is_well_formed(notebook: Path) -> None:
    found = nb_mlops.report(notebook)
    shape = Shape()
    shape.feed(found._repr_html_())
    assert shape.open == []
    plain = {"div", "p", "strong", "table", "tbody", "tr", "td", "code", "br", "small", "details", "summary", "pre"}
    assert shape.seen <= plain, "what code hosts let through"
    assert "EX005" in shape.text and "cell 2 [In 2] line 1" in shape.text and "a <b>.ipynb" in shape.text
    assert [finding.code for finding in found.findings] == [one.code for one in nb_mlops.lint(str(notebook)).findings]
    assert "EX005" in repr(found)


def test_the_line_that_is_meant_folds_out(notebook: Path) -> None:
    assert (
        "<summary><small>the line</small></summary><pre>print(x, missing)</pre>"
        in nb_mlops.report(notebook)._repr_html_()
    )


def test_text_keeps_the_colour_of_the_page(notebook: Path) -> None:
    styles = re.findall(r'style="([^"]*)"', nb_mlops.report(notebook)._repr_html_())
    assert not [one for style in styles for one in style.split(";") if one.startswith(("color:", "background"))]


def test_nothing_in_it_can_run(notebook: Path) -> None:
    html = nb_mlops.report(notebook)._repr_html_()
    assert not re.search(r"<script|<style|<iframe|\bon\w+=|javascript:|<b>", html)


def test_it_finds_the_notebook_it_runs_in(notebook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="cannot be told"):
        nb_mlops.report()
    monkeypatch.setenv("JPY_SESSION_NAME", str(notebook))
    assert nb_mlops.report().path == str(notebook)
    monkeypatch.setenv("JPY_SESSION_NAME", f"some/where/{notebook.name}")
    assert nb_mlops.report().path == notebook.name

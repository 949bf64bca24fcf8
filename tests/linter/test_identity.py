"""What changes a finding's identity, and what must not."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from helpers_tokens import token

import nb_mlops
from nb_mlops.linter.identity import content

PACKAGE = Path(nb_mlops.__file__).parent
# Files of some size and of every kind of syntax; they stand in for cells.
SOURCES = sorted((PACKAGE / "analysis").rglob("*.py")) + sorted((PACKAGE / "portable").glob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_code_printed_anew_from_its_tree_is_the_same_content(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert content(ast.unparse(ast.parse(source)), True) == content(source, True)


def test_code_that_a_formatter_has_rewritten_is_the_same_content(tmp_path: Path) -> None:
    copies = [tmp_path / f"cell_{number}.py" for number in range(len(SOURCES))]
    for path, copy in zip(SOURCES, copies, strict=True):
        copy.write_bytes(path.read_bytes())
    settings = "line-length = 40\n[format]\nquote-style = 'single'\nskip-magic-trailing-comma = true\n"
    (tmp_path / "ruff.toml").write_text(settings)
    run = [sys.executable, "-m", "ruff", "format", "--no-cache", "-q", str(tmp_path)]
    assert subprocess.run(run, check=False).returncode == 0
    changed = 0
    for path, copy in zip(SOURCES, copies, strict=True):
        before, after = path.read_text("utf-8"), copy.read_text("utf-8")
        changed += before != after
        assert content(before, True) == content(after, True), path.name
    assert changed > len(SOURCES) // 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("f( 1,2 )", "f(\n    1,\n    2,\n)  # why"),
        ("x = 'a'", '# a remark\nx = "a"\n\n'),
        ("x = (1 +\n 2)", "x = 1 + 2"),
        ("%matplotlib  inline\nx=1", "%matplotlib inline\n\nx = 1"),
        ("!pip install  x", "!pip install x"),
        ("def f():\n  '''A\n  page.'''", 'def f():\n    """A\n    page."""'),
        ("x = 1  # nbm: ignore[EX001] known", "x = 1"),
    ],
)
def test_layout_and_remarks_are_no_content(one: str, other: str) -> None:
    assert content(one, True) == content(other, True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = 1", "x = 2"),
        ("x = 1", "x = '1'"),
        ("x = 1", "x = 1.0"),
        ("x = None", "x = ''"),
        ("f(x)", "f(*x)"),
        ("if a:\n    b\nc", "if a:\n    b\n    c"),
        ("!pip install x", "!pip install y"),
        ("x = !ls", "y = !ls"),
        ("%%bash\nls", "%%bash\ncat"),
        ("# one thing", "# another thing"),
        ("let x = 1", "let x = 2"),
        ("import a.b", "import a"),
    ],
)
def test_what_a_cell_does_is_content(one: str, other: str) -> None:
    assert content(one, True) != content(other, True)


def test_a_cell_that_python_cannot_read_counts_by_its_text_without_white_space() -> None:
    assert content("x <-  1\n\ny", False) == content("x <- 1\ny", False) != content("x <- 2\ny", False)
    assert content("for x in", True) == content("for  x in\n", True)


def test_nothing_that_few_people_have_is_part_of_the_content() -> None:
    for one, other in (
        (token("hugging-face-token", 1), token("hugging-face-token", 2)),
        ("grace.h@harbour-mail.org", "ada.l@harbour-mail.org"),
        ("/home/ghopperly/x", "/home/alovelace/x"),
        ("+1 (415) 555-0132", "+1 (415) 555-0199"),
        ("1990-02-13", "1991-12-31"),
        ("4539 1488 0343 6467", "4539 1488 0343 6400"),
    ):
        pair = [value.ljust(max(len(one), len(other))) for value in (one, other)]
        for form in ("x = '{}'", "# {}", "Call {}!", "x = ["):
            if len(one) == len(other):
                assert content(form.format(one), True) == content(form.format(other), True), form
            assert one not in content(form.format(pair[0]), True)


def test_code_nested_too_deeply_to_be_written_out_still_counts() -> None:
    deep = "x = " + "-" * 900 + "1"
    assert content(deep, True) == content(deep + "\n", True) != content(deep + "2", True)

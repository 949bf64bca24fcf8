from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from helpers_cli import called, content

from nb_mlops.linter.rule import code, markdown, stdout


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Any:
    """The command line as the shell calls it: (exit code, stdout, stderr)."""

    def call(*words: str, stdin: bytes = b"") -> tuple[int, bytes, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        status, out, err = called(words, monkeypatch, capfdbinary)
        return status, out, err.decode()

    return call


ADDRESS = code("print(open('mail').read())", stdout("ada.l@ada-online.org\n"), count=2)
EMPTY = code("")
UNFIXABLE = code("!pip install pandas")


def test_clean_takes_out_what_must_not_travel_says_so_and_is_content(run: Any) -> None:
    before = content(ADDRESS, UNFIXABLE, EMPTY, markdown("é"))
    Path("a.ipynb").write_bytes(before)
    status, out, err = run("clean", "a.ipynb")
    assert status == 0
    assert out == b"a.ipynb:cell 1 [In 2] output 1 line 1: PI001 email-in-output: Mask the addresses in this output\n"
    assert err == "1 thing taken out of 1 of 1 notebooks.\n"
    assert Path("a.ipynb").read_bytes() == before.replace(b"ada.l@ada-online.org", b"[email]")


def test_cleaning_twice_is_cleaning_once(run: Any) -> None:
    Path("a.ipynb").write_bytes(content(ADDRESS))
    run("clean")
    once = Path("a.ipynb").stat().st_mtime_ns
    assert run("clean") == (0, b"", "")
    assert Path("a.ipynb").stat().st_mtime_ns == once


def test_check_writes_nothing_and_exits_with_1_until_it_is_clean(run: Any) -> None:
    before = content(ADDRESS)
    Path("a.ipynb").write_bytes(before)
    status, out, err = run("clean", "--check")
    assert (status, err) == (1, "1 thing would be taken out of 1 of 1 notebooks.\n")
    assert b"PI001" in out
    assert Path("a.ipynb").read_bytes() == before
    run("clean")
    assert run("clean", "--check") == (0, b"", "")


def test_a_filter_reads_standard_input_and_writes_standard_output(run: Any) -> None:
    before = content(ADDRESS)
    status, out, err = run("clean", "-", stdin=before)
    assert (status, out) == (0, before.replace(b"ada.l@ada-online.org", b"[email]"))
    assert "PI001" in err
    assert run("clean", "-", stdin=out) == (0, out, "")


@pytest.mark.parametrize("other", [b"not json", b"", b'{"cells": 3}', b"\xff\xfe"])
def test_what_is_no_notebook_passes_a_filter_unchanged(run: Any, other: bytes) -> None:
    status, out, err = run("clean", "-", stdin=other)
    assert (status, out) == (0, other)
    assert "<stdin>: skipped: not a notebook" in err


def test_a_file_that_is_no_notebook_does_not_stop_the_others(run: Any) -> None:
    Path("a.ipynb").write_text("not json")
    Path("b.ipynb").write_bytes(content(ADDRESS))
    status, _, err = run("clean")
    assert status == 0
    assert "a.ipynb: skipped: not a notebook" in err
    assert b"[email]" in Path("b.ipynb").read_bytes()


def test_the_project_says_which_rules_clean_and_may_silence_a_finding(run: Any) -> None:
    silenced = code("# nbm: ignore[PI001] a public contact\nprint(mail)", stdout("ada.l@ada-online.org\n"), count=2)
    Path("a.ipynb").write_bytes(content(silenced, EMPTY))
    assert run("clean") == (0, b"", "")
    Path("nb-mlops.toml").write_text('[lint]\nextend-select = ["FM006"]\n[clean]\nrules = ["FM006"]\n')
    assert b"FM006" in run("clean")[1]
    Path("nb-mlops.toml").write_text('[clean]\nrules = ["FN"]\n')
    status, _, err = run("clean")
    assert (status, "No rule has the code `FN`" in err) == (2, True)


def test_clean_never_touches_code(run: Any) -> None:
    token = "_".join(("hf", "QzRvTmKpWxLbNcYd" + "GhJfSaUeOiPqVtBwXr"))
    cells = (code(f'token = "{token}"'), code("print(token)", stdout(token + "\n")))
    Path("a.ipynb").write_bytes(content(*cells))
    run("clean")
    after = json.loads(Path("a.ipynb").read_bytes())
    assert ["".join(cell["source"]) for cell in after["cells"]] == [cell.source for cell in cells]


def test_fix_only_mends_these_families_and_no_others(run: Any) -> None:
    Path("a.ipynb").write_bytes(content(ADDRESS, EMPTY, code("import os\nos.getcwd()", stdout("/home/mkowalski/x\n"))))
    words = ("fix", "--extend-select", "FM006", "--only", "PI,ED")
    status, out, _ = run(*words)
    assert status == 0
    assert b"PI001" in out and b"ED013" in out and b"FM006" not in out
    assert len(json.loads(Path("a.ipynb").read_bytes())["cells"]) == 3

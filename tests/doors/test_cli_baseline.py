"""`nb-mlops baseline` and what it does to `lint` and `fix`, as the shell calls them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from helpers_cli import save
from helpers_tokens import token
from nbclient import NotebookClient

from nb_mlops.core.notebook import Notebook
from nb_mlops.core.value import replace
from nb_mlops.ipynb.read import read
from nb_mlops.ipynb.write import write
from nb_mlops.linter.rule import code, markdown, stdout

FILE = "nb-mlops-baseline.json"
INSTALL = code("!pip install pandas", count=1)
ADDRESS = code("from shop import show\nshow()", stdout("ada.l@ada-online.org\n"), count=2)
TOKEN = code(f"key = '{token('hugging-face-token')}'")
CLEAN = code("x = 1")


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "nb-mlops.toml").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_is_written_down_is_counted_and_what_is_new_shows(run: Any) -> None:
    save("nb/a.ipynb", INSTALL, ADDRESS)
    status, out, _ = run("baseline", "write")
    assert (status, out.splitlines()[-1]) == (0, f"{FILE}: 2 known findings (2 added, 0 dropped).")
    assert run("lint") == (0, "No findings in 1 notebook, 2 baselined.\n", "")
    save("nb/a.ipynb", CLEAN, ADDRESS, INSTALL, TOKEN)
    status, out, _ = run("lint", "--format", "json")
    report = json.loads(out)
    assert (status, report["baselined"], [f["code"] for f in report["findings"]]) == (1, 2, ["SE001"])
    assert "1 error in 1 notebook, 2 baselined." in run("lint")[1]


def test_writing_again_changes_no_byte_when_nothing_has_changed(run: Any) -> None:
    save("a.ipynb", INSTALL, TOKEN)
    run("baseline", "write")
    before = Path(FILE).read_bytes(), Path(FILE).stat().st_mtime_ns
    save("a.ipynb", markdown("# Title"), TOKEN, replace(INSTALL, execution_count=7))
    assert run("baseline", "write")[1].endswith("2 known findings (0 added, 0 dropped).\n")
    assert (Path(FILE).read_bytes(), Path(FILE).stat().st_mtime_ns) == before
    assert token("hugging-face-token") not in Path(FILE).read_text()


def test_the_baseline_holds_from_any_folder_of_the_project(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    save("nb/deep/a.ipynb", INSTALL)
    run("baseline", "write", "nb")
    monkeypatch.chdir("nb/deep")
    assert run("lint", "a.ipynb")[0] == 0
    assert (
        run("baseline", "show", ".")[1]
        == f"nb/deep/a.ipynb\n  RE002  1 known\n../../{FILE}: 1 known finding, 0 gone.\n"
    )


def test_what_is_gone_is_shown_and_then_dropped(run: Any) -> None:
    save("a.ipynb", INSTALL, ADDRESS)
    save("b.ipynb", INSTALL)
    run("baseline", "write")
    save("a.ipynb", ADDRESS)
    Path("b.ipynb").unlink()
    status, out, _ = run("baseline", "show")
    assert status == 0
    assert out.startswith("a.ipynb\n  PI001  1 known\n  RE002  1 gone\nb.ipynb\n  RE002  1 gone\n")
    assert f"{FILE}: 1 known finding, 2 gone." in out
    assert "(0 added, 2 dropped)" in run("baseline", "write")[1]
    assert run("baseline", "show")[1] == f"a.ipynb\n  PI001  1 known\n{FILE}: 1 known finding, 0 gone.\n"


def test_writing_one_notebook_leaves_what_is_known_of_the_others(run: Any) -> None:
    save("a.ipynb", INSTALL)
    save("b.ipynb", INSTALL)
    run("baseline", "write")
    save("a.ipynb", CLEAN)
    run("baseline", "write", "a.ipynb")
    assert list(json.loads(Path(FILE).read_text())["notebooks"]) == ["b.ipynb"]
    assert run("lint")[0] == 0


def test_the_baseline_can_be_left_aside_named_and_switched_off(run: Any) -> None:
    save("a.ipynb", INSTALL)
    run("baseline", "write", "--file", "known.json")
    assert run("lint")[0] == 1
    assert run("lint", "--baseline", "known.json")[0] == 0
    assert run("lint", "--baseline", "known.json", "--no-baseline")[0] == 1
    Path("nb-mlops.toml").write_text('[lint]\nbaseline = "known.json"\n')
    assert run("lint")[0] == 0
    assert run("lint", "--no-baseline")[0] == 1
    Path("nb-mlops.toml").write_text('[lint]\nbaseline = ""\n')
    assert run("lint")[0] == 1


def test_a_baseline_that_was_named_and_is_not_there_ends_the_call(run: Any) -> None:
    save("a.ipynb", INSTALL)
    for words in (("lint", "--baseline", "none.json"), ("baseline", "show"), ("baseline", "show", "--file", "x.json")):
        status, out, err = run(*words)
        assert (status, out) == (2, "")
        assert "nb-mlops baseline write" in err
    Path("nb-mlops.toml").write_text('[lint]\nbaseline = "none.json"\n')
    assert run("lint")[0] == 2


def test_a_baseline_that_cannot_be_read_ends_the_call_before_anything_passes(run: Any) -> None:
    save("a.ipynb", INSTALL)
    Path(FILE).write_text("{")
    assert run("lint")[0] == 2
    assert run("baseline", "write")[0] == 2
    assert Path(FILE).read_text() == "{"


def test_a_file_that_is_no_notebook_can_be_known_too(run: Any) -> None:
    Path("a.ipynb").write_text("<html></html>")
    run("baseline", "write")
    assert run("lint")[0] == 0
    assert run("lint", "--select", "SE")[0] == 0
    Path("a.ipynb").write_text("{")
    assert run("lint")[0] == 1


def test_no_notebooks_is_nothing_to_look_at(run: Any) -> None:
    assert run("baseline", "write")[0] == 3


def test_fix_mends_what_is_known_and_counts_what_is_left(run: Any) -> None:
    file = save("a.ipynb", INSTALL, ADDRESS)
    run("baseline", "write")
    status, out, _ = run("fix")
    assert status == 0
    assert out.endswith("No findings in 1 notebook, 1 baselined.\n")
    assert b"[email]" in file.read_bytes()


@pytest.mark.slow
def test_a_notebook_that_was_really_run_again_shows_nothing_new(run: Any) -> None:
    shows = code("print('ada.l@ada-online' + '.org')\nprint(id(object()))")
    fails = code("import os\nprint(os.getpid())\n1 / 0", tags=("raises-exception",))
    file = save("a.ipynb", CLEAN, shows, replace(TOKEN, id="key"), fails)
    texts = []
    for _ in range(2):
        notebook: Any = nbformat.read(file, as_version=4)
        NotebookClient(notebook, kernel_name="python3", allow_errors=True).execute()
        nbformat.write(notebook, file)
        texts.append(file.read_text())
        if len(texts) == 1:
            assert run("baseline", "write")[0] == 0
            assert {"PI001", "SE001"} <= set(json.loads(Path(FILE).read_text())["notebooks"]["a.ipynb"])
            moved = read(file.read_bytes(), "a.ipynb")
            assert isinstance(moved, Notebook)
            first, *rest = moved.cells
            cells = (*rest, replace(first, index=3), replace(code("print( 2 )"), id="new", index=4))
            file.write_bytes(write(replace(moved, cells=tuple(replace(c, index=n) for n, c in enumerate(cells)))))
    assert texts[0] != texts[1]
    assert run("lint")[0] == 0

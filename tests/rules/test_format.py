"""Format rules on whole files: what their fixes write."""

from __future__ import annotations

import json
from typing import Any

import nbformat
import pytest

from nb_mlops.core.notebook import Notebook
from nb_mlops.core.settings import LintSettings
from nb_mlops.ipynb.read import read
from nb_mlops.ipynb.write import write
from nb_mlops.linter.difference import difference
from nb_mlops.linter.engine import lint
from nb_mlops.linter.load import load_rules
from nb_mlops.linter.repair import Repaired, repair

RULES = load_rules()


def cell(kind: str = "code", source: str = "x = 1", **fields: Any) -> dict[str, Any]:
    code = {"execution_count": None, "outputs": []} if kind == "code" else {}
    return {"cell_type": kind, **code, "metadata": {}, "source": source, **fields}


def file(*cells: dict[str, Any], minor: int = 5, **metadata: Any) -> bytes:
    value = {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": minor}
    return json.dumps(value, indent=1).encode() + b"\n"


def opened(data: bytes) -> Notebook:
    notebook = read(data, "a.ipynb")
    assert isinstance(notebook, Notebook)
    return notebook


def mended(data: bytes, *codes: str, **settings: Any) -> tuple[bytes, Repaired]:
    done = repair(opened(data), RULES, LintSettings(select=codes, **settings))
    return write(done.notebook), done


def found(data: bytes, code: str, **settings: Any) -> list[str]:
    return [f.message for f in lint(opened(data), RULES, LintSettings(select=(code,), **settings)).findings]


def ids(data: bytes) -> list[str]:
    return [one.get("id", "") for one in json.loads(data)["cells"]]


@pytest.mark.parametrize(
    "data",
    [
        file(cell(), cell(), cell("markdown", "Text", id="kept"), cell("raw")),
        file(cell(id="one"), cell(id="one"), cell(id="two")),
        file(cell(id="no blanks"), cell(id="é"), cell(id="x" * 65), cell(id="no blanks")),
        file(cell(id=None), cell(id=7), cell(id="")),
        file(cell(id="one"), cell(), cell("markdown"), minor=4),
        file(cell(id="one"), minor=0),
    ],
)
def test_ids_are_mended_so_that_the_file_is_valid_and_everybody_gets_the_same(data: bytes) -> None:
    after, done = mended(data, "FM003")
    notebook = json.loads(after)
    nbformat.validate(notebook)
    assert len(set(ids(after))) == len(ids(after))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert mended(data, "FM003")[0] == after
    assert not done.left.findings
    before = [{k: v for k, v in one.items() if k != "id"} for one in json.loads(data)["cells"]]
    assert [{k: v for k, v in one.items() if k != "id"} for one in notebook["cells"]] == before


def test_an_id_that_is_fine_is_kept_where_others_are_mended() -> None:
    after, _ = mended(file(cell(id="load"), cell(id="load"), cell(id="fit"), cell()), "FM003")
    assert [ids(after)[0], ids(after)[2]] == ["load", "fit"]


def test_cells_with_equal_content_get_different_ids() -> None:
    after, done = mended(file(cell(), cell(), cell()), "FM003")
    assert len(set(ids(after))) == 3
    assert len(done.fixed) == 1


def test_a_diff_shows_ids_versions_and_entries_of_metadata() -> None:
    data = file(cell(), cell(metadata={"collapsed": True, "tags": ["a"]}, id="one"), minor=4, vscode={"a": {"b": 1}})
    before = opened(data)
    done = repair(before, RULES, LintSettings(select=("FM003", "FM007")))
    shown = difference(before, done.notebook)
    for line in ("-4.4\n+4.5", "-collapsed\n tags", "-vscode.a.b", "a.ipynb cell 1 id"):
        assert line in shown


def test_an_old_minor_version_is_a_finding_where_the_project_says_so_and_is_brought_up() -> None:
    data = file(cell(), cell("markdown"), minor=2)
    assert not found(data, "FM002")
    assert not found(data, "FM002", oldest_format="4.2")
    after, done = mended(data, "FM002", oldest_format="4.5")
    nbformat.validate(json.loads(after))
    assert json.loads(after)["nbformat_minor"] == 5
    assert all(ids(after))
    assert not done.left.findings


def test_a_file_in_an_old_format_has_that_one_finding_about_its_format() -> None:
    old = {"metadata": {}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": [], "metadata": {}}]}
    data = json.dumps(old).encode() + b"\n"
    assert len(found(data, "FM002", oldest_format="4.5")) == 1
    assert not found(data, "FM003")


def test_metadata_that_is_noise_goes_and_every_other_byte_stays() -> None:
    noisy = cell(metadata={"collapsed": True, "tags": ["keep"], "ExecuteTime": {"start_time": "t"}}, id="a")
    data = file(noisy, cell(metadata={"scrolled": False}, id="b"), vscode={"interpreter": {"hash": "0"}}, title="T")
    after, done = mended(data, "FM007")
    clean = file(cell(metadata={"tags": ["keep"]}, id="a"), cell(metadata={}, id="b"), title="T")
    assert json.loads(after) == json.loads(clean)
    assert len(done.fixed) == 1


def test_an_id_of_colab_goes_unless_a_link_leads_there() -> None:
    cells = (
        cell("markdown", "[here](#scrollTo=aaaa1111)"),
        cell(metadata={"id": "aaaa1111"}),
        cell(metadata={"id": "b"}),
    )
    after, _ = mended(file(*cells, minor=0, colab={"provenance": []}), "FM007")
    assert [one["metadata"] for one in json.loads(after)["cells"]] == [{}, {"id": "aaaa1111"}, {}]
    assert not found(file(*cells, minor=0), "FM007"), "without an entry of Colab's the id is somebody else's"


def test_empty_cells_go_and_their_neighbours_stay_to_the_byte() -> None:
    data = file(
        cell(source="a", id="a"), cell(source=" \n", id="b"), cell("markdown", "", id="c"), cell(source="d", id="d")
    )
    after, done = mended(data, "FM006")
    assert after == file(cell(source="a", id="a"), cell(source="d", id="d"))
    assert len(done.fixed) == 2


def test_all_format_fixes_together_come_to_rest() -> None:
    noisy = cell(source="", metadata={"collapsed": True, "trusted": True})
    data = file(noisy, noisy, cell(metadata={"scrolled": True, "trusted": True}), signature="sha256:0", minor=5)
    after, done = mended(data, "FM")
    assert not done.left.findings
    nbformat.validate(json.loads(after))
    assert len(json.loads(after)["cells"]) == 1


@pytest.mark.parametrize(
    ("end", "count"), [(b"\n", 0), (b"\r\n", 0), (b"", 1), (b"\n\n", 1), (b" \n", 1), (b"\n ", 1), (b"\r\n\r\n", 1)]
)
def test_the_file_ends_with_one_newline(end: bytes, count: int) -> None:
    assert len(found(file(cell(id="a")).rstrip() + end, "FM009")) == count


@pytest.mark.parametrize(
    ("kernel", "info", "count"),
    [
        ("python", "python", 0),
        ("Python", "ipython", 0),
        ("", "pyspark", 0),
        ("sage", "python", 0),
        ("C#", "polyglot-notebook", 0),
        ("F#", "C#", 0),
        ("C++14", "c++", 0),
        ("R", "", 0),
        ("python", "plaintext", 0),
        ("R", "python", 1),
        ("python", "julia", 1),
    ],
)
def test_languages_that_do_not_agree(kernel: str, info: str, count: int) -> None:
    data = file(cell(id="a"), kernelspec={"name": "k", "language": kernel}, language_info={"name": info})
    assert len(found(data, "FM011")) == count


@pytest.mark.parametrize("language", ["r", "julia", "scala", "javascript"])
def test_python_under_another_name_is_found_and_code_that_only_looks_alike_is_not(language: str) -> None:
    def said(*sources: str) -> int:
        cells = [cell(source=source, id=f"c{n}") for n, source in enumerate(sources)]
        return len(found(file(*cells, kernelspec={"name": "k", "language": language}), "FM011"))

    assert said("from os import path", "x = 1", "def f():\n    pass") == (0 if language == "javascript" else 1)
    assert said("x = 1", "y = f(x)", "print(y)") == 0
    assert said("import a.b", "x = 1", "y") == 0
    assert said("from os import path", "x <- function(y) y", "val z = 1") == 0


def test_other_languages_called_python_are_found_and_a_broken_cell_or_two_are_not() -> None:
    spec = {"name": "python3", "language": "python"}

    def said(*sources: str) -> int:
        cells = [cell(source=source, id=f"c{n}") for n, source in enumerate(sources)]
        return len(found(file(*cells, kernelspec=spec), "FM011"))

    assert said("library(dplyr)", "x <- c(1, 2) %>% sum()", "y = function(x) { x }", "for (i in 1:3) print(i)") == 1
    assert said("for x in", "y = (", "x = 1", "y = 2", "z = 3") == 0
    assert said("for x in", "y = (") == 0


def test_cells_of_another_language_are_told_once_and_not_one_by_one() -> None:
    sources = ("library(dplyr)", "x <- c(1, 2) %>% sum()", "y = function(x) { x }", "for (i in 1:3) print(i)")
    data = file(*(cell(source=source) for source in sources), kernelspec={"name": "python3", "language": "python"})
    assert found(data, "FM011")
    assert not found(data, "FM014")
    assert not found(data, "EX005")


def without(part: str, kind: str = "code", **fields: Any) -> dict[str, Any]:
    return {name: value for name, value in cell(kind, **fields).items() if name != part}


def test_what_is_missing_is_added_and_every_other_byte_stays() -> None:
    data = file(without("metadata"), without("outputs"), without("execution_count"), cell(source=None), minor=4)
    with pytest.raises(nbformat.ValidationError):
        nbformat.reads(data.decode(), as_version=4)
    after, done = mended(data, "FM016")
    nbformat.validate(nbformat.reads(after.decode(), as_version=4))
    assert json.loads(after) == json.loads(file(cell(), cell(), cell(), cell(source=[]), minor=4))
    assert [line for line in data.splitlines() if line not in after.splitlines()] == [b'   "source": null']
    assert len(done.fixed) == 4
    assert not done.left.findings
    assert "metadata: nothing" in difference(opened(data), done.notebook)


@pytest.mark.parametrize(("fields", "minor"), [({}, 4), ({"id": "a"}, 5)])
def test_a_version_without_its_second_number_gets_the_one_that_its_cells_are_of(
    fields: dict[str, str], minor: int
) -> None:
    data = json.dumps({"cells": [cell(**fields)], "metadata": {}, "nbformat": 4}).encode()
    after, done = mended(data, "FM003", "FM016")
    assert json.loads(after)["nbformat_minor"] == minor
    nbformat.validate(json.loads(after))
    assert not done.left.findings


ODD_CELLS: tuple[Any, ...] = (
    "text",
    3,
    None,
    cell(source=5),
    cell(source=["a", 1]),
    cell(metadata=[1]),
    cell(outputs={"a": 1}),
    cell(outputs=["text"]),
    cell(cell_type="future"),
    cell(execution_count="3"),
    cell(outputs=[{"output_type": "stream", "name": "stdout", "text": 5}]),
    cell(metadata={"tags": "parameters"}),
    cell("markdown", attachments=[1]),
)


@pytest.mark.parametrize("odd", ODD_CELLS, ids=str)
def test_an_odd_cell_is_told_by_number_and_no_fix_touches_it(odd: Any) -> None:
    data = file(cell(source="import os", id="a"), odd, cell(source="y = 2", id="c"))
    notebook = opened(data)
    (finding,) = lint(notebook, RULES, LintSettings(select=("FM016",))).findings
    assert finding.span is not None
    assert finding.span.cell == 1
    assert finding.message.startswith("This ")
    assert finding.fix is None
    after, _ = mended(data)
    kept = json.loads(after)["cells"][1]
    assert ({key: kept[key] for key in odd} if isinstance(odd, dict) else kept) == odd


def test_many_cells_with_one_fault_are_one_finding() -> None:
    (message,) = found(file(*(without("metadata") for _ in range(7))), "FM016")
    assert message.startswith("7 cells lack `metadata`: ")

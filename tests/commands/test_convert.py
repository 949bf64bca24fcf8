"""`convert` on real runs: a package that is equal, tests that fail when it is broken, and nobody's files lost."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

import nb_mlops
from nb_mlops.commands.convert import Conversion, Wishes, convert, report, up_to_date
from nb_mlops.core.errors import RunFailedError, UsageError
from nb_mlops.core.settings import ConvertSettings, Settings
from nb_mlops.core.value import replace
from nb_mlops.outside import packages

SCHEMA = Path(nb_mlops.__file__).parent / "schemas" / "convert-report.schema.json"

CELLS = (
    ("markdown", "# Study"),
    ("code", 'DATA = "data/rows.csv"\nPOWER = 2', ["parameters"]),
    ("markdown", "## Load rows"),
    (
        "code",
        "import csv\nfrom pathlib import Path\nfrom helper import double\nhere = Path(DATA).resolve()\nprint(here)\n"
        "rows = [float(r[0]) for r in csv.reader(open(here))]\nrows",
    ),
    ("markdown", "## Clean"),
    ("code", "rows.sort()\ndef power(x):\n    return double(x) ** POWER\n"),
    ("markdown", "## Train"),
    (
        "code",
        "import nb_mlops, random\nweights = [power(r) for r in rows]\nnoise = random.random()\n"
        "contact = '@'.join(('a.keller', 'mail.example.com'))",
    ),
    ("markdown", "## Look"),
    ("code", "sum(weights)"),
    ("markdown", "## Report"),
    (
        "code",
        "nb_mlops.metric('total', sum(weights))\nprint('total', sum(weights))\n"
        "with open('made/total.txt', 'w') as file:\n    file.write('12')",
    ),
)  # fmt: skip


def write(path: Path, cells: tuple[tuple[object, ...], ...], counts: tuple[int | None, ...] = ()) -> Path:
    made = []
    for number, (kind, source, *tags) in enumerate(cells):
        cell = {"cell_type": kind, "id": f"c{number}", "metadata": {"tags": tags[0]} if tags else {}, "source": source}
        count = counts[number] if counts else None
        made.append({**cell, "execution_count": count, "outputs": []} if kind == "code" else cell)
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    book = {"cells": made, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(book), encoding="utf-8")
    return path


def suite_of(package: Path) -> tuple[int, str]:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", str(package)]
    done = subprocess.run(command, cwd=package.parent, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Conversion]:
    """One notebook with parameters, a data file, a module beside it, chance and an address, converted."""
    folder = tmp_path_factory.mktemp("project") / "my study"
    (folder.parent / ".git").mkdir()
    (folder / "data").mkdir(parents=True)
    (folder / "made").mkdir()
    (folder / "data" / "rows.csv").write_text("3\n1\n2\n")
    (folder / "helper.py").write_text("def double(x):\n    return 2 * x\n")
    write(folder / "a study.ipynb", CELLS)
    before = Path.cwd()
    os.chdir(folder)
    try:
        return folder, convert("a study.ipynb", "package")
    finally:
        os.chdir(before)


@pytest.mark.slow
def test_the_package_is_equal_and_says_what_is_not_held_to_its_value(converted: tuple[Path, Conversion]) -> None:
    _, result = converted
    assert result.equal
    assert result.level == "functions"
    assert result.outcome is not None
    assert (result.outcome.equal, result.outcome.nondeterministic) == (result.outcome.compared, 1)
    said = {finding.rule: finding.message for finding in result.findings}
    assert "`noise`" in said["value-not-tested"] or "`contact`" in said["value-not-tested"]
    jsonschema.validate(report(result), json.loads(SCHEMA.read_text()))


@pytest.mark.slow
def test_stages_and_functions_are_tested_by_themselves_where_they_can_be(converted: tuple[Path, Conversion]) -> None:
    folder, _ = converted
    parts = json.loads((folder / "package" / "tests" / "alone.json").read_text())
    assert {name.partition(".")[2] for name in parts["stages"]} >= {"clean"}
    assert {call["function"] for call in parts["calls"]} == {"power"}
    readme = (folder / "package" / "README.md").read_text()
    assert {f"`{name}`" in readme for name in (*parts["stages"], "lib.power")} == {True}


@pytest.mark.slow
def test_the_golden_files_hold_no_address_and_nobodys_folder(converted: tuple[Path, Conversion]) -> None:
    folder, result = converted
    texts = [path.read_text() for path in (folder / "package" / "tests" / "golden").glob("*.json")]
    assert texts
    assert not any("mail.example" in text for text in texts)
    assert not any(folder.name in text for text in texts)
    assert any("<project>/data/rows.csv" in text for text in texts)
    assert result.outcome is not None
    assert "printed texts" in [one.what for one in result.outcome.beside if one.equal == one.compared == 2]


@pytest.mark.slow
def test_its_tests_pass_and_fail_without_any_one_stage(converted: tuple[Path, Conversion]) -> None:
    folder, _ = converted
    package = folder / "package"
    code, out = suite_of(package)
    assert code == 0, out
    pipeline = package / "src" / "a_study" / "pipeline.py"
    text = pipeline.read_text()
    calls = [line for line in text.splitlines(keepends=True) if re.match(r" {8,12}[a-z].*\)$", line.rstrip())]
    assert len(calls) == 5
    try:
        for call in calls:
            pipeline.write_text(text.replace(call, f"{call[: len(call) - len(call.lstrip())]}pass\n"))
            assert suite_of(package)[0] == 1, f"nobody misses {call.strip()}"
    finally:
        pipeline.write_text(text)


@pytest.mark.slow
def test_it_runs_from_its_command_line_with_other_parameters(converted: tuple[Path, Conversion]) -> None:
    folder, _ = converted
    command = [sys.executable, "-m", "a_study", "--power", "1"]
    environ = {**os.environ, "PYTHONPATH": str(folder / "package" / "src")}
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=True)
    assert "metric total = 12.0" in done.stdout


@pytest.mark.slow
def test_a_notebook_that_fails_is_no_ground_for_a_package(tmp_path: Path) -> None:
    path = write(tmp_path / "n.ipynb", (("code", "x = 1"), ("code", "y = x / 0")))
    with pytest.raises(RunFailedError, match="cell 2: ZeroDivisionError"):
        convert(str(path))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["n.ipynb"]


@pytest.mark.slow
def test_a_notebook_that_takes_too_long_is_told_where_more_time_is_given(tmp_path: Path) -> None:
    path = write(tmp_path / "n.ipynb", (("code", "x = 1"), ("code", "import time\ntime.sleep(600)")))
    settings = replace(Settings(), convert=ConvertSettings(timeout=3))
    with pytest.raises(RunFailedError, match=r"takes too long.* in cell 2") as raised:
        convert(str(path), settings=settings)
    assert "timeout" in raised.value.remedy


def test_without_a_run_the_package_is_there_and_marked_unproven(tmp_path: Path) -> None:
    path = write(tmp_path / "n.ipynb", (("code", "x = 1"), ("code", "y = x")))
    result = convert(str(path), run=False)
    assert (result.equal, result.outcome) == (True, None)
    assert [finding.rule for finding in result.findings] == ["unproven-conversion"]
    package = tmp_path / "n_package"
    assert "Unproven" in (package / "README.md").read_text()
    assert not (package / "tests" / "test_golden.py").exists()
    assert suite_of(package)[0] == 0


def test_a_folder_with_somebodys_files_is_refused_and_untouched(tmp_path: Path) -> None:
    path = write(tmp_path / "n.ipynb", (("code", "x = 1"),))
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.tex").write_text("years of work")
    with pytest.raises(UsageError, match="would be lost"):
        convert(str(path), str(other), run=False)
    assert [p.name for p in other.iterdir()] == ["thesis.tex"]


def test_a_package_of_the_same_notebook_is_replaced_and_that_of_another_is_not(tmp_path: Path) -> None:
    first = write(tmp_path / "n.ipynb", (("code", "x = 1"),))
    out = tmp_path / "out"
    convert(str(first), str(out), run=False)
    write(first, (("code", "renamed = 1"),))
    convert(str(first), str(out), run=False)
    assert any("renamed" in path.read_text() for path in (out / "src" / "n").glob("*.py"))
    second = write(tmp_path / "m.ipynb", (("code", "x = 1"),))
    with pytest.raises(UsageError, match="would be lost"):
        convert(str(second), str(out), run=False)
    assert {p.name for p in tmp_path.iterdir()} == {"n.ipynb", "m.ipynb", "out"}


def test_a_package_made_again_keeps_what_was_changed_by_hand(tmp_path: Path) -> None:
    cells = (
        ("markdown", "## Load data"),
        ("code", "x = 1\ny = 2"),
        ("markdown", "## Train model"),
        ("code", "z = x + y"),
    )
    path = write(tmp_path / "n.ipynb", cells)
    out = tmp_path / "out"
    convert(str(path), str(out), run=False)
    train, load = out / "src" / "n" / "train.py", out / "src" / "n" / "load.py"
    train.write_text(train.read_text().replace("z = x + y", "z = x + y  # by hand"))
    (out / "notes.txt").write_text("mine")
    write(path, (*cells[:1], ("code", "x = 10\ny = 2"), *cells[2:], ("code", "print(z)")))
    result = convert(str(path), str(out), run=False)
    assert result.conflicts == 0
    assert "x = 10" in load.read_text()
    assert "z = x + y  # by hand" in train.read_text()
    assert "print(z)" in train.read_text()
    assert (out / "notes.txt").read_text() == "mine"
    assert "changed-by-hand" in {finding.rule for finding in result.findings}
    write(path, (*cells[:3], ("code", "z = x - y")))
    result = convert(str(path), str(out), run=False)
    assert (result.conflicts, result.equal) == (1, False)
    assert "<<<<<<< by hand" in train.read_text()
    assert json.loads(json.dumps(report(result)))["conflicts"] == 1


def test_check_tells_whether_the_package_was_made_from_the_notebook_as_it_stands(tmp_path: Path) -> None:
    cells = (("code", "x = 1"), ("code", "y = x"), ("code", "z = y"))
    path = write(tmp_path / "n.ipynb", cells)
    with pytest.raises(UsageError, match="no package"):
        up_to_date(str(path))
    convert(str(path), run=False)
    assert up_to_date(str(path)).equal
    write(path, (cells[0], ("code", "y = x + 1"), ("code", "print(y)"), cells[2]))
    found = [finding.message for finding in up_to_date(str(path)).findings]
    assert [next(w for w in ("changed", "new", "gone") if w in message.partition(":")[2]) for message in found]
    assert not up_to_date(str(path)).equal


@pytest.mark.slow
def test_expected_values_change_only_when_that_is_accepted(tmp_path: Path) -> None:
    path = write(tmp_path / "n.ipynb", (("code", "x = 1.5"), ("code", "y = 2 * x")))
    out = tmp_path / "out"
    assert convert(str(path), str(out)).equal
    final = out / "tests" / "golden" / "final.json"
    before = final.read_text()
    write(path, (("code", "x = 1.5"), ("code", "y = 3 * x")))
    result = convert(str(path), str(out))
    assert (result.equal, result.out, final.read_text()) == (False, "", before)
    assert any("`y` 3.0 vs 4.5" in f.message and "--update-golden" in f.message for f in result.findings)
    assert convert(str(path), str(out), update_golden=True).equal
    assert final.read_text() != before
    assert suite_of(out)[0] == 0


def test_what_was_asked_for_holds_when_the_package_is_made_again(tmp_path: Path) -> None:
    path = write(tmp_path / "n.ipynb", (("code", "def f(seed):\n    return seed"), ("code", "x = f(seed=3)")))
    convert(str(path), run=False, wishes=Wishes("my_model", settings=True, skeleton=True))
    package = tmp_path / "n_package"
    for _ in range(2):
        assert "f_seed: int = 3" in (package / "src" / "my_model" / "config.py").read_text()
        assert "StandIn" in (package / "src" / "my_model" / "serve.py").read_text()
        assert suite_of(package)[0] == 0
        assert convert(str(path), run=False).conflicts == 0
    with pytest.raises(UsageError, match="is called `my_model`"):
        convert(str(path), run=False, wishes=Wishes("other"))
    for name in ("json", "my-model", "class", "tests"):
        with pytest.raises(UsageError, match="cannot be the name"):
            convert(str(path), str(tmp_path / "other"), run=False, wishes=Wishes(name))


def test_a_notebook_that_asks_for_names_by_text_and_defines_them_nowhere_is_told_so(tmp_path: Path) -> None:
    path = write(tmp_path / "n.ipynb", (("code", "x = 1"), ("code", "def f():\n    return globals()\ny = x + nowhere")))
    result = convert(str(path), run=False)
    told = [f for f in result.findings if "`nowhere`" in f.message]
    assert [(f.rule, f.cell.index) for f in told if f.cell] == [("not-carried-over", 1), ("kept-as-module-state", 1)]


def test_a_notebook_with_a_cell_that_no_kernel_compiles_gets_no_package(tmp_path: Path) -> None:
    path = write(tmp_path / "n.ipynb", (("code", "x = 1"), ("code", "return x")))
    result = convert(str(path), run=False)
    assert not result.equal
    assert [(f.rule, f.cell.index) for f in result.findings if f.cell] == [("not-convertible", 1)]
    assert [p.name for p in tmp_path.iterdir()] == ["n.ipynb"]


def test_a_file_that_is_no_notebook_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "n.ipynb").write_text("<html>")
    for name in ("n.ipynb", "missing.ipynb"):
        with pytest.raises(UsageError):
            convert(str(tmp_path / name), run=False)


def test_publishing_writes_what_is_ours_and_nothing_else(tmp_path: Path) -> None:
    built, out = tmp_path / "built", tmp_path / "deep" / "out"
    packages.write_tree(built, {"a/b.txt": "1"})
    packages.publish(built, out)
    assert {p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file()} == {"a/b.txt"}
    (out / "own.txt").write_text("mine")
    packages.write_tree(built, {"a/b.txt": "2", "c.txt": "3"})
    packages.publish_over(built, out, ["gone.txt"])
    texts = {p.relative_to(out).as_posix(): p.read_text() for p in out.rglob("*") if p.is_file()}
    assert texts == {"a/b.txt": "2", "c.txt": "3", "own.txt": "mine"}
    assert [p.name for p in out.parent.iterdir()] == ["out"]


@pytest.mark.slow
def test_chance_that_three_runs_did_not_show_is_not_held_against_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first three runs agree, as an unseeded tree with a rare tie does; from the fourth on they do not."""
    count = (
        "import os\nplace = os.environ['NBM_COUNT']\nos.makedirs(place, exist_ok=True)\nn = len(os.listdir(place))\n"
        "open(f'{place}/{n}', 'w').close()\nlucky = 1 if n < 3 else n\ndel n, place\n"
    )
    path = write(tmp_path / "n.ipynb", (("code", count), ("code", "sure = 2")))
    monkeypatch.setenv("NBM_COUNT", str(tmp_path / "count"))
    result = convert(str(path), str(tmp_path / "out"))
    assert result.outcome is not None
    assert (result.outcome.proven, result.outcome.equal, result.outcome.nondeterministic) == (True, 1, 1)


MIXED_UP = (
    ("markdown", "## Result"),
    ("code", "total = sum(rows)\ntotal"),
    ("markdown", "## Load rows"),
    ("code", "rows = [1.5, 2.5]"),
    ("code", "rows = [0]"),
)


@pytest.mark.slow
def test_a_notebook_that_only_runs_in_the_order_of_its_counts_is_converted_in_that_order(tmp_path: Path) -> None:
    path = write(tmp_path / "n.ipynb", MIXED_UP, (None, 2, None, 1, None))
    result = convert(str(path))
    assert result.equal
    assert result.outcome is not None
    assert result.outcome.equal == 2
    said = {finding.rule: finding for finding in result.findings}
    assert "NameError" in said["converted-in-recorded-order"].message
    assert up_to_date(str(path)).equal
    cells = json.loads((tmp_path / "n_package" / "nb-mlops.map.json").read_text())["stages"]
    assert [cell["index"] for stage in cells for cell in stage["cells"]] == [3, 1]
    write(path, MIXED_UP, (None, 2, None, 1, 3))
    assert not up_to_date(str(path)).equal


def test_the_text_alone_tells_a_notebook_that_only_runs_in_the_order_of_its_counts(tmp_path: Path) -> None:
    path = write(tmp_path / "n.ipynb", MIXED_UP, (None, 2, None, 1, None))
    result = convert(str(path), run=False)
    assert "converted-in-recorded-order" in {finding.rule for finding in result.findings}
    code, out = suite_of(tmp_path / "n_package")
    assert code == 0, out
    pipeline = (tmp_path / "n_package" / "src" / "n" / "pipeline.py").read_text()
    assert pipeline.index("= load_rows(") < pipeline.index("= result(")


@pytest.mark.slow
def test_a_notebook_that_runs_in_no_order_fails_as_it_does_from_top_to_bottom(tmp_path: Path) -> None:
    path = write(tmp_path / "n.ipynb", (("code", "y = x"), ("code", "x = 1 / 0")), (2, 1))
    with pytest.raises(RunFailedError, match="cell 1: NameError"):
        convert(str(path))

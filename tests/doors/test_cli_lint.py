from __future__ import annotations

import errno
import json
import logging
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from helpers_cli import save
from helpers_schema import fits

import nb_mlops
from nb_mlops.core.value import replace
from nb_mlops.linter import load
from nb_mlops.linter.rule import code, markdown, result, stdout

SCHEMA = json.loads((Path(nb_mlops.__file__).parent / "schemas/lint-report.schema.json").read_text("utf-8"))


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


CLEAN = code("x = 1", count=1)
INSTALL = code("!pip install pandas")
ADDRESS = code("print(open('mail').read())", stdout("ada.l@ada-online.org\n"), count=2)


def test_clean_notebooks_exit_with_0_and_say_so(run: Any) -> None:
    save("a.ipynb", CLEAN)
    assert run("lint") == (0, "No findings in 1 notebook.\n", "")


def test_half_a_surrogate_pair_stops_no_run_in_no_form(run: Any) -> None:
    save("a.ipynb", code("x = 'half'\n1 +", stdout("half ada.l@ada-online.org"), count=1))
    Path("a.ipynb").write_text(Path("a.ipynb").read_text("utf-8").replace("half", "\\ud800"), "utf-8")
    save("b.ipynb", INSTALL)
    forms = ("text", "json", "sarif", "github", "gitlab", "junit", "markdown", "html")
    assert run("lint", *(word for form in forms for word in ("--report", f"{form}={form}.out")))[0] == 1
    for form in forms:
        assert b"FM014" in Path(f"{form}.out").read_bytes(), form
    assert "1 fixed" in run("fix")[1]
    assert "ud800" in Path("a.ipynb").read_text("utf-8")


def test_a_terminal_that_does_not_know_a_sign_stops_nothing() -> None:
    save("a.ipynb", code("print(未定義)", count=1))
    words = [sys.executable, "-m", "nb_mlops", "lint", "--no-ruff"]
    done = subprocess.run(words, capture_output=True, env={**os.environ, "PYTHONIOENCODING": "cp1252"}, check=False)
    assert (done.returncode, b"\\u672a" in done.stdout) == (1, True)


def test_findings_exit_with_1_or_with_0_on_request(run: Any) -> None:
    save("a.ipynb", INSTALL)
    assert run("lint")[0] == 1
    assert run("lint", "--exit-zero")[0] == 0
    assert run("lint", "--no-cache")[0] == 1


def test_the_threshold_decides_what_fails(run: Any) -> None:
    save("a.ipynb", INSTALL)
    assert run("lint", "--fail-on", "error")[0] == 0
    Path("nb-mlops.toml").write_text('[lint]\nfail-on = "error"\n')
    assert run("lint")[0] == 0
    assert run("lint", "--fail-on", "warning")[0] == 1


@pytest.mark.parametrize(
    "words",
    [("--select", "XX"), ("--format", "xml"), ("missing.ipynb",), ("--fail-on", "never"), ("--ignore", "EX999")],
)
def test_a_call_that_cannot_be_understood_exits_with_2_and_leaves_stdout_empty(run: Any, words: tuple[str]) -> None:
    save("a.ipynb", CLEAN)
    status, out, err = run("lint", *words)
    assert (status, out) == (2, "")
    assert err


def test_settings_that_cannot_be_understood_exit_with_2(run: Any) -> None:
    save("a.ipynb", CLEAN)
    Path("nb-mlops.toml").write_text("[lint]\nselekt = []\n")
    status, _, err = run("lint")
    assert status == 2
    assert "select" in err


def test_nothing_to_look_at_exits_with_3(run: Any) -> None:
    status, out, err = run("lint")
    assert (status, out) == (3, "")
    assert "no notebooks" in err
    status, out, _ = run("lint", "--format", "json")
    assert status == 3
    assert json.loads(out)["notebooks"] == 0


def test_a_file_that_is_no_notebook_is_a_finding_and_the_run_goes_on(run: Any) -> None:
    save("b.ipynb", INSTALL)
    Path("a.ipynb").write_text("<!DOCTYPE html><html></html>")
    Path("c.ipynb").write_bytes(b"\xff\xfe\x00")
    Path("d.ipynb").symlink_to("nowhere")
    status, out, _ = run("lint", "--format", "json")
    report = json.loads(out)
    assert status == 1
    assert report["notebooks"] == 4
    assert [(f["path"], f["code"]) for f in report["findings"]] == [
        ("a.ipynb", "FM001"),
        ("b.ipynb", "RE002"),
        ("c.ipynb", "FM001"),
        ("d.ipynb", "FM001"),
    ]


def test_json_stands_alone_on_stdout_and_fits_the_schema(run: Any) -> None:
    save("nb/a.ipynb", markdown("# Title"), INSTALL, ADDRESS)
    _, out, err = run("lint", "--format", "json", "nb")
    report = json.loads(out)
    jsonschema.validate(report, SCHEMA)
    assert err == ""
    install, address = report["findings"]
    assert (install["code"], install["path"], install["cell"]["index"]) == ("RE002", "nb/a.ipynb", 1)
    assert (address["part"], address["line"], address["column"], address["end_column"]) == ("outputs/0/text", 1, 1, 21)
    assert address["fix"] == {"title": "Mask the addresses in this output", "safety": "safe"}


def test_codes_are_given_with_commas_or_again_and_again(run: Any) -> None:
    save("a.ipynb", INSTALL, ADDRESS)

    def codes(*words: str) -> list[str]:
        return [f["code"] for f in json.loads(run("lint", "--format", "json", *words)[1])["findings"]]

    assert codes("--select", "RE,PI001") == codes("--select", "RE", "--select", "PI001") == ["RE002", "PI001"]
    assert codes("--ignore", "PI") == ["RE002"]
    Path("nb-mlops.toml").write_text('[lint]\nselect = ["PI"]\n')
    assert codes() == ["PI001"]
    assert codes("--extend-select", "RE002") == ["RE002", "PI001"]
    assert codes("--select", "unpinned-install") == ["RE002"]


def test_suppressed_findings_are_counted(run: Any) -> None:
    save("a.ipynb", code("!pip install pandas  # nbm: ignore[RE002] the course needs it"))
    status, out, _ = run("lint", "--format", "json")
    assert (status, json.loads(out)["suppressed"]) == (0, 1)


def test_quiet_and_statistics(run: Any) -> None:
    save("a.ipynb", INSTALL, INSTALL)
    assert run("lint", "-q")[1].count("\n") == 2
    assert run("lint", "--statistics", "-q")[1] == "     2  RE002  unpinned-install\n"


def test_what_gave_a_secret_away_is_said_on_request_and_the_secret_is_not(run: Any) -> None:
    value = "9c41e7d05b8a4f36" + "a1d2f07c935e6b82"
    save("a.ipynb", code(f"api_key = '{value}'"))
    assert "why:" not in run("lint")[1]
    shown = run("lint", "--why")[1]
    assert "why: `api_key` is what a secret is called" in shown
    assert value[:8] not in shown


def test_many_notebooks_are_shared_out_and_come_back_in_order(run: Any) -> None:
    for number in range(80):
        save(f"n{number:02}.ipynb", *([INSTALL] * (number % 3)))
    status, out, _ = run("lint", "--format", "json")
    paths = [f["path"] for f in json.loads(out)["findings"]]
    assert status == 1
    assert paths == sorted(paths)
    assert len(paths) == sum(number % 3 for number in range(80))


def test_fix_mends_and_reports_and_leaves_the_rest_to_the_byte(run: Any) -> None:
    file = save("a.ipynb", ADDRESS, CLEAN, markdown("é"))
    before = file.read_bytes()
    status, out, _ = run("fix", "a.ipynb")
    assert status == 0
    assert "a.ipynb: 1 fixed\n  PI001 email-in-output: Mask the addresses in this output\n" in out
    assert out.endswith("No findings in 1 notebook.\n")
    assert file.read_bytes() == before.replace(b"ada.l@ada-online.org", b"[email]")
    again = file.stat().st_mtime_ns
    assert run("fix", "a.ipynb")[0] == 0
    assert file.stat().st_mtime_ns == again


def test_fix_exits_with_1_when_something_is_left(run: Any) -> None:
    save("a.ipynb", ADDRESS, INSTALL)
    status, out, _ = run("fix")
    assert status == 1
    assert "RE002" in out


def test_fix_diff_writes_nothing_and_says_whether_it_would(run: Any) -> None:
    file = save("a.ipynb", ADDRESS)
    before = file.read_bytes()
    status, out, err = run("fix", "--diff")
    assert status == 1
    assert "+[email]" in out
    assert "1 of 1 notebooks would change" in err
    assert file.read_bytes() == before
    run("fix")
    assert run("fix", "--diff")[:2] == (0, "")


def test_fix_applies_what_ruff_calls_safe_in_the_cells_and_nowhere_else(run: Any) -> None:
    Path("ruff.toml").write_text('[lint]\nselect = ["F", "I", "E711"]\n')
    file = save(
        "a.ipynb",
        code("%time\nimport sys, os\nimport json\nprint(f'é', os.sep)"),
        code("!ls {json}\nif os.sep == None:\n    print(f'none')"),
        code("for in"),
    )
    status, out, _ = run("fix", "--ignore", "FM")
    assert ["".join(cell["source"]) for cell in json.loads(file.read_text("utf-8"))["cells"]] == [
        "%time\nimport json\nimport os\n\nprint('é', os.sep)",
        "!ls {json}\nif os.sep == None:\n    print('none')",
        "for in",
    ]
    assert "F401 unused-import: Remove unused import" in out
    assert "E711" in out.partition("Left to mend")[2], "only `--unsafe` changes what is compared"
    assert status == 0, "what is left is for information"
    run("fix", "--ignore", "FM", "--unsafe")
    assert "if os.sep is None" in file.read_text("utf-8")


def test_fix_leaves_ruffs_fixes_alone_on_request(run: Any) -> None:
    file = save("a.ipynb", code("x = 1\nprint(x is 1)"))
    before = file.read_bytes()
    assert "F632" not in run("fix", "--no-ruff")[1]
    assert file.read_bytes() == before
    assert "F632" in run("fix")[1]
    assert "x == 1" in file.read_text("utf-8")


def test_fix_skips_what_it_cannot_read_and_goes_on(run: Any) -> None:
    Path("a.ipynb").write_text("not json")
    file = save("b.ipynb", ADDRESS)
    status, out, err = run("fix")
    assert status == 1
    assert "a.ipynb: skipped: not a notebook" in err
    assert "FM001" in out
    assert b"[email]" in file.read_bytes()


def test_fix_leaves_old_formats_as_they_are(run: Any) -> None:
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {},
        "worksheets": [
            {
                "cells": [
                    {
                        "cell_type": "code",
                        "input": ["print('mail')"],
                        "language": "python",
                        "prompt_number": 1,
                        "metadata": {},
                        "outputs": [{"output_type": "stream", "stream": "stdout", "text": ["ada.l@ada-online.org"]}],
                    }
                ]
            }
        ],
    }
    file = Path("old.ipynb")
    file.write_text(json.dumps(old))
    before = file.read_bytes()
    status, out, err = run("fix")
    assert status == 1
    assert "old.ipynb: skipped: `old.ipynb` is in nbformat 3" in err
    assert "PI001" in out
    assert file.read_bytes() == before


def test_fix_goes_on_after_a_file_that_could_not_be_written(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    full, free = save("a.ipynb", ADDRESS), save("b.ipynb", ADDRESS)
    before, replace_file = full.read_bytes(), Path.replace

    def disk_is_full(self: Path, target: Path) -> Path:
        if target.name == "a.ipynb":
            raise OSError(errno.ENOSPC, "No space left on device")
        return replace_file(self, target)

    monkeypatch.setattr(Path, "replace", disk_is_full)
    status, out, err = run("fix")
    assert status == 1
    assert "a.ipynb: skipped:" in err
    assert "PI001" in out
    assert full.read_bytes() == before
    assert b"[email]" in free.read_bytes()


def test_rules_lists_all_and_shows_the_page_of_one(run: Any) -> None:
    status, out, _ = run("rules")
    assert status == 0
    for rule in load.load_rules().values():
        assert rule.code in out
        assert rule.summary in out
    assert "## Why is this bad?" in run("rules", "SE001")[1]
    assert run("rules", "provider-token")[1] == run("rules", "se001")[1]
    assert "## What it does" in run("rules", "NB001")[1]


def test_rules_as_json(run: Any) -> None:
    rows = fits("rules-report", run("rules", "--format", "json")[1])["rules"]
    assert {row["code"] for row in rows} == set(load.load_rules())
    page = fits("rules-report", run("rules", "ED001", "--format", "json")[1])
    assert page["fixable"] is True
    assert page["page"].startswith(page["summary"])


def test_a_rule_that_does_not_exist_exits_with_2_and_the_nearest_name(run: Any) -> None:
    status, out, err = run("rules", "SE0O1")
    assert (status, out) == (2, "")
    assert "SE0" in err


def test_a_crash_in_a_rule_is_reported_and_the_run_goes_on(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(view: Any) -> Any:
        raise ValueError(view.cell(0).source)

    rules = dict(load.load_rules())
    rules["RE001"] = replace(rules["RE001"], check=crash)
    monkeypatch.setattr("nb_mlops.commands.steps.look.load_rules", lambda *_: rules)
    save("a.ipynb", code("password = 'hunter2-hunter2'"), ADDRESS)
    status, out, err = run("lint", "--format", "json")
    report = json.loads(out)
    jsonschema.validate(report, SCHEMA)
    assert status == 1
    assert [f["code"] for f in report["findings"]] == ["NB001", "SE006", "PI001"]
    assert "hunter2" not in out + err


def test_logs_go_to_stderr(run: Any) -> None:
    logging.getLogger("nb_mlops").warning("a word")
    save("a.ipynb", CLEAN)
    assert "a word" not in run("lint")[1]


UNDEFINED = code("import numpy as np\nx = np.float(1)")


def codes_of(run: Any, *words: str) -> list[str]:
    return [finding["code"] for finding in json.loads(run("lint", "--format", "json", *words)[1])["findings"]]


def test_ruff_is_asked_unless_it_is_off(run: Any) -> None:
    save("a.ipynb", UNDEFINED)
    assert codes_of(run) == ["NPY001"]
    assert codes_of(run, "--no-ruff") == []
    Path("nb-mlops.toml").write_text("[lint]\nruff = false\n")
    assert codes_of(run) == []
    assert codes_of(run, "--ruff") == ["NPY001"]


def test_the_projects_settings_for_ruff_hold_and_one_bad_cell_hides_nothing(run: Any) -> None:
    save("nb/a.ipynb", code("import os"), code("for in"), code("x = 1; y = 2"))
    Path("ruff.toml").write_text('[lint]\nselect = ["F401", "E702"]\n')
    report = json.loads(run("lint", "--format", "json")[1])
    jsonschema.validate(report, SCHEMA)
    assert [(f["code"], f["cell"]["index"]) for f in report["findings"]] == [("F401", 0), ("FM014", 1), ("E702", 2)]
    assert report["findings"][0]["url"] == "https://docs.astral.sh/ruff/rules/unused-import"
    Path("ruff.toml").write_text('[lint]\nselect = ["F401"]\n')
    assert codes_of(run) == ["F401", "FM014"]


def test_an_old_format_is_read_by_ruff_too(run: Any) -> None:
    cell = {"cell_type": "code", "input": ["import numpy as np\n", "np.float(1)"], "language": "python", "outputs": []}
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": [cell]}]}
    Path("old.ipynb").write_text(json.dumps(old))
    assert "NPY001" in codes_of(run)


def test_settings_that_ruff_does_not_understand_are_a_finding_and_nothing_is_remembered(run: Any) -> None:
    save("a.ipynb", UNDEFINED, INSTALL)
    Path("ruff.toml").write_text("no-such-setting = 1\n")
    assert codes_of(run) == ["NB002", "RE002"]
    assert codes_of(run) == ["NB002", "RE002"]
    assert "## What to do" in run("rules", "NB002")[1]


def test_a_second_run_says_the_same_and_reads_nothing(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("nb-mlops.toml").touch()
    for number in range(3):
        save(f"{number}.ipynb", UNDEFINED, INSTALL, ADDRESS)
    Path("no.ipynb").write_text("<html>")
    first = run("lint"), run("lint", "--format", "json")
    monkeypatch.setattr("nb_mlops.commands.steps.look.look", lambda *_: pytest.fail("looked again"))
    assert (run("lint"), run("lint", "--format", "json")) == first
    monkeypatch.undo()


def test_what_changes_an_answer_is_noticed_by_the_cache(run: Any) -> None:
    save("a.ipynb", UNDEFINED, INSTALL)
    assert codes_of(run) == ["NPY001", "RE002"]
    assert codes_of(run, "--ignore", "RE") == ["NPY001"]
    Path("ruff.toml").write_text('[lint]\nselect = ["F"]\n')
    assert codes_of(run) == ["RE002"]
    save("a.ipynb", UNDEFINED)
    assert codes_of(run) == []
    Path("ruff.toml").unlink()
    assert codes_of(run) == ["NPY001"]
    Path("a.ipynb").unlink()
    Path("a.ipynb").symlink_to("nowhere")
    assert codes_of(run) == ["FM001"]


def test_no_cache_remembers_nothing(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    save("a.ipynb", UNDEFINED)
    run("lint", "--no-cache")
    assert not (tmp_path / "caches").exists()
    run("lint")
    assert any((tmp_path / "caches" / "nb-mlops" / "lint").iterdir())


def test_explain_shows_the_page_of_a_rule_and_looks_at_nothing(run: Any) -> None:
    Path("a.ipynb").write_text("not json")
    assert run("lint", "--explain", "EX001") == run("rules", "EX001")
    assert run("lint", "--explain", "EX001")[0] == 0
    status, out, err = run("lint", "--explain", "EX0O1")
    assert (status, out) == (2, "")
    assert "Did you mean" in err
    for typed, meant in (("EX1", "`EX001`"), ("ex01", "`EX001`"), ("stale", "`EX001` (stale-dependency)")):
        assert f"Did you mean {meant}" in run("rules", typed)[2]


def test_a_baseline_knows_what_ruff_finds(run: Any) -> None:
    save("a.ipynb", UNDEFINED)
    assert run("lint")[0] == 1
    run("baseline", "write")
    assert run("lint") == (0, "No findings in 1 notebook, 1 baselined.\n", "")
    save("a.ipynb", UNDEFINED, code("y = np.int(2)"))
    assert codes_of(run) == ["NPY001"]
    save("a.ipynb", CLEAN)
    assert "NPY001  1 gone" in run("baseline", "show")[1]


def test_every_process_says_the_same_whatever_its_hash_seed() -> None:
    """Names in sets come in another order in each process; what builds on what must not."""
    names = [f"name_{n}" for n in range(12)]
    save(
        "a.ipynb",
        code("base = 1", count=30),
        code("\n".join(f"{name} = base + {n}" for n, name in enumerate(names)), count=2),
        *(code(f"{one} + {other}", result("9"), count=n) for n, (one, other) in enumerate(pairwise(names), 3)),
    )
    said = set()
    for seed in ("1", "2", "3"):
        words = [sys.executable, "-m", "nb_mlops", "lint", "--no-cache", "--no-ruff", "--format", "json", "."]
        environ = {**os.environ, "PYTHONHASHSEED": seed}
        said.add(subprocess.run(words, capture_output=True, text=True, env=environ, check=False).stdout)
    assert len(said) == 1
    assert "EX001" in said.pop()

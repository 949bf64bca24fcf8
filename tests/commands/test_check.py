"""Whole checks with real kernels; seconds each, so each notebook answers several questions."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result
from helpers_run import write_notebook
from referencing import Registry, Resource

import nb_mlops
from nb_mlops.checker.verdict import Verdict
from nb_mlops.commands.check import CheckResult, check
from nb_mlops.commands.gate import gate
from nb_mlops.core.errors import UsageError
from nb_mlops.core.settings import CheckSettings, Settings
from nb_mlops.core.value import replace
from nb_mlops.doors.cli import cli
from nb_mlops.evidence.predicates.check import CheckPredicate
from nb_mlops.evidence.predicates.lint import LintPredicate
from nb_mlops.evidence.statement import Statement
from nb_mlops.outside import signing
from nb_mlops.portable.declare import MODEL_MIME

SCHEMAS = Path(nb_mlops.__file__).parent / "schemas"
GOOD = (
    "seed = 1\nrows = 40",
    "import numpy as np, pandas as pd, matplotlib.pyplot as plt, time\n"
    "frame = pd.read_csv('data/points.csv')\nrng = np.random.default_rng(seed)\n"
    "frame['noise'] = rng.normal(size=len(frame))\nframe.head()",
    "plt.plot(frame.x, frame.y); plt.show()",
    "started = time.time()\nclass Thing: pass\nprint(sorted({'b', 'a', 'c'}), Thing())\n"
    "print(f'took {time.time() - started:.6f} seconds')",
    "from sklearn.linear_model import Ridge\nX = frame[['x', 'noise']]\nmodel = Ridge().fit(X, frame.y)",
    "import nb_mlops\nnb_mlops.metric('r2', model.score(X, frame.y), higher_is_better=True)\n"
    "nb_mlops.model(model, 'points', example=X.head(3))",
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A project with a data file, a home of its own (the signing key lands there), and the folder to stand in."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "pyproject.toml").write_text("")
    (folder / "data").mkdir()
    (folder / "data" / "points.csv").write_text("x,y\n" + "".join(f"{i},{3 * i + i % 3}\n" for i in range(20)))
    before, here = dict(os.environ), Path.cwd()
    os.environ["NB_MLOPS_KEY"] = str(tmp_path_factory.mktemp("home") / "key.pem")
    os.chdir(folder)
    yield folder
    os.chdir(here)
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="module")
def good(project: Path) -> tuple[CheckResult, list[str]]:
    write_notebook(project / "good.ipynb", *GOOD, tags={0: ["parameters"]})
    heard: list[str] = []
    return check("good.ipynb", {"seed": "7"}, told=lambda record: heard.append(record.label)), heard


def statement(project: Path, path: str) -> Statement:
    """What a filed envelope says, its signature verified with the key that the check made."""
    key = signing.load_key()
    assert key is not None
    return Statement.from_bytes(signing.verify(json.loads((project / path).read_text()), [key.public])[1])


@pytest.mark.slow
def test_a_notebook_that_repeats_is_reproducible_whatever_it_shows(good: tuple[CheckResult, list[str]]) -> None:
    result, heard = good
    assert result.verdict is Verdict.REPRODUCIBLE, result.judgement.findings
    assert heard[0] == "R0" and sorted(heard) == ["R0", "R1", "R2"]
    first, again, other = (dict(record.factors) for record in result.records)
    assert first == again == {} and {"PYTHONHASHSEED", "TZ"} <= other.keys()
    assert {"memory address", "timing"} <= set(result.judgement.forgiven)


@pytest.mark.slow
def test_the_evidence_says_what_was_run_and_is_signed(good: tuple[CheckResult, list[str]], project: Path) -> None:
    predicate = CheckPredicate.of(statement(project, good[0].evidence))
    assert predicate.notebook.path == "good.ipynb" and predicate.parameters == {"seed": 7}
    assert [file.path for file in predicate.data] == ["data/points.csv"]
    assert [metric.name for metric in predicate.metrics] == ["r2"]
    assert predicate.model is not None and predicate.model.name == "points" and "MLmodel" in predicate.model.files
    assert "scikit-learn" in predicate.environment.packages
    assert {tolerance.what for tolerance in predicate.tolerances} >= {"numbers", "timing"}
    lint = LintPredicate.of(statement(project, good[0].evidence.replace("check-1", "lint-1")))
    assert lint.notebook == predicate.notebook and lint.rules


@pytest.mark.slow
def test_the_stored_model_is_the_one_that_the_run_made_in_a_format_that_is_safe_to_load(
    good: tuple[CheckResult, list[str]], project: Path
) -> None:
    folder = project / ".nb-mlops" / "models" / good[0].model
    text = (folder / "MLmodel").read_text()
    assert "serialization_format: skops" in text and "signature:" in text and "input_example.json" in text
    assert (folder / "model.skops").exists() and not list(folder.glob("*.pkl"))
    assert str(project) not in text and "noise" in text
    assert "scikit-learn==" in (folder / "requirements.txt").read_text()


@pytest.mark.slow
def test_nothing_that_is_stored_names_the_machines_folders(good: tuple[CheckResult, list[str]], project: Path) -> None:
    key = signing.load_key()
    assert key is not None
    for file in (project / ".nb-mlops" / "evidence").rglob("*.dsse.json"):
        payload = signing.verify(json.loads(file.read_text()), [key.public])[1].decode()
        assert str(project) not in payload and str(Path.home()) not in payload


def invoke(*words: str) -> Result:
    return CliRunner().invoke(cli, ["check", *words], standalone_mode=False)


def valid(text: str) -> dict[str, Any]:
    """The report in `text`, after its schema has been held against it."""
    report: dict[str, Any] = json.loads(text)
    loaded = {path.name: json.loads(path.read_text()) for path in SCHEMAS.glob("*-report.schema.json")}
    registry: Any = Registry().with_resources(
        (found["$id"], Resource.from_contents(found)) for found in loaded.values()
    )
    jsonschema.Draft202012Validator(loaded["check-report.schema.json"], registry=registry).validate(report)
    return report


@pytest.mark.slow
def test_an_unseeded_notebook_is_not_reproducible_and_the_cell_is_named(project: Path) -> None:
    sources = ("import numpy as np", "draw = np.random.rand(3)", "total = draw.sum()", "print(total)", "print('end')")
    write_notebook(project / "random.ipynb", *sources)
    reports = ("--report", "html=out/page.html", "--report", "junit=out/check.xml", "--executed", "kept/random.html")
    result = invoke("random.ipynb", "--format", "json", *reports)
    assert result.return_value == 1, result.output
    report = valid(result.stdout)
    assert report["verdict"] == "not-reproducible" and report["evidence"]
    finding, static, packages = report["findings"]
    assert finding["code"] == "CK002" and finding["cell"]["index"] == 3
    assert (static["code"], static["severity"], static["cell"]["index"]) == ("RE005", "warning", 1)
    assert (packages["code"], packages["severity"]) == ("CK026", "info") and "`numpy`" in packages["message"]
    assert "`draw`" in finding["message"] and "random numbers" in finding["message"]
    assert [one["cell"]["index"] for one in finding["related"]] == [1]
    assert "R2  again with PYTHONHASHSEED=1, " in result.stderr
    page, executed = (project / "out/page.html").read_text(), (project / "kept/random.html").read_text()
    assert 'href="../kept/random.html"' in page and "<mark>" in page
    assert "<title>random.ipynb</title>" in executed and "end\n</pre>" in executed
    assert "<failure message=" in (project / "out/check.xml").read_text()


@pytest.mark.slow
def test_a_notebook_that_follows_the_order_of_a_set_differs_only_with_another_hash_seed(project: Path) -> None:
    words = "words = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta', 'eta', 'theta']"
    write_notebook(project / "order.ipynb", words, "columns = list(set(words))", "print(columns)")
    result = check("order.ipynb")
    (finding,) = result.judgement.findings
    assert result.verdict is Verdict.NOT_REPRODUCIBLE and finding.code == "CK005"
    assert finding.cell is not None and finding.cell.index == 2 and "sorted(" in finding.message
    assert result.judgement.culprit == ("PYTHONHASHSEED",), "each factor was tried alone"
    assert [c.same for c in result.judgement.comparisons][:3] == [True, False, False]
    assert all(c.same for c in result.judgement.comparisons[3:])


@pytest.mark.slow
def test_runs_that_feed_on_each_other_are_found_out(project: Path) -> None:
    source = "import os\nif not os.path.exists('cache.txt'):\n    open('cache.txt', 'w').write('5')\n"
    write_notebook(project / "cache.ipynb", source + "print(open('cache.txt').read())")
    result = check("cache.ipynb", repeat=2)
    assert result.verdict is Verdict.NOT_REPRODUCIBLE
    assert [f.code for f in result.judgement.findings] == ["CK006"] and "`cache.txt`" in result.judgement.findings[
        0
    ].message


@pytest.mark.slow
def test_a_notebook_that_fails_exits_with_4_and_names_the_cell(project: Path) -> None:
    write_notebook(project / "fails.ipynb", "x = 1", "x / 0")
    result = invoke("fails.ipynb")
    assert result.return_value == 4
    assert "fails.ipynb\n  cell 2 line 1  error CK001 run-failed" in result.stdout
    assert "`ZeroDivisionError` (division by zero)" in result.stdout and "the gate stays shut" in result.stdout
    write_notebook(project / "fails.ipynb", "x = 1")
    assert invoke("fails.ipynb").return_value == 0
    write_notebook(project / "fails.ipynb", "x = 1", "x / 0")
    assert invoke("fails.ipynb").return_value == 4
    refused = gate("fails.ipynb", "model").findings[0]
    assert refused.code == "GA006" and "did not run to its end when it was last checked" in refused.message
    assert "cell-failed in cell 2" in result.stderr


@pytest.mark.slow
def test_a_dead_kernel_is_a_failed_run(project: Path) -> None:
    write_notebook(project / "dies.ipynb", "import os", "os._exit(3)")
    report = valid(invoke("dies.ipynb", "--format", "json").stdout)
    assert report["runs"][0]["status"] == "kernel-died" and report["runs"][0]["error"]["cell"] == 1
    assert "exit code 3" in report["findings"][0]["message"]


@pytest.mark.slow
def test_a_run_beyond_its_limit_is_a_failed_run(project: Path) -> None:
    write_notebook(project / "slow.ipynb", "import time; time.sleep(60)")
    settings = replace(Settings(), check=CheckSettings(cell_timeout=1))
    result = check("slow.ipynb", settings=settings)
    assert result.verdict is Verdict.FAILED and "longer than 1 s" in result.judgement.findings[0].message


@pytest.mark.slow
def test_a_model_that_is_only_claimed_is_not_looked_for_elsewhere(project: Path) -> None:
    said = {"kind": "Ridge", "name": "r", "fingerprint": 1, "saved": True}
    show = f"from IPython.display import display\ndisplay({{'{MODEL_MIME}': {said}, 'text/plain': ''}}, raw=True)"
    write_notebook(project / "claims.ipynb", show)
    result = check("claims.ipynb", repeat=2)
    assert [finding.code for finding in result.judgement.findings] == ["CK013"]
    assert not result.model and CheckPredicate.of(statement(project, result.evidence)).model is None


def test_a_notebook_for_which_there_is_no_kernel_leaves_earlier_evidence_alone(project: Path) -> None:
    write_notebook(project / "julia.ipynb", "1", kernelspec={"name": "julia-1.9", "language": "julia"})
    result = invoke("julia.ipynb")
    assert result.return_value == 4 and "No kernel for julia" in result.stdout
    assert "Nothing was run" in result.stdout


def test_a_kernel_that_was_asked_for_and_is_not_here_is_told_before_anything_is_run(project: Path) -> None:
    write_notebook(project / "asks.ipynb", "1")
    for kernel, said in (("typo", "no kernel named `typo`"), (f"{project}/bin/python", "no Python interpreter at")):
        with pytest.raises(UsageError, match=said) as raised:
            check("asks.ipynb", settings=Settings(check=CheckSettings(kernel=kernel)))
        assert raised.value.exit_code == 2 and "ipykernel" in raised.value.remedy


@pytest.mark.slow
def test_one_run_of_a_notebook_without_a_model_proves_nothing(project: Path) -> None:
    write_notebook(project / "once.ipynb", "print(1)")
    result = invoke("once.ipynb", "--repeat", "1")
    assert result.return_value == 1 and "One run proves nothing" in result.stdout


@pytest.mark.slow
def test_opening_the_signing_key_is_found_out(project: Path, good: tuple[CheckResult, list[str]]) -> None:
    write_notebook(project / "thief.ipynb", f"n = len(open({os.environ['NB_MLOPS_KEY']!r}).read())")
    result = check("thief.ipynb", repeat=2)
    assert "CK007" in [finding.code for finding in result.judgement.findings]
    assert result.verdict is Verdict.NOT_REPRODUCIBLE


def test_an_unknown_parameter_is_a_usage_error_before_anything_runs(project: Path) -> None:
    write_notebook(project / "named.ipynb", "rows = 1", tags={0: ["parameters"]})
    with pytest.raises(UsageError) as caught:
        check("named.ipynb", {"row": 3})
    assert caught.value.remedy == "Did you mean `rows`?"


@pytest.mark.parametrize("content", [None, "", "<html>"])
def test_what_is_no_notebook_is_a_usage_error(project: Path, content: str | None) -> None:
    path = project / "page.ipynb"
    path.unlink(missing_ok=True)
    if content is not None:
        path.write_text(content)
    with pytest.raises(UsageError, match=r"page\.ipynb"):
        check("page.ipynb")


def test_a_missing_extra_names_the_command_that_brings_it(project: Path) -> None:
    hide = "import sys; sys.modules['papermill'] = None; sys.argv = ['nb-mlops', 'check', 'named.ipynb']; "
    code = hide + "from nb_mlops.doors.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=project)
    assert done.returncode == 2 and 'pip install "nb-mlops[check]"' in done.stderr

"""The tests of a notebook's packages: what is run, what is signed, and how long that counts."""

from __future__ import annotations

import json
import subprocess
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from helpers_project import Project, edit_notebook, policy, with_a_key
from helpers_schema import fits

from nb_mlops.commands import tests as command
from nb_mlops.commands.gate import gate
from nb_mlops.commands.steps import papers
from nb_mlops.core.errors import NothingToDoError
from nb_mlops.doors.cli import cli
from nb_mlops.evidence.predicates.check import CheckPredicate
from nb_mlops.evidence.predicates.lint import LintPredicate
from nb_mlops.evidence.strict import to_json
from nb_mlops.outside import artefacts

SCHEMA = json.loads((files("nb_mlops") / "schemas" / "tests-predicate.schema.json").read_text())
PASSING = """
from train import RATE

def test_rate():
    with open("ran", "a") as file:
        file.write("x")
    assert RATE == 2
"""


class Checked(Project):
    """Files its checks through the step that `nb-mlops check` files with."""

    def file(self, check: CheckPredicate, lint: LintPredicate) -> None:
        papers.file(self.root, check.subject()[1], (check, lint), "check", "nb/train.ipynb")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A checked project in git, with a package beside the notebook whose one test counts how often it ran."""
    bare = with_a_key(tmp_path, monkeypatch)
    made = Checked(bare.root, bare.model)
    policy(made, 'require = ["tests"]')
    package = made.root / "nb" / "train_package"
    for name, text in {
        "nb-mlops.map.json": '{"notebook": "train.ipynb"}\n',
        "src/train/__init__.py": "RATE = 2\n",
        "tests/test_train.py": PASSING,
    }.items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(text)
    for words in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *words], cwd=made.root, check=True, capture_output=True)
    monkeypatch.chdir(made.root)
    return made


@pytest.mark.parametrize("path", ["nb/train.ipynb", "./nb/train.ipynb", "{root}/nb/train.ipynb"])
def test_each_package_is_run_once_however_the_notebook_is_named(project: Project, path: str) -> None:
    project.check()
    done = command.tests(path.format(root=project.root))
    (package,) = done.predicate.packages
    assert (package.path, package.passed, package.failed) == ("nb/train_package", 1, 0)
    assert [place.read_text() for place in project.root.rglob("ran")] == ["x"]
    jsonschema.validate(to_json(done.predicate), SCHEMA)
    assert (
        command.report(done)["packages"][0]["path"] == "nb/train_package" and (project.root / done.evidence).is_file()
    )


def test_failing_tests_are_signed_as_such_and_the_exit_code_says_so(project: Project) -> None:
    project.check()
    (project.root / "nb/train_package/src/train/__init__.py").write_text("RATE = 3\n")
    done = command.tests("nb/train.ipynb")
    assert not done.passed and done.predicate.packages[0].failed == 1 and "failed" in done.said[0]
    assert "GA053" in [finding.code for finding in gate("nb/train.ipynb", "churn").findings]
    assert cli.main(["tests", "nb/train.ipynb"], standalone_mode=False) not in (0, None)
    assert fits("tests-report", json.dumps(command.report(done)))["passed"] is False


def test_without_a_check_the_outcome_is_told_and_not_filed(project: Project) -> None:
    done = command.tests("nb/train.ipynb")
    assert done.evidence == "" and done.predicate.packages[0].passed == 1


def test_a_notebook_without_a_package_is_told_how_to_get_one(project: Project) -> None:
    (project.root / "nb/train_package/nb-mlops.map.json").write_text('{"notebook": "other.ipynb"}\n')
    with pytest.raises(NothingToDoError, match="No package") as raised:
        command.tests("nb/train.ipynb")
    assert "nb-mlops convert nb/train.ipynb" in raised.value.remedy


def kinds_on_file(project: Project) -> set[str]:
    filed = artefacts.current_evidence(project.root, "nb/train.ipynb")
    return {one.kind for one in filed.envelopes} if filed else set()


def test_package_tests_survive_another_check_also_of_a_model_that_came_out_otherwise(project: Project) -> None:
    project.check()
    command.tests("nb/train.ipynb")
    project.check()
    assert kinds_on_file(project) == {"check", "lint", "tests"}
    (project.model / "model.skops").write_bytes(b"other weights")
    project.check()
    assert kinds_on_file(project) == {"check", "lint", "tests"}


def test_package_tests_of_another_state_of_the_notebook_go_along_and_do_not_count(project: Project) -> None:
    project.check()
    command.tests("nb/train.ipynb")
    edit_notebook(project)
    project.check()
    (finding,) = gate("nb/train.ipynb", "churn").findings
    assert finding.code == "GA051" and "another state of the notebook" in finding.message

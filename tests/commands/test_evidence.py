from __future__ import annotations

import json
import shutil
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from helpers_project import Project, edit_statement, with_a_key

from nb_mlops.commands import keys
from nb_mlops.commands.evidence import examine, report, show
from nb_mlops.core.errors import NothingToDoError, UsageError

SCHEMA = json.loads((files("nb_mlops") / "schemas" / "evidence-report.schema.json").read_text())


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    made = with_a_key(tmp_path, monkeypatch)
    monkeypatch.chdir(made.root)
    made.check(name="churn")
    return made


def test_an_auditor_needs_the_envelopes_and_the_public_keys_alone(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys.trust_key("", "CI", ("evidence",), "ci", "")
    away = tmp_path / "audit"
    shutil.copytree(project.root / ".nb-mlops" / "evidence", away / "papers")
    shutil.copytree(project.root / ".nb-mlops" / "keys", away / "keys")
    shutil.rmtree(project.root / "nb")
    monkeypatch.chdir(away)
    monkeypatch.setenv("NB_MLOPS_KEY", str(away / "none.pem"))
    found = examine(("papers",), "keys")
    assert [(one.kind, one.problem, one.owner) for one in found] == [("check", "", "CI"), ("lint", "", "CI")]
    assert (found[0].subject, found[0].tree) == ("model:churn", project.stored.name)
    jsonschema.validate(report(found), SCHEMA)
    assert report(found)["genuine"] and not (away / "none.pem").exists()
    examined, statement = show(found[0].path, "keys")
    assert statement["predicate"]["verdict"] == "reproducible" and not examined.problem


def test_what_cannot_be_relied_on_says_why_and_shows_nothing_unverified(project: Project) -> None:
    check, lint = project.evidence
    entry = keys.trust_key("", "CI", ("approval",), "ci", "")
    assert all("trusted for approval, not for evidence" in one.problem for one in examine(()))
    keys.revoke(entry.key, "lost")
    assert all("it was revoked on" in one.problem for one in examine(()))
    shutil.copy(check, lint)
    assert "under the name of another kind" in examine((str(lint),))[0].problem
    edit_statement(project)
    (one,) = examine((str(check),))
    assert "it is not what was signed" in one.problem and not one.subject
    assert show(str(check))[1] == {}
    jsonschema.validate(report(examine(())), SCHEMA)


def test_an_unknown_key_no_key_and_no_statement_are_told_apart(project: Project, tmp_path: Path) -> None:
    others = tmp_path / "others"
    others.mkdir()
    with pytest.raises(UsageError, match="no public key"):
        examine((), str(others))
    own = keys.new(str(tmp_path / "other.pem"))
    (others / f"{own.key}.pub.pem").write_text(own.pem)
    assert all("is not known here" in one.problem for one in examine((), str(others)))
    with pytest.raises(NothingToDoError):
        examine((str(others),))
    with pytest.raises(UsageError, match="neither a file nor a folder"):
        examine((str(tmp_path / "gone"),))

from __future__ import annotations

import json
import re
import shlex
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from helpers_project import Project, policy, with_a_key
from helpers_schema import fits

from nb_mlops.commands import keys
from nb_mlops.commands.gate import gate
from nb_mlops.core.errors import UsageError
from nb_mlops.doors.cli import cli
from nb_mlops.outside import signing

FOR_EVIDENCE = ("evidence",)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project under the preset `team`, less what it asks beside the check, whose notebook was checked by CI's key."""
    made = with_a_key(tmp_path, monkeypatch, "ci.pem")
    policy(made, 'preset = "team"\nrequire = ["lint", "reproducible", "data"]')
    monkeypatch.chdir(made.root)
    made.check(name="churn")
    return made


def refused(project: Project) -> str:
    verdict = gate(str(project.notebook), "churn")
    return " ".join(finding.message for finding in verdict.findings)


def test_under_team_a_key_counts_once_it_is_entered_and_only_as_far_as_it_reaches(project: Project) -> None:
    assert "the project has not entered it among its keys" in refused(project)
    keys.trust_key("", "CI", FOR_EVIDENCE, "self", "")
    assert "counts as `self`; the policy asks for `ci`" in refused(project)
    keys.trust_key("", "CI", FOR_EVIDENCE, "ci", "")
    assert "counts as `self`" in refused(project)  # the old evidence claims no more
    project.check(name="churn", assurance="ci", lint={"assurance": "ci"})
    assert not refused(project)


def test_a_revoked_and_an_expired_key_are_refused_with_the_day_and_the_reason(project: Project) -> None:
    entry = keys.trust_key("", "CI", FOR_EVIDENCE, "ci", "")
    path = project.root / ".nb-mlops" / "keys" / f"{entry.key}.json"
    path.write_text(path.read_text().replace('"until": ""', '"until": "2026-01-31"'))
    assert "of CI, which may not do so: it was trusted until 2026-01-31." in refused(project)
    keys.revoke(entry.key[:8], "runner broken into")
    assert f"it was revoked on {date.today().isoformat()}: runner broken into." in refused(project)
    with pytest.raises(UsageError, match="cannot be trusted again: it was revoked"):
        keys.trust_key("", "CI", FOR_EVIDENCE, "ci", "")
    (known,) = keys.known()
    assert known.yours and "runner broken into" in known.standing


def test_ones_own_key_counts_no_more_once_it_is_revoked(project: Project) -> None:
    pyproject = project.root / "pyproject.toml"
    pyproject.write_text(pyproject.read_text().replace('preset = "team"', 'preset = "solo"'))
    assert not refused(project)
    keys.revoke(keys.show().key, "left on a train")
    assert "left on a train" in refused(project)


@pytest.mark.parametrize(
    "damage", [lambda t: "{", lambda t: t.replace('"revoked"', '"revokd"'), lambda t: t.replace('"self"', '"root"')]
)
def test_an_entry_that_is_not_understood_bars_its_key(project: Project, damage: object) -> None:
    entry = keys.trust_key("", "CI", FOR_EVIDENCE, "self", "")
    path = project.root / ".nb-mlops" / "keys" / f"{entry.key}.json"
    path.write_text(damage(path.read_text()))  # type: ignore[operator]
    assert "what the project says of it is not understood" in refused(project)


def test_a_key_for_approvals_makes_no_evidence(project: Project) -> None:
    keys.trust_key("", "Grace", ("approval",), "ci", "")
    assert "it is trusted for approval, not for evidence" in refused(project)


def test_a_colleagues_public_key_is_trusted_from_its_file(project: Project, tmp_path: Path) -> None:
    other = keys.new(str(tmp_path / "grace.pem"))
    end = (date.today() + timedelta(days=30)).isoformat()
    entry = keys.trust_key(str(tmp_path / "grace.pub.pem"), "Grace", ("approval", "evidence"), "self", end)
    assert (entry.key, entry.purpose) == (other.key, ("evidence", "approval"))
    stored = json.loads((project.root / ".nb-mlops" / "keys" / f"{other.key}.json").read_text())
    assert (stored["owner"], stored["until"], stored["revoked"]) == ("Grace", end, "")
    assert [key.standing for key in keys.known() if key.key == other.key] == ["trusted"]


def test_what_cannot_be_trusted_is_said(project: Project, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="names no key"):
        keys.trust_key("0123abcd", "X", FOR_EVIDENCE, "self", "")
    with pytest.raises(UsageError, match="has an owner"):
        keys.trust_key("", " ", FOR_EVIDENCE, "self", "")
    with pytest.raises(UsageError, match="not a public key"):
        keys.trust_key(str(signing.key_path()), "X", FOR_EVIDENCE, "self", "")
    with pytest.raises(UsageError, match="has passed"):
        keys.trust_key("", "X", FOR_EVIDENCE, "self", "2026-01-01")
    with pytest.raises(UsageError, match="There is a key at"):
        keys.new()


PAGE = Path(__file__).parent.parent.parent / "docs" / "gate.md"


def test_what_the_page_about_the_gate_shows_works_in_the_order_in_which_it_stands(project: Project) -> None:
    shutil.copy(project.notebook, project.root / "churn.ipynb")
    keys.new(str(project.root / "grace.pem"))
    # What a team does takes real runs: tests/commands/test_team.py.
    page = re.sub(r"(?s)<!-- team-walk -->.*?<!-- /team-walk -->", "", PAGE.read_text(encoding="utf-8"))
    blocks = re.findall(r"(?s)```sh\n(.*?)```", page)
    lines = [line.partition("  #")[0].partition(" > ")[0].strip() for block in blocks for line in block.splitlines()]
    ids: list[str] = []
    codes = {}
    for line in lines:
        words = [ids[0] if word == "5ec718a3" else word for word in shlex.split(line)[1:]]
        if words[0] == "evidence" and not (project.root / "papers").exists():
            (check,) = [path for path in project.evidence if path.name == "check-1.dsse.json"]
            shutil.copytree(check.parent, project.root / "papers")
            shutil.copytree(project.root / ".nb-mlops" / "keys", project.root / "keys")
        codes[line] = cli.main(words, standalone_mode=False)
        if words[:2] == ["keys", "new"]:
            ids.append(signing.public_key((project.root / "ci.pub.pem").read_bytes()).keyid)
    shut = {line for line, code in codes.items() if code == 5}
    assert shut == {line for line in lines if line.startswith("nb-mlops gate churn")}
    assert set(codes.values()) == {0, 5}


def test_what_is_printed_as_json_fits_its_schema(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    printed = {}
    for words in (("new", "--out", "ci2.pem"), ("show",), ("list",)):
        cli.main(["keys", *words, "--format", "json"], standalone_mode=False)
        printed[words[0]] = fits("keys-report", capsys.readouterr().out)
    assert "PRIVATE" not in json.dumps(printed)
    assert [key["yours"] for key in printed["list"]["keys"]] == [True]

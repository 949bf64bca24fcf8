"""Who may say yes to a model, to what, and for how long that holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from helpers_project import Project, change_data, edit_notebook, leave_error_open, policy, swap_model, with_a_key

from nb_mlops.commands import keys
from nb_mlops.commands.approve import approve
from nb_mlops.commands.gate import gate
from nb_mlops.core.errors import UsageError
from nb_mlops.doors.cli import cli

WHY = "beats the rule that we use today"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project that asks for an approval under four eyes, checked with the key of CI."""
    made = with_a_key(tmp_path, monkeypatch, "ci.pem")
    policy(made, 'require = ["lint", "data", "approval"]\nfour-eyes = true\nown-key = false')
    monkeypatch.chdir(made.root)
    keys.new(str(tmp_path / "ci.pem"))
    keys.trust_key("", "CI", ("evidence", "approval"), "ci", "")
    made.check("churn")
    return made


def somebody(project: Project, name: str, patch: pytest.MonkeyPatch, *, trusted: bool = True, owner: str = "") -> str:
    """A person with a key of their own sits down at the project; returns the key's id."""
    place = project.root.parent / f"{name}.pem"
    made = keys.new(str(place))
    if trusted:
        keys.trust_key(str(place.with_suffix(".pub.pem")), owner or name, ("approval",), "self", "")
    patch.setenv("NB_MLOPS_KEY", str(place))
    return made.key


def codes(project: Project, name: str = "churn") -> list[str]:
    return [finding.code for finding in gate(str(project.notebook), name).findings]


def approvals(project: Project) -> list[Path]:
    return [path for path in project.evidence if path.name.startswith("approval")]


def test_somebody_elses_yes_opens_the_gate_and_stays_with_who_and_why(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert codes(project) == ["GA096"]
    somebody(project, "Grace", monkeypatch)
    done = approve(str(project.notebook), "churn", f"  {WHY} ")
    assert done.before.passed and (project.root / done.evidence).is_file()
    verdict = gate(str(project.notebook), "churn")
    (proof,) = [one for one in verdict.proofs if one.name == "approval"]
    assert verdict.passed and "Grace" in proof.looked_at and proof.looked_at.endswith(f": {WHY}")


def test_the_makers_key_and_another_key_of_the_maker_do_not_count_as_other_eyes(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    approve(str(project.notebook), "churn", WHY)  # with CI's own key, which may approve
    assert codes(project) == ["GA098"]
    somebody(project, "second", monkeypatch, owner=" ci ")
    approve(str(project.notebook), "churn", WHY)
    assert codes(project) == ["GA098"]
    # Neither keeps the right one out.
    somebody(project, "Grace", monkeypatch)
    approve(str(project.notebook), "churn", WHY)
    assert not codes(project)


@pytest.mark.parametrize("act", [edit_notebook, change_data, swap_model, leave_error_open])
def test_nothing_is_signed_while_anything_else_stands_against_the_model(
    project: Project,
    act: Callable[[Project], None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    act(project)
    somebody(project, "Grace", monkeypatch)
    done = approve(str(project.notebook), "churn", WHY)
    assert not done.evidence and done.before.findings and not approvals(project)
    words = ["approve", str(project.notebook), "--model", "churn", "--reason", WHY]
    assert cli.main(words, standalone_mode=False) == 5
    assert "Nothing was approved" in capsys.readouterr().out


@pytest.mark.parametrize("how", ["stranger", "evidence alone", "revoked"])
def test_a_key_whose_yes_would_not_count_signs_nothing_and_is_told_the_way(
    project: Project, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = somebody(project, "Grace", monkeypatch, trusted=how == "revoked")
    if how == "evidence alone":
        keys.trust_key("", "Grace", ("evidence",), "self", "")
    if how == "revoked":
        keys.revoke(key, "left the team")
    with pytest.raises(UsageError, match=r"not trusted for approvals|may not approve") as raised:
        approve(str(project.notebook), "churn", WHY)
    assert not approvals(project)
    if how == "stranger":
        assert f"nb-mlops keys trust {key[:12]} --owner NAME --for approval" in raised.value.remedy
        keys.trust_key(key[:12], "Grace", ("approval",), "self", "")  # its public half is on record now
        assert approve(str(project.notebook), "churn", WHY).evidence and not codes(project)


def test_an_approval_that_is_barred_later_shuts_the_gate_and_does_not_keep_the_next_approver_out(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    grace = somebody(project, "Grace", monkeypatch)
    approve(str(project.notebook), "churn", WHY)
    keys.revoke(grace, "left the team")
    assert codes(project) == ["GA012"]
    somebody(project, "Hedy", monkeypatch)
    assert approve(str(project.notebook), "churn", WHY).evidence
    assert not codes(project)


@pytest.mark.parametrize("reason", ["", "  ", "\n"])
def test_a_yes_gives_its_reason(project: Project, reason: str) -> None:
    with pytest.raises(UsageError, match="gives its reason"):
        approve(str(project.notebook), "churn", reason)


def test_a_yes_is_for_these_very_files_and_does_not_go_along_with_another_model(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        somebody(project, "Grace", patch)
        approve(str(project.notebook), "churn", WHY)
    assert not codes(project)
    (project.model / "model.skops").write_bytes(b"other weights")
    project.check("churn")
    assert codes(project) == ["GA096"]
    # Nor does it when somebody carries it over by hand.
    (old,) = approvals(project)
    (new,) = {path.parent for path in project.evidence} - {old.parent}
    (new / old.name).write_bytes(old.read_bytes())
    assert codes(project) == ["GA096"]


def test_the_same_model_checked_again_is_still_approved(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.MonkeyPatch.context() as patch:
        somebody(project, "Grace", patch)
        approve(str(project.notebook), "churn", WHY)
    project.check("churn")
    assert not codes(project)

"""What stands in a project's own registry: promoted, rolled back, loaded, told to an auditor; and the ledger of it."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from helpers_model import saved_model
from helpers_project import Project, new_project
from helpers_schema import fits

import nb_mlops
from nb_mlops.commands import ledger, models, promotion, record
from nb_mlops.commands.register import register
from nb_mlops.core.errors import RegistryRefusedError, UsageError
from nb_mlops.evidence.ledger import Act, Deed, Head
from nb_mlops.outside import signing
from nb_mlops.outside.ledger_file import LedgerError, line_digest

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A project with two registered versions of a model."""
    with pytest.MonkeyPatch.context() as patch:
        root = tmp_path_factory.mktemp("models")
        patch.setenv("NB_MLOPS_KEY", str(root / "key.pem"))
        yield with_versions(root)


def with_versions(folder: Path) -> Project:
    project = new_project(folder / "churn", saved_model())
    project.check()
    assert register(str(project.notebook), "churn").entry is not None
    other = folder / "other"
    shutil.copytree(saved_model(), other)
    (other / "notes.txt").write_text("the second model\n")
    second = Project(project.root, other)
    second.check()
    assert register(str(project.notebook), "churn").entry is not None
    return project


@pytest.fixture
def project(origin: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A copy of it, in another place, where the test stands."""
    copy = Project(tmp_path / "moved here", origin.model)
    shutil.copytree(origin.root, copy.root)
    monkeypatch.chdir(copy.root)
    return copy


@pytest.fixture
def nbm(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """The command line in this process, where MLflow is loaded already."""
    from nb_mlops.doors.cli import main

    def run(*words: str, code: int = 0) -> str:
        monkeypatch.setattr(sys, "argv", ["nb-mlops", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        assert ended.value.code == code, said.out + said.err
        return said.out + said.err

    return run


def artefacts(project: Project, version: int) -> Path:
    """The registered files of a version, where MLflow keeps them."""
    run = record.ledger(project.root) and models_client(project).get_model_version("churn", str(version)).run_id
    (place,) = (project.root / ".nb-mlops" / "mlartifacts").glob(f"{run}/artifacts/model")
    return place


def models_client(project: Project) -> Any:
    from mlflow import MlflowClient

    plain = f"sqlite:///{project.root}/.nb-mlops/registry.db"
    return MlflowClient(plain, plain)


def acts() -> list[tuple[str, int]]:
    return [(entry["act"], entry["version"]) for entry in models.history("churn")["entries"]]


def test_the_road_of_a_model_from_promotion_to_rollback_is_told_with_its_grounds(project: Project) -> None:
    assert nb_mlops.load_model("models:/churn/1").predict(rows()).tolist() == [0, 0]
    first = promotion.promote("churn", "It beats the rule.", version=1)
    assert first.done and first.gated
    promotion.promote("churn", "Fewer false alarms.")
    promotion.feedback("churn", "Alarms on Mondays.")
    back = promotion.rollback("churn", "Mondays.")
    assert (back.version, back.held, back.done) == (1, 2, True)
    assert nb_mlops.load_model("churn").predict(rows()).tolist() == [0, 0]
    told = models.history("churn")["entries"]
    assert [(one["act"], one["version"]) for one in told] == [
        *(("registered", 1), ("registered", 2), ("promoted", 1), ("promoted", 2), ("noted", 2), ("rolled back", 1)),
    ]
    (last,) = [one for one in told if one["act"] == "rolled back"]
    assert (last["reason"], last["held"], last["problem"]) == ("Mondays.", 2, "")
    assert [sheet["kind"] for sheet in last["evidence"]] == ["check", "lint"] and last["ordered_by"]
    assert {"lint", "reproducible", "data"} <= set(last["proofs"]) and len(last["policy"]) == 64
    (row,) = models.board()["rows"]
    assert (row["alias"], row["version"], row["newest"], row["reason"]) == ("champion", 1, 2, "Mondays.")
    assert ledger.verify()["sound"]
    with pytest.raises(UsageError, match="no earlier version"):
        promotion.rollback("churn", "Further back.")


def rows() -> Any:
    from sklearn.datasets import load_iris

    return load_iris(as_frame=True).data.head(2)


def test_the_command_line_says_all_of_it(project: Project, nbm: Callable[..., str]) -> None:
    assert "promoted: churn version 2 is now `champion`" in nbm("models", "promote", "churn", "--reason", "Better.")
    assert "champion=2" in nbm("models", "list")
    assert "model  alias     version" in nbm("models", "board")
    page = nbm("models", "board", "--format", "html")
    assert page.startswith("<!doctype html>") and "churn" in page and "<script" not in page
    assert "No models" in nbm("models", "search", "fraud", code=3)
    assert "the gate would let it pass" in nbm("models", "show", "churn")
    assert "why       Better." in nbm("models", "history", "churn")
    assert "sound: 3 entries" in nbm("ledger", "verify")
    assert json.loads(nbm("ledger", "show", "--format", "json"))["entries"][2]["reason"] == "Better."
    said = nbm("models", "promote", "chrun", "--reason", "x", code=2)
    assert "There is no model `chrun`" in said and "It has: churn" in said
    assert "needs a reason" in nbm("models", "promote", "churn", "--reason", " ", code=2)
    (artefacts(project, 2) / "model.skops").write_bytes(b"another model")
    said = nbm("models", "promote", "churn", "--reason", "Again.", code=5)
    assert "edited: `model.skops`" in said and "was not moved" in said
    assert "Today the gate would refuse it" in nbm("models", "show", "churn", code=5)


def test_when_a_key_was_revoked_everything_says_so_once_with_the_reason(
    project: Project, nbm: Callable[..., str]
) -> None:
    nbm("keys", "trust", "--owner", "Grace")
    (key,) = json.loads(nbm("keys", "list", "--format", "json"))["keys"]
    nbm("keys", "revoke", key["key"][:12], "--reason", "Laptop lost.")
    reason = f"of Grace, which was revoked on {date.today().isoformat()}: Laptop lost."
    assert reason in " ".join(nbm("models", "history", "churn").split())
    found = fits("ledger-report", nbm("ledger", "verify", "--format", "json", code=1))["faults"]
    assert f"ledger countersign {key['key'][:12]} --reason" in nbm("ledger", "verify", "--offline", code=1)
    (worthless,) = [fault for fault in found if fault["code"] == "LG001"]
    assert worthless["message"].startswith("Lines 1 to 2 are worth nothing") and reason in worthless["message"]
    shown = " ".join(nbm("models", "show", "churn", code=5).split())
    assert "nb-mlops check nb/train.ipynb" in shown, "the notebook is known, whatever its papers are worth"


def test_what_a_revoked_key_entered_stands_again_once_somebody_who_may_signs_for_it(
    project: Project, nbm: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nbm("keys", "trust", "--owner", "Grace", "--for", "evidence", "--for", "approval")
    lost = signing.load_key()
    assert lost is not None
    nbm("keys", "new", "--out", str(tmp_path / "ada.pem"))
    nbm("keys", "trust", str(tmp_path / "ada.pub.pem"), "--owner", "Ada", "--for", "evidence")
    again = ("ledger", "countersign", lost.keyid[:12], "--reason", "Same as in CI's log.")
    assert "was not revoked" in nbm(*again, code=2)
    assert "nb-mlops ledger countersign" in nbm("keys", "revoke", lost.keyid[:12], "--reason", "Laptop lost.")
    assert "not trusted here" in nbm("models", "feedback", "churn", "Slow.", code=5)
    with pytest.raises(LedgerError, match=f"Your key {lost.keyid[:12]} was revoked"):
        record.enter(project.root, Deed(Act.NOTED.value, "churn"))
    monkeypatch.setenv("NB_MLOPS_KEY", str(tmp_path / "ada.pem"))
    assert "nb-mlops ledger countersign" in nbm("models", "feedback", "churn", "Slow.", code=5)
    assert "not for approval" in nbm(*again, code=2)
    nbm("keys", "trust", str(tmp_path / "ada.pub.pem"), "--owner", "Ada", "--for", "evidence", "--for", "approval")

    file, whole = record.ledger(project.root), record.ledger(project.root).lines()
    entries, sealed = file.folder / "entries.jsonl", file.head()
    entries.write_bytes(whole[0] + b"\n")  # the thief cuts what tells of the second version
    file.set_head(signing.sign(Head(1, line_digest(whole[0]), "2026-01-31T12:00:00Z").statement().to_bytes(), lost))
    assert "cut off" in nbm(*again, code=5) and "cut or exchanged" in nbm(*again, "--head", "0" * 64, code=5)
    entries.write_bytes(b"".join(line + b"\n" for line in whole))
    assert sealed is not None
    (file.folder / "head.json").write_bytes(sealed)

    assert "2 entries of key" in nbm(*again, "--head", line_digest(whole[1]))
    assert "entered nothing here that is not upheld" in nbm(*again, code=3)
    found = fits("ledger-report", nbm("ledger", "verify", "--format", "json"))
    assert [(one["entries"], one["number"], one["reason"]) for one in found["upheld"]] == [
        (2, 3, "Same as in CI's log.")
    ]
    assert "2 entries of key" in nbm("ledger", "verify")
    history = nbm("models", "history", "churn")
    assert "counts for nothing" not in history and history.count("stands    by entry 3 of the ledger") == 2
    fits("models-report", nbm("models", "history", "churn", "--format", "json"))
    fits("ledger-report", nbm("ledger", "show", "--format", "json"))
    assert f"what key {lost.keyid[:12]} entered" in nbm("ledger", "show")
    nbm("models", "feedback", "churn", "Slow.")
    assert "sound: 4 entries" in nbm("ledger", "verify")


def test_what_was_done_in_the_projects_own_registry_is_not_told_of_another(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nbm: Callable[..., str]
) -> None:
    promotion.promote("churn", "There.", version=1)
    here = new_project(tmp_path / "here", saved_model())
    monkeypatch.chdir(here.root)
    here.check()
    assert register(str(here.notebook), "churn").entry is not None
    promotion.promote("churn", "Here.")
    there = f"nbgate+sqlite:///{project.root}/.nb-mlops/registry.db"
    assert [one["reason"] for one in models.history("churn", there)["entries"]] == ["", "", "There."]
    assert [row["reason"] for row in models.board(there)["rows"]] == ["There."]
    assert [one["reason"] for one in models.history("churn")["entries"]] == ["", "Here."]
    assert "in step with nbgate+sqlite:///.nb-mlops/registry.db" in nbm("ledger", "verify")


def test_what_is_printed_as_json_fits_its_schema(project: Project, nbm: Callable[..., str]) -> None:
    promotion.promote("churn", "Better.")
    promotion.feedback("churn", "Fewer calls.")
    for line in ("models list", "models search churn", "models show churn", "models history churn", "models board"):
        fits("models-report", nbm(*line.split(), "--format", "json"))
    for line in ("promote churn --version 1 --reason x", "rollback churn --reason x", "feedback churn Slow."):
        assert fits("decision-report", nbm("models", *shlex.split(line), "--format", "json"))["done"]
    fits("ledger-report", nbm("ledger", "show", "--format", "json"))
    assert fits("ledger-report", nbm("ledger", "verify", "--format", "json"))["faults"] == []
    models_client(project).set_registered_model_alias("churn", "shadow", "1")
    assert fits("ledger-report", nbm("ledger", "verify", "--format", "json", code=1))["faults"]
    (artefacts(project, 1) / "model.skops").write_bytes(b"another model")
    no = nbm("models", "promote", "churn", "--version", "1", "--to", "x", "--reason", "x", "--format", "json", code=5)
    assert not fits("decision-report", no)["done"]
    rows = fits("models-report", nbm("models", "board", "--format", "json"))["rows"]
    assert {row["since"] for row in rows if row["alias"] == "shadow"} == {None}


def test_every_command_that_the_page_shows_is_run(project: Project, nbm: Callable[..., str]) -> None:
    promotion.promote("churn", "To have something to go back to.", version=1)
    page = (Path(nb_mlops.__file__).parent.parent / "docs" / "registry.md").read_text(encoding="utf-8")
    shown = [line.partition("  #")[0] for line in page.splitlines() if line.startswith("nb-mlops ")]
    assert len(shown) >= 7
    for line in shown:
        nbm(*shlex.split(line)[1:])


def test_a_swapped_model_is_neither_promoted_nor_loaded(project: Project) -> None:
    promotion.promote("churn", "Good.", version=1)
    (artefacts(project, 1) / "model.skops").write_bytes(b"another model")
    with pytest.raises(RegistryRefusedError, match=r"was not loaded.*edited: `model.skops`"):
        nb_mlops.load_model("churn")
    decision = promotion.promote("churn", "Once more.", version=1, to="challenger")
    assert not decision.done and decision.report["gate"]["passed"] is False
    assert [row["alias"] for row in models.board()["rows"]] == ["champion"]
    assert nb_mlops.load_model("churn", version=2) is not None


def test_where_there_is_no_project_a_folder_that_is_named_has_policy_and_keys(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    uri = f"nbgate+sqlite:///{project.root}/.nb-mlops/registry.db"
    monkeypatch.setenv("NB_MLOPS_GATE_ROOT", str(project.root))
    assert nb_mlops.load_model("churn", version=1, registry=uri) is not None
    strict = tmp_path / "strict"
    strict.mkdir()
    (strict / "nb-mlops.toml").write_text(f'[gate]\ntrusted-keys = ["{"0" * 64}"]\n')
    monkeypatch.setenv("NB_MLOPS_GATE_ROOT", str(strict))
    with pytest.raises(RegistryRefusedError, match="GA003"):
        nb_mlops.load_model("churn", version=1, registry=uri)
    assert not list(elsewhere.iterdir())


def test_a_ledger_that_cannot_be_gone_on_with_can_still_be_read(project: Project) -> None:
    record.ledger(project.root).announce({"deed": None})
    cut(project)
    assert models.listed()["models"][0]["versions"] == 2
    assert "LG004" in {fault["code"] for fault in ledger.verify()["faults"]}


def test_load_model_names_what_is_there_instead_of_what_is_not(project: Project) -> None:
    for call, words in (
        (lambda: nb_mlops.load_model("churn"), "alias `champion`"),
        (lambda: nb_mlops.load_model("churn", version=7), "version 7"),
        (lambda: nb_mlops.load_model("fraud"), "no model `fraud`"),
        (lambda: nb_mlops.load_model("models:/churn"), "names no version"),
        (lambda: nb_mlops.load_model("models:/churn/1", alias="champion"), "names a version already"),
    ):
        with pytest.raises(UsageError, match=words):
            call()


def test_a_pickle_is_loaded_only_when_both_the_call_and_the_policy_allow_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NB_MLOPS_KEY", str(tmp_path / "key.pem"))
    saved = tmp_path / "pickled"
    script = (
        "import sys, mlflow.sklearn; from sklearn.linear_model import LogisticRegression as L; "
        "mlflow.sklearn.save_model(L().fit([[0.0], [1.0]], [0, 1]), sys.argv[1], serialization_format='cloudpickle')"
    )
    subprocess.run([sys.executable, "-c", script, str(saved)], check=True, capture_output=True)
    project = new_project(tmp_path / "churn", saved)
    project.check()
    monkeypatch.chdir(project.root)
    assert register(str(project.notebook), "churn").entry is not None
    for allow in (False, True):
        with pytest.raises(RegistryRefusedError, match=r"`model.pkl` is a pickle"):
            nb_mlops.load_model("churn", version=1, allow_pickle=allow)
    with (project.root / "pyproject.toml").open("a") as file:
        file.write("[tool.nb-mlops.gate]\nallow-pickle = true\n")
    with pytest.raises(RegistryRefusedError, match="is a pickle"):
        nb_mlops.load_model("churn", version=1)
    assert nb_mlops.load_model("churn", version=1, allow_pickle=True).predict([[0.0]]).tolist() == [0]


def entries(project: Project) -> Path:
    return project.root / ".nb-mlops" / "ledger" / "entries.jsonl"


def head(project: Project) -> Path:
    return project.root / ".nb-mlops" / "ledger" / "head.json"


def cut(project: Project) -> None:
    lines = entries(project).read_bytes().splitlines(keepends=True)
    entries(project).write_bytes(b"".join(lines[:-1]))


def edit(project: Project) -> None:
    import base64

    first, *rest = entries(project).read_bytes().splitlines(keepends=True)
    envelope = json.loads(first)
    payload = base64.b64decode(envelope["payload"]).replace(b'"who":"', b'"who":"Not ')
    entries(project).write_bytes(
        json.dumps({**envelope, "payload": base64.b64encode(payload).decode()}).encode() + b"\n" + b"".join(rest)
    )


def swap(project: Project) -> None:
    lines = entries(project).read_bytes().splitlines(keepends=True)
    entries(project).write_bytes(b"".join([lines[1], lines[0], *lines[2:]]))


def forge_head(project: Project) -> None:
    """Cut the ledger, and sign a fitting head with a key of one's own."""
    cut(project)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NB_MLOPS_KEY", str(project.root / "forger.pem"))
        forger = signing.load_or_create_key()
    lines = record.ledger(project.root).lines()
    from nb_mlops.evidence.ledger import Head

    forged = Head(len(lines), ledger.line_digest(lines[-1]), "2026-01-31T12:00:00Z")
    head(project).write_text(json.dumps(signing.sign(forged.statement().to_bytes(), forger)))


def go_back(project: Project) -> None:
    """Put back ledger and head as they were, both genuine, and act as if the rest had never been."""
    shutil.copytree(project.root / ".nb-mlops" / "before", entries(project).parent, dirs_exist_ok=True)


FORGERIES = [(cut, "LG004"), (edit, "LG001"), (swap, "LG002"), (forge_head, "LG003"), (go_back, "LG004")]


@pytest.mark.parametrize(("forgery", "code"), FORGERIES, ids=[forgery.__name__ for forgery, _ in FORGERIES])
def test_a_ledger_that_was_tampered_with_is_found_and_not_written_on(
    project: Project, nbm: Callable[..., str], forgery: Callable[[Project], None], code: str
) -> None:
    shutil.copytree(entries(project).parent, project.root / ".nb-mlops" / "before")
    promotion.promote("churn", "Good.")
    forgery(project)
    found = ledger.verify()
    assert not found["sound"] and code in {fault["code"] for fault in found["faults"]}
    assert "not sound" in nbm("ledger", "verify", code=1)
    if forgery in (cut, forge_head):
        with pytest.raises(RegistryRefusedError, match=r"ledger does not end where|head counts for nothing"):
            promotion.promote("churn", "Again.")


def test_a_head_that_was_noted_down_must_still_be_in_the_ledger(project: Project) -> None:
    noted = ledger.verify()["head"]
    promotion.promote("churn", "Good.")
    assert ledger.verify(head=noted)["sound"]
    assert {fault["code"] for fault in ledger.verify(head="0" * 64)["faults"]} == {"LG005"}


def test_an_auditor_needs_the_ledger_and_a_public_key_and_nothing_else(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "auditor"
    shutil.copytree(entries(project).parent, elsewhere / ".nb-mlops" / "ledger")
    (key,) = (project.root / ".nb-mlops" / "keys").iterdir()
    monkeypatch.setenv("NB_MLOPS_KEY", str(tmp_path / "auditor.pem"))
    assert not ledger.verify(str(elsewhere))["sound"]
    assert ledger.verify(str(elsewhere), [str(key)])["sound"]


DYING = """
import os, signal, sys
from nb_mlops.commands import record
record.enter = lambda *a, **b: os.kill(os.getpid(), signal.SIGKILL)
from nb_mlops.doors.cli import main
sys.argv = ["nb-mlops", *sys.argv[1:]]
main()
"""


def killed(*words: str) -> None:
    """Run a command that is killed after it wrote to the registry and before it could enter what it did."""
    environment = {**os.environ, "PYTHONPATH": str(Path(nb_mlops.__file__).parent.parent)}
    done = subprocess.run([sys.executable, "-c", DYING, *words], env=environment, capture_output=True, check=False)
    assert done.returncode == -9, done.stderr


def test_who_is_killed_between_registry_and_ledger_is_made_up_for_by_the_next_command(project: Project) -> None:
    killed("models", "promote", "churn", "--reason", "Just in time.")
    found = ledger.verify()
    assert found["sound"] and found["recovered"] == [3]
    (last,) = [one for one in models.history("churn")["entries"] if one["recovered"]]
    assert (last["act"], last["version"], last["alias"], last["reason"]) == ("promoted", 2, "champion", "Just in time.")
    killed("register", "nb/train.ipynb", "--model", "another")
    promotion.feedback("churn", "All is well.")
    (entry,) = models.history("another")["entries"]
    assert entry["recovered"] and entry["act"] == "registered" and entry["evidence"]
    assert ledger.verify()["sound"]


def test_what_came_past_the_gate_is_named_and_never_put_to_use(project: Project) -> None:
    plain = models_client(project)
    run = plain.create_run(plain.create_experiment("by hand", str(project.root / "elsewhere")))
    plain.log_artifacts(run.info.run_id, str(saved_model()), "model")
    plain.create_model_version("churn", f"{run.info.artifact_uri}/model", run.info.run_id)
    assert {fault["code"] for fault in ledger.verify()["faults"]} == {"LG006"}
    assert not promotion.promote("churn", "It looks fine.", version=3).done
    promotion.promote("churn", "This one is proven.", version=2)
    assert {fault["code"] for fault in ledger.verify()["faults"]} == {"LG007"}
    with pytest.raises(RegistryRefusedError, match="GA001"):
        nb_mlops.load_model("churn", version=3)


def test_an_alias_that_was_moved_by_other_means_is_entered_as_such(project: Project) -> None:
    models_client(project).set_registered_model_alias("churn", "champion", "1")
    assert [fault["code"] for fault in ledger.verify()["faults"]] == ["LG006"]
    promotion.feedback("churn", "Who did this?")
    assert acts()[-2:] == [("aliased", 1), ("noted", 1)]


def test_a_registered_version_has_the_card_that_its_evaluation_fills(project: Project, nbm: Callable[..., str]) -> None:
    from nb_mlops.commands.gate import gate
    from nb_mlops.commands.steps import papers
    from nb_mlops.core.value import replace
    from nb_mlops.evidence.kind import ModelRef
    from nb_mlops.evidence.predicates.evaluation import EvaluationPredicate
    from nb_mlops.evidence.statement import timestamp
    from nb_mlops.gatekeeper.evaluated import evaluated

    assert "was not evaluated" in nbm("models", "card", "churn", code=5)
    found = evaluated().paper(EvaluationPredicate)
    check = gate(str(project.notebook), "churn").dossier.papers.check
    assert found is not None and check is not None
    digest = check.subject()[1]
    now = timestamp(datetime.now(timezone.utc))
    measured = replace(found, model=ModelRef("carded", digest), notebook=check.notebook, issued=now)
    papers.file(project.root, digest, (measured,), "evaluate")
    assert register(str(project.notebook), "carded").entry is not None
    assert nbm("models", "card", "carded").startswith("# carded, version 1\n")
    assert nbm("models", "card", "carded", "--format", "html").startswith("<!doctype html>")

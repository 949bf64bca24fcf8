"""`nb-mlops ci` in real repositories: a bad change, a good one, a model that is proven, and keys kept out of reach."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from helpers_repo import CLEAN, ROOT, STALE, Repo, new_repo, notebook_of
from helpers_tokens import token

TOKEN = token("github-token")
LINT_SCHEMA = json.loads((ROOT / "nb_mlops" / "schemas" / "lint-report.schema.json").read_text("utf-8"))
SERVICE = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "pull_request", "CI": "true"}
MODEL = (
    ("import os\nimport nb_mlops\nimport pandas as pd\nfrom sklearn.linear_model import LogisticRegression", 1),
    ("assert 'DEPLOY_TOKEN' not in os.environ and not [n for n in os.environ if n.startswith('NB_MLOPS_KEY')]", 2),
    ("rows = pd.read_csv('data.csv')\nX, y = rows[['a', 'b']], rows['y']", 3),
    ("model = LogisticRegression(C=1.0).fit(X, y)\nnb_mlops.metric('accuracy', model.score(X, y))", 4),
    ("nb_mlops.model(model, name='churn', example=X.head())", 5),
)
DATA = "a,b,y\n" + "".join(f"{i},{i % 3},{i % 2}\n" for i in range(20))


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    repo = new_repo(tmp_path, XDG_CACHE_HOME=str(tmp_path / "cache"))
    repo.write("old.ipynb", notebook_of(*STALE))
    repo.write("data.csv", DATA)
    repo.write("pyproject.toml", '[project]\nname = "churn"\n')
    repo.commit("Begin")
    repo.git("checkout", "-q", "-b", "change")
    return repo


def test_a_good_change_passes_and_a_bad_one_does_not(repo: Repo) -> None:
    repo.write("new.ipynb", notebook_of(CLEAN))
    repo.commit("Good")
    repo.nbm("ci", "--base", "main", **SERVICE)
    repo.write("new.ipynb", notebook_of(*STALE))
    repo.commit("Bad")
    said = repo.nbm("ci", "--base", "main", code=1, **SERVICE).stdout
    assert "new.ipynb" in said and "EX001" in said and "old.ipynb" not in said


def test_nothing_changed_is_nothing_wrong(repo: Repo) -> None:
    repo.nbm("ci", "--base", "main", **SERVICE)
    repo.nbm("ci", "--all", code=1, **SERVICE)


def test_the_service_says_what_the_change_is_to_join_and_the_job_gets_its_page(repo: Repo, tmp_path: Path) -> None:
    repo.git("update-ref", "refs/remotes/origin/main", "main")
    repo.write("new.ipynb", notebook_of(*STALE))
    repo.commit("Bad")
    page = tmp_path / "page.md"
    page.write_text("Before.\n")
    repo.nbm("ci", code=1, GITHUB_BASE_REF="main", GITHUB_STEP_SUMMARY=str(page), **SERVICE)
    assert page.read_text().startswith("Before.\n## nb-mlops ci: failed")
    assert "new.ipynb" in page.read_text() and "old.ipynb" not in page.read_text()


def test_a_base_that_is_not_there_is_called_that_with_the_one_that_was_meant(repo: Repo) -> None:
    said = repo.nbm("ci", "--base", "mian", code=2, **SERVICE).stderr
    assert "no branch or commit `mian`" in said and "Did you mean `main`?" in said
    repo.git("update-ref", "refs/remotes/origin/stable", "main")
    assert "Did you mean `origin/stable`?" in repo.nbm("ci", "--base", "stable", code=2, **SERVICE).stderr


def test_known_findings_stay_known_and_a_change_that_makes_more_of_them_known_is_told(repo: Repo) -> None:
    repo.nbm("baseline", "write")
    repo.commit("Baseline")
    repo.git("branch", "-f", "main")
    repo.nbm("ci", "--all", **SERVICE)
    repo.write("new.ipynb", notebook_of(*STALE))
    repo.nbm("baseline", "write")
    repo.write("nb-mlops.toml", '[lint]\nignore = ["RE002"]\n')
    repo.commit("Sweep under the rug")
    said = repo.nbm("ci", "--base", "main", **SERVICE).stdout
    assert "takes 1 more finding for known" in said and "edits the settings that judge it" in said
    assert "lint.ignore" in said


def test_a_secret_that_one_commit_brings_and_the_next_takes_out_fails_the_change(repo: Repo) -> None:
    repo.write("leak.ipynb", notebook_of((f'key = "{TOKEN}"', 1)))
    repo.commit("Leak")
    repo.write("leak.ipynb", notebook_of(CLEAN))
    repo.commit("Hide")
    done = repo.nbm("ci", "--base", "main", code=1, **SERVICE)
    assert "SE001" in done.stdout and "It came in with commit" in done.stdout and TOKEN not in done.stdout


def test_a_secret_that_still_stands_is_told_once(repo: Repo) -> None:
    repo.write("leak.ipynb", notebook_of((f'key = "{TOKEN}"', 1)))
    repo.commit("Leak")
    document = json.loads(repo.nbm("ci", "--base", "main", "--format", "json", code=1, **SERVICE).stdout)
    assert [finding["code"] for finding in document["findings"]].count("SE001") == 1


def test_shards_together_see_each_notebook_once(repo: Repo) -> None:
    names = {f"n{number}.ipynb" for number in range(8)}
    for name in names:
        repo.write(name, notebook_of(*STALE))
    seen: list[str] = []
    for shard in ("1/3", "2/3", "3/3"):
        done = repo.nbm("ci", "--base", "main", "--shard", shard, "--format", "json", code=None, **SERVICE)
        seen += [finding["path"] for finding in json.loads(done.stdout)["findings"]]
    assert sorted(seen) == sorted(names)
    repo.nbm("ci", "--shard", "4/3", code=2)


def test_an_audit_refuses_suppressions_without_a_reason(repo: Repo) -> None:
    repo.write("new.ipynb", notebook_of(("!pip install requests  # nbm: ignore[RE002]", 1)))
    repo.nbm("ci", "--base", "main", **SERVICE)
    repo.nbm("ci", "--base", "main", "--audit", code=1, **SERVICE)


def test_with_a_key_within_reach_nothing_of_the_change_is_run(repo: Repo, tmp_path: Path) -> None:
    repo.write("train.ipynb", notebook_of(*MODEL))
    for environ in ({"NB_MLOPS_KEY": str(tmp_path / "key.pem")}, {}):
        if not environ:
            (repo.home / ".config/nb-mlops/keys").mkdir(parents=True)
            (repo.home / ".config/nb-mlops/keys/ed25519.pem").write_text("a key\n")
        said = repo.nbm("ci", "--base", "main", code=2, **SERVICE, **environ).stderr
        assert "within reach" in said and "--sign" in said
    repo.nbm("ci", "--base", "main", "--no-run", **SERVICE)


def test_what_strangers_propose_is_neither_signed_nor_run_where_there_are_secrets(repo: Repo) -> None:
    assert "proposed change" in repo.nbm("ci", "--base", "main", "--sign", code=2, **SERVICE).stderr
    gitlab = {"GITLAB_CI": "true", "CI_MERGE_REQUEST_DIFF_BASE_SHA": repo.git("rev-parse", "main").strip()}
    assert "proposed change" in repo.nbm("ci", "--sign", code=2, **gitlab).stderr
    accepted = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "push"}
    assert "no key to sign with" in repo.nbm("ci", "--sign", code=2, **accepted).stderr
    event = {**SERVICE, "GITHUB_EVENT_NAME": "pull_request_target"}
    assert "secrets" in repo.nbm("ci", "--base", "main", code=2, **event).stderr


def test_a_model_whose_name_only_a_run_can_tell_is_said(repo: Repo) -> None:
    repo.write("train.ipynb", notebook_of(("import nb_mlops, os\nnb_mlops.model(1, name=os.getcwd())", 1)))
    document = json.loads(repo.nbm("ci", "--base", "main", "--format", "json", code=0, **SERVICE).stdout)
    assert [finding["code"] for finding in document["findings"]] == ["CI004"]
    jsonschema.validate(document, LINT_SCHEMA)


def test_the_gate_alone_is_asked_from_what_is_on_paper(repo: Repo) -> None:
    repo.write("train.ipynb", notebook_of(*MODEL))
    repo.write("plain.ipynb", notebook_of(*STALE))
    said = repo.nbm("ci", "--gate-only", "train.ipynb", "plain.ipynb", code=5).stdout
    assert "train.ipynb makes `churn`: gate failed" in said and "GA001" in said and "EX001" not in said
    repo.nbm("ci", "--gate-only", "plain.ipynb")
    document = json.loads(repo.nbm("ci", "--gate-only", "train.ipynb", "--format", "json", code=5).stdout)
    jsonschema.validate(document, LINT_SCHEMA)


@pytest.mark.slow
def test_a_model_is_proven_without_a_key_and_an_earlier_pass_counts_until_the_data_change(repo: Repo) -> None:
    repo.write("train.ipynb", notebook_of(*MODEL))
    repo.commit("Model")
    service = {**SERVICE, "DEPLOY_TOKEN": "not for notebooks"}
    said = repo.nbm("ci", "--base", "main", **service).stdout
    assert "`churn`: check passed, gate passed." in said
    assert not (repo.home / ".config").exists()
    keys = list((repo.root / ".nb-mlops" / "keys").glob("*"))
    assert len(keys) == 1
    # Nothing that was signed here counts for anybody else.
    assert repo.nbm("gate", "train.ipynb", "--model", "churn", code=5).stdout
    assert "nothing has changed since it passed" in repo.nbm("ci", "--base", "main", **service).stdout
    repo.write("data.csv", DATA + "99,1,1\n")
    again = repo.nbm("ci", "--base", "main", "--budget", "0.01", code=5, **service).stdout
    assert "CI003" in again and "time was up" in again


@pytest.mark.slow
def test_a_change_of_the_package_alone_runs_its_tests(repo: Repo) -> None:
    repo.git("checkout", "-q", "main")
    repo.write("train.ipynb", notebook_of(*MODEL))
    repo.write("train_package/nb-mlops.map.json", '{"notebook": "train.ipynb"}\n')
    repo.write("train_package/src/train/__init__.py", "RATE = 2\n")
    repo.write(
        "train_package/tests/test_rate.py",
        "import os\nfrom train import RATE\n\ndef test_rate():\n"
        "    assert RATE == 2 and 'DEPLOY_TOKEN' not in os.environ\n",
    )
    repo.commit("Package")
    repo.git("checkout", "-q", "-B", "change")
    repo.write("train_package/src/train/__init__.py", "RATE = 3\n")
    repo.commit("Break the package")
    said = repo.nbm("ci", "--base", "main", code=4, **SERVICE).stdout
    assert "CI001" in said and "package tests failed" in said
    assert "train.ipynb" not in repo.nbm("ci", "--base", "main", "--no-run", **SERVICE).stdout


@pytest.mark.slow
def test_a_notebook_that_does_not_run_fails_the_change_with_a_code_of_its_own(repo: Repo) -> None:
    broken = ("import nb_mlops\nvalue = int('no number')", 1), ("nb_mlops.model(value, name='churn')", 2)
    repo.write("Q3 & Q4/train.ipynb", notebook_of(*broken))
    done = repo.nbm("ci", "--base", "main", "--report", "junit=r.xml", code=4, **SERVICE)
    said = " ".join(done.stdout.split())
    assert "CI002" in said and "ValueError" in said
    assert "Run `nb-mlops check 'Q3 & Q4/train.ipynb'`" in said, "a shell takes it as it stands"
    assert ".; " not in said
    assert "<failure" in (repo.root / "r.xml").read_text()

"""`nb-mlops init`, as a new user has it: look, write, commit with the real hook in place, change, be judged."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from helpers_repo import CLEAN, ROOT, STALE, Repo, new_repo, notebook_of
from helpers_tokens import token

TOKEN = token("github-token")


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    repo = new_repo(tmp_path, XDG_CACHE_HOME=str(tmp_path / "cache"))
    repo.write("train.ipynb", notebook_of(*STALE))
    repo.write("archive/old.ipynb", notebook_of(*STALE))
    repo.write("pyproject.toml", '[project]\nname = "churn"\n')
    repo.write(".github/dependabot.yml", "version: 2\n")
    repo.commit("Begin")
    return repo


def files(repo: Repo) -> dict[str, bytes]:
    kept = (path for path in repo.root.rglob("*") if path.is_file() and ".git" not in path.relative_to(repo.root).parts)
    return {path.relative_to(repo.root).as_posix(): path.read_bytes() for path in kept}


def test_nothing_is_written_unasked(repo: Repo) -> None:
    before = files(repo)
    done = repo.nbm("init")
    assert files(repo) == before
    assert "nothing is written" in done.stderr and "+      - id: nb-mlops" in done.stdout


def test_all_of_it_is_written_once_and_holds(repo: Repo) -> None:
    said = repo.nbm("init", "--yes").stdout
    assert "2 notebooks" not in said and "1 notebook, 1 finding." in said  # archive/ is left out
    written = files(repo)
    assert {".pre-commit-config.yaml", ".github/workflows/nb-mlops.yml", "nb-mlops-baseline.json"} <= written.keys()
    assert 'exclude = ["archive/"]' in written["pyproject.toml"].decode()
    repo.nbm("lint")
    again = repo.nbm("init", "--yes").stdout
    assert files(repo) == written and "Nothing was written." in again
    assert again.count("there already") == 4


def test_a_secret_is_not_just_taken_for_known(repo: Repo) -> None:
    repo.write("leak.ipynb", notebook_of((f'key = "{TOKEN}"', 1)))
    said = repo.nbm("init", "--yes").stdout
    assert "1 secret among them" in said and "Revoke" in said and TOKEN not in said


def test_a_file_that_git_would_ignore_is_said(repo: Repo) -> None:
    repo.write(".gitignore", "*.json\n")
    said = repo.nbm("init", "--yes").stdout
    assert ".gitignore leaves out nb-mlops-baseline.json" in said
    (line,) = [line.strip() for line in said.splitlines() if line.strip().startswith("git add")]
    repo.run("bash", "-c", line)
    assert "nb-mlops-baseline.json" in repo.git("ls-files")


def test_it_belongs_to_the_root_of_a_repository(repo: Repo, tmp_path: Path) -> None:
    assert "in one" in Repo(repo.root / "archive", repo.home).nbm("init", code=2).stderr
    (tmp_path / "plain").mkdir()
    assert "git init" in Repo(tmp_path / "plain", repo.home).nbm("init", code=2).stderr


def test_a_gitlab_repository_gets_a_gitlab_file_and_without_a_service_there_is_none(repo: Repo) -> None:
    repo.git("rm", "-rq", ".github")
    assert "No CI service" in repo.nbm("init").stdout
    repo.git("remote", "add", "origin", "https://gitlab.example.org/group/project.git")
    assert ".gitlab-ci.yml" in repo.nbm("init").stdout
    assert ".github/workflows" in repo.nbm("init", "--ci", "github").stdout


@pytest.mark.slow
def test_from_init_to_a_commit_that_is_refused_and_a_change_that_is_judged(repo: Repo, tmp_path: Path) -> None:
    """The hook is fetched by the address and the version that init wrote; git is told to find it here."""
    from nb_mlops import __version__
    from nb_mlops.adoption import SOURCE

    published = tmp_path / "published"
    repo.git("clone", "-q", "--no-tags", f"file://{ROOT}", str(published))
    there = Repo(published, repo.home)
    there.run("bash", "-c", f"git -C {ROOT} ls-files -z | (cd {ROOT} && tar -c --null -T -) | tar -x")
    there.run("git", "-c", "user.name=T", "-c", "user.email=t@example.invalid", "commit", "-aqm", "Now", code=None)
    there.run("git", "tag", "-f", f"v{__version__}")
    repo.git("config", "--global", f"url.file://{published}.insteadOf", SOURCE)
    repo.nbm("init", "--yes")
    repo.run(sys.executable, "-m", "pre_commit", "install")
    repo.commit("Lint notebooks")
    repo.git("checkout", "-q", "-b", "change")
    repo.write("new.ipynb", notebook_of(*STALE))
    repo.git("add", "-A")
    assert "EX001" in repo.run("git", "commit", "-qm", "Bad", code=1).stderr
    repo.run("git", "commit", "-qm", "Bad", "--no-verify")
    repo.nbm("ci", "--base", "main", code=1)
    repo.write("new.ipynb", notebook_of(CLEAN))
    repo.commit("Mend")
    repo.nbm("ci", "--base", "main")

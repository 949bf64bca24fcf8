"""What the CI files run, run: action.yml, the GitLab template and the shell lines, over a bad change and a good one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from helpers_repo import CLEAN, ROOT, STALE, Repo, new_repo, notebook_of

ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
GITLAB = yaml.safe_load((ROOT / "templates" / "gitlab.yml").read_text("utf-8"))["nb-mlops"]


def test_both_files_are_what_the_services_take() -> None:
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema"]
    for schema, file in (("vendor.github-actions", "action.yml"), ("vendor.gitlab-ci", "templates/gitlab.yml")):
        done = subprocess.run([*check, schema, ROOT / file], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_no_input_becomes_text_of_a_script() -> None:
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step.get("run", "")


def test_versions_in_templates_and_pages_are_the_one_that_is_released() -> None:
    from nb_mlops import __version__

    for file in ("templates/gitlab.yml", "docs/ci.md", "docs/pre-commit.md"):
        named = re.findall(r"(?:nb-mlops@v|nb-mlops/v|rev: v)([\d.]+\d)", (ROOT / file).read_text("utf-8"))
        assert named and set(named) == {__version__}, file


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("wheel")
    words = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(place),
        str(ROOT),
    ]
    if subprocess.run(words, check=False, capture_output=True).returncode:
        words.remove("--no-build-isolation")
        subprocess.run(words, check=True, capture_output=True)
    return place


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """The repository that a service clones: `main`, a good change and a bad one."""
    repo = new_repo(tmp_path_factory.mktemp("origin"))
    repo.write("old.ipynb", notebook_of(*STALE))
    repo.commit("Begin")
    for name, cells in (("good", (CLEAN,)), ("bad", STALE)):
        repo.git("checkout", "-q", "-b", name, "main")
        repo.write("new.ipynb", notebook_of(*cells))
        repo.commit(name)
    repo.git("checkout", "-q", "main")
    return repo


@pytest.fixture
def job(origin: Repo, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Repo]:
    """A fresh clone in a job of its own; every job's Python is a new environment."""
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    (tmp_path / "temp").mkdir()
    path = os.pathsep.join([str(tmp_path / "venv" / "bin"), os.environ["PATH"]])
    repo = Repo(tmp_path / "clone", tmp_path, {"PATH": path, "RUNNER_TEMP": str(tmp_path / "temp"), "CI": "true"})
    yield repo


def checkout(job: Repo, origin: Repo, branch: str, *words: str) -> None:
    subprocess.run(
        ["git", "clone", "-q", *words, "--branch", branch, f"file://{origin.root}", str(job.root)],
        check=True,
        env=job.environ,
    )


def run_action(job: Repo, inputs: dict[str, str], *left_out: str, **environ: str) -> int:
    """Every step of the composite action that is a script, but for those left out; the first code that is not 0."""
    values = {name: str(one.get("default", "")) for name, one in ACTION["inputs"].items()} | inputs
    for step in ACTION["runs"]["steps"]:
        if "run" not in step or step["name"] in left_out:
            continue
        known = {"inputs." + name: value for name, value in values.items()} | {"github.action_path": str(ROOT)}
        env = {name: known[text.strip("${ }")] for name, text in step.get("env", {}).items()}
        done = job.run(
            "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"], code=None, **env, **environ
        )
        print(step["name"], done.stdout, done.stderr)
        if done.returncode:
            return done.returncode
    return 0


@pytest.mark.slow
def test_the_action_lets_a_good_change_pass_and_stops_a_bad_one(
    job: Repo, origin: Repo, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout(job, origin, "good", "--depth", "1")  # shallow, as checkouts are: the action fetches the rest
    out, page = tmp_path / "output", tmp_path / "page"
    environ = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_BASE_REF": "main",
        "GITHUB_OUTPUT": str(out),
        "GITHUB_STEP_SUMMARY": str(page),
    }
    assert run_action(job, {}, **environ) == 0
    assert "exit-code=0" in out.read_text() and "passed" in page.read_text()
    job.git("checkout", "-q", "-b", "bad", "origin/bad")
    assert run_action(job, {"audit": "true", "paths": "new.ipynb ."}, "Install", **environ) == 1
    said = capsys.readouterr().out
    assert "::error file=new.ipynb,line=" in said and "old.ipynb" not in said
    assert "exit-code=1" in out.read_text() and "failed" in page.read_text()
    assert (tmp_path / "temp" / "nb-mlops.sarif").is_file()
    # Somebody's words stay words.
    assert run_action(job, {"paths": "$(touch${IFS}pwned) ;touch pwned2 *"}, "Install", **environ) == 2
    assert not list(job.root.glob("pwned*"))


def run_gitlab(job: Repo, **environ: str) -> subprocess.CompletedProcess[str]:
    """The job's scripts, with its variables."""
    given: dict[str, str] = {"GITLAB_CI": "true", "CI_PROJECT_DIR": str(job.root), **environ}
    variables: dict[str, Any] = GITLAB["variables"]
    given |= {name: value.replace("$CI_PROJECT_DIR", str(job.root)) for name, value in variables.items()} | environ
    script = "\n".join([*GITLAB["before_script"], *GITLAB["script"]])
    return job.run("bash", "-eo", "pipefail", "-c", script, code=None, **given)


@pytest.mark.slow
def test_the_gitlab_template_lets_a_good_change_pass_and_stops_a_bad_one(job: Repo, origin: Repo, wheel: Path) -> None:
    import json

    checkout(job, origin, "good")
    base = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": origin.git("rev-parse", "main").strip(), "PIP_FIND_LINKS": str(wheel)}
    done = run_gitlab(job, **base)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads((job.root / "gl-code-quality-report.json").read_text()) == []
    job.git("checkout", "-q", "-f", "-b", "bad", "origin/bad")
    done = run_gitlab(job, **base)
    assert done.returncode == 1, done.stdout + done.stderr
    (entry,) = json.loads((job.root / "gl-code-quality-report.json").read_text())
    assert entry["location"]["path"] == "new.ipynb"
    for name in (*GITLAB["artifacts"]["paths"], *GITLAB["artifacts"]["reports"].values()):
        assert (job.root / name).is_file()


@pytest.mark.slow
def test_the_shell_lines_let_a_good_change_pass_and_stop_a_bad_one(job: Repo, origin: Repo, wheel: Path) -> None:
    page = (ROOT / "docs" / "ci.md").read_text("utf-8")
    block = page.partition("<!-- ci-shell -->\n```sh\n")[2].partition("```")[0]
    assert "nb-mlops ci" in block
    checkout(job, origin, "good")
    environ = {"PIP_FIND_LINKS": str(wheel)}
    job.run("bash", "-eo", "pipefail", "-c", block, **environ)
    job.git("checkout", "-q", "-b", "bad", "origin/bad")
    done = job.run("bash", "-eo", "pipefail", "-c", block, code=1, **environ)
    assert "new.ipynb" in done.stdout and "old.ipynb" not in done.stdout

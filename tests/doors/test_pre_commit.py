"""The hooks as people have them: the real pre-commit, a real repository, real commits, installed from git."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from helpers_repo import CLEAN, ROOT, STALE, Repo, new_repo, notebook_of

pytestmark = pytest.mark.slow

HOME = "/home/" + "mkowalski"
LEAKY = {"name": "stdout", "output_type": "stream", "text": [f"{HOME}/data.csv\n"]}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This tree as a repository that hooks are installed from: whatever of it git would take, committed."""
    place = tmp_path_factory.mktemp("published") / "nb-mlops"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file() and not name.startswith(("tests/", "benchmarks/")):
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, place / name)
    repo = Repo(place, tmp_path_factory.mktemp("home"))
    repo.git("init", "-q", "-b", "main")
    repo.git("config", "user.name", "A Tester")
    repo.git("config", "user.email", "tester@example.invalid")
    repo.commit("Publish")
    return place


@pytest.fixture(scope="module")
def hooked(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """A repository in which the hooks are installed, with their environment made; without Node in its way."""
    folder = tmp_path_factory.mktemp("hooked")
    repo = new_repo(folder, PRE_COMMIT_HOME=str(folder / "store"), PATH=path_without_node())
    revision = subprocess.run(["git", "rev-parse", "HEAD"], cwd=published, capture_output=True, text=True, check=True)
    hooks = "".join(f"    - id: {hook}\n" for hook in ("nb-mlops-fix", "nb-mlops-clean", "nb-mlops"))
    repo.write(
        ".pre-commit-config.yaml", f"repos:\n- repo: {published}\n  rev: {revision.stdout.strip()}\n  hooks:\n{hooks}"
    )
    repo.write("README.md", "Notebooks.\n")
    repo.commit("Begin")
    pre_commit(repo, "install")
    started = time.monotonic()
    pre_commit(repo, "install-hooks")
    assert time.monotonic() - started < 120  # 60 s is the bar on a machine with nothing else to do
    return repo


def path_without_node() -> str:
    import os

    folders = os.environ["PATH"].split(os.pathsep)
    kept = [f for f in folders if not any((Path(f) / name).exists() for name in ("node", "npm"))]
    git = shutil.which("git")
    assert git is not None
    return os.pathsep.join([str(Path(sys.executable).parent), *kept, str(Path(git).parent)])


def pre_commit(repo: Repo, *words: str, code: int | None = 0) -> subprocess.CompletedProcess[str]:
    return repo.run(sys.executable, "-m", "pre_commit", *words, code=code)


@pytest.fixture
def repo(hooked: Repo) -> Repo:
    hooked.git("reset", "-q", "--hard", hooked.git("rev-list", "--max-parents=0", "HEAD").strip())
    hooked.git("clean", "-fdq")
    return hooked


def test_every_hook_is_one_that_the_command_line_has(repo: Repo) -> None:
    from nb_mlops.doors.cli import VERBS

    entries = re.findall(r"(?m)^  entry: nb-mlops (\w+)", (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert set(entries) <= set(VERBS)
    assert {"lint", "fix", "clean"} <= set(entries)


def test_a_bad_notebook_is_not_committed_and_a_good_one_is(repo: Repo) -> None:
    repo.write("bad.ipynb", notebook_of(*STALE))
    repo.git("add", "bad.ipynb")
    refused = repo.run("git", "commit", "-q", "-m", "Bad", code=1)
    said = refused.stderr + refused.stdout
    assert "bad.ipynb" in said and "EX001" in said
    repo.git("rm", "-qf", "--cached", "bad.ipynb")
    repo.write("good.ipynb", notebook_of(CLEAN))
    repo.git("add", "good.ipynb")
    repo.run("git", "commit", "-q", "-m", "Good")


def test_only_what_is_committed_is_judged(repo: Repo) -> None:
    """The other half of the file, not staged, is bad; the staged half is good."""
    repo.write("half.ipynb", notebook_of(CLEAN))
    repo.git("add", "half.ipynb")
    bad = notebook_of(CLEAN, *STALE)
    repo.write("half.ipynb", bad)
    repo.run("git", "commit", "-q", "-m", "Half")
    assert (repo.root / "half.ipynb").read_bytes() == bad
    assert repo.git("show", "HEAD:half.ipynb").encode() == notebook_of(CLEAN)


def test_a_bad_half_that_is_staged_is_refused_though_the_working_tree_is_mended(repo: Repo) -> None:
    repo.write("half.ipynb", notebook_of(*STALE))
    repo.git("add", "half.ipynb")
    repo.write("half.ipynb", notebook_of(CLEAN))
    repo.run("git", "commit", "-q", "-m", "Half", code=1)
    assert (repo.root / "half.ipynb").read_bytes() == notebook_of(CLEAN)


def test_what_fix_mends_stops_the_commit_once_and_is_there_to_be_staged(repo: Repo) -> None:
    repo.write("leaky.ipynb", notebook_of(("print(path)\npath = 1", 1), outputs={0: [LEAKY]}))
    repo.write("leaky.ipynb", notebook_of(("import os\nprint(os.getcwd())", 1), outputs={0: [LEAKY]}))
    repo.git("add", "leaky.ipynb")
    stopped = repo.run("git", "commit", "-q", "-m", "Leaky", code=1)
    assert "files were modified by this hook" in stopped.stderr + stopped.stdout
    assert HOME.encode() not in (repo.root / "leaky.ipynb").read_bytes()
    repo.git("add", "leaky.ipynb")
    repo.run("git", "commit", "-q", "-m", "Mended")
    assert HOME not in repo.git("show", "HEAD:leaky.ipynb")


def test_mending_the_staged_half_keeps_the_other_half(repo: Repo) -> None:
    """Where both halves touch the same lines pre-commit takes its own changes back: nobody's work is lost."""
    repo.write("leaky.ipynb", notebook_of(("import os\nprint(os.getcwd())", 1), CLEAN, outputs={0: [LEAKY]}))
    repo.git("add", "leaky.ipynb")
    mine = notebook_of(("import os\nprint(os.getcwd())", 1), ("rate = 3", 2), outputs={0: [LEAKY]})
    repo.write("leaky.ipynb", mine)
    repo.run("git", "commit", "-q", "-m", "Leaky", code=1)
    now = (repo.root / "leaky.ipynb").read_bytes()
    assert b"rate = 3" in now
    assert now == mine or HOME.encode() not in now


def test_what_the_project_excludes_is_left_alone_though_pre_commit_names_it(repo: Repo) -> None:
    repo.write("nb-mlops.toml", '[lint]\nexclude = ["archive/"]\n')
    repo.write("archive/old.ipynb", notebook_of(*STALE))
    repo.git("add", "-A")
    repo.run("git", "commit", "-q", "-m", "Archive")


def test_a_commit_without_notebooks_is_none_of_our_business(repo: Repo) -> None:
    repo.write("notes.txt", "Nothing.\n")
    repo.git("add", "-A")
    repo.run("git", "commit", "-q", "-m", "Notes")


def test_try_repo_runs_every_hook_there_is(repo: Repo, published: Path) -> None:
    repo.write("good.ipynb", notebook_of(CLEAN))
    repo.git("add", "good.ipynb")
    repo.write("train.ipynb", notebook_of(("import nb_mlops\nnb_mlops.model(1, name='churn')", 1)))
    repo.git("add", "-A")
    words = (
        "try-repo",
        str(published),
        "--ref",
        "HEAD",
        "--hook-stage",
        "manual",
        "--files",
        "good.ipynb",
        "train.ipynb",
    )
    said = pre_commit(repo, *words, code=1).stdout
    assert said.count("Passed") == 3 and "GA001" in said.partition("nb-mlops gate")[2]

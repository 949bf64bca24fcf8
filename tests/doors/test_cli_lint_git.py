"""`lint --diff-base` and `lint --history`, and the switches that hooks and auditors use, in real repositories."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from helpers_repo import CLEAN, ROOT, STALE, Repo, new_repo, notebook_of
from helpers_tokens import token

TOKEN = token("github-token")


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    repo = new_repo(tmp_path, XDG_CACHE_HOME=str(tmp_path / "cache"))
    repo.write("old.ipynb", notebook_of(*STALE))
    repo.write("good.ipynb", notebook_of(CLEAN))
    repo.commit("Begin")
    repo.git("checkout", "-q", "-b", "change")
    return repo


def found(repo: Repo, *words: str, code: int | None = None) -> list[tuple[str, str]]:
    document = json.loads(repo.nbm("lint", "--format", "json", *words, code=code).stdout)
    return [(finding["path"], finding["code"]) for finding in document["findings"]]


def test_only_what_the_change_touches_is_looked_at_committed_or_not(repo: Repo) -> None:
    assert repo.nbm("lint", "--diff-base", "main").stdout == ""
    repo.write("committed.ipynb", notebook_of(*STALE))
    repo.commit("Add")
    repo.write("new.ipynb", notebook_of(*STALE))
    repo.write("good.ipynb", notebook_of(CLEAN, ("rate", 2)))
    assert found(repo, "--diff-base", "main", code=1) == [("committed.ipynb", "EX001"), ("new.ipynb", "EX001")]


def test_what_happened_on_the_other_branch_meanwhile_is_not_this_change(repo: Repo) -> None:
    repo.git("checkout", "-q", "main")
    repo.write("theirs.ipynb", notebook_of(*STALE))
    repo.commit("Theirs")
    repo.git("checkout", "-q", "change")
    repo.write("mine.ipynb", notebook_of(CLEAN))
    repo.commit("Mine")
    assert found(repo, "--diff-base", "main", code=0) == []


def test_paths_and_subfolders_narrow_what_has_changed(repo: Repo) -> None:
    for name in ("a/one.ipynb", "b/two ä.ipynb"):
        repo.write(name, notebook_of(*STALE))
    assert found(repo, "--diff-base", "main", "b") == [("b/two ä.ipynb", "EX001")]
    inside = Repo(repo.root / "b", repo.home, repo.extra)
    assert found(inside, "--diff-base", "main") == [("two ä.ipynb", "EX001")]


def test_a_revision_that_git_does_not_know_is_a_usage_error_with_a_way_out(repo: Repo) -> None:
    said = repo.nbm("lint", "--diff-base", "origin/main", code=2).stderr
    assert "`origin/main`" in said and "git fetch" in said
    assert repo.nbm("lint", "--diff-base=--output=x", code=2)
    assert not (repo.root / "x").exists()


def test_a_shallow_clone_is_told_how_to_get_its_history(repo: Repo, tmp_path: Path) -> None:
    repo.write("more.ipynb", notebook_of(CLEAN))
    repo.commit("More")
    repo.git("clone", "-q", "--depth", "1", "--no-single-branch", f"file://{repo.root}", str(tmp_path / "shallow"))
    shallow = Repo(tmp_path / "shallow", repo.home, repo.extra)
    shallow.git("checkout", "-q", "change")
    assert "shallow clone" in shallow.nbm("lint", "--diff-base", "origin/main", code=2).stderr


def test_outside_of_a_repository_nothing_has_changed_since_anything(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    repo = Repo(tmp_path / "plain", tmp_path)
    assert "is in no git repository" in repo.nbm("lint", "--diff-base", "main", code=2).stderr


def test_a_secret_that_was_taken_out_again_is_found_with_the_commit_that_brought_it_in(repo: Repo) -> None:
    repo.write("leak.ipynb", notebook_of((f'key = "{TOKEN}"', 1)))
    brought = repo.commit("Leak")
    repo.write("leak.ipynb", notebook_of((f'api_key = "{TOKEN}"  # moved', 1)))
    repo.commit("Edit")
    repo.write("leak.ipynb", notebook_of(CLEAN))
    repo.commit("Hide")
    assert found(repo, "leak.ipynb", code=0) == []
    done = repo.nbm("lint", "--history", "--format", "json", code=1)
    (finding,) = json.loads(done.stdout)["findings"]
    assert (finding["path"], finding["code"]) == ("leak.ipynb", "SE001")
    assert brought[:10] in finding["message"] and "2 versions, none of them at HEAD" in finding["message"]
    assert "revoke it" in finding["message"]
    kept = [path.read_text("utf-8") for path in Path(repo.extra["XDG_CACHE_HOME"]).rglob("*") if path.is_file()]
    assert kept and TOKEN not in "".join((done.stdout, done.stderr, *kept))


def test_a_secret_that_was_judged_in_a_later_version_is_not_told_again(repo: Repo) -> None:
    repo.write("leak.ipynb", notebook_of((f'key = "{TOKEN}"', 1)))
    repo.commit("Leak")
    repo.write("leak.ipynb", notebook_of((f'key = "{TOKEN}"  # nbm: ignore[SE001] revoked in May', 1)))
    repo.commit("Revoked")
    document = json.loads(repo.nbm("lint", "--history", "--format", "json").stdout)
    assert (document["findings"], document["suppressed"]) == ([], 1)


def test_with_a_base_only_the_commits_of_the_change_are_searched(repo: Repo) -> None:
    repo.git("checkout", "-q", "main")
    repo.write("theirs.ipynb", notebook_of((f'key = "{TOKEN}"', 1)))
    repo.commit("Theirs")
    repo.git("checkout", "-q", "change")
    repo.write("mine.ipynb", notebook_of(CLEAN))
    repo.commit("Mine")
    assert found(repo, "--history", "--diff-base", "main", code=0) == []
    assert found(repo, "--history", code=1) == [("theirs.ipynb", "SE001")]


def test_a_second_look_at_the_history_reads_no_content_again(repo: Repo) -> None:
    repo.write("leak.ipynb", notebook_of((f'key = "{TOKEN}"', 1)))
    repo.commit("Leak")
    first = repo.nbm("lint", "--history", code=1).stdout
    pack = next((repo.root / ".git" / "objects").rglob(repo.git("rev-parse", "HEAD:leak.ipynb").strip()[2:]))
    pack.unlink()  # the content is gone: only the memory can know
    assert repo.nbm("lint", "--history", code=1).stdout == first
    said = repo.nbm("lint", "--history", "--no-cache", code=1).stdout
    assert "SE001" not in said and "NB003" in said and "1 version of notebooks could not be read" in said


def test_an_audit_takes_no_suppression_without_a_reason(repo: Repo) -> None:
    repo.write("a.ipynb", notebook_of(("!pip install requests  # nbm: ignore[RE002]", 1)))
    assert found(repo, "a.ipynb", code=0) == []
    assert found(repo, "a.ipynb", "--audit", "--ignore", "FM015", code=1) == [("a.ipynb", "FM015")]
    repo.write("a.ipynb", notebook_of(("!pip install requests  # nbm: ignore[RE002] pinned by the image", 1)))
    assert found(repo, "a.ipynb", "--audit", code=0) == []


def test_several_reports_are_written_at_once(repo: Repo) -> None:
    repo.nbm("lint", "--report", "sarif=out/r.sarif", "--report", "junit=out/r.xml", "--report", "html=r.html", code=1)
    schema = json.loads((ROOT / "tests" / "data" / "sarif-2.1.0.schema.json").read_text("utf-8"))
    log = json.loads((repo.root / "out" / "r.sarif").read_text("utf-8"))
    jsonschema.Draft7Validator(schema).validate(log)
    (place,) = log["runs"][0]["results"][0]["locations"]
    line = (repo.root / "old.ipynb").read_text().split("\n")[place["physicalLocation"]["region"]["startLine"] - 1]
    cell = int(place["logicalLocations"][0]["name"].split()[1])
    assert STALE[cell - 1][0].split("\n")[0] in line
    assert "<svg" in (repo.root / "r.html").read_text() and (repo.root / "out" / "r.xml").is_file()


def test_a_safe_fix_travels_in_sarif_as_what_it_writes_into_the_file(repo: Repo) -> None:
    home = "/home/" + "mkowalski"
    stream = {"name": "stdout", "output_type": "stream", "text": [f"{home}/data.csv\n"]}
    repo.write("leaky.ipynb", notebook_of(("import os\nprint(os.getcwd())", 1), outputs={0: [stream]}))
    log = json.loads(repo.nbm("lint", "leaky.ipynb", "--format", "sarif", code=1).stdout)
    (result,) = log["runs"][0]["results"]
    (change,) = result["fixes"][0]["artifactChanges"]
    (replacement,) = change["replacements"]
    assert replacement["insertedContent"]["text"].strip() == '"~/data.csv\\n"'
    line = (repo.root / "leaky.ipynb").read_text().split("\n")[replacement["deletedRegion"]["startLine"] - 1]
    assert home in line


def test_a_report_that_is_not_one_is_a_usage_error(repo: Repo) -> None:
    assert "FORM=FILE" in repo.nbm("lint", "--report", "sarif", code=2).stderr
    assert repo.nbm("lint", "--report", "sarif=good.ipynb/x", code=2).stderr

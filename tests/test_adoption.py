from __future__ import annotations

import sys

import pytest
import yaml

from nb_mlops import adoption
from nb_mlops.core.settings import settings_from

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

OURS = {"repo": adoption.SOURCE, "rev": "v1", "hooks": [{"id": "nb-mlops"}]}
CONFIGS = (
    "repos:\n- repo: https://a\n  rev: v1\n  hooks:\n  - id: x\n",
    "repos:\n  - repo: https://a\n    rev: v1\n    hooks:\n      - id: x\n        args: [--a]",
    "default_stages: [pre-commit]\nrepos:  # all of them\n  -   repo: https://a\n      rev: v1\n      hooks:\n"
    "      -   id: x\n\nci:\n  autofix_prs: false\n",
    "# ours\nrepos:\n  # first\n  - repo: local\n    hooks:\n      - id: y\n        name: y\n        entry: y\n"
    "        language: system\n# end\n",
)


@pytest.mark.parametrize("text", CONFIGS)
def test_our_hooks_come_beside_those_that_are_there(text: str) -> None:
    after = adoption.hook(text, "1").after
    old, new = yaml.safe_load(text), yaml.safe_load(after)
    assert new == {**old, "repos": [*old["repos"], OURS]}
    assert adoption.hook(after, "2").is_done
    assert all(line in after.splitlines() for line in text.splitlines())


@pytest.mark.parametrize("text", ["repos: []\n", "repos: [{repo: local, hooks: []}]\n", "exclude: x\n"])
def test_a_form_that_cannot_surely_be_added_to_is_left_alone_and_the_lines_are_told(text: str) -> None:
    proposal = adoption.hook(text, "1")
    assert proposal.after == "" and yaml.safe_load(proposal.lines) == [OURS]


def test_without_a_file_there_is_a_new_one() -> None:
    assert yaml.safe_load(adoption.hook(None, "1").after) == {"repos": [OURS]}
    assert yaml.safe_load(adoption.gitlab(None, "1").after)["include"][0]["remote"].endswith("/v1/templates/gitlab.yml")
    workflow = yaml.safe_load(adoption.github(None, "1", "trunk").after)
    assert workflow[True]["push"]["branches"] == ["trunk"]
    assert workflow["jobs"]["nb-mlops"]["steps"][-1] == {"uses": "nb-mlops/nb-mlops@v1"}


def test_from_a_mirror_the_program_is_installed_for_github_takes_actions_from_github_alone() -> None:
    mirror = "https://git.example.org/tools/nb-mlops"
    steps = yaml.safe_load(adoption.github(None, "1", "main", mirror).after)["jobs"]["nb-mlops"]["steps"]
    assert all("example.org" not in step.get("uses", "") for step in steps)
    assert f"git+{mirror}@v1" in steps[-2]["run"] and steps[-1]["run"].startswith("python -m nb_mlops ci ")
    own = yaml.safe_load(adoption.github(None, "1", "main", "https://github.com/us/nb-mlops").after)
    assert own["jobs"]["nb-mlops"]["steps"][-1] == {"uses": "us/nb-mlops@v1"}
    included = yaml.safe_load(adoption.gitlab(None, "1", mirror).after)["include"][0]["remote"]
    assert included == f"{mirror}/-/raw/v1/templates/gitlab.yml"


@pytest.mark.parametrize(
    "text",
    [
        "stages: [test]\n",
        "include:\n  - local: a.yml\nstages: [test]\n",
        "include:\n- local: a.yml\n- remote: https://b\n\njob:\n  script: x\n",
    ],
)
def test_our_template_is_included_beside_others(text: str) -> None:
    after = adoption.gitlab(text, "1").after
    old, new = yaml.safe_load(text), yaml.safe_load(after)
    assert {**new, "include": None} == {**old, "include": None}
    assert new["include"][:-1] == old.get("include", []) and "templates/gitlab.yml" in new["include"][-1]["remote"]
    assert adoption.gitlab(after, "2").is_done


def test_an_include_of_another_form_is_left_alone() -> None:
    assert adoption.gitlab("include: a.yml\n", "1").after == ""


@pytest.mark.parametrize("text", [None, "", '[project]\nname = "a"', '[project]\r\nname = "a"\r\n'])
def test_the_settings_proposed_are_settings(text: str | None) -> None:
    after = adoption.settings("pyproject.toml", text, ["archive/", 'odd "name"/']).after
    found = settings_from(tomllib.loads(after)["tool"]["nb-mlops"], "pyproject.toml")
    assert found.lint.exclude == ("archive/", 'odd "name"/')
    assert adoption.settings("pyproject.toml", after, []).is_done
    assert after.startswith(text or "")
    own = adoption.settings("nb-mlops.toml", None, []).after
    assert settings_from(tomllib.loads(own), "nb-mlops.toml").lint.fail_on == "warning"


def test_folders_that_nobody_works_on_any_more_are_told_by_their_names() -> None:
    paths = ["a.ipynb", "old/a.ipynb", "old/archive/b.ipynb", "x/_archive/c.ipynb", "older/d.ipynb", "gold/e.ipynb"]
    assert adoption.abandoned(paths) == ("old/", "x/_archive/")

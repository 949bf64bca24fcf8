"""The preset `team`, in full: what docs/gate.md shows, line by line, with real runs, keys, a package and a registry."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from helpers_repo import Repo, new_repo, notebook_of

PAGE = Path(__file__).parent.parent.parent / "docs" / "gate.md"
pytestmark = pytest.mark.slow
CELLS = (
    "import nb_mlops\nimport pandas as pd\nfrom sklearn.linear_model import LogisticRegression",
    'rows = pd.read_csv("data/train.csv")\ncolumns = ["calls", "years"]',
    'model = LogisticRegression()\nmodel.fit(rows[columns], rows["left"])',
    'nb_mlops.metric("accuracy", model.score(rows[columns], rows["left"]))\n'
    'nb_mlops.model(model, name="churn", example=rows[columns].head(3))',
)
SETTINGS = """
[project]
name = "churn"
dependencies = ["numpy", "pandas", "scikit-learn"]

[tool.nb-mlops.gate]
preset = "team"

[tool.nb-mlops.models.churn]
holdout = "data/march.csv"
target = "left"
groups = ["region"]
owner = "Retention team"
decision = "whom the call centre rings first"
intended-use = "ranking customers by risk, once a week"
limits = "not for single decisions"
"""


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """A repository with a notebook that makes a model worth having, and rows that it never opens."""
    random = np.random.default_rng(0)
    rows = pd.DataFrame({"calls": random.normal(size=900), "years": random.normal(size=900)})
    rows["left"] = (rows.calls - rows.years + random.normal(scale=0.3, size=900) > 0).astype(int)
    rows["region"] = np.where(np.arange(900) % 3 == 0, "north", "south")
    made = new_repo(tmp_path)
    made.write("churn.ipynb", notebook_of(*((source, None) for source in CELLS)))
    made.write("data/train.csv", rows[:500].to_csv(index=False))
    made.write("data/march.csv", rows[500:].to_csv(index=False))
    made.write("pyproject.toml", SETTINGS)
    made.commit("Begin")
    return made


def run(repo: Repo, line: str) -> subprocess.CompletedProcess[str]:
    """A line as the page has it, typed into a shell at the top of the repository."""
    words = shlex.split(line, comments=True)
    keys = [word for word in words if word.startswith("NB_MLOPS_KEY=")]
    place = keys[0].partition("=")[2] if keys else "author.pem"
    environ = {"NB_MLOPS_KEY": place, "MLFLOW_DISABLE_TELEMETRY": "true"}
    return repo.nbm(*words[len(keys) + 1 :], code=None, **environ)


def test_the_walk_of_a_team_ends_with_a_model_in_use_and_its_whole_story(repo: Repo) -> None:
    (walk,) = re.findall(r"(?s)<!-- team-walk -->\n```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"))
    assert run(repo, "nb-mlops keys new --out grace.pem").returncode == 0
    for line in walk.splitlines():
        done = run(repo, line)
        waits = "ci --sign" in line
        assert done.returncode == (5 if waits else 0), f"{line}\n{done.stdout}{done.stderr}"
        if waits:  # the one thing that is still to come
            assert set(re.findall(r"\b(?:GA|CI)\d{3}\b", done.stdout)) == {"GA096"}, done.stdout
            maker = run(repo, "NB_MLOPS_KEY=ci.pem nb-mlops approve churn.ipynb --model churn --reason x")
            assert maker.returncode == 2 and "not for approval" in maker.stderr
            early = run(repo, "nb-mlops register churn.ipynb --model churn")
            assert early.returncode == 5 and not (repo.root / ".nb-mlops" / "registry.db").exists()
    entries = json.loads(run(repo, "nb-mlops models history churn --format json").stdout)["entries"]
    assert [(entry["act"], entry["reason"]) for entry in entries] == [("registered", ""), ("promoted", "First model")]
    assert {entry["assurance"] for entry in entries} == {"ci"}
    kinds = {"approval", "check", "evaluation", "lint", "tests"}
    assert all({sheet["kind"] for sheet in entry["evidence"]} == kinds for entry in entries)
    the_strictest_preset_asks_for_more_and_opens_to_it(repo)


def the_strictest_preset_asks_for_more_and_opens_to_it(repo: Repo) -> None:
    """What CI has signed does not do; an isolated runner's key, with as many runs as are asked for, does."""
    repo.write("pyproject.toml", SETTINGS.replace('"team"', '"regulated"'))
    shut = run(repo, "NB_MLOPS_KEY=ci.pem nb-mlops gate churn.ipynb")
    assert shut.returncode == 5
    assert {"GA011", "GA032", "GA081"} >= set(re.findall(r"GA\d{3}", shut.stdout)) >= {"GA011", "GA032"}, shut.stdout
    for line, code in (
        ("nb-mlops keys new --out runner.pem", 0),
        ('nb-mlops keys trust runner.pub.pem --owner "The isolated runner" --assurance isolated', 0),
        ("NB_MLOPS_KEY=runner.pem nb-mlops ci --sign --all", 5),
        ('NB_MLOPS_KEY=grace.pem nb-mlops approve churn.ipynb --reason "Beats the rule, in every region"', 0),
        ("NB_MLOPS_KEY=runner.pem nb-mlops gate churn.ipynb", 0),
    ):
        done = run(repo, line)
        assert done.returncode == code, f"{line}\n{done.stdout}{done.stderr}"
    assert "4 of 4 runs ended" in done.stdout and "assurance `isolated`" in done.stdout

"""Several processes with several threads each register at once: nothing is lost, nothing doubled, the ledger holds."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from helpers_model import saved_model
from helpers_project import Project, new_project
from helpers_registry import Registry, used

import nb_mlops
from nb_mlops.commands import ledger, models, record
from nb_mlops.evidence.ledger import Act

pytestmark = pytest.mark.slow

PROCESSES, THREADS = 6, 3
# Each thread registers the model under the name that all use, and under one of its own.
CROWD = """
import sys
from concurrent.futures import ThreadPoolExecutor
from nb_mlops.commands.register import register

notebook, uri, number, threads = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])

def enter(thread):
    for name in ("shared", f"own {number} {thread}"):
        done = register(notebook, name, uri)
        assert done.entry is not None and done.entry.version == 1, done
        print(name, done.entry.created)

with ThreadPoolExecutor(threads) as pool:
    list(pool.map(enter, range(threads)))
"""


def crowd(notebooks: list[Path], uri: str) -> Counter[str]:
    """What the threads say of who made a version."""
    environment = {**os.environ, "PYTHONPATH": str(Path(nb_mlops.__file__).parent.parent)}
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", CROWD, str(notebook), uri, str(number), str(THREADS)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )
        for number, notebook in enumerate(notebooks)
    ]
    said: list[str] = []
    ended = [(process, *process.communicate(timeout=300)) for process in processes]
    for process, out, err in ended:
        assert process.returncode == 0, err[-3000:]
        said += out.splitlines()
    assert len(said) == 2 * PROCESSES * THREADS
    return Counter(line for line in said if line.endswith("True"))


def one_version_each(root: Path, uri: str, made: Counter[str]) -> None:
    assert made["shared True"] == 1 and set(made.values()) == {1} and len(made) == 1 + PROCESSES * THREADS
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        rows = models.listed(registry=uri)["models"]
        names = {line.rpartition(" ")[0] for line in made}
        assert {row["name"]: row["versions"] for row in rows if row["name"] in names} == dict.fromkeys(names, 1)
        found = ledger.verify(str(root))
        assert found["sound"] and not found["recovered"], found["faults"]
        entries = record.account(root).entries
        told = Counter(e.deed.model for e in entries if e.deed.act == Act.REGISTERED and e.deed.model in names)
        assert told == dict.fromkeys(names, 1)


def test_a_crowd_in_one_project_makes_one_version_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NB_MLOPS_KEY", str(tmp_path / "key.pem"))
    project = new_project(tmp_path / "churn", saved_model())
    project.check()
    one_version_each(project.root, "", crowd([project.notebook] * PROCESSES, ""))


def test_a_crowd_at_a_server_from_as_many_clones_makes_one_version_each(tmp_path: Path, gated_server: Registry) -> None:
    clones = [Project(tmp_path / f"clone {number}" / "churn", saved_model()) for number in range(PROCESSES)]
    for clone in clones:
        shutil.copytree(gated_server.project.root, clone.root)
    with used(gated_server) as registry:
        one_version_each(registry.project.root, registry.uri, crowd([c.notebook for c in clones], registry.uri))
        runs = registry.client.search_runs([registry.client.get_experiment_by_name("churn").experiment_id])
        assert all(run.info.status in ("FINISHED", "KILLED") for run in runs)

"""A project on disk whose notebook was checked: real files, a real key, real signatures. And what people do to it."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from helpers_evidence import check_predicate, lint_predicate

from nb_mlops.core.notebook import Notebook
from nb_mlops.core.run import FileRead
from nb_mlops.core.value import replace
from nb_mlops.evidence.digest import notebook_digest, tree_digest
from nb_mlops.evidence.kind import NotebookRef
from nb_mlops.evidence.predicates.check import CheckedModel, CheckPredicate
from nb_mlops.evidence.predicates.lint import LintPredicate, OpenFinding
from nb_mlops.evidence.statement import timestamp
from nb_mlops.ipynb.read import read
from nb_mlops.outside import artefacts, signing

SOURCES = ("depth = 3", "import pandas as pd\nrows = pd.read_csv('data/train.csv')", "model = fit(rows, depth)")


def notebook_bytes(*sources: str) -> bytes:
    cells = [
        {"cell_type": "code", "execution_count": None, "id": f"c{i}", "metadata": {}, "outputs": [], "source": source}
        for i, source in enumerate(sources)
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1).encode()


@dataclass(frozen=True)
class Project:
    """`check` does what `nb-mlops check` leaves behind, without the kernels."""

    root: Path
    model: Path

    @property
    def notebook(self) -> Path:
        return self.root / "nb" / "train.ipynb"

    @property
    def evidence(self) -> list[Path]:
        return sorted((self.root / ".nb-mlops" / "evidence").glob("*/*.dsse.json"))

    @property
    def stored(self) -> Path:
        (path,) = (self.root / ".nb-mlops" / "models").iterdir()
        return path

    def check(self, name: str = "", lint: dict[str, Any] | None = None, **changes: Any) -> None:
        notebook = read(self.notebook.read_bytes(), "nb/train.ipynb")
        assert isinstance(notebook, Notebook)
        ref = NotebookRef("nb/train.ipynb", notebook_digest(notebook))
        data = self.root / "data" / "train.csv"
        held = FileRead("data/train.csv", hashlib.sha256(data.read_bytes()).hexdigest(), data.stat().st_size)
        files = artefacts.hash_tree(self.model)
        artefacts.store_model(self.root, self.model, files, tree_digest(files))
        checked = CheckedModel("sklearn.linear_model.LogisticRegression", name, files)
        now = timestamp(datetime.now(timezone.utc))
        check = replace(check_predicate(notebook=ref, data=(held,), model=checked, issued=now), **changes)
        self.file(check, lint_predicate(notebook=ref, issued=check.issued, **(lint or {})))

    def file(self, check: CheckPredicate, lint: LintPredicate) -> None:
        key = signing.load_or_create_key()
        artefacts.record_public_key(self.root, key.public)
        papers = {"check": check.statement(), "lint": lint.statement()}
        envelopes = {kind: signing.sign(paper.to_bytes(), key) for kind, paper in papers.items()}
        artefacts.save_evidence(self.root, "nb/train.ipynb", papers["check"].digest, envelopes)


def new_project(root: Path, model: Path) -> Project:
    """A project whose notebook was not checked yet; `model` is what its checks will say it made."""
    for folder in ("nb", "data"):
        (root / folder).mkdir(parents=True)
    (root / "pyproject.toml").write_text('[project]\nname = "churn"\n')
    (root / "nb" / "train.ipynb").write_bytes(notebook_bytes(*SOURCES))
    (root / "data" / "train.csv").write_text("a,b\n1,2\n")
    return Project(root, model)


def with_a_key(folder: Path, patch: pytest.MonkeyPatch, key: str = "key.pem") -> Project:
    """As `new_project`, where somebody sits with a key of their own; its model is a folder that looks like one."""
    patch.setenv("NB_MLOPS_KEY", str(folder / key))
    model = folder / "made"
    model.mkdir()
    (model / "MLmodel").write_text("flavors: {}\n")
    return new_project(folder / "churn", model)


def policy(project: Project, text: str) -> None:
    with (project.root / "pyproject.toml").open("a") as file:
        file.write(f"[tool.nb-mlops.gate]\n{text}\n")


def remove_evidence(project: Project) -> None:
    for path in project.evidence:
        path.unlink()


def remove_drawer(project: Project) -> None:
    shutil.rmtree(project.root / ".nb-mlops" / "evidence")


def edit_notebook(project: Project) -> None:
    project.notebook.write_bytes(notebook_bytes(*SOURCES, "model = fit_better(rows)"))


def change_data(project: Project) -> None:
    (project.root / "data" / "train.csv").write_text("a,b\n1,3\n")


def lose_data(project: Project) -> None:
    (project.root / "data" / "train.csv").unlink()


def swap_model(project: Project) -> None:
    (project.stored / "model.skops").write_bytes(b"another model")


def edit_model(project: Project) -> None:
    with (project.stored / "MLmodel").open("a") as file:
        file.write("# harmless\n")


def add_to_model(project: Project) -> None:
    (project.stored / "code").mkdir()
    (project.stored / "code" / "hook.py").write_text("print('hello')\n")


def take_from_model(project: Project) -> None:
    (project.stored / "model.skops").unlink()


def link_in_model(project: Project) -> None:
    outside = project.root / "elsewhere.skops"
    (project.stored / "model.skops").rename(outside)
    (project.stored / "model.skops").symlink_to(outside)


def lose_model(project: Project) -> None:
    shutil.rmtree(project.stored)


def edit_statement(project: Project) -> None:
    import base64

    for path in project.evidence:
        envelope = json.loads(path.read_bytes())
        payload = base64.b64decode(envelope["payload"]).replace(b'"issued":"20', b'"issued":"21')
        path.write_text(json.dumps({**envelope, "payload": base64.b64encode(payload).decode()}))


def resign(project: Project) -> None:
    """Sign the same statements with a key of one's own and put its public half beside the others."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NB_MLOPS_KEY", str(project.root / "other.pem"))
        other = signing.load_or_create_key()
    own = artefacts.recorded_keys(project.root)
    for path in project.evidence:
        _, payload = signing.open_envelope(path.read_bytes(), own)
        path.write_text(json.dumps(signing.sign(payload, other)))
    artefacts.record_public_key(project.root, other.public)


def expire(project: Project) -> None:
    project.check(issued=timestamp(datetime.now(timezone.utc) - timedelta(days=31)))


def call_otherwise(project: Project) -> None:
    project.check(name="fraud")


def differ(project: Project) -> None:
    project.check(verdict="not-reproducible")


def run_twice_only(project: Project) -> None:
    project.check(runs=check_predicate().runs[1:])


def leave_error_open(project: Project) -> None:
    project.check(lint={"counts": {"error": 1}, "open": (OpenFinding("EX001", "0" * 16),)})


# What is done after a good check, the one code that must come of it, and words that must be in the message.
ACTS: tuple[tuple[Callable[[Project], None], str, str], ...] = (
    (remove_evidence, "GA001", "its evidence was removed"),
    (remove_drawer, "GA001", "its evidence was removed"),
    (edit_notebook, "GA005", "`nb/train.ipynb` was edited after it was checked"),
    (change_data, "GA042", "`data/train.csv` changed after the check"),
    (lose_data, "GA041", "`data/train.csv`, which the notebook read when it was checked, is missing"),
    (swap_model, "GA007", "edited: `model.skops`"),
    (edit_model, "GA007", "edited: `MLmodel`"),
    (add_to_model, "GA007", "added: `code/hook.py`"),
    (take_from_model, "GA007", "removed: `model.skops`"),
    (link_in_model, "GA006", "symbolic link, `model.skops`"),
    (lose_model, "GA006", "not in the store any more"),
    (edit_statement, "GA002", "was edited after it was signed"),
    (resign, "GA003", "which is not trusted here (yours is"),
    (expire, "GA009", "expired: it is 31 days old"),
    (call_otherwise, "GA008", "calls its model `fraud`"),
    (differ, "GA031", "did not give the same answer each time"),
    (run_twice_only, "GA032", "made 2 runs, the policy asks for 3"),
    (leave_error_open, "GA022", "(EX001)"),
)

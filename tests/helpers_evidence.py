"""Sheets of evidence for tests: real values, built by the public constructors."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from nb_mlops.core.notebook import Cell, CellKind, Notebook
from nb_mlops.core.run import FileRead, Metric
from nb_mlops.core.value import replace
from nb_mlops.evidence.digest import notebook_digest
from nb_mlops.evidence.kind import NotebookRef
from nb_mlops.evidence.predicates.check import (
    CheckedModel,
    CheckPredicate,
    RunSummary,
    Surroundings,
    TableFacts,
    Tolerance,
)
from nb_mlops.evidence.predicates.lint import LintPredicate
from nb_mlops.evidence.statement import timestamp

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=timezone.utc)
NOTEBOOK = Notebook("train.ipynb", (Cell(0, CellKind.CODE, "model = fit()"),))
FILES = {"MLmodel": "a" * 64, "model.skops": "b" * 64}
DATA = FileRead("data/train.csv", "c" * 64, 120, "2026-02-28T08:00:00Z")
TABLE = TableFacts("train", 500, 9, "churn", 60, 0, 0, 12, "2026-02-27T00:00:00", False)


def check_predicate(**changes: Any) -> CheckPredicate:
    """A reproducible check of `train.ipynb` in three runs, with these fields changed."""
    runs = tuple(RunSummary(f"run-{i}", "ok", {"PYTHONHASHSEED": "1"} if i == 2 else {}, 1.5) for i in range(3))
    predicate = CheckPredicate(
        tool="0.1.0",
        notebook=NotebookRef("train.ipynb", notebook_digest(NOTEBOOK)),
        parameters={"depth": 3},
        data=(DATA,),
        environment=Surroundings("3.11.2", "CPython", "Linux", {"scikit-learn": "1.5.0"}),
        runs=runs,
        verdict="reproducible",
        tolerances=(Tolerance("numbers", 1e-9, 1e-12, "default"),),
        metrics=(Metric("accuracy", 0.93, True, 4),),
        model=CheckedModel("sklearn.linear_model.LogisticRegression", "", FILES),
        issued=timestamp(NOW),
        tables=(TABLE,),
    )
    return replace(predicate, **changes)


def lint_predicate(**changes: Any) -> LintPredicate:
    """A lint of `train.ipynb` that found one warning, with these fields changed."""
    predicate = LintPredicate(
        tool="0.1.0",
        notebook=NotebookRef("train.ipynb", notebook_digest(NOTEBOOK)),
        rules=("EX001", "SE001"),
        counts={"error": 0, "warning": 1, "info": 0},
        suppressed=0,
        open=(),
        issued=timestamp(NOW),
    )
    return replace(predicate, **changes)

from __future__ import annotations

import dataclasses
import json
import math
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
from helpers_evidence import FILES, check_predicate, lint_predicate

from nb_mlops.core.run import Metric
from nb_mlops.core.value import replace
from nb_mlops.evidence.digest import tree_digest
from nb_mlops.evidence.predicates.check import CheckedModel, CheckPredicate
from nb_mlops.evidence.predicates.lint import LintPredicate, OpenFinding
from nb_mlops.evidence.statement import Statement, StatementError

Predicate = CheckPredicate | LintPredicate


def schema(name: str) -> dict[str, Any]:
    return json.loads((files("nb_mlops") / "schemas" / name).read_text())


@pytest.mark.parametrize(
    "predicate",
    [check_predicate(), check_predicate(model=None, metrics=(), verdict="failed"), lint_predicate()],
)
def test_a_predicate_survives_being_signed_and_read(predicate: Predicate) -> None:
    payload = predicate.statement().to_bytes()
    assert type(predicate).of(Statement.from_bytes(payload)) == predicate


def test_a_metric_that_is_not_finite_survives_too() -> None:
    payload = check_predicate(metrics=(Metric("auc", math.nan),)).statement().to_bytes()
    (metric,) = CheckPredicate.of(Statement.from_bytes(payload)).metrics
    assert math.isnan(metric.value)


@pytest.mark.parametrize(
    ("predicate", "name"),
    [
        (check_predicate(), "check-predicate.schema.json"),
        (check_predicate(model=None), "check-predicate.schema.json"),
        (lint_predicate(counts={"error": 1}, open=(OpenFinding("SE001", "f" * 16),)), "lint-predicate.schema.json"),
    ],
)
def test_the_shipped_schema_accepts_what_is_written_and_lists_each_field(predicate: Predicate, name: str) -> None:
    shipped = schema(name)
    jsonschema.Draft202012Validator.check_schema(shipped)
    jsonschema.validate(json.loads(predicate.statement().to_bytes())["predicate"], shipped)
    fields = [f.name for f in dataclasses.fields(predicate)]
    assert sorted(shipped["properties"]) == sorted(shipped["required"]) == sorted(fields)
    assert shipped["additionalProperties"] is False


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"waived": True}, "waived"),
        ({"assurance": "divine"}, "divine"),
        ({"verdict": "fine"}, "fine"),
        ({"issued": "yesterday"}, "yesterday"),
        ({"notebook": {"path": "train.ipynb", "digest": "abc"}}, "abc"),
        ({"model": {"kind": "x", "name": "", "files": {"MLmodel": "abc"}}}, "abc"),
        ({"metrics": [{"name": "auc", "value": "high", "higher_is_better": None, "cell": None}]}, "high"),
    ],
)
def test_the_shipped_schema_refuses_what_the_reader_refuses(changes: dict[str, Any], where: str) -> None:
    values = json.loads(check_predicate().statement().to_bytes())["predicate"]
    with pytest.raises(jsonschema.ValidationError, match=where):
        jsonschema.validate({**values, **changes}, schema("check-predicate.schema.json"))


def test_the_subject_of_a_check_is_the_model_and_that_of_a_lint_the_notebook() -> None:
    named = check_predicate(model=CheckedModel("LogisticRegression", "churn", FILES)).statement()
    assert (named.name, named.digest) == ("model:churn", tree_digest(FILES))
    assert check_predicate().statement().name == "model"
    assert check_predicate(model=None).statement().name == "notebook:train.ipynb"
    assert lint_predicate().statement().name == "notebook:train.ipynb"


def edited(predicate: Predicate, **changes: Any) -> Statement:
    statement = predicate.statement()
    return replace(statement, predicate={**statement.predicate, **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {"waived": True},
        {"version": 2},
        {"verdict": "fine"},
        {"assurance": "divine"},
        {"issued": "yesterday"},
        {"runs": {}},
        {"runs": [{"label": "run-0", "status": "ok", "factors": {}, "seconds": "long"}]},
        {"runs": [{"label": "run-0", "status": "ok", "factors": {}, "seconds": 1, "note": ""}]},
        {"notebook": {"path": "train.ipynb", "digest": "abc"}},
        {"data": [{"path": "a.csv", "sha256": "../../x", "size": 1}]},
        {"model": {"kind": "x", "name": "", "files": {}}},
        {"model": {"kind": "x", "name": "", "files": {"MLmodel": "d" * 64}}},
    ],
)
def test_check_evidence_that_is_not_understood_to_the_last_field_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(StatementError):
        CheckPredicate.of(edited(check_predicate(), **changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 2},
        {"counts": {"error": 1}},
        {"counts": {"fatal": 1}},
        {"open": [{"code": "SE001"}]},
        {"rules": "EX001"},
    ],
)
def test_lint_evidence_that_is_not_understood_to_the_last_field_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(StatementError):
        LintPredicate.of(edited(lint_predicate(), **changes))


def test_a_statement_about_another_subject_than_its_content_is_refused() -> None:
    for statement, kind in (
        (check_predicate().statement(), CheckPredicate),
        (lint_predicate().statement(), LintPredicate),
    ):
        with pytest.raises(StatementError):
            kind.of(replace(statement, digest="e" * 64))
        with pytest.raises(StatementError):
            kind.of(replace(statement, name="model:other"))


def test_a_field_that_is_missing_is_refused() -> None:
    statement = check_predicate().statement()
    for name in statement.predicate:
        rest = {key: value for key, value in statement.predicate.items() if key != name}
        with pytest.raises(StatementError, match=name):
            CheckPredicate.of(replace(statement, predicate=rest))

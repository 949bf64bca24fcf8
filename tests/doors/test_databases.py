"""The same gate before PostgreSQL and MySQL: behind a real `mlflow server`, and opened directly."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from helpers_model import saved_model
from helpers_mysql import mysql
from helpers_postgresql import postgresql
from helpers_registry import Registry, behind_a_server, refused, used

from nb_mlops import load_model
from nb_mlops.commands import ledger, models, promotion
from nb_mlops.commands.register import register

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with postgresql() as uri:
        yield uri


@pytest.fixture(scope="module")
def registry(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    with behind_a_server(tmp_path_factory.mktemp("pg"), database) as found, used(found):
        yield found


def test_the_road_of_a_model(registry: Registry, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    walk(registry, database, monkeypatch)


def test_the_road_of_a_model_on_mysql(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with mysql() as database, behind_a_server(tmp_path, database) as registry, used(registry):
        walk(registry, database, monkeypatch)


def walk(registry: Registry, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a refusal to a model in use, and the whole of it in the ledger."""
    monkeypatch.chdir(registry.project.root)
    run, place = registry.run_with(saved_model())
    registry.client.create_registered_model("taken")
    with refused("GA001"):
        registry.client.create_model_version("taken", place, run)
    assert registry.names() == set()
    registry.enter("churn")
    assert promotion.promote("churn", "It is proven.", registry=registry.uri).gated
    promotion.feedback("churn", "Umlaute auch: größer.", registry=registry.uri)
    told = models.history("churn", registry.uri)["entries"]
    assert [(one["act"], one["reason"]) for one in told] == [
        *(("registered", ""), ("promoted", "It is proven."), ("noted", "Umlaute auch: größer.")),
    ]
    assert load_model("churn", registry=registry.uri) is not None
    with refused("nobody can tell any more"):
        registry.client.delete_model_version("churn", "1")
    assert ledger.verify(str(registry.project.root), registry=f"nbgate+{database}")["sound"]


def test_threads_that_register_at_once_make_one_version_each(registry: Registry) -> None:
    def enter(name: str) -> bool:
        entry = register(str(registry.project.notebook), name, registry.uri).entry
        assert entry is not None and entry.version == 1
        return entry.created

    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(enter, ["shared", "one", "shared", "two", "shared", "shared"]))
    assert sum(made) == 3
    assert ledger.verify(str(registry.project.root))["sound"]


def test_what_came_in_by_the_plain_database_is_found(
    registry: Registry, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hole that only the database's own credentials close: a URI without the gate."""
    from mlflow import MlflowClient

    run, place = registry.run_with(saved_model())
    plain = MlflowClient(registry.uri, database)
    plain.create_registered_model("smuggled")
    plain.create_model_version("smuggled", place, run)
    with refused("GA001"):
        registry.client.set_registered_model_alias("smuggled", "champion", "1")
    found = ledger.verify(str(registry.project.root), registry=f"nbgate+{database}")
    assert {fault["code"] for fault in found["faults"]} == {"LG006"}
    plain.delete_registered_model("smuggled")

"""The registry room on its own, against real sqlite stores."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers_model import saved_model
from helpers_server import free_port

from nb_mlops.core.errors import MissingExtraError, RegistryUnreachableError, UsageError
from nb_mlops.evidence.digest import tree_digest
from nb_mlops.outside.artefacts import hash_tree
from nb_mlops.outside.registry.submit import Submission, submit

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A project with a store of its own."""
    root = tmp_path_factory.mktemp("project")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)  # where MLflow puts the artefacts of a plain database
        assert submit(submission(name="first"), plain(root), root).created
        yield root


def plain(root: Path) -> str:
    """A database without a gate: what is tried here is the room alone."""
    (root / ".nb-mlops").mkdir(exist_ok=True)
    return f"sqlite:///{root}/.nb-mlops/registry.db"


def client(root: Path) -> Any:
    from mlflow import MlflowClient

    uri = plain(root)
    return MlflowClient(tracking_uri=uri, registry_uri=uri)


def submission(**changes: Any) -> Submission:
    files = hash_tree(saved_model())
    given = {
        "name": "odd",
        "digest": tree_digest(files),
        "folder": saved_model(),
        "files": files,
        "experiment": "churn",
    }
    return Submission(**{**given, **changes})


def test_a_model_is_entered_once_under_each_name(store: Path) -> None:
    again = submit(submission(name="first"), plain(store), store)
    other = submit(submission(name="second"), plain(store), store)
    assert (again.version, again.created, other.version, other.created) == (1, False, 1, True)


def test_files_that_arrive_changed_make_no_version_and_no_empty_model(store: Path) -> None:
    files = {**hash_tree(saved_model()), "MLmodel": "0" * 64}
    with pytest.raises(RegistryUnreachableError, match="not what was checked"):
        submit(submission(files=files), plain(store), store)
    assert not client(store).search_registered_models("name = 'odd'")


def test_a_version_that_the_registry_refuses_leaves_no_empty_model_and_a_failed_run(store: Path) -> None:
    with pytest.raises(RegistryUnreachableError, match="did not accept"):
        submit(submission(tags={"x" * 500: "a name that is too long for a version's tag"}), plain(store), store)
    assert not client(store).search_registered_models("name = 'odd'")


def test_metrics_and_parameters_with_odd_names_do_not_stop_a_registration(store: Path) -> None:
    metrics = {"f1 (macro)": 0.5, "nan": float("nan"), "": 1.0}
    odd = submission(name="names", metrics=metrics, params={"path:to": "x" * 9000, "none": None})
    data = client(store).get_run(submit(odd, plain(store), store).run).data
    assert data.metrics["f1 _macro_"] == 0.5 and len(data.params["path_to"]) <= 500


def test_a_deleted_experiment_is_named(store: Path) -> None:
    submit(submission(name="third", experiment="gone"), plain(store), store)
    mlflow = client(store)
    mlflow.delete_experiment(mlflow.get_experiment_by_name("gone").experiment_id)
    with pytest.raises(UsageError, match="`gone` is deleted"):
        submit(submission(name="fourth", experiment="gone"), plain(store), store)


def test_a_registry_that_does_not_answer_is_said_so_quickly_and_without_its_password(tmp_path: Path) -> None:
    address = f"http://somebody:{'pass' + 'word'}@127.0.0.1:{free_port()}"
    started = time.monotonic()
    with pytest.raises(RegistryUnreachableError, match="is not reachable: connection refused") as caught:
        submit(submission(), address, tmp_path)
    assert time.monotonic() - started < 5
    assert "somebody" not in str(caught.value)


def test_a_database_that_cannot_be_opened_is_unreachable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RegistryUnreachableError, match="is not reachable"):
        submit(submission(), f"sqlite:///{tmp_path}/file/x.db", tmp_path)


@pytest.mark.parametrize("uri", ["file:///tmp/models", "./models", "ftp://host/x", "javascript:alert(1)"])
def test_a_uri_that_no_registry_has_is_a_usage_error(tmp_path: Path, uri: str) -> None:
    with pytest.raises(UsageError, match="is not a registry"):
        submit(submission(), uri, tmp_path)


def test_a_database_without_its_driver_names_the_driver(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="driver") as caught:
        submit(submission(), "mssql+nosuchdriver://host/x", tmp_path)
    assert caught.value.exit_code == 2 and caught.value.remedy


def test_without_mlflow_the_extra_is_named_and_nothing_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = submission()
    monkeypatch.setitem(sys.modules, "mlflow", None)
    with pytest.raises(MissingExtraError, match="`nb-mlops register`") as caught:
        submit(given, "", tmp_path)
    assert caught.value.remedy == 'pip install "nb-mlops[register]"' and not list(tmp_path.iterdir())

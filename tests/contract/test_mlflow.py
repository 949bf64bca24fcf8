"""What the page about the registry promises of MLflow's own servers: serving by alias, and webhooks."""

from __future__ import annotations

import hashlib
import hmac
import importlib.metadata
import json
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from helpers_model import saved_model
from helpers_project import new_project
from helpers_registry import Registry, used
from helpers_server import free_port, running

from nb_mlops.commands import promotion
from nb_mlops.commands.register import register

pytestmark = pytest.mark.slow
PAGE = (Path(__file__).parents[2] / "docs" / "registry.md").read_text(encoding="utf-8")


def test_mlflow_serves_what_the_alias_names_as_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NB_MLOPS_KEY", str(tmp_path / "key.pem"))
    project = new_project(tmp_path / "churn", saved_model())
    project.check()
    monkeypatch.chdir(project.root)
    register(str(project.notebook), "churn")
    promotion.promote("churn", "To be served.")
    (line,) = [line for line in PAGE.replace("\\\n", " ").splitlines() if "mlflow models serve" in line]
    words, port = line.split(), free_port()
    settings = dict(word.split("=", 1) for word in words if word.startswith("MLFLOW_"))
    command = [sys.executable, "-m", *words[words.index("mlflow") :]]
    command[command.index("--port") + 1] = str(port)
    settings |= {"MLFLOW_DISABLE_TELEMETRY": "true", "PATH": f"{scripts()}:/usr/bin:/bin"}
    with running(command, f"http://127.0.0.1:{port}/ping", project.root, settings):
        rows = {"columns": FEATURES, "data": [[5.1, 3.5, 1.4, 0.2], [6.7, 3.0, 5.2, 2.3]]}
        answer = ask(f"http://127.0.0.1:{port}/invocations", {"dataframe_split": rows})
    assert answer == {"predictions": [0, 2]}


FEATURES = ["sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)"]


def scripts() -> Path:
    """Where the programs of the installed packages are: MLflow starts uvicorn by its name."""
    (program,) = [file for file in importlib.metadata.files("uvicorn") or () if file.name in ("uvicorn", "uvicorn.exe")]
    return Path(str(program.locate())).resolve().parent


def ask(url: str, body: dict[str, Any]) -> Any:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def test_webhooks_tell_of_what_the_gate_let_through_and_of_nothing_else(gated_server: Registry) -> None:
    from mlflow.exceptions import MlflowException

    heard: list[tuple[dict[str, str], bytes]] = []

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *words: object) -> None:
            pass

    listener = HTTPServer(("127.0.0.1", 0), Ear)
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    with used(gated_server) as registry, pytest.MonkeyPatch.context() as patch:
        patch.chdir(registry.project.root)
        secret = "of " + "this test"
        hook = registry.client.create_webhook(
            name="told",
            url=f"http://127.0.0.1:{listener.server_port}/",
            events=["model_version.created", "model_version_alias.created"],
            secret=secret,
        )
        run, place = registry.run_with(saved_model())
        registry.client.create_registered_model("taken")
        with pytest.raises(MlflowException, match="nb-mlops refuses"):
            registry.client.create_model_version("taken", place, run)
        registry.enter("told")
        promotion.promote("told", "To be told.", registry=registry.uri)
        for _ in range(300):
            if len(heard) >= 2:
                break
            time.sleep(0.1)
        registry.client.delete_webhook(hook.webhook_id)
    listener.shutdown()
    listener.server_close()
    told = [json.loads(body) for _, body in heard]
    assert sorted((one["entity"], one["action"], one["data"]["name"]) for one in told) == [
        ("model_version", "created", "told"),
        ("model_version_alias", "created", "told"),
    ]
    headers, body = heard[0]
    signed = f"{headers['X-MLflow-Delivery-Id']}.{headers['X-MLflow-Timestamp']}.".encode() + body
    import base64

    digest = base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()
    assert headers["X-MLflow-Signature"] == f"v1,{digest}"

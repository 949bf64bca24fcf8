"""A real Jupyter server with the extension of this checkout, in a folder of its own."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers_server import free_port

ROOT = Path(__file__).resolve().parent.parent
BUILT = ROOT / "nb_mlops" / "labextension"
# An output that is too large.
PRINTED = {"output_type": "stream", "name": "stdout", "text": ("x" * 99 + "\n") * 1500}


# What jupyter-collaboration brings into the page.
_TOGETHER = ("@jupyter/collaboration-extension", "@jupyter/docprovider-extension")


@dataclass
class LabServer:
    """Where the server is, what its notebooks lie in, and how to talk to it."""

    root: Path
    home: Path
    port: int
    token: str = ""
    together: bool = False
    beside: Path | None = None  # a folder on the path of the server's Python
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *more: str) -> None:
        (self.home / "extensions").mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            (self.home / "extensions" / "nb-mlops").symlink_to(BUILT)
        quiet = self.home / "CONFIG" / "lab" / "user-settings" / "@jupyterlab" / "apputils-extension"
        quiet.mkdir(parents=True, exist_ok=True)
        (quiet / "notification.jupyterlab-settings").write_text('{"fetchNews": "false", "checkForUpdates": false}')
        # Working together changes how notebooks are opened and saved: only for the tests that are about it.
        apart = dict.fromkeys(_TOGETHER, not self.together)
        (self.home / "CONFIG" / "labconfig").mkdir(exist_ok=True)
        (self.home / "CONFIG" / "labconfig" / "page_config.json").write_text(json.dumps({"disabledExtensions": apart}))
        own = {f"JUPYTER_{name}_DIR": str(self.home / name) for name in ("CONFIG", "DATA", "RUNTIME")}
        for place in own.values():
            Path(place).mkdir(exist_ok=True)
        own |= {"XDG_STATE_HOME": str(self.home / "state"), "XDG_CACHE_HOME": str(self.home / "cache")}
        if self.beside:
            own["PYTHONPATH"] = os.pathsep.join([str(self.beside), os.environ.get("PYTHONPATH", "")])
        command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--ServerApp.port={self.port}"]
        command += ["--ServerApp.ip=127.0.0.1", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={self.root}"]
        command += [f"--IdentityProvider.token={self.token}", "--LabApp.expose_app_in_browser=True"]
        command += ["--LabApp.news_url=None"]
        command += [f"--ServerApp.jpserver_extensions=jupyter_server_ydoc={self.together}"]
        command += ["--ServerApp.jpserver_extensions=nb_mlops=True", "--LabApp.extension_manager=readonly"]
        command += [f"--LabApp.extra_labextensions_path={self.home / 'extensions'}", *more]
        with (self.home / "server.log").open("ab") as log:
            self.process = subprocess.Popen(command, env=os.environ | own, cwd=self.root, stdout=log, stderr=log)
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + 120
        while time.monotonic() < until:
            assert self.process is not None and self.process.poll() is None, self.log()
            with contextlib.suppress(OSError, urllib.error.URLError):
                urllib.request.urlopen(f"{self.url}/api", timeout=2).close()
                return
            time.sleep(0.1)
        raise AssertionError(self.log())

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def log(self) -> str:
        return (self.home / "server.log").read_text("utf-8", "replace")[-4000:]

    def ask(
        self, route: str, method: str = "GET", body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        """The status and the JSON of an answer, of a refusal too. Signed in unless `headers` are given."""
        known = {"Authorization": f"token {self.token}"} if headers is None else headers
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/nb-mlops/{route}", data, known, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as refused:
            text = refused.read()
            with contextlib.suppress(ValueError):
                return refused.code, json.loads(text)
            return refused.code, None


@contextlib.contextmanager
def running_lab(
    place: Path, *more: str, token: str = "", together: bool = False, beside: Path | None = None
) -> Iterator[LabServer]:
    root, home = place / "work", place / "home"
    root.mkdir(parents=True)
    home.mkdir()
    (root / "pyproject.toml").write_text("[tool.nb-mlops.lint]\n", "utf-8")
    server = LabServer(root, home, free_port(), token, together, beside)
    server.start(*more)
    try:
        yield server
    finally:
        server.stop()


def cell(
    source: str, *outputs: dict[str, Any], count: int | None = None, kind: str = "code", id: str = ""
) -> dict[str, Any]:
    found: dict[str, Any] = {"cell_type": kind, "id": id, "metadata": {}, "source": source}
    return found | {"execution_count": count, "outputs": list(outputs)} if kind == "code" else found


def write_notebook(path: Path, *cells: dict[str, Any], language: str = "python") -> Path:
    for number, one in enumerate(cells):
        one["id"] = one["id"] or f"cell-{number}"
    spec = {"display_name": "Python 3", "language": language, "name": "python3" if language == "python" else "ir"}
    metadata = {"kernelspec": spec, "language_info": {"name": language}}
    document = {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=1) + "\n", "utf-8")
    return path


def document(*cells: dict[str, Any], **blobs: Any) -> dict[str, Any]:
    """A notebook as the front end sends it; an output's token is its cell's."""
    sent = []
    for number, one in enumerate(cells):
        found = {"id": one["id"] or f"cell-{number}", "kind": one["cell_type"], "source": one["source"]}
        if one["cell_type"] == "code":
            found |= {"count": one["execution_count"], "outputs": ""}
            if one["outputs"]:
                token = f"{time.monotonic_ns()}-{number}"
                blobs[token] = [output | {"size": len(json.dumps(output))} for output in one["outputs"]]
                found["outputs"] = token
        sent.append(found)
    blobs.setdefault("metadata", {"language_info": {"name": "python"}})
    return {"document": {"cells": sent, "metadata": "metadata", "nbformat_minor": 5}, "blobs": blobs}

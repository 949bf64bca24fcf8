"""The routes of a real server: who is turned away, what is refused, and what is answered."""

from __future__ import annotations

import contextlib
import json
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("jupyter_server", reason="the extra `lab` is not installed")
pytest.importorskip("jupyterlab")

from helpers_lab import LabServer, cell, document, running_lab, write_notebook

from nb_mlops.doors.lab.blobs import LARGEST, Blobs
from nb_mlops.doors.lab.routes import ROUTES, routes

pytestmark = pytest.mark.slow

TOKEN = "-".join(("only", "for", "this", "test"))
VERBS = ("get", "post", "put", "patch", "delete")


# Who is signed in may do what stands in a file.
AUTHORIZER = """from pathlib import Path
from jupyter_server.auth.authorizer import Authorizer

class Listed(Authorizer):
    def is_authorized(self, handler, user, action, resource):
        return resource != "nb-mlops" or action in Path(__file__).with_name("may").read_text().split()
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabServer]:
    place = tmp_path_factory.mktemp("routes")
    (place / "authorizer").mkdir()
    (place / "authorizer" / "listed.py").write_text(AUTHORIZER, "utf-8")
    (place / "authorizer" / "may").write_text("read execute", "utf-8")
    words = "--ServerApp.authorizer_class=listed.Listed"
    with running_lab(place, words, token=TOKEN, beside=place / "authorizer") as running:
        yield running


@contextlib.contextmanager
def allowed(server: LabServer, actions: str) -> Iterator[None]:
    may = server.root.parent / "authorizer" / "may"
    may.write_text(actions, "utf-8")
    yield
    may.write_text("read execute", "utf-8")


def every_route() -> list[tuple[str, str]]:
    """Each verb of each route, told from the handlers themselves so that a new one cannot be forgotten."""
    return [
        (pattern.replace("([A-Za-z0-9-]+)", "x1"), verb.upper())
        for pattern, handler in ROUTES.items()
        for verb in VERBS
        if verb in vars(handler)
    ]


def test_the_routes_that_are_tested_are_those_that_a_server_gets() -> None:
    assert [handler for _, handler, _ in routes("/", ".")] == list(ROUTES.values())
    assert len(every_route()) == 13


@pytest.mark.parametrize(("route", "verb"), every_route())
def test_nobody_comes_in_without_signing_in(server: LabServer, route: str, verb: str) -> None:
    status, answer = server.ask(route, verb, {} if verb == "POST" else None, headers={})
    assert status == 403
    assert "findings" not in json.dumps(answer)


@pytest.mark.parametrize(("route", "verb"), every_route())
def test_nobody_comes_in_from_another_site(server: LabServer, route: str, verb: str) -> None:
    signed_in = {"Authorization": f"token {TOKEN}", "Origin": "https://elsewhere.example"}
    cookie_only = {"Origin": "https://elsewhere.example", "Host": f"127.0.0.1:{server.port}"}
    body = {} if verb == "POST" else None
    assert server.ask(route, verb, body, headers=cookie_only)[0] in (403, 404)
    preflight = server.ask(route, "OPTIONS", None, headers=signed_in)
    assert preflight[0] in (204, 403, 404, 405) or preflight[1] is None


def test_nobody_does_what_the_server_does_not_allow_them(server: LabServer) -> None:
    with allowed(server, ""):
        assert set(statuses(server).values()) == {403}
    with allowed(server, "read"):
        refused = {key for key, status in statuses(server).items() if status == 403}
    assert refused == {("jobs", "POST"), ("jobs/x1", "DELETE")}, "what runs code needs more than leave to look"


def statuses(server: LabServer) -> dict[tuple[str, str], int]:
    return {(route, verb): server.ask(route, verb, {} if verb == "POST" else None)[0] for route, verb in every_route()}


def test_no_route_takes_more_than_the_limit(server: LabServer) -> None:
    much = b" " * (LARGEST + 1)
    told = {route: server.ask(route, verb, much)[0] for route, verb in every_route() if verb == "POST"}
    assert set(told.values()) == {413}, told


@pytest.mark.parametrize(
    "path", ["../outside.ipynb", "/../../etc/passwd", "a/../../b.ipynb", ".secret/a.ipynb", 7, "a\0"]
)
def test_no_path_leads_out_of_the_root(server: LabServer, path: Any) -> None:
    sent = document(cell("x = 1")) | {"path": path}
    assert server.ask("lint", "POST", sent)[0] in (400, 404)
    assert server.ask("jobs", "POST", {"verb": "check", "path": path})[0] in (400, 404)


def test_a_link_out_of_the_root_leads_nowhere(server: LabServer, tmp_path: Path) -> None:
    write_notebook(tmp_path / "private.ipynb", cell("x = 1"))
    (server.root / "link.ipynb").symlink_to(tmp_path / "private.ipynb")
    assert server.ask("parameters?path=link.ipynb")[0] == 404


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"path": "a.ipynb"}', b'{"path": "a.ipynb", "document": {"cells": [1]}}']
)
def test_what_is_no_notebook_is_refused_in_words(server: LabServer, body: bytes) -> None:
    status, answer = server.ask("lint", "POST", body)
    assert status in (400, 422)
    assert answer["message"]


def test_what_was_sent_makes_room_for_what_is_sent() -> None:
    blobs = Blobs(most=1000)
    for number in range(20):
        blobs.put({f"t{number}": [{"output_type": "stream", "text": "x" * 90}]}, 100)
    assert len(blobs.missing([f"t{number}" for number in range(20)])) == 10, "the oldest make room"


def test_unsaved_content_is_linted_with_place_excerpt_and_graph(server: LabServer) -> None:
    sent = document(cell("x = 1", count=1), cell("print(x, missing)", count=2)) | {"path": "new.ipynb"}
    status, look = server.ask("lint", "POST", sent)
    assert status == 200
    (found,) = [finding for finding in look["findings"] if finding["code"] == "EX005"]
    assert found["cell"]["id"] == "cell-1"
    assert found["path"] == "new.ipynb"
    assert "missing" in found["data"]["excerpt"]
    assert look["graph"]["edges"] == [{"from": 0, "to": 1, "names": ["x"], "changed": []}]


def test_outputs_are_sent_once_and_asked_for_when_they_are_not_known(server: LabServer) -> None:
    traceback = {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": ["ValueError: no"]}
    sent = document(cell("int('a')", traceback, count=1)) | {"path": "b.ipynb"}
    without = sent | {"blobs": {}}
    assert set(server.ask("lint", "POST", without)[1]["need"]) >= {sent["document"]["cells"][0]["outputs"]}
    first = server.ask("lint", "POST", sent)[1]
    assert [finding["code"] for finding in first["findings"]] == ["EX009"]
    again = server.ask("lint", "POST", without)[1]
    assert again["findings"] == first["findings"]


def test_a_fix_comes_as_edits_and_changes_no_file(server: LabServer) -> None:
    stale = {"output_type": "stream", "name": "stdout", "text": "x" * 150_000}
    sent = document(cell("print('x' * 150_000)", stale, count=1)) | {"path": "c.ipynb"}
    finding = server.ask("lint", "POST", sent)[1]["findings"][0]
    assert finding["code"] == "ED001"
    status, made = server.ask("fix", "POST", sent | {"fingerprints": [finding["fingerprint"]]})
    assert status == 200
    assert made["edits"]["cells"][0]["outputs"] == []
    assert made["fixed"][0]["code"] == "ED001"
    assert made["diff"].startswith("--- ")
    assert not (server.root / "c.ipynb").exists()


def test_an_ignored_finding_is_silent_and_says_why(server: LabServer) -> None:
    sent = document(cell("import os\nprint(missing)\nos", count=1)) | {"path": "d.ipynb"}
    finding = server.ask("lint", "POST", sent)[1]["findings"][0]
    assert server.ask("ignore", "POST", sent | {"fingerprints": [finding["fingerprint"]], "reason": " "})[0] == 422
    named = {"fingerprints": [finding["fingerprint"]], "reason": "set by the scheduler"}
    made = server.ask("ignore", "POST", sent | named)[1]
    source = made["edits"]["cells"][0]["source"]
    assert source == f"import os\nprint(missing)  # nbm: ignore[{finding['code']}] set by the scheduler\nos"
    sent["document"]["cells"][0]["source"] = source
    after = server.ask("lint", "POST", sent)[1]
    assert (after["findings"], after["suppressed"]) == ([], 1)


def test_a_diff_names_the_notebook_as_the_client_does(server: LabServer) -> None:
    long = {"output_type": "stream", "name": "stdout", "text": "x" * 150_000}
    sent = document(cell("print('x' * 150_000)", long, count=1)) | {"path": "folder/named.ipynb"}
    made = server.ask("fix", "POST", sent)[1]
    assert str(server.root) not in json.dumps(made)
    assert made["diff"].startswith("--- folder/named.ipynb ")
    assert {one["path"] for one in made["fixed"]} == {"folder/named.ipynb"}


def test_a_package_is_shown_before_it_is_made_and_after(server: LabServer) -> None:
    before = {path.name for path in server.root.iterdir()}
    write_notebook(
        server.root / "pack.ipynb", cell("rate = 2", id="first"), cell("total = rate * 3\nprint(total)", id="second")
    )
    assert server.ask("package?path=pack.ipynb")[0] == 404
    status, seen = server.ask("package?path=pack.ipynb&preview=1")
    assert (status, seen["out"]) == (200, None)
    assert {path.name for path in server.root.iterdir()} - before == {"pack.ipynb"}, "a preview leaves nothing behind"
    assert {one["id"] for found in seen["functions"] for one in found["cells"]} == {"first", "second"}
    job = server.ask("jobs", "POST", {"verb": "convert", "path": "pack.ipynb", "options": {"no_run": True}})[1]
    for _ in range(300):
        if server.ask(f"jobs/{job['id']}")[1]["state"] != "running":
            break
        time.sleep(0.2)
    made = server.ask("package?path=pack.ipynb")[1]
    assert made["out"] == "pack_package"
    assert made["functions"] == seen["functions"]
    for found in made["functions"]:
        assert found["file"] in made["files"]
        lines = (server.root / "pack_package" / found["file"]).read_text("utf-8").splitlines()
        assert "rate" in lines[found["line"] - 1]


def test_what_cannot_be_converted_has_no_preview_and_says_why(server: LabServer) -> None:
    write_notebook(server.root / "r.ipynb", cell("print('x')"), language="R")
    status, answer = server.ask("package?path=r.ipynb&preview=1")
    assert status == 422
    assert "Python" in answer["message"]


def test_rule_pages_are_served_and_unknown_ones_refused_with_a_hint(server: LabServer) -> None:
    rows = server.ask("rules")[1]
    page = server.ask("rules/EX001")[1]
    assert page["slug"] in {row["slug"] for row in rows}
    assert "## Why is this bad?" in page["page"]
    status, answer = server.ask("rules/EX01")
    assert status == 422
    assert "Did you mean" in answer["remedy"]


def test_the_graph_is_also_served_as_mermaid(server: LabServer) -> None:
    sent = document(cell("a = 1"), cell("a + 1")) | {"path": "e.ipynb"}
    assert 'c1 -->|"a"| c2' in server.ask("graph", "POST", sent)[1]["mermaid"]


def ended(server: LabServer, id: str, patience: float = 60) -> dict[str, Any]:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        job: dict[str, Any] = server.ask(f"jobs/{id}")[1]
        if job["state"] != "running":
            return job
        time.sleep(0.1)
    raise AssertionError(job)


def test_a_job_is_started_with_202_and_its_result_can_be_fetched(server: LabServer) -> None:
    write_notebook(server.root / "folder" / "bad.ipynb", cell("print(missing)", count=1))
    status, job = server.ask("jobs", "POST", {"verb": "lint", "path": "folder"})
    assert (status, job["state"]) == (202, "running")
    done = ended(server, job["id"])
    assert (done["state"], done["exit_code"]) == ("done", 1)
    assert [finding["path"] for finding in done["result"]["findings"]] == ["bad.ipynb"]
    assert job["id"] in {one["id"] for one in server.ask("jobs")[1]}


def test_a_running_job_is_cancelled_with_all_that_it_started(server: LabServer) -> None:
    write_notebook(server.root / "long.ipynb", cell("import time; time.sleep(600)"))
    job = server.ask("jobs", "POST", {"verb": "check", "path": "long.ipynb"})[1]
    time.sleep(1.5)
    started = time.monotonic()
    stopped = server.ask(f"jobs/{job['id']}", "DELETE")[1]
    assert stopped["state"] == "cancelled"
    assert time.monotonic() - started < 15
    assert server.ask(f"jobs/{job['id']}")[1]["state"] == "cancelled"


@pytest.mark.parametrize(
    "body",
    [
        {"verb": "demo", "path": "long.ipynb"},
        {"verb": "gate", "path": "long.ipynb", "options": {"registry": "x"}},
        {"verb": "convert", "path": "long.ipynb", "options": {"out": "../elsewhere"}},
        {"verb": "evaluate", "path": "long.ipynb", "options": {"model": "m", "holdout": "../rows.csv"}},
        {"verb": "evaluate", "path": "long.ipynb", "options": {"model": "m", "holdout": ".hidden/rows.csv"}},
        {"verb": "evaluate", "path": "long.ipynb", "options": {"model": "m", "kernel": "python"}},
    ],
)
def test_only_known_verbs_and_options_become_jobs(server: LabServer, body: dict[str, Any]) -> None:
    assert server.ask("jobs", "POST", body)[0] in (404, 422)


def test_an_option_cannot_be_smuggled_in_as_a_value(server: LabServer) -> None:
    write_notebook(server.root / "--help.ipynb", cell("x = 1", count=1))
    job = server.ask("jobs", "POST", {"verb": "gate", "path": "--help.ipynb", "options": {"model": "--explain"}})[1]
    assert ended(server, job["id"])["exit_code"] == 5


def test_the_parameters_of_a_saved_notebook_are_told_with_their_defaults(server: LabServer) -> None:
    tagged = cell("rate = 0.1\nname = 'a'\nother = [1]")
    tagged["metadata"] = {"tags": ["parameters"]}
    write_notebook(server.root / "p.ipynb", tagged)
    answer = server.ask("parameters?path=p.ipynb")[1]
    assert answer["parameters"] == {"rate": 0.1, "name": "a", "other": None}
    assert len(answer["content"]) == 64


def test_a_job_survives_the_server_that_started_it(server: LabServer) -> None:
    write_notebook(server.root / "slow.ipynb", cell("import time; time.sleep(600)"))
    job = server.ask("jobs", "POST", {"verb": "check", "path": "slow.ipynb"})[1]
    time.sleep(1)
    server.stop()
    server.start()
    assert server.ask(f"jobs/{job['id']}")[1]["state"] == "running"
    assert server.ask(f"jobs/{job['id']}", "DELETE")[1]["state"] == "cancelled"


def test_the_page_of_a_job_may_run_and_fetch_nothing(server: LabServer) -> None:
    write_notebook(server.root / "paged.ipynb", cell("print('<script>1</script>')"))
    job = server.ask("jobs", "POST", {"verb": "check", "path": "paged.ipynb", "options": {"repeat": 1}})[1]
    for _ in range(300):
        if server.ask(f"jobs/{job['id']}")[1]["state"] != "running":
            break
        time.sleep(0.2)
    signed_in = {"Authorization": f"token {TOKEN}"}
    request = urllib.request.Request(f"{server.url}/nb-mlops/jobs/{job['id']}/page", headers=signed_in)
    with urllib.request.urlopen(request, timeout=60) as answer:
        policy, kind, text = answer.headers["Content-Security-Policy"], answer.headers["Content-Type"], answer.read()
    assert policy.startswith("sandbox; default-src 'none'")
    assert kind.startswith("text/html")
    assert b"<script" not in text
    assert server.ask("jobs/0-0/page")[0] == 422

"""Every state that the panel can be in: what is in it has a name, a role and enough contrast, in each theme.

axe-core judges. Jobs are told by a stand-in here, so that each of their states is there at once; test_journey runs
them. With NB_MLOPS_SCREENSHOTS=folder a picture of each state in each theme is left there.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from helpers_lab import PRINTED, ROOT, LabServer, cell, write_notebook
from helpers_ui import drawn, finding, load, open_notebook, run, set_source

pytestmark = pytest.mark.slow

AXE = ROOT / "labextension" / "node_modules" / "axe-core" / "axe.min.js"
THEMES = ("JupyterLab Light", "JupyterLab Dark", "JupyterLab Dark High Contrast")
ALL = ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"]
JUDGE = """async ([context, runOnly]) => {
    const found = await axe.run(context, { runOnly });
    return found.violations.map(one => [one.id, one.help, one.nodes.map(node => node.html.slice(0, 160))]);
}"""


@pytest.fixture(scope="module", autouse=True)
def _axe(window: Any) -> None:
    if not AXE.exists():
        stop = pytest.fail if os.environ.get("NB_MLOPS_REQUIRE_UI") else pytest.skip
        stop("axe-core is not there (npm ci in labextension/)")
    window.add_script_tag(path=str(AXE))


@pytest.fixture(scope="module", autouse=True)
def _light(window: Any) -> Iterator[None]:
    yield
    use(window, THEMES[0])


def use(page: Any, theme: str) -> None:
    run(page, "apputils:change-theme", theme=theme)
    page.wait_for_function(
        "name => document.body.dataset.jpThemeName === name && !document.querySelector('#jupyterlab-splash')", arg=theme
    )
    drawn(page)


def looks_right(page: Any, name: str, context: str = ".nbm-Panel") -> None:
    """Nothing in sight offends axe; in every theme there is enough contrast."""
    folder = os.environ.get("NB_MLOPS_SCREENSHOTS")
    told = []
    # Changing it takes longest: the theme that is there comes first.
    there = page.evaluate("() => document.body.dataset.jpThemeName")
    for theme in sorted(THEMES, key=lambda one: one != there):
        if theme != there:
            use(page, theme)
        if folder:
            page.screenshot(path=str(Path(folder) / f"{name}-{theme.split()[-1].lower()}.png"))
        rules = ALL if theme == there else ["color-contrast"]
        told += [(theme, *one) for one in page.evaluate(JUDGE, [context, rules])]
    assert told == [], json.dumps(told, indent=1)


@pytest.mark.parametrize("view", ["findings", "dependencies", "journey", "folder"])
def test_with_no_notebook(page: Any, view: str) -> None:
    run(page, f"nb-mlops:show-{view}")
    text = "Open a notebook" if view != "folder" else "Not read yet"
    page.locator(".nbm-View:not(.lm-mod-hidden)").get_by_text(text).wait_for()
    looks_right(page, f"empty-{view}")


def test_without_findings_and_without_code(page: Any, lab: LabServer) -> None:
    write_notebook(lab.root / "clean.ipynb", cell("# Only words", kind="markdown"))
    open_notebook(page, "clean.ipynb")
    page.get_by_text("Nothing found", exact=True).wait_for()
    looks_right(page, "clean")
    run(page, "nb-mlops:show-dependencies")
    page.get_by_text("There is no code").wait_for()
    looks_right(page, "no-code")


def test_with_many_findings_one_explained_and_a_filter_that_nothing_passes(page: Any, messy: str) -> None:
    open_notebook(page, messy)
    finding(page, "EX001").wait_for()
    looks_right(page, "findings")
    finding(page, "EX001").locator(".nbm-finding-head").click()
    page.locator(".nbm-replay-clean").wait_for()
    looks_right(page, "explained")
    page.get_by_label("Filter findings by words").fill("no such words")
    page.get_by_text("Nothing matches").wait_for()
    looks_right(page, "filtered")


def test_the_dialogs(page: Any, messy: str) -> None:
    open_notebook(page, messy)
    page.get_by_role("button", name="Fix all safe…").click()
    page.get_by_role("dialog").get_by_role("button", name="Apply").wait_for()
    looks_right(page, "fix", ".nbm-dialog")
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    finding(page, "EX001").locator(".nbm-finding-head").click()
    finding(page, "EX001").get_by_role("button", name="Ignore…").click()
    page.get_by_role("dialog").get_by_label("Reason").wait_for()
    looks_right(page, "ignore", ".nbm-dialog")
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="About EX001").click()
    page.get_by_role("heading", name="Why is this bad?").wait_for()
    looks_right(page, "rule", ".nbm-dialog")
    page.get_by_role("dialog").get_by_role("button", name="Close").last.click()


def test_the_map_with_every_state_of_a_run(page: Any, lab: LabServer) -> None:
    names = ["never = 0", "fresh = 1", "edited = 2", "stale = edited + 1", "1 / 0"]
    write_notebook(lab.root / "states.ipynb", *(cell(one) for one in names), cell("earlier = 1", count=9))
    open_notebook(page, "states.ipynb", "show-dependencies", kernel=True)
    page.locator(".nbm-map-row").nth(5).wait_for()
    for index in (1, 2, 3, 4):
        page.locator(f".nbm-map-row[data-cell='{index}']").click()
        run(page, "notebook:run-cell")
        wanted = "failed" if index == 4 else "fresh"
        page.locator(f".nbm-map-row[data-cell='{index}'] .nbm-state-{wanted}").wait_for()
    set_source(page, 2, "edited = 3")
    page.locator(".nbm-map-row[data-cell='3'] .nbm-state-stale").wait_for()
    page.locator(".nbm-map-row[data-cell='3']").click()
    page.locator(".nbm-about", has_text="which has been edited").wait_for()
    looks_right(page, "map")


def test_a_long_map(page: Any, lab: LabServer) -> None:
    cells = [cell(f"a_rather_long_name_{n} = {f'a_rather_long_name_{n // 2}' if n else 1}") for n in range(80)]
    write_notebook(lab.root / "map.ipynb", *cells)
    open_notebook(page, "map.ipynb", "show-dependencies")
    page.locator(".nbm-map-row[data-cell='20']").click()
    page.locator(".nbm-map-row[data-cell='41'].nbm-map-down").wait_for()
    looks_right(page, "map-long")


def test_a_folder_that_was_read_and_a_notebook_in_another_language(page: Any, lab: LabServer) -> None:
    write_notebook(lab.root / "several" / "clean.ipynb", cell("x = 1", count=1))
    write_notebook(lab.root / "several" / "worst_of_all_with_a_long_name.ipynb", cell("print(a)", count=1))
    write_notebook(lab.root / "several" / "other.ipynb", cell("print('x')", PRINTED, count=1), language="R")
    open_notebook(page, "several/clean.ipynb", "show-folder")
    page.get_by_role("button", name=re.compile("Read (folder|again)")).click()  # an earlier test may have read it
    page.get_by_text("1 notebook without findings").wait_for()
    looks_right(page, "folder")
    open_notebook(page, "several/other.ipynb", "show-dependencies")
    page.get_by_text("is told of Python only, not of R").wait_for()
    looks_right(page, "not-python-cells")
    run(page, "nb-mlops:show-findings")
    finding(page, "ED001").wait_for()
    looks_right(page, "not-python")


def test_a_file_that_is_no_notebook_and_one_that_is_not_valid(page: Any, lab: LabServer) -> None:
    (lab.root / "odd").mkdir()
    (lab.root / "odd" / "page.ipynb").write_text("<html><body>Sign in</body></html>", "utf-8")
    broken = cell("print(missing)", count=1)
    broken["outputs"] = [{"output_type": "of no kind"}]
    write_notebook(lab.root / "odd" / "invalid.ipynb", broken)
    open_notebook(page, "odd/invalid.ipynb")
    finding(page, "EX005").wait_for()
    looks_right(page, "invalid")
    run(page, "nb-mlops:show-folder")
    page.get_by_role("button", name=re.compile("Read (folder|again)")).click()
    page.get_by_role("button", name=re.compile("page.ipynb")).wait_for()
    looks_right(page, "invalid-folder")


def test_what_cannot_be_read(page: Any, lab: LabServer) -> None:
    write_notebook(lab.root / "set" / "a.ipynb", cell("x = 1"))
    (lab.root / "set" / "nb-mlops.toml").write_text("[lint]\nselct = ['EX']\n", "utf-8")
    open_notebook(page, "set/a.ipynb")
    page.locator(".nbm-empty", has_text="selct").wait_for()
    looks_right(page, "settings")
    page.route("**/nb-mlops/lint*", lambda route: route.abort())
    page.get_by_role("button", name="Try again").click()
    page.get_by_text("The server does not answer.").wait_for()
    assert not page.locator(".nbm-filter").first.is_visible(), "nothing is counted that was not read"
    looks_right(page, "server-gone")
    page.unroute("**/nb-mlops/lint*")
    page.route("**/nb-mlops/lint*", lambda route: route.fulfill(status=404, body="<html></html>"))
    page.get_by_role("button", name="Try again").click()
    page.get_by_text("Is nb-mlops installed and enabled where the server runs?").wait_for()
    page.unroute("**/nb-mlops/lint*")


# Jobs as the server tells of them.


def told_by_a_stand_in(page: Any, jobs: list[dict[str, Any]]) -> None:
    """Let the page hear of these jobs, the last the newest, and of no others."""
    known = []
    for number, job in enumerate(jobs):
        started = time.time() - 900 + number
        ended = {"started": started, "ended": started + 0.5, "state": "done", "exit_code": 0}
        ended |= {"progress": [], "result": None}
        known.append({"id": f"stand-in-{number}"} | ended | job)

    def answer(route: Any) -> None:
        id = urlsplit(route.request.url).path.rsplit("/", 1)[-1]
        found = [job for job in known if job["id"] == id]
        route.fulfill(json=found[0] if found else [{k: v for k, v in j.items() if k != "result"} for j in known])

    page.route("**/nb-mlops/jobs**", answer)


PROOFS = [
    {
        "name": "evidence",
        "status": "ok",
        "looked_at": "`check-1.json`, signed by 1a2b",
        "question": "Is it signed?",
    },
    {"name": "lint", "status": "missing", "looked_at": "", "question": "?", "commands": ["nb-mlops ci --only lint"]},
    {"name": "baseline", "status": "failed", "looked_at": "the evaluation of today", "question": "?"},
    {"name": "approval", "status": "waived", "looked_at": "until 2030-01-01, by the owner", "question": "?"},
    {"name": "card", "status": "not judged", "looked_at": "", "question": "?"},
]
REASONS = [
    {
        "code": "GA021",
        "rule": "no-lint",
        "severity": "error",
        "confidence": "high",
        "message": "There is no lint report.",
        "path": "",
        "fingerprint": "1",
        "fix": None,
        "related": [],
        "cell": None,
        "data": {
            "proof": "lint",
            "problem": "There is no signed report.",
            "remedy": "Run `nb-mlops lint --sign`.",
        },
    }
]
RUNS = [
    {
        "label": f"R{n}",
        "seconds": 1.5 + n,
        "factors": {"hash": n} if n else {},
        "status": "ok",
        "cells": [{"cell": 0, "seconds": 0.9 + n / 3}, {"cell": 1, "seconds": 0.2}],
    }
    for n in range(3)
]
METRIC = {"name": "r2", "value": 0.914, "low": 0.88, "high": 0.94, "higher_is_better": True}
RIVAL = {"name": "mean", "words": "always the mean", "value": 0.0, "gain": 0.914, "low": 0.9, "high": 0.93}
RESULTS: dict[str, dict[str, Any]] = {
    "convert": {"out": "a_package", "compared": 12, "equal": 12, "findings": []},
    "check": {
        "runs": RUNS,
        "metrics": [
            {"name": "accuracy", "value": 0.91, "values": [0.91, 0.91, 0.91]},
            {"name": "loss", "value": 0.33, "values": [0.33, 0.29, 0.41]},
        ],
        "findings": [],
        "evidence": ".nb-mlops/evidence/check-2030-01-01.json",
    },
    "evaluate": {
        "evaluation": {
            "metric": METRIC,
            "rows": {"used": 1200},
            "holdout": {"path": "data/later.csv"},
            "baselines": [RIVAL | {"version": "", "problem": ""}],
            "champion": RIVAL | {"name": "champion", "version": "3", "problem": "", "gain": 0.021},
            "groups": [{"column": "region", "group": "north", "rows": 700, "value": 0.92}],
        },
        "evidence": ".nb-mlops/evidence/evaluate-2030-01-01.json",
        "gate": {"proofs": PROOFS[:1], "findings": [], "registered": None},
    },
    "gate": {"proofs": PROOFS, "findings": REASONS, "registered": None},
    "register": {
        "proofs": PROOFS[:1],
        "findings": [],
        "registered": {"name": "churn", "version": "4", "run": "ab12", "store": "nbgate+sqlite:///mlflow.db"},
    },
}
EVENTS = [
    json.dumps({"event": "run-started", "run": "R0", "of": 9}),
    json.dumps({"event": "cell", "run": "R0", "done": 9, "of": 9}),
    json.dumps({"event": "run-ended", "run": "R0", "status": "ok", "seconds": 2.1}),
    json.dumps({"event": "cell", "run": "R1", "done": 4, "of": 9}),
]
STATES: dict[str, list[dict[str, Any]]] = {
    "never": [],
    "good": [{"verb": verb, "result": result} for verb, result in RESULTS.items()],
    "running": [
        {"verb": "check", "state": "running", "ended": None, "exit_code": None, "progress": EVENTS},
        {"verb": "convert", "state": "running", "ended": None, "exit_code": None, "progress": ["reading", "running"]},
    ],
    "bad": [
        {"verb": "check", "exit_code": 1, "result": RESULTS["check"] | {"findings": REASONS}},
        {"verb": "convert", "exit_code": 70, "progress": ["Traceback", "OSError: no space left on the device"]},
        {
            "verb": "evaluate",
            "exit_code": 5,
            "progress": ["There is nothing to measure: no check stands."],
        },
        {"verb": "gate", "exit_code": 5, "result": RESULTS["gate"]},
        {"verb": "register", "state": "cancelled", "exit_code": None},
    ],
    "old": [{"verb": verb, "content": "another", "result": result} for verb, result in RESULTS.items()],
}


@pytest.fixture(scope="module")
def journeys(browser: Any, lab: LabServer) -> Iterator[Any]:
    """A window high enough for a whole journey, with a notebook and its jobs for each state."""
    jobs = []
    for state, told in STATES.items():
        tagged = cell("rate = 0.5\nkind = 'ridge'")
        tagged["metadata"] = {"tags": ["parameters"]}
        path = f"step_{state}.ipynb"
        write_notebook(lab.root / path, tagged, cell("print(rate)"))
        content = lab.ask(f"parameters?path={path}")[1]["content"]
        jobs += [{"notebook": path, "content": content} | job for job in told]
    page = browser.new_context(viewport={"width": 1280, "height": 2000}).new_page()
    page.set_default_timeout(60_000)
    told_by_a_stand_in(page, jobs)
    load(page, lab)
    page.add_script_tag(path=str(AXE))
    yield page
    page.context.close()


@pytest.mark.parametrize("state", STATES)
def test_each_step_of_the_journey(journeys: Any, state: str) -> None:
    page = journeys
    open_notebook(page, f"step_{state}.ipynb", "show-journey")
    page.locator(".nbm-step").nth(5).wait_for()
    for verb in ("lint", *RESULTS):
        head = page.locator(f".nbm-step[data-step='{verb}'] .nbm-step-head")
        if head.get_attribute("aria-expanded") == "false":
            head.click()
        page.locator(f".nbm-step[data-step='{verb}'] .nbm-step-body").wait_for()
    for job in STATES[state]:
        page.locator(f".nbm-step[data-step='{job['verb']}'][data-state='{state}']").wait_for()
    page.wait_for_function("() => !document.querySelector('.nbm-Panel').innerText.includes('Fetching the result')")
    looks_right(page, f"journey-{state}")


def test_the_package_that_would_be_made(journeys: Any) -> None:
    page = journeys
    open_notebook(page, "step_never.ipynb", "show-journey")
    head = page.locator(".nbm-step[data-step='convert'] .nbm-step-head")
    head.wait_for()
    if head.get_attribute("aria-expanded") == "false":
        head.click()
    page.get_by_role("button", name="Preview").click()
    page.locator(".nbm-tree-row").first.wait_for()
    looks_right(page, "preview")


OVER = """() => {
    const panel = document.querySelector('.nbm-Panel').getBoundingClientRect();
    return [...document.querySelectorAll('.nbm-Panel *')]
        .filter(one => one.checkVisibility() && one.getBoundingClientRect().right > panel.right + 1)
        .filter(one => !one.closest('.nbm-excerpt, .nbm-log, .nbm-diff, .nbm-clamp'))
        .map(one => one.outerHTML.slice(0, 120));
}"""


@pytest.mark.parametrize("width", [250, 640])
def test_a_narrow_and_a_wide_panel(page: Any, messy: str, width: int) -> None:
    """Nothing is wider than the panel, which is as narrow as any sidebar of JupyterLab can be."""
    open_notebook(page, messy)
    finding(page, "EX001").locator(".nbm-finding-head").click()
    page.locator(".nbm-replay-clean").wait_for()
    drag(page, width)
    shown = {"findings": ".nbm-finding", "dependencies": ".nbm-map-row", "journey": ".nbm-step", "folder": ".nbm-row"}
    for view, there in shown.items():
        run(page, f"nb-mlops:show-{view}")
        page.locator(f".nbm-View:not(.lm-mod-hidden) {there}").first.wait_for()
        drawn(page)
        if folder := os.environ.get("NB_MLOPS_SCREENSHOTS"):
            page.screenshot(path=str(Path(folder) / f"width-{width}-{view}.png"))
        assert page.evaluate(OVER) == []
    run(page, "nb-mlops:show-findings")
    assert page.locator(".nbm-Panel").bounding_box()["width"] == pytest.approx(width, abs=12)
    message = finding(page, "ED001").locator(".nbm-message")
    message.hover()
    told = message.get_attribute("title")
    assert told == (message.inner_text() if width == 250 else None), "text that is cut is told whole"
    finding(page, "ED001").locator(".nbm-finding-head").click()
    message.hover()
    assert not message.get_attribute("title"), "what is not cut any more needs no telling"
    drag(page, 330)


def drag(page: Any, width: int) -> None:
    """Make the panel so wide."""
    handle = page.locator("#jp-right-stack").bounding_box()
    page.mouse.move(handle["x"] - 2, 500)
    page.mouse.down()
    page.mouse.move(handle["x"] + handle["width"] - width, 500, steps=4)
    page.mouse.up()

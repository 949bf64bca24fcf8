"""One server, one browser and one page for most tests in a real browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers_lab import BUILT, PRINTED, LabServer, cell, running_lab, write_notebook
from helpers_language import pack
from helpers_ui import clear_up, load

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def _needed(what: str, there: bool) -> None:
    """Where everything must hold (NB_MLOPS_REQUIRE_UI, as .ci/run sets it) nothing is skipped."""
    if not there:
        (pytest.fail if os.environ.get("NB_MLOPS_REQUIRE_UI") else pytest.skip)(f"{what} is not there")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    _needed("chromium", program is not None)
    _needed("the built front end (npm ci && npm run build in labextension/)", (BUILT / "package.json").exists())
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=program, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def lab(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabServer]:
    packs = tmp_path_factory.mktemp("packs")
    pack(packs, "de_DE")  # which nobody has chosen
    with running_lab(tmp_path_factory.mktemp("lab"), beside=packs) as server:
        yield server


@pytest.fixture(scope="session")
def window(browser: Any, lab: LabServer) -> Iterator[Any]:
    """JupyterLab, loaded once: loading it takes longer than most tests."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.set_default_timeout(60_000)
    load(page, lab)
    yield page
    page.context.close()


@pytest.fixture
def page(window: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """JupyterLab with nothing open and the panel closed; what goes wrong in our part of the page fails the test."""
    wrong: list[str] = []

    def note(error: Any) -> None:
        if "nb-mlops" in (error.stack or ""):
            wrong.append(str(error))

    window.on("pageerror", note)
    yield window
    window.remove_listener("pageerror", note)
    place = os.environ.get("NB_MLOPS_SCREENSHOTS")
    if place:
        window.screenshot(path=str(Path(place) / f"{request.node.name}.png"))
    clear_up(window)
    assert not wrong


@pytest.fixture
def messy(lab: LabServer) -> str:
    """One finding each: read before it is defined, a large output, an install, a stale result."""
    write_notebook(
        lab.root / "messy.ipynb",
        cell("# A heading", kind="markdown"),
        cell("!pip install pandas", count=1),
        cell("limit = 1", count=2),
        cell("print(('x' * 99 + '\\n') * 1500)", PRINTED, count=3),
        cell("total = limit + 1\ntotal", count=5),
        cell("limit = 2", count=4),
        cell("print(later)", count=6),
        cell("later = 3", count=7),
    )
    return "messy.ipynb"

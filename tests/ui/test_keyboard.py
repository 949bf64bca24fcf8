"""Whoever uses no mouse does all the same: every act of the panel by keyboard alone."""

from __future__ import annotations

from typing import Any

import pytest
from helpers_lab import PRINTED, LabServer, cell, write_notebook
from helpers_ui import finding, open_notebook, run

pytestmark = pytest.mark.slow

NAME = """() => {
    const one = document.activeElement;
    return one ? (one.getAttribute('aria-label') || one.innerText || one.placeholder || one.title || '') : '';
}"""


def reach(page: Any, name: str, step: str = "Tab") -> None:
    """Press Tab until what has the focus is called so."""
    passed = []
    for _ in range(60):
        if name in (now := page.evaluate(NAME)):
            return
        passed.append(now[:30])
        page.keyboard.press(step)
    raise AssertionError(f"{name} is not reached: {passed}")


def press(page: Any, name: str, key: str = "Enter") -> None:
    reach(page, name)
    page.keyboard.press(key)


def tab(page: Any, name: str) -> None:
    """Go to a view: its tab is one stop, arrows lead from tab to tab."""
    page.evaluate("() => document.querySelector('.nbm-tab[aria-selected=true]').focus()")
    for _ in range(4):
        if page.evaluate(NAME) == name:
            return
        page.keyboard.press("ArrowRight")
    raise AssertionError(name)


@pytest.fixture
def messy(page: Any, lab: LabServer) -> Any:
    write_notebook(
        lab.root / "keys" / "messy.ipynb",
        cell("limit = 1", count=1),
        cell("total = limit + 1\ntotal", count=3),
        cell("limit = 2", count=2),
        cell("print('x')", PRINTED, count=4),
    )
    open_notebook(page, "keys/messy.ipynb", kernel=True)
    finding(page, "EX001").wait_for()
    return page


def test_findings_are_filtered_explained_mended_and_ignored(messy: Any) -> None:
    page = messy
    assert page.evaluate(NAME) == "Findings", "opening the panel leads into it"
    press(page, "1 error", "Space")
    finding(page, "EX001").wait_for(state="detached")
    page.keyboard.press("Space")
    finding(page, "EX001").wait_for()
    press(page, "Fix all safe…")
    page.get_by_role("dialog").get_by_role("button", name="Apply").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="detached")
    tab(page, "Findings")
    reach(page, "Filter findings by words")
    page.keyboard.type("stale")
    finding(page, "ED001").wait_for(state="detached")
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    finding(page, "ED001").wait_for()
    reach(page, "Group findings")
    page.keyboard.press("ArrowDown")
    page.get_by_role("heading", name="EX001 stale-dependency").wait_for()
    press(page, "was set here before")
    finding(page, "EX001").locator(".nbm-replay-clean").wait_for()
    press(page, "cell 1")
    page.wait_for_function(
        "() => [...window.jupyterapp.shell.widgets('main')].find(w => w.isVisible && w.content?.widgets)"
        ".content.activeCellIndex === 0"
    )
    press(page, "About EX001")
    page.get_by_role("heading", name="Why is this bad?").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="detached")
    tab(page, "Findings")
    press(page, "Ignore…")
    page.wait_for_function("() => document.activeElement?.matches('.jp-Dialog input')")
    page.keyboard.type("shown on purpose")
    page.keyboard.press("Enter")
    finding(page, "EX001").wait_for(state="detached")
    page.get_by_text("1 ignored in the notebook").wait_for()
    tab(page, "Findings")
    press(page, "Undo fix")
    finding(page, "EX001").wait_for()


def test_cells_journey_and_folder_are_walked(messy: Any, lab: LabServer) -> None:
    page = messy
    tab(page, "Cells")
    page.locator(".nbm-map-row").nth(3).wait_for()
    reach(page, "Cell ")
    page.keyboard.press("End")
    page.locator(".nbm-map-row[data-cell='3'].nbm-map-active").wait_for()
    reach(page, "Run with what it needs")
    tab(page, "Journey")
    page.locator(".nbm-step").nth(5).wait_for()
    for step in ("Lint", "Convert", "Check", "Evaluate", "Gate", "Register"):
        reach(page, step)
    tab(page, "Journey")
    reach(page, "Gate")
    if page.locator("[data-step='gate'] .nbm-step-head").get_attribute("aria-expanded") == "false":
        page.keyboard.press("Enter")  # an earlier test on this page may have left it open
    page.locator("[data-step='gate'] .nbm-step-body").wait_for()
    reach(page, "Ask the gate")
    tab(page, "Folder")
    page.get_by_role("button", name="Read folder").wait_for()
    press(page, "Read folder")
    page.get_by_role("button", name="messy.ipynb, 1 error").wait_for()
    write_notebook(lab.root / "other.ipynb", cell("x = 1"))
    run(page, "docmanager:open", path="other.ipynb")
    run(page, "docmanager:open", path="keys/messy.ipynb")
    page.locator(".nbm-notebook[title='keys/messy.ipynb']").wait_for()
    tab(page, "Folder")
    press(page, "messy.ipynb, 1 error")
    page.wait_for_function("() => window.jupyterapp.shell.currentWidget?.context?.path === 'keys/messy.ipynb'")

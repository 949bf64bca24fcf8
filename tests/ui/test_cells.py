"""Dependencies and run state: which cell needs which, which results still hold, and running what is needed."""

from __future__ import annotations

from typing import Any

import pytest
from helpers_lab import LabServer, cell, write_notebook
from helpers_ui import open_notebook, run, set_source

pytestmark = pytest.mark.slow


def open_chain(page: Any, lab: LabServer, kernel: bool) -> None:
    """Four cells, of which the last one hangs on the first two."""
    write_notebook(
        lab.root / "chain.ipynb",
        cell("a = 1"),
        cell("b = a + 1"),
        cell("unrelated = 0"),
        cell("c = b + a"),
    )
    open_notebook(page, "chain.ipynb", "show-dependencies", kernel)
    page.locator(".nbm-map-row").nth(3).wait_for()


@pytest.fixture
def chain(page: Any, lab: LabServer) -> Any:
    open_chain(page, lab, kernel=False)
    return page


@pytest.fixture
def living(page: Any, lab: LabServer) -> Any:
    """The same with a kernel."""
    open_chain(page, lab, kernel=True)
    return page


def state(page: Any, index: int) -> str:
    mark = page.locator(f".nbm-map-row[data-cell='{index}'] .nbm-state")
    return str(mark.get_attribute("class")).partition("nbm-state-")[2]


def becomes(page: Any, index: int, wanted: str) -> None:
    page.locator(f".nbm-map-row[data-cell='{index}'] .nbm-state-{wanted}").wait_for()


def activate(page: Any, index: int) -> None:
    page.locator(f".nbm-map-row[data-cell='{index}']").click()
    page.locator(f".nbm-map-row[data-cell='{index}'].nbm-map-active").wait_for()


def execute(page: Any) -> None:
    run(page, "notebook:run-cell")


def test_the_map_follows_the_active_cell_and_names_the_variables(chain: Any) -> None:
    activate(chain, 3)
    names = chain.locator(".nbm-map-up .nbm-map-names").all_inner_texts()
    assert names == ["a →", "b →"]
    assert chain.locator(".nbm-arc-up.nbm-arc").count() == 2
    activate(chain, 0)
    assert chain.locator(".nbm-map-down .nbm-map-names").all_inner_texts() == ["→ a", "→ a"]
    assert "Gives" in chain.locator(".nbm-about").inner_text()
    row = chain.locator(".nbm-map-row[data-cell='1']")
    assert "reads a from the active cell" in str(row.get_attribute("aria-label"))

    # It is walked by keyboard, too.
    chain.locator(".nbm-map-row[data-cell='0']").focus()
    for index in (1, 2):
        chain.keyboard.press("ArrowDown")
        chain.locator(f".nbm-map-row[data-cell='{index}'].nbm-map-active").wait_for()
    assert chain.evaluate("() => document.activeElement.dataset.cell") == "2"
    chain.keyboard.press("End")
    chain.locator(".nbm-map-row[data-cell='3'].nbm-map-active").wait_for()


def test_the_graph_is_copied_as_mermaid(chain: Any) -> None:
    chain.evaluate(
        """() => {
            window.__copied = '';
            document.addEventListener('copy', event => (window.__copied = event.clipboardData.getData('text/plain')));
        }"""
    )
    chain.get_by_role("button", name="Copy as Mermaid").click()
    chain.wait_for_function("() => window.__copied.includes('flowchart')")
    assert 'c1 -->|"a"| c2' in chain.evaluate("() => window.__copied")


def test_results_go_out_of_date_and_say_because_of_what(living: Any) -> None:
    page = living
    assert {state(page, index) for index in range(4)} == {"never-run"}
    run(page, "notebook:run-all-cells")
    for index in range(4):
        becomes(page, index, "fresh")
    set_source(page, 0, "a = 2")
    becomes(page, 0, "edited")
    becomes(page, 1, "stale")
    becomes(page, 3, "stale")
    assert state(page, 2) == "fresh"
    activate(page, 1)
    assert "a comes from cell 1, which has been edited" in page.locator(".nbm-about").inner_text()
    assert page.locator(".jp-Cell.nbm-cell-stale").count() == 2
    activate(page, 0)
    execute(page)
    becomes(page, 0, "fresh")
    activate(page, 1)
    page.locator(".nbm-about", has_text="which ran after it").wait_for()
    set_source(page, 0, "raise ValueError()")
    activate(page, 0)
    execute(page)
    becomes(page, 0, "failed")


def test_only_what_a_cell_needs_is_run_and_what_ran_in_another_order_is_told(living: Any) -> None:
    page = living
    run(page, "notebook:run-all-cells")
    becomes(page, 3, "fresh")
    set_source(page, 1, "b = a + 10")
    becomes(page, 3, "stale")
    counts = "() => window.jupyterapp.shell.currentWidget.content.model.sharedModel.cells.map(c => c.execution_count)"
    before = page.evaluate(counts)
    activate(page, 3)
    page.get_by_role("button", name="Run with what it needs").click()
    becomes(page, 3, "fresh")
    becomes(page, 1, "fresh")
    page.wait_for_function(f"() => ({counts})().every(count => count !== null)")
    after = page.evaluate(counts)
    assert [one == other for one, other in zip(before, after, strict=True)] == [True, False, True, False]
    assert after[1] < after[3]
    # A cell that read from below.
    set_source(page, 2, "a = 50")
    activate(page, 2)
    execute(page)
    becomes(page, 2, "fresh")
    activate(page, 1)
    execute(page)
    becomes(page, 1, "out-of-order")
    page.locator(".nbm-about", has_text="a comes from cell 3, which stands below").wait_for()
    # A kernel that was started anew has run nothing.
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    becomes(page, 0, "earlier-session")

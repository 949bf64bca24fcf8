"""Dependencies and run state: which cell needs which, which results still hold, and running what is needed."""

from __future__ import annotations

from typing import Any

import pytest
from helpers_lab import LabServer, cell, write_notebook
from helpers_ui import kernel_is_idle, open_notebook, ready, run, set_source

pytestmark = pytest.mark.slow


@pytest.fixture
def chain(page: Any, lab: LabServer) -> Any:
    return open_chain(page, lab)


def open_chain(page: Any, lab: LabServer) -> Any:
    """Four cells, of which the last one hangs on the first two."""
    write_notebook(
        lab.root / "chain.ipynb",
        cell("a = 1"),
        cell("b = a + 1"),
        cell("unrelated = 0"),
        cell("c = b + a"),
    )
    open_notebook(page, "chain.ipynb", "show-dependencies")
    page.locator(".nbm-map-row").nth(3).wait_for()
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


def test_the_map_is_walked_by_keyboard(chain: Any) -> None:
    activate(chain, 0)
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


def test_results_go_out_of_date_and_say_because_of_what(chain: Any) -> None:
    kernel_is_idle(chain)
    assert {state(chain, index) for index in range(4)} == {"never-run"}
    run(chain, "notebook:run-all-cells")
    for index in range(4):
        becomes(chain, index, "fresh")
    set_source(chain, 0, "a = 2")
    becomes(chain, 0, "edited")
    becomes(chain, 1, "stale")
    becomes(chain, 3, "stale")
    assert state(chain, 2) == "fresh"
    activate(chain, 1)
    assert "a comes from cell 1, which has been edited" in chain.locator(".nbm-about").inner_text()
    assert chain.locator(".jp-Cell.nbm-cell-stale").count() == 2
    activate(chain, 0)
    execute(chain)
    becomes(chain, 0, "fresh")
    activate(chain, 1)
    chain.locator(".nbm-about", has_text="which ran after it").wait_for()
    set_source(chain, 0, "raise ValueError()")
    activate(chain, 0)
    execute(chain)
    becomes(chain, 0, "failed")


def test_only_what_a_cell_needs_is_run(chain: Any) -> None:
    kernel_is_idle(chain)
    run(chain, "notebook:run-all-cells")
    becomes(chain, 3, "fresh")
    set_source(chain, 1, "b = a + 10")
    becomes(chain, 3, "stale")
    counts = "() => window.jupyterapp.shell.currentWidget.content.model.sharedModel.cells.map(c => c.execution_count)"
    before = chain.evaluate(counts)
    activate(chain, 3)
    chain.get_by_role("button", name="Run with what it needs").click()
    becomes(chain, 3, "fresh")
    becomes(chain, 1, "fresh")
    chain.wait_for_function(f"() => ({counts})().every(count => count !== null)")
    after = chain.evaluate(counts)
    assert [one == other for one, other in zip(before, after, strict=True)] == [True, False, True, False]
    assert after[1] < after[3]


def test_a_cell_that_read_from_below_is_out_of_order(chain: Any) -> None:
    kernel_is_idle(chain)
    run(chain, "notebook:run-all-cells")
    becomes(chain, 3, "fresh")
    set_source(chain, 2, "a = 50")
    activate(chain, 2)
    execute(chain)
    becomes(chain, 2, "fresh")
    activate(chain, 1)
    execute(chain)
    becomes(chain, 1, "out-of-order")
    chain.locator(".nbm-about", has_text="a comes from cell 3, which stands below").wait_for()


def test_a_restarted_kernel_has_run_nothing(chain: Any) -> None:
    kernel_is_idle(chain)
    run(chain, "notebook:run-all-cells")
    becomes(chain, 3, "fresh")
    chain.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    becomes(chain, 0, "earlier-session")


def test_a_reload_forgets_no_run(own_page: Any, lab: LabServer) -> None:
    chain = open_chain(own_page, lab)
    kernel_is_idle(chain)
    run(chain, "notebook:run-all-cells")
    becomes(chain, 3, "fresh")
    set_source(chain, 0, "a = 7")
    run(chain, "docmanager:save")
    chain.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")
    chain.reload()
    ready(chain)
    open_notebook(chain, "chain.ipynb", "show-dependencies")
    becomes(chain, 2, "fresh")
    becomes(chain, 0, "edited")
    becomes(chain, 3, "stale")

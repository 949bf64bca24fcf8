"""What happens around a notebook: somebody else types in it, the server goes and comes back, it is long, or none."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from typing import Any

import pytest
from helpers_lab import PRINTED, LabServer, cell, running_lab, write_notebook
from helpers_ui import clear_up, finding, load, open_notebook, ready, run, set_source, sources, type_at_end

pytestmark = pytest.mark.slow

# One of a kind that the rules for tokens know, put together here so that no scanner stops at this file.
TOKEN = "gh" + "p_" + "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8"


@pytest.fixture(scope="module")
def two(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LabServer, Any, Any]]:
    """A server for working together, and two windows that share nothing but it."""
    if importlib.util.find_spec("jupyter_collaboration") is None:
        (pytest.fail if os.environ.get("NB_MLOPS_REQUIRE_UI") else pytest.skip)("jupyter-collaboration is not there")
    with running_lab(tmp_path_factory.mktemp("together"), together=True) as server:
        pages = []
        for _ in range(2):
            page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
            page.set_default_timeout(60_000)
            load(page, server)
            pages.append(page)
        yield server, *pages
        for page in pages:
            page.context.close()


@pytest.fixture
def together(two: tuple[LabServer, Any, Any]) -> Iterator[tuple[LabServer, Any, Any]]:
    """The same with nothing open."""
    yield two
    for page in two[1:]:
        clear_up(page)


def until(page: Any, index: int, text: str) -> None:
    """Wait until a cell's source has a text in it."""
    page.wait_for_function(
        """([i, t]) => [...window.jupyterapp.shell.widgets('main')].find(w => w.isVisible && w.content?.model)
            .content.model.sharedModel.cells[i].getSource().includes(t)""",
        arg=[index, text],
    )


def test_two_who_work_together_see_the_same_findings_and_undo_only_their_own(together: Any) -> None:
    server, one, other = together
    write_notebook(server.root / "shared.ipynb", cell("a = 1", count=1), cell("print(a)", count=2))
    for page in (one, other):
        open_notebook(page, "shared.ipynb")
        page.get_by_text("Nothing found", exact=True).wait_for()
    type_at_end(one, 1, "\nprint(missing)")
    for page in (one, other):
        # Letter by letter: what was typed so far is a name that is not there, too.
        finding(page, "EX005").filter(has_text="missing").wait_for()
    marks = "() => document.querySelectorAll('.cm-content .nbm-underline-error').length === 1"
    for page in (one, other):
        page.wait_for_function(marks)
    finding(other, "EX005").locator(".nbm-finding-head").click()
    finding(other, "EX005").get_by_role("button", name="Ignore…").click()
    other.get_by_role("dialog").get_by_label("Reason").fill("set elsewhere")
    other.get_by_role("dialog").get_by_role("button", name="Ignore", exact=True).click()
    for page in (one, other):
        finding(page, "EX005").wait_for(state="detached")
    assert "set elsewhere" in sources(one)[1], "an edit from the panel reaches the other as any other edit does"
    type_at_end(one, 0, "\nb = 2")
    until(other, 0, "b = 2")
    other.get_by_role("button", name="Undo fix").click()
    other.get_by_role("dialog").get_by_role("button").first.click()
    assert "b = 2" in sources(other)[0], "what somebody else has typed since is not taken back"


def test_a_fix_is_one_step_for_both_and_is_taken_back_as_one(together: Any) -> None:
    server, one, other = together
    cells = [cell(f"print({n} * 'x')", PRINTED, count=n + 1) for n in range(2)]
    write_notebook(server.root / "mended.ipynb", *cells)
    for page in (one, other):
        open_notebook(page, "mended.ipynb")
        finding(page, "ED001").nth(1).wait_for()
    one.get_by_role("button", name="Fix all safe…").click()
    one.get_by_role("dialog").get_by_role("button", name="Apply").click()
    for page in (one, other):
        finding(page, "ED001").first.wait_for(state="detached")
    outputs = """() => [...window.jupyterapp.shell.widgets('main')].find(w => w.isVisible && w.content?.model)
        .content.model.sharedModel.cells.map(cell => cell.outputs.length).join()"""
    assert one.evaluate(outputs) == other.evaluate(outputs) == "0,0"
    one.get_by_role("button", name="Undo fix").click()
    for page in (one, other):
        finding(page, "ED001").nth(1).wait_for()
    assert one.evaluate(outputs) == other.evaluate(outputs) == "1,1"


def test_runs_of_another_client_count(together: Any) -> None:
    server, one, other = together
    write_notebook(server.root / "runs.ipynb", cell("a = 1"), cell("b = a"))
    for page in (one, other):
        open_notebook(page, "runs.ipynb", "show-dependencies", kernel=True)
        page.locator(".nbm-map-row").nth(1).wait_for()
    run(one, "notebook:run-all-cells")
    other.locator(".nbm-map-row[data-cell='1'] .nbm-state-fresh").wait_for()
    set_source(one, 0, "a = 2")
    other.locator(".nbm-map-row[data-cell='1'] .nbm-state-stale").wait_for()


def test_neither_a_reload_nor_a_server_that_was_started_anew_forgets_runs_or_jobs(
    browser: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with running_lab(tmp_path_factory.mktemp("again")) as server:
        page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        page.set_default_timeout(60_000)
        load(page, server)
        slow = cell("import os, time\ntime.sleep(0 if 'JPY_SESSION_NAME' in os.environ else 600)", PRINTED)
        write_notebook(server.root / "kept.ipynb", cell("a = 1"), cell("b = a"), slow)
        open_notebook(page, "kept.ipynb", "show-dependencies", kernel=True)
        run(page, "notebook:run-all-cells")
        state(page, 2, "fresh").wait_for()
        set_source(page, 0, "a = 7")
        run(page, "nb-mlops:show-journey")
        check = page.locator(".nbm-step[data-step='check']")
        check.get_by_role("button", name="Check", exact=True).click()  # which saves the notebook
        step_is(page, "running").wait_for()
        page.wait_for_function("() => !window.jupyterapp.shell.currentWidget?.context?.model.dirty")

        page.reload()
        ready(page)
        open_notebook(page, "kept.ipynb", "show-dependencies")
        state(page, 2, "fresh").wait_for()
        state(page, 0, "edited").wait_for()
        state(page, 1, "stale").wait_for()
        run(page, "nb-mlops:show-journey")
        step_is(page, "running").wait_for()

        run(page, "nb-mlops:show-findings")
        finding(page, "EX017").or_(page.get_by_text("Nothing found")).first.wait_for()
        # JupyterLab may say that the server is gone, more than once, or see it back before it noticed.
        said = page.get_by_role("dialog").get_by_role("button").last
        page.add_locator_handler(said, lambda button: button.click(), no_wait_after=True)
        server.stop()
        set_source(page, 1, "print(missing)")
        page.get_by_role("button", name="Try again").wait_for()
        server.start()
        page.get_by_role("button", name="Try again").click()
        finding(page, "EX005").wait_for()
        run(page, "nb-mlops:show-journey")
        assert server.ask("jobs")[1][0]["state"] == "running", "a job outlives the server that started it"
        check.get_by_role("button", name="Cancel").click()
        step_is(page, "old").wait_for()  # for the cell is another by now
        assert server.ask("jobs")[1][0]["state"] == "cancelled"
        page.context.close()


def state(page: Any, index: int, name: str) -> Any:
    return page.locator(f".nbm-map-row[data-cell='{index}'] .nbm-state-{name}")


def step_is(page: Any, name: str) -> Any:
    return page.locator(f".nbm-step[data-step='check'][data-state='{name}']")


# The notebook in front; others may be open beside it.
NOTEBOOK = "[...window.jupyterapp.shell.widgets('main')].find(each => each.context?.path === 'long.ipynb')?.content"


def test_a_notebook_of_500_cells_is_read_followed_and_walked(page: Any, lab: LabServer) -> None:
    cells = [cell(f"x{n} = {'x' + str(n - 1) if n else 1}", count=n + 1) for n in range(499)]
    write_notebook(lab.root / "long.ipynb", *cells, cell("print(gone)", count=500))
    open_notebook(page, "long.ipynb")
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    page.wait_for_function(f"() => {NOTEBOOK}?.widgets.length === 500")
    finding(page, "EX005").locator(".nbm-finding-head").click()
    page.wait_for_function(f"() => {NOTEBOOK}.activeCellIndex === 499")
    run(page, "nb-mlops:show-dependencies")
    page.locator(".nbm-map-row").nth(499).wait_for(state="attached")
    assert page.locator(".nbm-map-row").count() == 500
    page.locator(".nbm-map-row[data-cell='250']").click()
    page.locator(".nbm-map-row[data-cell='249'].nbm-map-up").wait_for()
    page.locator(".nbm-map-row[data-cell='251'].nbm-map-down").wait_for()


def test_a_file_that_is_no_notebook_opens_nothing_and_breaks_nothing(page: Any, lab: LabServer) -> None:
    (lab.root / "page.ipynb").write_text("<html><body>Sign in</body></html>", "utf-8")
    run(page, "nb-mlops:show-findings")
    page.evaluate(
        "() => { window.jupyterapp.commands.execute('docmanager:open', { path: 'page.ipynb' }).catch(() => {}); }"
    )
    page.get_by_role("dialog").get_by_role("button").last.click()
    write_notebook(lab.root / "sound.ipynb", cell("print(gone)", count=1))
    open_notebook(page, "sound.ipynb")
    finding(page, "EX005").wait_for()


def test_a_token_that_somebody_else_types_shows_at_once_and_nowhere_in_the_page_beside_its_cell(together: Any) -> None:
    server, one, other = together
    write_notebook(server.root / "secret.ipynb", cell("a = 1", count=1))
    for page in (one, other):
        open_notebook(page, "secret.ipynb")
        page.get_by_text("Nothing found", exact=True).wait_for()
    set_source(one, 0, f"token = '{TOKEN}'")
    other.locator(".nbm-finding[data-code^='SE']").wait_for()
    other.locator(".nbm-finding-head").first.click()
    assert TOKEN not in other.locator(".nbm-Panel").inner_text()

"""The findings of an open notebook: live, in groups, each with its reason and its way out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from helpers_lab import PRINTED, LabServer, cell, write_notebook
from helpers_ui import drawn, finding, open_notebook, run, set_source, sources, type_at_end

from nb_mlops.commands.lint import lint

pytestmark = pytest.mark.slow


def test_findings_come_without_a_kernel_and_while_typing(page: Any, lab: LabServer) -> None:
    write_notebook(lab.root / "typing.ipynb", cell("x = 1"), cell("print(x)"))
    open_notebook(page, "typing.ipynb")
    page.get_by_text("Nothing found", exact=True).wait_for()
    type_at_end(page, 1, "\nprint(nowhere)")
    finding(page, "EX005").wait_for()
    assert page.locator(".nbm-live").inner_text() == "1 finding"
    assert page.locator(".nbm-badge-count").inner_text() == "1"
    assert page.locator(".nbm-status").get_attribute("aria-label") == "1 error, 0 warnings"
    page.locator(".cm-content .nbm-underline-error").wait_for()
    page.keyboard.press("Control+Z")
    page.get_by_text("Nothing found", exact=True).wait_for()
    assert page.locator(".nbm-badge-count").inner_text() == ""


def test_the_panel_says_what_the_command_line_says(page: Any, lab: LabServer, messy: str) -> None:
    open_notebook(page, messy)
    page.locator(".nbm-finding").first.wait_for()
    shown = page.locator(".nbm-finding").evaluate_all("rows => rows.map(row => row.dataset.finding)")
    assert sorted(shown) == sorted(one.fingerprint for one in lint(str(lab.root / messy), cached=False).findings)


def test_findings_are_grouped_filtered_and_searched(page: Any, messy: str) -> None:
    open_notebook(page, messy)
    finding(page, "EX001").wait_for()
    everything = page.locator(".nbm-finding").count()
    titles = page.locator(".nbm-group-title")
    assert titles.first.inner_text().startswith("Cell 2 [1]")
    page.get_by_label("Group findings").select_option("rule")
    page.get_by_role("heading", name="EX001 stale-dependency").wait_for()
    page.get_by_label("Group findings").select_option("severity")
    page.get_by_role("heading", name="Error").wait_for()
    page.get_by_label("Filter findings by words").fill("stale limit")
    page.wait_for_function("() => document.querySelectorAll('.nbm-finding').length === 1")
    assert "of" in page.locator(".nbm-live").inner_text()
    page.get_by_label("Filter findings by words").fill("nothing has these words")
    page.get_by_text("Nothing matches").wait_for()
    page.get_by_role("button", name="Show all").click()
    assert page.get_by_label("Filter findings by words").input_value() == ""
    page.wait_for_function(f"() => document.querySelectorAll('.nbm-finding').length === {everything}")
    page.locator(".nbm-filter").first.click()
    page.wait_for_function(f"() => document.querySelectorAll('.nbm-finding').length < {everything}")
    assert page.locator(".nbm-filter").first.get_attribute("aria-pressed") == "false"


def test_a_stale_result_is_explained_by_both_replays(page: Any, messy: str) -> None:
    open_notebook(page, messy)
    finding(page, "EX001").locator(".nbm-finding-head").click()
    clean = page.locator(".nbm-replay-clean")
    clean.wait_for()
    assert "A clean run" in clean.inner_text()
    joined = page.locator(".nbm-replay-recorded .nbm-joined")
    assert [" ".join(text.split()) for text in joined.all_inner_texts()] == [
        "[4] cell 6 sets limit",
        "[5] cell 5 reads limit",
    ]
    clean.get_by_role("button", name="cell 3").click()
    page.wait_for_function("() => window.jupyterapp.shell.currentWidget.content.activeCellIndex === 2")


def test_next_and_previous_go_to_cell_and_line_by_keyboard(page: Any, messy: str) -> None:
    open_notebook(page, messy)
    finding(page, "EX001").wait_for()
    page.locator(".jp-Notebook").click(position={"x": 3, "y": 3})
    at = "window.jupyterapp.shell.currentWidget.content.activeCellIndex"
    # Each further down than the one before, and the whole row of it in the panel.
    for index in (1, 3, 5):
        page.keyboard.press("Alt+F8")
        page.wait_for_function(f"() => {at} === {index}")
        page.locator(".nbm-current .nbm-detail").wait_for()
    assert page.locator(".nbm-current").count() == 1
    page.keyboard.press("Alt+Shift+F8")
    page.wait_for_function(f"() => {at} === 3")


def test_a_fix_is_previewed_made_in_one_go_and_taken_back(page: Any, messy: str) -> None:
    open_notebook(page, messy)
    finding(page, "ED001").locator(".nbm-finding-head").click()
    finding(page, "ED001").get_by_role("button", name="Fix…").click()
    dialog = page.get_by_role("dialog")
    assert "cell 4" in dialog.locator(".nbm-diff").inner_text()
    # While a dialog is open, older JupyterLabs have no current widget.
    notebook = (
        "[...window.jupyterapp.shell.widgets('main')].find(w => w.isVisible && w.content?.model?.sharedModel?.cells)"
    )
    outputs = f"() => {notebook}.content.model.sharedModel.cells[3].outputs.length"
    assert page.evaluate(outputs) == 1, "nothing changes before somebody says yes"
    dialog.get_by_role("button", name="Apply").click()
    finding(page, "ED001").wait_for(state="detached")
    assert page.evaluate(outputs) == 0
    page.get_by_role("button", name="Undo fix").click()
    finding(page, "ED001").wait_for()
    assert page.evaluate(outputs) == 1


def test_all_safe_fixes_are_made_at_once(page: Any, messy: str) -> None:
    open_notebook(page, messy)
    before = None
    finding(page, "ED001").wait_for()
    before = sources(page)
    page.get_by_role("button", name="Fix all safe…").click()
    page.get_by_role("dialog").get_by_role("button", name="Apply").click()
    finding(page, "ED001").wait_for(state="detached")
    assert sources(page) == before, "clearing an output changes no code"


def test_a_fix_made_for_an_older_state_is_not_applied(page: Any, messy: str) -> None:
    open_notebook(page, messy)
    finding(page, "ED001").wait_for()
    page.get_by_role("button", name="Fix all safe…").click()
    page.get_by_role("dialog").wait_for()
    set_source(page, 2, "limit = 10")
    page.get_by_role("dialog").get_by_role("button", name="Apply").click()
    page.get_by_text("The notebook has changed meanwhile").wait_for()
    page.get_by_role("dialog").get_by_role("button").first.click()


def test_ignoring_writes_a_reason_where_the_command_line_reads_it(page: Any, lab: LabServer, messy: str) -> None:
    open_notebook(page, messy)
    finding(page, "EX001").locator(".nbm-finding-head").click()
    finding(page, "EX001").get_by_role("button", name="Ignore…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("shown on purpose")
    dialog.get_by_role("combobox").select_option("cell")
    dialog.get_by_role("button", name="Ignore", exact=True).click()
    finding(page, "EX001").wait_for(state="detached")
    page.get_by_text("1 ignored in the notebook").wait_for()
    assert any(text.startswith("# nbm: ignore[EX001] shown on purpose\n") for text in sources(page))
    # The focus is in the panel now, and no document need be current.
    page.evaluate(
        "path => [...window.jupyterapp.shell.widgets('main')].find(each => each.context?.path === path).context.save()",
        messy,
    )
    report = lint(str(lab.root / messy), cached=False)
    assert report.suppressed == 1
    assert "EX001" not in {one.code for one in report.findings}


def test_a_rule_page_opens_in_place(page: Any, messy: str) -> None:
    open_notebook(page, messy)
    finding(page, "EX001").locator(".nbm-finding-head").click()
    page.get_by_role("button", name="About EX001").click()
    page.get_by_role("heading", name="Why is this bad?").wait_for()
    page.get_by_role("dialog").get_by_role("button", name="Close").last.click()


def test_nothing_is_asked_while_nobody_looks(page: Any, lab: LabServer) -> None:
    write_notebook(lab.root / "hidden.ipynb", cell("x = 1"))
    asked: list[str] = []
    page.on("request", note := lambda request: asked.append(request.url) if "/nb-mlops/" in request.url else None)
    open_notebook(page, "hidden.ipynb", view="")
    page.wait_for_timeout(400)  # twice as long as anything waits for more to be typed
    assert asked == [], "nothing runs before the panel is opened"
    run(page, "nb-mlops:open-panel")
    page.get_by_text("Nothing found", exact=True).wait_for()
    run(page, "nb-mlops:open-panel")
    drawn(page)
    asked.clear()
    type_at_end(page, 0, "\ny = 2")
    page.wait_for_timeout(400)
    assert asked == [], "nothing runs after it was closed"
    with page.expect_request("**/nb-mlops/lint*"):  # it catches up when it is opened again
        run(page, "nb-mlops:open-panel")
    page.remove_listener("request", note)


def test_a_notebook_in_another_language_is_read_too(page: Any, lab: LabServer) -> None:
    write_notebook(lab.root / "other.ipynb", cell("print('x')", PRINTED, count=1), language="R")
    open_notebook(page, "other.ipynb")
    finding(page, "ED001").wait_for()
    assert page.locator(".nbm-finding").count() == 1
    page.get_by_text("Rules about Python are left out: the code is R.").wait_for()


def test_what_the_server_cannot_do_is_said_with_a_way_out(page: Any, lab: LabServer) -> None:
    write_notebook(lab.root / "broken" / "a.ipynb", cell("x = 1"))
    (lab.root / "broken" / "nb-mlops.toml").write_text("[lint]\nselct = ['EX']\n", "utf-8")
    open_notebook(page, "broken/a.ipynb")
    page.locator(".nbm-empty", has_text="selct").wait_for()
    (lab.root / "broken" / "nb-mlops.toml").write_text("[lint]\nselect = ['EX001']\n", "utf-8")
    page.get_by_role("button", name="Try again").click()
    page.get_by_text("Nothing found", exact=True).wait_for()


def test_the_folder_is_summed_up_notebook_by_notebook(page: Any, lab: LabServer) -> None:
    write_notebook(lab.root / "some" / "clean.ipynb", cell("x = 1", count=1))
    write_notebook(lab.root / "some" / "worst.ipynb", cell("print(a)", count=1))
    (lab.root / "some" / "odd.ipynb").write_text("<html></html>", "utf-8")
    open_notebook(page, "some/clean.ipynb", "show-folder")
    page.get_by_role("button", name="Read folder").click()
    page.get_by_role("button", name="worst.ipynb, 1 error").wait_for()
    page.get_by_role("button", name="odd.ipynb, 1 error").wait_for()
    page.get_by_text("1 notebook without findings").wait_for()
    page.get_by_role("button", name="worst.ipynb, 1 error").click()
    page.wait_for_function("() => window.jupyterapp.shell.currentWidget?.context?.path === 'some/worst.ipynb'")


def test_no_text_of_a_notebook_is_ever_read_as_html(page: Any, lab: LabServer) -> None:
    hostile = '<img src=x onerror="window.__harm = 1">'
    write_notebook(
        lab.root / "hostile.ipynb", cell(f"print(missing)  # {hostile}", count=1), cell(f"'{hostile}'", count=2)
    )
    open_notebook(page, "hostile.ipynb")
    finding(page, "EX005").locator(".nbm-finding-head").click()
    page.locator(".nbm-excerpt").wait_for()
    run(page, "nb-mlops:show-dependencies")
    page.locator(".nbm-map-row").first.wait_for()
    assert page.evaluate("() => window.__harm") is None
    assert json.loads(page.evaluate("() => JSON.stringify(document.querySelectorAll('.nbm-Panel img').length)")) == 0

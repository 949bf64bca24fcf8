"""The journey: where a notebook stands on its way to the registry, and each step from the panel."""

from __future__ import annotations

from typing import Any

import pytest
from helpers_lab import LabServer, cell, write_notebook
from helpers_ui import drawn, open_notebook, run, set_source, sources

pytestmark = pytest.mark.slow


def step(page: Any, verb: str) -> Any:
    return page.locator(f".nbm-step[data-step='{verb}']")


def reaches(page: Any, verb: str, state: str, patience: int = 120_000) -> None:
    page.locator(f".nbm-step[data-step='{verb}'][data-state='{state}']").wait_for(timeout=patience)


def opened(page: Any, verb: str) -> Any:
    head = step(page, verb).locator(".nbm-step-head")
    head.wait_for()
    if head.get_attribute("aria-expanded") == "false":
        head.click()
    return step(page, verb)


def test_a_notebook_goes_all_the_way_and_an_edit_makes_it_outdated(page: Any, lab: LabServer) -> None:
    (lab.root / "road").mkdir()
    (lab.root / "road" / "pyproject.toml").write_text("[tool.nb-mlops.gate]\n", "utf-8")
    write_notebook(
        lab.root / "road" / "churn.ipynb",
        cell("# A line", kind="markdown"),
        cell("import nb_mlops, pandas\nfrom sklearn.linear_model import LinearRegression", count=1),
        cell(
            "y = pandas.Series([1.0, 3.0, 5.0], name='y')\nX = pandas.DataFrame({'x': [0.0, 1.0, 2.0]})\n"
            "line = LinearRegression().fit(X, y)",
            count=2,
        ),
        cell("nb_mlops.metric('r2', line.score(X, y), higher_is_better=True)", count=3),
        cell("nb_mlops.model(line, name='churn', example=X)", count=4),
    )
    rows = "".join(f"{n / 4},{n / 2 + 1 + n % 2}\n" for n in range(40))
    (lab.root / "road" / "later.csv").write_text(f"x,y\n{rows}", "utf-8")
    open_notebook(page, "road/churn.ipynb", "show-journey")
    reaches(page, "lint", "good")
    assert "not done yet" in step(page, "check").inner_text()

    gate = opened(page, "gate")
    gate.get_by_role("button", name="Ask the gate").click()
    reaches(page, "gate", "bad")
    way = step(page, "gate").locator(".nbm-proof[data-status='missing'] .nbm-way", has_text="nb-mlops check")
    way.get_by_role("button", name="Run").click()
    reaches(page, "check", "running")
    reaches(page, "check", "good")
    result = opened(page, "check").locator(".nbm-result")
    result.locator(".nbm-metric", has_text="r2").get_by_text("the same in all 3 runs").wait_for()
    assert "Evidence: check" in result.inner_text()
    reaches(page, "gate", "old")
    assert "new evidence" in step(page, "gate").inner_text()

    step(page, "gate").get_by_role("button", name="Ask the gate").click()
    reaches(page, "gate", "good")
    assert step(page, "gate").locator(".nbm-proof[data-status='ok']").count() >= 3

    evaluate = opened(page, "evaluate")
    run_it = evaluate.get_by_role("button", name="Evaluate", exact=True)
    evaluate.get_by_label("Model name").fill("")
    assert run_it.is_disabled(), "a model has a name"
    evaluate.get_by_label("Model name").fill("churn")
    evaluate.get_by_label("File of rows").fill("road/later.csv")
    run_it.click()
    reaches(page, "evaluate", "good")
    measured = step(page, "evaluate").locator(".nbm-result")
    measured.get_by_text("on 40 rows of later.csv").first.wait_for()
    measured.get_by_role("heading", name="Against").wait_for()
    assert measured.locator(".nbm-proof").count() > 0, "and what the gate says of it"
    reaches(page, "gate", "old")

    register = opened(page, "register")
    register.get_by_label("Model name").fill("churn")
    register.get_by_role("button", name="Register", exact=True).click()
    reaches(page, "register", "good")
    assert "churn, version 1" in step(page, "register").locator(".nbm-result").inner_text()

    with page.expect_response("**/nb-mlops/lint*"):
        set_source(page, 0, "# Another title")
    drawn(page)
    assert step(page, "register").get_attribute("data-state") == "good", "text proves nothing and disproves nothing"
    set_source(page, 2, sources(page)[2].replace("5.0", "6.0"))
    for verb in ("check", "evaluate", "gate", "register"):
        reaches(page, verb, "old")


def test_a_notebook_that_fails_says_where(page: Any, lab: LabServer) -> None:
    write_notebook(lab.root / "fails.ipynb", cell("x = 1"), cell("1 / 0"))
    open_notebook(page, "fails.ipynb", "show-journey")
    opened(page, "check").get_by_role("button", name="Check", exact=True).click()
    reaches(page, "check", "bad")
    assert "does not run" in step(page, "check").inner_text()
    step(page, "check").locator(".nbm-finding", has_text="ZeroDivisionError").get_by_role(
        "button", name="Cell 2"
    ).click()
    page.wait_for_function("() => window.jupyterapp.shell.currentWidget.content.activeCellIndex === 1")


def test_parameters_become_a_form(page: Any, lab: LabServer) -> None:
    tagged = cell("rate = 0.5\nname = 'x'")
    tagged["metadata"] = {"tags": ["parameters"]}
    write_notebook(lab.root / "form.ipynb", tagged, cell("print(rate)"))
    open_notebook(page, "form.ipynb", "show-journey")
    check = opened(page, "check")
    assert check.get_by_label("rate").get_attribute("placeholder") == "0.5"
    check.get_by_label("rate").fill("no number")
    check.get_by_role("button", name="Check", exact=True).click()
    reaches(page, "check", "bad")
    step(page, "check").locator(".nbm-log-bad", has_text="rate").wait_for()


def test_a_conversion_shows_its_package(page: Any, lab: LabServer) -> None:
    write_notebook(lab.root / "small.ipynb", cell("import math\nx = math.sqrt(16)"), cell("y = x + 1\ny"))
    open_notebook(page, "small.ipynb", "show-journey")
    opened(page, "convert").get_by_role("button", name="Convert", exact=True).click()
    reaches(page, "convert", "good")
    assert "values are equal" in step(page, "convert").locator(".nbm-result").inner_text()
    assert (lab.root / "small_package").is_dir()
    row = step(page, "convert").locator(".nbm-tree-row").first
    row.wait_for()
    row.get_by_role("button", name="Cell 2").click()
    page.wait_for_function("() => window.jupyterapp.shell.currentWidget.content.activeCellIndex === 1")
    step(page, "convert").locator(".nbm-tree-row.nbm-tree-active").wait_for()
    name = row.locator(".nbm-tree-function").inner_text().removesuffix("()")
    row.locator(".nbm-tree-function").click()
    opens_in(page, "small_package/src/", name)
    run(page, "docmanager:open", path="small.ipynb")
    page.locator(".nbm-notebook[title='small.ipynb']").wait_for()
    run(page, "nb-mlops:go-to-function")
    opens_in(page, "small_package/src/", name)


def opens_in(page: Any, folder: str, function: str) -> None:
    """An editor of a file in `folder` is in sight, with the cursor within a function."""
    page.wait_for_function(
        """([folder, name]) => {
            const widget = window.jupyterapp.shell.currentWidget;
            const editor = widget?.content?.editor;
            const path = widget?.context?.path ?? '';
            if (!path.startsWith(folder) || !editor) return false;
            const lines = editor.model.sharedModel.getSource().split('\\n');
            return lines.slice(0, editor.getCursorPosition().line + 1).some(line => line.startsWith(`def ${name}(`));
        }""",
        arg=[folder, function],
    )
    page.evaluate("() => window.jupyterapp.shell.currentWidget.dispose()")


def test_a_conversion_is_previewed_without_making_anything(page: Any, lab: LabServer) -> None:
    write_notebook(lab.root / "preview.ipynb", cell("a = 1"), cell("b = a + 1\nb"))
    open_notebook(page, "preview.ipynb", "show-journey")
    convert = opened(page, "convert")
    convert.get_by_role("button", name="Preview").click()
    convert.get_by_text("Would be made").wait_for()
    convert.locator(".nbm-tree-row").first.wait_for()
    assert convert.locator("button.nbm-tree-file").count() == 0, "what is not there cannot be opened"
    assert not (lab.root / "preview_package").exists()


def test_a_check_shows_how_metrics_spread_and_which_cells_are_slow(page: Any, lab: LabServer) -> None:
    write_notebook(
        lab.root / "dice.ipynb",
        cell("import random, time, nb_mlops"),
        cell("time.sleep(0.2)\nnb_mlops.metric('luck', random.random())"),
    )
    open_notebook(page, "dice.ipynb", "show-journey")
    check = opened(page, "check")
    check.get_by_role("button", name="Check", exact=True).click()
    reaches(page, "check", "bad")
    assert check.locator(".nbm-metric-differs .nbm-dot").count() == 3
    with page.context.expect_page() as opened_page:
        check.get_by_role("link", name="Full report").click()
    report = opened_page.value
    report.get_by_role("heading", name="luck").wait_for()
    report.close()
    check.locator(".nbm-meter").get_by_role("button", name="Cell 2").click()
    page.wait_for_function("() => window.jupyterapp.shell.currentWidget.content.activeCellIndex === 1")

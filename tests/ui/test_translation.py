"""The panel in another language: a language pack as translators make them, from the template that is shipped."""

from __future__ import annotations

import re
from typing import Any

import pytest
from helpers_lab import LabServer, cell, write_notebook
from helpers_ui import finding, load, open_notebook, run

pytestmark = pytest.mark.slow


def test_a_language_pack_speaks_for_the_panel(browser: Any, lab: LabServer) -> None:
    chosen = lab.home / "CONFIG" / "lab" / "user-settings" / "@jupyterlab" / "translation-extension"
    chosen.mkdir(parents=True)
    (chosen / "plugin.jupyterlab-settings").write_text('{"locale": "de_DE"}')
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.set_default_timeout(60_000)
    try:
        load(page, lab)
    finally:
        (chosen / "plugin.jupyterlab-settings").unlink()  # who comes later speaks English again
    write_notebook(lab.root / "words.ipynb", cell("print(missing)", count=1))
    open_notebook(page, "words.ipynb")
    finding(page, "EX005").wait_for()
    assert page.locator(".nbm-live").inner_text() == "«1 finding»"
    assert page.locator(".nbm-group-title").first.inner_text().startswith("«Cell 1 [1]»")
    shown = {"findings": ".nbm-finding", "dependencies": ".nbm-map-row", "journey": ".nbm-step", "folder": ".nbm-empty"}
    for view, there in shown.items():
        run(page, f"nb-mlops:show-{view}")
        page.locator(f".nbm-View:not(.lm-mod-hidden) {there}").first.wait_for()
        said = page.locator(".nbm-Panel button:visible").all_inner_texts()
        ours = [text for text in said if text.strip() and not re.fullmatch(r"[\d\s]+", text)]
        assert ours, view
        assert all("«" in text for text in ours), (view, ours)
    label = page.evaluate("() => window.jupyterapp.commands.label('nb-mlops:next-finding')")
    assert label == "«Next Finding»"
    page.context.close()

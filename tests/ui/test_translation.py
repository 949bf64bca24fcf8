"""The panel in another language: a language pack as translators make them, from the template that is shipped."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from helpers_lab import ROOT, cell, running_lab, write_notebook
from helpers_ui import finding, load, open_notebook, run

pytestmark = pytest.mark.slow

ENTRY = re.compile(r'^msgid (".*")(?:\nmsgid_plural (".*"))?', re.M)


def pack(place: Path, locale: str) -> None:
    """A language pack in which every text of ours stands between brackets."""
    package = place / f"jupyterlab_language_pack_{locale}"
    words = package / "locale" / locale / "LC_MESSAGES"
    words.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    head = {
        "domain": "nb_mlops",
        "language": locale.replace("_", "-"),
        "plural_forms": "nplurals=2; plural=(n != 1);",
        "version": "",
    }
    catalogue: dict[str, Any] = {"": head}
    for one, many in ENTRY.findall((ROOT / "labextension" / "nb_mlops.pot").read_text("utf-8")):
        texts = [json.loads(text) for text in (one, many) if text]
        if texts[0]:
            catalogue[texts[0]] = [f"«{text}»" for text in texts]
    (words / "nb_mlops.json").write_text(json.dumps(catalogue), "utf-8")
    about = place / f"jupyterlab_language_pack_{locale}-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: jupyterlab-language-pack-{locale}\nVersion: 1.0\n")
    points = f"[jupyterlab.languagepack]\n{locale} = jupyterlab_language_pack_{locale}\n"
    (about / "entry_points.txt").write_text(points)


def test_a_language_pack_speaks_for_the_panel(browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack(tmp_path / "packs", "de_DE")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "packs"))
    with running_lab(tmp_path / "lab") as server:
        chosen = server.home / "CONFIG" / "lab" / "user-settings" / "@jupyterlab" / "translation-extension"
        chosen.mkdir(parents=True)
        (chosen / "plugin.jupyterlab-settings").write_text('{"locale": "de_DE"}')
        page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        page.set_default_timeout(60_000)
        load(page, server)
        write_notebook(server.root / "words.ipynb", cell("print(missing)", count=1))
        open_notebook(page, "words.ipynb")
        finding(page, "EX005").wait_for()
        assert page.locator(".nbm-live").inner_text() == "«1 finding»"
        assert page.locator(".nbm-group-title").first.inner_text().startswith("«Cell 1 [1]»")
        for view in ("findings", "dependencies", "journey", "folder"):
            run(page, f"nb-mlops:show-{view}")
            page.wait_for_timeout(300)
            said = page.locator(".nbm-Panel button:visible").all_inner_texts()
            ours = [text for text in said if text.strip() and not re.fullmatch(r"[\d\s]+", text)]
            assert ours, view
            assert all("«" in text for text in ours), (view, ours)
        label = page.evaluate("() => window.jupyterapp.commands.label('nb-mlops:next-finding')")
        assert label == "«Next Finding»"
        page.context.close()

"""A language pack of JupyterLab as translators make them, from the template that is shipped."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from helpers_lab import ROOT

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

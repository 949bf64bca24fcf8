"""Writes `nb_mlops.pot`, the template that translators of the JupyterLab extension start from.

    python labextension/translations.py

JupyterLab's language packs take it as the domain `nb_mlops`; a test fails when it is not up to date.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
TEMPLATE = HERE / "nb_mlops.pot"
_TEXT = r"'((?:[^'\\]|\\.)*)'"
_ONE = re.compile(rf"trans\.__\(\s*{_TEXT}")
_MANY = re.compile(rf"trans\._n\(\s*{_TEXT}\s*,\s*{_TEXT}")
_HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'


def template() -> str:
    """The template: every text of the sources once, with the files that say it."""
    found: dict[tuple[str, str], list[str]] = {}
    for path in sorted((HERE / "src").glob("*.ts")):
        text = path.read_text("utf-8")
        said = [(match[1], "") for match in _ONE.finditer(text)]
        said += [(match[1], match[2]) for match in _MANY.finditer(text)]
        for one in said:
            places = found.setdefault(one, [])
            if path.name not in places:
                places.append(path.name)
    entries = [_entry(one, many, places) for (one, many), places in sorted(found.items())]
    return "\n".join([_HEAD, *entries])


def _entry(one: str, many: str, places: list[str]) -> str:
    quoted, plural = (json.dumps(text.replace("\\'", "'"), ensure_ascii=False) for text in (one, many))
    lines = [f"#: {' '.join(f'src/{place}' for place in places)}", f"msgid {quoted}"]
    lines += [f"msgid_plural {plural}", 'msgstr[0] ""', 'msgstr[1] ""'] if many else ['msgstr ""']
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    TEMPLATE.write_text(template(), "utf-8")

"""The notebooks that values are planted in: small analyses with the outputs that such analyses leave.

Told from the texts in `stories/` with made-up outputs (tables, floats, plots, logs), or taken from a folder of real
notebooks; in those, what a linter says beside the planted values is counted as wrong.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

from written import written

from planting.frame import Book
from planting.places import png, shown, stream


def carrier(chance: Random, real: Sequence[Path] = ()) -> Book:
    """One notebook to plant in."""
    if real:
        return _real(chance.choice(list(real)))
    subject = chance.choice(written())
    book = Book([])
    for kind, text in subject.cells[: chance.randint(5, 14)]:
        outputs = [_output(chance)] if kind == "code" and chance.random() < 0.6 else []
        book.add(kind, text.source, outputs)
    return book


def _real(path: Path) -> Book:
    found = json.loads(path.read_text(encoding="utf-8"))
    cells = [{**cell, "source": "".join(cell.get("source", ""))} for cell in found["cells"]]
    kept = {k: v for k, v in found.get("metadata", {}).items() if k not in ("kernelspec", "language_info")}
    return Book(cells, kept)


def _output(chance: Random) -> dict[str, Any]:
    return chance.choice([_table, _floats, _plot, _log, _number])(chance)


def _table(chance: Random) -> dict[str, Any]:
    names = chance.sample(["units", "price", "region", "age", "fare", "score", "width", "month"], 3)
    rows = [[f"{chance.gauss(0, 40):.6f}" for _ in names] for _ in range(5)]
    head = "".join(f"<th>{name}</th>" for name in names)
    body = "".join(f"<tr>{''.join(f'<td>{v}</td>' for v in row)}</tr>" for row in rows)
    html = f'<div>\n<table border="1" class="dataframe"><thead><tr><th></th>{head}</tr></thead>{body}</table>\n</div>'
    plain = "\n".join(" ".join(row) for row in [names, *rows])
    return shown({"text/html": html, "text/plain": plain})


def _floats(chance: Random) -> dict[str, Any]:
    values = ", ".join(repr(chance.gauss(0, 1)) for _ in range(chance.randint(4, 60)))
    return shown({"text/plain": f"array([{values}])"})


def _plot(chance: Random) -> dict[str, Any]:
    data = png(Software="Matplotlib version3.10.0, https://matplotlib.org/") + chance.randbytes(
        chance.randint(500, 9000)
    )
    return shown(
        {"image/png": base64.b64encode(data).decode() + "\n", "text/plain": "<Figure size 640x480 with 1 Axes>"}
    )


def _log(chance: Random) -> dict[str, Any]:
    steps = range(1, chance.randint(3, 30))
    return stream(
        "".join(f"Epoch {n}/30 - loss: {chance.random():.4f} - val_loss: {chance.random():.4f}\n" for n in steps)
    )


def _number(chance: Random) -> dict[str, Any]:
    return shown({"text/plain": repr(chance.choice([chance.randint(1, 10**6), chance.random(), "best"]))})

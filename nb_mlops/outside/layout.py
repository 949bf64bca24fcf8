"""Python laid out as ruff lays it out, so that a package that is made passes `ruff format --check` where it lands."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from nb_mlops.outside import ruff


def laid_out(texts: Mapping[str, str]) -> dict[str, str]:
    """The texts by their relative paths, the Python files among them formatted by ruff's own settings.

    A text that ruff cannot read stays as it is, and so do all of them where ruff is not installed.
    """
    program = ruff.find()
    wanted = {path: text for path, text in texts.items() if path.endswith(".py")}
    if program is None or not wanted:
        return dict(texts)
    with tempfile.TemporaryDirectory(prefix="nbm-layout-") as place:
        for path, text in wanted.items():
            (Path(place) / path).parent.mkdir(parents=True, exist_ok=True)
            (Path(place) / path).write_bytes(text.encode("utf-8", "surrogatepass"))
        command = [program, "format", "--isolated", "--no-cache", "--quiet", "--no-respect-gitignore", "."]
        try:
            subprocess.run(command, cwd=place, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        except OSError:
            return dict(texts)
        new = {path: (Path(place) / path).read_bytes().decode("utf-8", "surrogatepass") for path in wanted}
    return {**texts, **new}

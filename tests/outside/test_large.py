"""A large output takes little more memory than its text, whatever it shows."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SIZE = 4_000_000
# Python, the rules and a small notebook.
_REST = 32_000_000

# What a process has taken at most, since it began, in bytes.
_LINT = """
import sys
from nb_mlops.commands.lint import lint
from nb_mlops.core.settings import LintSettings, Settings
lint(sys.argv[1], Settings(lint=LintSettings(ruff=False)), cached=False)
print(next(int(line.split()[1]) * 1024 for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks /proc")


def printed(line: str) -> dict[str, object]:
    return {"output_type": "stream", "name": "stdout", "text": repeated(line)}


def repeated(line: str) -> list[str]:
    return [line.format(n, n % 7) for n in range(SIZE // len(line))]


def table() -> dict[str, object]:
    rows = repeated("<tr>\n<th>{}</th>\n<td>rain in Bergen</td>\n<td>{}.5</td>\n</tr>\n")
    return {"output_type": "display_data", "metadata": {}, "data": {"text/html": ["<table>", *rows, "</table>"]}}


@pytest.mark.parametrize(
    "output",
    [
        printed("2024-01-0{1} 12:00:01,{0} INFO rain in Bergen: level={0}.25 station/north\n"),
        printed("{0},{1},Bergen\n"),
        table(),
    ],
    ids=["log", "csv", "html"],
)
def test_memory_is_bounded_by_the_size_of_the_notebook(output: dict[str, object], tmp_path: Path) -> None:
    cell = {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [output], "source": "print('rain')"}
    document = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    data = json.dumps(document).encode()
    (tmp_path / "a.ipynb").write_bytes(data)
    ran = subprocess.run([sys.executable, "-c", _LINT, str(tmp_path)], capture_output=True, text=True, check=True)
    assert int(ran.stdout) < _REST + 5 * len(data)

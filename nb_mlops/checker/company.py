"""May runs of a notebook go on at the same time, from the first one on? And did they disturb each other?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from nb_mlops.core.notebook import Notebook
from nb_mlops.core.run import RunRecord

_UNKNOWN = 3  # runs at a time of which nobody knows yet what memory they take
# What may reach another run: files, databases, programs, ports.
_REACHES = re.compile(
    r"(?m)^\s*!|%%(?:writefile|file|bash|sh|script|system)\b|\.to_(?:csv|excel|json|parquet|pickle|hdf|feather|sql)\(|savefig\("
    r"|\.save\w*\(|\bdump\(|\bnp\.save|open\([^)\n]*[\"'][wax]b?\+?[\"']|\bmode\s*=\s*[\"'][wax]|sqlite|create_engine|mkdir|makedirs"
    r"|write_\w+\(|\.write\(|subprocess|os\.system|urlretrieve|download|\.run\(|serve|shutil|extractall|Popen|socket|Client\("
    r"|cuda|mlflow|\.unlink\(|os\.remove|joblib\.Memory|cache"
)


def may_begin_together(notebook: Notebook, runs: int, processors: int) -> int:
    """How many runs may begin with the first one, itself included: one, unless more save a round, and the code does not
    look as if they could meet."""
    together = min(processors, _UNKNOWN if processors > 2 else 2, runs)
    after = min(processors, 2)
    if together < 2 or _rounds(runs, together) >= 1 + _rounds(runs - 1, after):
        return 1
    sources = "\n".join(cell.source for cell in notebook.code_cells)
    return 1 if not notebook.is_python or _REACHES.search(sources) else together


def _rounds(runs: int, at_once: int) -> int:
    return -(-runs // at_once)


def met(records: Sequence[RunRecord]) -> str:
    """How runs that began together met each other, in words, or may have; "" where they did not."""
    if any(record.files_written for record in records):
        return "they wrote files in which they could meet"
    ends = {(r.status, r.error.name if r.error else "", r.error.cell if r.error else None) for r in records}
    return "they did not come to the same end" if len(ends) > 1 else ""


def that_count(records: Sequence[RunRecord]) -> tuple[RunRecord, ...]:
    """Of runs that did not meet those that count: of runs that all failed alike the first one."""
    return tuple(records) if records[0].ok else tuple(records[:1])

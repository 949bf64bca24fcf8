"""What makes two models, or two notebooks, the same: one sha256 each."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from nb_mlops.core.notebook import Notebook
from nb_mlops.evidence.strict import canonical_json


def tree_digest(entries: Mapping[str, str]) -> str:
    """The sha256 hex of a tree of files: `relpath NUL sha256 LF` for each, sorted by the path's UTF-8 bytes.

    `entries` maps relative posix paths to the sha256 hex of the file. Raises ValueError for an empty tree.
    """
    if not entries:
        raise ValueError("an empty tree has no digest")
    lines = sorted((path.encode("utf-8"), sha.encode("ascii")) for path, sha in entries.items())
    return hashlib.sha256(b"".join(path + b"\0" + sha + b"\n" for path, sha in lines)).hexdigest()


def bytes_digest(data: bytes) -> str:
    """The sha256 hex of some bytes."""
    return hashlib.sha256(data).hexdigest()


def notebook_digest(notebook: Notebook) -> str:
    """The sha256 hex of what a kernel would run.

    Code cells count in order, and which of them takes parameters; line ends, trailing blank lines and empty cells do
    not, nor do outputs, execution counts, markdown and metadata: running a notebook or explaining it changes nothing.
    """
    cells = []
    for cell in notebook.code_cells:
        source = cell.source.replace("\r\n", "\n").replace("\r", "\n").rstrip()
        if source:
            # papermill puts its parameters after the cell of this tag: moving the tag changes what a run computes.
            cells.append(["parameters" if "parameters" in cell.tags else "code", source])
    return hashlib.sha256(canonical_json([notebook.language, cells])).hexdigest()

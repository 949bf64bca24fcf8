"""Files that a notebook opens for reading, as far as its code spells out their names; and what else it says of them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from nb_mlops.analysis.calls import Call
from nb_mlops.analysis.view import View
from nb_mlops.analysis.walk import walk
from nb_mlops.core.lazy import pattern
from nb_mlops.core.value import Struct

_READS = pattern(
    r"(?:(?:pandas|polars|geopandas|dask\.dataframe|vaex|cudf|modin\.pandas)\.(?:read|scan)_(?!sql|gbq|html|clipboard)\w+|"
    r"numpy\.(?:load|loadtxt|genfromtxt|fromfile)|open|io\.open|gzip\.open|bz2\.open|codecs\.open|"
    r"(?:joblib|sklearn\.externals\.joblib)\.load|(?:matplotlib\.(?:pyplot|image)|cv2|imageio|skimage\.io)\.imread|"
    r"PIL\.Image\.open|scipy\.io\.loadmat|wfdb\.rdsamp|librosa\.load|xarray\.open_dataset|h5py\.File|openpyxl\.load_workbook|"
    r"torch\.load|(?:keras|tensorflow\.keras)\.models\.load_model)\Z"
)
_FILE = pattern(r"(?![a-z]+://|~|/|[A-Za-z]:|\\|-|\.+\Z)[^\0\n*?{}$<>|%]+\.[A-Za-z]\w{0,7}\Z")
_KEYWORDS = ("filepath_or_buffer", "io", "path", "file", "fname", "filename", "path_or_buf", "fp")
_WRITES = frozenset("wax+")


class FileRead(Struct, frozen=True):
    """A call that reads the file of this name, and the text in the code that spells it."""

    cell: int
    call: ast.Call
    path: str


def file_reads(view: View) -> Iterator[FileRead]:
    """The reads of files by a relative path that the code spells out, and that nothing else in the notebook speaks of:
    what else names a file may have made it."""
    calls = [
        (cell.index, call, argument)
        for cell in view.code_cells
        for call in view.calls(cell)
        if _READS.match(call.name) and (argument := _argument(call)) is not None
    ]
    names = _texts(view) if any(not isinstance(argument, ast.Constant) for _, _, argument in calls) else {}
    found: list[tuple[FileRead, int]] = []
    for cell, call, argument in calls:
        path = _path(argument, names)
        if _FILE.match(path):
            found.append((FileRead(cell, call.node, path.replace("\\", "/")), _spelled(argument, names)))
    code = "\n".join(cell.source for cell in view.code_cells) if found else ""
    for read, _ in found:
        last = read.path.rpartition("/")[2]
        if _mentions(code, last) <= len({text for other, text in found if other.path.rpartition("/")[2] == last}):
            yield read


def _mentions(code: str, last: str) -> int:
    """How often code speaks of a file: by its name, or by the beginning of one that gets its end elsewhere, as
    `np.save("rates")` gives it."""
    stem = re.escape(last.rpartition(".")[0].rstrip("0123456789"))
    return code.count(last) + len(re.findall(rf"""["'/]{stem}\d*["'{{%]""", code))


def _argument(call: Call) -> ast.expr | None:
    """What names the file; None where it is opened for writing, or where nobody can tell."""
    if call.spread:
        return None
    if call.name.rpartition(".")[2] in ("open", "File"):
        mode = call.keyword("mode") or (call.node.args[1] if len(call.node.args) > 1 else None)
        if mode is not None and not (
            isinstance(mode, ast.Constant) and isinstance(mode.value, str) and not _WRITES & set(mode.value)
        ):
            return None
    if call.node.args:
        return call.node.args[0]
    return next((one.value for one in call.node.keywords if one.arg in _KEYWORDS), None)


def _texts(view: View) -> Mapping[str, ast.expr]:
    """Names that the notebook binds once, outside of parameters, to something that spells a path; and that nothing but
    a reading call uses."""
    bound: dict[str, list[ast.expr | None]] = {}
    used: dict[str, int] = {}
    read: dict[str, int] = {}
    for cell in view.code_cells:
        tree = view.python[cell.index].tree
        if tree is None:
            continue
        for node in walk(tree):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        bound.setdefault(target.id, []).append(None if "parameters" in cell.tags else node.value)
            elif isinstance(node, ast.Name):
                used[node.id] = used.get(node.id, 0) + 1
        for call in view.calls(cell):
            argument = _argument(call) if _READS.match(call.name) else None
            if isinstance(argument, ast.Name):
                read[argument.id] = read.get(argument.id, 0) + 1
    single = {name: values[0] for name, values in bound.items() if len(values) == 1}
    # The name stands once where it is bound; `walk` gives targets, too.
    return {name: value for name, value in single.items() if value is not None and used[name] == read.get(name, 0) + 1}


def _path(node: ast.expr, names: Mapping[str, ast.expr]) -> str:
    """The path that an expression spells; "" where it does not."""
    if isinstance(node, ast.Name):
        value = names.get(node.id)
        return _path(value, {}) if value is not None else ""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Div)):
        left, right = _path(node.left, names), _path(node.right, names)
        return left + ("/" if isinstance(node.op, ast.Div) else "") + right if left and right else ""
    if isinstance(node, ast.Call) and ast.unparse(node.func) in ("os.path.join", "Path", "pathlib.Path", "join"):
        parts = [_path(argument, names) for argument in node.args]
        return "/".join(part.rstrip("/") for part in parts) if parts and all(parts) else ""
    return ""


def _spelled(node: ast.expr, names: Mapping[str, ast.expr]) -> int:
    """Which text in the code it is, so that one that is read twice counts once."""
    return id(names[node.id]) if isinstance(node, ast.Name) else id(node)

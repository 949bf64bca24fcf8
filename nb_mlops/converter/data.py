"""Which of the files that a run read travel with the package's tests, and where they lie there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from nb_mlops.core.notebook import Notebook
from nb_mlops.core.run import FileRead

_LOCAL = (".py",)


@dataclass(frozen=True, slots=True)
class TestData:
    """`files` maps a path relative to the project to its place below the test data, `modules` a path to its place
    below src; `missing` is like `files` for those too large to travel, `outside` are paths beyond the project. `start`
    is the folder below the test data in which the pipeline stands, `folders` are those that it writes files into."""

    files: Mapping[str, str]
    modules: Mapping[str, str]
    missing: Mapping[str, str]
    outside: tuple[str, ...] = ()
    start: str = ""
    folders: tuple[str, ...] = ()


def test_data(read: Sequence[FileRead], folder: str, limit: int, written: Sequence[str] = ()) -> TestData:
    """Sort the files that the notebook in `folder` (relative to the project, "" for the project itself) read, and tell
    where those that it has `written` need a folder.

    Where every one lies beside or below the notebook, the test data is laid out like the notebook's folder; else like
    the project. `limit` is in bytes.
    """
    inside = [f for f in read if not f.path.startswith(("../", "~/", "/"))]
    modules = {f.path: _below(f.path, folder) for f in inside if f.path.endswith(_LOCAL)}
    modules = {path: place for path, place in modules.items() if not place.startswith("../")}
    data = [f for f in inside if not f.path.endswith((*_LOCAL, ".ipynb"))]
    near = all(not _below(f.path, folder).startswith("../") for f in data)
    places = {f.path: _below(f.path, folder) if near else f.path for f in data}
    kept: dict[str, str] = {}
    missing: dict[str, str] = {}
    weight = 0
    for file in sorted(data, key=lambda f: f.size):
        weight += file.size
        if weight <= limit:
            kept[file.path] = places[file.path]
        else:
            missing[file.path] = places[file.path]
    outside = tuple(f.path for f in read if f not in inside and not f.path.endswith(_LOCAL))
    made = {PurePosixPath(_below(path, folder) if near else path).parent.as_posix() for path in written}
    folders = tuple(sorted(one for one in made if one != "." and not one.startswith(("../", "~", "/"))))
    return TestData(kept, modules, missing, outside, "" if near else folder, folders)


def makes_folders(notebook: Notebook) -> bool:
    """Whether the notebook makes folders itself: then it wants to find none."""
    return any("mkdir" in cell.source or "makedirs" in cell.source for cell in notebook.code_cells)


def _below(path: str, folder: str) -> str:
    """A path relative to a folder, both relative to the project; "../" in front when it is not below it."""
    if not folder:
        return path
    try:
        return PurePosixPath(path).relative_to(folder).as_posix()
    except ValueError:
        return f"../{path}"

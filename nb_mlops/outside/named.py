"""A file that a person named: its bytes, or an error that says what is there instead."""

from __future__ import annotations

from pathlib import Path

from nb_mlops.core.errors import UsageError
from nb_mlops.outside.files import unreadable

_SUFFIX = ".ipynb"


def bytes_of(path: str) -> bytes:
    """The bytes of a notebook that was named. Raises UsageError, with what was probably meant."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        if Path(path).is_dir():
            raise UsageError(f"`{path}` is a folder, and one notebook is wanted.", _within(Path(path))) from error
        if isinstance(error, FileNotFoundError) and not Path(path).is_symlink():
            raise missing(path) from error
        raise UsageError(f"`{path}` cannot be read. {unreadable(path, error).detail}") from error


def missing(path: str, remedy: str = "") -> UsageError:
    """The error for a path that does not exist; `remedy` is for where nothing near it does."""
    near = _near(Path(path))
    hint = f"Did you mean `{near}`?" if near else remedy or "Check the spelling, and in which folder you are."
    return UsageError(f"`{path}` does not exist.", hint)


def _near(path: Path) -> str:
    """The notebook or folder that is there and was probably meant; "" for none that is near enough."""
    from difflib import get_close_matches  # most people name what is there

    for part in (path, *path.parents):  # the first folder on the way that is not there is what was misspelt
        if not part.parent.exists() or part.exists():
            continue
        names = [name for name in _names(part.parent) if name.endswith(_SUFFIX) or part != path or not path.suffix]
        wanted = {part.name.lower(), f"{part.stem}{_SUFFIX}".lower()} if part == path else {part.name.lower()}
        known = {name.lower(): name for name in names}
        found = next((known[word] for word in wanted if word in known), "")
        close = [found] if found else [known[n] for w in wanted for n in get_close_matches(w, list(known), n=1)]
        return (part.parent / close[0] / path.relative_to(part)).as_posix() if close else ""
    return ""


def _names(folder: Path) -> list[str]:
    try:
        return [one.name for one in folder.iterdir() if one.is_dir() or one.name.lower().endswith(_SUFFIX)]
    except OSError:
        return []


def _within(folder: Path) -> str:
    names = sorted(name for name in _names(folder) if name.lower().endswith(_SUFFIX))
    if not names:
        return "It holds no notebook."
    shown = ", ".join(f"`{(folder / name).as_posix()}`" for name in names[:3])
    return f"It holds {shown}{f' and {len(names) - 3} more' if len(names) > 3 else ''}."

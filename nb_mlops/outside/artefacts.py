"""The project's own drawer, `.nb-mlops/`: models by tree digest, signed evidence by subject, public keys.

- `models/<tree digest>/`: the model's files, exactly as the checked run wrote them;
- `evidence/<subject digest>/<kind>-<n>.dsse.json`: envelopes; of one kind the highest number counts;
- `evidence/current/<slug>.json`: which subject a notebook's last check was about;
- `keys/<key id>.pub.pem`: public keys; these belong in git.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nb_mlops.core.errors import NbMlopsError, UsageError
from nb_mlops.core.hashing import is_sha256
from nb_mlops.outside.signing import PublicKey, public_key

# Models and evidence are made anew by `check`; only the public keys are worth a place in git.
_IGNORE = "/*\n!/.gitignore\n!/keys/\n"
# Where a registry's artefacts are local files, MLflow writes this beside a model that it loads by its registered name.
REGISTRY_NOTES = "registered_model_meta"
# What every MLflow model has at its top.
_MARKER = "MLmodel"
_UNFINISHED, _INCOMING, _AN_HOUR = ".tmp-", ".incoming-", 3600


class ArtefactError(NbMlopsError):
    """A folder that cannot stand as a model."""

    exit_code = UsageError.exit_code


@dataclass(frozen=True, slots=True)
class FiledEnvelope:
    """An envelope as it lies in the drawer: path relative to the project, kind, bytes; nothing is verified yet."""

    path: str
    kind: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Filed:
    """All that the drawer holds for a notebook: the subject of its last check, and of each kind the newest envelope."""

    subject: str
    envelopes: tuple[FiledEnvelope, ...]


def state_dir(root: Path) -> Path:
    """The project's `.nb-mlops` folder; made on first use, with an ignore file so that only public keys reach git."""
    path = root / ".nb-mlops"
    path.mkdir(parents=True, exist_ok=True)
    ignore = path / ".gitignore"
    if not ignore.exists():
        write_whole(ignore, _IGNORE.encode())
    return path


def project_path(root: Path, path: str | os.PathLike[str]) -> str:
    """How evidence names a file: posix path relative to the project; links are not followed."""
    return Path(os.path.relpath(path, root)).as_posix()


def hash_file(path: Path) -> str:
    """The sha256 hex of a regular file's bytes. Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(f"{path.name} is not a regular file")
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def hash_files(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """The sha256 hex of files in a folder, by their names; what is not there, or is no plain file, is left out."""
    found = {}
    for name in names:
        with contextlib.suppress(OSError):
            found[name] = hash_file(folder / name)
    return found


def hash_tree(path: Path) -> dict[str, str]:
    """Each file of a model folder, by relative posix path, with its sha256 hex; sorted.

    Raises ArtefactError for symbolic links, anything else that is not a plain file or folder, an empty tree, a tree
    without `MLmodel` at its top, and names that are not UTF-8: none of these can be said to hold a known model.
    """
    entries = _entries(path)
    if not entries:
        raise ArtefactError("The model folder is empty.")
    if _MARKER not in entries:
        raise ArtefactError(f"The model folder has no `{_MARKER}` file, so it is not an MLflow model.")
    return entries


def _entries(path: Path) -> dict[str, str]:
    if path.is_symlink() or not path.is_dir():
        raise ArtefactError("The model is not a folder.")
    return {name: hash_file(file) for name, file in sorted(_walk(path, ""))}


def _walk(folder: Path, prefix: str) -> Iterator[tuple[str, Path]]:
    with os.scandir(folder) as items:
        for item in items:
            name = prefix + item.name
            try:
                name.encode("utf-8")
            except UnicodeEncodeError as error:
                raise ArtefactError("The model folder holds a file whose name is not UTF-8.") from error
            if item.is_symlink():
                raise ArtefactError(f"The model folder holds a symbolic link, `{name}`: what it shows can change.")
            if item.is_dir(follow_symlinks=False):
                yield from _walk(Path(item.path), f"{name}/")
            elif item.is_file(follow_symlinks=False):
                yield name, Path(item.path)
            else:
                raise ArtefactError(f"The model folder holds `{name}`, which is not a plain file.")


def model_path(root: Path, digest: str) -> Path:
    """Where the store keeps the model of a tree digest."""
    return root / ".nb-mlops" / "models" / digest


def store_model(root: Path, folder: Path, files: Mapping[str, str], digest: str) -> Path:
    """Copy a model folder into the store, whole or not at all; returns where it lies.

    `files` is what `hash_tree(folder)` said and `digest` their tree digest. Raises ArtefactError when the copy does not
    hold exactly these files.
    """
    if not _holds(folder, files):  # before anything is copied
        raise ArtefactError("The model folder changed before it was stored.")
    home = state_dir(root) / "models"
    home.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home, prefix=_INCOMING) as temporary:
        copy = Path(temporary) / "model"
        for name in files:
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / name, copy / name, follow_symlinks=False)
        if not _holds(copy, files):
            raise ArtefactError("The model folder changed while it was being stored.")
        target = home / digest
        if target.exists() and not _holds(target, files):
            shutil.rmtree(target)
        if not target.exists():
            try:
                copy.rename(target)
            except OSError:
                if not _holds(target, files):  # another check of the same model may have been faster
                    raise
    return target


def stored_files(root: Path, digest: str) -> tuple[dict[str, str], str]:
    """What the store holds now where the model of a digest should be: its files with their sha256, or nothing and why.

    Files that were added, edited or removed are the caller's to compare; a link or a special file is a reason.
    """
    path = model_path(root, digest)
    if not path.exists():
        return {}, f"It is not in the store any more (`.nb-mlops/models/{digest[:12]}…`)."
    try:
        return _entries(path), ""
    except ArtefactError as error:
        return {}, str(error)
    except OSError as error:
        return {}, f"It cannot be read: {error.strerror}."


def hash_data(root: Path, paths: Iterable[str]) -> dict[str, str | None]:
    """Each data file's sha256 now; None for one that is not there or cannot be read.

    Paths are as evidence has them: relative to the project, or below `~`.
    """
    found: dict[str, str | None] = {}
    for path in paths:
        try:
            found[path] = hash_file(root / (Path(path).expanduser() if path.startswith("~/") else path))
        except (OSError, ValueError, RuntimeError):
            found[path] = None
    return found


def _holds(path: Path, files: Mapping[str, str]) -> bool:
    try:
        return hash_tree(path) == files
    except (ArtefactError, OSError):
        return False


def save_evidence(
    root: Path, notebook: str, subject: str, envelopes: Mapping[str, Mapping[str, Any]]
) -> tuple[Path, ...]:
    """File envelopes (kind, e.g. `check` or `lint`, to DSSE envelope) under a subject and make it the notebook's
    current one. `notebook` is the posix path relative to the project. Returns the files written."""
    written = add_evidence(root, subject, envelopes)
    pointer = _pointer(root, notebook)
    pointer.parent.mkdir(exist_ok=True)
    write_whole(pointer, _json({"version": 1, "notebook": notebook, "subject": subject}))
    return written


def add_evidence(root: Path, subject: str, envelopes: Mapping[str, Mapping[str, Any]]) -> tuple[Path, ...]:
    """File further envelopes (kind to envelope) under a subject that was checked; returns the files written."""
    folder = state_dir(root) / "evidence" / subject
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(_file(folder, kind, envelope) for kind, envelope in envelopes.items())


def current_evidence(root: Path, notebook: str) -> Filed | None:
    """What the drawer holds for a notebook, or None when it was never checked or its evidence is gone."""
    try:
        pointer = json.loads(_pointer(root, notebook).read_bytes())
        subject = pointer["subject"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not isinstance(subject, str) or not is_sha256(subject):
        return None
    newest: dict[str, int] = {}
    folder = root / ".nb-mlops" / "evidence" / subject
    for file in folder.glob("*.dsse.json"):
        if (name := re.fullmatch(r"([a-z][a-z-]*)-(\d+)\.dsse\.json", file.name)) is not None:
            newest[name[1]] = max(newest.get(name[1], 0), int(name[2]))
    files = [(kind, folder / f"{kind}-{number}.dsse.json") for kind, number in sorted(newest.items())]
    envelopes = tuple(FiledEnvelope(f.relative_to(root).as_posix(), kind, f.read_bytes()) for kind, f in files)
    return Filed(subject, envelopes) if envelopes else None


def kind_of(name: str) -> str:
    """The kind that an envelope's file name promises; "" for another name."""
    found = re.fullmatch(r"([a-z][a-z-]*)-\d+\.dsse\.json", name)
    return found[1] if found else ""


def record_public_key(root: Path, key: PublicKey) -> Path:
    """Put a public key where the project keeps them, so that others can verify what it signed."""
    folder = state_dir(root) / "keys"
    folder.mkdir(exist_ok=True)
    path = folder / f"{key.keyid}.pub.pem"
    if not path.exists():
        write_whole(path, key.pem)
    return path


def recorded_keys(root: Path) -> tuple[PublicKey, ...]:
    """The public keys that the project keeps."""
    return keys_in(root / ".nb-mlops" / "keys")


def keys_in(folder: Path) -> tuple[PublicKey, ...]:
    """The public keys in a folder. A file whose name is not the id of the key in it is left out: the id is what a
    policy trusts."""
    keys = []
    for path in sorted(folder.glob("*.pub.pem")):
        try:
            key = public_key(path.read_bytes())
        except (OSError, UsageError):
            continue
        if path.name == f"{key.keyid}.pub.pem":
            keys.append(key)
    return tuple(keys)


def _pointer(root: Path, notebook: str) -> Path:
    slug = re.sub(r"[^A-Za-z0-9]+", "-", notebook.removesuffix(".ipynb")).strip("-")[-60:]
    short = hashlib.sha256(notebook.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    return root / ".nb-mlops" / "evidence" / "current" / f"{slug}-{short}.json"


def _file(folder: Path, kind: str, envelope: Mapping[str, Any]) -> Path:
    taken = [int(m[1]) for f in folder.iterdir() if (m := re.fullmatch(rf"{kind}-(\d+)\.dsse\.json", f.name))]
    number = max(taken, default=0) + 1
    while True:
        path = folder / f"{kind}-{number}.dsse.json"
        try:
            write_whole(path, _json(envelope), new=True)  # two checks at once take two numbers
            return path
        except FileExistsError:
            number += 1


def _json(value: Any) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=True) + "\n").encode("ascii")


def write_whole(path: Path, data: bytes, new: bool = False) -> None:
    """Write a file that others may read, whole or not at all; `new`: FileExistsError where there is one already."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=_UNFINISHED)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        if new:
            _name_anew(temporary, path)
        else:
            Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _name_anew(temporary: str, path: Path) -> None:
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        raise
    except OSError:  # a file system without links: two checks in the same instant could meet here
        if path.exists():
            raise FileExistsError(path) from None
        Path(temporary).replace(path)


def sweep(root: Path) -> None:
    """Remove what a process that was killed an hour ago or more was about to file."""
    for place in ("*", "models/*", "evidence/*/*", "keys/*"):
        for left in (root / ".nb-mlops").glob(place):
            if left.name.startswith((_UNFINISHED, _INCOMING)):
                with contextlib.suppress(OSError):
                    if time.time() - left.lstat().st_mtime > _AN_HOUR:
                        shutil.rmtree(left) if left.is_dir() else left.unlink()

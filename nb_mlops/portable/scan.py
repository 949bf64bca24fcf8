"""What a model folder would do to whoever loads it, found out without loading it.

Formats are told by their bytes, not by their names. Of a pickle, whatever it imports that does not come from the
numerical libraries is named (pickles.py). skops says itself which types it does not know.
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from typing import Any

from . import pickles

KNOWN = frozenset(("sklearn", "numpy", "scipy", "pandas", "xgboost", "lightgbm", "catboost", "joblib", "collections"))
# In builtins and beside them there is nothing to trust but containers.
_CONTAINERS = "set frozenset dict list tuple slice bytearray object complex int float bool str bytes range"
_HARMLESS = frozenset(("copyreg._reconstructor", "_codecs.encode", *(f"builtins.{n}" for n in _CONTAINERS.split())))
# Of the libraries that are known, what runs code that it is given.
_SHARP = ("numpy.testing", "numpy.f2py", "numpy.distutils", "scipy._lib._ccallback", "joblib.externals", "pandas.io")
_SHARP_NAMES = ("numpy.load", "numpy.loadtxt", "numpy.genfromtxt", "joblib.load", "joblib.numpy_pickle.load")
_TEXT = (".json", ".yaml", ".yml", ".txt", ".md", ".toml", ".cfg")
_CODE = (".py", ".pyc", ".so", ".dll", ".dylib", ".sh", ".pth")
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89HDF", "hdf5"),
    (b"PAR1", "parquet"),
    (b"\x93NUMPY", "numpy"),
    (b"\x7fELF", "code"),
    (b"MZ", "code"),
)


def scan(folder: str) -> list[dict[str, Any]]:
    """Each file of the folder: `path`, `format`, and `unsafe`: what in it is not known to be harmless, by name."""
    found = []
    for root, folders, files in os.walk(folder):
        folders.sort()
        for file in sorted(files):
            full = os.path.join(root, file)
            kind, unsafe = _of_file(full)
            path = os.path.relpath(full, folder).replace(os.sep, "/")
            found.append({"path": path, "format": kind, "unsafe": sorted(set(unsafe))[:50]})
    return found


def _of_file(path: str) -> tuple[str, list[str]]:
    ending = os.path.splitext(path)[1].lower()
    with open(path, "rb") as file:
        head = file.read(512)
    if ending in _CODE:
        return "code", ["code that is run when the model is loaded"]
    if zipfile.is_zipfile(path):
        return _of_archive(path, ending)
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            unsafe = ["an array of objects, which is a pickle"] if kind == "numpy" and b"'|O'" in head else []
            return kind, unsafe or (["code that is run when the model is loaded"] if kind == "code" else [])
    if head[:1] == b"\x80" and head[1:2] in b"\x02\x03\x04\x05":
        return "pickle", _strange(pickles.imports_of, path)
    if head.startswith(pickles.PACKED) or pickles.is_pickle(path):
        return "packed or old pickle", ["a pickle that cannot be looked into"]
    if ending in (".onnx", ".pb", ".ubj", ".safetensors", ".cbm", ".bin", ".model", ".lgb"):
        return ending[1:], []
    return (
        ("text", [])
        if _is_text(head)
        else ("unknown", [f"a file of an unknown kind{f' ({ending})' if ending else ''}"])
    )


def _is_text(head: bytes) -> bool:
    if b"\0" in head:
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4
    return True


def _of_archive(path: str, ending: str) -> tuple[str, list[str]]:
    """A zip: skops, a Keras or torch model, or something else that holds files."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        if "schema.json" in names:
            return "skops", _untrusted(path)
        unsafe: list[str] = []
        for info in archive.infolist():
            with archive.open(info) as member:
                head = member.read(pickles.HEAD)
                if pickles.begins(head) or info.filename.endswith(pickles.ENDINGS):
                    unsafe += _strange(pickles.imports_in, io.BytesIO(head + member.read(pickles.MOST)))
                if info.filename.endswith(_CODE):
                    unsafe.append("code that is run when the model is loaded")
            if info.filename == "config.json" and b"Lambda" in archive.read(info):
                unsafe.append("a Keras Lambda layer")
    return (ending[1:] if ending in (".keras", ".pt", ".pth", ".npz") else "zip"), unsafe


def _untrusted(path: str) -> list[str]:
    try:
        import skops.io
    except ImportError:
        return ["a skops file, which cannot be looked into without skops"]
    try:
        return [name for name in skops.io.get_untrusted_types(file=path) if name.split(".")[0] not in KNOWN]
    except Exception as error:
        return [f"a skops file that cannot be read ({type(error).__name__})"]


def _strange(read: Callable[[Any], list[str]], source: Any) -> list[str]:
    """What of a pickle is not known to be harmless."""
    try:
        return [name for name in read(source) if not _harmless(name)]
    except ValueError as error:
        return [str(error)]


def _harmless(name: str) -> bool:
    top = name.split(".")[0]
    if name in _HARMLESS:
        return True
    return top in KNOWN and not name.startswith(_SHARP) and name not in _SHARP_NAMES

"""Whether some code of a repository may make a file: asked about files that are read and not there."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import lru_cache

from nb_mlops.core.hashing import blake2b
from nb_mlops.core.lazy import pattern

_CODE = (
    ".py",
    ".ipynb",
    ".sh",
    ".r",
    ".rmd",
    ".qmd",
    ".jl",
    ".sql",
    ".mk",
    ".bat",
    ".ps1",
    ".yml",
    ".yaml",
    ".smk",
    ".dvc",
)
_NAMES = ("makefile", "snakefile", "dockerfile", "justfile", "dvc.lock")
_READS = pattern(
    rb"read_\w+\s*\(|\bopen\s*\(|imread|\bloadtxt|genfromtxt|\bload\w*\s*\(|loadmat|FileNotFoundError|No such file"
)
_WRITES = pattern(rb"""\.to_|save|dump|write|["'][wax]b?["']|copy|move|download|retrieve|wget|curl|>\s*\S""")
_FETCHES = pattern(
    rb"(?i)\bwget\b|\bcurl\b|urlretrieve|urlopen|gdown|kaggle|requests\.get|download|dvc\s+(?:pull|repro)|boto3|gsutil|"
    rb"extractall|unpack_archive|unzip|tarfile|zipfile|read_sql|to_csv|to_parquet"
)
_LINE = 2_000  # a longer one is an image or the like
_MOST = 400_000_000


def code_files(top: str, files: Iterable[str]) -> Mapping[str, tuple[int, int]]:
    """The files of a repository that hold code, with their times and sizes."""
    found = {}
    for name in sorted(files):
        last = name.rpartition("/")[2].lower()
        if last.endswith(_CODE) or last in _NAMES:
            try:
                now = os.stat(f"{top}{os.sep}{name}")
            except OSError:
                continue
            found[name] = (now.st_mtime_ns, now.st_size)
    return found


def stamp(code: Mapping[str, tuple[int, int]]) -> str:
    """Changes when one of them does."""
    return blake2b(repr(code).encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


def makes(top: str, code: Mapping[str, tuple[int, int]], path: str, besides: str) -> bool:
    """Whether a file other than `besides` speaks of the file at `path` otherwise than to read it, names its beginning
    in a folder, or gets things from elsewhere and speaks of its folder. Both are relative to the root. What is too
    large to look through may."""
    if sum(size for _, size in code.values()) > _MOST:
        return True
    folder, _, last = os.fsencode(path).rpartition(b"/")
    folder, stem = folder.rpartition(b"/")[2], b"/" + last.rpartition(b".")[0]
    for name, text in _texts(top, tuple(code.items())).items():
        if name == besides:
            continue
        at = text.find(last)
        while at >= 0:
            end = text.find(b"\n", at)
            line = text[text.rfind(b"\n", 0, at) + 1 : end if end >= 0 else len(text)]
            if not _READS.search(line) or _WRITES.search(line):
                return True
            at = text.find(last, at + 1)
        if any(stem + quote in text for quote in (b"'", b'"', b'\\"')):
            return True
        if len(folder) > 1 and folder in text and _FETCHES.search(text):
            return True
    return False


@lru_cache(maxsize=1)
def _texts(top: str, code: tuple[tuple[str, tuple[int, int]], ...]) -> Mapping[str, bytes]:
    """What the files say, images and the like left out."""
    found = {}
    for name, _ in code:
        try:
            with open(f"{top}{os.sep}{name}", "rb") as file:
                data = file.read()
        except OSError:
            continue
        found[name] = b"\n".join(line for line in data.split(b"\n") if len(line) < _LINE) if len(data) > _LINE else data
    return found

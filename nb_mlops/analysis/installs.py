"""Install commands in cells: what pip, uv and conda are asked for, and which of it names no version."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from nb_mlops.analysis.python import Python
from nb_mlops.core.lazy import pattern
from nb_mlops.core.notebook import Cell
from nb_mlops.core.value import Struct
from nb_mlops.knowledge import words

_PIP = pattern(r"pip[0-9.]*\Z")
_CONDAS = frozenset({"conda", "mamba", "micromamba"})
_SHELLS = frozenset({"bash", "sh", "script", "system", "!", "zsh"})
# Options whose next word is their value.
_VALUED = words(
    """
    -i --index-url --extra-index-url -f --find-links -t --target --prefix --root --python --platform --python-version
    --timeout --retries --trusted-host --proxy --cache-dir --log --no-binary --only-binary --global-option
    --install-option --build-option --config-settings -C --progress-bar --upgrade-strategy --src --implementation --abi
    --exists-action --cert --client-cert --use-feature --use-deprecated --report --root-user-action -n --name -p -c
    --channel --solver --index-strategy --torch-backend -r --requirement --requirements --constraint --file -e
    --editable -P --upgrade-package --index --default-index
    """
)
# They fix every version themselves, or their file is where versions are fixed.
_EDITABLE = ("-e", "--editable")
_FILES = ("-r", "--requirement", "--requirements", "--file")
_BY_FILE = ("-c", "--constraint", "--require-hashes")
# What installs packages is not what the notebook computes with.
_INSTALLERS = frozenset({"pip", "setuptools", "wheel", "uv", "conda", "mamba"})
_ARCHIVE = (".whl", ".tar.gz", ".zip", ".tar.bz2", ".tgz", ".conda")
_NAME = pattern(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_COMMIT = pattern(r"[0-9a-f]{7,40}\Z|v?\d+(?:\.\d+)+\S*\Z|\S*\d+\.\d+\S*\Z")
_HEREDOC = pattern(r"<<-?[ ]*['\"]?(\w+)['\"]?")
_SEPARATORS = pattern(r"&&|\|\||[;|\n]")


class Install(Struct, frozen=True):
    """One install command: the line it stands in and the requirements that fix no version, as they may be shown."""

    line: int
    unpinned: tuple[str, ...]


def installs(cell: Cell, python: Python) -> Iterator[Install]:
    """The install commands of a code cell that leave a version open, in order."""
    for line, text in _commands(cell, python):
        yield from _in_shell(text, line)


def wanted(cell: Cell, python: Python) -> Iterator[str]:
    """What the install commands of a code cell ask for, word by word: requirements, files, addresses."""
    for _, text in _commands(cell, python):
        for command in _SEPARATORS.split(text):
            if "install" in command and not command.lstrip().startswith(("#", "echo ", "RUN ")):
                for words, conda in _arguments(_words(command)):
                    yield from _given(words, conda, by_file=True)


def _commands(cell: Cell, python: Python) -> Iterator[tuple[int, str]]:
    for magic in python.magics:
        if magic.kind == "cell" and magic.name in _SHELLS:
            lines = cell.source.split("\n")
            for offset, text in _joined(lines[magic.line :]):
                yield magic.line + 1 + offset, text
        elif magic.kind == "shell":
            yield magic.line, magic.args
        elif magic.kind == "line" and (_PIP.match(magic.name) or magic.name in _CONDAS or magic.name == "uv"):
            yield magic.line, f"{magic.name} {magic.args}"


def _joined(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Lines of a shell script, those that a backslash joins as one; what a script writes to a file is none of it."""
    held, start, until = "", 0, ""
    for number, line in enumerate(lines):
        if until:
            until = "" if line.strip() == until else until
            continue
        heredoc = _HEREDOC.search(line)
        until = heredoc.group(1) if heredoc else ""
        start = start if held else number
        if line.endswith("\\"):
            held += line[:-1] + " "
            continue
        yield start, held + line
        held = ""
    if held:
        yield start, held


def _in_shell(text: str, line: int) -> Iterator[Install]:
    for command in _SEPARATORS.split(text):
        if "install" not in command or command.lstrip().startswith(("#", "echo ", "RUN ")):
            continue
        unpinned = tuple(dict.fromkeys(_unpinned(_words(command))))
        if unpinned:
            yield Install(line, unpinned)


def _words(command: str) -> list[str]:
    import shlex  # most notebooks install nothing

    try:
        return shlex.split(command, comments=True)
    except ValueError:
        return command.split()


def _unpinned(words: list[str]) -> Iterator[str]:
    for given, conda in _arguments(words):
        if conda or not any(word.partition("=")[0] in _BY_FILE for word in given):
            yield from filter(None, map(_open_conda if conda else _open_pip, _given(given, conda)))


def _arguments(words: list[str]) -> Iterator[tuple[list[str], bool]]:
    """What stands after `install`, and whether conda reads it."""
    for index, word in enumerate(words):
        name = PurePosixPath(word).name.lstrip("!%")
        conda = name in _CONDAS
        if not (conda or _PIP.match(name)):
            continue
        rest = words[index + 1 :]
        while rest and rest[0].startswith("-"):
            rest = rest[1:]
        if rest[:1] == ["install"]:
            yield rest[1:], conda
            return


def _given(words: list[str], conda: bool, by_file: bool = False) -> Iterator[str]:
    """The requirements among the arguments; `by_file` also the names of files that hold more of them."""
    value_of = ""
    for word in words:
        if value_of:
            if value_of in _EDITABLE or (by_file and value_of in _FILES):
                yield word
            value_of = ""
        elif word in _VALUED:
            value_of = word
        elif word.startswith(("--editable=", "-e")) and not conda:
            yield word.partition("=")[2] if "=" in word else word[2:]
        elif word.startswith("-") or not word:
            continue
        elif word[0] in "<>&" or word[:2] in ("1>", "2>") or word == "2":
            return
        else:
            yield word


def _open_pip(word: str) -> str:
    """How to name a requirement that fixes no version; "" for one that does, or that cannot be judged."""
    if "$" in word or "{" in word or not word:
        return ""
    base, _, at_url = word.partition(" @ ") if " @ " in word else (word, "", "")
    url = at_url or (word if "://" in word or word.startswith("git+") else "")
    if url:
        return _open_url(url)
    if word.startswith((".", "/", "~")) or word.lower().endswith(_ARCHIVE) or "\\" in word or "==" in word:
        return ""
    match = _NAME.match(base)
    rest = base[match.end() :].lstrip() if match else ""
    if match is None or match.group().lower() in _INSTALLERS or rest.startswith("/"):
        return ""
    return match.group() if not rest or rest[0] in "[<>=!~;," else ""


def _open_url(url: str) -> str:
    """A repository is fixed by a commit or a version tag, a file by its name."""
    if not url.startswith(("git+", "hg+", "svn+", "bzr+")) and not url.split("#")[0].endswith(".git"):
        return ""
    path = url.partition("://")[2].partition("/")[2].split("#")[0]
    reference = path.rpartition("@")[2] if "@" in path else ""
    name = _NAME.match(path.rpartition("@")[0].rpartition("/")[2] if reference else path.rpartition("/")[2])
    if reference and _COMMIT.match(reference):
        return ""
    return f"{name.group().removesuffix('.git')} (its repository)" if name else "a repository"


def _open_conda(word: str) -> str:
    if "$" in word or "{" in word or not word or word.startswith((".", "/")) or word.endswith(_ARCHIVE):
        return ""
    name = word.rpartition("::")[2]
    match = _NAME.match(name)
    if match is None or match.group().lower() in _INSTALLERS:
        return ""
    return "" if re.match(r"[ ]*==?[ ]*\d", name[match.end() :]) else match.group()

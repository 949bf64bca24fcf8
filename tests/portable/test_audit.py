from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import nb_mlops
from nb_mlops.portable.audit import Audit, excluded_prefixes, is_environment

# A hook cannot be removed again, so it is installed in a process of its own.
SCRIPT = """
import json, os, sqlite3, sys, tempfile
sys.path.insert(0, {package!r})
from nb_mlops.portable.audit import Audit, excluded_prefixes
seen = []
prefixes = excluded_prefixes(os.getcwd(), ({package!r},))
Audit(lambda kind, what: seen.append((kind, os.path.basename(what))), prefixes).install()
open("read.csv").read()
open("read.csv").read()
open(b"bytes.csv", "rb").read()
open("made.csv", "w").write("x")
open("made.csv").read()
open("log.txt", "a").write("x")
open("both.bin", "r+").read()
os.close(os.open("low.bin", os.O_RDONLY))
sqlite3.connect("old.db").close()
sqlite3.connect("new.db").close()
sqlite3.connect(":memory:").close()
for missing in ("nowhere.csv", "no/folder.csv", "\\0"):
    try:
        open(missing)
    except (OSError, ValueError):
        pass
open(0, closefd=False)
import xml.dom.minidom
open(json.__file__).read()
print(json.dumps(seen))
"""


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    folder = tmp_path_factory.mktemp("data")
    for name in ("read.csv", "bytes.csv", "both.bin", "low.bin", "old.db"):
        (folder / name).write_bytes(b"")
    script = SCRIPT.format(package=str(Path(nb_mlops.__file__).parent.parent))
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL
    )
    found: list[list[str]] = json.loads(done.stdout)
    return found


def test_each_file_is_told_once_with_what_was_done_first(seen: list[list[str]]) -> None:
    assert seen == [
        ["read", "read.csv"],
        ["read", "bytes.csv"],
        ["write", "made.csv"],
        ["read", "made.csv"],
        ["write", "log.txt"],
        ["read", "both.bin"],
        ["write", "both.bin"],
        ["read", "low.bin"],
        ["read", "old.db"],
        ["write", "new.db"],
    ]


def test_destinations_on_the_network_are_told_and_the_machines_own_sockets_are_not() -> None:
    told: list[tuple[str, str]] = []
    audit = Audit(lambda kind, what: told.append((kind, what)), ())
    for event, args in (
        ("socket.connect", (None, ("127.0.0.1", 5555))),
        ("socket.connect", (None, "/tmp/kernel-ipc-1")),
        ("socket.connect", (None, ("::1", 80, 0, 0))),
        ("socket.getaddrinfo", ("localhost", 80, 0, 0, 0)),
        ("socket.getaddrinfo", (b"example.org", 443, 0, 0, 0)),
        ("socket.getaddrinfo", (None, 80, 0, 0, 0)),
        ("socket.connect", (None, ("192.0.2.1", 443))),
        ("socket.gethostbyname", ("example.com",)),
        ("socket.connect", ()),
    ):
        audit._hook(event, args)
    assert told == [("connect", "example.org:443"), ("connect", "192.0.2.1:443"), ("connect", "example.com")]


def test_the_environments_own_files_are_no_data(tmp_path: Path) -> None:
    prefixes = excluded_prefixes(str(tmp_path))
    for path in (
        os.__file__,
        "/usr/share/fonts/x.ttf",
        "/p/env/lib/python3.9/site-packages/a.py",
        "/p/__pycache__/a.pyc",
    ):
        assert is_environment(os.path.realpath(path), prefixes), path
    assert not is_environment(str(tmp_path / "train.csv"), prefixes)


def test_a_project_inside_a_system_folder_is_still_seen() -> None:
    prefixes = excluded_prefixes("/usr/src/app")
    assert not is_environment("/usr/src/app/train.csv", prefixes)

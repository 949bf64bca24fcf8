"""A PostgreSQL of the distribution, started for a test under a user of its own: it refuses to run as root."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from helpers_server import free_port

_USER = "postgres"  # whom Debian's package makes


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """The URI of an empty database; the test is skipped, with the reason, where there is no PostgreSQL."""
    programs = _programs()
    home = Path(tempfile.mkdtemp(prefix="nb-mlops-pg-"))
    if _as():
        shutil.chown(home, _USER)
    port, data = free_port(), home / "data"
    try:
        initdb = [programs / "initdb", "-D", data, "-U", "gate", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run([*map(str, initdb)], check=True, capture_output=True, cwd="/", **_as())
        options = ["-p", str(port), "-k", str(home), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
        with (home / "log").open("wb") as log:
            command = [str(programs / "postgres"), "-D", str(data), *options]
            server = subprocess.Popen(command, stdout=log, stderr=log, cwd="/", **_as())
        try:
            _wait(server, home, [str(programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)])
            yield f"postgresql://gate@127.0.0.1:{port}/postgres"
        finally:
            stop = [str(programs / "pg_ctl"), "stop", "-D", str(data), "-m", "fast"]
            subprocess.run(stop, check=False, capture_output=True, cwd="/", **_as())
            server.wait(30)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _programs() -> Path:
    try:
        sqlalchemy.create_engine("postgresql://localhost")
    except ModuleNotFoundError as error:
        pytest.skip(f"no PostgreSQL driver `{error.name}`: pip install 'psycopg[binary]'")
    found = [Path(path).resolve() for path in (shutil.which("postgres"), *_debian()) if path]
    if not found:
        pytest.skip("no PostgreSQL: apt-get install postgresql")
    if os.geteuid() == 0:
        try:
            pwd.getpwnam(_USER)
        except KeyError:
            pytest.skip("PostgreSQL refuses to run as root, and there is no user `postgres`")
    return found[0].parent


def _debian() -> list[str]:
    return sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin/postgres")), reverse=True)


def _as() -> dict[str, Any]:
    """Who runs it: root hands over to the database's own user."""
    return {"user": _USER, "group": _USER, "extra_groups": []} if os.geteuid() == 0 else {}


def _wait(server: subprocess.Popen[bytes], home: Path, ready: list[str]) -> None:
    for _ in range(600):
        if subprocess.run(ready, check=False).returncode == 0:
            return
        assert server.poll() is None, (home / "log").read_text()
        time.sleep(0.1)
    raise AssertionError((home / "log").read_text())

"""A MariaDB of the distribution, started for a test under the user that its package makes."""

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

_USER = "mysql"  # whom Debian's package makes


@contextlib.contextmanager
def mysql() -> Iterator[str]:
    """The URI of an empty database; the test is skipped, with the reason, where there is no MariaDB."""
    server, install = _programs()
    home = Path(tempfile.mkdtemp(prefix="nb-mlops-my-"))
    if _as():
        shutil.chown(home, _USER)
    port, data, socket = free_port(), home / "data", home / "s"
    try:
        made = [install, "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal"]
        subprocess.run(made, check=True, capture_output=True, cwd="/", **_as())
        options = [f"--datadir={data}", f"--socket={socket}", f"--port={port}", "--bind-address=127.0.0.1"]
        lazy = ["--innodb-flush-log-at-trx-commit=0", "--skip-name-resolve"]
        with (home / "log").open("wb") as log:
            command = [server, "--no-defaults", *options, *lazy]
            process = subprocess.Popen(command, stdout=log, stderr=log, cwd="/", **_as())
        try:
            yield _database(process, home, socket, port)
        finally:
            process.terminate()
            process.wait(60)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _programs() -> tuple[str, str]:
    try:
        sqlalchemy.create_engine("mysql+pymysql://localhost")
    except ModuleNotFoundError as error:
        pytest.skip(f"no MySQL driver `{error.name}`: pip install pymysql")
    server = shutil.which("mariadbd") or shutil.which("mariadbd", path="/usr/sbin")
    install = shutil.which("mariadb-install-db")
    if not server or not install:
        pytest.skip("no MariaDB: apt-get install mariadb-server")
    if os.geteuid() == 0:
        try:
            pwd.getpwnam(_USER)
        except KeyError:
            pytest.skip("MariaDB refuses to run as root, and there is no user `mysql`")
    return server, install


def _as() -> dict[str, Any]:
    """Who runs it: root hands over to the database's own user."""
    return {"user": _USER, "group": _USER, "extra_groups": []} if os.geteuid() == 0 else {}


def _database(process: subprocess.Popen[bytes], home: Path, socket: Path, port: int) -> str:
    owner = sqlalchemy.create_engine(f"mysql+pymysql://root@localhost/mysql?unix_socket={socket}")
    for _ in range(600):
        assert process.poll() is None, (home / "log").read_text()
        with contextlib.suppress(sqlalchemy.exc.OperationalError), owner.begin() as connection:
            connection.execute(sqlalchemy.text("CREATE DATABASE gate CHARACTER SET utf8mb4"))
            connection.execute(sqlalchemy.text("CREATE USER gate@'127.0.0.1'"))
            connection.execute(sqlalchemy.text("GRANT ALL ON gate.* TO gate@'127.0.0.1'"))
            owner.dispose()
            return f"mysql+pymysql://gate@127.0.0.1:{port}/gate"
        time.sleep(0.1)
    raise AssertionError((home / "log").read_text())

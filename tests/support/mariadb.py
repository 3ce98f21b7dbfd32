"""A MariaDB server of the tests' own: its data folder, its socket, its free port; started once, stopped in the end."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pymysql

SECONDS_TO_START = 60


@dataclass(slots=True)
class Server:
    """A running server. ``admin`` is its one account for tests; ``reader`` may only read."""

    socket: Path
    port: int
    process: subprocess.Popen[bytes]
    log: Path
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def connect(self, database: str | None = None, **options: Any) -> Any:
        """A connection that may write, which a test's fixtures need."""
        return pymysql.connect(unix_socket=str(self.socket), user="root", database=database, charset="utf8mb4", **options)

    def execute(self, *statements: str, database: str | None = None) -> None:
        """Runs statements with the account that may write."""
        connection = self.connect(database, autocommit=True)
        with connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def database(self, name: str | None = None) -> str:
        """A new, empty database as MediaWiki makes it: all text is binary."""
        name = name or f"wiki{os.getpid()}_{next(self.numbers)}"
        self.execute(f"CREATE DATABASE `{name}` CHARACTER SET binary")
        return name

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of a database, for the account that may only read."""
        return f"mysql+pymysql://reader:reads@127.0.0.1:{self.port}/{database}"

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Ends the server; ``how`` SIGKILL for at once."""
        self.process.send_signal(how)
        self.process.wait(SECONDS_TO_START)

    def start_again(self) -> None:
        """Starts the server that was stopped, with all that it holds."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.process.args, stdout=log, stderr=log)
        _ready(self)

    def load(self, database: str, dump: bytes) -> None:
        """Feeds an SQL dump to the client."""
        command = ["mariadb", "--no-defaults", f"--socket={self.socket}", "--user=root", database]
        subprocess.run(command, input=dump, check=True, capture_output=True)


@contextmanager
def running(folder: Path, *options: str) -> Iterator[Server]:
    """A server that lives in ``folder``, started with ``options`` too. Raises RuntimeError, saying what to install, where there is no mariadbd."""
    for program in ("mariadbd", "mariadb-install-db", "mariadb"):
        if not shutil.which(program):
            raise RuntimeError(f"{program} is missing: install mariadb-server-core and mariadb-client-core")
    user = ["--user=root"] if os.geteuid() == 0 else []
    data, socket_path, port = folder / "data", folder / "s", _free_port()
    install = ["mariadb-install-db", "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal", *user]
    # --force: a machine that does not know its own name will do.
    done = subprocess.run([*install, "--skip-test-db", "--force"], capture_output=True, text=True, check=False)
    if done.returncode:  # its own set-up fails once in a while: Unknown table 'mysql.tmp_user_sys'
        shutil.rmtree(data, ignore_errors=True)
        done = subprocess.run([*install, "--skip-test-db", "--force"], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"mariadb-install-db fails: {done.stdout[-1000:]}{done.stderr[-1000:]}")
    command = ["mariadbd", "--no-defaults", f"--datadir={data}", f"--socket={socket_path}", f"--port={port}", *user]
    command += ["--bind-address=127.0.0.1", "--skip-name-resolve", "--innodb-flush-log-at-trx-commit=0"]
    command += ["--innodb-buffer-pool-size=512M", "--innodb-doublewrite=0", f"--pid-file={folder / 'pid'}", *options]
    with (folder / "log").open("wb") as log:
        server = Server(socket_path, port, subprocess.Popen(command, stdout=log, stderr=log), folder / "log")
    try:
        yield _ready(server)
    finally:
        server.stop()


def _ready(server: Server) -> Server:
    deadline = time.monotonic() + SECONDS_TO_START
    while not _listens(server.socket):
        if server.process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"mariadbd does not start: {server.log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.05)
    server.execute("CREATE OR REPLACE USER reader@'%' IDENTIFIED BY 'reads'", "GRANT SELECT ON *.* TO reader@'%'")
    return server


def _listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(str(path)) == 0


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])

"""The databases of the simulated wiki, built once below the work folder and kept for the next call."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import job
from benchmarks.wiki import fingerprint
from flow import terminal

if TYPE_CHECKING:
    from tests.support.mariadb import Server

ENGINES = ("mariadb", "sqlite")


@dataclass(frozen=True, slots=True)
class Database:
    """The wiki at one scale in one engine; ``client`` is MariaDB's own command, ``file`` SQLite's file."""

    engine: str
    scale: float
    folder: Path
    url: str
    client: tuple[str, ...] = ()
    file: Path | None = None


@contextmanager
def host(engine: str, work: Path) -> Iterator[Callable[[float], Database]]:
    """Gives the database of any scale, built if it is not there yet; MariaDB's server runs meanwhile."""
    folder = work.absolute() / engine
    folder.mkdir(parents=True, exist_ok=True)
    if engine == "sqlite":
        yield lambda scale: _sqlite(folder, scale)
    else:
        with _server(folder) as server:
            yield lambda scale: _mariadb(folder, server, scale)


def version(engine: str, work: Path) -> str:
    """The version of what reads the databases of ``engine``."""
    if engine == "sqlite":
        import sqlite3

        return sqlite3.sqlite_version
    with _server(work.absolute() / engine) as server, server.connect() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT VERSION()")
        return str(cursor.fetchone()[0])


@contextmanager
def _server(folder: Path) -> Iterator[Server]:
    from tests.support.mariadb import running

    _without_reader(folder / "data")
    with running(folder) as server:
        yield server


def _without_reader(data: Path) -> None:
    """Takes the reader out of a data folder that is already there, for a starting server adds it."""
    if (data / "mysql").is_dir():
        command = ["mariadbd", "--no-defaults", f"--datadir={data}", "--bootstrap", "--user=root", "--skip-networking"]
        sql = b"DELETE FROM mysql.global_priv WHERE User = 'reader';\n"
        subprocess.run(command, input=sql, check=True, capture_output=True)


def _mariadb(folder: Path, server: Server, scale: float) -> Database:
    name = f"scale_{scale:g}".replace(".", "_")
    if not _is_built(folder, scale):
        terminal.aside(f"  simulating the wiki at scale {scale:g} in MariaDB")
        server.execute(f"DROP DATABASE IF EXISTS `{name}`")
        job("build_mariadb", socket=str(server.socket), database=server.database(name), scale=scale)
        _mark_built(folder, scale)
    client = ("mariadb", "--no-defaults", f"--socket={server.socket}", "--user=root", f"--database={name}")
    return Database("mariadb", scale, _runs(folder, scale), server.url(name), client=client)


def _sqlite(folder: Path, scale: float) -> Database:
    file = folder / f"scale_{scale:g}.sqlite"
    if not _is_built(folder, scale):
        terminal.aside(f"  simulating the wiki at scale {scale:g} in SQLite")
        file.unlink(missing_ok=True)
        job("build_sqlite", file=str(file), scale=scale)
        _mark_built(folder, scale)
    return Database("sqlite", scale, _runs(folder, scale), f"sqlite:///{file}", file=file)


def _runs(folder: Path, scale: float) -> Path:
    """An empty folder for what the runs publish."""
    found = folder / f"runs_{scale:g}"
    shutil.rmtree(found, ignore_errors=True)
    found.mkdir()
    return found


def _is_built(folder: Path, scale: float) -> bool:
    return _marks(folder).get(f"{scale:g}") == fingerprint(scale)


def _mark_built(folder: Path, scale: float) -> None:
    _marks_file(folder).write_text(json.dumps(_marks(folder) | {f"{scale:g}": fingerprint(scale)}), "utf-8")


def _marks(folder: Path) -> dict[str, str]:
    file = _marks_file(folder)
    found: dict[str, str] = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    return found


def _marks_file(folder: Path) -> Path:
    return folder / "built.json"

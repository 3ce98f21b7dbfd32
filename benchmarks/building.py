"""Simulates the wiki into a database, and counts what is in it."""

from __future__ import annotations

from pathlib import Path

from benchmarks.opening import opened
from benchmarks.wiki import WIKI, life
from flow.simulate.life import live
from flow.simulate.load import into_mariadb, into_sqlite
from flow.simulate.scribe import Scribe
from flow.simulate.tables import ALL

COUNTED = ("revision", "archive", "page", "flow_workflow", "flow_revision")


def build_mariadb(socket: str, database: str, scale: float) -> None:
    """Fills an empty database of the server, then has its optimizer look at the tables."""
    import pymysql

    connection = pymysql.connect(unix_socket=socket, user="root", database=database, charset="utf8mb4")
    with connection, connection.cursor() as cursor:
        with into_mariadb(connection) as emit:
            live(Scribe(WIKI, emit), life(scale))
        for table in ALL:
            cursor.execute(f"ANALYZE TABLE `{table}`")


def build_sqlite(file: str, scale: float) -> None:
    """Fills a new file."""
    with into_sqlite(Path(file)) as emit:
        live(Scribe(WIKI, emit), life(scale))


def count(settings: str) -> dict[str, int]:
    """The rows of the tables that matter."""
    with opened(settings) as (_, sources):
        read = sources.get(WIKI, "core").engine.read
        return {table: int(read(f"SELECT COUNT(*) AS many FROM {table}", {})["many"][0]) for table in COUNTED}

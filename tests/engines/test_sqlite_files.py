"""SQLite files as they lie about on hosts: in WAL mode, read-only, in folders that are read-only."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path

import pytest

from flow.engines import connect
from flow.errors import FlowError
from tests.faults.test_read_only_folder import NOBODY, reached_by_all


@pytest.fixture
def folder(tmp_path: Path):
    """A folder that an ordinary user may read, and nobody write, with a file in WAL mode."""
    folder = tmp_path / "wiki"
    folder.mkdir()
    connection = sqlite3.connect(folder / "a.sqlite")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE t (a INTEGER)")
    connection.execute("INSERT INTO t VALUES (7)")
    connection.commit()
    connection.close()
    reached_by_all(folder)
    (folder / "a.sqlite").chmod(0o444)
    folder.chmod(0o555)
    yield folder
    folder.chmod(0o755)


def read_as_ordinary_user(path: Path) -> str:
    """What is read of the table, or what is said instead, in a child without root's rights."""
    usual = path.parent.parent / "usual.sqlite"
    with sqlite3.connect(usual) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS t (a INTEGER)")
    connect(f"sqlite:///{usual}", None, 60).read("SELECT a FROM t", {})  # what the child imports is imported here
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        try:
            engine = connect(f"sqlite:///{path}", None, 60)
            said = str(engine.read("SELECT a FROM t", {})["a"][0])
        except FlowError as error:
            said = f"{type(error).__name__}: {error}"
        os.write(writing, json.dumps(said).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        found: str = json.loads(pipe.read())
    os.waitpid(child, 0)
    return found


def test_a_file_in_wal_mode_where_nothing_may_be_written_is_one_clear_line(folder: Path):
    path = folder / "a.sqlite"
    clear = f"Unreachable: {path}: it is in WAL mode, and SQLite cannot write its log beside it; let this user write in its folder"
    assert read_as_ordinary_user(path).startswith(clear)


def test_a_file_in_wal_mode_whose_log_is_there_is_read(folder: Path):
    folder.chmod(0o755)
    (folder / "a.sqlite").chmod(0o644)
    writer = sqlite3.connect(folder / "a.sqlite")
    writer.execute("UPDATE t SET a = 8")
    writer.commit()
    for path in folder.iterdir():
        path.chmod(0o444)
    folder.chmod(0o555)
    assert read_as_ordinary_user(folder / "a.sqlite") == "8"
    writer.close()


def test_a_read_only_file_in_the_usual_mode_is_read(folder: Path):
    folder.chmod(0o755)
    connection = sqlite3.connect(folder / "a.sqlite")
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()
    folder.chmod(0o555)
    assert read_as_ordinary_user(folder / "a.sqlite") == "7"

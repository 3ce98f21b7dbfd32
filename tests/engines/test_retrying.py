"""What passes is tried again and said, what does not is not; and whoever stops a run is not kept waiting."""

from __future__ import annotations

import logging
import os
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

from flow.engines import connect, retrying
from flow.engines import mariadb as engine_of_mariadb
from flow.errors import QueryError, Stopped, Unreachable
from tests.support.mariadb import Server, running

ENDLESS = "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n) SELECT MAX(i) FROM n"
FLAKY = """
CREATE FUNCTION flaky(failures INT, code INT) RETURNS INT
BEGIN
    SET @tried = COALESCE(@tried, 0) + 1;
    IF @tried <= failures THEN
        SIGNAL SQLSTATE '40001' SET MYSQL_ERRNO = code, MESSAGE_TEXT = 'Deadlock found';
    END IF;
    RETURN @tried;
END
"""


@pytest.fixture
def database(mariadb: Server) -> str:
    name = mariadb.database()
    mariadb.execute(FLAKY, f"GRANT EXECUTE ON `{name}`.* TO reader@'%'", database=name)
    return name


@pytest.fixture
def engine(mariadb: Server, database: str):
    found = connect(mariadb.url(database), None, 60)
    yield found
    found.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (a INTEGER)")
    connection.close()
    return path


def warnings(caplog) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]


def test_a_deadlock_is_tried_again_and_said(engine, database: str, caplog):
    assert engine.read("SELECT flaky(2, 1213) AS tried", {})["tried"][0] == 3
    first, second = warnings(caplog)
    assert first.startswith(f"{database} on 127.0.0.1: Deadlock found; trying again in 1.")
    assert first.endswith(" s, attempt 2 of 4")
    assert second.endswith(" s, attempt 3 of 4")
    assert "flaky" not in first


def test_four_attempts_are_enough(engine, caplog):
    with pytest.raises(QueryError, match="the SQL failed: Deadlock found"):
        engine.read("SELECT flaky(9, 1205) AS tried", {})
    assert len(warnings(caplog)) == 3


def test_what_would_fail_again_is_not_tried_again(engine, mariadb: Server, database: str, caplog):
    with pytest.raises(QueryError):
        engine.read("SELECT nothing FROM nowhere", {})
    limited = connect(mariadb.url(database), None, 1)
    with pytest.raises(QueryError, match="max_statement_time"):
        limited.read("SELECT SLEEP(30)", {})
    limited.close()
    with pytest.raises(Unreachable, match="Access denied"):
        connect(mariadb.url(database).replace("reads", "wrong"), None, 60)
    assert warnings(caplog) == []


def test_a_lost_connection_is_made_again_with_all_its_settings(engine, mariadb: Server, caplog):
    facts = "SELECT CONNECTION_ID() AS id, @@time_zone AS zone, @@tx_read_only AS read_only, @@max_statement_time AS seconds"
    before = engine.read(facts, {}).iloc[0]
    mariadb.execute(f"KILL {before['id']}")
    after = engine.read(facts, {}).iloc[0]
    assert after["id"] != before["id"]
    assert list(after)[1:] == list(before)[1:] == ["+00:00", 1, 60]
    assert len(warnings(caplog)) == 1


def test_a_database_that_is_not_there_in_a_query_is_no_lost_server(engine):
    with pytest.raises(QueryError):
        engine.read("SELECT 1 FROM no_such_database.heartbeat", {})


def test_a_dead_server_is_asked_four_times(tmp_path_factory, caplog):
    with running(tmp_path_factory.mktemp("s")) as server:
        engine = connect(server.url("mysql"), None, 60)
        server.process.kill()
        server.process.wait()
        with pytest.raises(Unreachable, match="Can't connect"):
            engine.read("SELECT 1", {})
        engine.close()
    assert [line[-6:] for line in warnings(caplog)] == ["2 of 4", "3 of 4", "4 of 4"]


def test_a_certificate_that_is_wrong_is_not_tried_again(tmp_path_factory, caplog):
    folder = tmp_path_factory.mktemp("s")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=elsewhere"]
    subprocess.run([*made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    with running(folder, f"--ssl-cert={certificate}", f"--ssl-key={key}") as server:
        with pytest.raises(Unreachable, match="certificate verify failed"):
            connect(f"{server.url('mysql')}?ssl_ca={certificate}&ssl_check_hostname=true", None, 60)
        assert warnings(caplog) == []
        connect(f"{server.url('mysql')}?ssl_ca={certificate}&ssl_check_hostname=false", None, 60).close()


def test_a_frozen_server_is_left_after_a_second_attempt_and_taken_up_when_it_thaws(tmp_path_factory, monkeypatch, caplog):
    monkeypatch.setattr(engine_of_mariadb, "CONNECT_SECONDS", 1)
    monkeypatch.setattr(engine_of_mariadb, "SECONDS_OVER_LIMIT", 0)
    with running(tmp_path_factory.mktemp("s")) as server:
        engine = connect(server.url("mysql"), None, 1)
        _freeze(server)
        try:
            started = time.monotonic()
            with pytest.raises(Unreachable, match="timed out"):
                engine.read("SELECT 1", {})
            with pytest.raises(Unreachable, match="timed out"):
                connect(server.url("mysql"), None, 1)
            assert time.monotonic() - started < 15
            assert [line[-6:] for line in warnings(caplog)] == ["2 of 2", "2 of 2"]
            _assert_not_waited_for_again(engine, caplog)
            server.process.send_signal(signal.SIGCONT)
            assert engine.read("SELECT 1 AS one", {})["one"][0] == 1
            _freeze(server)
            monkeypatch.setattr(retrying, "sleep", lambda seconds: server.process.send_signal(signal.SIGCONT))
            assert engine.read("SELECT 1 AS one", {})["one"][0] == 1
        finally:
            server.process.send_signal(signal.SIGCONT)
        engine.close()


def _assert_not_waited_for_again(engine, caplog) -> None:
    before = len(warnings(caplog))
    with pytest.raises(Unreachable, match="timed out"):
        engine.read("SELECT 1", {})
    assert len(warnings(caplog)) == before


def _freeze(server: Server) -> None:
    server.process.send_signal(signal.SIGSTOP)
    os.waitpid(server.process.pid, os.WUNTRACED)


def test_a_long_query_that_is_killed_is_tried_only_once_more(engine, monkeypatch, caplog):
    monkeypatch.setattr(retrying, "SLOW_SECONDS", 0)
    with pytest.raises(QueryError):
        engine.read("SELECT flaky(9, 1205) AS tried", {})
    assert [line[-6:] for line in warnings(caplog)] == ["2 of 2"]


def test_a_file_that_is_being_written_is_tried_again(file: Path, monkeypatch, caplog):
    engine = connect(f"sqlite:///{file}", None, 60)
    writer = sqlite3.connect(file, isolation_level=None)
    writer.execute("BEGIN EXCLUSIVE")
    monkeypatch.setattr(retrying, "sleep", lambda seconds: writer.execute("COMMIT"))
    assert engine.read("SELECT COUNT(*) AS many FROM t", {})["many"][0] == 0
    assert len(warnings(caplog)) == 1
    assert "database is locked; trying again in 1." in warnings(caplog)[0]
    writer.close()
    engine.close()


@pytest.mark.parametrize(("error", "reads_on"), [(Stopped, False), (Stopped, True), (KeyboardInterrupt, True)])
@pytest.mark.parametrize("name", ["sqlite", "mariadb"])
def test_what_a_signal_raises_comes_out_at_once(file: Path, mariadb: Server, name: str, error: type[BaseException], reads_on: bool, caplog):
    engine = connect(f"sqlite:///{file}" if name == "sqlite" else mariadb.url("mysql"), None, 60)
    raised = Stopped(signal.SIGTERM) if error is Stopped else error()

    def handler(*_: object) -> None:
        raise raised

    previous = signal.signal(signal.SIGALRM, handler)
    try:
        started = time.monotonic()
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        with pytest.raises(error) as caught:
            engine.read(ENDLESS if name == "sqlite" else "SELECT SLEEP(30) AS slept", {})
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
    assert caught.value is raised
    assert time.monotonic() - started < 5
    if reads_on:
        assert engine.read("SELECT 1 AS one", {})["one"][0] == 1
    engine.close()
    assert warnings(caplog) == []

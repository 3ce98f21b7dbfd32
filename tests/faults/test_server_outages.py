"""A database server that is stopped, killed or frozen: what is published stays, and the next run catches up."""

from __future__ import annotations

import json
import os
import signal

import pytest

from flow.engines import mariadb as engine_of_mariadb
from flow.engines import retrying
from flow.engines.mariadb import MariaDB
from tests.support.few import assert_whole, numbers, undisturbed
from tests.support.mariadb import Server
from tests.support.project import Project

EARLIER, NOW = "2024-03-01T12:00:00Z", "2024-04-01T12:00:00Z"


def settings(project: Project, server: Server, now: str = NOW, more: str = "") -> None:
    project.settings(f'[wikis.testwiki]\ncore = "{server.url("testwiki")}"\n{more}', now, wikis=())


@pytest.fixture
def ran(few: Project, fragile: Server) -> Project:
    settings(few, fragile, EARLIER)
    said = few.generate("run")
    assert said.code == 0, said.err
    settings(few, fragile)
    return few


def at_query(monkeypatch: pytest.MonkeyPatch, number: int, act) -> None:
    """Does ``act`` before the query of this number, counted from 1, is sent."""
    read, count = MariaDB.read, []

    def told(self, sql, values):
        count.append(sql)
        if len(count) == number:
            act()
        return read(self, sql, values)

    monkeypatch.setattr(MariaDB, "read", told)


def test_a_server_that_is_down_costs_one_night(ran: Project, fragile: Server):
    before = ran.published()
    fragile.stop()
    try:
        said = ran.generate("run")
        assert said.code == 3
        assert sum("failed: wiki 'testwiki': testwiki on 127.0.0.1: Can't connect" in line for line in said.err.splitlines()) == 1
        assert ran.published() == before
        assert all(each["failed"]["kind"] == "Unreachable" for each in ran.status()["datasets"].values())
    finally:
        fragile.start_again()
    assert ran.generate("run").code == 0
    assert numbers(ran) == undisturbed(ran)
    assert not any(each["failed"] for each in ran.status()["datasets"].values())


@pytest.mark.parametrize("number", [1, 4, 9, 14])
def test_a_server_that_is_killed_in_the_middle_of_a_run_costs_what_was_left(ran: Project, fragile: Server, monkeypatch, number: int):
    waited = []
    monkeypatch.setattr(retrying, "sleep", waited.append)
    before = ran.published()
    with monkeypatch.context() as patched:
        at_query(patched, number, lambda: fragile.stop(signal.SIGKILL))
        try:
            said = ran.generate("run")
        finally:
            fragile.start_again()
    assert said.code in (1, 3), said.err
    assert "Traceback" not in said.err
    assert len(waited) <= 3, "not once for each dataset"
    assert numbers(ran) == {path: before[path] for path in numbers(ran)} or number > 4
    assert_whole(ran)
    assert ran.generate("run").code == 0
    assert numbers(ran) == undisturbed(ran)


def test_a_server_that_comes_back_between_two_attempts_is_not_noticed(ran: Project, fragile: Server, monkeypatch):
    monkeypatch.setattr(retrying, "sleep", lambda seconds: fragile.start_again() if fragile.process.poll() is not None else None)
    at_query(monkeypatch, 9, lambda: fragile.stop(signal.SIGKILL))
    said = ran.generate("run")
    assert said.code == 0, said.err
    assert "trying again" in said.err
    monkeypatch.undo()


def test_a_frozen_server_ends_the_run_and_a_thawed_one_is_read(ran: Project, fragile: Server, monkeypatch):
    monkeypatch.setattr(engine_of_mariadb, "CONNECT_SECONDS", 1)
    monkeypatch.setattr(engine_of_mariadb, "SECONDS_OVER_LIMIT", 0)
    settings(ran, fragile, more='[run]\ntime_limit = "1s"\n')
    before = ran.published()

    def freeze() -> None:
        fragile.process.send_signal(signal.SIGSTOP)
        os.waitpid(fragile.process.pid, os.WUNTRACED)

    with monkeypatch.context() as patched:
        at_query(patched, 7, freeze)
        try:
            said = ran.generate("run")
        finally:
            fragile.process.send_signal(signal.SIGCONT)
    assert said.code in (1, 3), said.err
    assert "Lost connection to MySQL server during query (timed out)" in said.err
    assert numbers(ran) == {path: before[path] for path in numbers(ran)}
    settings(ran, fragile)
    assert ran.generate("run").code == 0
    assert numbers(ran) == undisturbed(ran)


def test_of_two_wikis_the_one_that_is_down_is_missing_and_the_other_published(ran: Project, fragile: Server):
    dead = 'core = "mysql+pymysql://reader:reads@127.0.0.1:1/deadwiki"'
    settings(ran, fragile, more=f"[wikis.deadwiki]\n{dead}\n")
    said = ran.generate("run")
    assert said.code == 1
    assert "datafiles/testwiki/month/talk_versus_flow.csv" in ran.published()
    assert not [path for path in ran.published() if "deadwiki" in path]
    settings(ran, fragile)
    assert numbers(ran) == undisturbed(ran)


def test_an_operator_is_told_of_a_server_that_is_down(ran: Project, fragile: Server):
    told = ran.folder / "told"
    dead = fragile.url("testwiki").replace(str(fragile.port), "1")
    ran.settings(f'[wikis.testwiki]\ncore = "{dead}"\n', wikis=())
    said = ran.generate("run", "--log-format", "json", "--on-failure", f"cat > {told}")
    assert said.code == 3
    lines = [json.loads(line) for line in said.err.splitlines()]
    assert lines[-1]["message"] == "1 failures."
    assert told.read_text().startswith("limn-flow-data: exit code 3\n")
    assert "failed: wiki 'testwiki': testwiki on 127.0.0.1" in told.read_text()
    assert told.read_text().splitlines()[-1] == "1 failures."

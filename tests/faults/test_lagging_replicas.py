"""Replicas that lag: what is not there yet waits, and is said to; what is there goes ahead; in the end all is published."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pymysql
import pytest

from flow.simulate.life import Life, live
from flow.simulate.load import into_sqlite
from flow.simulate.scribe import Scribe
from tests.engines.test_replication import behind, eventually
from tests.faults.conftest import load
from tests.support.few import assert_whole, numbers, undisturbed
from tests.support.mariadb import Server, running
from tests.support.project import SINCE, UNTIL, Project

#: Few things happen, so that a wiki can be quiet for days.
LIFE = Life(3, SINCE, UNTIL, topics=2, edits=5, people=9)
#: Weeks and months pass between two edits.
QUIET = Life(4, date(2022, 1, 1), UNTIL, topics=0, edits=0.06, people=3)
FOLLOW = "CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = {port}, MASTER_USER = 'follower', MASTER_PASSWORD = 'f', MASTER_LOG_FILE = 'log.000001', MASTER_LOG_POS = 4, MASTER_CONNECT_RETRY = 1"


@pytest.fixture(scope="module")
def pair() -> Iterator[SimpleNamespace]:
    """A ``primary`` with the wiki, and a ``replica`` that follows it."""
    with (
        tempfile.TemporaryDirectory(prefix="flow") as one,
        tempfile.TemporaryDirectory(prefix="flow") as two,
        running(Path(one), "--server-id=1", "--log-bin=log") as primary,
        running(Path(two), "--server-id=2") as replica,
    ):
        primary.execute("CREATE USER follower@'%' IDENTIFIED BY 'f'", "GRANT REPLICATION SLAVE ON *.* TO follower@'%'", "RESET MASTER")
        replica.execute("GRANT SLAVE MONITOR ON *.* TO reader@'%'", FOLLOW.format(port=primary.port), "START SLAVE")
        load(primary, "testwiki", LIFE)
        eventually(lambda: behind(replica) == 0 and rows(replica) == rows(primary))
        yield SimpleNamespace(primary=primary, replica=replica)


def rows(server: Server) -> int:
    try:
        with server.connect("testwiki") as connection, connection.cursor() as cursor:
            cursor.execute("SELECT (SELECT COUNT(*) FROM revision) + (SELECT COUNT(*) FROM flow_revision)")
            return int(cursor.fetchone()[0])
    except pymysql.err.Error:  # not there yet
        return -1


def settings(project: Project, core: Server, flow: Server, now: str) -> None:
    project.settings(f'[wikis.testwiki]\ncore = "{core.url("testwiki")}"\nflow = "{flow.url("testwiki")}"\n', now, wikis=())


def through(project: Project, dataset: str, grain: str = "month") -> list[str]:
    return [line[:10] for line in project.published()[f"datafiles/testwiki/{grain}/{dataset}.csv"].decode().splitlines()[1:]]


@pytest.fixture
def stopped(pair) -> Iterator[SimpleNamespace]:
    """The pair, of which the replica stands still."""
    pair.replica.execute("STOP SLAVE")
    yield pair
    pair.replica.execute("START SLAVE")
    eventually(lambda: behind(pair.replica) == 0)


NOW, NEXT = "2024-04-01T12:00:00Z", "2024-04-02T12:00:00Z"
WAITS = "the database of its {} tables is complete only until 2024-03-31"


def test_what_stands_still_waits_and_the_next_run_after_catching_up_publishes_it(few: Project, stopped):
    settings(few, stopped.replica, stopped.replica, NOW)
    said = few.generate("run")
    assert said.code == 0, said.err
    assert f"talk_edits, testwiki, month: waits from 2024-03-01 on, {WAITS.format('core')}" in said.err
    assert through(few, "talk_edits") == through(few, "talk_versus_flow") == ["2024-01-01", "2024-02-01"]
    assert few.status()["datasets"]["talk_edits", "testwiki", "month"]["waits"].startswith(WAITS.format("core"))
    assert "CSVs wait for their database" in said.err.splitlines()[-1]
    assert_whole(few)
    stopped.replica.execute("START SLAVE")
    eventually(lambda: behind(stopped.replica) == 0)
    said = few.generate("run")
    assert said.code == 0, said.err
    assert through(few, "talk_edits")[-1] == through(few, "talk_versus_flow")[-1] == "2024-03-01"
    assert not any(each["waits"] for each in few.status()["datasets"].values())
    assert numbers(few) == undisturbed(few)


def test_where_only_flow_lags_what_needs_core_alone_goes_ahead(few: Project, stopped):
    settings(few, stopped.primary, stopped.replica, NOW)
    assert few.generate("run").code == 0
    assert through(few, "talk_edits")[-1] == "2024-03-01"
    assert through(few, "flow_edits")[-1] == through(few, "talk_versus_flow")[-1] == "2024-02-01"
    waits = {key[0] for key, each in few.status()["datasets"].items() if each["waits"] and key[2] == "month"}
    assert waits == {"flow_edits", "flow_people", "new_topics", "talk_versus_flow"}
    settings(few, stopped.primary, stopped.primary, NOW)
    assert few.generate("run").code == 0
    assert through(few, "talk_versus_flow")[-1] == "2024-03-01"
    assert numbers(few) == undisturbed(few)


def test_what_was_published_of_a_period_stays_while_its_replica_stands_still(few: Project, stopped):
    settings(few, stopped.primary, stopped.primary, NOW)
    assert few.generate("run").code == 0
    before = numbers(few)
    settings(few, stopped.replica, stopped.replica, NEXT)
    assert few.generate("run", "--again").code == 0
    assert numbers(few) == before


def test_a_quiet_wiki_gets_its_zeros_after_the_grace(few: Project):
    (few.folder / "testwiki.sqlite").unlink()
    with into_sqlite(few.folder / "testwiki.sqlite") as emit:
        live(Scribe("testwiki", emit), QUIET)
    few.settings(now="2024-06-01T05:00:00Z")
    assert few.generate("run").code == 0
    assert through(few, "talk_edits")[-1] == "2024-04-01", "May has its grace until six"
    few.settings(now="2024-06-01T06:00:00Z")
    assert few.generate("run").code == 0
    last = few.published()["datafiles/testwiki/month/talk_edits.csv"].decode().splitlines()[-1]
    assert last.startswith("2024-05-01,0,")


def test_the_newest_row_closes_a_period_before_its_grace_is_over(few: Project):
    few.settings(now="2024-03-01T01:00:00Z")
    with sqlite3.connect(few.folder / "testwiki.sqlite") as file:
        file.execute("DELETE FROM revision WHERE rev_timestamp >= '20240301'")
    closed = []
    for newest in ("20240301000500", "20240301001500"):
        with file:
            file.execute("UPDATE revision SET rev_timestamp = ? WHERE rev_id = (SELECT MAX(rev_id) FROM revision)", (newest,))
        assert few.generate("run", "talk_edits").code == 0
        closed.append(through(few, "talk_edits"))
    file.close()
    assert closed == [["2024-01-01"], ["2024-01-01", "2024-02-01"]]

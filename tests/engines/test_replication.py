"""How far behind its primary a server is: two real servers, one following the other."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from flow.engines import connect
from flow.errors import Unreachable
from tests.support.mariadb import Server, running


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """A ``primary`` and its ``replica``, of which ``reader`` may read all and know how it follows."""
    folders = [tmp_path_factory.mktemp("p"), tmp_path_factory.mktemp("r")]
    with running(folders[0], "--server-id=1", "--log-bin=log") as primary, running(folders[1], "--server-id=2") as replica:
        primary.execute("CREATE USER follower@'%' IDENTIFIED BY 'f'", "GRANT REPLICATION SLAVE ON *.* TO follower@'%'", "RESET MASTER")
        primary.execute("CREATE DATABASE heartbeat")
        replica.execute("GRANT SLAVE MONITOR ON *.* TO reader@'%'", "CREATE USER blind@'%' IDENTIFIED BY 'reads'")
        replica.execute(
            f"CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = {primary.port}, MASTER_USER = 'follower', MASTER_PASSWORD = 'f',"
            " MASTER_LOG_FILE = 'log.000001', MASTER_LOG_POS = 4, MASTER_CONNECT_RETRY = 1",
            "START SLAVE",
        )
        eventually(lambda: behind(replica) == 0)
        yield SimpleNamespace(primary=primary, replica=replica)


def behind(server: Server, user: str = "reader") -> float | None:
    engine = connect(server.url("").replace("reader", user), None, 60)
    try:
        return engine.behind()
    finally:
        engine.close()


def eventually(condition) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_server_that_follows_nobody_tells_nothing(mariadb: Server, tmp_path: Path, pair):
    assert behind(pair.primary) is None
    assert behind(mariadb) is None
    (tmp_path / "a.sqlite").touch()
    engine = connect(f"sqlite:///{tmp_path / 'a.sqlite'}", None, 60)
    assert engine.behind() is None
    engine.close()


def test_an_account_that_may_not_ask_learns_nothing(pair):
    assert behind(pair.replica, "blind") is None


def test_a_replica_that_is_up_to_date_is_behind_by_nothing(pair):
    assert behind(pair.replica) == 0


@pytest.mark.parametrize("thread", ["SQL_THREAD", "IO_THREAD"])
def test_replication_that_stands_still_is_infinitely_behind(pair, thread: str):
    pair.replica.execute(f"STOP SLAVE {thread}")
    assert behind(pair.replica) == math.inf
    pair.replica.execute(f"START SLAVE {thread}")
    eventually(lambda: behind(pair.replica) == 0)


def test_of_several_primaries_the_worst_counts(pair):
    pair.replica.execute("CHANGE MASTER 'other' TO MASTER_HOST = '127.0.0.1', MASTER_PORT = 1, MASTER_USER = 'f'")
    assert behind(pair.replica) == math.inf
    pair.replica.execute("RESET SLAVE 'other' ALL")
    assert behind(pair.replica) == 0


def test_a_delayed_replica_is_behind_by_what_it_holds_back(pair):
    pair.replica.execute("STOP SLAVE", "CHANGE MASTER TO MASTER_DELAY = 3600", "START SLAVE")
    pair.primary.execute("CREATE DATABASE later")
    eventually(lambda: 0 < (behind(pair.replica) or 0) < math.inf)
    pair.replica.execute("STOP SLAVE", "CHANGE MASTER TO MASTER_DELAY = 0", "START SLAVE")
    eventually(lambda: behind(pair.replica) == 0)


def test_a_heartbeat_tells_what_replication_does_not(pair):
    pair.primary.execute(
        "CREATE TABLE heartbeat.heartbeat (ts VARCHAR(26) NOT NULL, server_id INT UNSIGNED NOT NULL PRIMARY KEY)",
        "INSERT INTO heartbeat.heartbeat VALUES (DATE_FORMAT(UTC_TIMESTAMP() - INTERVAL 500 SECOND, '%Y-%m-%dT%H:%i:%s.001220'), 1),"
        " ('2014-01-01T00:00:00.001000', 7)",
        "GRANT SELECT ON *.* TO blind@'%' IDENTIFIED BY 'reads'",
        "CREATE DATABASE heartbeat_p",
    )
    assert behind(pair.primary, "blind") == pytest.approx(500, abs=20)
    eventually(lambda: behind(pair.replica) == pytest.approx(500, abs=20))
    pair.primary.execute(
        "CREATE VIEW heartbeat_p.heartbeat AS SELECT 's1' AS shard, MAX(ts) - INTERVAL 1 HOUR AS last_updated, 0 AS lag FROM heartbeat.heartbeat"
    )
    assert behind(pair.primary) == pytest.approx(4100, abs=20)
    pair.primary.execute("DROP DATABASE heartbeat_p", "DELETE FROM heartbeat.heartbeat")
    assert behind(pair.primary) is None
    pair.primary.execute("DROP TABLE heartbeat.heartbeat")


def test_a_server_that_is_gone_is_unreachable(tmp_path_factory: pytest.TempPathFactory):
    with running(tmp_path_factory.mktemp("s")) as server:
        engine = connect(server.url("mysql"), None, 60)
        server.process.kill()
        server.process.wait()
        with pytest.raises(Unreachable):
            engine.behind()
        engine.close()

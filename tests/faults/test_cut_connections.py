"""Connections that break in the middle of an answer, and locks that others hold: tried again, and in the end right or told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.test_server_outages import settings
from tests.support import proxy
from tests.support.few import assert_whole, numbers, undisturbed
from tests.support.mariadb import Server
from tests.support.project import Project

#: More than a connection's own set-up takes, and less than the schema's probe and some answers do.
BYTES = 3000


@pytest.fixture
def expected(few: Project, fragile: Server) -> dict[str, bytes]:
    settings(few, fragile)
    return undisturbed(few)


def through(project: Project, fragile: Server, limit: proxy.Limit) -> Iterator[proxy.Proxy]:
    with proxy.before(fragile.port, limit) as made:
        project.settings(f'[wikis.testwiki]\ncore = "{made.url(fragile.url("testwiki"), fragile.port)}"\n', wikis=())
        yield made


@pytest.mark.parametrize(
    "limit",
    [
        lambda number: 0 if number <= 3 else None,
        lambda number: 100 if number <= 2 else None,
        lambda number: BYTES if number % 2 else None,
        lambda number: BYTES + 800 * number,
    ],
    ids=["before the greeting", "in the greeting", "every other one in an answer", "each a little later"],
)
def test_connections_that_are_cut_are_made_again_and_the_numbers_are_right(few: Project, fragile: Server, expected, limit):
    for made in through(few, fragile, limit):
        said = few.generate("run")
        assert made.cuts > 0
    assert said.code == 0, said.err
    assert "trying again" in said.err
    assert numbers(few) == expected


@pytest.mark.parametrize("limit", [0, 50, 700, 1500], ids=str)
def test_connections_that_are_cut_for_ever_end_in_one_line(few: Project, fragile: Server, limit: int):
    for made in through(few, fragile, lambda number: limit):
        said = few.generate("run")
        assert made.connections <= 4 + 20, "it is no storm"
    assert said.code in (1, 3), said.err
    assert "Traceback" not in said.err
    assert sum("failed: " in line for line in said.err.splitlines()) <= 2, said.err


@pytest.mark.parametrize(("number", "text"), [(1213, "Deadlock found when trying to get lock"), (1205, "Lock wait timeout exceeded")])
def test_a_lock_that_another_transaction_holds_passes(few: Project, fragile: Server, expected, number: int, text: str):
    for made in through(few, fragile, lambda number: None):
        made.refusal, made.marked, made.refusals = proxy.error_packet(number, "40001", text), b"flow_workflow", 2
        said = few.generate("run")
        assert made.refusals == 0
    assert said.code == 0, said.err
    assert f"{text}; trying again" in said.err
    assert numbers(few) == expected


def test_a_table_that_somebody_locked_is_waited_for_and_told(few: Project, fragile: Server, expected, monkeypatch):
    from flow.engines import retrying

    fragile.execute("SET GLOBAL lock_wait_timeout = 1")
    holder = fragile.connect("testwiki", autocommit=True)
    with holder, holder.cursor() as cursor:
        cursor.execute("LOCK TABLES revision WRITE, flow_workflow READ")
        settings(few, fragile)
        said = few.generate("run", "talk_edits", "--grain", "month")
        assert said.code == 1
        assert "Lock wait timeout exceeded; try restarting transaction" in said.err
        assert not few.public.exists()
        monkeypatch.setattr(retrying, "sleep", lambda seconds: cursor.execute("UNLOCK TABLES"))
        said = few.generate("run")
    fragile.execute("SET GLOBAL lock_wait_timeout = 86400")
    assert said.code == 0, said.err
    assert "trying again" in said.err
    assert_whole(few)
    assert numbers(few) == expected

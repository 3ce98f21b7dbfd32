"""What the tests of faults share: a small wiki on a MariaDB server that may be stopped, killed and frozen."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from flow.simulate.life import Life, live
from flow.simulate.load import into_mariadb
from flow.simulate.scribe import Scribe
from tests.support.mariadb import Server, running
from tests.support.project import SINCE, UNTIL

#: What was committed outlives a kill, as on a server that is in earnest.
DURABLE = ("--innodb-flush-log-at-trx-commit=1",)
LIFE = Life(3, SINCE, UNTIL, topics=2, edits=5, people=9)


@pytest.fixture(scope="session")
def fragile() -> Iterator[Server]:
    """A server of its own that holds ``testwiki``; whoever stops it starts it again."""
    with tempfile.TemporaryDirectory(prefix="flow") as folder, running(Path(folder), *DURABLE) as server:
        load(server, "testwiki")
        yield server


def load(server: Server, wiki: str, life: Life = LIFE) -> None:
    """Makes a small wiki on ``server``."""
    server.database(wiki)
    with server.connect(wiki) as connection, into_mariadb(connection) as emit:
        live(Scribe(wiki, emit), life)

"""A source that stands still, and tells nobody: what is missing is not published as zeros, and comes when rows come again."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from flow.wiki.stamps import epoch_seconds, flow_id
from tests.conftest import CHECKOUT
from tests.support.few import assert_whole, numbers, undisturbed
from tests.support.mariadb import Server
from tests.support.project import Project, Said

#: The last row of the real wiki is of 28 June 2023.
NIGHT, LATER = "2023-07-09T06:30:00Z", "2023-08-07T06:30:00Z"
STILL = "held back: wiki 'realwiki': its {} tables stand still: no row since 2023-06-28"


class Nights:
    """Nightly runs over the real wiki, whose account may only read and sees no replication."""

    def __init__(self, project: Project, server: Server) -> None:
        self.project, self.server, self.database = project, server, server.database()
        server.load(self.database, gzip.decompress((CHECKOUT / "tests/data/realwiki/realwiki.sql.gz").read_bytes()))

    def run(self, now: str, *options: str, more: str = "") -> Said:
        url = self.server.url(self.database)
        sections = f'[wikis.realwiki]\ncore = "{url}"\nflow = "{url}"\n{more}'
        self.project.settings(sections, now, wikis=(), grains='["day", "month"]')
        return self.project.generate("run", *options)

    def remove(self, since: str) -> None:
        """Removes the rows from ``since`` on, as if they had not come yet; they are put aside."""
        id = flow_id(epoch_seconds(datetime.fromisoformat(f"{since}T00:00:00Z"))).hex()
        digits = since.replace("-", "")
        for table, rows in self._rows(digits, f"X'{id}'"):
            self.server.execute(f"CREATE TABLE later_{table} SELECT * FROM {table} WHERE {rows}", database=self.database)
            self.server.execute(f"DELETE FROM {table} WHERE {rows}", database=self.database)

    def restore(self) -> None:
        """Puts the rows back, as a replica that catches up does."""
        for table, _ in self._rows("", "''"):
            self.server.execute(f"INSERT INTO {table} SELECT * FROM later_{table}", database=self.database)

    def _rows(self, digits: str, id: str) -> list[tuple[str, str]]:
        times = (("revision", "rev"), ("logging", "log"), ("recentchanges", "rc"), ("archive", "ar"), ("echo_notification", "notification"))
        found = [(table, f"{prefix}_timestamp >= '{digits}'") for table, prefix in times]
        return [*found, ("flow_revision", f"rev_id >= {id}"), ("flow_workflow", f"workflow_id >= {id}")]

    def column(self, dataset: str, grain: str, column: str) -> dict[str, str]:
        lines = self.project.published()[f"datafiles/realwiki/{grain}/{dataset}.csv"].decode().splitlines()
        place = lines[0].split(",").index(column)
        return {line[:10]: line.split(",")[place] for line in lines[1:]}


@pytest.fixture
def nights(few: Project, mariadb: Server) -> Iterator[Nights]:
    made = Nights(few, mariadb)
    yield made
    mariadb.execute(f"DROP DATABASE `{made.database}`")


def test_a_source_that_stands_still_is_not_published_as_zeros(nights: Nights):
    said = nights.run(NIGHT)
    assert said.code == 4, said.err
    for kind in ("core", "flow"):
        assert STILL.format(kind) in said.err
    assert max(nights.column("talk_edits", "day", "edits")) == max(nights.column("flow_edits", "day", "topics")) == "2023-06-27"
    assert max(nights.column("talk_edits", "month", "edits")) == "2023-05-01", "June is not known to be complete"
    assert nights.project.status()["exit_code"] == 4
    assert_whole(nights.project)
    again = nights.run(NIGHT)
    assert again.code == 4, "it is said each night"


def test_forty_nights_of_standing_still_leave_nothing_that_a_repair_does_not_mend(nights: Nights):
    nights.remove("2023-05-20")
    for day in [*range(10), 10, 25, 39]:  # once all waits, each night is like the one before
        instant = datetime(2023, 5, 21, 6, 30, tzinfo=UTC) + timedelta(days=day)
        assert nights.run(f"{instant:%Y-%m-%dT%H:%M:%SZ}").code in (0, 4)
    zeros = [day for day, number in nights.column("talk_edits", "day", "edits").items() if day >= "2023-05-20"]
    assert len(zeros) <= 8, "after the silence that is usual there is no more"
    nights.restore()
    said = nights.run("2023-06-30T06:30:00Z")
    assert said.code == 0, said.err
    assert "newer rows than it was computed from" in said.err
    assert numbers(nights.project) == undisturbed(nights.project)


def test_a_wiki_that_is_closed_has_its_numbers_through_its_last_day_and_no_more(nights: Nights):
    said = nights.run(NIGHT, more="until = 2023-06-30\n")
    assert said.code == 0, said.err
    assert max(nights.column("talk_edits", "month", "edits")) == "2023-06-01"
    assert max(nights.column("talk_edits", "day", "edits")) == "2023-06-30"
    assert nights.run(LATER, more="until = 2023-06-30\n").code == 0
    assert max(nights.column("flow_edits", "day", "topics")) == "2023-06-30"


def test_flow_can_be_closed_alone(nights: Nights):
    said = nights.run(NIGHT, more="flow_until = 2023-05-31\n")
    assert said.code == 4, said.err
    assert STILL.format("core") in said.err
    assert STILL.format("flow") not in said.err
    assert max(nights.column("flow_edits", "month", "topics")) == max(nights.column("talk_versus_flow", "month", "talk_edits")) == "2023-05-01"


def test_a_fresh_row_anywhere_on_the_server_makes_the_zeros_of_others_true(nights: Nights):
    columns = "log_type, log_action, log_timestamp, log_actor, log_namespace, log_title, log_comment_id, log_params"
    values = "'rights', 'rights', '20230709060000', 1, 2, 'Somebody', 1, ''"
    nights.server.execute(f"INSERT INTO logging ({columns}) VALUES ({values})", database=nights.database)
    said = nights.run(NIGHT)
    assert said.code == 0, said.err
    assert nights.column("talk_edits", "day", "edits")["2023-07-08"] == nights.column("flow_edits", "day", "topics")["2023-07-05"] == "0"


def test_a_dry_run_tells_it_too(nights: Nights):
    said = nights.run(NIGHT, "--dry-run")
    assert said.code == 4
    assert STILL.format("core") in said.err

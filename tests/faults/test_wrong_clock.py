"""A clock that is wrong: nothing is published by it, and what one that was ahead has published is taken back."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from flow.datasets.catalog import load as load_catalog
from flow.errors import HeldBack
from flow.pipeline.outcome import Outcome
from flow.pipeline.plan import Selection
from flow.pipeline.run import Run
from flow.settings import load as load_settings
from flow.simulate.life import Life, live
from flow.simulate.load import into_mariadb
from flow.simulate.scribe import Scribe
from tests.support.few import assert_whole, numbers
from tests.support.mariadb import Server
from tests.support.project import SINCE, UNTIL, Project

YEAR = timedelta(days=366)
CLOSED = "until = 2024-03-31\n"


@pytest.fixture
def server_wiki(mariadb: Server) -> str:
    """The URL of the small wiki in a server, which has a clock."""
    database = mariadb.database()
    with mariadb.connect(database) as connection, into_mariadb(connection) as emit:
        live(Scribe("testwiki", emit), Life(3, SINCE, UNTIL, topics=2, edits=5, people=5))
    return mariadb.url(database)


Runs = Callable[..., Outcome]


@pytest.fixture
def runs(few: Project) -> Runs:
    """A run whose machine's clock says what is given; no demo."""

    def run(url: str, now: datetime, text: str = CLOSED, accept: bool = False) -> Outcome:
        path = few.folder / "settings.toml"
        path.write_text(f'[output]\nfolder = "output"\ngrains = ["month"]\n[wikis.testwiki]\ncore = "{url}"\n{text}', "utf-8")
        job = Run(load_settings(path), load_catalog(few.folder / "queries"), few.folder / "reportcard.json", now)
        job.clock = type(job.clock)(now, is_accepted=accept)
        return job.run(Selection())

    return run


def put_log_line(few: Project, at: datetime | None) -> None:
    """A row of ``at``, so that a wiki seems alive then; none for None."""
    with sqlite3.connect(few.folder / "testwiki.sqlite") as file:
        file.execute("DELETE FROM logging WHERE log_type = 'later'")
        if at:
            columns = "log_type, log_action, log_timestamp, log_actor, log_namespace, log_title, log_page"
            file.execute(f"INSERT INTO logging ({columns}) VALUES ('later', '', '{at:%Y%m%d%H%M%S}', 1, 0, '', 0)")
    file.close()


@pytest.mark.parametrize("wrong", [YEAR, -YEAR, timedelta(hours=2)])
def test_a_clock_that_differs_from_the_databases_publishes_nothing(few: Project, runs: Runs, server_wiki: str, wrong: timedelta):
    with pytest.raises(HeldBack, match=r"this machine's clock says .* and that of the server of wiki 'testwiki'.* set the wrong one right"):
        runs(server_wiki, datetime.now(UTC) + wrong)
    assert not few.public.exists()
    assert runs(server_wiki, datetime.now(UTC) + timedelta(minutes=30)).exit_code == 0


def ahead(few: Project) -> None:
    """Publishes a year that is not over, as a clock did that was ahead for a night."""
    later = datetime.now(UTC) + YEAR
    put_log_line(few, later - timedelta(hours=1))
    few.settings(now=f"{later:%Y-%m-%dT%H:%M:%SZ}", grains='["month"]')
    few.generate("run")
    put_log_line(few, datetime.now(UTC) - timedelta(minutes=1))
    assert months(few)[-1] > f"{datetime.now(UTC):%Y-%m-%d}"


def months(few: Project) -> list[str]:
    lines = few.published()["datafiles/testwiki/month/talk_edits.csv"].decode().splitlines()[1:]
    return [line[:10] for line in lines]


def test_a_file_has_no_clock_so_a_person_must_say_which_is_right(few: Project, runs: Runs):
    ahead(few)
    url, before = f"sqlite:///{few.folder}/testwiki.sqlite", numbers(few)
    with pytest.raises(HeldBack, match="one of the clocks was wrong: set this one right, or 'run --accept-clock' if it is right"):
        runs(url, datetime.now(UTC), "")
    assert numbers(few) == before
    assert runs(url, datetime.now(UTC), "", accept=True).exit_code == 0
    this_month = f"{datetime.now(UTC):%Y-%m-01}"
    assert all(month < this_month for month in months(few))
    assert months(few)[:3] == ["2024-01-01", "2024-02-01", "2024-03-01"]
    assert_whole(few)
    assert runs(url, datetime.now(UTC), "").exit_code == 0, "it is said once"


def test_a_database_decides_and_future_periods_go_without_being_allowed_to(few: Project, runs: Runs, server_wiki: str, caplog):
    ahead(few)
    outcome = runs(server_wiki, datetime.now(UTC), "")
    assert "periods that are not over are dropped" in caplog.text
    assert all(month < f"{datetime.now(UTC):%Y-%m-01}" for month in months(few))
    assert outcome.exit_code == 4, "the server's wiki has no row since 2024: it stands still"
    assert_whole(few)


def test_the_command_says_it_in_one_line(few: Project):
    ahead(few)
    few.settings(now=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", grains='["month"]')
    text = (few.folder / "settings.toml").read_text()
    (few.folder / "settings.toml").write_text("\n".join(line for line in text.splitlines() if not line.startswith(("now", "demo"))))
    said = few.generate("run")
    assert said.code == 4
    assert "run --accept-clock" in said.one_line()
    assert few.generate("run", "--dry-run").code == 4
    assert few.generate("run", "--accept-clock").code == 0

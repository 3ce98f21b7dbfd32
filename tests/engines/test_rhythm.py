"""The newest row of a source, and the silence after which it has stopped."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from flow.commands.demo import LIVES
from flow.engines.lag import gather
from flow.engines.rhythm import newest_row, usual_silence
from flow.engines.sources import Sources
from flow.settings import Settings, Wiki
from flow.simulate.life import Life, live
from flow.simulate.load import into_sqlite
from flow.simulate.scribe import Scribe
from flow.wiki.stamps import epoch_seconds, flow_id
from tests.conftest import CHECKOUT
from tests.engines.conftest import Parts
from tests.support.mariadb import Server

NOW = datetime(2024, 6, 1, tzinfo=UTC)
#: What a broken clock wrote, and what another wiki wrote that shares the database of Flow.
BROKEN = datetime(2031, 1, 1, tzinfo=UTC)
OTHERS = datetime(2024, 5, 31, 12, 30, 7, tzinfo=UTC)
EMPTY = [f"DELETE FROM {table}" for table in ("revision", "logging", "flow_revision")]
DAY = timedelta(days=1)


def added(wiki: str, instant: datetime) -> str:
    id = flow_id(epoch_seconds(instant)).hex()
    columns = "rev_id, rev_type, rev_type_id, rev_user_id, rev_user_wiki"
    return f"INSERT INTO flow_revision ({columns}) VALUES (X'{id}', 'post', X'{id}', 1, '{wiki}')"


def test_the_newest_row_of_core_is_the_last_revision_not_of_the_future(wiki: Parts):
    source, execute = wiki
    last = str(source("core").engine.read("SELECT MAX(rev_timestamp) AS last FROM revision", {})["last"][0])
    execute(f"UPDATE revision SET rev_timestamp = '{BROKEN:%Y%m%d%H%M%S}' WHERE rev_id = 1")
    assert f"{newest_row([source('core')], NOW):%Y%m%d%H%M%S}" == last
    assert newest_row([source("core")], BROKEN) == BROKEN


def test_a_log_line_shows_that_core_is_alive(wiki: Parts):
    source, execute = wiki
    execute(f"UPDATE logging SET log_timestamp = '{OTHERS:%Y%m%d%H%M%S}' WHERE log_id = (SELECT * FROM (SELECT MAX(log_id) FROM logging) AS l)")
    assert newest_row([source("core")], NOW) == OTHERS


@pytest.mark.parametrize("broken", ["20231301000000", "20240230000000", "0", "        ", "1969"])
def test_a_row_whose_time_cannot_be_is_no_newest_row(wiki: Parts, broken: str):
    source, execute = wiki
    before = newest_row([source("core")], NOW)
    execute(f"UPDATE revision SET rev_timestamp = '{broken}' WHERE rev_id = 1")
    assert newest_row([source("core")], NOW) == before


def test_the_newest_row_of_flow_is_that_of_any_wiki_not_of_the_future(wiki: Parts):
    source, execute = wiki
    own = newest_row([source("flow")], NOW)
    assert own is not None
    assert own < OTHERS
    execute(added("otherwiki", OTHERS), added("enginewiki", BROKEN))
    assert newest_row([source("flow")], NOW) == OTHERS
    assert newest_row([source("flow")], OTHERS) == OTHERS
    assert newest_row([source("flow")], BROKEN) == BROKEN


def test_a_row_of_any_source_on_a_server_shows_that_all_are_alive(wiki: Parts):
    source, execute = wiki
    execute(added("enginewiki", OTHERS))
    assert newest_row([source("core"), source("flow")], NOW) == OTHERS


@pytest.mark.parametrize("kind", ["core", "flow"])
def test_an_empty_wiki_has_no_newest_row(wiki: Parts, kind: str):
    source, execute = wiki
    execute(*EMPTY)
    assert newest_row([source(kind)], NOW) is None


@pytest.mark.parametrize("wiki", ["mariadb"], indirect=True)
@pytest.mark.parametrize("kind", ["core", "flow"])
def test_the_newest_row_costs_one_look_into_an_index_of_each_table(wiki: Parts, kind: str):
    engine = wiki[0](kind).engine
    before = _handled(engine)
    newest_row([wiki[0](kind)], NOW)
    assert _handled(engine) - before <= {"core": 3, "flow": 1}[kind]


def _handled(engine) -> int:
    # In two statements of one session, for what the first shows is counted in the second.
    rows = engine.read("SHOW SESSION STATUS LIKE 'Handler_read_%'", {})
    return sum(int(value) for name, value in zip(rows["Variable_name"], rows["Value"], strict=True) if name != "Handler_read_rnd_next")


# How long a silence is usual, night by night


class Nights:
    """A wiki's whole history, looked at each night from 30 days after its first row on as if it were the present."""

    def __init__(self, sources: Sources, wiki: str) -> None:
        self.sources, self.wiki = sources, wiki

    def evidence(self, night: datetime, kind: str = "core"):
        return gather(self.sources, self.wiki, kind, night)

    def false(self, first: date, last: date, kind: str = "core") -> list[date]:
        """The nights on which the source seemed to stand still, though it did not."""
        nights = (datetime(first.year, first.month, first.day, 6, tzinfo=UTC) + n * DAY for n in range((last - first).days))
        return [night.date() for night in nights if self.evidence(night, kind).stands_still(night)]


def opened(urls: dict[str, str]) -> Iterator[Sources]:
    with Sources(Settings({wiki: Wiki(wiki, {"core": url, "flow": url}) for wiki, url in urls.items()})) as sources:
        yield sources


@pytest.fixture
def realwiki(mariadb: Server) -> Iterator[Sources]:
    database = mariadb.database()
    mariadb.load(database, gzip.decompress((CHECKOUT / "tests/data/realwiki/realwiki.sql.gz").read_bytes()))
    yield from opened({"realwiki": mariadb.url(database)})


@pytest.fixture
def sqlitewiki(tmp_path: Path) -> Iterator[Sources]:
    path = tmp_path / "wiki.sqlite"
    path.write_bytes(gzip.decompress((CHECKOUT / "tests/data/sqlitewiki/sqlitewiki.sqlite.gz").read_bytes()))
    yield from opened({"sqlitewiki": f"sqlite:///{path}"})


def outside(spans: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Statements that remove what was done in ``spans``, MMDD to MMDD of each year."""
    for first, last in spans:
        yield f"DELETE FROM revision WHERE SUBSTR(rev_timestamp, 5, 4) BETWEEN '{first}' AND '{last}'"
        yield f"DELETE FROM logging WHERE SUBSTR(log_timestamp, 5, 4) BETWEEN '{first}' AND '{last}'"


def simulated(tmp_path: Path, name: str, life: Life, away: Iterable[tuple[str, str]] = ()) -> Iterator[Sources]:
    """A simulated wiki's core tables, in which nothing happens in the spans ``away``."""
    path, flow = tmp_path / f"{name}.sqlite", tmp_path / f"{name}-flow.sqlite"
    with into_sqlite(path, flow) as emit:
        live(Scribe(name, emit), life)
    with sqlite3.connect(path) as file:
        for statement in outside(away):
            file.execute(statement)
    file.close()
    with Sources(Settings({name: Wiki(name, {"core": f"sqlite:///{path}", "flow": f"sqlite:///{flow}"})})) as sources:
        yield sources


#: Lessons, with the holidays of Easter, summer, autumn and Christmas between.
SCHOOL = Life(5, date(2021, 1, 8), date(2024, 1, 1), topics=0.5, edits=3, people=10, quiet=0.3)
HOLIDAYS = [("0401", "0415"), ("0626", "0904"), ("1020", "1102"), ("1220", "1231"), ("0101", "0107")]
#: A conference of three weeks in May.
ANNUAL = Life(6, date(2019, 5, 1), date(2024, 1, 1), topics=0.5, edits=8, people=10)
BETWEEN = [("0101", "0430"), ("0521", "1231")]


def spanned(sources: Sources, wiki: str) -> tuple[date, date]:
    source = sources.get(wiki, "core")
    first, last = source.first_day(), newest_row([source], datetime(2100, 1, 1, tzinfo=UTC))
    assert first
    assert last
    return first, last.date()
@pytest.mark.parametrize("name", ["realwiki", "sqlitewiki"])
@pytest.mark.parametrize("kind", ["core", "flow"])
def test_a_real_wiki_never_seems_to_stand_still(request, name: str, kind: str):
    sources = request.getfixturevalue(name)
    assert Nights(sources, name).false(*spanned(sources, name), kind) == []


@pytest.mark.parametrize("kind", ["core", "flow"])
def test_the_smallest_wiki_of_the_demo_never_seems_to_stand_still(tmp_path: Path, kind: str):
    for sources in simulated(tmp_path, "pocketwiki", LIVES["pocketwiki"]):
        assert Nights(sources, "pocketwiki").false(*spanned(sources, "pocketwiki"), kind) == []


@pytest.mark.parametrize(("name", "life", "away"), [("school", SCHOOL, HOLIDAYS), ("annual", ANNUAL, BETWEEN)])
def test_holidays_look_like_a_stop_in_the_first_year_only(tmp_path: Path, name: str, life: Life, away):
    for sources in simulated(tmp_path, name, life, away):
        first, last = spanned(sources, name)
        nights = Nights(sources, name)
        assert nights.false(first + 400 * DAY, last) == []
        assert nights.false(first, first + 365 * DAY), "nobody can know yet that it is a holiday"


def test_a_real_wiki_that_stops_is_found_out_after_a_week(realwiki: Sources):
    _, last = spanned(realwiki, "realwiki")
    after = [datetime(last.year, last.month, last.day, 6, tzinfo=UTC) + number * DAY for number in range(1, 20)]
    found = [night for night in after if Nights(realwiki, "realwiki").evidence(night).stands_still(night)]
    assert found == [night for night in after if night.date() >= last + 8 * DAY]


def test_a_few_rows_tell_nothing(tmp_path: Path):
    for sources in simulated(tmp_path, "tiny", Life(5, date(2024, 1, 1), date(2024, 1, 4), topics=0, edits=3, people=2)):
        source = sources.get("tiny", "core")
        newest = newest_row([source], NOW)
        assert newest
        assert usual_silence([source], newest) is None

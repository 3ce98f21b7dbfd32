"""One look back serves the days, weeks and months of a night, and comes to what each grain would have been told."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.datasets.period import Grain, Period, Range, whole_periods
from flow.engines.sources import Sources
from flow.pipeline.plan import MISSING, Due
from flow.pipeline.reading import Choices, Reader
from flow.pipeline.stocks import Stocks, group_days, last_day
from flow.settings import Settings, Wiki
from flow.shelf.entry import Key
from flow.simulate.life import Life, live
from flow.simulate.load import into_mariadb
from flow.simulate.scribe import Scribe
from flow.sql.request import choices
from tests.queries.test_reads import index_reads_of
from tests.support.mariadb import Server
from tests.support.project import Project

LIFE = Life(12, date(2023, 1, 1), date(2023, 8, 1), topics=3, edits=0.1)
#: What is due in the night to 1 August, with what is looked at again at 7 and at 30 days: and with a week and a month, or not.
DAYS = [Period(date(2023, 7, day), Grain.DAY) for day in (2, 25, 31)]
NIGHTS = {
    "a day": {Grain.DAY: DAYS},
    "a day, a week and a month": {
        Grain.DAY: DAYS,
        Grain.WEEK: [Period(date(2023, 7, day), Grain.WEEK) for day in (3, 17, 24)],
        Grain.MONTH: [Period(date(2023, 7, 1), Grain.MONTH)],
    },
}


@pytest.fixture(scope="module")
def sources(mariadb: Server) -> Iterator[Sources]:
    database = mariadb.database()
    with mariadb.connect(database) as connection, into_mariadb(connection) as emit:
        live(Scribe("stockwiki", emit), LIFE)
    url = mariadb.url(database)
    with Sources(Settings({"stockwiki": Wiki("stockwiki", {"core": url, "flow": url})})) as found:
        yield found


def due(night: dict[Grain, list[Period]]) -> list[Due]:
    return [Due(Key("unanswered_topics", "stockwiki", grain), dict.fromkeys(periods, MISSING)) for grain, periods in night.items()]


@pytest.mark.parametrize("name", NIGHTS)
def test_a_night_reads_what_one_query_of_one_look_back_reads(queries, sources, name):
    dataset, reader, stocks = queries.get("unanswered_topics"), Reader(queries, sources), Stocks()
    engine, plain = sources.get("stockwiki", "flow").engine, Choices(*choices(dataset.spans, {}))
    all_days = whole_periods(Range(DAYS[0].start, DAYS[-1].end), Grain.DAY)
    reader.rows(dataset, "stockwiki", all_days, plain)  # what is asked once a run is asked here

    def compute() -> None:
        stocks.expect(due(NIGHTS[name]))
        for periods in NIGHTS[name].values():
            for period in periods:
                stocks.rows(reader, dataset, "stockwiki", [period])

    one = index_reads_of(engine, lambda: reader.rows(dataset, "stockwiki", all_days, plain))
    assert one > 1000
    assert index_reads_of(engine, compute) == one


@pytest.mark.parametrize("grain", Grain)
def test_a_stock_is_that_of_its_last_day(queries, sources, grain):
    dataset, reader = queries.get("unanswered_topics"), Reader(queries, sources)
    periods = whole_periods(Range(LIFE.since, LIFE.until), grain)
    asked = reader.rows(dataset, "stockwiki", periods, Choices(*choices(dataset.spans, {})))
    assert any(int(texts[0]) for texts in asked.values())
    assert Stocks().rows(reader, dataset, "stockwiki", periods) == asked


@given(st.sets(st.integers(0, 900), min_size=1), st.integers(0, 100))
def test_the_days_between_are_read_where_they_are_fewer_than_what_is_looked_back(numbers: set[int], look_back: int):
    days = {Period(date(2020, 1, 1) + timedelta(days=number), Grain.DAY) for number in numbers}
    groups = group_days(days, look_back)
    read = [day for group in groups for day in group]
    assert days <= {*read}
    assert len(read) == len({*read})
    assert all(group == whole_periods(Range(group[0].start, group[-1].end), Grain.DAY) for group in groups)
    assert all(len(group) <= 366 for group in groups)
    assert all({group[0], group[-1]} <= days for group in groups)
    assert all(not is_near(days, day, look_back) for day in {*read} - days)


def is_near(days: Iterable[Period], day: Period, look_back: int) -> bool:
    """Whether a day that nobody asked for is farther from those that somebody did than a look back is long."""
    before = max((each.start for each in days if each.start < day.start), default=day.start)
    after = min((each.start for each in days if each.start > day.start), default=day.start)
    return (after - before).days > look_back + 1


def test_a_week_and_a_month_end_with_their_last_day():
    assert str(last_day(Period(date(2024, 2, 1), Grain.MONTH))) == "2024-02-29"
    assert str(last_day(Period(date(2024, 2, 26), Grain.WEEK))) == "2024-03-03"


def test_what_is_published_is_what_each_grain_is_told(project: Project):
    project.settings(grains='["month", "week", "day"]')
    assert project.generate("run", "unanswered_topics").code == 0
    for grain in Grain:
        text = project.published()[f"datafiles/testwiki/{grain}/unanswered_topics.csv"].decode()
        asked = ("query", "unanswered_topics", "--wiki", "testwiki", "--grain", str(grain), "--format", "csv")
        told = project.generate(*asked, "--since", "2024-01-01", "--until", "2024-04-01").out
        rows = {row["date"]: row["waiting"] for row in csv.DictReader(io.StringIO(told))}
        published = {row["date"]: row["waiting"] for row in csv.DictReader(io.StringIO(text))}
        assert {day: number for day, number in published.items() if day in rows} == rows
        assert any(number != "0" for number in rows.values())

"""Every number equals a diary of simulated lives; both engines, and a SQLite that mixes its types, give the same bytes."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from flow.datasets.catalog import Catalog
from flow.datasets.period import Grain, Period, Range, midnight, runs, whole_periods
from flow.engines.sources import Sources
from flow.pipeline.reading import MOST_PERIODS, Choices, Reader
from flow.settings import Settings, Wiki
from flow.shelf.csvfile import render
from flow.simulate.life import Life, live
from flow.simulate.load import into_mariadb, into_sqlite
from flow.sql.request import choices
from flow.wiki.stamps import epoch_seconds
from tests.support.diary import Count, Diary, quantile
from tests.support.mariadb import Server

# A leap day, and the ISO week 53 of 2020; each with its own borders, people and chances.
LIVES = {
    "leapwiki": Life(101, date(2024, 1, 20), date(2024, 7, 5), topics=4, edits=12, people=8),
    "week53wiki": Life(202, date(2020, 11, 3), date(2021, 2, 20), topics=6, edits=6, people=3, quiet=0.3),
}
KINDS = ["topics", "replies", "post_edits", "title_edits", "header_edits", "summary_edits"]


@dataclass(frozen=True, slots=True)
class Simulated:
    """A life that was written to a database at ``url``, and its diary."""

    wiki: str
    url: str
    path: Path
    diary: Diary

    @property
    def days(self) -> Range:
        """All days of the life, and some after it."""
        life = LIVES[self.wiki]
        return Range(life.since.replace(day=1), date(life.until.year, life.until.month + 2, 1))

    def texts(self, queries: Catalog, url: str, grain: Grain, **given: str) -> dict[str, str]:
        """The CSV of each dataset."""
        found = {}
        with Sources(Settings({self.wiki: Wiki(self.wiki, {"core": url, "flow": url})})) as sources:
            for made in queries.datasets.values():
                known = {name: text for name, text in given.items() if name == "bots" or name in made.spans}
                chosen = Choices(*choices(dict(made.spans), known))
                rows: dict[str, list[str]] = {}
                for run in runs(self.periods(grain), MOST_PERIODS[grain]):
                    rows |= Reader(queries, sources).rows(made, self.wiki, run, chosen)
                found[made.id] = render(made.column_ids, rows)
        return found

    def periods(self, grain: Grain) -> list[Period]:
        return whole_periods(self.days, grain)


@pytest.fixture(scope="module", params=list(LIVES))
def simulated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulated]:
    path = tmp_path_factory.mktemp(request.param) / "wiki.sqlite"
    with into_sqlite(path) as emit:
        diary = Diary(request.param, emit)
        live(diary, LIVES[request.param])
    yield Simulated(request.param, f"sqlite:///{path}", path, diary)


@pytest.fixture(params=list(Grain))
def grain(request: pytest.FixtureRequest) -> Grain:
    return Grain(request.param)


def table(text: str) -> dict[str, dict[str, str]]:
    header, *lines = (line.split(",") for line in text.splitlines())
    return {line[0]: dict(zip(header[1:], line[1:], strict=True)) for line in lines}


@pytest.mark.parametrize("bots", ["out", "in"])
def test_every_dataset_says_what_the_diary_says(queries, simulated, grain, bots):
    rows = {id: table(text) for id, text in simulated.texts(queries, simulated.url, grain, bots=bots).items()}
    count = Count(simulated.diary, grain, bots == "in")
    kinds, empty = count.kinds(*KINDS), Counter()
    topics, replies = count.kinds("topics"), count.kinds("replies")
    boards = count.distinct("topics", lambda act: id(simulated.diary.boards[act.to]))
    active = count.distinct("replies", lambda act: act.to)
    active_boards = count.distinct("replies", lambda act: id(simulated.diary.boards[act.to]))
    posters, first_timers = count.posters(), count.first_timers()
    actions = queries.get("moderation_actions").column_ids
    moderation = count.kinds(*actions)
    for period in simulated.periods(grain):
        day = str(period)
        found = {id: row[day] for id, row in rows.items()}
        acts = kinds.get(day, empty)
        assert found["flow_edits"] == {kind: str(acts[kind]) for kind in [*KINDS, "by_bots"]}, day
        bots_topics, bots_replies = topics.get(day, empty)["by_bots"], replies.get(day, empty)["by_bots"]
        assert list(found["new_topics"].values()) == [str(acts["topics"]), str(boards.get(day, 0)), str(bots_topics)], day
        expected = [acts["replies"], active.get(day, 0), active_boards.get(day, 0), bots_replies]
        assert list(found["replies"].values()) == [str(number) for number in expected], day
        assert list(found["flow_people"].values()) == [str(len(posters.get(day, ()))), str(first_timers[day])], day
        assert found["moderation_actions"] == {action: str(moderation.get(day, empty)[action]) for action in actions}, day
        assert found["unanswered_topics"]["waiting"] == str(count.waiting(epoch_seconds(period.ends))), day


def test_cohorts_are_those_of_the_diary(queries, simulated, grain):
    rows = {id: table(text) for id, text in simulated.texts(queries, simulated.url, grain).items()}
    cohorts = Count(simulated.diary, grain).cohorts()
    for day, row in rows["replies_per_topic"].items():
        replies = [number for number, _ in cohorts.get(day, [])]
        waits = [wait for _, wait in cohorts.get(day, []) if wait is not None]
        response = rows["first_response"][day]
        assert row["topics"] == response["topics"] == str(len(replies))
        assert row["most"] == (str(max(replies)) if replies else "")
        assert row["mean"] == (f"{sum(replies) / len(replies):.4f}" if replies else "")
        assert row["median"] == (f"{quantile(replies, 0.5):.4f}" if replies else "")
        assert row["none_share"] == (f"{replies.count(0) / len(replies):.4f}" if replies else "")
        assert response["answered"] == str(len(waits))
        assert response["median_seconds"] == (f"{quantile(waits, 0.5):.1f}" if waits else "")
        assert response["p90_seconds"] == (f"{quantile(waits, 0.9):.1f}" if waits else "")


def test_talk_edits_are_those_of_the_diary(queries, simulated, grain):
    rows = table(simulated.texts(queries, simulated.url, grain)["talk_edits"])
    count = Count(simulated.diary, grain)
    for day, row in rows.items():
        acts = [act for act in count.talk() if count._date(act.at) == day]
        people = [act for act in acts if not act.by.bot]
        assert (int(row["edits"]), int(row["by_bots"])) == (len(people), len(acts) - len(people)), day
        assert int(row["editors"]) == len({act.by for act in people}), day
        namespaces = Counter(act.to.namespace for act in people)
        parts = [namespaces[1], namespaces[3], namespaces[5]]
        assert [int(row[part]) for part in ("article", "user", "project", "other")] == [*parts, len(people) - sum(parts)], day


def test_both_engines_give_the_same_bytes(queries, simulated, grain, mariadb: Server):
    database = mariadb.database()
    with mariadb.connect(database) as connection, into_mariadb(connection) as emit:
        live(Diary(simulated.wiki, emit), LIVES[simulated.wiki])
    assert simulated.texts(queries, mariadb.url(database), grain) == simulated.texts(queries, simulated.url, grain)
    mariadb.execute(f"DROP DATABASE {database}")


def test_ids_stored_partly_as_text_give_the_same_bytes(queries, simulated, tmp_path):
    mixed = tmp_path / "mixed.sqlite"
    mixed.write_bytes(simulated.path.read_bytes())
    file = sqlite3.connect(mixed)
    file.execute(
        "UPDATE flow_tree_node SET tree_ancestor_id = CAST(tree_ancestor_id AS TEXT),"
        " tree_descendant_id = CAST(tree_descendant_id AS TEXT) WHERE tree_depth > 0"
    )
    assert file.total_changes > 100
    file.commit()
    file.close()
    mixed_texts = simulated.texts(queries, f"sqlite:///{mixed}", Grain.MONTH)
    assert mixed_texts == simulated.texts(queries, simulated.url, Grain.MONTH)


def test_additive_columns_add_up_and_the_others_say_that_they_do_not(queries, simulated):
    days, months = (simulated.texts(queries, simulated.url, grain) for grain in (Grain.DAY, Grain.MONTH))
    weeks = simulated.texts(queries, simulated.url, Grain.WEEK)
    for made in queries.datasets.values():
        for column in made.columns:
            if column.additive:
                _adds_up(column.id, table(days[made.id]), table(months[made.id]), Grain.MONTH)
                _adds_up(column.id, table(days[made.id]), table(weeks[made.id]), Grain.WEEK)
    stated = {(made.id, column.id) for made in queries.datasets.values() for column in made.columns if not column.additive}
    assert {("new_topics", "boards"), ("replies", "boards"), ("replies", "topics"), ("unanswered_topics", "waiting")} <= stated


def _adds_up(column: str, days: dict[str, dict[str, str]], longer: dict[str, dict[str, str]], grain: Grain) -> None:
    for start, row in longer.items():
        period = Period(date.fromisoformat(start), grain)
        inside = [cells for day, cells in days.items() if period.start <= date.fromisoformat(day) < period.end]
        assert len(inside) == (midnight(period.end) - midnight(period.start)).days
        assert sum(int(cells[column]) for cells in inside) == int(row[column]), (column, start)

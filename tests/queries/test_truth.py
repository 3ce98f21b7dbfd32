"""Every number equals the log of what was truly done on two real wikis."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import date

import pytest

from flow.datasets.catalog import Catalog
from flow.datasets.period import Grain, Period, Range, runs, whole_periods
from flow.engines.sources import Sources
from flow.pipeline.reading import MOST_PERIODS, Choices, Reader
from flow.settings import Settings, Wiki
from flow.sql.request import choices
from tests.conftest import REAL_WIKIS
from tests.support import truth
from tests.support.diary import quantile
from tests.support.mariadb import Server
from tests.support.truth import Truth

KINDS = ["topics", "replies", "post_edits", "title_edits", "header_edits", "summary_edits"]


@pytest.fixture(scope="module")
def urls(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Where each wiki's tables are, loaded when first asked for."""
    found: dict[str, str] = {}

    class Urls(dict[str, str]):
        def __missing__(self, name: str) -> str:
            found[name] = self[name] = {"realwiki": _realwiki, "sqlitewiki": _sqlitewiki}[name](request, tmp_path_factory)
            return found[name]

    yield Urls()


def _realwiki(request: pytest.FixtureRequest, folders: pytest.TempPathFactory) -> str:
    server: Server = request.getfixturevalue("mariadb")
    database = server.database(f"realwiki_{folders.getbasetemp().name.replace('-', '_')}")
    server.load(database, gzip.decompress((REAL_WIKIS / "realwiki/realwiki.sql.gz").read_bytes()))
    return server.url(database)


def _sqlitewiki(request: pytest.FixtureRequest, folders: pytest.TempPathFactory) -> str:
    path = folders.mktemp("sqlitewiki") / "wiki.sqlite"
    path.write_bytes(gzip.decompress((REAL_WIKIS / "sqlitewiki/sqlitewiki.sqlite.gz").read_bytes()))
    return f"sqlite:///{path}"


@pytest.fixture(params=["realwiki", "sqlitewiki"])
def wiki(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=[Grain.MONTH, Grain.WEEK])
def grain(request: pytest.FixtureRequest) -> Grain:
    return Grain(request.param)


def told(wiki: str, grain: Grain, bots: str) -> Truth:
    return truth.read(REAL_WIKIS / wiki / "truth.jsonl", grain, bots == "in")


def computed(queries: Catalog, url: str, wiki: str, dataset: str, what: Truth, **given: str) -> dict[str, dict[str, str]]:
    """The dataset's row of each date, by column."""
    made = queries.get(dataset)
    chosen = Choices(*choices({name: made.spans[name] for name in made.spans}, given))
    rows: dict[str, list[str]] = {}
    with Sources(Settings({wiki: Wiki(wiki, {"core": url, "flow": url})})) as sources:
        for run in runs(whole_periods(Range(*what.days()), what.grain), MOST_PERIODS[what.grain]):
            rows |= Reader(queries, sources).rows(made, wiki, run, chosen)
    assert list(rows) == what.dates()
    return {day: dict(zip(made.column_ids, cells, strict=True)) for day, cells in rows.items()}


@pytest.mark.parametrize("bots", ["in", "out"])
class TestCounts:
    def test_flow_edits_are_those_of_the_log(self, queries, urls, wiki, grain, bots):
        what = told(wiki, grain, bots)
        expected = what.flow_edits()
        for day, row in computed(queries, urls[wiki], wiki, "flow_edits", what, bots=bots).items():
            assert {kind: int(row[kind]) for kind in KINDS} == {kind: expected[day][kind] for kind in KINDS}, day

    def test_new_topics_and_replies_are_those_of_the_log(self, queries, urls, wiki, grain, bots):
        what = told(wiki, grain, bots)
        expected = what.flow_edits()
        topics = computed(queries, urls[wiki], wiki, "new_topics", what, bots=bots)
        replies = computed(queries, urls[wiki], wiki, "replies", what, bots=bots)
        assert {day: int(row["topics"]) for day, row in topics.items()} == {day: expected[day]["topics"] for day in topics}
        assert {day: int(row["replies"]) for day, row in replies.items()} == {day: expected[day]["replies"] for day in replies}

    def test_posters_and_first_timers_are_those_of_the_log(self, queries, urls, wiki, grain, bots):
        what = told(wiki, grain, bots)
        rows = computed(queries, urls[wiki], wiki, "flow_people", what, bots=bots)
        posters, first_timers = what.posters(), what.first_timers()
        assert {day: int(row["posters"]) for day, row in rows.items()} == {day: posters.get(day, 0) for day in rows}
        assert {day: int(row["first_timers"]) for day, row in rows.items()} == {day: first_timers.get(day, 0) for day in rows}

    def test_moderation_is_that_of_the_log(self, queries, urls, wiki, grain, bots):
        what = told(wiki, grain, bots)
        expected = what.moderation()
        for day, row in computed(queries, urls[wiki], wiki, "moderation_actions", what, bots=bots).items():
            assert {action: int(number) for action, number in row.items() if int(number)} == dict(expected[day]), day

    def test_talk_edits_and_editors_are_those_of_the_log(self, queries, urls, wiki, grain, bots):
        what = told(wiki, grain, bots)
        edits, editors = what.talk_edits(), what.editors()
        for day, row in computed(queries, urls[wiki], wiki, "talk_edits", what, bots=bots).items():
            assert (int(row["edits"]), int(row["editors"])) == (edits.get(day, 0), editors.get(day, 0)), day
            assert sum(int(row[part]) for part in ("article", "user", "project", "other")) == int(row["edits"])

    def test_talk_versus_flow_adds_the_log_up(self, queries, urls, wiki, grain, bots):
        what = told(wiki, grain, bots)
        talk, flow = what.talk_edits(), what.flow_edits()
        for day, row in computed(queries, urls[wiki], wiki, "talk_versus_flow", what, bots=bots).items():
            total = talk.get(day, 0) + flow[day].total()
            assert (int(row["talk_edits"]), int(row["flow_edits"])) == (talk.get(day, 0), flow[day].total())
            assert row["flow_share"] == (f"{flow[day].total() / total:.4f}" if total else "")


class TestCohorts:
    def test_replies_per_topic_to_date_are_those_of_the_log(self, queries, urls, wiki, grain):
        what = told(wiki, grain, "in")
        expected = what.cohorts()
        for day, row in computed(queries, urls[wiki], wiki, "replies_per_topic", what, bots="in", window="none").items():
            replies = [number for number, _ in expected[day]]
            assert int(row["topics"]) == len(replies)
            assert row["mean"] == (f"{sum(replies) / len(replies):.4f}" if replies else "")
            assert row["median"] == (f"{truth.median([*replies]):.4f}" if replies else "")
            assert row["most"] == (str(max(replies)) if replies else "")
            assert row["none_share"] == (f"{replies.count(0) / len(replies):.4f}" if replies else "")

    def test_answers_within_a_week_are_those_of_the_log(self, queries, urls, wiki, grain):
        what = told(wiki, grain, "in")
        expected = what.cohorts()
        for day, row in computed(queries, urls[wiki], wiki, "first_response", what, bots="in").items():
            waits = [wait for _, wait in expected[day] if wait is not None and wait < 7 * 86400]
            assert int(row["answered"]) == len(waits), day
            assert not waits or abs(float(row["p90_seconds"]) - quantile([round(wait) for wait in waits], 0.9)) <= 1, day

    def test_topics_that_wait_are_those_of_the_log(self, queries, urls, wiki, grain):
        what = told(wiki, grain, "in")
        for day, row in computed(queries, urls[wiki], wiki, "unanswered_topics", what, bots="in").items():
            assert int(row["waiting"]) == what.waiting(Period(date.fromisoformat(day), grain).ends), day

    def test_first_responses_to_date_are_those_of_the_log_within_a_second(self, queries, urls, wiki, grain):
        what = told(wiki, grain, "in")
        expected = what.cohorts()
        for day, row in computed(queries, urls[wiki], wiki, "first_response", what, bots="in", window="none").items():
            waits = [wait for _, wait in expected[day] if wait is not None]
            assert int(row["answered"]) == len(waits), day
            assert (row["median_seconds"] == "") == (not waits)
            assert not waits or abs(float(row["median_seconds"]) - truth.median(waits)) <= 1, day

"""A hundred wikis in the same Flow tables: each is read at the cost of its own rows, and comes to the numbers that it has alone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from flow.datasets.catalog import Catalog
from flow.datasets.period import Grain, Range, runs, whole_periods
from flow.engines.sources import Sources
from flow.pipeline.reading import MOST_PERIODS, Choices, Reader
from flow.settings import Settings, Wiki
from flow.simulate.life import Life, live
from flow.simulate.load import into_mariadb
from flow.simulate.scribe import Emit, Scribe
from flow.sql.request import choices
from tests.queries.test_reads import OVERHEAD, TABLES, index_reads_of
from tests.queries.test_traps import at, made, rows  # noqa: F401  a fixture
from tests.support.mariadb import Server

YEAR = Range(date(2023, 1, 1), date(2024, 1, 1))
WIKIS = 100
#: At most so many index reads for each of the wiki's own rows.
MOST = {
    "first_response": 8, "flow_edits": 11, "flow_people": 8, "replies": 8, "replies_per_topic": 8, "unanswered_topics": 8,
    "new_topics": 2, "moderation_actions": 6,
}  # fmt: skip
OWN = "SELECT COUNT(*) AS n FROM flow_revision WHERE rev_user_wiki = 'wiki7'"


def of_flow(emit: Emit) -> Emit:
    return lambda table, row: emit(table, row) if table.startswith("flow_") else None


@pytest.fixture(scope="module")
def urls(mariadb: Server) -> dict[str, str]:
    """The same wiki beside 99 others, and by itself."""
    found = {}
    for beside in (WIKIS, 1):
        database = mariadb.database()
        with mariadb.connect(database) as connection, into_mariadb(connection) as emit:
            for number in range(WIKIS):
                if number == 7 or beside > 1:
                    life = Life(number, YEAR.since, YEAR.until, topics=0.3, edits=0.1, people=20)
                    live(Scribe(f"wiki{number}", emit if number == 7 else of_flow(emit)), life)
        mariadb.execute(f"ANALYZE TABLE {', '.join(TABLES.split())}", database=database)
        found["shared" if beside > 1 else "alone"] = mariadb.url(database)
    return found


def sources(url: str) -> Sources:
    return Sources(Settings({"wiki7": Wiki("wiki7", {"core": url, "flow": url})}))


@pytest.mark.parametrize("id", MOST)
def test_a_wiki_among_a_hundred_is_read_at_the_cost_of_its_own_rows(queries, urls, id):
    with sources(urls["shared"]) as found:
        engine: Any = found.get("wiki7", "flow").engine
        found.get("wiki7", "flow").bots()
        dataset = queries.get(id)
        reader, chosen = Reader(queries, found), Choices(*choices(dataset.spans, {}))
        reads = index_reads_of(engine, lambda: reader.rows(dataset, "wiki7", whole_periods(YEAR, Grain.MONTH), chosen))
        own = int(engine.read(OWN, {})["n"][0])
    assert own > 300
    assert reads <= MOST[id] * own + OVERHEAD, f"{reads / own:.2f} a row"


@pytest.mark.parametrize("grain", Grain)
def test_a_wiki_has_the_same_numbers_whoever_shares_its_tables(queries, urls, grain):
    def all_rows(queries: Catalog, url: str) -> dict[str, object]:
        with sources(url) as found:
            reader = Reader(queries, found)
            return {
                id: [
                    reader.rows(queries.get(id), "wiki7", run, Choices(*choices(queries.get(id).spans, {})))
                    for run in runs(whole_periods(YEAR, grain), MOST_PERIODS[grain])
                ]
                for id in MOST
            }

    assert all_rows(queries, urls["shared"]) == all_rows(queries, urls["alone"])


def imported(emit: Emit, scribe: Scribe) -> None:
    """A board with all kinds of acts, as a dump of another wiki leaves it: its people are of that one."""
    ann, bo = scribe.person("Ann"), scribe.person("Bo")
    board = scribe.board(at("2023-03-01"), ann, 1, "Alpha")
    topic = scribe.topic(at("2023-03-02"), ann, board)
    post = scribe.reply(at("2023-03-03"), bo, topic.title)
    nested = scribe.reply(at("2023-03-04"), ann, post)
    for number, written in enumerate((topic.title, post, nested)):
        scribe.edit(at("2023-03-05") + number, ann, written)
    scribe.edit_summary(at("2023-03-06"), ann, topic)
    scribe.moderate(at("2023-03-07"), ann, nested, "hide")
    scribe.moderate(at("2023-03-08"), ann, topic.title, "lock")
    scribe.finish()


def test_what_was_imported_from_another_wiki_is_counted_where_it_stands(queries, made):  # noqa: F811
    url = made(imported, "UPDATE flow_revision SET rev_user_wiki = 'elsewhere'", "UPDATE flow_tree_revision SET tree_orig_user_wiki = 'elsewhere'")
    edits = rows(queries, url, "flow_edits", "2023-03-01", "2023-04-01")["2023-03-01"]
    assert edits == {"topics": "1", "replies": "2", "post_edits": "2", "title_edits": "1", "header_edits": "1", "summary_edits": "1", "by_bots": "0"}
    moderation = rows(queries, url, "moderation_actions", "2023-03-01", "2023-04-01")["2023-03-01"]
    assert {action: number for action, number in moderation.items() if number != "0"} == {"hide_post": "1", "lock_topic": "1"}


def test_what_its_people_did_on_another_wiki_is_not_counted(queries, made):  # noqa: F811
    def two(emit: Emit, scribe: Scribe) -> None:
        imported(emit, scribe)
        imported(of_flow(emit), Scribe("elsewhere", of_flow(emit)))

    url = made(two, "UPDATE flow_revision SET rev_user_wiki = 'trapwiki'")
    assert rows(queries, url, "flow_edits", "2023-03-01", "2023-04-01")["2023-03-01"]["post_edits"] == "2"
    assert rows(queries, url, "moderation_actions", "2023-03-01", "2023-04-01")["2023-03-01"]["hide_post"] == "1"

"""What a query costs is what its range costs: index reads, counted by MariaDB, for each row in the range."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from flow.datasets.catalog import Catalog
from flow.datasets.column import Count as Column
from flow.datasets.dataset import Dataset
from flow.datasets.period import Grain, Range, midnight, whole_periods
from flow.engines.sources import Sources
from flow.pipeline.reading import Choices, Reader
from flow.settings import Settings, Wiki
from flow.simulate.life import Life, live
from flow.simulate.load import into_mariadb
from flow.simulate.scribe import Scribe
from flow.sql.request import choices
from flow.wiki.stamps import epoch_seconds, flow_id, timestamp
from tests.conftest import CHECKOUT
from tests.support.mariadb import Server

#: Two years of history, then the range that is asked for, then some months after it, as in a backfill.
LIFE = Life(9, date(2022, 1, 1), date(2024, 6, 1), topics=6, edits=60, people=100)
HALF = date(2023, 1, 1)
ASKED = {
    Grain.MONTH: Range(date(2024, 1, 1), date(2024, 3, 1)),
    Grain.WEEK: Range(date(2024, 1, 1), date(2024, 2, 12)),
    Grain.DAY: Range(date(2024, 1, 1), date(2024, 1, 31)),
}
#: The names of roles and models and the like: read once a query, whatever its range.
OVERHEAD = 20
TABLES = "revision archive page slots content actor logging flow_revision flow_tree_node flow_tree_revision flow_workflow flow_topic_list"
SCRIPTS = sorted(path.stem for path in (CHECKOUT / "queries").glob("*/*.py") if path.stem != "talk_versus_flow")


@pytest.fixture(scope="module")
def urls(mariadb: Server) -> dict[str, str]:
    """The same wiki with two years of history before the range, and with one."""
    found = {}
    for history in ("two years", "one year"):
        database = mariadb.database()
        with mariadb.connect(database) as connection, into_mariadb(connection) as emit:
            live(Scribe("readwiki", emit), LIFE)
        if history == "one year":
            mariadb.execute(*_forget(HALF), database=database)
        mariadb.execute(f"ANALYZE TABLE {', '.join(TABLES.split())}", database=database)
        found[history] = mariadb.url(database)
    return found


def _forget(before: date) -> list[str]:
    second = epoch_seconds(midnight(before))
    id, digits = f"X'{flow_id(second).hex()}'", timestamp(second)
    return [
        f"DELETE FROM flow_revision WHERE rev_id < {id}",
        f"DELETE FROM flow_tree_revision WHERE tree_rev_id < {id}",
        f"DELETE FROM flow_tree_node WHERE tree_descendant_id < {id}",
        f"DELETE FROM flow_topic_list WHERE topic_id < {id}",
        f"DELETE FROM flow_workflow WHERE workflow_id < {id} AND workflow_type = 'topic'",
        f"DELETE FROM logging WHERE log_timestamp < '{digits}'",
        f"DELETE slots, content FROM slots JOIN content ON content_id = slot_content_id"
        f" JOIN revision ON rev_id = slot_revision_id WHERE rev_timestamp < '{digits}'",
        f"DELETE FROM revision WHERE rev_timestamp < '{digits}'",
        f"DELETE FROM archive WHERE ar_timestamp < '{digits}'",
    ]


def index_reads(queries: Catalog, url: str, made: Dataset, grain: Grain) -> tuple[int, int]:
    """How many index entries and rows by index MariaDB reads for one query, and how many rows lie in its range."""
    chosen = Choices(*choices(made.spans, {}))
    with Sources(Settings({"readwiki": Wiki("readwiki", {"core": url, "flow": url})})) as sources:
        reader = Reader(queries, sources)
        source, query = reader.query(made, "readwiki", whole_periods(ASKED[grain], grain), chosen)
        reads = index_reads_of(source.engine, lambda: source.engine.read(query.sql, query.values))
        return reads, _rows_in_range(source.engine, made, query.values)


def index_reads_of(engine: Any, act: Callable[[], object]) -> int:
    """How many index entries and rows by index MariaDB reads for what ``act`` asks of ``engine``."""
    before = _handlers(engine)
    act()
    return sum(_handlers(engine).values()) - sum(before.values())


def _handlers(engine: Any) -> dict[str, int]:
    names = {f"Handler_read_{kind}" for kind in ("first", "key", "last", "next", "prev")}
    shown = engine.read("SHOW SESSION STATUS LIKE 'Handler_read%'", {})
    return {name: int(value) for name, value in shown.itertuples(index=False) if name in names}


def _rows_in_range(engine: Any, made: Dataset, values: dict[str, Any]) -> int:
    """The rows of the range that the SQL binds: its own earliest start and latest end, a window and a waiting time included."""
    start = min(value for name, value in values.items() if name.startswith("start") and not isinstance(value, int))
    end = max(value for name, value in values.items() if name.startswith("end") and not isinstance(value, int))
    if made.source == "flow":
        sql = "SELECT COUNT(*) AS n FROM flow_revision WHERE rev_id >= :start AND rev_id < :end"
    else:
        sql = (
            "SELECT (SELECT COUNT(*) FROM revision WHERE rev_timestamp >= :start AND rev_timestamp < :end)"
            " + (SELECT COUNT(*) FROM archive WHERE ar_timestamp >= :start AND ar_timestamp < :end) AS n"
        )
    return int(engine.read(sql, {"start": start, "end": end})["n"][0])


@pytest.mark.parametrize("grain", Grain)
@pytest.mark.parametrize("id", SCRIPTS)
def test_a_dataset_reads_no_more_than_it_states_for_each_row_in_range(queries, urls, id, grain):
    made = queries.get(id)
    reads, rows = index_reads(queries, urls["two years"], made, grain)
    assert rows > 100
    assert reads <= made.reads * rows + OVERHEAD, f"{reads / rows:.2f} a row"
    assert made.reads <= 8


@pytest.mark.parametrize("id", SCRIPTS)
def test_twice_the_history_costs_no_more(queries, urls, id):
    made = queries.get(id)
    (long, _), (short, _) = (index_reads(queries, urls[history], made, Grain.MONTH) for history in ("two years", "one year"))
    assert abs(long - short) < 0.05 * short, (long, short)


def test_every_dataset_with_sql_is_measured(queries):
    assert sorted(made.id for made in queries.datasets.values() if made.sql) == SCRIPTS


JOINED = {
    "flow": "SELECT {{{{ period('post_id') }}}} AS date, COUNT(*) AS a FROM {{{{ replies() }}}} AS act"
    " LEFT JOIN {{{{ people() }}}} AS person ON person.account_id = act.account_id WHERE {condition} GROUP BY 1",
    "core": "SELECT {{{{ period('saved_timestamp') }}}} AS date, COUNT(*) AS a FROM {{{{ talk_edits() }}}} AS act"
    " LEFT JOIN {{{{ people() }}}} AS person ON person.account_id = act.account_id WHERE {condition} GROUP BY 1",
}
FEW_EDITS = {"flow": "{{ edits_before('act.account_id', 'post_id', most=10) }} < 10", "core": "{{ edits_before('act.account_id', 'saved_timestamp', most=10) }} < 10"}


@pytest.mark.parametrize("source", JOINED)
def test_joining_people_costs_two_reads_a_row_at_most_and_counting_their_first_edits_twice_as_many_as_edits(queries, urls, source):
    def reads(condition: str) -> float:
        sql = JOINED[source].format(condition=condition)
        found, rows = index_reads(queries, urls["two years"], Dataset(id="x", title="X", source=source, columns=[Column("a", "A")], sql=sql), Grain.MONTH)
        return found / rows

    alone = {"flow": "replies", "core": "talk_edits"}[source]
    found, rows = index_reads(queries, urls["two years"], queries.get(alone), Grain.MONTH)
    assert reads("person.registered_seconds > 0") <= found / rows + 2
    assert reads(FEW_EDITS[source]) <= found / rows + 2 + 2 * 10

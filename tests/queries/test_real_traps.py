"""What other people's databases hold, put into a real wiki: its numbers stay those of the log of what was truly done."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from datetime import date

import pytest

from flow.datasets.period import Grain, Range, whole_periods
from flow.engines.sources import Sources
from flow.pipeline.reading import Choices, Reader
from flow.settings import Settings, Wiki
from flow.sql.request import choices
from tests.conftest import REAL_WIKIS
from tests.queries.test_truth import told
from tests.support.mariadb import Server

IDS = ["talk_edits", "flow_edits", "new_topics", "first_response", "replies_per_topic", "flow_people", "unanswered_topics"]
JANUARY, JULY = date(2023, 1, 1), date(2023, 7, 1)

#: As importDump.php writes it: the next free id, a time long past, no row in logging.
IMPORTED = """
INSERT INTO revision (rev_page, rev_comment_id, rev_actor, rev_timestamp, rev_minor_edit, rev_deleted, rev_len, rev_parent_id, rev_sha1)
SELECT rev_page, 0, rev_actor, '20221215120000', 0, 0, 10, 0, 'imported'
  FROM revision JOIN page ON page_id = rev_page AND page_namespace = 1 JOIN actor ON actor_id = rev_actor AND actor_name = 'Alice'
 ORDER BY rev_id LIMIT 1
"""
#: As an undeletion leaves it that was cut off.
UNDELETED = """
INSERT INTO archive (ar_namespace, ar_title, ar_comment_id, ar_actor, ar_timestamp, ar_rev_id, ar_page_id, ar_parent_id, ar_sha1)
SELECT page_namespace, page_title, 0, rev_actor, rev_timestamp, rev_id, rev_page, rev_parent_id, rev_sha1
  FROM revision JOIN page ON page_id = rev_page AND page_namespace % 2 = 1
"""
BROKEN = ["20231301000000", "19990000000000"]


@pytest.fixture
def wiki(mariadb: Server) -> Iterator[tuple[str, Callable[..., None]]]:
    """The real wiki in a database of its own, and what runs statements in it."""
    database = mariadb.database()
    mariadb.load(database, gzip.decompress((REAL_WIKIS / "realwiki/realwiki.sql.gz").read_bytes()))
    yield mariadb.url(database), lambda *statements: mariadb.execute(*statements, database=database)
    mariadb.execute(f"DROP DATABASE {database}")


def numbers(queries, url: str, ids: list[str] = IDS, since: date = JANUARY, prefix: str = "") -> dict[str, dict[str, list[str]]]:
    wiki = Wiki("realwiki", {"core": url, "flow": url}, prefix=prefix)
    with Sources(Settings({"realwiki": wiki})) as sources:
        reader, run = Reader(queries, sources), whole_periods(Range(since, JULY), Grain.MONTH)
        made = [queries.get(id) for id in ids]
        return {each.id: reader.rows(each, "realwiki", run, Choices(*choices(dict(each.spans), {}))) for each in made}


def true_edits() -> dict[str, str]:
    return {day: str(many) for day, many in told("realwiki", Grain.MONTH, "out").talk_edits().items()}


def edits(rows: dict[str, dict[str, list[str]]]) -> dict[str, str]:
    return {day: texts[0] for day, texts in rows["talk_edits"].items()}


@pytest.mark.parametrize("statement", [IMPORTED, UNDELETED])
def test_imports_and_undeletions_change_no_month_whatever_the_range(queries, wiki, statement: str):
    url, execute = wiki
    execute(statement)
    for since in (JANUARY, date(2023, 4, 1), date(2023, 5, 1)):
        expected = {day: many for day, many in true_edits().items() if day >= str(since)}
        assert edits(numbers(queries, url, ["talk_edits"], since)) == expected
    assert true_edits()["2023-05-01"] == "25"


def test_an_imported_edit_counts_in_its_own_month(queries, wiki):
    url, execute = wiki
    execute(IMPORTED)
    assert edits(numbers(queries, url, ["talk_edits"], date(2022, 12, 1)))["2022-12-01"] == "1"


@pytest.mark.parametrize("stamp", BROKEN)
def test_a_revision_without_a_time_costs_no_other_number(queries, wiki, stamp: str):
    url, execute = wiki
    before = numbers(queries, url)
    execute(IMPORTED.replace("20221215120000", stamp))
    assert numbers(queries, url) == before


def test_a_prefix_changes_no_number(queries, wiki, mariadb: Server):
    url, execute = wiki
    before = numbers(queries, url)
    with mariadb.connect(url.rpartition("/")[2]) as connection, connection.cursor() as cursor:
        cursor.execute("SHOW TABLES")
        tables = [table.decode() if isinstance(table, bytes) else table for (table,) in cursor.fetchall()]
    execute(*(f"RENAME TABLE `{table}` TO `mw_{table}`" for table in tables))
    assert numbers(queries, url, prefix="mw_") == before

"""Each version's tables lead to the same numbers, and older ones to an error that names what is missing."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import pytest

from flow.datasets.catalog import Catalog
from flow.datasets.column import Count
from flow.datasets.dataset import Dataset
from flow.datasets.period import Grain, Range, whole_periods
from flow.engines.sources import Sources
from flow.errors import SchemaError
from flow.pipeline.reading import Choices, Reader
from flow.settings import Settings, Wiki
from flow.simulate.life import Life, live
from flow.simulate.load import into_mariadb, into_sqlite
from flow.simulate.scribe import Emit, Scribe
from flow.sql.request import choices
from tests.support import shapes
from tests.support.mariadb import Server

LIFE = Life(7, date(2024, 1, 1), date(2024, 4, 1), topics=2, edits=15, people=6)
MONTHS = whole_periods(Range(date(2024, 1, 1), date(2024, 5, 1)), Grain.MONTH)

MARKED = Dataset(
    id="marked", title="Marked", source="core", about="Edits by their summary, and by their tag.",
    columns=[Count("summed_up", "With a summary"), Count("tagged", "Tagged"), Count("by_ann", "By Ann")],
    sql="""
        SELECT {{ period('revision.rev_timestamp') }} AS date,
               SUM(CASE WHEN rev_comment.comment_text = 'said' THEN 1 ELSE 0 END) AS summed_up,
               SUM(CASE WHEN {{ tagged('revision.rev_id', "'mark'") }} THEN 1 ELSE 0 END) AS tagged,
               SUM(CASE WHEN {{ author_name('rev') }} = 'Ada' THEN 1 ELSE 0 END) AS by_ann
          FROM revision
          {{ join_comment('rev') }}
          {{ join_author('rev') }}
         WHERE {{ within('revision.rev_timestamp') }}
         GROUP BY 1
    """,
)


def write(emit: Emit) -> None:
    live(Scribe("shapewiki", emit), LIFE)
    emit("comment", (1, "said"))
    for revision in (5, 6, 7):
        emit("revision_comment_temp", (revision, 1))
    emit("change_tag_def", (1, "mark"))
    for number, revision in enumerate((6, 7, 8, 9), 1):
        emit("change_tag", (number, revision, 1))


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("shapes") / "1.39.sqlite"
    with into_sqlite(path) as emit:
        write(emit)
    return path


def numbers(queries: Catalog, url: str) -> dict[str, dict[str, list[str]]]:
    catalog = Catalog(queries.folder, {**queries.datasets, "marked": MARKED}, {}, queries.relations)
    with Sources(Settings({"shapewiki": Wiki("shapewiki", {"core": url, "flow": url})})) as sources:
        reader = Reader(catalog, sources)
        core = [made for made in catalog.datasets.values() if made.source == "core"]
        return {made.id: reader.rows(made, "shapewiki", MONTHS, Choices(*choices(made.spans, {}))) for made in core}


@pytest.mark.parametrize("version", shapes.SHAPES)
def test_every_version_on_sqlite_gives_the_same_numbers(queries, original, tmp_path, version):
    path = tmp_path / "wiki.sqlite"
    path.write_bytes(original.read_bytes())
    file = sqlite3.connect(path)
    for statement in shapes.statements(version, "sqlite"):
        file.execute(statement)
    file.commit()
    file.close()
    found = numbers(queries, f"sqlite:///{path}")
    assert found == numbers(queries, f"sqlite:///{original}")
    assert found["marked"]["2024-01-01"][:2] == ["3", "4"]
    assert int(found["marked"]["2024-01-01"][2]) > 0


@pytest.mark.parametrize("version", shapes.SHAPES)
def test_every_version_on_mariadb_gives_the_same_numbers(queries, original, mariadb: Server, version):
    database = mariadb.database()
    with mariadb.connect(database) as connection, into_mariadb(connection) as emit:
        write(emit)
    mariadb.execute(*shapes.statements(version, "mariadb"), database=database)
    assert numbers(queries, mariadb.url(database)) == numbers(queries, f"sqlite:///{original}")
    mariadb.execute(f"DROP DATABASE {database}")


@pytest.mark.parametrize(
    ("statement", "kind", "named"),
    [
        ("DROP TABLE actor", "core", "core tables: actor missing; MediaWiki 1.31 is the oldest"),
        ("ALTER TABLE flow_workflow DROP COLUMN workflow_type", "flow", "flow tables: flow_workflow.workflow_type missing"),
        ("DROP TABLE flow_tree_revision", "flow", "flow_tree_revision missing; the Flow extension of MediaWiki 1.31"),
    ],
)
def test_an_older_schema_is_refused_by_what_it_lacks(original, tmp_path, statement, kind, named):
    path = tmp_path / "old.sqlite"
    path.write_bytes(original.read_bytes())
    file = sqlite3.connect(path)
    file.execute(statement)
    file.commit()
    file.close()
    url = f"sqlite:///{path}"
    with Sources(Settings({"oldwiki": Wiki("oldwiki", {"core": url, "flow": url})})) as sources, pytest.raises(SchemaError, match=named):
        sources.get("oldwiki", kind)

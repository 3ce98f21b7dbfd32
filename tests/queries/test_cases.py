"""Query cases are data: what people do on a small wiki, and the CSV that must come out, on every engine."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from flow.commands import start
from flow.datasets import catalog
from flow.datasets.catalog import Catalog
from flow.datasets.period import Grain, Range, runs, whole_periods
from flow.engines.sources import Sources
from flow.pipeline.reading import MOST_PERIODS, Choices, Reader
from flow.settings import Settings, Wiki
from flow.shelf.csvfile import render
from flow.simulate.load import into_mariadb, into_sqlite
from flow.simulate.tables import ALL
from flow.sql.request import choices
from tests.conftest import CHECKOUT
from tests.queries.cases import WIKI, Case, Rows, load
from tests.support.mariadb import Server

FOLDER = Path(__file__).parent
ENGINES = ("sqlite", "mariadb")


def _cases() -> Iterator[object]:
    for path in sorted(FOLDER.glob("*/*.toml")):
        for case in load(path):
            name = re.sub(r"\W+", "-", case.name.lower()).strip("-")
            for engine in ENGINES:
                yield pytest.param(path.stem, case, engine, id=f"{path.stem}-{name}-{engine}")


@pytest.mark.parametrize(("dataset", "case", "engine"), list(_cases()))
def test_a_case_comes_to_its_csv(
    queries: Catalog, dataset: str, case: Case, engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    with _wiki(case.rows(), engine, tmp_path, request) as wiki:
        assert _computed(queries, dataset, case, wiki) == case.expected


def test_every_dataset_has_cases(queries: Catalog) -> None:
    scripts = {path.relative_to(queries.folder).with_suffix("") for path in queries.folder.glob("*/*.py")}
    assert {path.relative_to(FOLDER).with_suffix("") for path in FOLDER.glob("*/*.toml")} == scripts


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("source", ["core", "flow"])
def test_a_new_dataset_passes_the_case_that_comes_with_it(
    queries: Catalog, source: str, engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    start.new(tmp_path / "queries", tmp_path / "tests" / "queries", queries, "fresh", "subject", source)
    shutil.copytree(CHECKOUT / "queries" / "relations", tmp_path / "queries" / "relations")
    for case in load(tmp_path / "tests" / "queries" / "subject" / "fresh.toml"):
        with _wiki(case.rows(), engine, tmp_path, request) as wiki:
            assert _computed(catalog.load(tmp_path / "queries"), "fresh", case, wiki) == case.expected


def _computed(scripts: Catalog, dataset: str, case: Case, wiki: Wiki) -> str:
    """The CSV of ``dataset`` for the range and the choices of ``case``."""
    made, grain = scripts.get(dataset), Grain(case.grain)
    spans = {name: text for id in scripts.with_inputs([made.id]) for name, text in scripts.get(id).spans.items()}
    chosen = Choices(*choices(spans, case.set))
    rows: dict[str, list[str]] = {}
    with Sources(Settings({wiki.id: wiki})) as sources:
        for run in runs(whole_periods(Range(case.since, case.until), grain), MOST_PERIODS[grain]):
            rows |= Reader(scripts, sources).rows(made, wiki.id, run, chosen)
    return render(made.column_ids, rows)


@contextmanager
def _wiki(rows: Rows, engine: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[Wiki]:
    """A wiki whose databases hold ``rows``: on SQLite in a file for Flow and one for the rest, on MariaDB in one."""
    if engine == "sqlite":
        core, flow = folder / "core.sqlite", folder / "flow.sqlite"
        with into_sqlite(core, flow) as emit:
            for table, row in rows:
                emit(table, row)
        yield Wiki(WIKI, {"core": f"sqlite:///{core}", "flow": f"sqlite:///{flow}"})
    else:
        server, name = request.getfixturevalue("tables")
        with _filled(server, name, rows):
            yield Wiki(WIKI, dict.fromkeys(("core", "flow"), server.url(name)))


@pytest.fixture(scope="module")
def tables(mariadb: Server) -> tuple[Server, str]:
    """A database with the tables of a wiki. They are made once, for that takes ten times as long as a case."""
    name = mariadb.database()
    with mariadb.connect(name) as connection:
        into_mariadb(connection)
    return mariadb, name


@contextmanager
def _filled(server: Server, name: str, rows: Rows) -> Iterator[None]:
    with server.connect(name, autocommit=True) as connection, connection.cursor() as cursor:
        try:
            for table, row in rows:
                cursor.execute(f"INSERT INTO {table} ({', '.join(ALL[table].inserted)}) VALUES %s", (row,))
            yield
        finally:
            for table in {table for table, _ in rows}:
                cursor.execute(f"DELETE FROM {table}")

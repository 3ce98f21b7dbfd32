"""Query cases are data: what people do on a small wiki, and the CSV that must come out, on every engine."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from flow.cases.case import Case, load
from flow.cases.run import Fill, compute, in_mariadb, in_sqlite
from flow.commands import start
from flow.datasets import catalog
from flow.datasets.catalog import Catalog
from flow.simulate.load import into_mariadb
from tests.conftest import CHECKOUT
from tests.support.mariadb import Server

FOLDER = CHECKOUT / "queries"
ENGINES = ("sqlite", "mariadb")


def _cases() -> Iterator[object]:
    for path in sorted(FOLDER.glob("*/*.toml")):
        for case in load(path):
            name = re.sub(r"\W+", "-", case.name.lower()).strip("-")
            for engine in ENGINES:
                yield pytest.param(path.stem, case, engine, id=f"{path.stem}-{name}-{engine}")


@pytest.fixture(scope="module")
def fills(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Fill]]:
    """What makes the wiki of a case on each engine. The tables are made once, for that takes ten times as long as a case."""
    server: Server = request.getfixturevalue("mariadb")
    name = server.database()
    with server.connect(name) as connection:
        into_mariadb(connection)
        yield {"sqlite": in_sqlite(tmp_path_factory.mktemp("cases")), "mariadb": in_mariadb(connection, server.url(name))}


@pytest.mark.parametrize(("dataset", "case", "engine"), list(_cases()))
def test_a_case_comes_to_its_csv(queries: Catalog, dataset: str, case: Case, engine: str, fills: dict[str, Fill]) -> None:
    with fills[engine](case.rows()) as wiki:
        assert compute(queries, dataset, case, wiki) == case.expected


def test_every_dataset_has_cases_beside_it() -> None:
    scripts = {path.with_suffix(".toml") for path in FOLDER.glob("*/*.py")}
    assert {*FOLDER.glob("*/*.toml")} == scripts


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("source", ["core", "flow"])
def test_a_new_dataset_passes_the_case_that_comes_with_it(
    queries: Catalog, source: str, engine: str, tmp_path: Path, fills: dict[str, Fill]
) -> None:
    start.new(tmp_path / "queries", queries, "fresh", "subject", source)
    shutil.copytree(CHECKOUT / "queries" / "relations", tmp_path / "queries" / "relations")
    for case in load(tmp_path / "queries" / "subject" / "fresh.toml"):
        with fills[engine](case.rows()) as wiki:
            assert compute(catalog.load(tmp_path / "queries"), "fresh", case, wiki) == case.expected

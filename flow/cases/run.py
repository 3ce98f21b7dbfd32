"""Runs cases: fills a small wiki with the rows of each, computes the dataset, and compares."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flow.cases.case import WIKI, Case, Rows
from flow.datasets.catalog import Catalog
from flow.datasets.period import Grain, Range, runs, whole_periods
from flow.engines.sources import Sources
from flow.errors import FlowError
from flow.pipeline.reading import MOST_PERIODS, Choices, Reader
from flow.settings import Settings, Wiki
from flow.shelf.csvfile import render
from flow.simulate.load import into_sqlite
from flow.simulate.tables import ALL
from flow.sql.request import choices

#: Gives a wiki whose database holds the rows, for as long as it is asked.
Fill = Callable[[Rows], AbstractContextManager[Wiki]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a case came to: the CSV it ``got``, or why there is none."""

    case: Case
    got: str = ""
    error: FlowError | None = None

    @property
    def is_well(self) -> bool:
        """Whether it is what the case expects."""
        return self.error is None and self.got.strip() == self.case.expected.strip()


def run(catalog: Catalog, id: str, case: Case, fill: Fill) -> Outcome:
    """What the dataset ``id`` comes to in a case."""
    try:
        with fill(case.rows()) as wiki:
            return Outcome(case, compute(catalog, id, case, wiki))
    except FlowError as error:
        return Outcome(case, error=error)


def compute(catalog: Catalog, id: str, case: Case, wiki: Wiki) -> str:
    """The CSV of the dataset ``id`` for the range and the choices of a case. Raises FlowError."""
    dataset, grain = catalog.get(id), Grain(case.grain)
    spans = {name: text for each in catalog.with_inputs([id]) for name, text in catalog.get(each).spans.items()}
    chosen = Choices(*choices(spans, case.set))
    rows: dict[str, Any] = {}
    with Sources(Settings({wiki.id: wiki})) as sources:
        for periods in runs(whole_periods(Range(case.since, case.until), grain), MOST_PERIODS[grain]):
            rows |= Reader(catalog, sources).rows(dataset, wiki.id, periods, chosen)
    return render(dataset.column_ids, rows)


def in_sqlite(folder: Path) -> Fill:
    """Fills two files in ``folder``, one with the Flow tables and one with the rest, as where Flow is in a database apart."""
    core, flow = folder / "core.sqlite", folder / "flow.sqlite"
    with into_sqlite(core, flow):
        pass
    empty = core.read_bytes(), flow.read_bytes()

    @contextmanager
    def fill(rows: Rows) -> Iterator[Wiki]:
        core.write_bytes(empty[0])
        flow.write_bytes(empty[1])
        with into_sqlite(core, flow) as emit:
            for table, row in rows:
                emit(table, row)
        yield Wiki(WIKI, {"core": f"sqlite:///{core}", "flow": f"sqlite:///{flow}"})

    return fill


def in_mariadb(connection: Any, url: str, credentials: Path | None = None) -> Fill:
    """Fills the tables of a database that has them all, each of them empty; ``url`` leads there for reading."""

    @contextmanager
    def fill(rows: Rows) -> Iterator[Wiki]:
        with connection.cursor() as cursor:
            try:
                for table, row in rows:
                    cursor.execute(f"INSERT INTO {table} ({', '.join(ALL[table].inserted)}) VALUES %s", (row,))
                connection.commit()
                yield Wiki(WIKI, dict.fromkeys(("core", "flow"), url), credentials)
            finally:
                for table in {table for table, _ in rows}:
                    cursor.execute(f"DELETE FROM {table}")
                connection.commit()

    return fill

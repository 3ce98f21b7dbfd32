"""Reads datasets: neighbouring periods in one grouped query, others' tables through a pure function."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from flow.datasets.catalog import Catalog
from flow.datasets.dataset import Dataset
from flow.datasets.isolation import describe, isolate_script
from flow.datasets.period import Grain, Period, covered
from flow.errors import AbsentSource, DatasetError, QueryError, ResultError, SchemaError, Stopped
from flow.privacy.primary import Marks, Rows
from flow.privacy.standins import Blanks, Table, Tables, keep_common, stand_ins
from flow.sql.request import Query, Request

if TYPE_CHECKING:
    import pandas as pd

    from flow.datasets.place import Place
    from flow.engines.source import Source
    from flow.engines.sources import Sources


T = TypeVar("T")

#: The most periods in one query: about a year, so that a query stays short and a run shows its progress.
MOST_PERIODS = {Grain.DAY: 366, Grain.WEEK: 53, Grain.MONTH: 12}


@dataclass(frozen=True, slots=True)
class Choices:
    """How to count: the seconds of each span, and whether bots count; see ``flow.sql.request.choices``."""

    spans: dict[str, int]
    bots_count: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the datasets of ``catalog`` from ``sources``."""

    catalog: Catalog
    sources: Sources

    def rows(self, dataset: Dataset, wiki: str, run: Sequence[Period], choices: Choices) -> Rows:
        """The checked texts of each period of ``run``, neighbours in order, keyed by date. Raises FlowError."""
        if dataset.compute:
            inputs = self.inputs(dataset, lambda input: self.rows(input, wiki, run, choices))
            tables = {input.id: (input.column_ids, rows) for input, rows in inputs}
            return self.compute(dataset, tables, run, {})[0]
        with _naming(dataset):
            return _check(dataset, self._read(dataset, wiki, run, choices), run)

    def inputs(self, dataset: Dataset, read: Callable[[Dataset], T]) -> Iterator[tuple[Dataset, T]]:
        """What ``read`` gives for each input of a dataset, without optional ones whose source a wiki does not have."""
        for input in (self.catalog.get(id) for id in dataset.inputs):
            try:
                yield input, read(input)
            except AbsentSource:
                if input.id not in dataset.optional:
                    raise

    def compute(
        self, dataset: Dataset, tables: Tables, run: Sequence[Period], blanks: Blanks, threshold: int = 1
    ) -> tuple[Rows, Marks]:
        """The checked texts of what the function of ``dataset`` returns for its inputs' ``tables``. Raises ResultError.

        ``blanks``: the cells of the tables that are withheld, numbers below the ``threshold`` among them. The function gets
        guesses in their place, and what depends on these is empty; which cells that are is the second thing given.
        """
        with _naming(dataset):
            tried = stand_ins(tables, blanks, threshold)
            rows, marks = keep_common(dataset.column_ids, [self._outcome(dataset, each, run, len(tried) > 1) for each in tried])
            if len(tried) > 1:
                _verify(dataset, rows, marks)
        return rows, marks

    def _outcome(self, dataset: Dataset, tables: Tables, run: Sequence[Period], is_guess: bool) -> Rows:
        from flow.datasets.result import frame_of, parse_guessed_result

        assert dataset.compute is not None
        whole = {id: self._table(id, tables, run) for id in dataset.inputs}
        frames = {id: frame_of(self.catalog.get(id), columns, rows) for id, (columns, rows) in whole.items()}
        try:
            with isolate_script(dataset.id):
                frame = dataset.compute(**frames)
        except Stopped:
            raise
        except BaseException as error:  # the function is anybody's code: whatever it raises is its own failure
            raise ResultError(*describe("its function failed", error, self.catalog.paths.get(dataset.id))) from error
        return parse_guessed_result(dataset, frame, run) if is_guess else _check(dataset, frame, run)

    def _table(self, id: str, tables: Tables, run: Sequence[Period]) -> Table:
        """The table of an input with a row for each period; an empty one where it has none, as an optional input may."""
        columns, rows = tables.get(id, (self.catalog.get(id).column_ids, {}))
        return columns, {str(period): rows.get(str(period), [""] * len(columns)) for period in run}

    def query(self, dataset: Dataset, wiki: str, run: Sequence[Period], choices: Choices) -> tuple[Source, Query]:
        """The SQL of ``dataset`` for ``run``, and the source that it is for."""
        source, request = self.sources.get(wiki, dataset.source), _request(wiki, run, choices)
        with _naming(dataset), self._pointing(source, dataset, request):
            return source, source.query(dataset, request, self.catalog.relations)

    def places(self, dataset: Dataset, wiki: str, run: Sequence[Period], choices: Choices) -> list[Place | None]:
        """Which line of a script or relation each line of that SQL comes from; nothing where it cannot be told."""
        from flow.engines.pointing import Templates

        source, request = self.sources.get(wiki, dataset.source), _request(wiki, run, choices)
        found = Templates(dataset, self.catalog.relations, self.catalog.paths).trace(source, request)
        return found.line_places() if found else []

    def _read(self, dataset: Dataset, wiki: str, run: Sequence[Period], choices: Choices) -> pd.DataFrame:
        source, request = self.sources.get(wiki, dataset.source), _request(wiki, run, choices)
        with self._pointing(source, dataset, request):
            return source.read(dataset, request, self.catalog.relations)

    @contextmanager
    def _pointing(self, source: Source, dataset: Dataset, request: Request) -> Iterator[None]:
        """Puts the place in the script before what is wrong with its SQL."""
        try:
            yield
        except QueryError as error:
            from flow.engines.pointing import Templates, point

            raise point(error, source, request, Templates(dataset, self.catalog.relations, self.catalog.paths)) from error


@contextmanager
def _naming(dataset: Dataset) -> Iterator[None]:
    """Puts the dataset's id before what is wrong with it, and not with its wiki's tables."""
    try:
        yield
    except SchemaError:
        raise
    except DatasetError as error:
        named = str(error) if error.excerpt else f"{dataset.id}: {error}"
        raise type(error)(named, error.excerpt) from error


def _check(dataset: Dataset, frame: pd.DataFrame, run: Sequence[Period]) -> Rows:
    from flow.datasets.result import parse_result

    return parse_result(dataset, frame, run)


def _verify(dataset: Dataset, rows: Rows, marks: Marks) -> None:
    from flow.datasets.result import verify

    verify(dataset, rows, marks)


def _request(wiki: str, run: Sequence[Period], choices: Choices) -> Request:
    return Request(wiki, run[0].grain, covered(list(run)), choices.spans, choices.bots_count)

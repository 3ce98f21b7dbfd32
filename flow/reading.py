"""Reads datasets: neighbouring periods in one grouped query, others' tables through a pure function."""

from __future__ import annotations

import traceback
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from flow.catalog import Catalog
from flow.dataset import Dataset
from flow.errors import DatasetError, ResultError
from flow.period import Grain, Period, covered
from flow.question import Asked, Query
from flow.quoted import unquoted
from flow.wiki.schema import Kind

if TYPE_CHECKING:
    import pandas as pd

    from flow.engines.source import Source
    from flow.engines.sources import Sources

Rows = dict[str, list[str]]
#: The columns of a CSV after ``date``, and its rows.
Table = tuple[Sequence[str], Rows]

#: The most periods in one query: about a year, so that a query stays short and a run shows its progress.
MOST_PERIODS = {Grain.DAY: 366, Grain.WEEK: 53, Grain.MONTH: 12}


@dataclass(frozen=True, slots=True)
class Choices:
    """How to count: the seconds of each span, and whether bots count; see ``flow.words.choices``."""

    spans: dict[str, int]
    bots_count: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the datasets of ``catalog`` from ``sources``."""

    catalog: Catalog
    sources: Sources

    def rows(self, made: Dataset, wiki: str, run: Sequence[Period], choices: Choices) -> Rows:
        """The checked texts of each period of ``run``, neighbours in order, keyed by date. Raises FlowError."""
        if made.compute:
            inputs = [self.catalog.get(id) for id in made.inputs]
            tables = {each.id: (each.column_ids, self.rows(each, wiki, run, choices)) for each in inputs}
            return self.computed(made, tables, run, ())
        with _naming(made):
            return _checked(made, self._read(made, wiki, run, choices), run, ())

    def computed(self, made: Dataset, tables: Mapping[str, Table], run: Sequence[Period], blank: Collection[str]) -> Rows:
        """The checked texts of what the function of ``made`` returns for its inputs' ``tables``. Raises ResultError.

        ``blank``: the dates for which any number may be empty, since something that it is made from is withheld.
        """
        from flow.result import frame_of

        assert made.compute is not None
        frames = {id: frame_of(self.catalog.get(id), columns, rows) for id, (columns, rows) in tables.items()}
        with _naming(made):
            try:
                frame = made.compute(**frames)
            except Exception as error:  # the function is anybody's code: whatever it raises is its own failure
                raise ResultError(f"its function failed: {_told(made, error)}") from error
            return _checked(made, frame, run, blank)

    def query(self, made: Dataset, wiki: str, run: Sequence[Period], choices: Choices) -> tuple[Source, Query]:
        """The SQL of ``made`` for ``run``, and the source that it is for."""
        source = self.sources.get(wiki, cast(Kind, made.source))
        return source, source.query(made, _asked(wiki, run, choices), self.catalog.relations)

    def _read(self, made: Dataset, wiki: str, run: Sequence[Period], choices: Choices) -> pd.DataFrame:
        source = self.sources.get(wiki, cast(Kind, made.source))
        return source.read(made, _asked(wiki, run, choices), self.catalog.relations)


@contextmanager
def _naming(made: Dataset) -> Iterator[None]:
    """Puts the dataset's id before what is wrong with it."""
    try:
        yield
    except DatasetError as error:
        raise type(error)(f"{made.id}: {error}") from error


def _told(made: Dataset, error: Exception) -> str:
    """What a dataset's function raised, and in which line of its script; nothing that the message quotes."""
    script = getattr(getattr(made.compute, "__code__", None), "co_filename", None)
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == script]
    place = f" in line {lines[-1]} of its script" if lines else ""
    return f"{type(error).__name__}{place}: {unquoted(str(error))}"


def _checked(made: Dataset, frame: pd.DataFrame, run: Sequence[Period], blank: Collection[str]) -> Rows:
    from flow.result import checked

    return checked(made, frame, run, blank)


def _asked(wiki: str, run: Sequence[Period], choices: Choices) -> Asked:
    return Asked(wiki, run[0].grain, covered(list(run)), choices.spans, choices.bots_count)

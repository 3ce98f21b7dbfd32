"""Reads datasets: neighbouring periods in one grouped query, others' tables through a pure function."""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from flow.catalog import Catalog
from flow.dataset import Dataset
from flow.errors import DatasetError, ResultError
from flow.period import Grain, Period, covered
from flow.privacy.few import Marks, Rows
from flow.privacy.guesses import Blanks, Tables, agreed, guessed
from flow.question import Asked, Query
from flow.quoted import unquoted
from flow.wiki.schema import Kind

if TYPE_CHECKING:
    import pandas as pd

    from flow.engines.source import Source
    from flow.engines.sources import Sources


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
            return self.computed(made, tables, run, {})[0]
        with _naming(made):
            return _checked(made, self._read(made, wiki, run, choices), run)

    def computed(self, made: Dataset, tables: Tables, run: Sequence[Period], blanks: Blanks) -> tuple[Rows, Marks]:
        """The checked texts of what the function of ``made`` returns for its inputs' ``tables``. Raises ResultError.

        ``blanks``: the cells of the tables that are withheld. The function gets guesses in their place, and what depends
        on these is empty; which cells that are is the second thing given.
        """
        with _naming(made):
            tried = guessed(tables, blanks)
            rows, marks = agreed(made.column_ids, [self._outcome(made, each, run, len(tried) > 1) for each in tried])
            if len(tried) > 1:
                _verify(made, rows, marks)
        return rows, marks

    def _outcome(self, made: Dataset, tables: Tables, run: Sequence[Period], is_guess: bool) -> Rows:
        from flow.result import frame_of, lenient

        assert made.compute is not None
        frames = {id: frame_of(self.catalog.get(id), columns, rows) for id, (columns, rows) in tables.items()}
        try:
            frame = made.compute(**frames)
        except (Exception, SystemExit) as error:  # the function is anybody's code: whatever it raises is its own failure
            raise ResultError(f"its function failed: {_told(made, error)}") from error
        return lenient(made, frame, run) if is_guess else _checked(made, frame, run)

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


def _told(made: Dataset, error: BaseException) -> str:
    """What a dataset's function raised, and in which line of its script; nothing that the message quotes."""
    script = getattr(getattr(made.compute, "__code__", None), "co_filename", None)
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == script]
    place = f" in line {lines[-1]} of its script" if lines else ""
    return f"{type(error).__name__}{place}: {unquoted(str(error))}"


def _checked(made: Dataset, frame: pd.DataFrame, run: Sequence[Period]) -> Rows:
    from flow.result import checked

    return checked(made, frame, run)


def _verify(made: Dataset, rows: Rows, marks: Marks) -> None:
    from flow.result import verify

    verify(made, rows, marks)


def _asked(wiki: str, run: Sequence[Period], choices: Choices) -> Asked:
    return Asked(wiki, run[0].grain, covered(list(run)), choices.spans, choices.bots_count)

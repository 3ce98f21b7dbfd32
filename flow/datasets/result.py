"""A dataset's table: a frame with ``date`` first and one row a period, checked against what the dataset declares."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import pandas as pd

from flow.datasets.column import Column
from flow.datasets.dataset import Dataset
from flow.datasets.period import Period
from flow.errors import ResultError

Rows = Mapping[str, Sequence[str]]

#: Beyond this, sums of 64-bit numbers could come round to small ones.
LARGE = 2**53


def parse_result(dataset: Dataset, frame: pd.DataFrame, periods: Sequence[Period]) -> dict[str, list[str]]:
    """The texts of each period's row, as the CSV writes them, keyed by date; a quiet period's row is filled in.

    ``frame`` is what the SQL or the function returned. Raises ResultError where it is not what ``dataset`` declares.
    """
    with _own_failure():
        return {date: _texts(dataset, date, row) for date, row in _rows(dataset, frame, periods).items()}


def parse_guessed_result(dataset: Dataset, frame: pd.DataFrame, periods: Sequence[Period]) -> dict[str, list[str]]:
    """Like ``parse_result``, for a function that was given guesses: a number that cannot be may come from one of them."""
    with _own_failure():
        return {date: _loose_texts(dataset, row) for date, row in _rows(dataset, frame, periods).items()}


@contextmanager
def _own_failure() -> Iterator[None]:
    """Whatever a result's values do, when they are looked at, is that result's failure."""
    try:
        yield
    except ResultError:
        raise
    except Exception as error:
        raise ResultError(f"the result holds what cannot be read as a number or a date: {type(error).__name__}") from error


def verify(dataset: Dataset, rows: Rows, marks: Mapping[str, Set[str]]) -> None:
    """Raises ResultError for a cell that no guess has made what it is, and that cannot be."""
    for date, texts in rows.items():
        values: list[object] = [text or None for text in texts]
        for place, column in enumerate(dataset.columns):
            if date in marks.get(column.id, ()):
                values[place] = 0
        _texts(dataset, date, tuple(values))


def _rows(dataset: Dataset, frame: pd.DataFrame, periods: Sequence[Period]) -> dict[str, tuple[object, ...] | None]:
    """The values of each period's row, None where there is none."""
    if not isinstance(frame, pd.DataFrame):
        raise ResultError(f"its function returns {type(frame).__name__}; it must return a frame")
    _check_columns(dataset, [str(name) for name in frame.columns])
    plain = frame.astype(object).where(frame.notna(), None)
    found = dict(zip(_dates(plain), plain[dataset.column_ids].itertuples(index=False, name=None), strict=True))
    expected = {str(period): period for period in periods}
    for date in found:
        if date not in expected:
            raise ResultError(f"{_show_date(date)} is outside the range that was asked for, {periods[0]} to {periods[-1]}")
    return {date: found.get(date) for date in expected}


def _check_columns(dataset: Dataset, names: list[str]) -> None:
    expected = ["date", *dataset.column_ids]
    what = "the function" if dataset.compute else "the SQL"
    for name in expected:
        if names.count(name) != 1:
            how = "missing from" if name not in names else "twice in"
            raise ResultError(f"column '{name}' is {how} the result; {what} must return {', '.join(expected)}")
    for name in names:
        if name not in expected:
            raise ResultError(f"column '{name}' is in the result but not declared; {what} must return {', '.join(expected)}")


def _dates(frame: pd.DataFrame) -> list[str]:
    dates = ["" if value is None else str(value) for value in frame["date"]]
    if "" in dates:
        raise ResultError("the result has a row whose date is NULL")
    twice = sorted({date for date in dates if dates.count(date) > 1}) if len(set(dates)) < len(dates) else []
    if twice:
        raise ResultError(f"the result has {_show_date(twice[0])} more than once")
    return dates


def _show_date(date: str) -> str:
    """A date; nothing else of what the SQL returned is shown, for it may be somebody's name."""
    return f"date {date}" if re.fullmatch(r"\d{4}-\d\d-\d\d( 00:00:00)?", date, re.ASCII) else "a value that is no date"


def _loose_texts(dataset: Dataset, row: tuple[object, ...] | None) -> list[str]:
    if row is None:
        return [column.quiet for column in dataset.columns]
    return [_loose_text(column, value) for column, value in zip(dataset.columns, row, strict=True)]


def _loose_text(column: Column, value: object) -> str:
    try:
        return column.text(value)
    except ResultError:
        return "" if value is None else str(value)


def _texts(dataset: Dataset, date: str, row: tuple[object, ...] | None) -> list[str]:
    if row is None:
        return [column.quiet for column in dataset.columns]
    try:
        return [column.text(value) for column, value in zip(dataset.columns, row, strict=True)]
    except ResultError as error:
        raise ResultError(f"{date}: {error}") from error


def frame_of(dataset: Dataset, column_ids: Sequence[str], rows: Rows) -> pd.DataFrame:
    """``rows``, texts of ``column_ids``, as a frame with the columns of ``dataset``: ``date`` as text, whole numbers as Int64
    (Python's own where sums of them might not fit), others as float64, nothing where a text is empty or a column is not there.
    """
    frame = pd.DataFrame({"date": pd.Series(list(rows), dtype=object)})
    places = {id: place for place, id in enumerate(column_ids)}
    for column in dataset.columns:
        cells = tuple(texts[places[column.id]] if column.id in places else "" for texts in rows.values())
        frame[column.id] = (_decimals(cells) if column.unit.decimals else _whole(cells)).copy()
    return frame


@lru_cache(maxsize=64)
def _decimals(cells: tuple[str, ...]) -> pd.Series[Any]:
    return pd.Series([float(cell) if cell else None for cell in cells], dtype="float64")


@lru_cache(maxsize=64)
def _whole(cells: tuple[str, ...]) -> pd.Series[Any]:
    numbers = [int(cell) if cell else pd.NA for cell in cells]
    is_large = any(cell and int(cell) > LARGE for cell in cells)
    return pd.Series(numbers, dtype=object if is_large else "Int64")

"""A dataset's table: a frame with ``date`` first and one row a period, checked against what the dataset declares."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from flow.column import Column
from flow.dataset import Dataset
from flow.errors import ResultError
from flow.period import Period

Rows = Mapping[str, Sequence[str]]


def checked(made: Dataset, frame: pd.DataFrame, periods: Sequence[Period]) -> dict[str, list[str]]:
    """The texts of each period's row, as the CSV writes them, keyed by date; a quiet period's row is filled in.

    ``frame`` is what the SQL or the function returned. Raises ResultError where it is not what ``made`` declares.
    """
    return {date: _texts(made, date, row) for date, row in _rows(made, frame, periods).items()}


def lenient(made: Dataset, frame: pd.DataFrame, periods: Sequence[Period]) -> dict[str, list[str]]:
    """Like ``checked``, for a function that was given guesses: a number that cannot be may come from one of them."""
    return {date: _loose_texts(made, row) for date, row in _rows(made, frame, periods).items()}


def verify(made: Dataset, rows: Rows, marks: Mapping[str, Mapping[str, str]]) -> None:
    """Raises ResultError for a cell that no guess has made what it is, and that cannot be."""
    for date, texts in rows.items():
        values: list[object] = [text or None for text in texts]
        for place, column in enumerate(made.columns):
            if date in marks.get(column.id, {}):
                values[place] = 0
        _texts(made, date, tuple(values))


def _rows(made: Dataset, frame: pd.DataFrame, periods: Sequence[Period]) -> dict[str, tuple[object, ...] | None]:
    """The values of each period's row, None where there is none."""
    if not isinstance(frame, pd.DataFrame):
        raise ResultError(f"its function returns {type(frame).__name__}; it must return a frame")
    _check_columns(made, [str(name) for name in frame.columns])
    plain = frame.astype(object).where(frame.notna(), None)
    found = dict(zip(_dates(plain), plain[made.column_ids].itertuples(index=False, name=None), strict=True))
    expected = {str(period): period for period in periods}
    for date in found:
        if date not in expected:
            raise ResultError(f"{_told(date)} is outside the range that was asked for, {periods[0]} to {periods[-1]}")
    return {date: found.get(date) for date in expected}


def _check_columns(made: Dataset, names: list[str]) -> None:
    expected = ["date", *made.column_ids]
    what = "the function" if made.compute else "the SQL"
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
        raise ResultError(f"the result has {_told(twice[0])} more than once")
    return dates


def _told(date: str) -> str:
    """A date; nothing else of what the SQL returned is shown, for it may be somebody's name."""
    return f"date {date}" if re.fullmatch(r"\d{4}-\d\d-\d\d( 00:00:00)?", date, re.ASCII) else "a value that is no date"


def _loose_texts(made: Dataset, row: tuple[object, ...] | None) -> list[str]:
    if row is None:
        return [column.unit.quiet for column in made.columns]
    return [_loose_text(column, value) for column, value in zip(made.columns, row, strict=True)]


def _loose_text(column: Column, value: object) -> str:
    try:
        return column.text(value)
    except ResultError:
        return str(value)


def _texts(made: Dataset, date: str, row: tuple[object, ...] | None) -> list[str]:
    if row is None:
        return [column.unit.quiet for column in made.columns]
    try:
        return [column.text(value) for column, value in zip(made.columns, row, strict=True)]
    except ResultError as error:
        raise ResultError(f"{date}: {error}") from error


def frame_of(made: Dataset, column_ids: Sequence[str], rows: Rows) -> pd.DataFrame:
    """``rows``, texts of ``column_ids``, as a frame with the columns of ``made``: ``date`` as text, whole numbers as Int64,
    others as float64, nothing where a text is empty or a column is not there.
    """
    frame = pd.DataFrame({"date": pd.Series(list(rows), dtype=object)})
    places = {id: place for place, id in enumerate(column_ids)}
    for column in made.columns:
        cells = [texts[places[column.id]] if column.id in places else "" for texts in rows.values()]
        numbers = [float(cell) if cell else None for cell in cells]
        series = pd.Series(numbers, dtype="float64")
        frame[column.id] = series if column.unit.decimals else series.astype("Int64")
    return frame

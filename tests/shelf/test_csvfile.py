"""A CSV is read as it was render, and anything else is an error."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.datasets.column import Count, Duration, Share
from flow.datasets.dataset import Dataset
from flow.datasets.result import frame_of, parse_result
from flow.shelf.csvfile import Damaged, parse, render

cells = st.one_of(st.just(""), st.integers(0, 10**9).map(str), st.decimals(0, 1, places=4).map(str))
tables = st.dictionaries(st.dates().map(str), st.lists(cells, min_size=2, max_size=2), max_size=30)


@given(tables)
def test_what_was_written_is_read(rows):
    assert parse(["a", "b"], render(["a", "b"], rows)) == dict(sorted(rows.items()))


@given(tables, st.data())
def test_what_was_changed_is_refused_or_still_a_table(rows, data):
    text = render(["a", "b"], rows)
    place = data.draw(st.integers(0, len(text)))
    changed = text[:place] + data.draw(st.text(max_size=3)) + text[place + data.draw(st.integers(0, 3)) :]
    try:
        found = parse(["a", "b"], changed)
    except Damaged:
        return
    assert render(["a", "b"], found) == changed


@given(st.text())
def test_any_text_is_a_table_or_damaged(text):
    with suppress(Damaged):
        assert render(["a"], parse(["a"], text)) == text


@given(st.dictionaries(st.dates().map(str), st.tuples(st.integers(0, 10**30 - 1), st.none() | st.floats(0, 1), st.none() | st.floats(0, 1e6))))
def test_a_frame_is_read_back_as_it_was(values):
    made = Dataset(id="d", title="D", columns=[Count("a", "A"), Share("b", "B"), Duration("c", "C")])
    rows = {day: [column.text(value) for column, value in zip(made.columns, row, strict=True)] for day, row in values.items()}
    frame = frame_of(made, made.column_ids, rows)
    again = {day: list(row) for day, row in checked_rows(made, frame).items()}
    assert again == rows


def checked_rows(made, frame):
    from datetime import date

    from flow.datasets.period import Grain, Period

    return parse_result(made, frame, [Period(date.fromisoformat(day), Grain.DAY) for day in frame["date"]])


@pytest.mark.parametrize(
    "text",
    ["", "date,a", "date,a\n2024-01-01,1", "date,b\n", "date,a\n2024-01-01,1\n2024-01-01,2\n", "date,a\n2024-02-30,1\n",
     "date,a\n2024-01-01,1,2\n", "date,a\n2024-01-01,-\n", "date,a\n\n", "date,a\n20240101,1\n", 'date,a\n2024-01-01,"1"\n'],
)  # fmt: skip
def test_a_damaged_csv_is_refused(text):
    with pytest.raises(Damaged):
        parse(["a"], text)

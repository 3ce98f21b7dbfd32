"""CSVs that are derived from the published numbers of others, and from nothing else: they tell nothing that these do not."""

from __future__ import annotations

from dataclasses import replace

from flow.datasets.transform import NOTHING, Cells, PublishedCell, Transform, cumulate, graphs_of, share, title_of, unit_of
from flow.shelf.csvfile import Rows
from flow.shelf.entry import ColumnFact, Entry, Key, describe_graphs


def describe(key: Key, transform: Transform, base: Entry, before: Entry | None) -> Entry:
    """The entry, still without numbers, of what ``transform`` makes of ``base``; columns keep the places that they had before."""
    facts = {fact.id: fact for fact in base.columns}
    own = [facts[id] for id in transform.columns if id in facts]
    new = {fact.id: ColumnFact(fact.id, fact.label, *unit_of(transform, fact.unit, fact.type)) for fact in own}
    placed = {fact.id: new.get(fact.id, fact) for fact in (before.columns if before else ())} | new
    graphs = describe_graphs(graphs_of(transform, base.title, {id: fact.unit for id, fact in facts.items()}), new)
    title = title_of(transform, base.title)
    return Entry(key, base.definition, title, tuple(placed.values()), graphs, about=base.about, transform=transform)


def fill(entry: Entry, base: Entry, rows: Rows, *, is_whole: bool = True) -> tuple[Entry, Rows]:
    """``entry`` with what follows from the ``rows`` of its ``base``, and its own rows. Raises ResultError.

    ``is_whole``: whether the first periods are there; without them nothing can tell a running total.
    """
    assert entry.transform is not None
    columns = {id: _column(entry.transform, id, base, rows) for id in entry.column_ids}
    if entry.transform.kind == "cum" and not is_whole:
        columns = {id: dict.fromkeys(rows, PublishedCell("", is_gap=True)) for id in columns}
    withheld = {id: frozenset(date for date, cell in cells.items() if cell.is_withheld) for id, cells in columns.items()}
    gaps = {id: tuple(sorted(date for date, cell in cells.items() if cell.is_gap)) for id, cells in columns.items()}
    whole = replace(
        entry,
        computed=base.computed,
        withheld={id: dates for id, dates in withheld.items() if dates},
        gaps={id: dates for id, dates in gaps.items() if dates},
    )
    return whole, {date: [cells[date].text for cells in columns.values()] for date in rows}


def _column(transform: Transform, id: str, base: Entry, rows: Rows) -> Cells:
    whole = [transform.total] if transform.total else [] if transform.kind == "cum" else list(transform.columns)
    if id not in transform.columns or not {id, *whole} <= {*base.column_ids}:
        return dict.fromkeys(rows, NOTHING)
    cells = _cells(base, rows, id)
    return dict(share(cells, [_cells(base, rows, each) for each in whole]) if whole else cumulate(cells))


def _cells(base: Entry, rows: Rows, id: str) -> Cells:
    place, withheld, gaps = base.column_ids.index(id), base.withheld.get(id, ()), base.gaps.get(id, ())
    return {date: PublishedCell(texts[place], date in withheld, date in gaps) for date, texts in rows.items()}

"""What was wanted and what was got, row by row, as a table that marks the cells that differ."""

from __future__ import annotations

from collections.abc import Iterator

#: Stands before a cell that differs, and for one that is not there.
MARK, NONE = "*", "-"

Csv = dict[str, dict[str, str]]


def tabulate(wanted: str, got: str) -> tuple[list[str], list[list[str]]]:
    """A header and rows: one for a date whose cells are as wanted, two for one where some are not."""
    (columns, first), (others, second) = _parse(wanted), _parse(got)
    columns += [name for name in others if name not in columns]
    dates = sorted({*first, *second})
    rows = [row for date in dates for row in _rows(date, columns, first.get(date, {}), second.get(date, {}))]
    return ["", "date", *columns], rows


def _rows(date: str, columns: list[str], wanted: dict[str, str], got: dict[str, str]) -> Iterator[list[str]]:
    if wanted == got:
        yield ["", date, *(wanted[name] for name in columns)]
        return
    for what, cells, others in (("wanted", wanted, got), ("got", got, wanted)):
        yield [what, date, *(_cell(cells.get(name), others.get(name)) for name in columns)]


def _cell(cell: str | None, other: str | None) -> str:
    shown = NONE if cell is None else cell
    return shown if cell == other else f"{MARK}{shown}"


def _parse(csv: str) -> tuple[list[str], Csv]:
    """The columns after the date, and the cells of each date."""
    header, *lines = (line.split(",") for line in csv.strip().splitlines() or [""])
    return header[1:], {line[0]: dict(zip(header[1:], line[1:], strict=False)) for line in lines}

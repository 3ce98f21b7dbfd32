"""``diff``: what is held back, or computed and not published, beside what is published, as numbers."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation, localcontext

from flow import terminal
from flow.datasets.column import ALL_DIGITS
from flow.pipeline.plan import Selection
from flow.pipeline.previewing import Version
from flow.pipeline.run import Run
from flow.publication import held
from flow.publication.held import Held
from flow.shelf import Shelf
from flow.shelf.entry import Key

HEADER = ["date", "column", "live", "new", "change"]


def diff(job: Run, selection: Selection, compute: bool) -> int:
    """Prints a table for each CSV that would change, as it would be published; publishes nothing."""
    back = held.parse(Shelf(job.settings.output.folder).text_beside(held.FILE))
    with job.progress.shown(), job.preview(selection, compute) as preview:
        all = {key: list(_rows(old, new)) for key, old, new in preview.changed() if _is_selected(key, selection)}
    found = {key: rows for key, rows in all.items() if rows}
    for key, rows in found.items():
        _print(key, rows, back.get(key))
    if not found:
        terminal.aside("Nothing would change.")
    return job.outcome.exit_code


def _is_selected(key: Key, selection: Selection) -> bool:
    chosen = ((selection.datasets, key.dataset), (selection.wikis, key.wiki), (selection.grains, key.grain))
    return all(not some or each in some for some, each in chosen)


def _print(key: Key, rows: list[list[str]], back: Held | None) -> None:
    terminal.result(f"{key}{f': held back: {back.why}' if back else ''}")
    terminal.table(HEADER, rows)
    terminal.result("")


def _rows(old: Version, new: Version) -> Iterator[list[str]]:
    """The cells that would change."""
    columns = dict.fromkeys(id for version in (new, old) if version.entry for id in version.entry.column_ids)
    for date in sorted(old.rows.keys() | new.rows.keys()):
        for column in columns:
            before, after = old.cell(date, column), new.cell(date, column)
            if before != after:
                yield [date, column, before, after, change(before, after)]


def change(before: str, after: str) -> str:
    """By how much a number would change, and by which share of it; empty where one of both is none."""
    try:
        old, new = Decimal(before), Decimal(after)
    except InvalidOperation:
        return ""
    with localcontext(ALL_DIGITS):  # numbers may have 30 digits
        share = f" ({(new - old) / old * 100:+.1f} %)" if old else ""
        return f"{new - old:+}{share}"

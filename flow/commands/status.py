"""``status``: whether all is current, in a line; what is not, grouped; or a dataset in full."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from flow import terminal
from flow.commands import summary
from flow.commands.summary import describe_minute
from flow.errors import UsageError
from flow.publication import held, onhold
from flow.publication.held import Held
from flow.publication.status import FILE, Freshness, head, parse
from flow.settings import Settings
from flow.shelf import Shelf
from flow.shelf.entry import Entry, Key

STALE = 1


def status(settings: Settings, now: datetime, as_json: bool, span: int | None, dataset: str | None, wiki: str | None) -> int:
    """Prints the status of the last run; 1 if ``span``, in seconds, is given and some CSV is staler than that."""
    shelf = Shelf(settings.output.folder)
    text = shelf.text_beside(FILE)
    found = parse(text)
    if not found:
        raise UsageError(f"{shelf.folder / FILE}: there is no status yet; 'generate.py run' makes one")
    back = held.parse(shelf.text_beside(held.FILE))
    if as_json:
        _refuse(dataset or wiki, "--json prints all; leave out the dataset and --wiki")
        print(text, end="")
    elif dataset or wiki:
        _print_in_full(shelf, select(found, dataset, wiki), back)
    else:
        on_hold = onhold.describe(shelf.text_beside(onhold.FILE))
        for line in summary.lines(found, back, *head(text), on_hold):
            terminal.result(line)
    return _judge(found.values(), now, span)


def _refuse(given: str | None, what: str) -> None:
    if given:
        raise UsageError(what)


def select(found: dict[Key, Freshness], dataset: str | None, wiki: str | None) -> dict[Key, Freshness]:
    """The CSVs of a dataset and a wiki, or of one of both. Raises UsageError if there is none."""
    chosen = {key: each for key, each in found.items() if dataset in (None, key.dataset) and wiki in (None, key.wiki)}
    if not chosen:
        datasets, wikis = sorted({key.dataset for key in found}), sorted({key.wiki for key in found})
        what = ", ".join(filter(None, [dataset, wiki]))
        raise UsageError(f"there is no status of {what}; there is {', '.join(datasets)}, of {', '.join(wikis)}")
    return chosen


def _print_in_full(shelf: Shelf, chosen: dict[Key, Freshness], back: dict[Key, Held]) -> None:
    live = shelf.releases.read(shelf.releases.live) if shelf.releases.live else None
    entries = live.entries if live else {}
    header = ["dataset", "wiki", "grain", "last success", "through", "provisional from", "rows", "gaps", "withheld", "state"]
    terminal.table(header, [_row(each, entries.get(key), back.get(key)) for key, each in sorted(chosen.items())])


def _row(each: Freshness, entry: Entry | None, back: Held | None) -> list[str]:
    days = [describe_minute(each.last_success), each.through or "-", each.provisional_from or "-", str(each.rows)]
    gaps = {column: len(dates) for column, dates in entry.gaps.items()} if entry else {}
    withheld = {column: len(dates) for column, dates in entry.withheld.items()} if entry else {}
    return [each.dataset, each.wiki, each.grain, *days, _counts(gaps), _counts(withheld), summary.describe_state(each, back)]


def _counts(found: dict[str, int]) -> str:
    return ", ".join(f"{column} {many}" for column, many in found.items() if many) or "none"


def _judge(all: Iterable[Freshness], now: datetime, span: int | None) -> int:
    if span is None:
        return 0
    stale = [each for each in all if each.is_stale(now, timedelta(seconds=span))]
    for each in stale:
        success, expected = describe_minute(each.last_success), describe_minute(each.expected_by)
        terminal.aside(f"stale: {each.key}: last success {success}, next expected by {expected}")
    return STALE if stale else 0

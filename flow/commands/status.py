"""``status``: how fresh each published CSV is, and what fails since when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from flow import terminal
from flow.errors import UsageError
from flow.publication.status import FILE, Freshness, parse
from flow.settings import Settings
from flow.shelf import Shelf

STALE = 1


def status(settings: Settings, now: datetime, as_json: bool, span: int | None) -> int:
    """Prints the status of the last run; 1 if ``span``, in seconds, is given and some CSV is staler than that."""
    shelf = Shelf(settings.output.folder)
    text = shelf.text_beside(FILE)
    found = parse(text)
    if not found:
        raise UsageError(f"{shelf.folder / FILE}: there is no status yet; 'generate.py run' makes one")
    if as_json:
        print(text, end="")
    else:
        header = ["dataset", "wiki", "grain", "last success", "through", "provisional from", "state"]
        terminal.table(header, map(_row, found.values()))
    return _judge(found.values(), now, span)


def _row(each: Freshness) -> list[str]:
    texts = [_minute(each.last_success), each.through or "-", each.provisional_from or "-", _state(each)]
    return [each.dataset, each.wiki, each.grain, *texts]


def _minute(instant: str | None) -> str:
    return "never" if instant is None else instant[:16].replace("T", " ")


def _state(each: Freshness) -> str:
    if each.failed:
        return f"failed since {_minute(each.failed.since)}: {each.failed.kind}: {each.failed.message}"
    return f"waits: {each.waits}" if each.waits else "fine"


def _judge(all: Iterable[Freshness], now: datetime, span: int | None) -> int:
    if span is None:
        return 0
    stale = [each for each in all if each.is_stale(now, timedelta(seconds=span))]
    for each in stale:
        success, expected = _minute(each.last_success), _minute(each.expected_by)
        terminal.aside(f"stale: {each.key}: last success {success}, next expected by {expected}")
    return STALE if stale else 0

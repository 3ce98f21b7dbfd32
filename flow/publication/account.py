"""What a run leaves of itself: ``status.json``, published and beside, and the metrics."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from flow.publication import metrics, status
from flow.publication.status import Freshness
from flow.shelf import Shelf, disk


def write(shelf: Shelf, now: datetime, exit_code: int, fresh: Sequence[Freshness]) -> None:
    """Tells how a run ended, and how ``fresh`` each CSV is."""
    text = status.render(now, exit_code, fresh)
    shelf.put(status.FILE, text)
    shelf.put_beside(status.FILE, text)
    shelf.put_beside(metrics.FILE, metrics.render(now, exit_code, fresh))


def write_ending(shelf: Shelf, now: datetime, exit_code: int) -> None:
    """Tells how a run ended that could not tell it itself; each CSV is as fresh as was known. What cannot be written is left."""
    fresh = list(status.parse(shelf.text_beside(status.FILE)).values())
    text = metrics.render(now, exit_code, fresh)
    try:
        shelf.put_beside(metrics.FILE, text)
    except OSError:  # of these, half would be better than what is true no more: somebody is woken by them
        with suppress(OSError):
            disk.overwrite(shelf.folder / metrics.FILE, text.encode())
    for put in (shelf.put_beside, shelf.put):
        with suppress(OSError):
            put(status.FILE, status.render(now, exit_code, fresh))

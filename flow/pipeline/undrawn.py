"""Which graphs have too few values to be on a dashboard: that is no fault, but it is said."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable

from flow import limn
from flow.shelf.entry import Entry

log = logging.getLogger("flow")


def log_undrawn(entries: Iterable[Entry]) -> None:
    """Logs which graphs of a release are on no dashboard."""
    titles = Counter(title for entry in entries for title in limn.blank_graphs(entry))
    if titles:
        told = "; ".join(f"{title} ({many} {'CSV' if many == 1 else 'CSVs'})" for title, many in sorted(titles.items()))
        log.info("on no dashboard, with fewer than two values: %s", told)


def describe_undrawn(entry: Entry | None) -> str | None:
    """The titles of an entry's graphs that are on no dashboard; None if all may be."""
    return "; ".join(limn.blank_graphs(entry)) or None if entry else None

"""``releases`` and ``rollback``: which releases are kept and what changed in each, and going back to one."""

from __future__ import annotations

from flow import terminal
from flow.datasets.period import Period
from flow.errors import UsageError
from flow.publication import metrics, status
from flow.settings import Settings
from flow.shelf import Shelf
from flow.shelf.entry import Entry
from flow.shelf.manifest import Manifest

#: What an old release's id ends in, once for each time that it was replaced by one that withholds more.
MARK = "w"


def releases(settings: Settings) -> int:
    """Prints a line for each release, newest first."""
    kept = Shelf(settings.output.folder).releases
    ids = kept.ids()
    if not ids:
        raise UsageError(f"{settings.output.folder}: there is no release yet; 'generate.py run' makes one")
    read = {id: kept.read(id) for id in ids}
    rows = [[id, "live" if id == kept.live else "", changes(_before(read, id), read[id])] for id in ids]
    terminal.table(["release", "", "what changed"], reversed(rows))
    return 0


def rollback(settings: Settings, id: str | None) -> int:
    """Goes back to a release, and says what the next run does."""
    with Shelf(settings.output.folder, terminal.aside).locked() as shelf:
        live = shelf.releases.live
        target = shelf.releases.go_back(id)
        _tell_status(shelf)
    terminal.aside(f"{shelf.link} shows {target} again, in place of {live or 'nothing'}.")
    terminal.aside("The next run computes again what is newer: mend what made it wrong, or stop the timer, before it comes.")
    return 0


def _tell_status(shelf: Shelf) -> None:
    """What is beside the release tells of it again, as of its own time."""
    text = shelf.text(status.FILE)
    found = status.parse(text)
    if found:
        shelf.put_beside(status.FILE, text)
        at, exit_code = status.head(text)
        shelf.put_beside(metrics.FILE, metrics.render(at, exit_code, found.values()))


def _before(read: dict[str, Manifest | None], id: str) -> Manifest | None:
    """What was live before a release, if it is kept; it may have been replaced by one that withholds more."""
    found = read[id]
    name = found.previous.rstrip(MARK) if found else ""
    return next((manifest for other, manifest in read.items() if other != id and other.rstrip(MARK) == name), None)


def changes(before: Manifest | None, found: Manifest | None) -> str:
    """What a release changed, in a line."""
    if found is None:
        return "damaged"
    if before is None:
        return f"{len(found.entries)} CSVs in all"
    new, gone = found.entries.keys() - before.entries.keys(), before.entries.keys() - found.entries.keys()
    both = found.entries.keys() & before.entries.keys()
    other = [key for key in both if found.entries[key].sha256 != before.entries[key].sha256]
    periods = sum(len(_added(before.entries[key], found.entries[key])) for key in other)
    parts = [f"{len(new)} new CSVs"] if new else []
    parts += [f"{len(gone)} CSVs gone"] if gone else []
    parts += [f"{len(other)} CSVs changed, with {periods} new periods"] if other else []
    parts += [f"{found.restated} published numbers changed"] if found.restated else []
    return "; ".join(parts) or "no numbers"


def _added(before: Entry, found: Entry) -> set[Period]:
    return set(found.times) - set(before.times)

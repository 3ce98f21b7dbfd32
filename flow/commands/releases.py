"""``releases``, ``rollback`` and ``release``: which releases are kept and what changed in each, and going back to one."""

from __future__ import annotations

from datetime import datetime

from flow import terminal
from flow.datasets.period import Period
from flow.errors import UsageError
from flow.publication import held, held_before, metrics, onhold, status
from flow.publication.held_before import MARK
from flow.settings import Settings
from flow.shelf import Shelf, disk
from flow.shelf.entry import Entry
from flow.shelf.manifest import Manifest


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


def rollback(settings: Settings, id: str | None, hold: bool, now: datetime) -> int:
    """Goes back to a release, and says what the next run does; with ``hold`` no run publishes until ``release``."""
    with Shelf(settings.output.folder, terminal.aside).locked() as shelf:
        live = shelf.releases.live
        target = shelf.releases.go_back(id)
        if hold:
            onhold.put(shelf, now)
        _remember_held(shelf, target)
        _tell_status(shelf)
    terminal.aside(f"{shelf.link} shows {target} again, in place of {live or 'nothing'}.")
    if hold:
        terminal.aside(f"Runs compute and publish nothing, and end with 4, until: {onhold.LIFT}")
    else:
        terminal.aside("The next run computes again what is newer: mend what made it wrong before it comes, or use --hold.")
    return 0


def release(settings: Settings) -> int:
    """Lets runs publish again. Raises UsageError if nothing is on hold."""
    with Shelf(settings.output.folder, terminal.aside).locked() as shelf:
        if not shelf.text_beside(onhold.FILE):
            raise UsageError(f"{shelf.folder}: publishing is not on hold; 'rollback --hold' puts it there")
        disk.remove(shelf.folder / onhold.FILE)
    terminal.aside("The next run publishes again what is computed and passes its checks.")
    return 0


def _remember_held(shelf: Shelf, target: str) -> None:
    """What was held back while the release or a later one was live is held back again, until it is compared anew."""
    now = held.parse(shelf.text_beside(held.FILE)).values()
    before = held_before.since(shelf.text_beside(held_before.FILE), target)
    shelf.put_beside(held.FILE, held.render(held_before.join([*now, *before]).values()))


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

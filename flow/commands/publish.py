"""``publish``: bring the live release to a target, or say what that would change there."""

from __future__ import annotations

from contextlib import nullcontext

from flow import terminal
from flow.delivery import Delivery, place_of, refuse_loss
from flow.delivery.difference import Difference
from flow.delivery.place import LiveRelease
from flow.delivery.release import live
from flow.errors import UsageError
from flow.settings import Settings
from flow.settings.targets import Target


def publish(settings: Settings, name: str, dry_run: bool, allow_shrink: bool) -> int:
    """Prints what changes for readers; unless ``dry_run``, brings it and looks whether the dashboard has it."""
    target = _target(settings, name)
    place = place_of(target, settings.output.folder)
    made = Delivery(live(settings.output.folder), place, target.url, settings.output.limn_name)
    with nullcontext() if dry_run else place.locked():
        there = place.live_release()
        found = made.compared(there, allow_shrink)
        _tell(found, len(made.release.manifest.entries))
        if not allow_shrink:
            refuse_loss(found)
        if not dry_run:
            _bring(made, there, found)
    return 0


def _bring(made: Delivery, there: LiveRelease, found: list[Difference]) -> None:
    with terminal.working(f"Publishing to {made.place}"):
        id = made.bring(there)
        looked = made.look(there, id, found)
        made.tidy(there, id)
    seen = f"; {looked} of its CSVs were asked for at {made.url}, and come as they are" if looked else ""
    terminal.aside(f"published in {made.place}: release {id}{seen}")


def _target(settings: Settings, name: str) -> Target:
    if name in settings.targets:
        return settings.targets[name]
    known = f"there is {', '.join(settings.targets)}" if settings.targets else "write a section [targets.<name>]"
    raise UsageError(f"{settings.path}: there is no target '{name}'; {known}")


def _tell(found: list[Difference], csvs: int) -> None:
    if found:
        rows = ([change.key.dataset, change.key.wiki, change.key.grain, change.what, change.said] for change in found)
        terminal.table(["dataset", "wiki", "grain", "what", "how"], rows)
    alike = csvs - sum(change.what != "gone" for change in found)
    terminal.aside(f"{alike} {'CSV is' if alike == 1 else 'CSVs are'} the same there already.")

"""Bringing a whole release to another folder or host: compare, refuse what would be a loss, bring, switch, look."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from flow.delivery.difference import Difference, changes
from flow.delivery.folder import Folder
from flow.delivery.host import Host
from flow.delivery.place import LiveRelease, Place
from flow.delivery.probe import probe
from flow.delivery.release import Release
from flow.errors import FlowError, HeldBack, UsageError
from flow.settings.targets import Target
from flow.shelf.csvfile import Damaged


def place_of(target: Target, output: Path) -> Place:
    """Where ``target`` is. Raises UsageError if that is the output folder itself, which keeps its own releases."""
    if not isinstance(target.place, Path):
        return Host(target.place)
    if target.place.resolve().is_relative_to(output.resolve()):
        raise UsageError(f"targets.{target.name}: {target.place} is the output folder, or in it; name another folder")
    return Folder(target.place)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One release on its way to one place. ``url``: where to look afterwards, if anywhere."""

    release: Release
    place: Place
    url: str
    limn_name: str

    def compared(self, there: LiveRelease, allow_shrink: bool) -> list[Difference]:
        """What readers will see changed. Raises HeldBack if nobody can know that, unless they may lose something."""
        try:
            before = there.manifest().entries
        except Damaged as error:
            if not allow_shrink:
                why = f"{self.place}: its manifest.json is damaged: {error}; what readers would lose there cannot be told"
                raise HeldBack(f"{why}; --allow-shrink publishes all the same") from error
            before = {}
        return changes(before, self.release.manifest.entries)

    def bring(self, there: LiveRelease) -> str:
        """Brings it and gives the id of what readers then see; of a release that is there already, the files that differ."""
        if there.id and there.text == self.release.text:
            self.place.refresh(self.release, there.id)
            return there.id
        return self.place.deliver(self.release, there.id)

    def look(self, there: LiveRelease, id: str, found: Iterable[Difference]) -> int:
        """Asks the dashboard; gives how many CSVs it was asked for. Raises HeldBack, the link being switched back."""
        try:
            return probe(self.url, self.limn_name, self.release, {change.key for change in found}) if self.url else 0
        except HeldBack as error:
            raise HeldBack(f"{error}; {self._back(there, id)}") from error

    def tidy(self, there: LiveRelease, id: str) -> None:
        """Forgets all other releases there, if one of them can show what is withheld now, or tells why something is."""
        try:
            found = there.manifest()
            before = found.entries if found.format == self.release.manifest.format else {}
        except Damaged:
            before = {}
        now = self.release.manifest.entries
        if there.id and (not before or any(key not in now or now[key].withholds_more_than(before[key]) for key in before)):
            self.place.forget_others(id)

    def _back(self, there: LiveRelease, id: str) -> str:
        if not there.id:
            return f"{self.place}: it stays as it is, for there was no release before"
        if there.id == id:
            return f"{self.place}: it stays as it is, for it had this release already"
        try:
            switched = self.place.switch(there.id, id)
        except FlowError as error:
            return f"it could not be switched back to {there.id}: {error}"
        return f"{self.place}: {f'switched back to {there.id}' if switched else 'somebody else has published there since'}"


def refuse_loss(found: Iterable[Difference]) -> None:
    """Raises HeldBack if readers would lose any CSV or period."""
    losses = [f"{change.key} ({change.what}: {change.said})" for change in found if change.loses]
    if losses:
        shown = "; ".join(losses[:5]) + (f"; and {len(losses) - 5} more" if len(losses) > 5 else "")
        raise HeldBack(f"readers would lose what they have: {shown}; if that is meant: --allow-shrink")

"""What a target must be able to do, and what it shows now."""

from __future__ import annotations

import json
import re
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from flow.delivery.release import Release
from flow.errors import UsageError
from flow.shelf import LIVE, RELEASES, manifest
from flow.shelf.csvfile import Damaged
from flow.shelf.manifest import Manifest

KEPT_RELEASES = 3


@dataclass(frozen=True, slots=True)
class LiveRelease:
    """The id of the release that a target's readers see, and its manifest.json; both empty before the first."""

    id: str = ""
    text: bytes = b""

    def manifest(self) -> Manifest:
        """What the target's manifest says. Raises Damaged."""
        if not self.id:
            return Manifest()
        try:
            return manifest.from_json(json.loads(self.text))
        except (ValueError, RecursionError) as error:
            raise Damaged("it is no JSON" if self.text else "it is missing") from error


class Place(Protocol):
    """A folder that is laid out as the output folder is: releases, and the link ``public`` to one of them."""

    def live_release(self) -> LiveRelease:
        """What readers see there now; nothing is written."""

    def locked(self) -> AbstractContextManager[object]:
        """Keeps others from delivering there meanwhile, as far as the place can."""

    def refresh(self, release: Release, id: str) -> None:
        """Brings those files of ``release`` that differ into the target's release ``id``, each in one step."""

    def deliver(self, release: Release, before: str) -> str:
        """Brings the whole ``release`` beside the release ``before``, then switches the link; gives its id there."""

    def forget_others(self, id: str) -> None:
        """Removes all releases there but the release ``id``."""

    def switch(self, id: str, since: str) -> bool:
        """Leads readers to the release ``id``, if it is still ``since`` that they see; whether it did."""


def release_of(link: str, where: object) -> str:
    """The id of the release that the text of a link names. Raises UsageError if it names anything else."""
    match = re.fullmatch(rf"{RELEASES}/([^/]+)", link)
    if not match or match[1] in (".", ".."):
        raise UsageError(f"{where}/{LIVE}: it must be a link to a release beside it, and is something else; move it away")
    return match[1]

"""What a run must know of its sources before it plans, each asked once: first days, lag, and which databases they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from flow.datasets.catalog import Catalog
from flow.datasets.dataset import Dataset
from flow.engines.lag import Evidence, gather
from flow.engines.sources import Sources
from flow.pipeline.beginnings import Beginnings
from flow.pipeline.origins import Origins
from flow.shelf.manifest import Manifest
from flow.wiki.schema import Kind


@dataclass(slots=True)
class Survey:
    """Asks ``sources`` at the instant ``now``; first days that the ``live`` release knows are asked for once a day, or ``anew``.

    ``places``: where each source was when it was last read.
    """

    catalog: Catalog
    sources: Sources
    now: datetime
    live: Manifest
    places: dict[str, str]
    anew: bool = False
    origins: Origins = field(init=False)
    _beginnings: Beginnings = field(init=False)
    _evidence: dict[tuple[str, Kind], Evidence] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.origins = Origins(self.sources, self.live.fingerprints, self.places, self.now, self._forget)
        known = {} if self.anew else dict(self.live.first_days)
        self._beginnings = Beginnings(self.catalog, self.sources, known, self.origins.was_asked)

    def first_day(self, wiki: str, dataset: Dataset) -> date | None:
        """The day of the first row that a dataset with SQL counts; None if there is none yet. Raises FlowError."""
        return self._beginnings.first_day(wiki, dataset)

    def evidence(self, wiki: str, kind: Kind) -> Evidence:
        """What a source tells of its lag. Raises FlowError."""
        if (wiki, kind) not in self._evidence:
            self._evidence[wiki, kind] = gather(self.sources, wiki, kind, self.now)
        return self._evidence[wiki, kind]

    def manifest(self) -> Manifest:
        """All that is known of the sources now, as the next release keeps it; without any entry."""
        first_days = {name: day for name, day in self.live.first_days.items() if not self.origins.is_replaced(name)}
        fingerprints = {**self.live.fingerprints, **self.origins.found}
        bots = {**self.live.bots, **self.sources.bots_listed()}
        return Manifest({}, {**first_days, **self._beginnings.known}, fingerprints=fingerprints, bots=bots)

    def _forget(self, source: str) -> None:
        """Forgets what is known of ``<wiki> <source>``, for it is another database now."""
        self._beginnings.forget(source)
        self.sources.bots_before.pop(source.removesuffix(" core"), None)

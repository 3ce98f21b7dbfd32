"""Keeps from being published what a check holds back: the last good numbers stay, and what is held is remembered."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any

from flow.datasets.catalog import Catalog
from flow.datasets.dataset import Dataset
from flow.errors import HeldBack
from flow.pipeline.bounds import Bounds
from flow.pipeline.outcome import Outcome
from flow.pipeline.scope import grace_of, measure_of
from flow.pipeline.vanishing import gone
from flow.publication import held, held_before, remedies
from flow.publication.checks import Allowed, Change, Complaint, Table, complaints, describe_dates
from flow.publication.held import Held, Missed
from flow.publication.losses import find_losses
from flow.publication.moves import find_moves
from flow.publication.remedies import ACCEPT, MEND, SHRINK
from flow.publication.suppression import Withholding
from flow.publication.totals import Sheet, Totals
from flow.settings import Settings
from flow.shelf import Shelf, aside
from flow.shelf.csvfile import Rows
from flow.shelf.entry import Entry, Key, with_periods_of
from flow.shelf.fingerprint import is_other

log = logging.getLogger("flow")

UNSURE = "it was not settled, or no newer row had proved it"
MADE_OF_HELD = "it is made from what is held back"


@dataclass(slots=True)
class Holding:
    """Checks what is staged on the ``shelf``; the ``outcome`` learns what is ``held``.

    ``looked_at``: what the run was asked for. ``whole``: the CSVs of which nothing new is published. ``examined``: the
    dates that were checked.
    """

    settings: Settings
    catalog: Catalog
    shelf: Shelf
    now: datetime
    allowed: Allowed
    outcome: Outcome
    looked_at: Collection[Key] = ()
    held: dict[Key, Held] = field(default_factory=dict)
    whole: set[Key] = field(default_factory=set)
    examined: dict[Key, set[str]] = field(default_factory=dict)
    before: dict[Key, Held] = field(init=False)

    def __post_init__(self) -> None:
        self.before = held.parse(self.shelf.text_beside(held.FILE))

    def check(self, entries: dict[Key, Entry]) -> dict[Key, Entry]:
        """``entries`` with the last good numbers in place of those that a check holds back, and of what is made from them."""
        for key in sorted(entries, key=lambda key: (len(self.catalog.with_inputs([key.dataset])), key)):
            if key in self.shelf.staged and entries[key].sha256 == self.shelf.staged[key].sha256:
                self._check(key, entries)
        for wiki in sorted({key.wiki for key in self.examined}):
            while found := self._totals(wiki, entries).find_held():
                for key, each in found.items():
                    self.hold(key, entries, list(each.dates), each.why, each.missed, through=each.remedies)
                self._hold_made_of(wiki, entries)
        return dict(sorted(entries.items()))

    def _totals(self, wiki: str, entries: Mapping[Key, Entry]) -> Totals:
        """The sums over the CSVs of one wiki, for no sum is over several; so only its rows are held in memory."""
        mine = {key for key in entries if key.wiki == wiki}
        before = {key: each for key, each in self.before.items() if key.wiki == wiki}
        sheet = cache(partial(self._sheet, entries))
        return Totals(self.catalog.datasets, mine, sheet, self.allowed.jumps, before, self.examined.keys())

    def _sheet(self, entries: Mapping[Key, Entry], key: Key) -> Sheet:
        """A CSV as it stands by now."""
        entry, live = entries[key], self.shelf.live.entries.get(key)
        is_live = live is not None and live.sha256 == entry.sha256
        rows = self.shelf.live_rows(key) if is_live else self.shelf.rows(key)
        held = {*self.held[key].dates} if key in self.held else set()
        fresh = set() if key in self.whole else self.examined.get(key, set()) - held
        facts = self._facts(entry)
        redefined = live is not None and measure_of(live.definition) != measure_of(entry.definition)
        old = Table(live.column_ids, self.shelf.live_rows(key)) if live else None
        return Sheet(Table(entry.column_ids, rows), old, fresh, origin=entry.origin, redefined=redefined, **facts)

    def _facts(self, entry: Entry) -> dict[str, Any]:
        """What of a sheet follows from when and how each period was computed."""
        key, dataset = entry.key, self.catalog.datasets.get(entry.key.dataset)
        now = {str(period) for period in self.outcome.fresh.get(key, ())}
        if dataset is None or key.wiki not in self.settings.wikis:
            return {"settled": (), "now": now}
        proved = {str(period) for period in entry.times if period not in entry.unproved}
        closed, over = (self._closed(entry, each) for each in (dataset, replace(dataset, settles=None)))
        newest = {str(period): str(how.proved_until or "") for period, how in entry.history.items()}
        return {"settled": closed & proved, "closed": closed, "complete": over & proved, "now": now, "newest": newest}

    def _hold_made_of(self, wiki: str, entries: dict[Key, Entry]) -> None:
        """Holds what was made from numbers that do not add up, inputs before what is made from them."""
        for key in sorted(self.examined, key=lambda key: (len(self.catalog.with_inputs([key.dataset])), key)):
            dataset = self.catalog.datasets[key.dataset]
            if key.wiki == wiki and key in self.shelf.staged and key not in self.whole and dataset.compute:
                self._hold_with_inputs(self._change(key, dataset), key, entries)

    def _check(self, key: Key, entries: dict[Key, Entry]) -> None:
        dataset = self.catalog.datasets.get(key.dataset)
        if dataset is None:
            return
        change = self._change(key, dataset)
        self.examined[key] = {*change.fresh}
        if self._hold_with_inputs(change, key, entries):
            change = self._change(key, dataset)
        for hold in (self._hold_moves, self._hold_losses):
            if key not in self.whole and hold(change, key, entries):
                change = self._change(key, dataset)
        found = [] if key in self.whole or key not in self.shelf.staged else self._complaints(change)
        if found:
            why = "; ".join(each.said for each in found)
            self.hold(key, entries, sorted(change.fresh), why, through={each.remedy for each in found} - {MEND}, all=True)

    def hold(
        self,
        key: Key,
        entries: dict[Key, Entry],
        dates: list[str],
        why: str,
        missed: Missed | None = None,
        *,
        through: Collection[str] = (),
        all: bool = False,
    ) -> None:
        """Keeps the numbers of ``dates`` from being published, or the whole CSV where no other numbers can take their place.

        ``through``: the remedies that let them through.
        """
        live = self.shelf.live.entries.get(key)
        if key in self.shelf.staged and key not in self.held:
            aside.put(self.shelf.folder, self.shelf.staged[key], self.shelf.rows(key))
        if all or live is None or not self._can_keep(live, entries[key], dates):
            self.whole.add(key)
            self.shelf.unstage(key)
            entries.pop(key, None)
            entries |= {key: live} if live else {}
        else:
            entries[key] = self._put_back(live, entries[key], dates)
        what = Held(key.dataset, key.wiki, key.grain, tuple(dates), why, missed or {}, tuple(sorted(through)))
        known = self.held.get(key)
        self.held[key] = known.joined_with_reason(what) if known else what

    def _can_keep(self, live: Entry, entry: Entry, dates: list[str]) -> bool:
        same = measure_of(live.definition) == measure_of(entry.definition) and live.column_ids == entry.column_ids
        return same and not is_other(live.origin, entry.origin) and all(live.covers(day) for day in dates)

    def _put_back(self, live: Entry, entry: Entry, dates: list[str]) -> Entry:
        rows, old = self.shelf.rows(live.key), self.shelf.live_rows(live.key)
        live, old = Withholding(self.catalog.datasets, self.settings.privacy).by_rules(live, old) or (live, old)
        return self.shelf.stage(with_periods_of(entry, live, dates), rows | {day: old[day] for day in dates})

    def _hold_with_inputs(self, change: Change, key: Key, entries: dict[Key, Entry]) -> bool:
        """Holds what was made from numbers that are held back."""
        inputs = [replace(key, dataset=id) for id in change.dataset.inputs]
        if any(input in self.whole for input in inputs):
            self.hold(key, entries, sorted(change.fresh), MADE_OF_HELD, all=True)
            return False
        dates = sorted({day for input in inputs if input in self.held for day in self.held[input].dates} & {*change.fresh})
        if dates:
            self.hold(key, entries, dates, MADE_OF_HELD)
        return bool(dates) and key in self.shelf.staged

    def _hold_moves(self, change: Change, key: Key, entries: dict[Key, Entry]) -> bool:
        """Holds settled numbers that differ by more than late rows make; says what else does."""
        moves = find_moves(change, self.allowed, change.settled)
        if moves is None:
            self._say_exempt(change, key)
            return False
        what = f"{describe_dates(moves.dates, key.grain)}: {moves.said}, though it was settled"
        self.hold(key, entries, list(moves.dates), what, through=[ACCEPT])
        return key not in self.whole

    def _hold_losses(self, change: Change, key: Key, entries: dict[Key, Entry]) -> bool:
        """Holds the numbers that are lost, or fall together."""
        losses = find_losses(change, self.allowed)
        if losses:
            dates = sorted({day for loss in losses for day in loss.dates})
            self.hold(key, entries, dates, "; ".join(loss.said for loss in losses), through=[SHRINK])
        return bool(losses) and key not in self.whole

    def _say_exempt(self, change: Change, key: Key) -> None:
        others = find_moves(change, self.allowed, change.fresh)
        if others:
            why = "the definition changed" if change.redefined else "it is another database" if change.replaced else UNSURE
            log.info("%s: %s: %s; not held back, for %s", key, others.said, describe_dates(others.dates, key.grain), why)

    def _complaints(self, change: Change) -> list[Complaint]:
        from flow.datasets.result import frame_of

        return complaints(change, self.allowed, lambda table: frame_of(change.dataset, table.columns, table.rows))

    def _change(self, key: Key, dataset: Dataset) -> Change:
        live, staged = self.shelf.live.entries.get(key), self.shelf.staged[key]
        old = Table(live.column_ids, self._past_rows(live)) if live else None
        redefined = live is not None and measure_of(live.definition) != measure_of(staged.definition)
        held = {*self.held[key].dates} if key in self.held else set()
        fresh = [day for day in self._fresh(key, live, staged) if day not in held]
        replaced = live is not None and is_other(live.origin, staged.origin)
        settled = self._settled(live, dataset, fresh) if live and not redefined and not replaced else set()
        new, few = Table(staged.column_ids, self.shelf.rows(key)), self._find_few(dataset, staged)
        threshold = self.settings.privacy.rules(key.wiki, dataset.id).threshold
        return Change(dataset, key.grain, old, new, fresh, redefined, staged.gaps, settled, replaced, few, threshold)

    def _find_few(self, dataset: Dataset, staged: Entry) -> dict[str, set[str]]:
        """The cells that are withheld for their own small number: of what this run computed no others are, by now."""
        rules, computed = self.settings.privacy.rules(staged.key.wiki, dataset.id), self.outcome.fresh.get(staged.key, ())
        days, columns = {str(period) for period in computed}, rules.columns(dataset, staged.key.grain)
        return {column.id: days & staged.withheld.get(column.id, frozenset()) for column in columns if rules.is_sensitive(column)}

    def _past_rows(self, live: Entry) -> Rows:
        """The published rows of periods that must stay: not those of a clock that was ahead, or outside of the settings."""
        gone = {str(period) for period in Bounds(self.catalog, self.settings, self.now, self.allowed.shrink).beyond(live)}
        return {day: row for day, row in self.shelf.live_rows(live.key).items() if day not in gone}

    def _fresh(self, key: Key, live: Entry | None, staged: Entry) -> list[str]:
        """The dates that were computed since the live release was made."""
        before, now = live.times if live else {}, self.outcome.fresh.get(key, set())
        return [str(period) for period, at in sorted(staged.times.items()) if before.get(period) != at or period in now]

    def _settled(self, entry: Entry, dataset: Dataset, dates: Collection[str]) -> set[str]:
        """Those of ``dates`` whose number was proved, and could no longer change by itself, when it was computed."""
        proved = {str(period) for period in entry.times if period not in entry.unproved}
        return {*dates} & proved & self._closed(entry, dataset)

    def _closed(self, entry: Entry, dataset: Dataset) -> set[str]:
        """The dates that were over, with all in which their numbers still change, when they were computed."""
        wait = grace_of(dataset, self.settings.wiki(entry.key.wiki), self.catalog) + timedelta(seconds=dataset.settle_seconds)
        return {str(period) for period, at in entry.times.items() if at >= period.ends + wait}

    # What is remembered

    def remember(self, entries: Collection[Key]) -> None:
        """Tells the outcome what is held, and keeps it for the next runs; with it what was held before and is not mended.

        ``entries``: the CSVs that are to be published.
        """
        for key, each in sorted(self._not_mended(entries).items()):
            self.held[key] = self.held[key].joined(each) if key in self.held else each
        self._tell()
        release, ids, all = self.shelf.live.release, self.shelf.releases.ids(), [*self.before.values(), *self.held.values()]
        if all and release:
            self.shelf.put_beside(held_before.FILE, held_before.add(self.shelf.text_beside(held_before.FILE), release, ids, all))
        aside.keep(self.shelf.folder, self.held)
        self.shelf.put_beside(held.FILE, held.render(self.held[key] for key in sorted(self.held)))

    def _not_mended(self, entries: Collection[Key]) -> dict[Key, Held]:
        away = gone(self.before, self.catalog, self.settings)
        rest = {key: each.without(self.examined.get(key, ())) for key, each in self.before.items() if key not in away}
        kept = {key: each for key, each in self.before.items() if key in away and key in entries}
        return kept | {key: each for key, each in rest.items() if each.dates and not self._is_let_go(key)}

    def _is_let_go(self, key: Key) -> bool:
        """Whether a person has accepted what is never computed again."""
        dataset, is_accepted = self.catalog.datasets.get(key.dataset), key.dataset in self.allowed.jumps and key in self.looked_at
        return dataset is not None and dataset.snapshot and is_accepted and key not in self.outcome.unfinished

    def _tell(self) -> None:
        for key, each in sorted(self.held.items()):
            self.outcome.unfinished.setdefault(key, HeldBack(each.why))
        self.outcome.hold_each(self.held, remedies.describe(self.held.values()))

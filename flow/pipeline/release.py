"""Makes a release of what was computed: checks it, withholds what would tell others, and publishes all in one step."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from flow import limn
from flow.datasets.board import Board
from flow.datasets.catalog import Catalog
from flow.engines.sources import Sources
from flow.errors import HeldBack
from flow.limn import contract
from flow.pipeline import vanishing
from flow.pipeline.bounds import Bounds
from flow.pipeline.dependents import Dependents
from flow.pipeline.holding import Holding
from flow.pipeline.outcome import Outcome
from flow.pipeline.reading import Reader
from flow.pipeline.repeating import Repeating
from flow.pipeline.scope import definition, grace_of
from flow.pipeline.suppressing import RowsOf, Suppressing
from flow.pipeline.transforms import Transforming
from flow.pipeline.undrawn import describe_undrawn, log_undrawn
from flow.publication import account, datapackage, held, onhold, restatements, status, suppressed
from flow.publication.checks import Allowed
from flow.publication.restatements import Restatement, find_restatements
from flow.publication.status import Freshness
from flow.publication.suppression import Withholding
from flow.settings import Settings
from flow.shelf import Shelf, aside, manifest
from flow.shelf.csvfile import Rows
from flow.shelf.entry import Entry, Key, describe_entry
from flow.shelf.inspection import digests, seal
from flow.shelf.manifest import Manifest
from flow.stopping import Stop

LEFT = "for the next run: the budget was used up"


@dataclass(slots=True)
class Publication:
    """What is on the ``shelf``, as a release at the instant ``now``; tells the ``outcome``.

    ``is_partial``: whether the run was asked for some periods only.
    """

    settings: Settings
    catalog: Catalog
    shelf: Shelf
    now: datetime
    allowed: Allowed
    outcome: Outcome
    looked_at: list[Key] = field(default_factory=list)
    stop: Stop = field(default_factory=Stop)
    is_partial: bool = False

    def publish(self, boards: Sequence[Board] | None, known: Manifest) -> None:
        """Publishes what is whole and passes its checks, if anything differs from what is live.

        ``known``: a manifest of what the run has found out about the sources, without any entry.
        """
        repeating = Repeating(self.settings, self.catalog, self.shelf, self.outcome, boards, known)
        if not self.allowed.shrink and repeating.is_done():
            self._tell(self.shelf.live, self.outcome.exit_code)
        else:
            self._publish(boards, known)
            repeating.remember()

    def _publish(self, boards: Sequence[Board] | None, known: Manifest) -> None:
        holding = Holding(self.settings, self.catalog, self.shelf, self.now, self.allowed, self.outcome, self.looked_at)
        checked = {key: self._describe(entry) for key, entry in holding.check(self._whole()).items()}
        holding.remember(checked)
        entries = self._suppress_complementary(self._remember(self._apply_rules(checked)))
        absent = {key for key in self.shelf.damaged - entries.keys() if key.dataset not in self._derived_ids()}
        lost = absent - vanishing.gone(absent, self.catalog, self.settings).keys()
        if lost:
            self.outcome.block(f"{len(lost)} damaged CSVs were not computed again; what is published stays as it is")
        on_hold = onhold.describe(self.shelf.text_beside(onhold.FILE))
        if on_hold:
            self.outcome.block(on_hold)
        if boards is not None and entries and not lost and not on_hold:
            self._release(boards, replace(known, entries=entries))
        self._tend(self.shelf.live, self.outcome.exit_code)

    def preview(self) -> dict[Key, Entry]:
        """The entries of the next release if every check let it through, with all withheld that must be; publishes nothing."""
        return self._suppress_complementary(self._remember(self._apply_rules(self._whole())))

    def retire(self, boards: Sequence[Board], keys: Collection[Key]) -> None:
        """Publishes what is live without the CSVs of ``keys``, and drops what is staged of them."""
        on_hold = onhold.describe(self.shelf.text_beside(onhold.FILE))
        if on_hold:
            raise HeldBack(f"nothing is retired: {on_hold}")
        for key in keys:
            self.shelf.unstage(key)
        kept = {key: entry for key, entry in self.shelf.live.measured.items() if key not in keys}
        self._release(boards, replace(self.shelf.live, entries=kept))
        self._let_go(keys)
        exit_code = self.outcome.exit_code or status.remaining(self.shelf.text_beside(status.FILE), keys)
        self._tend(self.shelf.live, exit_code)

    def _let_go(self, keys: Collection[Key]) -> None:
        """Holds nothing back any more of CSVs that are gone."""
        back = held.parse(self.shelf.text_beside(held.FILE))
        kept = {key: each for key, each in back.items() if key not in keys}
        self.shelf.put_beside(held.FILE, held.render(kept.values()))
        aside.keep(self.shelf.folder, kept)

    def _tend(self, live: Manifest, exit_code: int) -> None:
        """What is done at the end of each run that may have published: the status, and old releases."""
        self._tell(live, exit_code)
        gate = self._withholding.redactor(live.entries)
        self.shelf.releases.redact(gate.entry, lambda old, keys, read: gate.files(old, read) | _redraw(old, keys, read))
        self.shelf.releases.forget(self.settings.output.releases)

    def _tell(self, live: Manifest, exit_code: int) -> None:
        account.write(self.shelf, self.now, exit_code, self._freshness(live))
        self.shelf.tidy()

    def _derived_ids(self) -> set[str]:
        return self.catalog.derived - {*self.catalog.ids}

    def _release(self, boards: Sequence[Board], measured: Manifest) -> None:
        shrink, first_days = self.allowed.shrink, measured.first_days
        transforming = Transforming(self.settings, self.catalog, self.shelf, self.outcome, shrink, first_days)
        derived = transforming.derive(measured.entries, self._rows_of)
        entries = {key: self._with_extents(entry) for key, entry in sorted({**measured.entries, **derived}.items())}
        self._release_whole(boards, replace(measured, entries=entries))
        transforming.clear()

    def _with_extents(self, entry: Entry) -> Entry:
        """``entry`` with what its graphs can show, which an earlier version did not note."""
        return entry if entry.extents else seal(entry, self._rows_of(entry))[0]

    def _release_whole(self, boards: Sequence[Board], planned: Manifest) -> None:
        output = self.settings.output
        default = (next(iter(self.settings.wikis)), output.default_grain)
        changes = self._find_restated(planned.measured)
        files = limn.files(planned.entries, boards, default, output.limn_name)
        files[datapackage.FILE] = datapackage.render(planned.entries)
        files[suppressed.FILE] = suppressed.render(planned.entries.values())
        files[restatements.FILE] = self._restatements(planned.measured, changes)
        live = self.shelf.live
        fewer = any(planned.bots.get(wiki, 0) < many for wiki, many in live.bots.items())
        same = planned.entries == live.entries and digests(files) == live.files
        if live.format == manifest.FORMAT and same and not fewer:
            return
        id = self.now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        try:
            loose = {status.FILE: status.render(self.now, self.outcome.exit_code, self._freshness(planned))}
            whole = replace(planned, restated=len(changes))
            self.outcome.release = self.shelf.publish(id, whole, files, loose, contract.complaints)
            self.outcome.restated = len(changes)
            log_undrawn(planned.entries.values())
        except HeldBack as error:
            self.outcome.block(str(error))

    # What can be published

    def _whole(self) -> dict[Key, Entry]:
        """The entries of the next release: never one that lacks a period which the live one has, unless all was computed."""
        held = vanishing.keep(self.shelf, self.catalog, self.settings, self.allowed, self.outcome)
        done = {due.key for due in self.outcome.computed}
        for key, entry in list(held.items()):
            live = self.shelf.live.entries.get(key)
            if live and key not in done and entry.computed != live.computed and self._lacks_some(entry, live):
                held[key] = live
        return {key: self._describe(held[key]) for key in sorted(held)}

    def _lacks_some(self, entry: Entry, live: Entry) -> bool:
        return not set(live.times) - self._bounds.beyond(live) <= set(entry.times)

    @property
    def _bounds(self) -> Bounds:
        return Bounds(self.catalog, self.settings, self.now, self.allowed.shrink)

    def _describe(self, entry: Entry) -> Entry:
        dataset = self.catalog.datasets.get(entry.key.dataset)
        if dataset is None or entry.definition != definition(self.catalog, self.settings.privacy, dataset, entry.key):
            return entry
        rules = self.settings.privacy.rules(entry.key.wiki, dataset.id)
        found = describe_entry(entry, dataset, rules.columns(dataset, entry.key.grain))
        return entry if found == entry else found

    # What is withheld

    @property
    def _withholding(self) -> Withholding:
        return Withholding(self.catalog.datasets, self.settings.privacy)

    def _suppress_complementary(self, entries: dict[Key, Entry]) -> dict[Key, Entry]:
        """``entries`` with more withheld where the others would tell what is; those are staged anew."""
        live, settings = self.shelf.live, self.settings
        published = live.measured if live.format == manifest.FORMAT else {}
        if entries == published:
            return entries
        derived = Dependents(Reader(self.catalog, Sources(settings)), settings.privacy)
        seconds = settings.solver_seconds
        return Suppressing(self.shelf, self._withholding, derived, seconds, self.stop, self.outcome).suppress(entries, published)

    def _rows_of(self, entry: Entry) -> Rows:
        return RowsOf(self.shelf, {entry.key: entry})(entry.key)

    def _apply_rules(self, entries: dict[Key, Entry]) -> dict[Key, Entry]:
        """``entries`` with the rules of today applied to what was computed by others, and could not be computed again."""
        for key, entry in list(entries.items()):
            dataset = self.catalog.datasets.get(key.dataset)
            if dataset is None or entry.definition != definition(self.catalog, self.settings.privacy, dataset, key):
                kept = self._withholding.by_rules(entry, self._rows_of(entry))
                if kept:
                    entries[key] = self.shelf.stage(*kept)
        return entries

    def _remember(self, entries: dict[Key, Entry]) -> dict[Key, Entry]:
        """``entries`` with what has protected others withheld still; those are staged anew."""
        live = self.shelf.live
        if entries == live.measured and live.format == manifest.FORMAT:
            return entries
        releases = self.shelf.releases
        old = [found for id in releases.ids() if (found := releases.read(id))]
        for key, marks in self._withholding.find_previously_withheld(entries, old).items():
            entry, rows = self._withholding.with_more(entries[key], self._rows_of(entries[key]), marks)
            entries[key] = self.shelf.stage(entry, rows)
        return entries

    # What a release says of itself

    def _find_restated(self, entries: Mapping[Key, Entry]) -> list[Restatement]:
        found: list[Restatement] = []
        for key, old in self.shelf.live.measured.items():
            new = entries.get(key)
            if new and new.sha256 != old.sha256:
                found += find_restatements(old, self.shelf.live_rows(key), new, self.shelf.rows(key), self.now)
        return sorted(found, key=lambda line: (line.dataset, line.wiki, line.grain, line.date, line.column))

    def _restatements(self, entries: Mapping[Key, Entry], changes: list[Restatement]) -> str:
        before = self.shelf.text(restatements.FILE)
        return self._withholding.redactor(entries).lines(restatements.render([*restatements.parse(before), *changes]))

    def _freshness(self, planned: Manifest) -> list[Freshness]:
        before = status.parse(self.shelf.text_beside(status.FILE))
        outcome, keys = self.outcome, {*planned.measured, *self.looked_at, *self.outcome.unfinished}
        found = []
        for key in keys:
            cover = self._cover(key, planned.entries.get(key))
            fresh = status.public(before.get(key, Freshness(key.dataset, key.wiki, key.grain)))
            if key in outcome.left:
                fresh = replace(fresh, waits=LEFT)
            elif key in {*self.looked_at, *outcome.unfinished}:
                error = outcome.unfinished.get(key) or outcome.blocked
                failed = type(error).__name__ if error else None
                waits = outcome.waits.get(key) or (fresh.waits if self.is_partial and self._is_overdue(cover) else None)
                fresh = status.attempt(fresh, self.now, failed, waits)
            found.append(replace(fresh, undrawn=describe_undrawn(planned.entries.get(key)), **cover))
        return sorted(found, key=lambda each: each.key)

    def _is_overdue(self, cover: Mapping[str, Any]) -> bool:
        """Whether a period that is over is not there."""
        return cover["expected_by"] is None or cover["expected_by"] <= status.text_of(self.now)

    def _cover(self, key: Key, entry: Entry | None) -> dict[str, Any]:
        dataset, wiki = self.catalog.datasets.get(key.dataset), self.settings.wikis.get(key.wiki)
        if dataset is None or wiki is None:
            return status.cover(key, entry, timedelta(0), timedelta(0), self.now)
        grace = grace_of(dataset, wiki, self.catalog)
        found = status.cover(key, entry, timedelta(seconds=dataset.settle_seconds), grace, self.now)
        return found | ({"provisional_from": None} if dataset.snapshot else {})


def _redraw(old: Manifest, keys: Collection[Key], read: Callable[[str], str]) -> dict[str, str]:
    return limn.redraw(old.entries, keys, old.files, read)

"""A run from beginning to end: plan, compute, check, suppress, publish."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from flow.datasets import board
from flow.datasets.catalog import Catalog
from flow.datasets.period import Period
from flow.engines.sources import Sources
from flow.errors import FlowError, HeldBack
from flow.pipeline import comparing, origins, selecting
from flow.pipeline.bounds import Bounds
from flow.pipeline.clock import Clock
from flow.pipeline.comparing import Comparing
from flow.pipeline.computing import Computing
from flow.pipeline.outcome import Outcome
from flow.pipeline.plan import COMPARED, HELD, MISSING, Due, Plan, Selection
from flow.pipeline.planner import Planner
from flow.pipeline.previewing import Preview, scratch
from flow.pipeline.reading import Reader
from flow.pipeline.release import Publication
from flow.pipeline.survey import Survey
from flow.pipeline.turns import in_turn
from flow.publication import account, held, status
from flow.publication.checks import Allowed
from flow.settings import Settings
from flow.shelf import Shelf, lock
from flow.shelf.entry import Entry, Key
from flow.stopping import Stop
from flow.terminal.progress import Progress

log = logging.getLogger("flow")


@dataclass(slots=True)
class Run:
    """One run at the instant ``now``; what happens is logged, a line each."""

    settings: Settings
    catalog: Catalog
    reportcard: Path
    now: datetime
    stop: Stop = field(default_factory=Stop)
    outcome: Outcome = field(default_factory=Outcome)
    progress: Progress = field(default_factory=Progress)
    clock: Clock = field(init=False)

    def __post_init__(self) -> None:
        self.clock = Clock(self.now, is_simulated=self.settings.demo)

    def plan(self, selection: Selection) -> Plan:
        """What a run would do; nothing is written but the folder itself."""
        selection = selecting.check(selection, self.catalog, self.settings)
        shelf = self._shelf().open().inspect()
        with Sources(self.settings) as sources:
            self._judge_release(shelf, sources)
            return self._make_plan(selection, shelf, self._survey(selection, shelf, sources))

    def run(self, selection: Selection, allowed: Allowed | None = None) -> Outcome:
        """Brings ``selection`` up to date and publishes. One failing dataset or wiki never stops another.

        Raises Stopped for SIGTERM and SIGINT, once nothing is left half-written.
        """
        allowed = allowed or Allowed()
        selection = selecting.check(selection, self.catalog, self.settings)
        with self.stop.listening(), self._shelf().locked() as shelf:
            boards = self._boards()
            with Sources(self.settings, {} if allowed.shrink else dict(shelf.live.bots)) as sources:
                bounds = Bounds(self.catalog, self.settings, self.now, allowed.shrink)
                if self._judge_release(shelf, sources):
                    self.clock.drop_future(shelf, bounds)
                bounds.apply(shelf, self.outcome)
                survey = self._survey(selection, shelf, sources)
                plan = self._compute(selection, shelf, survey, allowed.jumps)
            self.stop.check()
            is_partial = bool(selection.since or selection.until)
            publication = Publication(
                self.settings, self.catalog, shelf, self.now, allowed, self.outcome, plan.looked_at, self.stop, is_partial
            )
            publication.publish(boards, survey.manifest())
            shelf.put_beside(origins.FILE, origins.render_places(survey.origins.places_now()))
            self.stop.check()
        return self.outcome

    @contextmanager
    def preview(self, selection: Selection, compute: bool) -> Iterator[Preview]:
        """What would be published, where every check let it through; with ``compute`` the selection is computed first."""
        selection = selecting.check(selection, self.catalog, self.settings)
        with self.stop.listening(), scratch(self._shelf()) as shelf:
            if compute:
                with Sources(self.settings, dict(shelf.live.bots)) as sources:
                    self._compute(selection, shelf, self._survey(selection, shelf, sources), ())
            publication = Publication(self.settings, self.catalog, shelf, self.now, Allowed(), self.outcome, stop=self.stop)
            yield Preview(shelf, publication.preview())

    def retire(self, select: Callable[[Sequence[Key]], list[Key]]) -> tuple[Outcome, list[Key]]:
        """Publishes what is live without the CSVs that ``select`` picks from it; gives these, too."""
        with self.stop.listening(), self._shelf().locked() as shelf:
            keys, boards = select(sorted(shelf.live.measured)), self._boards()
            if boards is not None:
                Publication(self.settings, self.catalog, shelf, self.now, Allowed(), self.outcome).retire(boards, keys)
        return self.outcome, keys

    def _judge_release(self, shelf: Shelf, sources: Sources) -> bool:
        """Whether the live release was made by a clock that was ahead. Raises HeldBack if this one may be behind instead."""
        if not self.clock.is_behind(shelf.live):
            return False
        with self.stop.waiting():
            sources.connect()
            self.clock.judge(shelf.live, sources.clocks())
        return True

    def _survey(self, selection: Selection, shelf: Shelf, sources: Sources) -> Survey:
        places = origins.parse_places(shelf.text_beside(origins.FILE))
        return Survey(self.catalog, sources, self.now, shelf.live, places, selection.again)

    def _compute(self, selection: Selection, shelf: Shelf, survey: Survey, accepted: Iterable[str]) -> Plan:
        with self.stop.waiting():
            plan = self._make_plan(selection, shelf, survey, accepted)
        plan.due = in_turn(plan.due, self._last_success(shelf), self._inputs_of)
        reader = Reader(self.catalog, survey.sources)
        policy, stop, outcome, progress = self.settings.privacy, self.stop, self.outcome, self.progress
        computing = Computing(self.catalog, policy, shelf, reader, self.now, stop, outcome, progress=progress)
        computing.compute(plan)
        periods = Comparing(self.catalog, shelf, self.outcome, {*accepted}).find_periods()
        if periods and not self.stop.is_over():
            computing.compute(self._plan_again(periods, shelf, survey))
        self._see(survey.sources)
        return plan

    def _plan_again(self, periods: Mapping[Key, set[Period]], shelf: Shelf, survey: Survey) -> Plan:
        """What is due once more, and what is made from it: all that was done already is up to date, or failed."""
        with self.stop.waiting():
            planner = self._planner(comparing.without(shelf.current(), periods), survey)
            found = planner.plan(comparing.select(self.catalog, periods)).due
        rest = [due for due in found if due.why and due.key not in {*self.outcome.unfinished, *self.outcome.left}]
        return Plan([replace(due, why=_rename(due, periods.get(due.key, ()), COMPARED)) for due in rest])

    def _planner(self, entries: Mapping[Key, Entry], survey: Survey) -> Planner:
        return Planner(self.catalog, self.settings, entries, self.now, survey.first_day, survey.evidence, survey.origins)

    def account_for(self, exit_code: int) -> None:
        """Tells in the status and the metrics how a run ended that could not do so itself, as far as they can be written."""
        folder = self.settings.output.folder
        if folder.is_dir():
            with suppress(FlowError, OSError), lock.acquire(folder):
                shelf = self._shelf()
                shelf.releases.forget_unfinished()  # of what a full disk may have no room for
                account.write_ending(shelf, self.now, exit_code)

    def _last_success(self, shelf: Shelf) -> dict[Key, str]:
        found = status.parse(shelf.text_beside(status.FILE))
        return {key: each.last_success for key, each in found.items() if each.last_success}

    def _inputs_of(self, key: Key) -> list[Key]:
        return [replace(key, dataset=id) for id in self.catalog.datasets[key.dataset].inputs]

    def _shelf(self) -> Shelf:
        return Shelf(self.settings.output.folder, log.warning)

    def _make_plan(self, selection: Selection, shelf: Shelf, survey: Survey, accepted: Iterable[str] = ()) -> Plan:
        back = held.parse(shelf.text_beside(held.FILE))
        again = {key: each for key, each in back.items() if not self._is_snapshot(key)}
        entries = held.as_if_missing(shelf.current(), again)
        plan = self._planner(entries, survey).plan(selection)
        plan.due = [replace(due, why=_rename(due, back[due.key].periods if due.key in back else (), HELD)) for due in plan.due]
        selecting.check_plan(plan, selection, accepted, self.catalog)
        selecting.check_range(plan, selection, entries)
        for note in plan.notes + selecting.find_ignored(plan, selection):
            log.info(note)
        for line in plan.still.values():
            self.outcome.hold(line)
        self.outcome.waits = plan.waits
        self._report_broken(selection, plan)
        self._see(survey.sources)
        self.clock.compare(survey.sources.clocks())
        return plan

    def _is_snapshot(self, key: Key) -> bool:
        """Whether a CSV's numbers can be computed at their time only; what is held back of it is not planned again."""
        return key.dataset in self.catalog.datasets and self.catalog.datasets[key.dataset].snapshot

    def _see(self, sources: Sources) -> None:
        """Remembers whether any database has answered."""
        self.outcome.reached = sources.reached() > 0 or sources.unreached() == 0

    def _boards(self) -> list[board.Board] | None:
        try:
            return board.read_all(self.reportcard, self.catalog.graphs, self.catalog.broken)
        except HeldBack as error:
            self.outcome.block(f"{error}; nothing is published until it is mended, what is computed is kept")
            return None

    def _report_broken(self, selection: Selection, plan: Plan) -> None:
        for id in selection.datasets or self.catalog.broken:
            if id in self.catalog.broken:
                error = self.catalog.broken[id]
                self.outcome.fail(str(error), self._keys_of(id), error.excerpt)
                self.outcome.unfinished |= dict.fromkeys(self._keys_of(id), error)
        self.outcome.fail_together(plan.failures)

    def _keys_of(self, id: str) -> list[Key]:
        return [Key(id, wiki, grain) for wiki in self.settings.wikis for grain in self.settings.output.grains]


def _rename(due: Due, periods: Collection[Period], why: str) -> dict[Period, str]:
    """Why each period is due: for ``periods``, which are there but seem to be missing, it is ``why``."""
    return {period: why if each == MISSING and period in periods else each for period, each in due.why.items()}

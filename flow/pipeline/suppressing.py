"""Withholds what would tell withheld cells, and what is made from it, wiki by wiki, until nothing changes."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from flow.pipeline.dependents import Dependents
from flow.pipeline.outcome import Outcome
from flow.privacy.allowance import Allowance
from flow.privacy.facts import Facts
from flow.publication.suppression import Withholding
from flow.shelf import Shelf
from flow.shelf.csvfile import Rows
from flow.shelf.entry import Entry, Key
from flow.stopping import Stop

log = logging.getLogger("flow")

#: The seconds that there are when reading has used up the budget: seldom are more needed, and what was read is published.
GRACE = 10.0


class PutOff(Exception):
    """The run's budget is used up."""


@dataclass(frozen=True, slots=True)
class Suppressing:
    """Complementary suppression of all wikis; CSVs that change are staged on the ``shelf``.

    ``seconds``: how long there is to solve one wiki.
    """

    shelf: Shelf
    withholding: Withholding
    dependents: Dependents
    seconds: int
    stop: Stop
    outcome: Outcome
    started: float = field(default_factory=time.monotonic)

    def suppress(self, entries: Mapping[Key, Entry], protected: Mapping[Key, Entry]) -> dict[Key, Entry]:
        """``entries`` with more withheld where that is needed. ``protected``: the live entries, which are safe already.

        If the run's budget ends first, a wiki keeps its live release until the next run.
        """
        found = dict(entries)
        for wiki in sorted({key.wiki for key in entries}):
            mine = {key: entry for key, entry in entries.items() if key.wiki == wiki}
            try:
                found |= self._suppress_wiki(wiki, mine, protected)
            except PutOff:
                found = {key: entry for key, entry in found.items() if key.wiki != wiki} | self._put_off(wiki, mine)
        return dict(sorted(found.items()))

    def _suppress_wiki(self, wiki: str, entries: dict[Key, Entry], protected: Mapping[Key, Entry]) -> dict[Key, Entry]:
        allowance, suppress = Allowance(self.seconds, self._check), self.withholding.suppress_complementary
        solved: list[Facts] = []
        while True:
            rows_of = self._rows(entries)
            for entry, rows in list(suppress(wiki, entries, rows_of, protected, self.shelf.live_rows, allowance, solved)):
                entries[entry.key] = self.shelf.stage(entry, rows)
            if not self._suppress_dependents(entries, protected):
                return entries

    def _suppress_dependents(self, entries: dict[Key, Entry], protected: Mapping[Key, Entry]) -> bool:
        """Withholds what is made from withheld cells, inputs first; whether anything had to be."""
        changed = False
        made = self.dependents.select_computed(entries)
        for key in (key for key in made if not self._is_safe(key, entries, protected)):
            rows_of = self._rows(entries)
            marks = self.dependents.find_dependent_cells(entries, rows_of, key)
            entry, rows = self.withholding.with_more(entries[key], rows_of(key), marks)
            if entry.withheld != entries[key].withheld:
                entries[key], changed = self.shelf.stage(entry, rows), True
        return changed

    def _is_safe(self, key: Key, entries: Mapping[Key, Entry], protected: Mapping[Key, Entry]) -> bool:
        """Whether a CSV and all that it is made from are live as they are, and so were looked at before."""
        return all(protected.get(each) == entries.get(each) for each in self.dependents.select_inputs(key))

    def _check(self) -> None:
        self.stop.check()
        if self.stop.is_over() and time.monotonic() - self.started > GRACE:
            raise PutOff

    def _put_off(self, wiki: str, entries: Mapping[Key, Entry]) -> dict[Key, Entry]:
        log.warning("%s: the budget is used up before what protects withheld numbers is found; the next run goes on", wiki)
        live = self.shelf.live.measured
        self.outcome.left |= {key for key, entry in entries.items() if live.get(key) != entry}
        return {key: entry for key, entry in live.items() if key in entries}

    def _rows(self, entries: Mapping[Key, Entry]) -> RowsOf:
        return RowsOf(self.shelf, entries)


@dataclass(frozen=True, slots=True)
class RowsOf:
    """Reads the rows of ``entries``: of the live one, where work on it is staged but not done."""

    shelf: Shelf
    entries: Mapping[Key, Entry]

    def __call__(self, key: Key) -> Rows:
        """The rows of one, keyed by date."""
        live = self.shelf.live.entries.get(key)
        is_live = live is not None and live.sha256 == self.entries[key].sha256
        return self.shelf.live_rows(key) if is_live else self.shelf.rows(key)

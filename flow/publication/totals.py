"""Numbers that must add up across datasets and grains, and which of them are to blame where they do not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from flow.datasets.dataset import Dataset
from flow.datasets.period import Grain
from flow.publication.checks import Table, describe_dates
from flow.publication.held import Held
from flow.publication.moves import is_moved
from flow.publication.remedies import ACCEPT
from flow.publication.sums import Sum, Term, declared_sums, find_sums
from flow.shelf.entry import Key
from flow.shelf.fingerprint import is_other

#: For each CSV, the dates that are to blame, and what is wrong with them.
Blame = Mapping[Key, tuple[list[str], str]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One CSV as it is to be published: its ``table``, and what is published now, if it is.

    ``fresh``: the dates that were computed since. ``settled``: those whose numbers no longer change by themselves.
    ``origin``: the databases that it was computed from.
    ``complete``: those of which all rows were there. ``redefined``: whether it is published under another definition.
    ``closed``: those that no newer row changes. ``now``: those that this run computed. ``newest``: the time of the newest
    row that each was computed from, where it is known.
    """

    table: Table
    old: Table | None
    fresh: Collection[str]
    settled: Collection[str]
    origin: str = ""
    complete: Collection[str] = ()
    redefined: bool = False
    closed: Collection[str] = ()
    now: Collection[str] = ()
    newest: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_changed(self) -> bool:
        """Whether its script is new, or another than before."""
        return self.old is None or self.redefined

    def is_known(self, day: str) -> bool:
        """Whether a number no longer changes by itself, or has just been computed from all rows."""
        return day in self.settled or (day in self.fresh and day in self.complete)

    def is_closed(self, day: str) -> bool:
        """Whether newer rows change nothing of a number."""
        return day in self.settled or day in self.closed

    def is_new(self, column: str, day: str) -> bool:
        """Whether a number is fresh, and another than the published one."""
        known = self.old is not None and day in self.old.rows
        return day in self.fresh and not (self.old and known and self.old.number(column, day) == self.table.number(column, day))


@dataclass(frozen=True, slots=True)
class Miss:
    """A date on which a sum is missed. ``exact``: all was computed at once, and newer rows change none of it.

    ``strict``: no difference passes by itself, for a script is new or changed, or the sum was held back already.
    """

    day: str
    whole: int
    added: int
    terms: Sequence[Term]
    exact: bool
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Totals:
    """Compares the sums over the CSVs of ``keys``; ``sheet`` gives each. ``accepted``: the datasets that may differ.

    ``before``: what is held back since an earlier run. ``touched``: the CSVs of which anything may be fresh; all, unless told.
    """

    datasets: Mapping[str, Dataset]
    keys: Collection[Key]
    sheet: Callable[[Key], Sheet]
    accepted: Collection[str] = ()
    before: Mapping[Key, Held] = field(default_factory=dict)
    touched: Collection[Key] | None = None

    def blame(self) -> Blame:
        """The fresh numbers that do not add up: those that differ from what is published; or all of them, if none does.

        With them those that did not before, where nothing tells whether they do now.
        """
        return {key: ([*each.dates], each.why) for key, each in self.find_held().items()}

    def find_held(self) -> dict[Key, Held]:
        """What ``blame`` gives, with the sums that are missed."""
        found: dict[Key, Held] = {}
        for each in self._touched_sums():
            missed = self._missed(each)
            why = _describe(each, missed) if missed else ""
            remedies = () if _is_exact(missed) else (ACCEPT,)
            for key, dates in self._blamed(missed).items():
                _put(found, key, each.id, dates, why, remedies)
        for key, before in self.before.items():
            for sum in before.missed if self._is_touched(key) else ():
                _put(found, key, sum, self._find_open(key, sum), before.why, before.remedies)
        return found

    def _touched_sums(self) -> Iterator[Sum]:
        """The sums over CSVs of which something may be fresh: where nothing is, nothing is missed now."""
        return (each for each in find_sums(self.datasets, self.keys) if any(map(self._is_touched, each.keys)))

    def _is_touched(self, key: Key) -> bool:
        return self.touched is None or key in self.touched

    def _find_open(self, key: Key, sum: str) -> list[str]:
        """The fresh dates of which a sum was missed before, and cannot be compared now."""
        days = [day for day in self.before[key].missed[sum] if key in self.keys and day in self.sheet(key).fresh]
        totals = {replace(key, dataset=id, grain=grain) for id in self.datasets for grain in Grain} if days else ()
        sums = [each for each in declared_sums(self.datasets, totals) if each.id == sum and key in each.keys]
        if any({key.dataset for key in each.keys} & {*self.accepted} for each in sums):
            return []
        return [day for day in days if any(not self._is_compared(each, key, day) for each in sums)]

    def _is_compared(self, each: Sum, key: Key, day: str) -> bool:
        there = all(key in self.keys for key in each.keys) and self._is_of_one_database(each)
        return there and all(self._compare(each, total) for total in each.dates([day], key.grain))

    def _is_of_one_database(self, each: Sum) -> bool:
        origins = [self.sheet(key).origin for key in each.keys]
        return not any(is_other(one, two) for one, two in combinations(origins, 2))

    def _missed(self, each: Sum) -> list[Miss]:
        """Where a sum is missed by more than late rows explain, of the dates of which something is fresh."""
        if not self._is_of_one_database(each):  # the rest is computed again, too
            return []
        dates = {day for key in each.keys for day in each.dates(self.sheet(key).fresh, key.grain)}
        known = [miss for day in sorted(dates) if (miss := self._compare(each, day))]
        exact, others = [miss for miss in known if miss.exact], [miss for miss in known if not miss.exact]
        if {key.dataset for key in each.keys} & {*self.accepted}:
            others = []
        loose = [miss for miss in others if not miss.strict]
        exact += [miss for miss in others if miss.strict]
        late = max(self.datasets[key.dataset].late for key in each.keys if key.dataset in self.datasets)
        if not _is_apart(sum(miss.whole for miss in loose), sum(miss.added for miss in loose), late):
            loose = [miss for miss in loose if _is_apart(miss.whole, miss.added, late)]
        return sorted((miss for miss in exact + loose if miss.whole != miss.added), key=lambda miss: miss.day)

    def _compare(self, each: Sum, day: str) -> Miss | None:
        """A sum on one date; None where it cannot be compared: some number is missing, or still to follow another."""
        total, parts = Term(each.key, each.column, day), each.terms(day)
        terms = [total, *parts]
        whole, *rest = (self.sheet(term.key).table.number(term.column, term.day) for term in terms)
        follows = {term.key.dataset for term in parts} & {*self.datasets[each.key.dataset].inputs}
        is_behind = follows and day not in self.sheet(total.key).fresh
        if whole is None or None in rest or is_behind or not self._is_comparable(terms):
            return None
        strict = (self._is_changed(terms) and self._is_closed(terms)) or any(self._was_missed(each, term) for term in terms)
        return Miss(day, whole, sum(filter(None, rest)), terms, self._is_exact(terms), strict)

    def _is_comparable(self, terms: Sequence[Term]) -> bool:
        """Whether late rows alone make them differ; a script that is new or changed must prove itself at once."""
        is_known = all(self.sheet(term.key).is_known(term.day) for term in terms)
        return is_known or self._is_fresh(terms) or self._is_changed(terms) or self._is_one_state(terms)

    def _is_exact(self, terms: Sequence[Term]) -> bool:
        """Whether all was computed at once, and newer rows change none of it."""
        settled = all(term.day in self.sheet(term.key).settled for term in terms)
        at_once = all(term.day in self.sheet(term.key).now for term in terms)
        return self._is_fresh(terms) and (settled or (at_once and self._is_closed(terms)))

    def _is_fresh(self, terms: Sequence[Term]) -> bool:
        return all(term.day in self.sheet(term.key).fresh for term in terms)

    def _is_closed(self, terms: Sequence[Term]) -> bool:
        return all(self.sheet(term.key).is_closed(term.day) for term in terms)

    def _is_changed(self, terms: Sequence[Term]) -> bool:
        return any(self.sheet(term.key).is_changed and term.day in self.sheet(term.key).fresh for term in terms)

    def _is_one_state(self, terms: Sequence[Term]) -> bool:
        """Whether the newest row of their source was the same for all."""
        newest = {self.sheet(term.key).newest.get(term.day, "") for term in terms}
        return len(newest) == 1 and newest != {""}

    def _was_missed(self, each: Sum, term: Term) -> bool:
        return term.key in self.before and term.day in self.before[term.key].missed.get(each.id, ())

    def _blamed(self, missed: Iterable[Miss]) -> dict[Key, list[str]]:
        found: dict[Key, list[str]] = defaultdict(list)
        for miss in missed:
            fresh = [term for term in miss.terms if term.day in self.sheet(term.key).fresh]
            fresh = [term for term in fresh if self.sheet(term.key).is_changed] or fresh
            new = [term for term in fresh if self.sheet(term.key).is_new(term.column, term.day)]
            for term in new or fresh:
                found[term.key].append(term.day)
        return found


def _put(found: dict[Key, Held], key: Key, sum: str, dates: Collection[str], why: str, remedies: tuple[str, ...]) -> None:
    if dates:
        days = tuple(sorted({*dates}))
        new, known = Held(key.dataset, key.wiki, key.grain, days, why, {sum: days}, remedies), found.get(key)
        found[key] = known.joined_with_reason(new) if known else new


def _is_apart(one: int, other: int, late: float) -> bool:
    return is_moved(min(one, other), max(one, other), late)


def _describe(each: Sum, missed: Sequence[Miss]) -> str:
    worst = max(missed, key=lambda miss: abs(miss.whole - miss.added))
    where = f" on {worst.day}" if len(missed) > 1 else ""
    dates = describe_dates([miss.day for miss in missed], each.key.grain)
    numbers = f"{each.column} of {each.key.dataset} is {worst.whole}, and {each.name} is {worst.added}{where}"
    return f"{dates}: {numbers}{'' if _is_exact(missed) else _REMEDY}"


def _is_exact(missed: Sequence[Miss]) -> bool:
    """Whether no late rows can explain it, so that it can only be mended."""
    return any(miss.exact for miss in missed)


_REMEDY = "; compute all of them with --again"

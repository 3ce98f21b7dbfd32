"""What the whole release must withhold: cells that would tell others, and in old releases whatever is withheld now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flow.datasets.column import COUNT, PEOPLE, Column
from flow.datasets.dataset import Dataset
from flow.datasets.period import Grain
from flow.privacy.allowance import Allowance
from flow.privacy.complementary import complement
from flow.privacy.facts import UNKNOWN, Bounds, Cell, Dependence, Facts
from flow.privacy.policy import Policy
from flow.privacy.primary import Marks, add_dependent_marks, blanked, is_few, joined
from flow.publication import restatements, suppressed
from flow.publication.restatements import Restatement
from flow.shelf.csvfile import Rows
from flow.shelf.entry import Entry, Key
from flow.shelf.manifest import Manifest

ReadRows = Callable[[Key], Rows]
UNITS = {COUNT.name: COUNT, PEOPLE.name: PEOPLE}


@dataclass(frozen=True, slots=True)
class Withholding:
    """The rules of ``policy`` over the ``datasets`` that there are."""

    datasets: Mapping[str, Dataset]
    policy: Policy

    def find_previously_withheld(self, entries: Mapping[Key, Entry], old: Iterable[Manifest]) -> dict[Key, Marks]:
        """What was withheld in any ``old`` release under the same definition, and would be published now.

        It may have protected another, and a reader may have kept all that stood beside it; which of them did is known to nobody.
        """
        found: dict[Key, Marks] = {}
        for release in old:
            for key, before in release.entries.items():
                entry = entries.get(key)
                if entry and entry.definition == before.definition and entry.is_of_same_database(before):
                    again = {column: before.withheld.get(column, frozenset()) for column in self._open(entry)}
                    more = {column: dates - entry.withheld.get(column, frozenset()) for column, dates in again.items()}
                    if any(more.values()):
                        found[key] = joined(found.get(key, {}), more)
        return found

    def _open(self, entry: Entry) -> set[str]:
        """The columns whose small numbers are withheld."""
        return {fact.id for fact in entry.columns if self.is_sensitive(entry.key, fact.unit)}

    def suppress_complementary(
        self,
        wiki: str,
        entries: Mapping[Key, Entry],
        rows: ReadRows,
        live: Mapping[Key, Entry],
        live_rows: ReadRows,
        allowance: Allowance,
        solved: list[Facts],
    ) -> Iterator[tuple[Entry, Rows]]:
        """The entries of a wiki, with their rows, in which more must be withheld than small numbers and what is made from them.

        ``live``: the entries that are published, and ``live_rows`` their rows. ``allowance``: how long it may take.
        ``solved``: see ``complement``.
        """
        if all(key in live and live[key].sha256 == entry.sha256 for key, entry in entries.items()):
            return
        live = {key: entry for key, entry in live.items() if key not in entries or entry.is_of_same_database(entries[key])}
        facts = self._facts(wiki, entries, rows)
        more = complement(facts, self._facts(wiki, live, live_rows), allowance, solved) if facts.withheld() else set()
        for key in sorted({_key(cell, wiki) for cell in more}):
            yield self.with_more(entries[key], rows(key), _marks(cell for cell in more if _key(cell, wiki) == key))

    def with_more(self, entry: Entry, rows: Rows, more: Marks) -> tuple[Entry, Rows]:
        """An entry and its rows, with the cells withheld too that ``more`` names, and what is made from them."""
        marks = self.add_dependent_marks(entry.key, joined(entry.withheld, more))
        there = {id: frozenset(dates & rows.keys() - {*entry.gaps.get(id, ())}) for id, dates in marks.items()}
        there = {id: dates for id, dates in there.items() if dates and id in entry.column_ids}
        return replace(entry, withheld=there), blanked(entry.column_ids, rows, there)

    # What is known

    def _facts(self, wiki: str, entries: Mapping[Key, Entry], rows: ReadRows) -> Facts:
        dependences = self._dependences(wiki)
        cells: dict[Cell, Bounds] = {}
        counts: dict[Cell, int] = {}
        needed = {name for dependence in dependences.values() for name in dependence.names} | dependences.keys()
        for key, entry in entries.items():
            columns = [] if key.wiki != wiki else [column for column in entry.column_ids if f"{key.dataset}.{column}" in needed]
            if columns:
                self._learn(entry, columns, rows(key), dependences, cells, counts)
        return Facts(cells, dependences, counts)

    def _learn(
        self,
        entry: Entry,
        columns: Sequence[str],
        rows: Rows,
        dependences: Mapping[str, Dependence],
        cells: dict[Cell, Bounds],
        counts: dict[Cell, int],
    ) -> None:
        periods = {str(period): period for period in entry.times}
        for column in columns:
            name, place, gone = f"{entry.key.dataset}.{column}", entry.column_ids.index(column), entry.withheld.get(column, ())
            for date, texts in rows.items():
                cell = Cell(name, periods[date])
                if name not in dependences:
                    counts |= {cell: int(texts[place])} if texts[place] else {}
                elif texts[place]:
                    cells[cell] = Bounds(int(texts[place]), int(texts[place]))
                elif date in gone:
                    cells[cell] = UNKNOWN

    def _dependences(self, wiki: str) -> dict[str, Dependence]:
        return {
            f"{dataset.id}.{column.id}": _dependence(dataset, column, self.policy.rules(wiki, dataset.id).threshold)
            for dataset in self.datasets.values()
            for column in dataset.columns
            if self.policy.rules(wiki, dataset.id).is_sensitive(column)
        }

    # What is kept

    def redactor(self, live: Mapping[Key, Entry]) -> Redactor:
        """What old releases may still tell, once ``live`` is published."""
        return Redactor(self, live)

    def is_hidden(self, live: Mapping[Key, Entry], key: Key, unit: str, column: str, date: str, text: str) -> bool:
        """Whether a cell that was published once is withheld now: named so, below the threshold, or of a grain that is not."""
        entry = live.get(key)
        if entry and date in entry.withheld.get(column, ()):
            return True
        if unit not in UNITS or not text:
            return False
        rules, as_column = self.policy.rules(key.wiki, key.dataset), _column(column, unit)
        if not rules.is_published(as_column, key.grain):
            return True
        return rules.is_sensitive(as_column) and is_few(text, rules)

    def by_rules(self, entry: Entry, rows: Rows, live: Mapping[Key, Entry] | None = None) -> tuple[Entry, Rows] | None:
        """An entry and its rows with less in them: as the rules are now, and as ``live`` has it; None if all may stay."""
        marks: dict[str, set[str]] = {}
        for place, fact in enumerate(entry.columns):
            for date, texts in rows.items():
                if texts[place] and self.is_hidden(live or {}, entry.key, fact.unit, fact.id, date, texts[place]):
                    marks.setdefault(fact.id, set()).add(date)
        return self.with_more(entry, rows, marks) if marks else None

    def is_sensitive(self, key: Key, unit: str) -> bool:
        """Whether small numbers of a unit could tell of somebody."""
        return unit in UNITS and self.policy.rules(key.wiki, key.dataset).is_sensitive(_column("", unit))

    def add_dependent_marks(self, key: Key, marks: Marks) -> Marks:
        """``marks`` and those of what is made from the cells that they name."""
        dataset = self.datasets.get(key.dataset)
        return add_dependent_marks(dataset, self.policy.rules(key.wiki, key.dataset), marks) if dataset else marks


@dataclass(frozen=True, slots=True)
class Redactor:
    """Lets old releases and the list of restatements tell only what ``live`` and the rules let them."""

    withholding: Withholding
    live: Mapping[Key, Entry]

    def entry(self, old: Entry, read: Callable[[], Rows]) -> tuple[Entry, Rows] | None:
        """An old release's entry and rows with less in them; None if all may stay."""
        new = self.live.get(old.key)
        sensitive = any(self.withholding.is_sensitive(old.key, fact.unit) for fact in old.columns)
        if new and not new.withholds_more_than(old):
            return None
        if not (sensitive or (new and new.withheld)):
            return None
        return self.withholding.by_rules(old, read(), self.live)

    def lines(self, text: str) -> str:
        """The restatements that may stay."""
        return restatements.render(restatements.redact(restatements.parse(text), self._is_withheld))

    def files(self, found: Manifest, read: Callable[[str], str]) -> dict[str, str]:
        """The files of an old release that tell of withheld cells, where they must change."""
        lines, cells = self.lines(read(restatements.FILE)), suppressed.render(found.entries.values())
        texts = {restatements.FILE: lines, suppressed.FILE: cells}
        return {path: text for path, text in texts.items() if path in found.files and read(path) != text}

    def _is_withheld(self, line: Restatement) -> bool:
        key = Key(line.dataset, line.wiki, Grain(line.grain))
        entry = self.live.get(key)
        unit = next((fact.unit for fact in entry.columns if fact.id == line.column), "") if entry else PEOPLE.name
        numbers = [text for text in (line.old, line.new) if text.isdecimal()]
        named = self.withholding.is_hidden(self.live, key, "", line.column, line.date, "")
        return named or any(self.withholding.is_hidden(self.live, key, unit, line.column, line.date, text) for text in numbers)


def _dependence(dataset: Dataset, column: Column, threshold: int) -> Dependence:
    def qualified(names: Sequence[str]) -> tuple[str, ...]:
        return tuple(name if "." in name else f"{dataset.id}.{name}" for name in names)

    return Dependence(
        additive=column.additive,
        people=column.unit is PEOPLE,
        among="".join(qualified([column.among] if column.among else [])),
        acts=qualified(column.acts),
        parts=qualified(dataset.adds_up.get(column.id, [])),
        groups=qualified(column.groups),
        threshold=threshold,
    )


def _marks(cells: Iterable[Cell]) -> Marks:
    return joined(*({cell.column.partition(".")[2]: {str(cell.period)}} for cell in cells))


def _column(id: str, unit: str) -> Column:
    return Column(id, id, UNITS[unit], additive=False)


def _key(cell: Cell, wiki: str) -> Key:
    return Key(cell.column.partition(".")[0], wiki, cell.period.grain)

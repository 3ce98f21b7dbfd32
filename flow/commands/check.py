"""``check``: query scripts, what databases say of them, dashboards, and the published folder, all complaints at once."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flow import terminal
from flow.checking.complaint import Complaint
from flow.checking.offline import simulated_settings
from flow.checking.published import complaints_of_published
from flow.checking.scripts import Scripts
from flow.datasets import board
from flow.datasets.catalog import Catalog
from flow.datasets.dataset import bare
from flow.datasets.period import Grain
from flow.engines.sources import Sources
from flow.errors import HeldBack, Unreachable
from flow.limn import contract
from flow.limn.contract import graphs_shown
from flow.limn.graph import graph_id, is_blank
from flow.settings import Settings
from flow.shelf import LIVE, Shelf
from flow.shelf.inspection import faults

MOST_NAMED = 3


@dataclass(slots=True)
class Report:
    """All complaints, and the databases that could not be asked."""

    complaints: list[Complaint] = field(default_factory=list)
    unreached: list[str] = field(default_factory=list)

    def tell(self) -> int:
        """Prints them; 3 if a database was not reached, else 1 if a script is broken, else 4 if there is any other, else 0."""
        for each in self.complaints:
            print(each.text)
            if each.excerpt:
                print(textwrap.indent(each.excerpt, "    "))
        for line in self.unreached:
            terminal.aside(f"not checked: {line}")
        if self.unreached:
            return Unreachable.exit_code
        if not self.complaints:
            terminal.aside("All is well.")
            return 0
        return 1 if any(each.is_broken for each in self.complaints) else HeldBack.exit_code


def check(settings: Settings, catalog: Catalog, reportcard: Path) -> int:
    """Prints every complaint about scripts, dashboards, and what is published."""
    report = _of_scripts(settings, settings.output.grains, catalog, reportcard)
    report.complaints += _published(settings, catalog)
    return report.tell()


def check_offline(catalog: Catalog, reportcard: Path) -> int:
    """Prints every complaint about scripts and dashboards, which needs neither settings nor a database."""
    with simulated_settings() as settings:
        return _of_scripts(settings, tuple(Grain), catalog, reportcard).tell()


def _of_scripts(settings: Settings, grains: Sequence[Grain], catalog: Catalog, reportcard: Path) -> Report:
    found = [Complaint(str(error), error.excerpt, is_broken=True) for error in catalog.broken.values()]
    with Sources(settings) as sources:
        scripts = Scripts(catalog, sources, grains)
        found += scripts.complaints()
    for id in sorted(scripts.unread):
        terminal.aside(f"{id}: its SQL is not linted, for sqlglot cannot read it")
    return Report([*found, *_people(catalog), *_boards(reportcard, catalog)], scripts.unreached)


def _people(catalog: Catalog) -> Iterator[Complaint]:
    for dataset in catalog.datasets.values():
        yield from (Complaint(f"{dataset.id}: {line}") for line in bare(dataset))


def _boards(reportcard: Path, catalog: Catalog) -> Iterator[Complaint]:
    try:
        board.read_all(reportcard, catalog.graphs, catalog.broken)
    except HeldBack as error:
        yield Complaint(str(error))


def _published(settings: Settings, catalog: Catalog) -> Iterator[Complaint]:
    link = settings.output.folder / LIVE
    if not link.exists():
        terminal.aside(f"{link}: nothing is published yet")
        return
    damages: list[str] = []
    shelf = Shelf(settings.output.folder, damages.append).inspect()
    yield from map(Complaint, dict.fromkeys([*damages, *faults(link)]))
    yield from (Complaint(f"{link}/{line}") for line in contract.complaints(link))
    yield from _blank(shelf, link)
    if not damages:
        with terminal.working("Checking what is published"):
            yield from [*complaints_of_published(catalog, shelf)]


def _blank(shelf: Shelf, link: Path) -> Iterator[Complaint]:
    """The graphs on a dashboard that Limn shows as blank; how many there are that none shows is said aside."""
    facts = [(entry, fact) for entry in shelf.live.entries.values() for fact in entry.graphs]
    blank = {graph_id(entry.key, fact) for entry, fact in facts if is_blank(entry, fact)}
    shown = [(name, id) for name, ids in graphs_shown(link).items() for id in ids if id in blank]
    what = "has fewer than two values, which Limn shows as blank; a run leaves it off"
    yield from (Complaint(f"{link}/dashboards/{name}: graph '{id}' {what}") for name, id in shown)
    unseen = sorted(blank - {id for _, id in shown})
    if unseen:
        few = ", ".join(unseen[:MOST_NAMED]) + (" …" if len(unseen) > MOST_NAMED else "")
        terminal.aside(f"{len(unseen)} graphs have fewer than two values, and are on no dashboard: {few}")

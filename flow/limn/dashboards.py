"""The dashboards that are published: one for each wiki and grain that a board has anything to show of, each linked to others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flow.datasets.board import FIRST, Board
from flow.datasets.graph import name_graph
from flow.datasets.period import Grain
from flow.limn.graph import GRAIN_NAMES, graph_id, is_blank
from flow.shelf.entry import Entry, GraphFact, Key

#: A wiki and a grain.
Place = tuple[str, Grain]
#: The tab of the first dashboard as long as there is nothing to draw: without any, Limn shows a blank page.
NOTHING = "Nothing to draw yet"
#: A graph links to so many other wikis' dashboards before and after its own; who has more goes from one to the next.
NEIGHBOURS = 10


@dataclass(frozen=True)
class Dashboards:
    """``boards`` for what is published. ``default``: the wiki and grain of a dashboard that bears its board's id alone."""

    entries: Mapping[Key, Entry]
    boards: Sequence[Board]
    default: Place

    def pages(self) -> Iterator[dict[str, Any]]:
        """The dashboards as Limn reads them."""
        for board in self.boards:
            for place, id in self._ids[board.id].items():
                yield self._page(board, place, id)

    def notes(self, place: Place) -> str:
        """Links from a wiki's graphs in a grain to other dashboards, as Markdown."""
        return self._notes[place]

    @cached_property
    def _graphs(self) -> dict[Place, dict[str, tuple[Entry, GraphFact]]]:
        """The graphs that there are, by what tabs call them."""
        found: dict[Place, dict[str, tuple[Entry, GraphFact]]] = {}
        for key, entry in self.entries.items():
            graphs = {name_graph(key.dataset, fact.id): (entry, fact) for fact in entry.graphs}
            found.setdefault((key.wiki, key.grain), {}).update(graphs)
        return dict(sorted(found.items()))

    @cached_property
    def _ids(self) -> dict[str, dict[Place, str]]:
        """For each board, the places that it has anything to show of, and its dashboards' ids; the first always has its own."""
        return {board.id: self._ids_of(board) for board in self.boards}

    def _ids_of(self, board: Board) -> dict[Place, str]:
        places = [place for place in self._graphs if self._tabs(board, place)] or self._front(board)
        first = self.default if self.default in places else next(iter(places), None)
        return {(wiki, grain): board.id if (wiki, grain) == first else f"{board.id}-{wiki}-{grain}" for wiki, grain in places}

    def _front(self, board: Board) -> list[Place]:
        """Where ``board`` is though it has nothing to show: nowhere, unless Limn opens it."""
        everywhere = [self.default] if self.default in self._graphs else list(self._graphs)
        return everywhere[:1] if board.id == FIRST else []

    def _page(self, board: Board, place: Place, id: str) -> dict[str, Any]:
        wiki, grain = place
        subhead = ", ".join(filter(None, [board.subhead, wiki, GRAIN_NAMES[grain]]))
        missing = [fact.title for _, entry, fact in self._shown(board, place) if is_blank(entry, fact)]
        told = f". Not drawn, with fewer than two values: {'; '.join(dict.fromkeys(missing))}" if missing else ""
        tabs = self._tabs(board, place) or [{"name": NOTHING, "graph_ids": []}]
        return {"id": id, "headline": board.headline, "subhead": subhead + told, "tabs": tabs}

    def _tabs(self, board: Board, place: Place) -> list[dict[str, Any]]:
        """The tabs of ``board`` that have a graph with anything to see."""
        tabs: dict[str, list[str]] = {}
        for tab, entry, fact in self._shown(board, place):
            if not is_blank(entry, fact):
                tabs.setdefault(tab, []).append(graph_id(entry.key, fact))
        return [{"name": name, "graph_ids": ids} for name, ids in tabs.items()]

    def _shown(self, board: Board, place: Place) -> Iterator[tuple[str, Entry, GraphFact]]:
        there = self._graphs[place]
        for tab in board.tabs:
            yield from ((tab.name, *there[name]) for name in tab.graphs if name in there)

    @cached_property
    def _notes(self) -> dict[Place, str]:
        return {place: "\n\n".join(self._paragraphs(place)) for place in self._graphs}

    def _paragraphs(self, place: Place) -> Iterator[str]:
        wiki, grain = place
        ids = self._ids.get(FIRST, {})
        grains = [(GRAIN_NAMES[each], ids[wiki, each]) for each in Grain if each != grain and (wiki, each) in ids]
        wikis = [(each, ids[each, grain]) for each in _around([each for each, of in ids if of == grain], wiki)]
        boards = [(board.headline or board.id, self._ids[board.id].get(place, "")) for board in self.boards]
        for what, links in (("Also", grains), ("Other wikis:", wikis), ("Dashboards:", boards if len(boards) > 1 else [])):
            texts = [f"[{_escape(text)}](/dashboards/{id})" for text, id in links if id]
            if texts:
                yield f"{what} {', '.join(texts)}"


def _around(wikis: Sequence[str], wiki: str) -> list[str]:
    """The wikis but ``wiki``, or if they are many, those around it; the first follows the last."""
    if wiki not in wikis or len(wikis) <= 2 * NEIGHBOURS + 1:
        return [each for each in wikis if each != wiki]
    place = wikis.index(wiki)
    return [wikis[(place + step) % len(wikis)] for step in range(-NEIGHBOURS, NEIGHBOURS + 1) if step]


def _escape(text: str) -> str:
    """``text`` as Markdown shows it."""
    return re.sub(r"([\\`*_\[\]<>])", r"\\\1", text)

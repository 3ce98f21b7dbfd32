"""A scribe that keeps a diary of what people did, and counts from it by plain loops what the datasets should say."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from flow.datasets.period import Grain
from flow.simulate.scribe import Emit, Scribe
from flow.simulate.things import Board, Page, Person, Topic, Written

WINDOW = 7 * 86400


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody did something at a second after 1970, to a topic, a board or a page."""

    kind: str
    at: int
    by: Person
    to: object


class Diary(Scribe):
    """Writes like a scribe, and remembers; opening posts and what a move writes are no acts of their own."""

    def __init__(self, wiki: str, emit: Emit) -> None:
        self.acts: list[Act] = []
        self.openers: dict[bytes, tuple[int, Person]] = {}
        self.boards: dict[bytes, Board] = {}
        self._opening = False
        super().__init__(wiki, emit)

    def topic(self, at: int, by: Person, board: Board, opening_after: int | None = 0) -> Topic:
        self._opening = True
        topic = super().topic(at, by, board, opening_after)
        self._opening = False
        self.openers[topic.title.id] = (at, by)
        self.boards[topic.title.id] = board
        self.acts.append(Act("topics", at, by, topic.title.id))
        return topic

    def reply(self, at: int, by: Person, parent: Written) -> Written:
        if not self._opening:
            root = parent
            while root.parent:
                root = root.parent
            self.acts.append(Act("replies", at, by, root.id))
        return super().reply(at, by, parent)

    def edit(self, at: int, by: Person, written: Written) -> None:
        self.acts.append(Act("post_edits" if written.parent else "title_edits", at, by, None))
        super().edit(at, by, written)

    def edit_header(self, at: int, by: Person, board: Board) -> None:
        self.acts.append(Act("header_edits", at, by, None))
        super().edit_header(at, by, board)

    def edit_summary(self, at: int, by: Person, topic: Topic) -> None:
        self.acts.append(Act("summary_edits", at, by, None))
        super().edit_summary(at, by, topic)

    def moderate(self, at: int, by: Person, written: Written, action: str) -> None:
        self.acts.append(Act(f"{action}_{'post' if written.parent else 'topic'}", at, by, None))
        super().moderate(at, by, written, action)

    def save(self, at: int, by: Person, page: Page, text: str) -> None:
        self.acts.append(Act("save", at, by, page))
        super().save(at, by, page, text)


@dataclass(frozen=True, slots=True)
class Count:
    """Counts a diary by periods of ``grain``, as the definitions say; bots left out unless ``bots_count``."""

    diary: Diary
    grain: Grain
    bots_count: bool = False

    def kinds(self, *kinds: str) -> dict[str, Counter[str]]:
        """How many acts of each kind, and by bots, by date."""
        found: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for act in self._acts(kinds):
            if self._counts(act.by):
                found[self._date(act.at)][act.kind] += 1
            if act.by.bot:
                found[self._date(act.at)]["by_bots"] += 1
        return found

    def distinct(self, kind: str, what: Callable[[Act], object]) -> dict[str, int]:
        """How many distinct things counted acts of ``kind`` concern, by date."""
        found: defaultdict[str, set[object]] = defaultdict(set)
        for act in self._acts((kind,)):
            if self._counts(act.by):
                found[self._date(act.at)].add(what(act))
        return {date: len(things) for date, things in found.items()}

    def posters(self) -> dict[str, set[Person]]:
        """Who opened a topic or replied, by date."""
        found: defaultdict[str, set[Person]] = defaultdict(set)
        for act in self._acts(("topics", "replies")):
            if self._counts(act.by):
                found[self._date(act.at)].add(act.by)
        return found

    def first_timers(self) -> Counter[str]:
        """How many opened a topic or replied for the first time, by date."""
        first: dict[Person, int] = {}
        for act in self._acts(("topics", "replies")):
            if self._counts(act.by):
                first[act.by] = min(act.at, first.get(act.by, act.at))
        return Counter(self._date(at) for at in first.values())

    def cohorts(self, window: int = WINDOW) -> dict[str, list[tuple[int, int | None]]]:
        """For each topic under its date: its replies within the window, and the seconds to the first by somebody else."""
        replies: Counter[object] = Counter()
        answers: dict[object, int] = {}
        for act in self._acts(("replies",)):
            opened, opener = self.diary.openers[act.to]  # type: ignore[index]
            if self._counts(act.by) and 0 <= act.at - opened < window:
                replies[act.to] += 1
                if act.by != opener:
                    answers[act.to] = min(act.at - opened, answers.get(act.to, window))
        found: defaultdict[str, list[tuple[int, int | None]]] = defaultdict(list)
        for id, (opened, opener) in self.diary.openers.items():
            if self._counts(opener):
                found[self._date(opened)].append((replies[id], answers.get(id)))
        return found

    def waiting(self, end: int, least: int = 72 * 3600, most: int = 90 * 86400) -> int:
        """How many topics wait at the second ``end``, the first after a period."""
        answered = set()
        for act in self._acts(("replies",)):
            _, opener = self.diary.openers[act.to]  # type: ignore[index]
            if self._counts(act.by) and act.by != opener and act.at < end:
                answered.add(act.to)
        ages = {id: end - opened for id, (opened, opener) in self.diary.openers.items() if self._counts(opener)}
        return sum(least <= age < most and id not in answered for id, age in ages.items())

    def talk(self) -> list[Act]:
        """The saves of pages that are talk pages in the end."""
        return [act for act in self._acts(("save",)) if isinstance(act.to, Page) and act.to.namespace % 2]

    def _acts(self, kinds: Iterable[str]) -> list[Act]:
        wanted = set(kinds)
        return [act for act in self.diary.acts if act.kind in wanted]

    def _counts(self, person: Person) -> bool:
        return self.bots_count or not person.bot

    def _date(self, at: int) -> str:
        return self.grain.floor(datetime.fromtimestamp(at, UTC).date()).isoformat()


def quantile(values: list[int], share: float) -> float:
    """The quantile, interpolated linearly between the two nearest values."""
    if len(values) == 1:
        return float(values[0])
    cuts = statistics.quantiles(values, n=1000, method="inclusive")
    return cuts[round(share * 1000) - 1]

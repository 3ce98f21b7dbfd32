"""The life of a simulated wiki: people, bots and addresses talk for some years, the same way for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flow.datasets.period import midnight
from flow.simulate.scribe import Scribe
from flow.simulate.things import Board, Page, Person, Topic, Written
from flow.wiki.stamps import epoch_seconds

DAY_SECONDS = 86400
MOST_REPLIES = 60
#: So many of the unnamed people were there before; the others come one by one.
OLD_TIMERS = 10
BOARDS = ((1, "Village pump"), (3, "Help desk"), (5, "Requests"), (1, 'Comma, "quoted" board'), (11, "Ünïcode ☂"))
NAMES = (
    "Ada", "Bo", "Chidi", "Dagny", "Esra", "Farid", "Greta", "Hiro", "Inés", "Jun", 'Comma, "Esq."', "O'Neil", "NULL",
    "=SUM(A1)", "Per%Cent", "مريم", "Robotnik Botanist", "<b>Bold</b>", "~2024-1", "Kveta",
)
ADDRESSES = ("192.0.2.17", "198.51.100.4", "2001:DB8:0:0:0:0:0:7", "203.0.113.9")


@dataclass(frozen=True, slots=True)
class Life:
    """How much happens on a wiki each day from ``since`` up to ``until``, on average; ``people`` beyond the named ones."""

    seed: int
    since: date
    until: date
    topics: float
    edits: float
    people: int = 40
    quiet: float = 0.05


class Liver:
    """Lives one ``life`` through a scribe."""

    def __init__(self, scribe: Scribe, life: Life) -> None:
        self.scribe = scribe
        self.life = life
        self.chance = random.Random(life.seed)
        self.arrivals: dict[int, int] = {}
        self.end = epoch_seconds(midnight(life.until)) - 1
        self.people = self._people()
        self.bots = [self._account("TidyBot", groups=("bot",)), self._account("Retired helper", former=("bot",))]
        self.moderator = self.people[1]
        self.boards = self._boards()
        self.pages: list[Page] = []
        self.lately: list[Topic] = []

    def live(self) -> None:
        """Writes every day of the life, then what is known in the end."""
        for day in self._days():
            start = epoch_seconds(midnight(day))
            if self.chance.random() >= self.life.quiet and (day.month, day.day) != (12, 24):
                season = (0.6 if day.weekday() > 4 else 1.15) * (1.3 - 0.6 * abs(day.month - 6.5) / 6)
                self._flow_day(start, season)
                self._talk_day(start, season)
        self.scribe.delete_board(self.boards[-1])
        self.scribe.finish()

    def _days(self) -> Iterator[date]:
        for number in range((self.life.until - self.life.since).days):
            yield self.life.since + timedelta(days=number)

    def _people(self) -> list[Person]:
        named = [self._account(name) for name in NAMES]
        numbers = range(1, self.life.people + 1)
        more = [self._account(f"Wikian {n}") if n <= OLD_TIMERS else self._newcomer(n) for n in numbers]
        return [*named, *more, *(self.scribe.address(ip) for ip in ADDRESSES)]

    def _account(self, name: str, groups: Sequence[str] = (), former: Sequence[str] = ()) -> Person:
        """Somebody who registered within the year before the life began."""
        ago = random.Random(f"{self.life.seed} {name}").randrange(365 * DAY_SECONDS)
        person = self.scribe.person(name, groups, former)
        self.scribe.accounts.register(person, epoch_seconds(midnight(self.life.since)) - ago)
        if name.startswith("~"):  # MediaWiki gives it to somebody who is about to save
            self.scribe.accounts.register_late(person, 0)
        return person

    def _newcomer(self, number: int) -> Person:
        """Somebody who turns up in the course of the life, and had registered a while before: an hour, or some weeks."""
        chance, person = random.Random(f"{self.life.seed} {number}"), self.scribe.person(f"Wikian {number}")
        share = (number - OLD_TIMERS) / (self.life.people - OLD_TIMERS + 1)
        self.arrivals[person.user_id] = epoch_seconds(midnight(self.life.since)) + int(share * self._seconds())
        self.scribe.accounts.register_late(person, int(60 * DAY_SECONDS * chance.random() ** 3) + 3600)
        return person

    def _seconds(self) -> int:
        return (self.life.until - self.life.since).days * DAY_SECONDS

    def _boards(self) -> list[Board]:
        start = epoch_seconds(midnight(self.life.since))
        return [self.scribe.board(start + 60 * n, self.moderator, *board) for n, board in enumerate(BOARDS)]

    def _pick(self, at: int) -> Person:
        """One of the people who have arrived, the first far more often than the last."""
        place = int(len(self.people) * self.chance.random() ** 2.2)
        while self.arrivals.get(self.people[place].user_id, 0) > at:
            place //= 2
        return self.people[place]

    def _somebody(self, at: int) -> Person:
        return self.bots[int(self.chance.random() * 2)] if self.chance.random() < 0.05 else self._pick(at)

    def _times(self, start: int, mean: float) -> list[int]:
        """Seconds of a day at which something happens, in order; some right at midnight."""
        wanted = mean * (0.3 + 1.4 * self.chance.random())
        number = int(wanted) + (self.chance.random() < wanted % 1)
        times = [start + int(DAY_SECONDS * self.chance.random()) for _ in range(number)]
        return sorted(start if self.chance.random() < 0.01 else time for time in times)

    # Flow

    def _flow_day(self, start: int, season: float) -> None:
        for at in self._times(start, self.life.topics * season):
            self._topic(at)

    def _topic(self, at: int) -> None:
        board = self.boards[int(len(self.boards) * self.chance.random() ** 2)]
        opener = self._somebody(at)
        topic = self.scribe.topic(at, opener, board, opening_after=int(3 * self.chance.random() ** 6) if at < self.end - 3 else 0)
        size = min(int(0.55 * self.chance.random() ** -0.9), MOST_REPLIES)
        posts: list[Written] = [topic.title]
        time = at
        for _ in range(size):
            time += 1 + int(40 * 10 ** (4.2 * self.chance.random() ** 1.3))
            if time > self.end:
                return
            by = opener if self.chance.random() < 0.2 else self._somebody(time)
            posts.append(self.scribe.reply(time, by, posts[int(len(posts) * self.chance.random() ** 1.6)]))
        self._aftermath(time, opener, topic, posts)

    def _aftermath(self, time: int, opener: Person, topic: Topic, posts: list[Written]) -> None:
        chance = self.chance.random()
        time += 1 + int(30_000 * self.chance.random())
        if time + 9000 > self.end:
            return
        last = posts[-1] if posts[-1].parent else topic.opening
        if last is not None and chance < 0.12:
            self.scribe.edit(time, last.author, last)
        elif chance < 0.16:
            self.scribe.edit(time, opener, topic.title)
        elif chance < 0.2:
            self.scribe.edit_summary(time, self.moderator, topic)
        elif chance < 0.24:
            self._lock(time, topic)
        elif last is not None and chance < 0.3:
            self._moderate(time, last if chance < 0.27 else topic.title)
        elif chance < 0.305:
            self.scribe.edit_header(time, self.moderator, topic.board)

    def _lock(self, time: int, topic: Topic) -> None:
        self.scribe.moderate(time, self.moderator, topic.title, "lock")
        if self.chance.random() < 0.3:
            self.scribe.moderate(time + 3600, self.moderator, topic.title, "unlock")

    def _moderate(self, time: int, written: Written) -> None:
        action = ("hide", "delete", "suppress")[int(3 * self.chance.random() ** 2)]
        self.scribe.moderate(time, self.moderator, written, action)
        if self.chance.random() < 0.4:
            self.scribe.moderate(time + 7200, self.moderator, written, "restore")

    # Wikitext

    def _talk_day(self, start: int, season: float) -> None:
        for number, at in enumerate(self._times(start, self.life.edits * season)):
            self._edit(at, f"{at} {number}")

    def _edit(self, at: int, text: str) -> None:
        page = self._page()
        if page.hashes and self.chance.random() < 0.004 and not page.doomed:
            self.scribe.move(at, self.moderator, page, page.namespace, f"{page.title}/Archive {at}")
        elif len(set(page.hashes)) > 1 and self.chance.random() < 0.02:
            self.scribe.save(at, self.moderator, page, page.hashes[-2])
        else:
            self.scribe.save(at, self._somebody(at), page, text)

    def _page(self) -> Page:
        """A page to edit: mostly an old one; one in ten is new, one in six no talk page, one in fifty to be deleted."""
        if self.pages and self.chance.random() > 0.1:
            return self.pages[-1 - int(len(self.pages) * self.chance.random() ** 3)]
        namespace = (0, 1, 1, 3, 3, 5, 11)[int(7 * self.chance.random())]
        page = self.scribe.page(namespace, f"Page {len(self.pages)}", doomed=self.chance.random() < 0.02)
        self.pages.append(page)
        return page


def live(scribe: Scribe, life: Life) -> None:
    """Writes ``life`` through ``scribe``: a few boards, topics with a long tail of replies, talk pages, moderation."""
    Liver(scribe, life).live()

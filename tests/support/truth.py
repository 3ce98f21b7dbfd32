"""What was truly done on a wiki, counted from the log of every action, without any SQL."""

from __future__ import annotations

import json
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from flow.datasets.period import Grain

Act = dict[str, Any]

MODERATION = {"unhide": "restore", "undelete": "restore", "unsuppress": "restore"}
KINDS = {"new-topic": "topics", "reply": "replies", "edit-post": "post_edits", "edit-title": "title_edits"}
KINDS |= {"edit-header": "header_edits", "edit-summary": "summary_edits", "header-by-enabling": "header_edits"}


@dataclass(frozen=True, slots=True)
class Truth:
    """The acts of a log that took effect; ``bots_count`` says whether those of bots, of then and of ever, count."""

    acts: tuple[Act, ...]
    grain: Grain
    bots_count: bool

    def flow_edits(self) -> dict[str, Counter[str]]:
        """How many acts of each of the six kinds, by date."""
        found: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for act in self._flow():
            if act["kind"] in KINDS:
                found[self._date(act)][KINDS[act["kind"]]] += 1
        return found

    def posters(self) -> dict[str, int]:
        """How many people opened a topic or replied, by date."""
        return self._people(act for act in self._flow() if act["kind"] in ("new-topic", "reply"))

    def first_timers(self) -> dict[str, int]:
        """How many people opened a topic or replied for the first time, by date."""
        first: dict[str, str] = {}
        for act in sorted(self._flow(), key=lambda act: act["seq"]):
            if act["kind"] in ("new-topic", "reply"):
                first.setdefault(act["actor"], self._date(act))
        return dict(Counter(first.values()))

    def moderation(self) -> dict[str, Counter[str]]:
        """How many acts of moderation of each kind, by date."""
        found: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for act in self._flow():
            verb, _, thing = act["kind"].partition("-")
            if verb in ("hide", "delete", "suppress", "lock", "unlock", *MODERATION) and thing in ("post", "topic"):
                found[self._date(act)][f"{MODERATION.get(verb, verb)}_{thing}"] += 1
        return found

    def talk_edits(self) -> dict[str, int]:
        """How many edits of wikitext talk pages, by date."""
        return dict(Counter(self._date(act) for act in self._talk()))

    def editors(self) -> dict[str, int]:
        """How many people edited wikitext talk pages, by date."""
        return self._people(self._talk())

    def cohorts(self) -> dict[str, list[tuple[int, float | None]]]:
        """For each topic, under its date of opening: its replies to date, and the seconds to the first by somebody else."""
        topics = {act["topic_id"]: act for act in self._flow() if act["kind"] == "new-topic"}
        replies: defaultdict[str, list[Act]] = defaultdict(list)
        for act in self._flow():
            if act["kind"] == "reply" and act["topic_id"] in topics:
                replies[act["topic_id"]].append(act)
        found: defaultdict[str, list[tuple[int, float | None]]] = defaultdict(list)
        for id, topic in topics.items():
            others = [act for act in replies[id] if act["actor"] != topic["actor"]]
            waits = [(_instant(act) - _instant(topic)).total_seconds() for act in others]
            found[self._date(topic)].append((len(replies[id]), min(waits, default=None)))
        return found

    def waiting(self, end: datetime) -> int:
        """How many topics are, at ``end``, at least 72 hours and less than 90 days old and unanswered by somebody else."""
        opened = {act["topic_id"]: act for act in self._flow() if act["kind"] == "new-topic"}
        answered = {
            act["topic_id"]
            for act in self._flow()
            if act["kind"] == "reply" and _instant(act) < end and act["actor"] != opened[act["topic_id"]]["actor"]
        }
        ages = {id: end - _instant(topic) for id, topic in opened.items()}
        return sum(timedelta(hours=72) <= age < timedelta(days=90) and id not in answered for id, age in ages.items())

    def dates(self) -> list[str]:
        """The dates from the first act to the last."""
        day, last = (self.grain.floor(_instant(act).date()) for act in (self.acts[0], self.acts[-1]))
        found = []
        while day <= last:
            found.append(day.isoformat())
            day = self.grain.next(day)
        return found

    def days(self) -> tuple[date, date]:
        """The first day of the first period, and the day after the last one."""
        dates = self.dates()
        return date.fromisoformat(dates[0]), self.grain.next(date.fromisoformat(dates[-1]))

    def _flow(self) -> Iterator[Act]:
        return (act for act in self.acts if act["system"] == "flow" and self._counts(act))

    def _talk(self) -> Iterator[Act]:
        saved = (act for act in self.acts if act["system"] == "wikitext" and act.get("rev_id") and _is_talk(act))
        return (act for act in saved if self._counts(act))

    def _counts(self, act: Act) -> bool:
        return self.bots_count or act["actor_kind"] != "bot"

    def _people(self, acts: Iterator[Act]) -> dict[str, int]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for act in acts:
            found[self._date(act)].add(act["actor"])
        return {day: len(people) for day, people in found.items()}

    def _date(self, act: Act) -> str:
        return self.grain.floor(_instant(act).date()).isoformat()


def read(path: Path, grain: Grain, bots_count: bool) -> Truth:
    """The truth of a log file. Enabling a board writes a header, but converting a page that was there as wikitext does not."""
    acts = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    done = [act for act in acts if act["ok"]]
    wikitext = {act["page"]: act["seq"] for act in reversed(done) if act["system"] == "wikitext"}
    for act in [act for act in done if act["kind"] == "enable-board"]:
        if wikitext.get(act["page"], act["seq"]) >= act["seq"]:
            done.append(act | {"kind": "header-by-enabling"})
    return Truth(tuple(sorted(done, key=lambda act: act["seq"])), grain, bots_count)


def median(numbers: list[float]) -> float:
    """The median."""
    return float(statistics.median(numbers))


def _is_talk(act: Act) -> bool:
    namespace, colon, _ = act["page"].partition(":")
    return bool(colon) and namespace.lower().endswith("talk")


def _instant(act: Act) -> datetime:
    return datetime.fromisoformat(act["ts"])

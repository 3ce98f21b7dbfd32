"""Who copies every release, and sets up all sums himself, learns no withheld number of people."""

from __future__ import annotations

import gzip
import os
import sqlite3
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest

from flow.publication import suppression
from flow.simulate.life import Life, live
from flow.simulate.load import into_sqlite
from flow.simulate.scribe import Scribe
from tests.conftest import REAL_WIKIS
from tests.support.attacker.attack import Findings, attack
from tests.support.attacker.copies import Told, read, together
from tests.support.project import Project

SINCE, UNTIL = date(2024, 1, 1), date(2024, 4, 1)
DATASETS = ("flow_people", "flow_edits", "talk_edits", "talk_versus_flow")
BY_DAY = "[privacy]\npeople_by_day = true\n"
GRAINS = '["month", "week", "day"]'


def simulated(project: Project, seed: int, topics: float, people: int) -> None:
    path = project.folder / "testwiki.sqlite"
    path.unlink()
    with into_sqlite(path) as emit:
        live(Scribe("testwiki", emit), Life(seed, SINCE, UNTIL, topics=topics, edits=topics, people=people))


def nights(project: Project, days: Iterable[date], text: str = "", grains: str = GRAINS) -> list[Told]:
    """What each night's release tells."""
    found = []
    for day in days:
        project.settings(text, f"{day}T12:00:00Z", grains=grains)
        said = project.generate("run", *DATASETS, "--allow-shrink")
        assert said.code == 0, said.err
        found.append(read(project.public, "testwiki"))
    return found


def every(step: int, since: date = date(2024, 1, 5), many: int = 70) -> list[date]:
    return [since + timedelta(days=n) for n in range(0, many, step)]


def kept(project: Project) -> Told:
    return together(read(project.folder / "output" / "releases" / id, "testwiki") for id in project.releases())


def lost(found: Iterable[Findings]) -> list[object]:
    return [each.won for each in found if each.won]


def often(short: int, long: int) -> int:
    """So many days from night to night: ``long`` is what ``make attack`` does."""
    return long if os.environ.get("TRIALS") == "all" else short


def some(*trials: object) -> list[object]:
    """The first of ``trials``; all of them in the long form, which ``make attack`` runs."""
    return list(trials) if os.environ.get("TRIALS") == "all" else list(trials[:1])


@pytest.mark.parametrize(("seed", "topics", "people"), some((1, 1, 5), (0, 0.3, 5), (2, 2, 30)))
def test_all_copies_of_all_nights_together_tell_nothing(project: Project, seed: int, topics: float, people: int):
    simulated(project, seed, topics, people)
    copies = nights(project, every(often(14, 7)))
    assert not lost(map(attack, copies))
    assert not lost([attack(together(copies)), attack(kept(project))])


@pytest.mark.parametrize(("seed", "topics", "people"), some((0, 0.3, 5), (1, 2, 30)))
def test_days_tell_no_weeks_and_months(project: Project, seed: int, topics: float, people: int):
    simulated(project, seed, topics, people)
    assert not lost(map(attack, nights(project, every(often(28, 14)), BY_DAY)))
    assert not attack(kept(project)).won


@pytest.mark.parametrize("threshold", [3, 10])
def test_other_thresholds_tell_nothing_either(project: Project, threshold: int):
    simulated(project, 3, 2, 20)
    for copy in nights(project, every(30), f"[privacy.wikis.testwiki]\nthreshold = {threshold}\n"):
        assert not attack(copy, lambda _: threshold).won


def test_counts_that_are_withheld_are_not_told(project: Project):
    simulated(project, 1, 1, 5)
    found = [attack(copy, counts=True) for copy in nights(project, every(30), "[privacy]\nwithhold_actions = true\n")]
    assert found[-1].ranges
    assert not lost(found)


@pytest.mark.parametrize("text", ["", BY_DAY])
def test_the_attacker_wins_where_no_other_cell_is_withheld(project: Project, monkeypatch: pytest.MonkeyPatch, text: str):
    simulated(project, 1, 0.3, 5)
    monkeypatch.setattr(suppression, "complement", lambda *_: set())
    assert attack(nights(project, [UNTIL], text)[0]).won


@pytest.mark.parametrize(("text", "counts"), some(("[privacy]\nwithhold_actions = true\n", True), (BY_DAY, False)))
def test_what_is_published_is_true_and_what_he_infers_holds_the_truth(project: Project, text: str, counts: bool):
    simulated(project, 1, 1, 5)
    told = nights(project, [UNTIL], text)[0]
    truth = nights(project, [UNTIL], "[privacy]\nthreshold = 1\n")[0]
    assert not truth.withheld
    assert all(told.numbers[cell] == truth.numbers[cell] for cell in told.numbers)
    for cell, (low, high) in attack(told, counts=counts).ranges.items():
        assert low <= truth.numbers[cell] <= high, cell


def test_late_rows_tell_nothing_and_leave_no_old_number(project: Project):
    simulated(project, 4, 1, 8)
    first = nights(project, every(often(14, 7), many=36))
    changed = _without_some_posts(project.folder / "testwiki.sqlite")
    later = nights(project, every(often(14, 7), date(2024, 2, 10), 42))
    assert changed
    assert not lost(map(attack, first + later))
    live = later[-1]
    for id in project.releases():
        numbers = read(project.folder / "output" / "releases" / id, "testwiki").numbers
        assert not numbers.keys() & live.withheld
    for line in (project.public / "restatements.csv").read_text().splitlines()[1:]:
        _, dataset, _, _, day, column, *_ = line.split(",")
        assert not [c for c in live.withheld if (c.column, str(c.start)) == (f"{dataset}.{column}", day)]


def _without_some_posts(path: Path) -> int:
    connection = sqlite3.connect(path)
    with connection:
        gone = connection.execute("DELETE FROM flow_revision WHERE rowid % 8 = 0 AND rev_change_type = 'reply'").rowcount
    connection.close()
    return gone


def test_going_back_and_on_again_tells_nothing(project: Project):
    simulated(project, 1, 1, 5)
    copies = nights(project, every(often(14, 7), many=50))
    assert project.generate("rollback").code == 0
    copies += nights(project, every(7, date(2024, 2, 24), 20))
    assert not lost([attack(together(copies)), attack(kept(project))])


def test_a_real_wiki_is_not_told(project: Project):
    real = REAL_WIKIS / "sqlitewiki/sqlitewiki.sqlite.gz"
    (project.folder / "sqlitewiki.sqlite").write_bytes(gzip.decompress(real.read_bytes()))
    project.settings("", "2023-01-05T12:00:00Z", wikis=("sqlitewiki",), grains=GRAINS)
    assert project.generate("run", *DATASETS).code == 0
    found = attack(read(project.public, "sqlitewiki"))
    assert found.ranges
    assert not found.won

"""``rollback --hold`` until ``release``, and what is held back over rollbacks, retirements and dry runs."""

from __future__ import annotations

import json

import pytest

from tests.support.project import Project
from tests.support.settled import raise_january, rows


@pytest.fixture
def two(few: Project) -> Project:
    """A project of two releases, and a new month."""
    few.settings(now="2024-02-02T12:00:00Z", grains='["month"]')
    assert few.generate("run").code == 0
    few.settings(now="2024-03-02T12:00:00Z", grains='["month"]')
    assert few.generate("run").code == 0
    few.settings(now="2024-04-02T12:00:00Z", grains='["month"]')
    return few


def test_no_run_publishes_until_release_and_what_was_computed_is_kept(two: Project):
    assert two.generate("rollback", "--hold").code == 0
    before = two.published()
    first = two.generate("run")
    line = "held back: publishing is on hold since 2024-04-02 12:00, and what is computed is kept; go on with: generate.py release"
    assert (first.code, line in first.err.splitlines()) == (4, True)
    assert "5 CSVs brought up to date" in first.err
    second = two.generate("run")
    assert (second.code, line in second.err.splitlines(), "brought up to date" in second.err) == (4, True, False)
    assert two.published() == before
    assert two.status()["exit_code"] == 4
    assert line in two.generate("run", "--dry-run").err.splitlines()
    assert "hold: publishing is on hold since 2024-04-02 12:00" in two.generate("doctor").out
    assert "publishing is on hold since 2024-04-02 12:00" in two.generate("status").out + two.generate("status").err
    assert two.generate("release").code == 0
    third = two.generate("run")
    assert (third.code, "brought up to date" in third.err) == (0, False), "all was computed on hold"
    assert rows(two, "talk_edits").keys() == {"2024-01-01", "2024-02-01", "2024-03-01"}


def test_nothing_is_retired_while_publishing_is_on_hold(two: Project):
    assert two.generate("rollback", "--hold").code == 0
    before = two.published()
    said = two.generate("retire", "new_topics")
    assert (said.code, "nothing is retired: publishing is on hold" in said.one_line()) == (4, True)
    assert two.published() == before


def test_a_damaged_hold_holds_and_without_one_there_is_nothing_to_release(two: Project):
    assert two.generate("release").code == 2
    (two.folder / "output/hold.json").write_text("{")
    assert two.generate("run").code == 4
    assert two.generate("release").code == 0
    assert two.generate("run").code == 0


def test_a_rollback_after_accepting_does_not_forget_what_was_held(january: Project):
    raise_january(january, 1000)
    assert january.generate("run", "mine", "--again").code == 4
    old = rows(january, "mine")["2024-01-01"]
    assert january.generate("run", "--accept", "mine").code == 0
    assert january.generate("run").code == 0
    assert january.generate("rollback").code == 0
    assert rows(january, "mine")["2024-01-01"] == old
    said = january.generate("run")
    assert (said.code, "held back: mine, testwiki, month: 2024-01-01: n of 1 published month rises" in said.err) == (4, True)
    assert rows(january, "mine")["2024-01-01"] == old
    assert january.generate("run", "--accept", "mine").code == 0
    assert json.loads((january.folder / "output/held.json").read_text()) == []


def test_what_was_held_and_mended_is_forgotten_after_a_rollback_once_it_is_compared(january: Project):
    raise_january(january, 1000)
    assert january.generate("run", "mine", "--again").code == 4
    assert january.generate("run", "--accept", "mine").code == 0
    raise_january(january, -1000)
    assert january.generate("rollback").code == 0
    assert january.generate("run").code == 0
    assert january.generate("run").err.splitlines()[-1] == "Nothing to do: everything is up to date."


def test_retiring_another_keeps_the_exit_code_of_what_is_held_in_the_status(january: Project):
    raise_january(january, 1000)
    assert january.generate("run", "--again").code == 4
    assert january.generate("retire", "new_topics").code == 0
    assert january.status()["exit_code"] == 4
    assert january.generate("retire", "mine").code == 0
    assert january.status()["exit_code"] == 0
    assert json.loads((january.folder / "output/held.json").read_text()) == []


def test_a_dry_run_says_what_is_held_since_earlier_runs(january: Project):
    raise_january(january, 1000)
    assert january.generate("run", "mine", "--again").code == 4
    said = january.generate("run", "--dry-run")
    assert (said.code, "held back: mine, testwiki, month: 2024-01-01: n of 1 published month rises" in said.err) == (4, True)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"x": 3}', '{"20240101T000000Z": [{"dataset": 1}]}'])
def test_a_damaged_memory_of_what_was_held_is_as_none(january: Project, text: str):
    (january.folder / "output/held-before.json").write_text(text)
    raise_january(january, 1000)
    assert january.generate("run", "mine", "--again").code == 4
    assert january.generate("run").code == 4

"""A clock that was set back: nothing is lost, nothing is published that is not over by it, and all is well when it is right again."""

from __future__ import annotations

import pytest

from tests.support.few import assert_whole, numbers, undisturbed
from tests.support.project import Project

RIGHT, LATER = "2024-03-12T12:00:00Z", "2024-04-01T12:00:00Z"


@pytest.mark.parametrize("wrong", ["2024-03-12T11:00:00Z", "2024-02-10T00:00:00Z", "2023-12-31T00:00:00Z", "1990-01-02T00:00:00Z"])
def test_a_clock_that_was_set_back_loses_and_invents_nothing(few: Project, wrong: str):
    few.settings(now=RIGHT)
    few.generate("run")
    before = numbers(few)
    few.settings(now=wrong)
    said = few.generate("run")
    assert said.code == 0, said.err
    assert_whole(few)
    assert numbers(few) == before
    assert few.generate("run").code == 0
    for now in (RIGHT, LATER):
        few.settings(now=now)
        assert few.generate("run").code == 0
        assert_whole(few)
        assert numbers(few) == undisturbed(few)
        (few.folder / "undisturbed").rename(few.folder / f"undisturbed-{now[:10]}")


def test_a_first_run_with_a_clock_set_back_publishes_only_what_is_over_by_it(few: Project):
    few.settings(now="2024-02-10T12:00:00Z")
    few.generate("run")
    months = few.published()["datafiles/testwiki/month/talk_edits.csv"].decode().splitlines()[1:]
    assert [line[:10] for line in months] == ["2024-01-01"]

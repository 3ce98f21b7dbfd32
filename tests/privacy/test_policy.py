"""The rules: of two thresholds the larger holds, and people are published by week and month."""

from __future__ import annotations

from flow.datasets.column import Count, People, Share
from flow.datasets.dataset import Dataset
from flow.datasets.period import Grain
from flow.privacy.policy import Policy, Rules

EDITS, EDITORS = Count("edits", "Edits"), People("editors", "Editors")
MADE = Dataset(title="Made", id="made", columns=[EDITS, EDITORS, Share("new", "New", of=["editors"])])


def test_of_two_thresholds_the_larger_holds():
    policy = Policy(Rules(5), {"a": {"threshold": 3}, "b": {"threshold": 12}}, {"made": {"threshold": 8}})
    assert [policy.rules(wiki, "made").threshold for wiki in "abc"] == [8, 12, 8]
    assert [policy.rules(wiki, "other").threshold for wiki in "abc"] == [3, 12, 5]


def test_people_and_what_is_made_from_them_are_published_by_day_only_where_asked_for():
    assert [column.id for column in Rules().columns(MADE, Grain.DAY)] == ["edits"]
    assert [column.id for column in Rules().columns(MADE, Grain.WEEK)] == ["edits", "editors", "new"]
    assert len(Rules(people_by_day=True).columns(MADE, Grain.DAY)) == 3


def test_actions_are_sensitive_only_where_asked_for():
    assert not Rules().is_sensitive(EDITS)
    assert Rules(withhold_actions=True).is_sensitive(EDITS)
    assert not Rules(withhold_actions=True).is_published(EDITS, Grain.DAY)


def test_the_stamp_changes_with_what_is_withheld():
    stamps = [Rules(), Rules(7), Rules(1), Rules(withhold_actions=True)]
    assert [rules.stamp(MADE, Grain.DAY) for rules in stamps[:3]] == ["-1", "-1", ""]
    assert len({rules.stamp(MADE, Grain.WEEK) for rules in stamps[:3]}) == 3

"""What was left the longest comes first, and inputs come before what is made from them."""

from __future__ import annotations

from flow.datasets.period import Grain
from flow.pipeline.plan import Due
from flow.pipeline.turns import in_turn
from flow.shelf.entry import Key


def key(dataset: str) -> Key:
    return Key(dataset, "w", Grain.MONTH)


def turns(*ids: str, **last: str) -> list[str]:
    inputs = {"sum": ["a", "b"], "more": ["sum"]}
    due = [Due(key(id), {}) for id in ids]
    found = in_turn(due, {key(id): at for id, at in last.items()}, lambda each: map(key, inputs.get(each.dataset, [])))
    return [each.key.dataset for each in found]


def test_without_a_past_the_order_stays():
    assert turns("a", "b", "c") == ["a", "b", "c"]


def test_what_never_succeeded_comes_first_and_the_latest_success_last():
    assert turns("a", "b", "c", a="2024-01-02", b="2024-01-01") == ["c", "b", "a"]


def test_inputs_that_are_due_come_before_what_they_make():
    assert turns("a", "b", "sum", "more", a="2024-01-09", b="2024-01-02") == ["a", "b", "sum", "more"]
    assert turns("a", "sum", a="2024-01-09") == ["a", "sum"]

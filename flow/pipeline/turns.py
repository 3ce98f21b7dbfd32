"""Whose turn it is first: what was left the longest, so that a budget starves nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from flow.pipeline.plan import Due
from flow.shelf.entry import Key


def in_turn(due: Iterable[Due], last: Mapping[Key, str], inputs: Callable[[Key], Iterable[Key]]) -> list[Due]:
    """``due`` in the order of the ``last`` success of each, what never had one first; but inputs before what they make."""
    waiting = {each.key: each for each in due}
    found: dict[Key, Due] = {}

    def take(key: Key) -> None:
        if key in waiting and key not in found:
            for input in inputs(key):
                take(input)
            found[key] = waiting[key]

    for key in sorted(waiting, key=lambda key: last.get(key, "")):
        take(key)
    return list(found.values())

"""What was held back while each release was live: ``held-before.json``, so that going back to one forgets nothing."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable

from flow.publication import held
from flow.publication.held import Held
from flow.shelf.entry import Key

FILE = "held-before.json"
#: What the id of an old release gets each time that it is replaced by one that withholds more.
MARK = "w"


def add(text: str, release: str, ids: Collection[str], all: Iterable[Held]) -> str:
    """The file ``text`` with what is held while ``release`` is live, and without releases that are not in ``ids``."""
    kept = {id.rstrip(MARK) for id in (*ids, release)}
    found = {id: each for id, each in _parse(text).items() if id in kept}
    name = release.rstrip(MARK)
    found[name] = join([*found.get(name, {}).values(), *all])
    return json.dumps({id: json.loads(held.render(each.values())) for id, each in found.items()}, indent=1) + "\n"


def since(text: str, release: str) -> list[Held]:
    """What was held while ``release`` or a later one was live."""
    return [each for id, all in _parse(text).items() if id >= release.rstrip(MARK) for each in all.values()]


def join(all: Iterable[Held]) -> dict[Key, Held]:
    """What is held back of each CSV, for all reasons."""
    found: dict[Key, Held] = {}
    for each in all:
        found[each.key] = found[each.key].joined_with_reason(each) if each.key in found else each
    return found


def _parse(text: str) -> dict[str, dict[Key, Held]]:
    """What ``add`` wrote; nothing of a text that it would not have written."""
    try:
        return {str(id): held.parse(json.dumps(all)) for id, all in json.loads(text).items()}
    except (ValueError, AttributeError, RecursionError):
        return {}

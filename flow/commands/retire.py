"""``retire``: take CSVs of wikis or datasets out of what is published."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from flow import terminal
from flow.datasets.period import Grain
from flow.errors import UsageError
from flow.pipeline.run import Run
from flow.pipeline.vanishing import gone
from flow.shelf.entry import Key


def retire(job: Run, ids: Sequence[str], grain: Grain | None) -> int:
    """Publishes a release without the CSVs of ``ids`` and prints each; says which the next run would make again."""
    if not ids and grain is None:
        raise UsageError("name a wiki, a dataset or a --grain to retire")
    outcome, keys = job.retire(lambda published: select(published, ids, grain))
    if outcome.release:
        for key in keys:
            print(f"retired: {key}")
        _warn(job, keys)
    terminal.aside(outcome.summary(job.settings.output.folder))
    return outcome.exit_code


def select(published: Sequence[Key], ids: Sequence[str], grain: Grain | None) -> list[Key]:
    """Those of the ``published`` CSVs that are of a wiki or dataset in ``ids``, or of any if it is empty, and of ``grain``.

    Raises UsageError for an id of which nothing is published, and if nothing would be left.
    """
    for id in ids:
        _check(published, id, grain)
    named = [key for key in published if not ids or {key.wiki, key.dataset} & {*ids}]
    found = sorted(key for key in named if grain in (None, key.grain))
    if not found:
        raise UsageError(f"nothing is published by {grain}; there is {', '.join(sorted({key.grain for key in published}))}")
    if len(found) == len(published):
        raise UsageError("nothing would be left; remove the output folder instead, if that is meant")
    return found


def _check(published: Sequence[Key], id: str, grain: Grain | None) -> None:
    of_id = [key for key in published if id in (key.wiki, key.dataset)]
    if not of_id:
        known = sorted({key.wiki for key in published} | {key.dataset for key in published})
        near = difflib.get_close_matches(id, known, 1)
        hint = f"did you mean '{near[0]}'?" if near else f"there is {', '.join(known) or 'none'}"
        raise UsageError(f"nothing of '{id}' is published; {hint}")
    if grain and not any(key.grain is grain for key in of_id):
        raise UsageError(f"nothing of {id} is published by {grain}; there is {', '.join(sorted({key.grain for key in of_id}))}")


def _warn(job: Run, keys: Sequence[Key]) -> None:
    """Says which of ``keys`` the settings and query scripts still make."""
    again = {key.dataset for key in keys} - {key.dataset for key in gone(keys, job.catalog, job.settings)}
    if again:
        made = f"queries still make {', '.join(sorted(again))}"
        terminal.aside(f"{made}: the next run publishes it again, unless its script or its setting goes")

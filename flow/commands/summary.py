"""The status in a few lines: how many CSVs are current, and what is not, grouped where it is the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from flow.datasets.period import Grain
from flow.publication import remedies
from flow.publication.held import Held
from flow.publication.status import Freshness
from flow.shelf.entry import Key

HELD = "HeldBack"
#: What comes first: the worst.
ORDER = ("failed", "held back", "waits", "behind")


def lines(found: Mapping[Key, Freshness], back: Mapping[Key, Held], at: datetime, exit_code: int, on_hold: str) -> Iterator[str]:
    """The headline, then the problems, the worst first, and once what to do about what is held back."""
    states = {key: describe_state(each, back.get(key)) for key, each in found.items()}
    states |= {key: f"behind: only through {each.through}" for key, each in _behind(found, states).items()}
    problems = {key: state for key, state in states.items() if state != "fine"}
    yield f"{_headline(found, problems)}; last run {at:%Y-%m-%d %H:%M}, exit code {exit_code}"
    if on_hold:
        yield f"held back: {on_hold}"
    yield from _grouped(problems)
    remedy = remedies.describe(back.values())
    if remedy:
        yield remedy


def describe_minute(instant: str | None) -> str:
    """A time to the minute."""
    return "never" if instant is None else instant[:16].replace("T", " ")


def describe_state(each: Freshness, back: Held | None) -> str:
    """Whether a CSV is fine, and if not, why and since when."""
    if each.failed and each.failed.kind == HELD:
        return f"held back since {describe_minute(each.failed.since)}: {back.why if back else each.failed.message}"
    if each.failed:
        return f"failed since {describe_minute(each.failed.since)}: {each.failed.kind}: {each.failed.message}"
    if back:
        return f"held back: {back.why}"
    return f"waits: {each.waits}" if each.waits else "fine"


def _behind(found: Mapping[Key, Freshness], states: Mapping[Key, str]) -> dict[Key, Freshness]:
    """The CSVs that end before others of their grain, though nothing is known to be wrong."""
    newest = _through(found.values())
    return {key: each for key, each in found.items() if states[key] == "fine" and (each.through or "") < newest[key.grain]}


def _through(all: Iterable[Freshness]) -> dict[str, str]:
    """The last day that any CSV of a grain holds."""
    newest: dict[str, str] = {}
    for each in all:
        newest[each.grain] = max(newest.get(each.grain, ""), each.through or "")
    return newest


def _headline(found: Mapping[Key, Freshness], problems: Mapping[Key, str]) -> str:
    newest = _through(found.values())
    through = ", ".join(f"{grain}s through {newest[grain]}" for grain in Grain if newest.get(grain))
    kinds = [_kind(state) for state in problems.values()]
    counts = "".join(f", {kinds.count(kind)} {kind}" for kind in ORDER if kind in kinds)
    current = len(found) - len(problems)
    return f"{current} of {len(found)} CSVs current{f' ({through})' if through else ''}{counts}"


def _kind(state: str) -> str:
    return next(kind for kind in ORDER if state.startswith(kind))


def _grouped(problems: Mapping[Key, str]) -> Iterator[str]:
    same: defaultdict[str, list[Key]] = defaultdict(list)
    for key, state in problems.items():
        same[state].append(key)
    for state, keys in sorted(same.items(), key=lambda item: (ORDER.index(_kind(item[0])), item[0])):
        kind = _kind(state)
        for what in group(keys):
            yield f"{kind}: {what}: {state.removeprefix(kind).lstrip(': ')}"


def group(keys: Iterable[Key]) -> list[str]:
    """``keys`` as datasets x wikis x grains, as few as there can be."""
    by_csv: defaultdict[tuple[str, str], list[Grain]] = defaultdict(list)
    for key in keys:
        by_csv[key.dataset, key.wiki].append(key.grain)
    by_dataset: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for (dataset, wiki), grains in sorted(by_csv.items()):
        by_dataset[dataset, ", ".join(grain for grain in Grain if grain in grains)].append(wiki)
    by_place: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for (dataset, grains_said), wikis in by_dataset.items():
        by_place[", ".join(wikis), grains_said].append(dataset)
    return [f"{', '.join(datasets)}; {wikis}; {grains_said}" for (wikis, grains_said), datasets in by_place.items()]

"""The dashboard of ``reportcard.json``: a headline and tabs, each naming datasets."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flow.errors import HeldBack

#: What Limn can open as a tab; it turns the name into an address. Source: limn-contract, Dashboard.
TAB_NAME = re.compile(r"[^\W_][\w -]*")


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab's name and the ids of the datasets it shows."""

    name: str
    datasets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """A dashboard as it is written by hand, for all wikis and grains."""

    headline: str
    subhead: str
    tabs: tuple[Tab, ...]


def read(path: Path, datasets: Collection[str]) -> Board:
    """The board in the file ``path``. Raises HeldBack with all that is wrong with it."""
    try:
        content = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise HeldBack(f"{path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise HeldBack(f"{path}: no valid JSON: {error}") from error
    found = faults(content, datasets)
    if found:
        raise HeldBack(f"{path}: {'; '.join(found)}")
    tabs = tuple(Tab(tab["name"], tuple(tab["graph_ids"])) for tab in content["tabs"])
    return Board(content.get("headline", ""), content.get("subhead", ""), tabs)


def faults(content: Any, datasets: Collection[str]) -> list[str]:
    """What Limn, or the reader, could not make of a dashboard; each a phrase for a person."""
    if not isinstance(content, dict):
        return ["it is not an object"]
    found = [] if content.get("id") == "reportcard" else [f"its id must be 'reportcard', not {content.get('id')!r}"]
    found += [f"{key} must be text" for key in ("headline", "subhead") if not _is_text(content.get(key, ""))]
    tabs = content.get("tabs")
    if not isinstance(tabs, list) or not tabs:
        return [*found, "it has no tabs, which is a blank page to Limn"]
    names = [tab["name"] for tab in tabs if isinstance(tab, dict) and isinstance(tab.get("name"), str)]
    found += [f"two tabs are called {name!r}" for name in dict.fromkeys(names) if names.count(name) > 1]
    return found + [fault for tab in tabs for fault in _tab_faults(tab, datasets)]


def _is_text(value: Any) -> bool:
    """Whether it is text that UTF-8 can carry; JSON can name half characters."""
    return isinstance(value, str) and value == value.encode("utf-8", "ignore").decode()


def _tab_faults(tab: Any, datasets: Collection[str]) -> list[str]:
    if not isinstance(tab, dict) or not isinstance(tab.get("name"), str):
        return ["a tab has no name"]
    name = tab["name"]
    found = []
    if not TAB_NAME.fullmatch(name):
        found.append(f"tab '{name}': Limn can open letters, digits, space, _ and - only")
    ids = tab.get("graph_ids")
    if not isinstance(ids, list) or not ids:
        return [*found, f"tab '{name}' names no dataset in graph_ids"]
    return found + [f"tab '{name}' names '{id}', which is no dataset" for id in ids if id not in list(datasets)]

"""The dashboards: ``reportcard.json``, which opens first, and others beside it; each a headline and tabs that name datasets."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flow.errors import HeldBack

#: What Limn can open as a tab; it turns the name into an address. Source: limn-contract, Dashboard.
TAB_NAME = re.compile(r"[^\W_][\w -]*")
#: Without ``-`` and capitals, so that an id with a wiki and a grain behind it is nobody else's to Limn.
BOARD_ID = re.compile(r"[a-z][a-z0-9_]*")
#: The dashboard that Limn opens.
FIRST = "reportcard"
#: The folder of the others, beside it.
FOLDER = "dashboards"


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
    id: str = FIRST


def read_all(reportcard: Path, datasets: Collection[str]) -> list[Board]:
    """The dashboard ``reportcard`` and those beside it. Raises HeldBack with all that is wrong with any of them."""
    boards, found = [], []
    for path in [reportcard, *sorted((reportcard.parent / FOLDER).glob("*.json"))]:
        try:
            boards.append(read(path, datasets, path.stem if path != reportcard else FIRST))
        except HeldBack as error:
            found.append(str(error))
    if found:
        raise HeldBack("; ".join(found))
    return boards


def read(path: Path, datasets: Collection[str], id: str = FIRST) -> Board:
    """The board ``id`` in the file ``path``. Raises HeldBack with all that is wrong with it."""
    if path.parent.name == FOLDER and (id == FIRST or not BOARD_ID.fullmatch(id)):
        raise HeldBack(f"{path}: its name must be lower-case letters, digits and _, and not {FIRST}; rename it")
    try:
        content = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise HeldBack(f"{path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise HeldBack(f"{path}: no valid JSON: {error}") from error
    found = faults(content, datasets, id)
    if found:
        raise HeldBack(f"{path}: {'; '.join(found)}")
    tabs = tuple(Tab(tab["name"], tuple(tab["graph_ids"])) for tab in content["tabs"])
    return Board(content.get("headline", ""), content.get("subhead", ""), tabs, id)


def faults(content: Any, datasets: Collection[str], id: str = FIRST) -> list[str]:
    """What Limn, or the reader, could not make of a dashboard; each a phrase for a person."""
    if not isinstance(content, dict):
        return ["it is not an object"]
    found = [] if content.get("id") == id else [f"its id must be '{id}', not {content.get('id')!r}"]
    found += [f"{key} must be text" for key in ("headline", "subhead") if not _is_text(content.get(key, ""))]
    tabs = content.get("tabs")
    if not isinstance(tabs, list) or not tabs:
        return [*found, "it has no tabs, which is a blank page to Limn"]
    names = [tab["name"] for tab in tabs if isinstance(tab, dict) and isinstance(tab.get("name"), str)]
    found += [f"two tabs are called {name!r}, or nearly so" for name in same_names(names)]
    return found + [fault for tab in tabs for fault in _tab_faults(tab, datasets)]


def same_names(names: Sequence[str]) -> list[str]:
    """The names of tabs that open the tab of an earlier one: to Limn case is nothing, and blank, ``-`` and ``_`` are one."""
    keys = [re.sub(r"[ _-]+", "_", name.lower()) for name in names]
    return [name for place, name in enumerate(names) if keys[place] in keys[:place]]


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

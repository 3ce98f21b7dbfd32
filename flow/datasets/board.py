"""The dashboards: ``reportcard.json``, which opens first, and others beside it; each a headline and tabs that name graphs."""

from __future__ import annotations

import difflib
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
    """A tab's name and the graphs it shows: ``<dataset>``, or ``<dataset>_<graph>`` for one beside the first."""

    name: str
    graphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """A dashboard as it is written by hand, for all wikis and grains."""

    headline: str
    subhead: str
    tabs: tuple[Tab, ...]
    id: str = FIRST


def read_all(reportcard: Path, graphs: Collection[str], broken: Collection[str] = ()) -> list[Board]:
    """The dashboard ``reportcard`` and those beside it. Raises HeldBack with all that is wrong with any of them.

    ``graphs``: all that there are. ``broken``: the datasets of which it is not known which graphs they have.
    """
    boards, found = [], []
    for path in [reportcard, *sorted((reportcard.parent / FOLDER).glob("*.json"))]:
        try:
            boards.append(read(path, graphs, path.stem if path != reportcard else FIRST, broken))
        except HeldBack as error:
            found.append(str(error))
    if found:
        raise HeldBack("; ".join(found))
    return boards


def read(path: Path, graphs: Collection[str], id: str = FIRST, broken: Collection[str] = ()) -> Board:
    """The board ``id`` in the file ``path``. Raises HeldBack with all that is wrong with it."""
    if path.parent.name == FOLDER and (id == FIRST or not BOARD_ID.fullmatch(id)):
        raise HeldBack(f"{path}: its name must be lower-case letters, digits and _, and not {FIRST}; rename it")
    try:
        content = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise HeldBack(f"{path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise HeldBack(f"{path}: no valid JSON: {error}") from error
    found = faults(content, graphs, id, broken)
    if found:
        raise HeldBack(f"{path}: {'; '.join(found)}")
    tabs = tuple(Tab(tab["name"], tuple(tab["graph_ids"])) for tab in content["tabs"])
    return Board(content.get("headline", ""), content.get("subhead", ""), tabs, id)


def faults(content: Any, graphs: Collection[str], id: str = FIRST, broken: Collection[str] = ()) -> list[str]:
    """What Limn, or the reader, could not make of a dashboard; each a phrase for a person."""
    if not isinstance(content, dict):
        return ["it is not an object"]
    found = [] if content.get("id") == id else [f"its id must be '{id}', not {content.get('id')!r}"]
    found += [f"{key} must be text" for key in ("headline", "subhead") if not _is_text(content.get(key, ""))]
    tabs = content.get("tabs")
    if not isinstance(tabs, list) or not tabs:
        return [*found, "it has no tabs, which is a blank page to Limn"]
    names = [tab["name"] for tab in tabs if isinstance(tab, dict) and isinstance(tab.get("name"), str)]
    found += [same_tab(*pair) for pair in same_names(names)]
    return found + [fault for tab in tabs for fault in _tab_faults(tab, graphs, broken)]


def same_names(names: Sequence[str]) -> list[tuple[str, str]]:
    """The names of tabs that open the tab of an earlier one, each with that one's: to Limn case is nothing, and blank, ``-`` and
    ``_`` are one.
    """
    keys = [re.sub(r"[ _-]+", "_", name.strip().lower()) for name in names]
    return [(names[keys.index(key)], names[place]) for place, key in enumerate(keys) if key in keys[:place]]


def same_tab(first: str, second: str) -> str:
    """What is wrong with two tabs whose names are ``same_names``."""
    return f"tabs '{first}' and '{second}' are one to Limn, which would show the first's graphs under both; rename one"


def _is_text(value: Any) -> bool:
    """Whether it is text that UTF-8 can carry; JSON can name half characters."""
    return isinstance(value, str) and value == value.encode("utf-8", "ignore").decode()


def _tab_faults(tab: Any, graphs: Collection[str], broken: Collection[str]) -> list[str]:
    if not isinstance(tab, dict) or not isinstance(tab.get("name"), str):
        return ["a tab has no name"]
    name = tab["name"]
    found = []
    if not TAB_NAME.fullmatch(name):
        found.append(f"tab '{name}': Limn can open letters, digits, space, _ and - only")
    ids = tab.get("graph_ids")
    if not isinstance(ids, list) or not ids:
        return [*found, f"tab '{name}' names no graph in graph_ids"]
    lost = [id for id in ids if id not in list(graphs) and not str(id).startswith(tuple(f"{each}_" for each in broken))]
    return found + [f"tab '{name}' names '{id}', which is no dataset and no graph of one{_meant(id, graphs)}" for id in lost]


def _meant(id: Any, graphs: Collection[str]) -> str:
    found = difflib.get_close_matches(str(id), list(graphs), 1)
    return f"; did you mean '{found[0]}'?" if found else ""

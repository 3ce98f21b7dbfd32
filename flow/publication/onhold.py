"""Whether a person has put publishing on hold: ``hold.json``, beside the releases, from ``rollback --hold`` until ``release``."""

from __future__ import annotations

import json
from datetime import datetime

from flow.publication.status import text_of
from flow.shelf import Shelf

FILE = "hold.json"
LIFT = "generate.py release"


def put(shelf: Shelf, now: datetime) -> None:
    """Puts publishing on hold."""
    shelf.put_beside(FILE, json.dumps({"since": text_of(now)}) + "\n")


def describe(text: str) -> str:
    """That publishing is on hold, since when, and until what; ``text`` is that of the file. Empty where there is none.

    A damaged file holds, too.
    """
    if not text:
        return ""
    return f"publishing is on hold {_since(text)}, and what is computed is kept; go on with: {LIFT}"


def _since(text: str) -> str:
    try:
        since = datetime.fromisoformat(json.loads(text)["since"])
        return f"since {since:%Y-%m-%d %H:%M}"
    except (ValueError, KeyError, TypeError, RecursionError):
        return "by a damaged hold.json"

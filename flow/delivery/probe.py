"""Asks the dashboard for what was just published, as a reader's browser would."""

from __future__ import annotations

from collections.abc import Collection
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

from flow.delivery.release import Release
from flow.errors import HeldBack
from flow.shelf.entry import Key

SECONDS = 10
NO_CSV = "status {} came; make the web server serve the target's datafiles under this address"


def probe(address: str, limn_name: str, release: Release, changed: Collection[Key]) -> int:
    """Asks for one CSV of each wiki and grain, one that has ``changed`` where there is any; gives how many.

    Raises HeldBack with the first that does not come as it was published. Limn answers 200 with a web page for what it
    does not find, so that the status alone tells nothing.
    """
    asked = one_each(release.manifest.entries, changed)
    for key in asked:
        path = quote(f"{limn_name}/{key.wiki}/{key.grain}/{key.dataset}.csv")
        _ask(f"{address}/data/datafiles/{path}", (release.folder / key.path).read_bytes())
    return len(asked)


def one_each(keys: Collection[Key], changed: Collection[Key]) -> list[Key]:
    """One key of each wiki and grain: the first that has changed, else the first."""
    found: dict[tuple[str, str], Key] = {}
    for key in [*sorted(key for key in keys if key in changed), *sorted(keys)]:
        found.setdefault((key.wiki, key.grain), key)
    return sorted(found.values())


def _ask(url: str, expected: bytes) -> None:
    request = Request(url, headers={"User-Agent": "limn-flow-data", "Cache-Control": "no-cache"})
    try:
        with urlopen(request, timeout=SECONDS) as answer:
            fault = _fault(answer.status, answer.read(len(expected) + 1), expected)
    except HTTPError as error:
        error.close()
        fault = NO_CSV.format(error.code)
    except (OSError, HTTPException, ValueError) as error:
        fault = f"no answer came: {getattr(error, 'reason', None) or error}; see that the web server runs, and the target's url"
    if fault:
        raise HeldBack(f"{url}: {fault}")


def _fault(status: int, came: bytes, expected: bytes) -> str:
    if status != 200:
        return NO_CSV.format(status)
    if came.lstrip().startswith(b"<"):
        return "a web page came, as Limn answers for what it does not find; see that its data folder is the target's public"
    if came != expected:
        return "other bytes came than were published; see that it is the target's public that is served, and no old copy"
    return ""

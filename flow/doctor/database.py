"""Judges a database by what it says of itself."""

from __future__ import annotations

import math
from collections.abc import Iterator

from flow.doctor.finding import Finding, fail, ok, warn
from flow.engines.examination import Examination
from flow.wiki.generation import generation
from flow.wiki.indexes import lacking
from flow.wiki.schema import Kind, Profile

MOST_SECONDS_OFF = 60
#: Some lag is a replica's daily bread; hours of it are not.
MOST_SECONDS_BEHIND = 600

TO_TELL = "if it is a replica, GRANT REPLICA MONITOR (on MySQL REPLICATION CLIENT) or show it a heartbeat table"

UTC_ZONES = ("+00:00", "UTC")


def of_server(where: str, found: Examination, behind: float | None) -> Iterator[Finding]:
    """The account; and the clock, the time zone and the replication, which a file has not."""
    yield _account(where, found.writes)
    if found.seconds_ahead is not None:
        yield _clock(f"{where}: clock", found.seconds_ahead)
    if found.zone is not None:
        yield _zone(f"{where}: time zone", found.zone)
        yield _lag(f"{where}: replication", behind)


def _account(where: str, writes: tuple[str, ...]) -> Finding:
    if not writes:
        return ok(f"{where}: account", "it may only read")
    what = f"the account can write: {', '.join(writes)}"
    return warn(f"{where}: account", what, "everything is opened read-only all the same; use an account that may only read")


def _clock(where: str, ahead: float) -> Finding:
    what = f"{abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} this machine's"
    if abs(ahead) < MOST_SECONDS_OFF:
        return ok(where, what)
    return warn(where, what, "set both by NTP: whether a period is over is what by this machine's")


def _zone(where: str, zone: str) -> Finding:
    if zone in UTC_ZONES:
        return ok(where, f"the session is in UTC ({zone})")
    return fail(where, f"the session is in {zone}, not UTC", "let the account set its session's time_zone")


def _lag(where: str, behind: float | None) -> Finding:
    if behind is None:
        return ok(where, f"nothing that this account may read tells of any lag; {TO_TELL}")
    if math.isinf(behind):
        return fail(where, "it has stopped", "mend it on the server: what is newer than its stop would be missing from numbers")
    what = f"{behind:.0f} s behind the primary"
    if behind < MOST_SECONDS_BEHIND:
        return ok(where, what)
    return warn(where, what, "wait, or ask those who run the server")


def of_tables(where: str, kind: Kind, profile: Profile, found: Examination) -> Iterator[Finding]:
    """The schema's age, and the indexes that queries need, of a wiki whose tables are all there."""
    yield ok(f"{where}: tables", f"all there; {generation(kind, profile)}")
    hidden = sorted(found.views & profile.tables.keys())
    if hidden:
        yield ok(f"{where}: indexes", f"{len(hidden)} of {len(profile.tables)} tables are views, whose indexes cannot be seen")
    seen = frozenset(profile.tables.keys() - found.views)
    missing = lacking(kind, seen, found.indexes)
    if missing:
        what = f"none that begins with {', '.join(missing)}"
        yield warn(f"{where}: indexes", what, "each look-up reads the whole table; run MediaWiki's update.php, or create it")
    elif seen:
        yield ok(f"{where}: indexes", "all that queries need are there")

"""The floor: all rows that the datasets need, read once and thrown away, which no way to count them can beat."""

from __future__ import annotations

import sys
from typing import Any

from benchmarks.databases import Database
from benchmarks.measure import Measured, measured, summed_up
from benchmarks.wiki import DAYS
from flow.datasets.period import midnight
from flow.wiki.stamps import epoch_seconds, flow_id, timestamp

TALK = """
SELECT rev_id, rev_timestamp, rev_actor, rev_parent_id, rev_sha1, page_namespace, page_title
  FROM revision
  JOIN page ON page_id = rev_page
 WHERE rev_timestamp >= '{start}' AND rev_timestamp < '{end}'"""

FLOW = """
SELECT rev_id, rev_type, rev_type_id, rev_user_id, rev_user_ip, rev_user_wiki, rev_parent_id, rev_change_type, rev_mod_state
  FROM flow_revision
 WHERE rev_id >= x'{start}' AND rev_id < x'{end}'"""


def floor(database: Database, repeat: int) -> dict[str, Any]:
    """``talk`` and ``flow``: time and memory of the client that reads, and of nothing else."""
    return {name: summed_up([_read(database, sql) for _ in range(repeat)]) for name, sql in statements().items()}


def statements() -> dict[str, str]:
    """The two plain SELECTs."""
    start, end = (epoch_seconds(midnight(day)) for day in (DAYS.since, DAYS.until))
    return {
        "talk": TALK.format(start=timestamp(start), end=timestamp(end)),
        "flow": FLOW.format(start=flow_id(start).hex(), end=flow_id(end).hex()),
    }


def _read(database: Database, sql: str) -> Measured:
    if database.engine == "sqlite":
        return measured([sys.executable, "benchmarks/stream.py", str(database.file), sql])
    return measured([*database.client, "--quick", "--batch", f"--execute={sql}"])


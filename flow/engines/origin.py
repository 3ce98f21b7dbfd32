"""The oldest rows of a source, which tell it from all others: what moves or is restored keeps them, another wiki has its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flow.shelf.fingerprint import digest_of_row

if TYPE_CHECKING:
    from flow.engines.source import Source

ROWS = 20
#: The sources whose oldest rows stay and tell them from others.
OWN_ROWS = ("core", "flow")

#: A Flow id holds its time.
WORKFLOWS_SQL = f"""
SELECT HEX(workflow_id) AS id, '' AS at FROM flow_workflow WHERE workflow_wiki = :wiki ORDER BY workflow_id LIMIT {ROWS}
"""
ACCOUNTS_SQL = f"SELECT user_id AS id, user_registration AS at FROM user ORDER BY user_id LIMIT {ROWS}"
#: For wikis whose oldest accounts have no time, as from before 2005.
REVISIONS_SQL = f"SELECT rev_id AS id, rev_timestamp AS at FROM revision ORDER BY rev_id LIMIT {ROWS}"


def oldest_rows(source: Source) -> list[str]:
    """Digests of the ids and times of the first accounts, or workflows, of ``source``. Raises QueryError, Unreachable.

    None of other sources: they forget their oldest rows, as Echo does after some years, and number them alike on all wikis.
    """
    if source.kind == "flow":
        return _digests(source, WORKFLOWS_SQL)
    if source.kind not in OWN_ROWS:
        return []
    accounts = _digests(source, ACCOUNTS_SQL) if source.profile.has("user", "user_registration") else []
    return accounts if 2 * len(accounts) >= ROWS else [*accounts, *_digests(source, REVISIONS_SQL)]


def _digests(source: Source, sql: str) -> list[str]:
    rows = source.engine.read(sql, {"wiki": source.wiki} if ":wiki" in sql else {})
    return [digest_of_row(id, at) for id, at in zip(rows["id"], rows["at"], strict=True) if at is not None]

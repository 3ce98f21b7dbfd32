"""The indexes that queries rely on: without one of them, each look-up reads the whole table."""

from __future__ import annotations

from collections.abc import Mapping

from flow.wiki.schema import Kind

#: The columns that an index must begin with, as the relations in queries/ and the facts about a source look them up.
#: Small tables, such as slot_roles, are read whole and are not here.
NEEDED: dict[Kind, dict[str, tuple[str, ...]]] = {
    "core": {
        "revision": ("rev_id", "rev_timestamp"),
        "archive": ("ar_id", "ar_rev_id"),
        "page": ("page_id",),
        "actor": ("actor_id", "actor_user"),
        "logging": ("log_namespace log_title", "log_page"),
        "slots": ("slot_revision_id slot_role_id",),
        "content": ("content_id",),
        "user": ("user_id", "user_name"),
        "user_groups": ("ug_group",),
        "revision_actor_temp": ("revactor_rev",),
    },
    "flow": {
        "flow_workflow": ("workflow_id",),
        "flow_topic_list": ("topic_id",),
        "flow_revision": ("rev_id", "rev_type rev_type_id", "rev_user_id"),
        "flow_tree_node": ("tree_descendant_id",),
        "flow_tree_revision": ("tree_rev_id", "tree_rev_descendant_id"),
    },
    "echo": {
        "echo_event": ("event_id",),
        "echo_notification": ("notification_event",),
    },
}

Indexes = Mapping[str, tuple[tuple[str, ...], ...]]


def lacking(kind: Kind, tables: frozenset[str], there: Indexes) -> list[str]:
    """``table(column, …)`` for each index that queries need, and those of ``tables`` lack."""
    needed = ((table, columns.split()) for table, each in NEEDED[kind].items() if table in tables for columns in each)
    return [f"{table}({', '.join(columns)})" for table, columns in needed if not _has(there.get(table, ()), columns)]


def _has(indexes: tuple[tuple[str, ...], ...], columns: list[str]) -> bool:
    return any(list(index[: len(columns)]) == columns for index in indexes)

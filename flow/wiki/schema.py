"""Which tables and columns a wiki has, from MediaWiki 1.31 to 1.46, and the SQL that follows from it.

| what | from -> to |
| --- | --- |
| rev_user, rev_user_text (also ar_, log_) | gone in 1.34 to 1.35 |
| revision_actor_temp | 1.31 to 1.38; rev_actor is 0 there |
| revision_comment_temp | 1.30 to 1.40; rev_comment_id is 0 there |
| rev_content_model | gone in 1.35; slots and content tell since |
| ct_tag | gone in 1.33; ct_tag_id and change_tag_def since 1.32 |
| rev_sha1, ar_sha1 | gone in 1.46; content_sha1 tells |
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

#: The name of a source: one set of a wiki's tables, which may be in a database of its own. None is joined but with core.
Kind = str
Prefix = Literal["rev", "ar", "log"]

TABLES = {"rev": "revision", "ar": "archive", "log": "logging"}
REVISION_IDS = {"rev": "revision.rev_id", "ar": "archive.ar_rev_id"}

#: From this length on, a content is no Flow board's stub: its length is 1, and its text has some 40 bytes.
#: Source: Flow, includes/Content/BoardContent.php, getSize; BoardContentHandler.php, serializeContent.
SHORTEST_TOLD = 100

#: What datasets of a source read and every supported version has.
REQUIRED: dict[Kind, dict[str, str]] = {
    "core": {
        "revision": "rev_id rev_page rev_timestamp rev_parent_id",
        "archive": "ar_id ar_rev_id ar_page_id ar_namespace ar_title ar_timestamp ar_parent_id",
        "page": "page_id page_namespace page_title page_content_model",
        "actor": "actor_id actor_user actor_name",
        "logging": "log_id log_type log_timestamp log_namespace log_title log_page",
        "slots": "slot_revision_id slot_role_id slot_content_id",
        "slot_roles": "role_id role_name",
        "content": "content_id content_model content_sha1",
        "content_models": "model_id model_name",
        "user": "user_id user_name",
        "user_groups": "ug_user ug_group",
        "user_former_groups": "ufg_user ufg_group",
    },
    "flow": {
        "flow_workflow": "workflow_id workflow_wiki workflow_type",
        "flow_topic_list": "topic_list_id topic_id",
        "flow_revision": "rev_id rev_type rev_type_id rev_user_id rev_user_ip rev_user_wiki"
        " rev_parent_id rev_change_type rev_mod_state",
        "flow_tree_node": "tree_ancestor_id tree_descendant_id tree_depth",
        "flow_tree_revision": "tree_rev_id tree_rev_descendant_id tree_parent_id tree_orig_user_id tree_orig_user_ip",
    },
    "echo": {
        "echo_event": "event_id event_type event_agent_id",
        "echo_notification": "notification_event notification_user notification_timestamp",
    },
}

#: All sources, in the order in which they are listed.
SOURCES = tuple(REQUIRED)

#: Tables that some versions have and the fragments below ask about.
PROBED: dict[Kind, tuple[str, ...]] = {
    "core": (*REQUIRED["core"], "revision_actor_temp", "revision_comment_temp", "comment", "change_tag", "change_tag_def"),
    "flow": tuple(REQUIRED["flow"]),
    "echo": tuple(REQUIRED["echo"]),
}

OLDEST: dict[Kind, str] = {
    "core": "MediaWiki 1.31 is the oldest that can be read; run its update.php",
    "flow": "the Flow extension of MediaWiki 1.31 is the oldest that can be read",
    "echo": "the Echo extension of MediaWiki 1.31 is the oldest that can be read",
}


@dataclass(frozen=True, slots=True)
class Profile:
    """The columns of each probed table of one wiki's source, and the SQL fragments they lead to."""

    tables: Mapping[str, frozenset[str]]

    def has(self, table: str, column: str | None = None) -> bool:
        """Whether ``table``, and in it ``column``, is there."""
        return table in self.tables and (column is None or column in self.tables[table])

    def missing(self, kind: Kind) -> list[str]:
        """The tables, or else ``table.column``, that datasets of ``kind`` need and this wiki lacks."""
        found = []
        for table, columns in REQUIRED[kind].items():
            absent = [column for column in columns.split() if not self.has(table, column)]
            found += [f"{table}.{column}" for column in absent] if self.has(table) else [table]
        return found

    def join_author(self, prefix: Prefix) -> str:
        """The joins behind ``author_id`` and ``author_name``: ``<prefix>_actor`` is one row of actor, or nulls."""
        table, column, alias = TABLES[prefix], f"{prefix}_actor", f"{prefix}_author"
        key = f"{table}.{column}" if self.has(table, column) else "0"
        joins = ""
        if prefix == "rev" and self.has("revision_actor_temp"):
            joins = "LEFT JOIN revision_actor_temp ON revision_actor_temp.revactor_rev = revision.rev_id\n"
            key = f"COALESCE(revision_actor_temp.revactor_actor, {key})"
        return f"{joins}LEFT JOIN actor AS {alias} ON {alias}.actor_id = {key}"

    def author_id(self, prefix: Prefix) -> str:
        """The user id of who did a row of revision, archive or logging; NULL for an IP user."""
        return self._or_old(prefix, f"{prefix}_author.actor_user", f"{prefix}_user", "0")

    def author_name(self, prefix: Prefix) -> str:
        """The user name, or the address, of who did a row of revision, archive or logging."""
        return self._or_old(prefix, f"{prefix}_author.actor_name", f"{prefix}_user_text", "''")

    def author_key(self, prefix: Prefix) -> str:
        """Something that stands for who did a row of revision, archive or logging, and for nobody else, in all three alike."""
        named = any(self.has(table, f"{each}_user_text") for each, table in TABLES.items())
        return self.author_name(prefix) if named else f"{prefix}_author.actor_id"

    def _or_old(self, prefix: Prefix, new: str, old: str, nobody: str) -> str:
        table = TABLES[prefix]
        return f"COALESCE({new}, NULLIF({table}.{old}, {nobody}))" if self.has(table, old) else new

    def join_comment(self, prefix: Prefix) -> str:
        """The joins behind ``comment_text``: ``<prefix>_comment`` is one row of comment, or nulls."""
        key, joins = f"{prefix}_comment_id", ""
        if prefix == "rev" and self.has("revision_comment_temp"):
            joins = "LEFT JOIN revision_comment_temp ON revision_comment_temp.revcomment_rev = revision.rev_id\n"
            key = "revision_comment_temp.revcomment_comment_id"
            if self.has("revision", "rev_comment_id"):
                key = f"COALESCE({key}, NULLIF(revision.rev_comment_id, 0))"
        return f"{joins}LEFT JOIN comment AS {prefix}_comment ON {prefix}_comment.comment_id = {key}"

    def tagged(self, revision_id: str, tag: str) -> str:
        """The condition that the revision ``revision_id`` bears the change tag ``tag``, itself SQL, such as a bound value."""
        if self.has("change_tag", "ct_tag_id"):
            named = f"ct_tag_id = (SELECT ctd_id FROM change_tag_def WHERE ctd_name = {tag})"
        else:
            named = f"ct_tag = {tag}"
        return f"0 < (SELECT COUNT(*) FROM change_tag WHERE ct_rev_id = {revision_id} AND {named})"

    def join_content(self, prefix: Literal["rev", "ar"]) -> str:
        """The joins to the main slot's content, ``own_content``, and to what ``same_as_parent`` compares it with.

        A content is looked up only where its length leaves open what it is: that of a board, or its parent's.
        """
        has_hashes, has_lengths = self.has("revision", "rev_sha1"), self._has_lengths()
        own = [
            f"LEFT JOIN slots AS own_slot ON own_slot.slot_revision_id = {REVISION_IDS[prefix]}"
            " AND own_slot.slot_role_id = (SELECT role_id FROM slot_roles WHERE role_name = 'main')"
            f"{self._unless_told_by_length(prefix) if has_lengths else ''}",
            "LEFT JOIN content AS own_content ON own_content.content_id = own_slot.slot_content_id",
        ]
        parents = self._parent_rows(prefix) if has_hashes or has_lengths else []
        return "\n".join([*parents, *own, *([] if has_hashes else self._parent_content(prefix))])

    def _has_lengths(self) -> bool:
        return self.has("revision", "rev_len") and self.has("archive", "ar_len")

    def _unless_told_by_length(self, prefix: str) -> str:
        length, parent = f"{TABLES[prefix]}.{prefix}_len", "COALESCE(live_parent.rev_len, gone_parent.ar_len)"
        same = "" if self.has("revision", "rev_sha1") else f" OR {parent} IS NULL OR {length} = {parent}"
        return f" AND ({length} IS NULL OR {length} < {SHORTEST_TOLD}{same})"

    def _parent_rows(self, prefix: str) -> list[str]:
        parent = f"{TABLES[prefix]}.{prefix}_parent_id"
        return [
            f"LEFT JOIN revision AS live_parent ON live_parent.rev_id = {parent}",
            f"LEFT JOIN archive AS gone_parent ON gone_parent.ar_rev_id = {parent} AND live_parent.rev_id IS NULL",
        ]

    def _parent_content(self, prefix: str) -> list[str]:
        parent = f"{TABLES[prefix]}.{prefix}_parent_id"
        return [
            f"LEFT JOIN slots AS parent_slot ON parent_slot.slot_revision_id = {parent}"
            " AND parent_slot.slot_role_id = own_slot.slot_role_id",
            "LEFT JOIN content AS parent_content ON parent_content.content_id = parent_slot.slot_content_id",
        ]

    def same_as_parent(self, prefix: Literal["rev", "ar"]) -> str:
        """1 for a revision whose content is its parent's, to the byte: a null revision; else 0."""
        if self.has("revision", "rev_sha1"):
            own, parent = f"{TABLES[prefix]}.{prefix}_sha1", "COALESCE(live_parent.rev_sha1, gone_parent.ar_sha1)"
        else:
            own, parent = "own_content.content_sha1", "parent_content.content_sha1"
        return f"CASE WHEN {own} <> '' AND {own} = {parent} THEN 1 ELSE 0 END"

    def is_board(self, prefix: Literal["rev", "ar"]) -> str:
        """1 for a revision whose content is a Flow board's stub, else 0; by its own content, not by its page's of today."""
        tests = ["own_content.content_model = (SELECT model_id FROM content_models WHERE model_name = 'flow-board')"]
        if self.has(TABLES[prefix], f"{prefix}_content_model"):
            tests.append(f"own_content.content_id IS NULL AND {TABLES[prefix]}.{prefix}_content_model = 'flow-board'")
        return f"CASE WHEN {' OR '.join(tests)} THEN 1 ELSE 0 END"

"""The tables of MediaWiki 1.39 and Flow that datasets read: columns, keys, and the statements that make them.

Source: the tables of a real MediaWiki 1.39 with Flow, on MariaDB and on SQLite.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from flow.wiki.schema import Kind

ID = "BINARY(11) NOT NULL"
ID_OR_NULL = "BINARY(11) NULL"
NUMBER = "BIGINT UNSIGNED NOT NULL"
NUMBER_OR_NULL = "BIGINT UNSIGNED NULL"
SMALL = "INT NOT NULL DEFAULT 0"
STAMP = "BINARY(14) NOT NULL DEFAULT '19700101000000'"
STAMP_OR_NULL = "BINARY(14) NULL"
TEXT = "VARBINARY(255) NOT NULL DEFAULT ''"
TEXT_OR_NULL = "VARBINARY(255) NULL"
IP = "VARBINARY(39) NULL"
WIKI = "VARBINARY(64) NOT NULL"
WORD = "VARBINARY(32) NOT NULL DEFAULT ''"


@dataclass(frozen=True, slots=True)
class Table:
    """A table's columns, each with its type in MariaDB's words; its primary key; and its other keys by name.

    ``written``: the columns that a simulated wiki fills, in order; the others keep their defaults.
    """

    columns: dict[str, str]
    primary: str
    keys: dict[str, str]
    written: str

    @property
    def inserted(self) -> list[str]:
        """The columns of an inserted row, in order."""
        return self.written.split()


CORE = {
    "user": Table(
        {"user_id": NUMBER, "user_name": TEXT, "user_registration": STAMP_OR_NULL, "user_editcount": NUMBER_OR_NULL},
        "user_id", {"UNIQUE user_name": "user_name"}, "user_id user_name user_registration user_editcount",
    ),
    "user_groups": Table(
        {"ug_user": NUMBER, "ug_group": TEXT, "ug_expiry": TEXT_OR_NULL},
        "ug_user, ug_group", {"ug_group": "ug_group"}, "ug_user ug_group",
    ),
    "user_former_groups": Table(
        {"ufg_user": NUMBER, "ufg_group": TEXT}, "ufg_user, ufg_group", {}, "ufg_user ufg_group",
    ),
    "actor": Table(
        {"actor_id": NUMBER, "actor_user": NUMBER_OR_NULL, "actor_name": TEXT},
        "actor_id", {"UNIQUE actor_name": "actor_name", "UNIQUE actor_user": "actor_user"}, "actor_id actor_user actor_name",
    ),
    "comment": Table(
        {"comment_id": NUMBER, "comment_hash": SMALL, "comment_text": TEXT}, "comment_id", {}, "comment_id comment_text",
    ),
    "page": Table(
        {
            "page_id": NUMBER, "page_namespace": SMALL, "page_title": TEXT, "page_is_redirect": SMALL,
            "page_latest": "BIGINT UNSIGNED NOT NULL DEFAULT 0", "page_content_model": TEXT_OR_NULL,
        },
        "page_id", {"UNIQUE page_name_title": "page_namespace, page_title"},
        "page_id page_namespace page_title page_content_model",
    ),
    "revision": Table(
        {
            "rev_id": NUMBER, "rev_page": NUMBER, "rev_comment_id": "BIGINT UNSIGNED NOT NULL DEFAULT 0",
            "rev_actor": "BIGINT UNSIGNED NOT NULL DEFAULT 0", "rev_timestamp": STAMP, "rev_minor_edit": SMALL,
            "rev_deleted": SMALL, "rev_len": NUMBER_OR_NULL, "rev_parent_id": NUMBER_OR_NULL, "rev_sha1": WORD,
        },
        "rev_id",
        {
            "rev_timestamp": "rev_timestamp", "rev_page_timestamp": "rev_page, rev_timestamp",
            "rev_actor_timestamp": "rev_actor, rev_timestamp, rev_id",
            "rev_page_actor_timestamp": "rev_page, rev_actor, rev_timestamp",
        },
        "rev_id rev_page rev_actor rev_timestamp rev_minor_edit rev_len rev_parent_id rev_sha1",
    ),
    "revision_comment_temp": Table(
        {"revcomment_rev": NUMBER, "revcomment_comment_id": NUMBER}, "revcomment_rev, revcomment_comment_id", {},
        "revcomment_rev revcomment_comment_id",
    ),
    "archive": Table(
        {
            "ar_id": NUMBER, "ar_namespace": SMALL, "ar_title": TEXT,
            "ar_comment_id": "BIGINT UNSIGNED NOT NULL DEFAULT 0", "ar_actor": "BIGINT UNSIGNED NOT NULL DEFAULT 0",
            "ar_timestamp": STAMP, "ar_minor_edit": SMALL, "ar_rev_id": NUMBER, "ar_deleted": SMALL,
            "ar_len": NUMBER_OR_NULL, "ar_page_id": NUMBER_OR_NULL, "ar_parent_id": NUMBER_OR_NULL, "ar_sha1": WORD,
        },
        "ar_id",
        {
            "UNIQUE ar_revid_uniq": "ar_rev_id", "ar_name_title_timestamp": "ar_namespace, ar_title, ar_timestamp",
            "ar_actor_timestamp": "ar_actor, ar_timestamp",
        },
        "ar_id ar_namespace ar_title ar_actor ar_timestamp ar_minor_edit ar_rev_id ar_len ar_page_id ar_parent_id ar_sha1",
    ),
    "slot_roles": Table({"role_id": NUMBER, "role_name": WORD}, "role_id", {}, "role_id role_name"),
    "slots": Table(
        {"slot_revision_id": NUMBER, "slot_role_id": SMALL, "slot_content_id": NUMBER, "slot_origin": NUMBER},
        "slot_revision_id, slot_role_id", {"slot_revision_origin_role": "slot_revision_id, slot_origin, slot_role_id"},
        "slot_revision_id slot_role_id slot_content_id slot_origin",
    ),
    "content_models": Table({"model_id": NUMBER, "model_name": WORD}, "model_id", {}, "model_id model_name"),
    "content": Table(
        {"content_id": NUMBER, "content_size": SMALL, "content_sha1": WORD, "content_model": SMALL, "content_address": TEXT},
        "content_id", {}, "content_id content_sha1 content_model",
    ),
    "logging": Table(
        {
            "log_id": NUMBER, "log_type": WORD, "log_action": WORD, "log_timestamp": STAMP, "log_actor": NUMBER,
            "log_namespace": SMALL, "log_title": TEXT, "log_page": NUMBER_OR_NULL,
        },
        "log_id",
        {
            "log_type_time": "log_type, log_timestamp", "log_actor_time": "log_actor, log_timestamp",
            "log_page_time": "log_namespace, log_title, log_timestamp", "log_times": "log_timestamp",
            "log_type_action": "log_type, log_action, log_timestamp", "log_page_id_time": "log_page, log_timestamp",
        },
        "log_id log_type log_action log_timestamp log_actor log_namespace log_title log_page",
    ),
    "change_tag_def": Table({"ctd_id": NUMBER, "ctd_name": TEXT}, "ctd_id", {"UNIQUE ctd_name": "ctd_name"}, "ctd_id ctd_name"),
    "change_tag": Table(
        {"ct_id": NUMBER, "ct_rev_id": NUMBER_OR_NULL, "ct_tag_id": NUMBER}, "ct_id",
        {"UNIQUE ct_rev_tag_id": "ct_rev_id, ct_tag_id"}, "ct_id ct_rev_id ct_tag_id",
    ),
}

FLOW = {
    "flow_workflow": Table(
        {
            "workflow_id": ID, "workflow_wiki": WIKI, "workflow_namespace": SMALL, "workflow_page_id": NUMBER,
            "workflow_title_text": TEXT, "workflow_name": TEXT, "workflow_last_update_timestamp": STAMP,
            "workflow_lock_state": SMALL, "workflow_type": WORD,
        },
        "workflow_id", {"flow_workflow_lookup": "workflow_wiki, workflow_namespace, workflow_title_text"},
        "workflow_id workflow_wiki workflow_namespace workflow_page_id workflow_title_text workflow_type",
    ),
    "flow_topic_list": Table(
        {"topic_list_id": ID, "topic_id": ID}, "topic_list_id, topic_id", {"flow_topic_list_topic_id": "topic_id"},
        "topic_list_id topic_id",
    ),
    "flow_revision": Table(
        {
            "rev_id": ID, "rev_type": WORD, "rev_type_id": ID, "rev_user_id": NUMBER, "rev_user_ip": IP,
            "rev_user_wiki": WIKI, "rev_parent_id": ID_OR_NULL, "rev_change_type": TEXT_OR_NULL, "rev_mod_state": WORD,
            "rev_content": "BLOB NULL",
        },
        "rev_id",
        {
            "UNIQUE flow_revision_unique_parent": "rev_parent_id", "flow_revision_type_id": "rev_type, rev_type_id",
            "flow_revision_user": "rev_user_id, rev_user_ip, rev_user_wiki",
        },
        "rev_id rev_type rev_type_id rev_user_id rev_user_ip rev_user_wiki rev_parent_id rev_change_type rev_mod_state",
    ),
    "flow_tree_revision": Table(
        {
            "tree_rev_id": ID, "tree_rev_descendant_id": ID, "tree_orig_user_id": NUMBER,
            "tree_orig_user_ip": IP, "tree_orig_user_wiki": WIKI, "tree_parent_id": ID_OR_NULL,
        },
        "tree_rev_id", {"flow_tree_descendant_rev_id": "tree_rev_descendant_id, tree_rev_id"},
        "tree_rev_id tree_rev_descendant_id tree_orig_user_id tree_orig_user_ip tree_orig_user_wiki tree_parent_id",
    ),
    "flow_tree_node": Table(
        {"tree_ancestor_id": ID, "tree_descendant_id": ID, "tree_depth": SMALL}, "tree_ancestor_id, tree_descendant_id",
        {"UNIQUE flow_tree_constraint": "tree_descendant_id, tree_depth"}, "tree_ancestor_id tree_descendant_id tree_depth",
    ),
}

TABLES: dict[Kind, dict[str, Table]] = {"core": CORE, "flow": FLOW}
ALL = CORE | FLOW


def statements(kind: Kind, engine: Literal["mariadb", "sqlite"]) -> list[str]:
    """The statements that make the empty tables of ``kind``, and, for ``core``, what every MediaWiki has in them."""
    made = [text for name, table in TABLES[kind].items() for text in _create(name, table, engine)]
    if kind == "core":
        made.append("INSERT INTO slot_roles VALUES (1, 'main')")
        made.append("INSERT INTO content_models VALUES (1, 'wikitext'), (2, 'flow-board')")
    return made


def _create(name: str, table: Table, engine: str) -> list[str]:
    if engine == "mariadb":
        return [f"CREATE TABLE {name} ({', '.join(_columns(table))}, PRIMARY KEY ({table.primary}){_keys(table)}) ENGINE=InnoDB"]
    columns = [_sqlite_type(column, table.primary) for column in _columns(table)]
    whole = "" if any("PRIMARY KEY" in column for column in columns) else f", PRIMARY KEY ({table.primary})"
    create = f"CREATE TABLE {name} ({', '.join(columns)}{whole})"
    return [create, *(f"CREATE {_index(key)} ON {name} ({columns})" for key, columns in table.keys.items())]


def _columns(table: Table) -> list[str]:
    return [f"{column} {type}" for column, type in table.columns.items()]


def _keys(table: Table) -> str:
    keys = (f"UNIQUE KEY {key.removeprefix('UNIQUE ')}" if key.startswith("UNIQUE ") else f"KEY {key}" for key in table.keys)
    return "".join(f", {key} ({columns})" for key, columns in zip(keys, table.keys.values(), strict=True))


def _index(key: str) -> str:
    return f"UNIQUE INDEX {key.removeprefix('UNIQUE ')}" if key.startswith("UNIQUE ") else f"INDEX {key}"


def _sqlite_type(column: str, primary: str) -> str:
    text = re.sub(r"(VAR)?BINARY\(\d+\)", "BLOB", column)
    text = re.sub(r"(BIG)?INT( UNSIGNED)?\b", "INTEGER", text)
    is_rowid = text == f"{primary} INTEGER NOT NULL"
    return f"{primary} INTEGER PRIMARY KEY NOT NULL" if is_rowid else text

"""Turns the tables of MediaWiki 1.39, as a simulated wiki has them, into those of other versions, rows and all."""

from __future__ import annotations

import re

NUMBER = "BIGINT NOT NULL DEFAULT 0"
TEXT = "VARBINARY(255) NOT NULL DEFAULT ''"

ACTOR_TEMP = [
    "CREATE TABLE revision_actor_temp (revactor_rev BIGINT NOT NULL, revactor_actor BIGINT NOT NULL, PRIMARY KEY (revactor_rev))",
    "INSERT INTO revision_actor_temp SELECT rev_id, rev_actor FROM revision",
]
OLD_TAGS = ["ALTER TABLE change_tag ADD COLUMN ct_tag VARBINARY(255)", "UPDATE change_tag SET ct_tag = 'mark'", "DROP ct_tag_id"]
NEW_COMMENTS = [
    "UPDATE revision SET rev_comment_id ="
    " COALESCE((SELECT revcomment_comment_id FROM revision_comment_temp WHERE revcomment_rev = rev_id), 0)",
    "DROP TABLE revision_comment_temp",
]


def _old_users(table: str, prefix: str) -> list[str]:
    return [
        f"ALTER TABLE {table} ADD COLUMN {prefix}_user {NUMBER}",
        f"ALTER TABLE {table} ADD COLUMN {prefix}_user_text {TEXT}",
        f"UPDATE {table} SET {prefix}_user = COALESCE((SELECT actor_user FROM actor WHERE actor_id = {prefix}_actor), 0),"
        f" {prefix}_user_text = (SELECT actor_name FROM actor WHERE actor_id = {prefix}_actor)",
        f"UPDATE {table} SET {prefix}_actor = 0",
    ]


def _models(table: str, id: str, prefix: str) -> list[str]:
    model = (
        "(SELECT model_name FROM slots JOIN content ON content_id = slot_content_id"
        f" JOIN content_models ON model_id = content_model WHERE slot_revision_id = {id})"
    )
    add = f"ALTER TABLE {table} ADD COLUMN {prefix}_content_model VARBINARY(32)"
    return [add, f"UPDATE {table} SET {prefix}_content_model = {model}"]


#: The statements that lead from 1.39 to each version. ``DROP column`` stands for dropping it from its table and indexes.
SHAPES = {
    # Users are still written in each row; the actor table is there, but empty; slots are not filled yet.
    "1.31": [
        *_old_users("revision", "rev"), *_old_users("archive", "ar"), *_old_users("logging", "log"),
        *_models("revision", "rev_id", "rev"), *_models("archive", "ar_rev_id", "ar"),
        ACTOR_TEMP[0], "DROP rev_actor", "DELETE FROM actor", "DELETE FROM slots", "DELETE FROM content", *OLD_TAGS,
    ],
    # Actors are in a table between; the old columns are still there, but no longer filled.
    "1.34": [
        *ACTOR_TEMP, f"ALTER TABLE revision ADD COLUMN rev_user {NUMBER}",
        f"ALTER TABLE revision ADD COLUMN rev_user_text {TEXT}", "DROP rev_actor",
    ],
    "1.35": [*ACTOR_TEMP, "UPDATE revision SET rev_actor = 0"],
    "1.39": [],
    "1.41": NEW_COMMENTS,
    "1.46": [*NEW_COMMENTS, "DROP rev_sha1", "DROP ar_sha1"],
}

OWNERS = {"rev": "revision", "ar": "archive", "ct": "change_tag"}


def statements(version: str, engine: str) -> list[str]:
    """The statements of a shape as ``engine`` takes them."""
    return [text for statement in SHAPES[version] for text in _spelled(statement, engine)]


def _spelled(statement: str, engine: str) -> list[str]:
    drop = re.fullmatch(r"DROP ((rev|ar|ct)_\w+)", statement)
    if not drop:
        return [statement]
    column, table = drop[1], OWNERS[drop[2]]
    indexes = {"rev_actor": ["rev_actor_timestamp", "rev_page_actor_timestamp"], "ct_tag_id": ["ct_rev_tag_id"]}.get(column, [])
    drops = [f"DROP INDEX {index}" if engine == "sqlite" else f"DROP INDEX {index} ON {table}" for index in indexes]
    return [*drops, f"ALTER TABLE {table} DROP COLUMN {column}"]

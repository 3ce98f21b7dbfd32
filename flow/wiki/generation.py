"""Which versions of MediaWiki the tables of a wiki are of."""

from __future__ import annotations

from flow.wiki.schema import Kind, Profile

#: What is there until a version, from the oldest on; see ``flow.wiki.schema``.
MARKS = (
    ("revision", "rev_user_text", "MediaWiki 1.31 to 1.34, users in each row"),
    ("revision_actor_temp", None, "MediaWiki 1.31 to 1.38, actors in a table between"),
    ("revision_comment_temp", None, "MediaWiki 1.39 or 1.40"),
    ("revision", "rev_sha1", "MediaWiki 1.41 to 1.45"),
)


def generation(kind: Kind, profile: Profile) -> str:
    """The versions that have such tables."""
    if kind != "core":
        return f"{kind.capitalize()} of MediaWiki 1.31 or later"
    return next((said for table, column, said in MARKS if profile.has(table, column)), "MediaWiki 1.46 or later")

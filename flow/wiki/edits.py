"""How many edits somebody had made by a moment, from MediaWiki 1.31 on; user_editcount only tells how many there are now."""

from __future__ import annotations

from collections.abc import Callable

from flow.wiki.schema import Profile

Name = Callable[[str], str]


def count_edits_before(profile: Profile, name: Name, user_id: str, digits: str, most: int | None) -> str:
    """SQL for the number of revisions, those of deleted pages among them, that ``user_id`` saved before ``digits``.

    ``name`` gives what stands for a table. Each revision is found by its author as ``Profile.author_id`` has it, and
    counts once: one that is live and in archive, as an undeletion may leave it, as live. With ``most``, it
    is that for whoever had so many, found without counting the rest.
    """
    counts = [*_live(profile, name, user_id, digits), *_deleted(profile, name, user_id, digits)]
    total = "(" + "\n + ".join(f"(SELECT COUNT({what}) {text})" for what, text in counts) + ")"
    if most is None:
        return total
    return f"CASE WHEN (SELECT 1 {counts[0][1]} LIMIT 1 OFFSET {most - 1}) = 1 THEN {most} ELSE {total} END"


def _live(profile: Profile, name: Name, user_id: str, digits: str) -> list[tuple[str, str]]:
    before, found = f"past.rev_timestamp < {digits}", []
    revision, temp = name("revision"), name("revision_actor_temp")
    has_temp, has_actor = profile.has("revision_actor_temp"), profile.has("revision", "rev_actor")
    in_temp = f"EXISTS (SELECT 1 FROM {temp} AS via WHERE via.revactor_rev = past.rev_id)"
    alone = f" AND NOT {in_temp}" if has_temp else ""
    if has_temp:
        joins = f"JOIN {temp} AS via ON via.revactor_actor = doer.actor_id"
        joins += f" JOIN {revision} AS past ON past.rev_id = via.revactor_rev"
        found.append(("*", _of_actor(name, joins, user_id, before)))
    if has_actor:
        joins = f"JOIN {revision} AS past ON past.rev_actor = doer.actor_id"
        found.append(("*", _of_actor(name, joins, user_id, before + alone)))
    if profile.has("revision", "rev_user"):
        alone += " AND past.rev_actor = 0" if has_actor else ""
        found.append(("*", f"FROM {revision} AS past WHERE past.rev_user = {user_id} AND past.rev_user > 0 AND {before}{alone}"))
    return found


def _deleted(profile: Profile, name: Name, user_id: str, digits: str) -> list[tuple[str, str]]:
    live = f"EXISTS (SELECT 1 FROM {name('revision')} AS twin WHERE twin.rev_id = past.ar_rev_id)"
    before = f"past.ar_timestamp < {digits} AND NOT {live}"
    archive, what, found = name("archive"), "DISTINCT past.ar_rev_id", []
    has_actor = profile.has("archive", "ar_actor")
    if has_actor:
        found.append((what, _of_actor(name, f"JOIN {archive} AS past ON past.ar_actor = doer.actor_id", user_id, before)))
    if profile.has("archive", "ar_user"):
        alone = " AND past.ar_actor = 0" if has_actor else ""
        found.append((what, f"FROM {archive} AS past WHERE past.ar_user = {user_id} AND past.ar_user > 0 AND {before}{alone}"))
    return found


def _of_actor(name: Name, joins: str, user_id: str, condition: str) -> str:
    return f"FROM {name('actor')} AS doer {joins} WHERE doer.actor_user = {user_id} AND {condition}"

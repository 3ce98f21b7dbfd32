"""Who counts as a bot: members, today or ever, of a bot group, and Flow's own system user."""

from __future__ import annotations

from dataclasses import dataclass

#: Flow's own user for the pages behind boards and topics. Source: Flow, FLOW_TALK_PAGE_MANAGER_USER.
SYSTEM_USER = "Flow talk page manager"

TODAY, FORMER = "today", "former"

#: ``user_id,listed``: one row for each bot and place where it is listed.
BOTS_SQL = f"""
SELECT ug_user AS user_id, '{TODAY}' AS listed FROM user_groups WHERE ug_group IN ('bot', 'flow-bot')
 UNION
SELECT ufg_user, '{FORMER}' FROM user_former_groups WHERE ufg_group IN ('bot', 'flow-bot')
 UNION
SELECT user_id, 'system' FROM user WHERE user_name = :system_user
"""


@dataclass(frozen=True, slots=True)
class Bots:
    """The user ``ids`` of a wiki's bots; how many of them are in a bot group ``today``, and how many are or were."""

    ids: list[int]
    today: int
    ever: int

    def lacks_some(self, before: int) -> bool:
        """Whether the list is broken, if ``before`` were in it once.

        Who leaves a group is listed as a former member, so that hardly anybody ever leaves both.
        """
        return self.ever < before and (self.today == 0 or 2 * self.ever < before)

"""Who counts as a bot: members, today or ever, of a bot group, and Flow's own system user."""

#: Flow's own user for the pages behind boards and topics. Source: Flow, FLOW_TALK_PAGE_MANAGER_USER.
SYSTEM_USER = "Flow talk page manager"

#: ``user_id``: one row a bot.
BOTS_SQL = """
SELECT ug_user AS user_id FROM user_groups WHERE ug_group IN ('bot', 'flow-bot')
 UNION
SELECT ufg_user FROM user_former_groups WHERE ufg_group IN ('bot', 'flow-bot')
 UNION
SELECT user_id FROM user WHERE user_name = :system_user
 ORDER BY user_id
"""

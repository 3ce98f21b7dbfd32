"""What moderators do on Flow boards, by action, at the time they do it.

Each action counts, also one that undoes another: hiding a post and restoring it are two. Unlocking a topic is no
restoring. What bots do is left out.
"""

from flow import Count, Dataset, Graph

moderation_actions = Dataset(
    title="Moderation actions",
    source="flow",
    since="2013-12-01",
    columns=[
        Count("hide_post", "Posts hidden"),
        Count("delete_post", "Posts deleted"),
        Count("suppress_post", "Posts suppressed"),
        Count("restore_post", "Posts restored"),
        Count("hide_topic", "Topics hidden"),
        Count("delete_topic", "Topics deleted"),
        Count("suppress_topic", "Topics suppressed"),
        Count("restore_topic", "Topics restored"),
        Count("lock_topic", "Topics locked"),
        Count("unlock_topic", "Topics unlocked"),
    ],
    graphs=[
        Graph("Moderation of posts", ["hide_post", "delete_post", "suppress_post", "restore_post"], unit="actions"),
        Graph(
            "Moderation of topics",
            ["hide_topic", "delete_topic", "suppress_topic", "restore_topic"],
            id="topics",
            unit="actions",
        ),
        Graph("Topics locked and unlocked", ["lock_topic", "unlock_topic"], id="locks", unit="actions"),
    ],
    reads=2,
    sql="""
        SELECT {{ period('rev_id') }} AS date,
               SUM(CASE WHEN action = 'hide-post' THEN counts ELSE 0 END) AS hide_post,
               SUM(CASE WHEN action = 'delete-post' THEN counts ELSE 0 END) AS delete_post,
               SUM(CASE WHEN action = 'suppress-post' THEN counts ELSE 0 END) AS suppress_post,
               SUM(CASE WHEN action = 'restore-post' THEN counts ELSE 0 END) AS restore_post,
               SUM(CASE WHEN action = 'hide-topic' THEN counts ELSE 0 END) AS hide_topic,
               SUM(CASE WHEN action = 'delete-topic' THEN counts ELSE 0 END) AS delete_topic,
               SUM(CASE WHEN action = 'suppress-topic' THEN counts ELSE 0 END) AS suppress_topic,
               SUM(CASE WHEN action = 'restore-topic' THEN counts ELSE 0 END) AS restore_topic,
               SUM(CASE WHEN action = 'lock-topic' THEN counts ELSE 0 END) AS lock_topic,
               SUM(CASE WHEN action = 'unlock-topic' THEN counts ELSE 0 END) AS unlock_topic
          FROM {{ flow_moderation() }} AS moderation
         GROUP BY 1
    """,
)

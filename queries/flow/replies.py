"""Replies that people wrote to topics on Flow boards, by the day they were written.

A person's reply to a bot's topic counts; a bot's reply does not.
"""

from flow import Count, Dataset

replies = Dataset(
    title="Replies",
    source="flow",
    since="2013-12-01",
    columns=[
        Count("replies", "Replies written"),
        Count("topics", "Topics that got a reply", additive=False),
        Count("boards", "Boards that got a reply", additive=False),
        Count("by_bots", "Written by bots and not counted"),
    ],
    adds_up={"replies": ["flow_edits.replies"]},
    reads=7,
    sql="""
        SELECT {{ period('post_id') }} AS date,
               SUM(counts) AS replies,
               COUNT(DISTINCT CASE WHEN counts = 1 THEN topic_id END) AS topics,
               COUNT(DISTINCT CASE WHEN counts = 1 THEN board_id END) AS boards,
               SUM(by_bot) AS by_bots
          FROM {{ replies() }} AS reply
         GROUP BY 1
    """,
)

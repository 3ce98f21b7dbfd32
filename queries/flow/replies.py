"""Replies that people wrote to topics on Flow boards, by the time they were written.

The post that opens a topic is no reply. A person's reply to a bot's topic counts; a bot's reply is left out, and
counted apart.
"""

from flow import Count, Dataset, Graph

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
    graphs=[
        Graph("Replies", ["replies"], unit="replies", more_is_better=True),
        Graph("Topics that got a reply", ["topics"], id="topics", unit="topics", more_is_better=True),
        Graph("Boards that got a reply", ["boards"], id="boards", unit="boards"),
        Graph("Replies written by bots", ["by_bots"], id="bots", unit="replies"),
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

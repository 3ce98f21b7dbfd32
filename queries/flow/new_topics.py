"""Topics that people opened on Flow boards, by the time they were opened.

Topics that were later hidden, deleted or suppressed count too, and so do those on boards since deleted. Those that bots
opened are left out, and counted apart.
"""

from flow import Count, Dataset, Graph

new_topics = Dataset(
    title="New topics",
    source="flow",
    since="2013-12-01",
    columns=[
        Count("topics", "Topics opened"),
        Count("boards", "Boards with a new topic", additive=False),
        Count("by_bots", "Opened by bots and not counted"),
    ],
    graphs=[
        Graph("New topics", ["topics"], unit="topics", more_is_better=True),
        Graph("Boards with a new topic", ["boards"], id="boards", unit="boards"),
        Graph("Topics opened by bots", ["by_bots"], id="bots", unit="topics"),
    ],
    adds_up={"topics": ["flow_edits.topics"]},
    reads=2,
    sql="""
        SELECT {{ period('topic_id') }} AS date,
               SUM(counts) AS topics,
               COUNT(DISTINCT CASE WHEN counts = 1 THEN board_id END) AS boards,
               SUM(by_bot) AS by_bots
          FROM {{ topics() }} AS topic
         GROUP BY 1
    """,
)

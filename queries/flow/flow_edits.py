"""Everything that people write on Flow boards, by kind: topics, replies, and edits of posts, titles, headers and summaries.

A topic and its opening post count once. Enabling a board writes a header, and counts as an edit of it. Hiding,
deleting, suppressing, restoring, locking and unlocking are no edits. What bots write is left out of these, and counted
apart.
"""

from flow import Count, Dataset, Graph

flow_edits = Dataset(
    title="Flow edits",
    source="flow",
    since="2013-12-01",
    columns=[
        Count("topics", "Topics opened"),
        Count("replies", "Replies written"),
        Count("post_edits", "Edits of posts"),
        Count("title_edits", "Edits of topic titles"),
        Count("header_edits", "Edits of board headers"),
        Count("summary_edits", "Edits of topic summaries"),
        Count("by_bots", "By bots and not counted"),
    ],
    graphs=[
        Graph("Topics and replies on Flow boards", ["topics", "replies"], unit="written", scale="sqrt"),
        Graph(
            "Edits of what stands on Flow boards",
            ["post_edits", "title_edits", "header_edits", "summary_edits"],
            id="changes",
            unit="edits",
        ),
        Graph("Written by bots on Flow boards", ["by_bots"], id="bots", unit="written"),
    ],
    reads=8,
    sql="""
        WITH act AS (
            SELECT {{ period('topic_id') }} AS date, 'topic' AS kind, by_bot, counts
              FROM {{ topics() }} AS topic
             UNION ALL
            SELECT {{ period('post_id') }}, 'reply', by_bot, counts
              FROM {{ replies() }} AS reply
             UNION ALL
            SELECT {{ period('rev_id') }}, kind, by_bot, counts
              FROM {{ flow_changes() }} AS written
        )
        SELECT date,
               SUM(CASE WHEN kind = 'topic' THEN counts ELSE 0 END) AS topics,
               SUM(CASE WHEN kind = 'reply' THEN counts ELSE 0 END) AS replies,
               SUM(CASE WHEN kind = 'edit-post' THEN counts ELSE 0 END) AS post_edits,
               SUM(CASE WHEN kind = 'edit-title' THEN counts ELSE 0 END) AS title_edits,
               SUM(CASE WHEN kind = 'header' THEN counts ELSE 0 END) AS header_edits,
               SUM(CASE WHEN kind = 'post-summary' THEN counts ELSE 0 END) AS summary_edits,
               SUM(by_bot) AS by_bots
          FROM act
         GROUP BY date
    """,
)

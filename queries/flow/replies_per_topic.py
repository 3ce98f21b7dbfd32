"""How many replies the topics opened in a period get within 7 days of their opening.

Each topic has its own window, from its opening up to, and without, the same second 7 days later. Topics opened by
bots are left out, and so are replies that bots wrote. A period's numbers settle when the window of its last topic
has passed. ``--set window=30d`` asks for another window, ``window=none`` for all replies to date.
"""

from flow import Count, Dataset, Most, Ratio, Share

replies_per_topic = Dataset(
    title="Replies per topic",
    source="flow",
    since="2013-12-01",
    spans={"window": "7d"},
    settles="window",
    columns=[
        Count("topics", "Topics opened"),
        Ratio("mean", "Mean replies per topic"),
        Ratio("median", "Median replies per topic"),
        Most("most", "Most replies to one topic"),
        Share("none_share", "Share of topics without a reply"),
    ],
    draw=["mean", "median"],
    adds_up={"topics": ["flow_edits.topics"]},
    reads=8,
    sql="""
        WITH reply AS (
            SELECT topic_id, COUNT(*) AS replies
              FROM {{ replies(plus='window') }} AS reply
             WHERE counts = 1 AND after_seconds >= 0 AND after_seconds < {{ value('window') }}
             GROUP BY topic_id
        ),
        cohort AS (
            SELECT {{ period('topic.topic_id') }} AS date, COALESCE(reply.replies, 0) AS replies
              FROM {{ topics() }} AS topic
              LEFT JOIN reply ON reply.topic_id = topic.topic_id
             WHERE topic.counts = 1
        ),
        ranked AS (
            SELECT date, replies, {{ placed('replies') }}
              FROM cohort
        )
        SELECT date,
               COUNT(*) AS topics,
               {{ ratio('SUM(replies)', 'COUNT(*)') }} AS mean,
               {{ quantile(0.5, 'replies') }} AS median,
               MAX(replies) AS most,
               {{ ratio('SUM(CASE WHEN replies = 0 THEN 1 ELSE 0 END)', 'COUNT(*)') }} AS none_share
          FROM ranked
         GROUP BY date
    """,
)

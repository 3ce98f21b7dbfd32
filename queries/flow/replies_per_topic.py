"""How many replies the topics on Flow boards get within 7 days of their opening.

Each topic has 7 days of its own, from the second of its opening on. Topics opened by bots are left out, and so are
replies that bots wrote. Numbers stand under the time when a topic was opened, and can still change for 7 days after it.
"""

from flow import Count, Dataset, Graph, Most, Ratio, Share

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
    graphs=[
        Graph("Replies per topic", ["mean", "median"], unit="replies"),
        Graph("Share of topics without a reply", ["none_share"], id="share"),
        Graph("Most replies to one topic", ["most"], id="most", unit="replies"),
    ],
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

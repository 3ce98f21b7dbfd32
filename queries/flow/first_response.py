"""How many of the topics opened on Flow boards are answered by somebody else within 7 days, and how soon.

An answer is a reply by a person other than the one who opened the topic. Topics opened by bots are left out, and so
are answers that bots wrote. The waits run from the opening of a topic to its first answer, and only topics that were
answered within the 7 days have one: half of them waited no longer than the median, nine in ten no longer than the 90th
percentile. Numbers stand under the time when a topic was opened, and can still rise for 7 days after it.
"""

from flow import Count, Dataset, Duration, Graph, Share

first_response = Dataset(
    title="First response",
    source="flow",
    since="2013-12-01",
    spans={"window": "7d"},
    settles="window",
    columns=[
        Count("topics", "Topics opened"),
        Count("answered", "Topics answered by somebody else"),
        Share("answered_share", "Share of topics answered by somebody else", of=["answered", "topics"]),
        Duration("median_seconds", "Median seconds to the first answer"),
        Duration("p90_seconds", "90th percentile of seconds to the first answer"),
    ],
    graphs=[
        Graph("Wait for the first answer", ["median_seconds", "p90_seconds"]),
        Graph("Share of topics answered", ["answered_share"], id="share"),
        Graph("Topics opened and answered", ["topics", "answered"], id="topics", unit="topics"),
    ],
    adds_up={"topics": ["flow_edits.topics"]},
    reads=8,
    sql="""
        WITH answer AS (
            SELECT topic_id, MIN(after_seconds) AS wait
              FROM {{ replies(plus='window') }} AS reply
             WHERE counts = 1 AND by_opener = 0 AND after_seconds >= 0 AND after_seconds < {{ value('window') }}
             GROUP BY topic_id
        ),
        cohort AS (
            SELECT {{ period('topic.topic_id') }} AS date, answer.wait AS wait
              FROM {{ topics() }} AS topic
              LEFT JOIN answer ON answer.topic_id = topic.topic_id
             WHERE topic.counts = 1
        ),
        ranked AS (
            SELECT date, wait, {{ placed('wait') }}
              FROM cohort
        )
        SELECT date,
               COUNT(*) AS topics,
               COUNT(wait) AS answered,
               {{ ratio('COUNT(wait)', 'COUNT(*)') }} AS answered_share,
               {{ quantile(0.5, 'wait') }} AS median_seconds,
               {{ quantile(0.9, 'wait') }} AS p90_seconds
          FROM ranked
         GROUP BY date
    """,
)

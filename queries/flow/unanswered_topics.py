"""Topics on Flow boards that wait for an answer as a day, week or month ends: at least 72 hours and less than 90 days old, and
nobody but the person who opened them has replied.

How many wait at that moment, not how many began to. Hidden, deleted, suppressed and locked topics are among them.
Topics opened by bots are left out, and a bot's reply is no answer.
"""

from flow import Count, Dataset, Graph

# Each waiting topic is two events: it begins to wait at the first period's end at which it is old enough, and stops at
# the first at which it is too old or answered. Their running sum is the stock, at the cost of one row a topic instead
# of one for each period's end that it waits through.
unanswered_topics = Dataset(
    title="Unanswered topics",
    source="flow",
    since="2013-12-01",
    stock=True,
    spans={"waiting_from": "72h", "waiting_to": "90d"},
    columns=[Count("waiting", "Topics waiting for an answer", additive=False)],
    graphs=[Graph("Unanswered topics", ["waiting"], unit="topics")],
    reads=8,
    sql="""
        WITH answer AS (
            SELECT topic_id, MIN(after_seconds) AS wait
              FROM {{ replies(minus='waiting_to') }} AS reply
             WHERE counts = 1 AND by_opener = 0 AND after_seconds >= 0
             GROUP BY topic_id
        ),
        topic AS (
            SELECT {{ seconds('topic.topic_id') }} AS opened,
                   CASE WHEN answer.wait < {{ value('waiting_to') }} THEN answer.wait + 1
                        ELSE {{ value('waiting_to') }} END AS age_at_end
              FROM {{ topics(minus='waiting_to') }} AS topic
              LEFT JOIN answer ON answer.topic_id = topic.topic_id
             WHERE topic.counts = 1
        ),
        age AS (
            SELECT opened + {{ value('waiting_from') }} - 1 AS from_seconds, opened + age_at_end - 1 AS to_seconds
              FROM topic
             WHERE age_at_end > {{ value('waiting_from') }}
        ),
        stay AS (
            SELECT {{ period('from_seconds') }} AS since, {{ period('to_seconds') }} AS until, COUNT(*) AS topics
              FROM age
             GROUP BY 1, 2
        ),
        event AS (
            SELECT CASE side.sign WHEN 1 THEN since ELSE until END AS date, side.sign * topics AS step
              FROM stay, (SELECT 1 AS sign UNION ALL SELECT -1) AS side
        ),
        shift AS (
            SELECT date, 0 AS step
              FROM {{ periods() }} AS asked
             UNION ALL
            SELECT CASE WHEN event.date < bound.first THEN bound.first ELSE event.date END, step
              FROM event, (SELECT MIN(date) AS first, MAX(date) AS last FROM {{ periods() }} AS asked) AS bound
             WHERE event.date <= bound.last
        )
        SELECT date, SUM(SUM(step)) OVER (ORDER BY date) AS waiting
          FROM shift
         GROUP BY date
    """,
)

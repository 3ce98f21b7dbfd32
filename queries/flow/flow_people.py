"""People who opened a topic or wrote a reply on Flow boards.

Somebody is counted once a week or month, by account, or by network address without one; temporary accounts are accounts.
First-timers are those whose first topic or reply of all, on this wiki's Flow boards, falls in that week or month. Bots
are left out.
"""

from flow import Dataset, Graph, People

# Whoever first posted within the range did so in the first of its periods in which they appear. So history is asked
# once a person, for their first post of all.
flow_people = Dataset(
    title="People on Flow boards",
    source="flow",
    since="2013-12-01",
    columns=[
        People("posters", "People who posted", acts=["flow_edits.topics", "flow_edits.replies"]),
        People(
            "first_timers",
            "People who posted for the first time",
            additive=True,
            among="posters",
            acts=["flow_edits.topics", "flow_edits.replies"],
        ),
    ],
    graphs=[Graph("People on Flow boards", ["posters", "first_timers"], more_is_better=True)],
    reads=8,
    sql="""
        WITH act AS (
            SELECT {{ period('topic_id') }} AS date, user_id, user_ip
              FROM {{ topics() }} AS topic
             WHERE counts = 1 AND user_id IS NOT NULL
             -- known: union, for somebody who did both is there once
             UNION
            SELECT {{ period('post_id') }}, user_id, user_ip
              FROM {{ replies() }} AS reply
             WHERE counts = 1
        ),
        person AS (
            SELECT act.*, ROW_NUMBER() OVER (PARTITION BY user_id, user_ip ORDER BY date) AS nth
              FROM act
        ),
        debut AS (
            SELECT person.date,
                   CASE WHEN nth = 1 THEN (
                       SELECT first.rev_type_id
                         FROM flow_revision AS first
                        WHERE first.rev_user_id = person.user_id
                          AND {{ same('first.rev_user_ip', 'person.user_ip') }}
                          AND first.rev_user_wiki = :wiki
                          AND {{ unindexed('first.rev_type') }} = 'post'
                          AND {{ unindexed('first.rev_parent_id') }} IS NULL
                          AND {{ is_time('first.rev_id') }}
                        ORDER BY first.rev_id
                        LIMIT 1) END AS first_id
              FROM person
        )
        SELECT date,
               COUNT(*) AS posters,
               SUM(CASE WHEN {{ within('first_id') }} THEN 1 ELSE 0 END) AS first_timers
          FROM debut
         GROUP BY date
    """,
)

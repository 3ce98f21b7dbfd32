"""An example of each macro: a whole SELECT of a dataset with the span ``window``, that the tests run on each engine."""

from __future__ import annotations

#: By macro: the source of a dataset that can say so, and the SQL.
EXAMPLES: dict[str, tuple[str, str]] = {
    "period": ("flow", """
SELECT {{ period('topic_id') }} AS date, SUM(counts) AS topics
  FROM {{ topics() }} AS topic
 GROUP BY 1
"""),
    "seconds": ("flow", """
SELECT {{ seconds('reply.post_id') }} - {{ seconds('reply.topic_id') }} AS wait
  FROM {{ replies() }} AS reply
"""),
    "within": ("flow", """
SELECT COUNT(*) AS revisions
  FROM flow_revision
 WHERE {{ within('rev_id', plus='window') }} AND rev_user_wiki = :wiki
"""),
    "is_time": ("core", """
SELECT COUNT(*) AS accounts
  FROM user
 WHERE {{ is_time('user_registration', kind='timestamp') }}
"""),
    "periods": ("flow", """
SELECT asked.date, COUNT(topic.topic_id) AS topics
  FROM {{ periods() }} AS asked
  LEFT JOIN {{ topics() }} AS topic
         ON {{ seconds('topic.topic_id') }} >= asked.starts AND {{ seconds('topic.topic_id') }} < asked.ends
 GROUP BY asked.date
"""),
    "value": ("flow", """
SELECT COUNT(*) AS soon
  FROM {{ replies() }} AS reply
 WHERE after_seconds < {{ value('window') }}
"""),
    "by_bot": ("flow", """
SELECT SUM({{ by_bot('rev_user_id') }}) AS by_bots
  FROM flow_revision
 WHERE {{ within('rev_id') }} AND rev_user_wiki = :wiki
"""),
    "counts": ("flow", """
SELECT SUM({{ counts('rev_user_id') }}) AS revisions
  FROM flow_revision
 WHERE {{ within('rev_id') }} AND rev_user_wiki = :wiki
"""),
    "anonymous": ("flow", """
SELECT {{ period('topic_id') }} AS date, {{ ratio('SUM(' ~ anonymous('account_id') ~ ')', 'COUNT(*)') }} AS share
  FROM {{ topics() }} AS topic
 WHERE counts = 1
 GROUP BY 1
"""),
    "edits_before": ("flow", """
SELECT COUNT(*) AS replies
  FROM {{ replies() }} AS reply
 WHERE counts = 1 AND reply.account_id > 0
   AND {{ edits_before('reply.account_id', 'reply.post_id', most=10) }} < 10
"""),
    "core": ("flow", """
SELECT COUNT(*) AS boards
  FROM {{ core('page') }}
 WHERE page.page_content_model = 'flow-board'
"""),
    "core_has": ("flow", """
SELECT {{ 'SUM(user.user_is_temp)' if core_has('user', 'user_is_temp') else 'NULL' }} AS temporary
  FROM {{ core('user') }}
"""),
    "ratio": ("flow", """
SELECT {{ period('topic_id') }} AS date, {{ ratio('SUM(by_bot)', 'COUNT(*)') }} AS bots_share
  FROM {{ topics() }} AS topic
 GROUP BY 1
"""),
    "placed": ("flow", """
SELECT date, wait, {{ placed('wait') }}
  FROM (SELECT {{ period('post_id') }} AS date, after_seconds AS wait FROM {{ replies() }} AS reply) AS waited
"""),
    "quantile": ("flow", """
WITH waited AS (SELECT {{ period('post_id') }} AS date, after_seconds AS wait FROM {{ replies() }} AS reply),
     ranked AS (SELECT date, wait, {{ placed('wait') }} FROM waited)
SELECT date, {{ quantile(0.5, 'wait') }} AS median_seconds
  FROM ranked
 GROUP BY date
"""),
    "since": ("flow", """
SELECT COUNT(*) AS later
  FROM flow_revision
 WHERE {{ since('rev_id', minus='window') }}
"""),
    "is_small_part": ("flow", """
SELECT {{ 1 if is_small_part(3) else 0 }} AS is_small
  FROM flow_workflow
"""),
    "same": ("flow", """
SELECT COUNT(*) AS by_opener
  FROM {{ replies() }} AS reply
  JOIN {{ topics() }} AS topic ON topic.topic_id = reply.topic_id
 WHERE topic.user_id = reply.user_id AND {{ same('topic.user_ip', 'reply.user_ip') }}
"""),
    "ordered_join": ("core", """
SELECT COUNT(*) AS edits
  FROM revision
  {{ ordered_join() }} page ON page.page_id = revision.rev_page
 WHERE {{ within('revision.rev_timestamp') }} AND page.page_namespace = 3
"""),
    "unindexed": ("flow", """
SELECT COUNT(*) AS first_revisions
  FROM flow_revision
 WHERE {{ within('rev_id') }} AND {{ unindexed('rev_parent_id') }} IS NULL
"""),
    "has": ("core", """
SELECT {{ 'SUM(rev_len)' if has('revision', 'rev_len') else 'NULL' }} AS bytes
  FROM revision
 WHERE {{ within('revision.rev_timestamp') }}
"""),
    "join_author": ("core", """
SELECT COUNT(DISTINCT {{ author_key('rev') }}) AS editors
  FROM revision
  {{ join_author('rev') }}
 WHERE {{ within('revision.rev_timestamp') }}
"""),
    "author_id": ("core", """
SELECT SUM({{ by_bot(author_id('rev')) }}) AS by_bots
  FROM revision
  {{ join_author('rev') }}
 WHERE {{ within('revision.rev_timestamp') }}
"""),
    "author_name": ("core", """
SELECT COUNT(*) AS by_temporary
  FROM revision
  {{ join_author('rev') }}
 WHERE {{ within('revision.rev_timestamp') }} AND {{ author_name('rev') }} LIKE '~2%'
"""),
    "author_key": ("core", """
SELECT COUNT(DISTINCT {{ author_key('log') }}) AS movers
  FROM logging
  {{ join_author('log') }}
 WHERE {{ within('logging.log_timestamp') }} AND logging.log_type = 'move'
"""),
    "join_comment": ("core", """
SELECT COUNT(*) AS sections
  FROM revision
  {{ join_comment('rev') }}
 WHERE {{ within('revision.rev_timestamp') }} AND rev_comment.comment_text LIKE '%new section'
"""),
    "tagged": ("core", """
SELECT COUNT(*) AS by_tool
  FROM revision
 WHERE {{ within('revision.rev_timestamp') }} AND {{ tagged('revision.rev_id', "'discussiontools'") }}
"""),
    "join_content": ("core", """
SELECT COUNT(own_content.content_id) AS with_content
  FROM revision
  {{ join_content('rev') }}
 WHERE {{ within('revision.rev_timestamp') }}
"""),
    "same_as_parent": ("core", """
SELECT SUM({{ same_as_parent('rev') }}) AS null_revisions
  FROM revision
  {{ join_content('rev') }}
 WHERE {{ within('revision.rev_timestamp') }}
"""),
    "is_board": ("core", """
SELECT SUM({{ is_board('rev') }}) AS stubs
  FROM revision
  {{ join_content('rev') }}
 WHERE {{ within('revision.rev_timestamp') }}
"""),
}

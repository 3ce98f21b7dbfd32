-- Topics: one row a topic opened on this wiki's Flow boards in the range, those later hidden, deleted or suppressed,
-- and those on boards since deleted, among them. The time is when it was opened; the person who opened it is the
-- author of its title's first revision.
--   topic_id     Flow id   the topic; its time is when it was opened
--   board_id     Flow id   the board it is on
--   user_id      user id   for counting people, together with user_ip; 0 for those without an account
--   user_ip      address   of who has no account; else NULL
--   account_id   account   who opened it, to join people() by; 0 without an account, NULL for one of another wiki (an import)
--   by_bot       0 or 1    whether a bot opened it
--   counts       0 or 1    whether this question counts it: not what bots did, unless --set bots=in
-- Source: flow
-- Example:
--   SELECT {{ period('topic_id') }} AS date, SUM(counts) AS topics FROM {{ topics() }} AS topic GROUP BY 1
SELECT topic.workflow_id AS topic_id,
       (SELECT board.topic_list_id FROM flow_topic_list AS board WHERE board.topic_id = topic.workflow_id LIMIT 1) AS board_id,
       title.rev_user_id AS user_id,
       title.rev_user_ip AS user_ip,
       CASE WHEN title.rev_user_wiki = :wiki OR title.rev_user_id = 0 THEN title.rev_user_id END AS account_id,
       {{ by_bot('title.rev_user_id') }} AS by_bot,
       {{ counts('title.rev_user_id') }} AS counts
  FROM flow_workflow AS topic
  LEFT JOIN flow_revision AS title
         ON title.rev_type = 'post' AND title.rev_type_id = topic.workflow_id AND {{ unindexed('title.rev_parent_id') }} IS NULL
 WHERE {{ within('topic.workflow_id', plus=plus, minus=minus) }}
   AND {{ unindexed('topic.workflow_wiki') }} = :wiki
   AND topic.workflow_type = 'topic'

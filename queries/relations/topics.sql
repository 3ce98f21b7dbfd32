-- Topics: one row a topic opened on this wiki's Flow boards in the range, those later hidden, deleted or suppressed,
-- and those on boards since deleted, among them. The time is when it was opened; the person who opened it is the
-- author of its title's first revision.
--   topic_id, board_id   Flow ids; topic_id tells the time
--   user_id, user_ip     who opened it; user_id is 0 for an IP user
--   by_bot, counts       whether a bot opened it, and whether this question counts it
SELECT topic.workflow_id AS topic_id,
       (SELECT board.topic_list_id FROM flow_topic_list AS board WHERE board.topic_id = topic.workflow_id LIMIT 1) AS board_id,
       title.rev_user_id AS user_id,
       title.rev_user_ip AS user_ip,
       {{ by_bot('title.rev_user_id') }} AS by_bot,
       {{ counts('title.rev_user_id') }} AS counts
  FROM flow_workflow AS topic
  LEFT JOIN flow_revision AS title
         ON title.rev_type = 'post' AND title.rev_type_id = topic.workflow_id AND {{ unindexed('title.rev_parent_id') }} IS NULL
 WHERE {{ within('topic.workflow_id', plus=plus, minus=minus) }}
   AND {{ unindexed('topic.workflow_wiki') }} = :wiki
   AND topic.workflow_type = 'topic'

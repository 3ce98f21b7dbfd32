-- Replies: one row a reply written on this wiki's Flow boards in the range, those later hidden, deleted or suppressed,
-- and those on boards since deleted, among them. The opening post of a topic is none: Flow stores it as a reply, but
-- it is the first post right below the topic that the opener wrote within 2 seconds of opening it, one a topic at most.
-- A later post of the opener is a reply, though no answer. Only first revisions: edits and moderation write no reply.
--   post_id         Flow id   the reply; its time is when it was written
--   topic_id        Flow id   the topic it is in
--   board_id        Flow id   the board that the topic is on
--   user_id         user id   for counting people, together with user_ip; 0 for those without an account
--   user_ip         address   of who has no account; else NULL
--   account_id      account   who wrote it, to join people() by; 0 without an account, NULL for one of another wiki (an import)
--   by_opener       0 or 1    whether the person who opened the topic wrote it
--   after_seconds   seconds   from the topic's opening
--   by_bot          0 or 1    whether a bot wrote it
--   counts          0 or 1    whether this question counts it: not what bots did, unless --set bots=in
-- Source: flow
-- Example:
--   SELECT {{ period('post_id') }} AS date, SUM(counts) AS replies FROM {{ replies() }} AS reply GROUP BY 1
{% set by_opener %}
       COALESCE((SELECT CASE WHEN title.rev_user_id = ranked.user_id AND {{ same('title.rev_user_ip', 'ranked.user_ip') }}
                             THEN 1 ELSE 0 END
                   FROM flow_revision AS title
                  WHERE title.rev_type = 'post'
                    AND title.rev_type_id = ranked.topic_id
                    AND {{ unindexed('title.rev_parent_id') }} IS NULL
                  LIMIT 1), 0)
{% endset %}
SELECT post_id,
       topic_id,
       (SELECT board.topic_list_id FROM flow_topic_list AS board WHERE board.topic_id = ranked.topic_id LIMIT 1) AS board_id,
       user_id,
       user_ip,
       CASE WHEN user_wiki = :wiki OR user_id = 0 THEN user_id END AS account_id,
       {{ by_opener }} AS by_opener,
       after_seconds,
       {{ by_bot('user_id') }} AS by_bot,
       {{ counts('user_id') }} AS counts
  FROM (
    SELECT post.*,
           ROW_NUMBER() OVER (PARTITION BY topic_id, user_id, user_ip, is_early ORDER BY post_id) AS place
      FROM (
        SELECT root.post_id,
               topic.workflow_id AS topic_id,
               root.user_id,
               root.user_ip,
               root.user_wiki,
               {{ seconds('root.post_id') }} - {{ seconds('topic.workflow_id') }} AS after_seconds,
               CASE WHEN {{ seconds('root.post_id') }} - {{ seconds('topic.workflow_id') }} NOT BETWEEN 0 AND 2 THEN 0
                    WHEN root.height = 1 THEN 1
                    ELSE 0 END AS is_early
          FROM {{ roots(plus=plus, minus=minus) }} AS root
          {{ ordered_join() }} flow_workflow AS topic
            ON topic.workflow_id = root.root_id
           AND topic.workflow_id <> root.post_id
           AND {{ unindexed('topic.workflow_wiki') }} = :wiki
           AND topic.workflow_type = 'topic'
      ) AS post
  ) AS ranked
 WHERE NOT (is_early = 1 AND place = 1 AND {{ by_opener }} = 1)
   AND {{ within('post_id', plus=plus, minus=minus) }}

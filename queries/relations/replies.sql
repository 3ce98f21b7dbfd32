-- Replies: one row a reply written on this wiki's Flow boards in the range, those later hidden, deleted or suppressed,
-- and those on boards since deleted, among them. The opening post of a topic is none: Flow stores it as a reply, but
-- it is the first post right below the topic that the opener wrote within 2 seconds of opening it, one a topic at most.
-- A later post of the opener is a reply, though no answer. Only first revisions: edits and moderation write no reply.
--   post_id, topic_id, board_id   Flow ids; post_id tells the time
--   user_id, user_ip              who wrote it; user_id is 0 for an IP user
--   by_opener                     1 if the person who opened the topic wrote it
--   after_seconds                 seconds from the topic's opening
--   by_bot, counts                whether a bot wrote it, and whether this question counts it
SELECT post_id,
       topic_id,
       board_id,
       user_id,
       user_ip,
       by_opener,
       after_seconds,
       {{ by_bot('user_id') }} AS by_bot,
       {{ counts('user_id') }} AS counts
  FROM (
    SELECT post.*,
           ROW_NUMBER() OVER (PARTITION BY topic_id, by_opener = 1 AND height = 1 AND after_seconds BETWEEN 0 AND 2
                                  ORDER BY post_id) AS place
      FROM (
        SELECT line.post_id,
               topic.workflow_id AS topic_id,
               board.topic_list_id AS board_id,
               line.user_id,
               line.user_ip,
               line.height,
               CASE WHEN line.user_id = title.rev_user_id AND {{ same('line.user_ip', 'title.rev_user_ip') }}
                    THEN 1 ELSE 0 END AS by_opener,
               {{ seconds('line.post_id') }} - {{ seconds('topic.workflow_id') }} AS after_seconds
          FROM {{ lineage(plus=plus, minus=minus) }} AS line
          {{ ordered_join() }} flow_workflow AS topic
            ON topic.workflow_id = line.ancestor_id AND {{ unindexed('topic.workflow_wiki') }} = :wiki AND topic.workflow_type = 'topic'
          LEFT JOIN flow_revision AS title
                 ON title.rev_type = 'post' AND title.rev_type_id = topic.workflow_id AND {{ unindexed('title.rev_parent_id') }} IS NULL
          LEFT JOIN flow_topic_list AS board ON board.topic_id = topic.workflow_id
      ) AS post
  ) AS ranked
 WHERE NOT (by_opener = 1 AND height = 1 AND after_seconds BETWEEN 0 AND 2 AND place = 1)
   AND {{ within('post_id', plus=plus, minus=minus) }}

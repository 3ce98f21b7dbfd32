-- Moderation of posts and topics on this wiki's Flow boards: one row an action, by who did it, when it was done.
-- Unlocking is stored as restore-topic; the state before tells it apart. Old names, such as censor for suppress and
-- close for lock, are read as today's.
--   rev_id   Flow id   the action; its time is when it was done
--   action   text      hide, delete, suppress or restore -post or -topic; lock-topic, unlock-topic
--   by_bot   0 or 1    whether a bot did it
--   counts   0 or 1    whether this question counts it: not what bots did, unless --set bots=in
-- Source: flow
-- Example:
--   SELECT {{ period('rev_id') }} AS date, SUM(counts) AS locked
--     FROM {{ flow_moderation() }} AS moderation
--    WHERE action = 'lock-topic'
--    GROUP BY 1
SELECT revision.rev_id,
       CASE revision.rev_change_type
            WHEN 'flow-post-hidden' THEN 'hide-post'
            WHEN 'flow-rev-message-hid-post' THEN 'hide-post'
            WHEN 'flow-post-deleted' THEN 'delete-post'
            WHEN 'flow-rev-message-deleted-post' THEN 'delete-post'
            WHEN 'flow-post-restored' THEN 'restore-post'
            WHEN 'flow-rev-message-restored-post' THEN 'restore-post'
            WHEN 'flow-post-censored' THEN 'suppress-post'
            WHEN 'flow-rev-message-censored-post' THEN 'suppress-post'
            WHEN 'censor-post' THEN 'suppress-post'
            WHEN 'censor-topic' THEN 'suppress-topic'
            WHEN 'close-topic' THEN 'lock-topic'
            WHEN 'close-open-topic' THEN 'lock-topic'
            WHEN 'restore-topic' THEN CASE WHEN earlier.rev_mod_state IN ('lock', 'close') THEN 'unlock-topic'
                                           ELSE 'restore-topic' END
            ELSE revision.rev_change_type END AS action,
       {{ by_bot('revision.rev_user_id') }} AS by_bot,
       {{ counts('revision.rev_user_id') }} AS counts
  FROM {{ flow_revisions(plus=plus, minus=minus) }} AS revision
  LEFT JOIN flow_revision AS earlier
         ON earlier.rev_id = revision.rev_parent_id AND revision.rev_change_type = 'restore-topic'
 WHERE revision.rev_change_type IN (
       'hide-post', 'delete-post', 'suppress-post', 'censor-post', 'restore-post',
       'hide-topic', 'delete-topic', 'suppress-topic', 'censor-topic', 'restore-topic',
       'lock-topic', 'close-topic', 'close-open-topic',
       'flow-post-hidden', 'flow-post-deleted', 'flow-post-restored', 'flow-post-censored',
       'flow-rev-message-hid-post', 'flow-rev-message-deleted-post', 'flow-rev-message-restored-post',
       'flow-rev-message-censored-post')

-- Changes to what was already written on this wiki's Flow boards: one row for each edit of a post or a topic's title,
-- and for each revision of a board's header or a topic's summary, its first one too (enabling a board writes a header).
-- The names of 2013 are read as today's. Moderation writes revisions as well; they are in flow_moderation.
--   rev_id   Flow id   the revision; its time is when it was saved
--   kind     text      edit-post, edit-title, header or post-summary
--   by_bot   0 or 1    whether a bot did it
--   counts   0 or 1    whether this question counts it: not what bots did, unless --set bots=in
-- Source: flow
-- Example:
--   SELECT {{ period('rev_id') }} AS date, SUM(counts) AS edits
--     FROM {{ flow_changes() }} AS edit
--    WHERE kind = 'edit-post'
--    GROUP BY 1
SELECT revision.rev_id,
       CASE WHEN revision.rev_type <> 'post' THEN revision.rev_type
            WHEN revision.rev_change_type IN ('edit-title', 'flow-edit-title', 'flow-rev-message-edit-title') THEN 'edit-title'
            ELSE 'edit-post' END AS kind,
       {{ by_bot('revision.rev_user_id') }} AS by_bot,
       {{ counts('revision.rev_user_id') }} AS counts
  FROM {{ flow_revisions(plus=plus, minus=minus) }} AS revision
 WHERE ({{ unindexed('revision.rev_type') }} IN ('header', 'post-summary')
        OR {{ unindexed('revision.rev_type') }} = 'post' AND revision.rev_change_type IN (
            'edit-post', 'flow-edit-post', 'flow-rev-message-edit-post',
            'edit-title', 'flow-edit-title', 'flow-rev-message-edit-title'))

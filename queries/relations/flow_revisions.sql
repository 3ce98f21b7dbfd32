-- Revisions on this wiki's Flow boards: one row each, of posts, topics' titles, headers and summaries, first ones and later
-- ones. Whose a revision is, its topic or board tells: rev_user_wiki is the author's wiki, which is another's where a dump
-- of that one was imported.
--   rev_id            Flow id   the revision; its time is when it was saved
--   rev_type          text      post, header or post-summary; a topic's title is a post
--   rev_change_type   text      what was done, as Flow calls it
--   rev_user_id       user id   who did it; 0 for people without an account
--   rev_parent_id     Flow id   the revision before, of the same thing; NULL for the first
-- Source: flow
-- Example:
--   SELECT {{ period('rev_id') }} AS date, COUNT(*) AS revisions FROM {{ flow_revisions() }} AS revision GROUP BY 1
{% set root_id %}
       (WITH RECURSIVE climb AS (
           SELECT tree.tree_rev_descendant_id AS at_id, tree.tree_parent_id AS parent_id
             FROM flow_tree_revision AS tree
            WHERE tree.tree_rev_id = revision.rev_id
            -- known: union, for an id that is above itself would go round for ever
            UNION
           SELECT above.tree_rev_descendant_id, above.tree_parent_id
             FROM climb
             JOIN flow_tree_revision AS above ON above.tree_rev_descendant_id = climb.parent_id
       )
       SELECT at_id FROM climb WHERE parent_id IS NULL LIMIT 1)
{% endset %}
SELECT revision.rev_id,
       revision.rev_type,
       revision.rev_change_type,
       revision.rev_user_id,
       revision.rev_parent_id
  FROM flow_revision AS revision
 WHERE {{ within('revision.rev_id', plus=plus, minus=minus) }}
   AND (SELECT owner.workflow_wiki
          FROM flow_workflow AS owner
         WHERE owner.workflow_id = CASE WHEN revision.rev_type = 'post' THEN {{ root_id }} ELSE revision.rev_type_id END) = :wiki

-- Roots: one row for each post written in the range, with what its thread hangs on, which is a topic's title. Only
-- posts that reply to something: a topic's title is none.
-- The way up follows tree_parent_id. flow_tree_node would be shorter, but MediaWiki on SQLite stores the ids there partly
-- as text, which equal no others.
--   post_id     Flow id   the post; its time is when it was written
--   user_id     user id   for counting people, together with user_ip; 0 for those without an account
--   user_ip     address   of who has no account; else NULL
--   user_wiki   wiki id   the wiki that user_id is of
--   root_id     Flow id   the topic
--   height      number    how many steps up the topic is; 1 for a post right below the title
-- Source: flow
-- Example:
--   SELECT {{ period('post_id') }} AS date, MAX(height) AS deepest FROM {{ roots() }} AS root GROUP BY 1
WITH RECURSIVE climb AS (
    SELECT post.rev_type_id AS post_id,
           post.rev_user_id AS user_id,
           post.rev_user_ip AS user_ip,
           post.rev_user_wiki AS user_wiki,
           post.rev_type_id AS at_id,
           tree.tree_parent_id AS parent_id,
           0 AS height
      FROM flow_revision AS post
      JOIN flow_tree_revision AS tree ON tree.tree_rev_id = post.rev_id
     WHERE {{ within('post.rev_id', plus=plus, minus=minus, early=2) }}
       AND {{ unindexed('post.rev_type') }} = 'post'
       AND {{ unindexed('post.rev_parent_id') }} IS NULL
       AND tree.tree_parent_id IS NOT NULL
     -- known: union, for an id that is above itself would go round for ever
     UNION
    SELECT climb.post_id,
           climb.user_id,
           climb.user_ip,
           climb.user_wiki,
           above.tree_rev_descendant_id,
           above.tree_parent_id,
           climb.height + 1
      FROM climb
      JOIN flow_tree_revision AS above ON above.tree_rev_descendant_id = climb.parent_id
)
SELECT post_id, user_id, user_ip, user_wiki, at_id AS root_id, height
  FROM climb
 WHERE parent_id IS NULL

-- Lineage: for each post written in the range, a row for each thing above it: the post that it replies to, the post that
-- that one replies to, and so on up to the topic's title. Only posts: a topic's title has nothing above it.
--   post_id              Flow id; tells the time
--   user_id, user_ip     who wrote the post's first revision
--   ancestor_id, height  what stands above it, and how many steps up
-- It follows tree_parent_id. flow_tree_node would be shorter, but MediaWiki on SQLite stores the ids there partly as
-- text, which equal no others.
WITH RECURSIVE climb AS (
    SELECT post.rev_type_id AS post_id,
           post.rev_user_id AS user_id,
           post.rev_user_ip AS user_ip,
           tree.tree_parent_id AS ancestor_id,
           1 AS height
      FROM flow_revision AS post
      JOIN flow_tree_revision AS tree ON tree.tree_rev_id = post.rev_id
     WHERE {{ within('post.rev_id', plus=plus, minus=minus, early=2) }}
       AND {{ unindexed('post.rev_type') }} = 'post'
       AND {{ unindexed('post.rev_parent_id') }} IS NULL
       AND tree.tree_parent_id IS NOT NULL
     UNION
    SELECT climb.post_id,
           climb.user_id,
           climb.user_ip,
           above.tree_parent_id,
           climb.height + 1
      FROM climb
      JOIN flow_tree_revision AS above ON above.tree_rev_descendant_id = climb.ancestor_id
     WHERE above.tree_parent_id IS NOT NULL
)
SELECT post_id, user_id, user_ip, ancestor_id, height
  FROM climb

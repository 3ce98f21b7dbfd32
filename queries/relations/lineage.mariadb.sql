-- Lineage, as lineage.sql has it, from Flow's own table of ancestors. MariaDB 10.11 loses rows of a recursive query once
-- its working table outgrows tmp_table_size: seen, one reply of 21,000, with 10 months of a busy wiki in one query.
-- A topic's title, stored as new-post, has no ancestors; naming it spares looking for them.
SELECT post.rev_type_id AS post_id,
       post.rev_user_id AS user_id,
       post.rev_user_ip AS user_ip,
       node.tree_ancestor_id AS ancestor_id,
       node.tree_depth AS height
  FROM flow_revision AS post
  STRAIGHT_JOIN flow_tree_node AS node ON node.tree_descendant_id = post.rev_type_id AND node.tree_depth > 0
 WHERE {{ within('post.rev_id', plus=plus, minus=minus, early=2) }}
   AND post.rev_type = 'post'
   AND {{ unindexed('post.rev_parent_id') }} IS NULL
   AND COALESCE(post.rev_change_type, '') NOT IN ('new-post', 'new-topic')

-- Roots, as roots.sql has them, from Flow's own table of ancestors: the farthest of a post is its topic, one index entry
-- away however deep the post. MariaDB 10.11 loses rows of a recursive query once its working table outgrows
-- tmp_table_size: seen, one reply of 21,000, with 10 months of a busy wiki in one query.
-- A topic's title, stored as new-post, replies to nothing; naming it spares looking.
SELECT post.rev_type_id AS post_id,
       post.rev_user_id AS user_id,
       post.rev_user_ip AS user_ip,
       (SELECT node.tree_ancestor_id
          FROM flow_tree_node AS node
         WHERE node.tree_descendant_id = post.rev_type_id
         ORDER BY node.tree_depth DESC
         LIMIT 1) AS root_id,
       (SELECT MAX(node.tree_depth) FROM flow_tree_node AS node WHERE node.tree_descendant_id = post.rev_type_id) AS height
  FROM flow_revision AS post
 WHERE {{ within('post.rev_id', plus=plus, minus=minus, early=2) }}
   AND post.rev_type = 'post'
   AND post.rev_parent_id IS NULL
   AND COALESCE(post.rev_change_type, '') NOT IN ('new-post', 'new-topic')

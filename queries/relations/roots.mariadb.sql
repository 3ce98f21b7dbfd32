-- Roots, as roots.sql has them, from Flow's own table of ancestors: the farthest of a post is its topic, one index entry
-- away however deep the post. MariaDB 10.11 loses rows of a recursive query once its working table outgrows
-- tmp_table_size: seen, one reply of 21,000, with 10 months of a busy wiki in one query.
-- A topic's title, stored as new-post, replies to nothing; naming it spares looking.
-- A wiki that is a small part of those that share the tables is asked by its own topics: those whose newest post is not
-- before the range. Its boards tell whose a post is, for rev_user_wiki is the author's: a dump that was imported from
-- another wiki keeps that one's name there.
{% set newest_id %}
       (SELECT newest.tree_descendant_id
          FROM flow_tree_node AS newest
         WHERE newest.tree_ancestor_id = topic.workflow_id
         ORDER BY newest.tree_descendant_id DESC
         LIMIT 1)
{% endset %}
{% if is_small_part(3, plus=plus, minus=minus) %}
SELECT post.rev_type_id AS post_id,
       post.rev_user_id AS user_id,
       post.rev_user_ip AS user_ip,
       post.rev_user_wiki AS user_wiki,
       topic.workflow_id AS root_id,
       node.tree_depth AS height
  FROM flow_workflow AS topic
  {{ ordered_join() }} flow_tree_node AS node ON node.tree_ancestor_id = topic.workflow_id
  {{ ordered_join() }} flow_revision AS post
    ON post.rev_type = 'post' AND post.rev_type_id = node.tree_descendant_id AND post.rev_parent_id IS NULL
 WHERE topic.workflow_wiki = :wiki
   AND topic.workflow_type = 'topic'
   AND {{ since(newest_id, minus=minus, kind='id') }}
   AND node.tree_depth > 0
   AND {{ within('node.tree_descendant_id', plus=plus, minus=minus) }}
   AND {{ within('post.rev_id', plus=plus, minus=minus, early=2) }}
   AND COALESCE(post.rev_change_type, '') NOT IN ('new-post', 'new-topic')
{% else %}
SELECT post.rev_type_id AS post_id,
       post.rev_user_id AS user_id,
       post.rev_user_ip AS user_ip,
       post.rev_user_wiki AS user_wiki,
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
{% endif %}

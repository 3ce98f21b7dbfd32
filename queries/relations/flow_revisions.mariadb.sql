-- Revisions, as flow_revisions.sql has them, by Flow's own table of ancestors; of a wiki that is a small part of those that
-- share the tables, by its own boards and topics.
{% set root_id %}
       (SELECT node.tree_ancestor_id
          FROM flow_tree_node AS node
         WHERE node.tree_descendant_id = revision.rev_type_id
         ORDER BY node.tree_depth DESC
         LIMIT 1)
{% endset %}
{% set columns %}
SELECT revision.rev_id,
       revision.rev_type,
       revision.rev_change_type,
       revision.rev_user_id,
       revision.rev_parent_id
{% endset %}
{% if is_small_part(0.3, plus=plus, minus=minus) %}
{{ columns }}
  FROM flow_workflow AS owner
  {{ ordered_join() }} flow_revision AS revision
    ON revision.rev_type = CASE owner.workflow_type WHEN 'topic' THEN 'post-summary' ELSE 'header' END
   AND revision.rev_type_id = owner.workflow_id
 WHERE owner.workflow_wiki = :wiki
   AND {{ within('revision.rev_id', plus=plus, minus=minus) }}
 UNION ALL
{{ columns }}
  FROM flow_workflow AS owner
  {{ ordered_join() }} flow_tree_node AS node ON node.tree_ancestor_id = owner.workflow_id
  {{ ordered_join() }} flow_revision AS revision ON revision.rev_type = 'post' AND revision.rev_type_id = node.tree_descendant_id
 WHERE owner.workflow_wiki = :wiki
   AND {{ within('revision.rev_id', plus=plus, minus=minus) }}
{% else %}
{{ columns }}
  FROM flow_revision AS revision
 WHERE {{ within('revision.rev_id', plus=plus, minus=minus) }}
   AND (SELECT owner.workflow_wiki
          FROM flow_workflow AS owner
         WHERE owner.workflow_id = CASE WHEN revision.rev_type = 'post' THEN {{ root_id }} ELSE revision.rev_type_id END) = :wiki
{% endif %}

-- Talk edits: one row a revision of a wikitext talk page saved in the range. Talk pages are those in odd namespaces, as
-- the page stands now; revisions of deleted pages, in archive, are among them, under the namespace they were deleted
-- from. A revision that is in both, as an undeletion may leave it, counts once, the live one; and one that archive has twice
-- counts once. Ids need not follow time, for imports bear any, so archive is asked by time: a pass over the smallest index
-- that holds it. Left out are the stubs behind Flow boards (by the revision's own content), null revisions such as a move writes
-- (the content is the parent's, to the byte), and the redirect that a move leaves behind: a page's first revision, and
-- in the log a move of that title by that person, in that second or up to 2 later, for the redirect is written first.
-- Where the redirect was itself moved since, the log of that move has its title of then.
--   saved_timestamp   timestamp   14 digits: when it was saved
--   namespace         number      odd: 1 article talk, 3 user talk, 5 project talk, and so on
--   author            key         stands for who saved it, account or address; for counting people
--   account_id        account     who saved it, to join people() by; 0 without an account, NULL where the author is hidden
--   by_bot            0 or 1      whether a bot saved it
--   counts            0 or 1      whether this question counts it: not what bots did, unless --set bots=in
-- Source: core
-- Example:
--   SELECT {{ period('saved_timestamp') }} AS date, SUM(counts) AS edits FROM {{ talk_edits() }} AS edit GROUP BY 1
{% macro kept(table, prefix, page, namespace, title) %}
       {{ namespace }} % 2 = 1
   AND {{ is_board(prefix) }} = 0
   AND {{ same_as_parent(prefix) }} = 0
   AND NOT (COALESCE({{ table }}.{{ prefix }}_parent_id, 0) = 0 AND 0 < (
       SELECT COUNT(*)
         FROM logging
         {{ join_author('log') }}
        WHERE logging.log_type = 'move'
          AND logging.log_namespace = {{ namespace }}
          AND logging.log_title = {{ title }}
          AND {{ author_key('log') }} = {{ author_key(prefix) }}
          AND {{ seconds('logging.log_timestamp') }} - {{ seconds(table ~ '.' ~ prefix ~ '_timestamp') }} BETWEEN 0 AND 2))
   AND NOT (COALESCE({{ table }}.{{ prefix }}_parent_id, 0) = 0 AND 0 < (
       SELECT COUNT(*)
         FROM logging AS later
         {{ ordered_join() }} logging
           ON logging.log_namespace = later.log_namespace AND logging.log_title = later.log_title
          AND logging.log_type = 'move' AND logging.log_id < later.log_id
         {{ join_author('log') }}
        WHERE later.log_page = {{ page }}
          AND later.log_type = 'move'
          AND {{ author_key('log') }} = {{ author_key(prefix) }}
          AND {{ seconds('logging.log_timestamp') }} - {{ seconds(table ~ '.' ~ prefix ~ '_timestamp') }} BETWEEN 0 AND 2))
{% endmacro %}
SELECT revision.rev_timestamp AS saved_timestamp,
       page.page_namespace AS namespace,
       {{ author_key('rev') }} AS author,
       CASE WHEN {{ author_key('rev') }} IS NOT NULL THEN COALESCE({{ author_id('rev') }}, 0) END AS account_id,
       {{ by_bot(author_id('rev')) }} AS by_bot,
       {{ counts(author_id('rev')) }} AS counts
  FROM revision
  {{ ordered_join() }} page ON page.page_id = revision.rev_page
  {{ join_author('rev') }}
  {{ join_content('rev') }}
 WHERE {{ within('revision.rev_timestamp', plus=plus, minus=minus) }}
   AND {{ kept('revision', 'rev', 'revision.rev_page', 'page.page_namespace', 'page.page_title') }}
 UNION ALL
SELECT archive.ar_timestamp,
       archive.ar_namespace,
       {{ author_key('ar') }},
       CASE WHEN {{ author_key('ar') }} IS NOT NULL THEN COALESCE({{ author_id('ar') }}, 0) END,
       {{ by_bot(author_id('ar')) }},
       {{ counts(author_id('ar')) }}
  FROM archive AS deleted
  {{ ordered_join() }} archive ON archive.ar_id = deleted.ar_id
  {{ join_author('ar') }}
  {{ join_content('ar') }}
 WHERE {{ within('deleted.ar_timestamp', plus=plus, minus=minus) }}
   AND 0 = (SELECT COUNT(*)
              FROM revision AS live
              JOIN page AS live_page ON live_page.page_id = live.rev_page
             WHERE live.rev_id = archive.ar_rev_id)
   AND 0 = (SELECT COUNT(*) FROM archive AS twin WHERE twin.ar_rev_id = archive.ar_rev_id AND twin.ar_id < archive.ar_id)
   AND {{ kept('archive', 'ar', 'archive.ar_page_id', 'archive.ar_namespace', 'archive.ar_title') }}

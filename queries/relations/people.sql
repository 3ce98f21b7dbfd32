-- People: one row for each account of this wiki, whenever it was registered; the one relation that is not cut to a range.
-- Use LEFT JOIN: who has no account, and so account_id 0, has no row, nor has an account that is hidden from the table user.
-- How many edits somebody had made by a moment tells edits_before(), not user_editcount, which is a number of today. Accounts
-- of before 2005 have no time of registration; where accounts are shared by wikis, it is that on this wiki.
--   account_id           account   as topics(), replies() and talk_edits() have it
--   registered_seconds   seconds   after 1970, when the account was registered; NULL where nothing tells
--   temporary            0 or 1    whether MediaWiki gave it to somebody without one: by user_is_temp, or its name before 1.41
-- Source: core, or flow where its tables are on the server of the core tables
-- Example:
--   SELECT {{ period('post_id') }} AS date, SUM(reply.counts) AS by_temporary_accounts
--     FROM {{ replies() }} AS reply
--     LEFT JOIN {{ people() }} AS person ON person.account_id = reply.account_id
--    WHERE person.temporary = 1
--    GROUP BY 1
SELECT user.user_id AS account_id,
       CASE WHEN {{ is_time('user.user_registration', kind='timestamp') }}
            THEN {{ seconds('user.user_registration', kind='timestamp') }} END AS registered_seconds,
       CASE WHEN {{ 'user.user_is_temp = 1' if core_has('user', 'user_is_temp') else "SUBSTR(user.user_name, 1, 2) = '~2'" }}
            THEN 1 ELSE 0 END AS temporary
  -- known: range, for accounts of any time are wanted
  FROM {{ core('user') }}

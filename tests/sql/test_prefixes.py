"""A wiki's prefix stands before each of its tables, and before nothing else."""

from __future__ import annotations

import pytest

from flow.sql.prefixes import prefix_tables

TABLES = {"revision", "page", "user", "archive", "flow_revision", "flow_workflow"}


@pytest.mark.parametrize(
    ("sql", "prefixed"),
    [
        ("SELECT rev_id FROM revision", "SELECT rev_id FROM `mw_revision` AS revision"),
        ("SELECT user.user_id FROM user WHERE user = 1", "SELECT user.user_id FROM `mw_user` AS user WHERE user = 1"),
        ("SELECT r.rev_id FROM `revision` AS r", "SELECT r.rev_id FROM `mw_revision` AS r"),
        ("SELECT revision.rev_id FROM flow_revision AS revision", "SELECT revision.rev_id FROM `mw_flow_revision` AS revision"),
        ("SELECT 1 FROM flow_revision revision", "SELECT 1 FROM `mw_flow_revision` revision"),
        ("SELECT 1 FROM page JOIN revision ON rev_page = page_id", "SELECT 1 FROM `mw_page` AS page JOIN `mw_revision` AS revision ON rev_page = page_id"),
        ("SELECT 1 FROM page STRAIGHT_JOIN revision", "SELECT 1 FROM `mw_page` AS page STRAIGHT_JOIN `mw_revision` AS revision"),
        ("SELECT 1 FROM page, revision AS r, user", "SELECT 1 FROM `mw_page` AS page, `mw_revision` AS r, `mw_user` AS user"),
        ("SELECT 1 FROM (page, user) WHERE a IN (page, user)", "SELECT 1 FROM (`mw_page` AS page, `mw_user` AS user) WHERE a IN (page, user)"),
        ("SELECT page, user FROM (SELECT 1 AS page, 2 AS user FROM page) AS a", "SELECT page, user FROM (SELECT 1 AS page, 2 AS user FROM `mw_page` AS page) AS a"),
        ("SELECT 1 FROM page FORCE INDEX (a)", "SELECT 1 FROM `mw_page` AS page FORCE INDEX (a)"),
        ("SELECT 1 FROM other.page, page(1), nothing", "SELECT 1 FROM other.page, page(1), nothing"),
        ("SELECT 'FROM page', \"FROM page\" -- FROM page\n FROM user", "SELECT 'FROM page', \"FROM page\" -- FROM page\n FROM `mw_user` AS user"),
        ("SELECT EXTRACT(YEAR FROM page), TRIM('a' FROM user) FROM page", "SELECT EXTRACT(YEAR FROM page), TRIM('a' FROM user) FROM `mw_page` AS page"),
        ("WITH page AS (SELECT 1 FROM page) SELECT 1 FROM page", "WITH page AS (SELECT 1 FROM `mw_page` AS page) SELECT 1 FROM page"),
        ("WITH page(a) AS (SELECT 1), user AS (SELECT 1 FROM page) SELECT 1 FROM user", "WITH page(a) AS (SELECT 1), user AS (SELECT 1 FROM page) SELECT 1 FROM user"),
        ("WITH RECURSIVE page AS (SELECT 1 UNION SELECT a FROM page) SELECT 1 FROM page", "WITH RECURSIVE page AS (SELECT 1 UNION SELECT a FROM page) SELECT 1 FROM page"),
        ("SELECT (WITH page AS (SELECT 1) SELECT 1 FROM page) FROM page", "SELECT (WITH page AS (SELECT 1) SELECT 1 FROM page) FROM `mw_page` AS page"),
        ("SELECT 1 FROM revision UNION ALL SELECT 2 FROM archive ORDER BY 1", "SELECT 1 FROM `mw_revision` AS revision UNION ALL SELECT 2 FROM `mw_archive` AS archive ORDER BY 1"),
        ("SELECT 1 FROM user WHERE (SELECT COUNT(*) FROM page WHERE a = :page) > 0", "SELECT 1 FROM `mw_user` AS user WHERE (SELECT COUNT(*) FROM `mw_page` AS page WHERE a = :page) > 0"),
        ("SHOW GRANTS FOR CURRENT_USER", "SHOW GRANTS FOR CURRENT_USER"),
    ],
)
def test_a_prefix_stands_before_tables_only(sql: str, prefixed: str):
    assert prefix_tables(sql, "mw_", TABLES, escapes=True) == prefixed


@pytest.mark.parametrize(("escapes", "sql"), [(True, r"SELECT 'a\' FROM page' FROM user"), (False, r"SELECT 'a\' FROM user")])
def test_a_text_ends_where_the_engine_ends_it(escapes: bool, sql: str):
    assert prefix_tables(sql, "mw_", TABLES, escapes) == sql.removesuffix("user") + "`mw_user` AS user"

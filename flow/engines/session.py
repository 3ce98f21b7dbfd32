"""The settings of a session on MariaDB or MySQL: whatever the server or the account has set, the same SQL gives the same rows."""

from __future__ import annotations

from typing import Any

#: All that changes what a SELECT gives or shows, on both servers. Where a setting has a limit, the highest there is.
#: Source: MariaDB, Server System Variables, and SQL_MODE; MySQL, Server System Variables.
SETTINGS = {
    "time_zone": "'+00:00'",
    "sql_mode": "'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION'",
    "sql_select_limit": "18446744073709551615",
    "max_join_size": "18446744073709551615",
    "sql_big_selects": "1",
    "sql_safe_updates": "0",
    "sql_auto_is_null": "0",
    "sql_quote_show_create": "1",
    "group_concat_max_len": "1048576",
    "max_sort_length": "1024",
    "div_precision_increment": "4",
    "default_week_format": "0",
    "lc_time_names": "'en_US'",
}
#: Those that MariaDB alone has.
OF_MARIADB = {"old_mode": "''", "max_recursive_iterations": "4294967295"}

#: How texts in the SQL are sent, compared and sent back; MediaWiki's own columns are binary.
NAMES = "SET NAMES utf8mb4 COLLATE utf8mb4_bin"
TRANSACTION = "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"


def settle(driver: Any, time_limit: int) -> None:
    """Makes a driver's new connection read-only, in UTC, with a limit on each statement, and like any other."""
    with driver.cursor() as cursor:
        for statement in (NAMES, _assign(SETTINGS), TRANSACTION):
            cursor.execute(statement)
        cursor.execute("SELECT VERSION()")
        cursor.execute(_assign(_of_server(str(cursor.fetchone()[0]), time_limit)))


def brief() -> str:
    """The statement that brings a client's session close enough to one of ours for pasted SQL."""
    return _assign({name: SETTINGS[name] for name in ("time_zone", "sql_mode")})


def _of_server(version: str, time_limit: int) -> dict[str, str]:
    if "MariaDB" in version:
        return {"max_statement_time": str(time_limit), **OF_MARIADB}
    return {"max_execution_time": str(time_limit * 1000)}


def _assign(settings: dict[str, str]) -> str:
    return "SET " + ", ".join(f"SESSION {name} = {value}" for name, value in settings.items())

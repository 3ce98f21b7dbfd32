"""What may be said of a database's error: its text without SQL, without values, and without anybody's name."""

from __future__ import annotations

import re

import sqlalchemy as sa

from flow.engines.faults import code
from flow.quoted import unquoted

#: Those that refuse an account, and quote it, a limit, a plugin or a host.
OF_ACCOUNTS = {1129, 1203, 1226, 1251, 1524, 1820, 1862, 3118, 3159, 4151}
#: Those that quote names of tables, columns, functions, hosts and the like, and nothing out of a row. Those of 2000 to
#: 2999 are the client's own, and quote a host at most. Source: MariaDB, share/errmsg-utf8.txt.
OF_NAMES = {
    1044, 1045, 1046, 1049, 1051, 1052, 1054, 1055, 1056, 1060, 1066, 1103, 1109, 1115, 1128, 1130, 1140, 1142, 1143, 1146,
    1176, 1193, 1227, 1235, 1247, 1248, 1267, 1270, 1271, 1273, 1286, 1290, 1305, 1318, 1356, 1370, 1449, 1582, 1584, 1630,
    1698, 4078, *OF_ACCOUNTS,
}
SYNTAX = 1064
#: The text is what a stored function made up, with or without quotes.
SIGNALLED = {1642, 1643, 1644}

ACCOUNT = re.compile(r"'.*?'@'")
#: The account in 1203 and 1226; the first does not quote it.
USER = re.compile(r"^User .* (?=has exceeded the |already has more than )")
#: What PyMySQL says of a package that an account's way to log in needs.
PACKAGE = re.compile(r"'(\w+)' package is required for [\w, ]+")
NEAR = re.compile(r"near '(.*)' at line (\d+)$")
#: Where SQLite begins to name things.
NAMES = re.compile(r"""[:'"`(\[]""")
#: What SQLite's parser stumbled over, which is SQL without its values.
PARSED = re.compile(r"""near ".*": syntax error""")


def reason(error: BaseException) -> str:
    """What the driver said, in one line."""
    number = code(error)
    text = _text(getattr(error, "orig", error))
    if number is None:
        return _without_number(error, text)
    if number in SIGNALLED:
        return f"a stored function stopped it with error {number}"
    if number == SYNTAX:
        return _near(text)
    known = number in OF_NAMES or number // 1000 == 2
    return USER.sub("User '…' ", ACCOUNT.sub("'…'@'", text)) if known else unquoted(text)


def _text(error: BaseException) -> str:
    arguments = error.args or (type(error).__name__,)
    return " ".join(str(arguments[-1]).split())


def _near(text: str) -> str:
    """A mistake in the SQL is shown from where it is up to the first text in it: that may be a value."""
    found = NEAR.search(text)
    if not found:
        return unquoted(text)
    return f"there is an error in the SQL syntax near '{unquoted(found[1])}', line {found[2]}"


def _without_number(error: BaseException, text: str) -> str:
    """SQLite's errors, which have no numbers that tell them apart, and those of the driver's own code."""
    if isinstance(error, ImportError) or PACKAGE.fullmatch(text):
        return f"{text}; install it beside this program"
    if isinstance(error, TypeError) or isinstance(getattr(error, "orig", None), sa.exc.InvalidRequestError):
        return text  # an option of a URL, or a value of the SQL, that there is not
    sql = getattr(error, "statement", None)
    return _as_named_in(sql, text) if sql else unquoted(text)


def _as_named_in(sql: str, text: str) -> str:
    """``text``, with the names in it only if all of them are in our own SQL: then they are out of no row."""
    found = NAMES.search(text)
    if not found or PARSED.fullmatch(text):
        return text
    names = set(re.findall(r"\w+", text[found.start() :])) - {"syntax", "error"}
    return text if names and names <= set(re.findall(r"\w+", sql)) else f"{text[: found.start()].rstrip()}: …"

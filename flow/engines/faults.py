"""A database's errors: their numbers, and whether they pass by themselves."""

from __future__ import annotations

import ssl

import sqlalchemy as sa

#: The server is gone: too many connections, of all or of this account, no socket, no host, lost. Those of 2000 and above are
#: the client's own. Source: MariaDB, Operating System and Server Error Codes.
GONE = {1040, 1203, 1226, 2002, 2003, 2005, 2006, 2013}
#: Over after a moment: the server is full, down or restarting; another transaction holds a lock.
PASSING = {1040, 1203, 1205, 1226, 1213, 2002, 2003, 2006, 2013}
#: SQLite's SQLITE_BUSY and SQLITE_LOCKED: somebody is writing.
PASSING_SQLITE = {5, 6}


def code(error: BaseException) -> int | None:
    """The database's own number of an error, where it gives one."""
    arguments = getattr(getattr(error, "orig", None), "args", ())
    return arguments[0] if arguments and isinstance(arguments[0], int) else None


def passes(error: BaseException) -> bool:
    """Whether the same may well succeed in a moment. A missed time limit does not, nor does a certificate that is wrong."""
    if not isinstance(error, sa.exc.DBAPIError) or _has_bad_certificate(error.orig):
        return False
    of_sqlite = getattr(error.orig, "sqlite_errorcode", None)
    return code(error) in PASSING or (of_sqlite is not None and of_sqlite & 0xFF in PASSING_SQLITE)


def _has_bad_certificate(driver_error: BaseException | None) -> bool:
    """Whether the server, or who stands in its way, could not prove who it is; the driver says it as it says that one is down."""
    return isinstance(getattr(driver_error, "original_exception", None), ssl.SSLCertVerificationError)


def fell_silent(error: BaseException) -> bool:
    """Whether the server took the question and never answered, as one that is frozen does."""
    driver_error = getattr(error, "orig", None)
    return isinstance(getattr(driver_error, "__context__", None), TimeoutError)

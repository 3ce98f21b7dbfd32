"""Instants as MediaWiki and Flow store them: 14 digits, and 88-bit ids that begin with their time."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

ID_BYTES = 11
FIRST_ID = bytes(ID_BYTES)
#: A bound above every id: the result of asking for a time after the year 4199.
LAST_ID = b"\xff" * ID_BYTES


def epoch_seconds(instant: datetime) -> int:
    """Whole seconds from 1970 to ``instant``, which carries a time zone."""
    return (instant - EPOCH) // timedelta(seconds=1)


def flow_id(seconds: int) -> bytes:
    """The smallest Flow id of the second ``seconds`` after 1970: 46 bits of milliseconds, then zeros; 11 bytes.

    Seconds before 1970 give the smallest id there is, and those that no id can hold a bound above all ids.
    Source: Flow, includes/Model/UUID.php, getComparisonUUID.
    """
    if seconds <= 0:
        return FIRST_ID
    milliseconds = seconds * 1000
    if milliseconds >> 46:
        return LAST_ID
    return (milliseconds << 2).to_bytes(6, "big") + bytes(ID_BYTES - 6)


def flow_id_seconds(flow_id: bytes) -> int:
    """The second after 1970 in which a Flow id was made.

    Source: Flow, includes/Model/UUID.php, hex2timestamp.
    """
    return (int.from_bytes(flow_id[:6], "big") >> 2) // 1000


def timestamp(seconds: int) -> str:
    """The second ``seconds`` after 1970 as MediaWiki's 14 digits, UTC; bounded to the years 1970 to 9999.

    Source: MediaWiki, includes/libs TS_MW.
    """
    last = epoch_seconds(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))
    instant = EPOCH + timedelta(seconds=min(max(seconds, 0), last))
    return instant.strftime("%Y%m%d%H%M%S")


def timestamp_seconds(digits: str) -> int:
    """The second after 1970 that MediaWiki's 14 digits name."""
    return epoch_seconds(datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC))

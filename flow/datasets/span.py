"""Lengths of time as people write them: 90s, 30m, 72h, 7d, none."""

import re

from flow.errors import UsageError

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}

#: ``none``: longer than any wiki lives (317 years), yet small enough to add to.
FOREVER = 10**10


def seconds_of(text: str) -> int:
    """The seconds that ``text`` names, ``FOREVER`` for ``none``.

    Raises UsageError for anything else.
    """
    if text == "none":
        return FOREVER
    match = re.fullmatch(r"([0-9]{1,6})([smhd])", text)
    if match is None:
        raise UsageError(f"'{text}' is not a length of time; write 90s, 30m, 72h, 7d or none")
    return int(match[1]) * UNITS[match[2]]

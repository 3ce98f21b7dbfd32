"""What names, paths, days and times look like in a file that we wrote. Whoever else wrote it: Damaged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import PurePosixPath
from typing import Any

from flow.datasets.period import FIRST_DAY, LAST_DAY
from flow.shelf.csvfile import Damaged

#: The ids of datasets and columns, and of wikis: they become parts of paths.
NAME = re.compile(r"[A-Za-z0-9_-]+")


def texts(item: Mapping[str, Any]) -> dict[str, str]:
    """``item``, if all in it is text that can be written."""
    if not all(isinstance(text, str) for text in item.values()):
        raise Damaged("a text is none")
    encoded("".join([*item, *item.values()]))
    return dict(item)


def encoded(text: str) -> str:
    """``text``, if it can be written."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Damaged("a text holds half a character") from error
    return text


def name(text: Any) -> str:
    """``text``, if it is an id."""
    if not isinstance(text, str) or not NAME.fullmatch(text):
        raise Damaged("an id is none")
    return text


def within(paths: Iterable[str]) -> None:
    """Passes over ``paths`` that lead to files of a release."""
    for path in paths:
        if "\0" in path or path.startswith("/") or not PurePosixPath(path).parts or ".." in PurePosixPath(path).parts:
            raise Damaged("a path leads out of the release")


def days(item: Mapping[str, Any]) -> dict[str, str]:
    """``item``, if all in it are days."""
    return {name: str(day(text)) for name, text in texts(item).items()}


def numbers(item: Mapping[str, Any]) -> dict[str, int]:
    """``item``, if all in it are whole numbers, not below 0."""
    if not all(type(number) is int and 0 <= number < 10**12 for number in item.values()):
        raise Damaged("a number is none")
    encoded("".join(item))
    return dict(item)


def day(text: str) -> date:
    """The day of ``text``, one that a wiki can have."""
    found = date.fromisoformat(text)
    if not FIRST_DAY <= found <= LAST_DAY or str(found) != text:
        raise Damaged("a day is none that a wiki can have")
    return found


def instant(text: str) -> datetime:
    """The time of ``text``."""
    found = datetime.fromisoformat(text)
    if timestamp(found if found.tzinfo else found.replace(tzinfo=UTC)) != text:
        raise Damaged("a time is not written as we write it")
    return found


def timestamp(at: datetime) -> str:
    """A time as it is written."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

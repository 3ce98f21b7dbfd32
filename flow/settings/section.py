"""One section of the settings file: its values checked for their kind, and unknown ones refused."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from flow.datasets.span import seconds_of
from flow.errors import UsageError

KINDS: dict[type, str] = {str: "text in quotes", int: "whole number", bool: "true or false", dict: "section", list: "list"}
KINDS |= {date: "day such as 2014-01-01", datetime: "time such as 2014-01-01T00:00:00Z"}


@dataclass(frozen=True, slots=True)
class Section:
    """The ``table`` at ``place`` of the file ``path``. Everything raises UsageError for a value of another kind."""

    path: Path
    table: dict[str, Any]
    place: str = ""

    def only(self, *known: str) -> Section:
        """The section, if it holds none but ``known`` keys."""
        for key in self.table:
            if key not in known:
                near = difflib.get_close_matches(key, known, 1)
                hint = f"did you mean '{near[0]}'?" if near else f"known are {', '.join(sorted(known))}"
                raise self.fault(key, f"is no setting; {hint}")
        return self

    def value(self, key: str, kind: type, default: Any) -> Any:
        """The value of ``key``, which must be of ``kind``."""
        value = self.table.get(key, default)
        if key in self.table and (not isinstance(value, kind) or (kind is int and isinstance(value, bool))):
            raise self.fault(key, f"must be a {KINDS[kind]}, not {_show(value)}")
        return value

    def section(self, key: str) -> Section:
        """The section below; an empty one if there is none."""
        return Section(self.path, self.value(key, dict, {}), f"{self.place}.{key}".strip("."))

    def sections(self) -> Iterator[tuple[str, Section]]:
        """All that is below, each of which must be a section."""
        for key in self.table:
            self.value(key, dict, {})
            yield key, self.section(key)

    def at_least(self, key: str, least: int, default: int) -> int:
        """A whole number, not below ``least``."""
        number: int = self.value(key, int, default)
        if number < least:
            raise self.fault(key, f"must be a whole number, {least} or more")
        return number

    def span(self, key: str, default: str) -> int:
        """A length of time, in seconds."""
        try:
            return seconds_of(self.value(key, str, default))
        except UsageError as error:
            raise self.fault(key, str(error)) from error

    def beside(self, key: str, default: str | None = None) -> Path | None:
        """A path, relative to the file's folder."""
        name = self.value(key, str, default)
        return None if name is None else self.place_of(key, name)

    def place_of(self, key: str, name: str) -> Path:
        """The path ``name``, relative to the file's folder."""
        if "\0" in name:
            raise self.fault(key, "is no path: it holds a NUL")
        try:
            return self.path.parent / Path(name).expanduser()
        except RuntimeError as error:
            raise self.fault(key, f"is no path: {error}") from error

    def file(self, key: str) -> Path | None:
        """A path of a file that is there."""
        path = self.beside(key)
        if path is not None and not path.is_file():
            raise self.fault(key, f"there is no file {path}")
        return path

    def fault(self, key: str, what: str) -> UsageError:
        """The error of ``key``, which ``what`` tells."""
        return UsageError(f"{self.path}: {f'{self.place}.{key}'.strip('.')}: {what}")


def _show(value: Any) -> str:
    """A number, and of a text, a list or a section only what it is: it may hold a password."""
    return next((f"a {KINDS[kind]}" for kind in (str, dict, list) if isinstance(value, kind)), repr(value))

"""What a run did, and the exit code that tells it."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from flow import terminal
from flow.datasets.period import Period
from flow.errors import DatasetError, FlowError, HeldBack, SchemaError, Unreachable
from flow.pipeline.plan import Due
from flow.publication.held import Held
from flow.shelf.entry import Key

log = logging.getLogger("flow")

#: What is wrong with a database, and so with all that it would have given: said once, not for each CSV.
COMMON = (Unreachable, SchemaError)


@dataclass(slots=True)
class Outcome:
    """What a run did. ``reached``: whether any database answered, of those that were asked.

    ``unfinished``: the CSVs that could not be brought up to date, and why. ``left``: those that wait for the next run,
    because the budget was used up. ``fresh``: the periods that were computed.
    ``blocked``: why nothing at all was published, if so.
    """

    computed: list[Due] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    held_back: list[str] = field(default_factory=list)
    unfinished: dict[Key, FlowError] = field(default_factory=dict)
    left: set[Key] = field(default_factory=set)
    fresh: dict[Key, set[Period]] = field(default_factory=dict)
    waits: dict[Key, str] = field(default_factory=dict)
    blocked: HeldBack | None = None
    restated: int = 0
    release: Path | None = None
    reached: bool = True
    mistakes: set[str] = field(default_factory=set)

    @property
    def exit_code(self) -> int:
        """3 if no database could be reached, 1 if some dataset failed, 4 if a check held something back, else 0."""
        if not self.reached:
            return Unreachable.exit_code
        return 1 if self.failures else HeldBack.exit_code if self.held_back else 0

    def fail(self, line: str, keys: Iterable[Key] = (), excerpt: str = "") -> None:
        """Tells what failed; ``keys``: the CSVs that the line is about, ``excerpt``: the line of a script that is at fault."""
        self.failures.append(line)
        log.error("failed: %s", line, extra={"excerpt": excerpt, **_shared(keys)})

    def crash(self, key: Key, error: Exception) -> DatasetError:
        """Tells of a mistake of this program that one CSV has met; where it is, once. Its message may quote data."""
        where = terminal.trace(error)
        if where not in self.mistakes:
            self.mistakes.add(where)
            log.error("%s", where)
        found = DatasetError(f"{type(error).__name__}: a mistake of this program, which its log shows; please report it")
        self.fail(f"{key}: {found}", [key])
        return found

    def fail_together(self, errors: Iterable[tuple[Key, FlowError]]) -> None:
        """One line for all that failed for the same reason."""
        together: defaultdict[str, list[Key]] = defaultdict(list)
        for key, error in errors:
            together[str(error)].append(key)
        for line, keys in together.items():
            self.fail(f"{line} ({len(keys)} {'CSV' if len(keys) == 1 else 'CSVs'} not made)", keys)

    def block(self, line: str) -> None:
        """Tells why nothing at all is published."""
        self.blocked = HeldBack(line)
        self.hold(line)

    def hold(self, line: str, keys: Iterable[Key] = ()) -> None:
        """Tells what a check held back; ``keys``: the CSVs that the line is about."""
        self.held_back.append(line)
        log.error("held back: %s", line, extra=_shared(keys))

    def hold_each(self, held: Mapping[Key, Held], remedy: str) -> None:
        """Tells what is held back of each CSV, and once what a person can do."""
        if len(held) == 1:
            for key, each in held.items():
                self.hold(f"{key}: {each.why}; {remedy}", [key])
        elif held:
            for key, each in sorted(held.items()):
                self.hold(f"{key}: {each.why}", [key])
            log.error("held back: %s", remedy)

    def summary(self, folder: Path) -> str:
        """What the run did, in a line."""
        periods = sum(len(due.why) for due in self.computed)
        csvs = len({due.key for due in self.computed})
        parts = [f"{csvs} CSVs brought up to date, {periods} periods"] if self.computed else []
        parts += [f"{len(self.failures)} failures"] if self.failures else []
        parts += [f"{len(self.held_back)} held back"] if self.held_back else []
        parts += [f"{self.restated} published numbers changed"] if self.restated else []
        parts += [f"{len(self.left)} CSVs left to the next run"] if self.left else []
        parts += [f"{len(self.waits)} CSVs wait for their database"] if self.waits else []
        parts += [f"published in {folder / 'public'}"] if self.release else []
        return f"{'; '.join(parts)}." if parts else "Nothing to do: everything is up to date."


def _shared(keys: Iterable[Key]) -> dict[str, str]:
    """What the fields of all ``keys`` have in common."""
    found = [set(key.fields.items()) for key in keys]
    return dict(set.intersection(*found)) if found else {}

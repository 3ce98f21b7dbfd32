"""How far a run is: one line on a terminal, and in the log a line for each wiki that is done."""

from __future__ import annotations

import logging
import sys
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flow.terminal.colours import width_of

if TYPE_CHECKING:
    from rich.console import RenderableType

log = logging.getLogger("flow")


@dataclass(slots=True)
class Wiki:
    """What of a wiki was planned and is done; ``began``: when, on the clock that only runs forward."""

    planned: int = 0
    done: int = 0
    ended: int = 0
    periods: int = 0
    reasons: dict[str, None] = field(default_factory=dict)
    began: float = 0.0


@dataclass(slots=True)
class Progress:
    """Is told of each CSV as it begins and ends. ``doing``: what is being done now.

    ``wikis``: how many there will be in all, where they are planned one after the other; 0 where all are planned at once.
    """

    wikis: int = 0
    doing: str = "reading"
    each: dict[str, Wiki] = field(default_factory=dict)
    _began: float = field(default_factory=time.monotonic)
    _first: float | None = None

    def expect(self, wikis: Iterable[str]) -> None:
        """Takes in the CSVs that are due, each by its wiki."""
        for wiki, many in Counter(wikis).items():
            self.each.setdefault(wiki, Wiki()).planned += many

    def begin(self, wiki: str, csv: str) -> None:
        """A CSV is begun."""
        now = time.monotonic()
        self._first = self._first or now
        found = self.each.setdefault(wiki, Wiki())
        found.began = found.began or now
        self.doing = f"{wiki}  {csv}"

    def end(self, wiki: str, periods: Collection[str] | None) -> None:
        """A CSV is done, and each of its periods was due for a reason; or it failed. Says so of the wiki after its last one."""
        found = self.each[wiki]
        found.ended += 1
        if periods is not None:
            found.done, found.periods = found.done + 1, found.periods + len(periods)
            found.reasons |= dict.fromkeys(periods)
        if found.ended >= found.planned:
            self._log(wiki, found)

    def stop(self) -> None:
        """Says how far the wikis are of which something is left."""
        for wiki, found in self.each.items():
            if 0 < found.ended < found.planned:
                self._log(wiki, found)
        self.doing = "checking and publishing"

    def _log(self, wiki: str, found: Wiki) -> None:
        seconds = time.monotonic() - found.began
        many = f"{found.done}{'' if found.done == found.planned else f' of {found.planned}'}"
        why = f" ({', '.join(found.reasons)})" if found.reasons else ""
        what = f"{many} {'CSV' if many == '1' else 'CSVs'}, {found.periods} periods{why}"
        fields = {"wiki": wiki, "seconds": round(seconds, 3), "rows": found.periods}
        log.info("%s: %s, in %s", wiki, what, clock(seconds), extra=fields)

    def line(self) -> str:
        """What is done now, how many CSVs of all, how long it took, and how long the rest may take."""
        now = time.monotonic()
        parts = [self.doing]
        ended, all = sum(wiki.ended for wiki in self.each.values()), self._all()
        if all:
            parts.append(f"{ended}/{all} CSVs")
        rest = (now - self._first) * (all - ended) / ended if ended and self._first is not None else 0.0
        parts.append(clock(now - self._began) + (f", about {clock(rest)} left" if rest else ""))
        return "  ".join(parts)

    def _all(self) -> int:
        """How many CSVs there are, as far as can be told: wikis that are not planned yet are taken to be like the others."""
        planned = sum(wiki.planned for wiki in self.each.values())
        return round(planned * max(1.0, self.wikis / len(self.each))) if self.each else 0

    @contextmanager
    def shown(self) -> Iterator[None]:
        """While a run is at work: the line is on the terminal, if there is one."""
        if not sys.stderr.isatty():
            yield
            return
        from rich.console import Console
        from rich.live import Live

        console = Console(stderr=True, highlight=False, soft_wrap=True)
        with Live(get_renderable=self._render, console=console, transient=True, redirect_stdout=False):
            yield

    def _render(self) -> RenderableType:
        from rich.text import Text

        text = Text(self.line(), style="dim", no_wrap=True)
        text.truncate(width_of(sys.stderr) - 1, overflow="ellipsis")
        return text


def clock(seconds: float) -> str:
    """A length of time, as 0:07, 12:30 or 1:02:03."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


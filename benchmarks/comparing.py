"""Rows of a table: one kind of work, in the version before and in this one, turn and turn about."""

from __future__ import annotations

import shutil
import statistics
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.checkout import Checkout
from flow import terminal

if TYPE_CHECKING:
    from tests.support.mariadb import Server

#: What was found, by what it is, such as ``seconds of processor``; less is better.
Figures = Mapping[str, float]
Prepare = Callable[["Scene", Checkout], None]


@dataclass(slots=True)
class Scene:
    """Where rows are measured. ``is_short``: the smallest form, which says nothing but that it works."""

    work: Path
    is_short: bool = False
    stack: ExitStack = field(default_factory=ExitStack)
    prepared: set[tuple[Prepare, str]] = field(default_factory=set)
    _server: Server | None = None

    def folder(self, name: str, checkout: Checkout | None = None) -> Path:
        """A folder that lasts for the next call, of one checkout if it is named."""
        found = self.work.absolute() / name / (checkout.name if checkout else "")
        found.mkdir(parents=True, exist_ok=True)
        return found

    def prepare(self, prepare: Prepare, checkout: Checkout) -> None:
        """Sets up a checkout, once for all rows that need the same."""
        if (prepare, checkout.name) not in self.prepared:
            prepare(self, checkout)
            self.prepared.add((prepare, checkout.name))

    def server(self) -> Server:
        """An empty MariaDB server, which runs from now on until all is measured."""
        from tests.support.mariadb import running

        if self._server is None:
            folder = self.stack.enter_context(tempfile.TemporaryDirectory(prefix="flow"))
            self._server = self.stack.enter_context(running(Path(folder)))
        return self._server


def _nothing(scene: Scene, checkout: Checkout) -> None:
    """Nothing is needed."""


def _no_counts(scene: Scene, checkout: Checkout) -> Figures:
    """Nothing can be counted."""
    return {}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted of a figure: at most this ``ratio`` to the version before, or at most this ``number``."""

    ratio: float | None = None
    number: float | None = None

    def is_met(self, before: float, now: float) -> bool:
        """Whether it is."""
        return (self.ratio is None or now <= self.ratio * before) and (self.number is None or now <= self.number)

    def __str__(self) -> str:
        return f"{self.ratio:.2f} times" if self.ratio is not None else f"{self.number:g}"


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of ``work``. ``prepare`` sets up one checkout; ``measure`` does the work once; ``count`` is done once only.

    ``wanted``: by figure.
    """

    work: str
    wanted: Mapping[str, Wanted]
    measure: Callable[[Scene, Checkout], Figures]
    prepare: Prepare = _nothing
    count: Callable[[Scene, Checkout], Figures] = _no_counts


def compare(row: Row, scene: Scene, checkouts: Sequence[Checkout], repeat: int) -> list[dict[str, Any]]:
    """``[{work, figure, before, now, ratio, wanted, met}]``: the medians of ``repeat`` turns, and what was counted."""
    for checkout in checkouts:
        terminal.aside(f"  {row.work}: preparing {checkout.name}")
        scene.prepare(row.prepare, checkout)
    measured: dict[str, list[Figures]] = {checkout.name: [] for checkout in checkouts}
    for turn in range(repeat):
        terminal.aside(f"  {row.work}: {turn + 1} of {repeat}")
        for checkout in list(checkouts)[:: -1 if turn % 2 else 1]:
            measured[checkout.name].append(row.measure(scene, checkout))
    found = {each.name: _medians(measured[each.name]) | dict(row.count(scene, each)) for each in checkouts}
    return [_line(row, figure, found["before"].get(figure), now) for figure, now in found["now"].items()]


def _medians(turns: Sequence[Figures]) -> dict[str, float]:
    return {figure: statistics.median(each[figure] for each in turns) for figure in turns[0]}


def _line(row: Row, figure: str, before: float | None, now: float) -> dict[str, Any]:
    wanted = row.wanted.get(figure)
    ratio = now / before if before else None
    met = wanted.is_met(before or 0, now) if wanted else None
    found = {"work": row.work, "figure": figure, "before": before, "now": now, "ratio": ratio}
    return found | {"wanted": str(wanted or ""), "met": met}


def report(lines: Iterable[dict[str, Any]]) -> None:
    """Prints the table."""
    terminal.table(["work", "", "before", "now", "now / before", "wanted", ""], [_cells(line) for line in lines], numbers=True)


def _cells(line: Mapping[str, Any]) -> list[str]:
    met = {None: "", True: "met", False: "MISSED"}[line["met"]]
    numbers = [_number(line["before"]), _number(line["now"]), "" if line["ratio"] is None else f"{line['ratio']:.2f}"]
    return [line["work"], line["figure"], *numbers, f"at most {line['wanted']}" if line["wanted"] else "", met]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.2f}"


def copied(begin: Path, end: Path) -> Path:
    """``end``, a copy of the folder ``begin`` in the place of what was there."""
    shutil.rmtree(end, ignore_errors=True)
    shutil.copytree(begin, end, symlinks=True)
    return end


@contextmanager
def scene(work: Path, is_short: bool) -> Iterator[Scene]:
    """A scene, at whose end all servers are stopped."""
    with ExitStack() as stack:
        yield Scene(work, is_short, stack)

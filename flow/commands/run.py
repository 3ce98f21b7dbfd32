"""``run``: bring datasets up to date and publish, or say what would be done."""

from __future__ import annotations

import logging
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace

from flow import terminal
from flow.datasets.period import Period
from flow.errors import FlowError, Locked, Stopped, UsageError
from flow.pipeline.plan import Selection
from flow.pipeline.run import Run
from flow.publication import held, onhold, remedies
from flow.publication.checks import Allowed
from flow.shelf import Shelf

log = logging.getLogger("flow")


@dataclass(frozen=True, slots=True)
class How:
    """What a run must know besides what to bring up to date. ``budget``: the seconds it may take."""

    dry_run: bool = False
    budget: int | None = None
    allow_shrink: bool = False
    accept: tuple[str, ...] = ()
    accept_clock: bool = False
    log_format: str = "text"
    verbose: bool = False
    on_failure: str | None = None


def run(make: Callable[[], Run], selection: Selection, how: How) -> int:
    """Runs, and sums up in the last line; gives the exit code, after ``on_failure`` was called for one that is not 0."""
    said = terminal.log_as(how.log_format, how.verbose)
    job = None
    try:
        job = make()
        job.clock = replace(job.clock, is_accepted=how.accept_clock)
        code = dry_run(job, selection) if how.dry_run else _run(job, selection, how)
    except BrokenPipeError:
        raise
    except (Exception, Stopped) as error:
        code = _explain(error)
        if job and not how.dry_run and not isinstance(error, UsageError | Locked):
            job.account_for(code)
    if code and how.on_failure:
        _tell(how.on_failure, [f"limn-flow-data: exit code {code}", *said])
    return code


def _explain(error: Exception | Stopped) -> int:
    """Says what ended the run; gives the exit code."""
    if isinstance(error, FlowError | Stopped):
        terminal.fault(str(error))
        return error.exit_code
    terminal.fault(terminal.of_disk(error) if isinstance(error, OSError) else terminal.of_mistake(error))
    return 1


def _run(job: Run, selection: Selection, how: How) -> int:
    job.stop.budget = how.budget
    for id in how.accept:
        job.catalog.get(id)
        log.warning("accepted: jumps of %s are let through by --accept", id)
    if how.allow_shrink:
        log.warning("accepted: history that shrinks is let through by --allow-shrink")
    with job.progress.shown():
        outcome = job.run(selection, Allowed(how.allow_shrink, how.accept))
    log.info(outcome.summary(job.settings.output.folder))
    return outcome.exit_code


def _tell(command: str, lines: list[str]) -> None:
    """Runs the operator's own command; that it fails is said, and changes nothing."""
    text = "\n".join([*lines, ""])
    done = subprocess.run(command, shell=True, input=text.encode(errors="replace"), check=False)
    if done.returncode:
        log.warning("--on-failure: the command ended with exit code %s", done.returncode)


def dry_run(job: Run, selection: Selection) -> int:
    """Prints what a run would do: dataset, wiki, grain, periods and why."""
    plan = job.plan(selection)
    rows = [row for due in plan.due for row in _rows(due.key.dataset, due.key.wiki, due.key.grain, due.why)]
    if rows:
        terminal.table(["dataset", "wiki", "grain", "periods", "from", "until", "why"], rows)
    if not rows and not job.outcome.failures:
        terminal.aside("Nothing is due.")
    _tell_held(job)
    return job.outcome.exit_code


def _tell_held(job: Run) -> None:
    """Says what is held back since earlier runs."""
    shelf = Shelf(job.settings.output.folder)
    back = held.parse(shelf.text_beside(held.FILE))
    job.outcome.hold_each(back, remedies.describe(back.values()))
    on_hold = onhold.describe(shelf.text_beside(onhold.FILE))
    if on_hold:
        job.outcome.hold(on_hold)


def _rows(dataset: str, wiki: str, grain: str, why: dict[Period, str]) -> list[list[str]]:
    found = []
    for reason in dict.fromkeys(why.values()):
        periods = sorted(period for period in why if why[period] == reason)
        found.append([dataset, wiki, grain, str(len(periods)), str(periods[0]), str(periods[-1].end), reason])
    return found

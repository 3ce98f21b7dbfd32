"""``run``: bring datasets up to date and publish, or say what would be done."""

from __future__ import annotations

from pathlib import Path

from flow import terminal
from flow.period import Period
from flow.pipeline import Outcome, Run
from flow.plan import Selection


def run(job: Run, selection: Selection) -> int:
    """Runs, and sums up in the last line."""
    with terminal.working("Reading"):
        outcome = job.run(selection)
    terminal.aside(summary(outcome, job.settings.output.folder))
    return outcome.exit_code


def dry_run(job: Run, selection: Selection) -> int:
    """Prints what a run would do: dataset, wiki, grain, periods and why."""
    plan = job.plan(selection)
    rows = [row for due in plan.due for row in _rows(due.key.dataset, due.key.wiki, due.key.grain, due.why)]
    if rows:
        terminal.table(["dataset", "wiki", "grain", "periods", "from", "until", "why"], rows)
    if not rows and not job.outcome.failures:
        terminal.aside("Nothing is due.")
    return job.outcome.exit_code


def _rows(dataset: str, wiki: str, grain: str, why: dict[Period, str]) -> list[list[str]]:
    found = []
    for reason in dict.fromkeys(why.values()):
        periods = sorted(period for period in why if why[period] == reason)
        found.append([dataset, wiki, grain, str(len(periods)), str(periods[0]), str(periods[-1].end), reason])
    return found


def summary(outcome: Outcome, folder: Path) -> str:
    """What a run did, in a line."""
    periods = sum(len(due.why) for due in outcome.computed)
    parts = [f"{len(outcome.computed)} CSVs brought up to date, {periods} periods"] if outcome.computed else []
    parts += [f"{len(outcome.failures)} failures"] if outcome.failures else []
    parts += [f"{len(outcome.held_back)} held back"] if outcome.held_back else []
    parts += [f"published in {folder / 'public'}"] if outcome.release else []
    return f"{'; '.join(parts)}." if parts else "Nothing to do: everything is up to date."

"""A real run that is told to stop, at any moment: its exit code says so, nothing is half-written, and the next one goes on."""

from __future__ import annotations

import random
import signal
import time

import pytest

from flow import stopping
from tests.support.few import assert_whole, numbers, process, undisturbed
from tests.support.project import Project
from torture.scene import copy

CHANCE = random.Random(7)
#: How a process ends that was stopped: by itself, or at once, which a shell tells by the same number.
ENDS = {signal.SIGTERM: (143, -15, 0), signal.SIGINT: (130, -2, 0)}


@pytest.fixture
def ran(few: Project) -> Project:
    few.settings(now="2024-03-01T12:00:00Z")
    assert few.generate("run").code == 0
    few.settings()
    return few


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_run_that_is_stopped_at_any_moment_leaves_all_whole(ran: Project, number: signal.Signals):
    expected = undisturbed(ran)
    before, output, kept = numbers(ran), ran.folder / "output", ran.folder / "kept"
    copy(output, kept)
    started = time.monotonic()
    process(ran, "run", "--dry-run").communicate(timeout=60)
    idle = time.monotonic() - started
    for _ in range(6):
        copy(kept, output)
        run = process(ran, "run")
        time.sleep(CHANCE.uniform(0, idle * 2))
        run.send_signal(number)
        _, errors = run.communicate(timeout=60)
        assert run.returncode in ENDS[number], errors
        assert "Traceback" not in errors or "import" in errors, errors
        assert_whole(ran)
        assert numbers(ran) in (before, expected)
    assert ran.generate("run").code == 0
    assert numbers(ran) == expected


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
@pytest.mark.parametrize("step", ["sync_tree", "prepare", "point"])
def test_a_signal_during_publishing_lets_it_be_finished(ran: Project, number: signal.Signals, code: int, step: str, monkeypatch):
    from flow.shelf import disk

    expected, done = undisturbed(ran), getattr(disk, step)

    def signalled(*arguments: object) -> None:
        signal.raise_signal(number)
        done(*arguments)

    monkeypatch.setattr(disk, step, signalled)
    said = ran.generate("run")
    assert said.code == code
    assert said.one_line("stopped by") if said.err.splitlines()[-1].startswith("stopped") else said.one_line()
    assert_whole(ran)
    assert numbers(ran) == expected


def test_a_budget_of_nothing_leaves_all_to_the_next_run_and_says_so(ran: Project):
    before = ran.published()
    said = ran.generate("run", "--budget", "0s")
    assert said.code == 0
    assert "the budget is used up: 10 CSVs are left to the next run" in said.err
    assert said.err.splitlines()[-1] == "10 CSVs left to the next run."
    assert ran.published() == before
    assert ran.generate("run").code == 0
    assert numbers(ran) == undisturbed(ran)


ENDLESS = '''"""It never ends."""
from pathlib import Path
from flow import Count, dataset

@dataset(title="Endless", columns=[Count("n", "N")])
def endless(talk_edits):
    Path("begun").touch()
    while True:
        pass
'''


def test_a_function_that_never_ends_is_ended_by_a_signal(ran: Project):
    ran.script("talk/endless.py", ENDLESS)
    run = process(ran, "run", "endless", cwd=ran.folder)
    for _ in range(600):
        if (ran.folder / "begun").exists():
            break
        time.sleep(0.1)
    run.send_signal(signal.SIGTERM)
    _, errors = run.communicate(timeout=60)
    assert run.returncode == 143, errors
    assert_whole(ran)


@pytest.mark.parametrize("budget", [["--budget", "2s"], []], ids=["a budget", "no budget"])
def test_a_function_that_never_ends_is_ended_by_the_budget_or_a_limit(few: Project, monkeypatch: pytest.MonkeyPatch, budget: list[str]):
    monkeypatch.setattr(stopping, "LEAST", 0.5)
    monkeypatch.setattr(stopping, "LONGEST", 600.0 if budget else 0.5)
    monkeypatch.chdir(few.folder)
    few.script("talk/endless.py", ENDLESS)
    few.settings(grains='["month"]')
    said = few.generate("run", "endless", "talk_edits", *budget)
    assert said.code == 1, said.err
    assert "TooLong" in said.one_line("failed: endless, testwiki, month: ")
    assert "it takes more than" in said.err
    assert few.datafiles() == ["datafiles/testwiki/month/talk_edits.csv"]


def test_a_check_that_never_ends_holds_its_own_dataset_back(few: Project, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(stopping, "LONGEST", 0.5)
    path = few.folder / "queries/talk/talk_edits.py"
    loop = "def fine(table):\n    while True:\n        pass\n\n\n"
    path.write_text(path.read_text().replace("\ntalk_edits = Dataset(", f"\n{loop}talk_edits = Dataset(\n    check=fine,"))
    few.settings(grains='["month"]')
    said = few.generate("run", "new_topics", "talk_edits")
    assert (said.code, "py:11: its check fails: TooLong" in said.err) == (4, True), said.err
    assert few.datafiles() == ["datafiles/testwiki/month/new_topics.csv"]

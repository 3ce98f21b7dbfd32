"""Two runs in one output folder: the second ends at once and says who is at work; a killed one keeps nobody out."""

from __future__ import annotations

import json
import re
import signal
import time
from pathlib import Path

import pytest

from tests.support.few import assert_whole, numbers, process, undisturbed
from tests.support.project import Project

SLOW = '''"""A dataset that takes its time."""

from flow import Count, Dataset

slow = Dataset(
    title="Slow",
    source="core",
    columns=[Count("edits", "Edits")],
    sql="""
        WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n)
        SELECT '2024-01-01' AS date, MAX(i) AS edits FROM n
    """,
)
'''


@pytest.fixture
def busy(few: Project):
    """A real run that is in the middle of an endless query."""
    few.settings(now="2024-03-01T12:00:00Z")
    assert few.generate("run").code == 0
    few.script("talk/slow.py", SLOW)
    run = process(few, "run", "slow")
    eventually(few.folder / "output" / ".holder", run.pid)
    yield run
    run.kill()
    run.communicate()


def eventually(holder: Path, process: int) -> None:
    deadline = time.monotonic() + 30
    while json.loads(holder.read_text())["process"] != process:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_second_of_two_runs_names_the_first_and_since_when(few: Project, busy):
    told = few.folder / "told"
    second = process(few, "run", "--log-format", "json", "--on-failure", f"cat > {told}")
    _, errors = second.communicate(timeout=60)
    assert second.returncode == 75
    [line] = [json.loads(line) for line in errors.splitlines()]
    assert re.search(rf"process {busy.pid} on \S+, since \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d UTC, is at work here; nothing is done", line["message"])
    assert told.read_text().startswith("limn-flow-data: exit code 75\n")
    assert f"process {busy.pid} on" in told.read_text()
    assert few.generate("rollback").code == 75
    assert busy.poll() is None


def test_a_run_that_is_killed_with_the_lock_keeps_nobody_out(few: Project, busy):
    busy.send_signal(signal.SIGKILL)
    busy.wait()
    (few.folder / "queries" / "talk" / "slow.py").unlink()
    few.settings()
    said = few.generate("run")
    assert said.code == 0, said.err
    assert_whole(few)
    assert numbers(few) == undisturbed(few)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_run_that_is_stopped_in_a_query_says_so_with_its_exit_code(few: Project, busy, number: signal.Signals, code: int):
    before = few.published()
    busy.send_signal(number)
    _, errors = busy.communicate(timeout=60)
    assert busy.returncode == code
    assert "stopped by a signal; what was computed is kept, and the next run goes on" in errors.splitlines()[-1]
    assert "Traceback" not in errors
    assert few.published() == before


@pytest.mark.parametrize("note", ["", "[" * 100_000, '{"process": 1e999}', '{"process": "x", "host": 1}', "null", "\udcff"])
def test_a_note_that_tells_nothing_is_no_hindrance(few: Project, busy, note: str):
    (few.folder / "output" / ".holder").write_bytes(note.encode("utf-8", "surrogateescape"))
    said = few.generate("run")
    assert said.code == 75
    assert "another run is at work here; nothing is done" in said.one_line()

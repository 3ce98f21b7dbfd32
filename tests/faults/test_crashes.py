"""However a run ends, the status, the metrics and the operator's command tell it."""

from __future__ import annotations

import errno
import json
import re
import signal
from collections.abc import Callable

import pytest
from filelock import FileLock

from flow import limn
from flow.pipeline.planner import Planner
from flow.pipeline.reading import Reader
from flow.shelf import disk
from flow.shelf.releases import Releases
from tests.support.few import assert_whole, numbers, process, undisturbed
from tests.support.project import Project, Said

NAME = "Alice"
PLACES = {"plan": (Planner, "plan"), "publish": (limn, "files"), "tidy": (Releases, "redact")}


@pytest.fixture
def ran(few: Project) -> Project:
    """A project with a release, and March to compute."""
    few.settings(now="2024-03-01T12:00:00Z")
    assert few.generate("run").code == 0
    assert codes(few) == (0, 0)
    few.settings()
    return few


def codes(project: Project) -> tuple[int, int]:
    """The exit code that the status tells, and the one that the metrics tell."""
    output = project.folder / "output"
    beside, live = (json.loads((folder / "status.json").read_text())["exit_code"] for folder in (output, project.public))
    found = re.search(r"^limn_flow_data_last_run_exit_code (\d+)", (output / "metrics.prom").read_text(), re.M)
    assert found
    assert beside == live
    return beside, int(found[1])


def crash(error: BaseException) -> Callable[..., object]:
    def raising(*arguments: object, **facts: object) -> object:
        raise error

    return raising


def told(project: Project) -> Said:
    return project.generate("run", "--on-failure", f"cat > {project.folder / 'told'}")


@pytest.mark.parametrize("error", [ZeroDivisionError("Alice"), KeyError("Alice"), RecursionError(), MemoryError(), AssertionError()])
@pytest.mark.parametrize("place", PLACES)
def test_a_crash_is_told_everywhere_and_quotes_no_data(ran: Project, place: str, error: Exception, monkeypatch: pytest.MonkeyPatch):
    expected = undisturbed(ran)
    with monkeypatch.context() as patch:
        patch.setattr(*PLACES[place], crash(error))
        said = told(ran)
    assert said.code == 1
    assert f"{type(error).__name__}: a mistake of this program, as shown above" in said.one_line()
    assert f"in {PLACES[place][1]}" in said.err or "in raising" in said.err
    assert "Alice" not in said.err
    assert codes(ran) == (1, 1)
    assert said.one_line() in (ran.folder / "told").read_text()
    assert_whole(ran)
    assert ran.generate("run").code == 0
    assert (codes(ran), numbers(ran)) == ((0, 0), expected)


def test_a_crash_over_one_dataset_is_its_own(ran: Project, monkeypatch: pytest.MonkeyPatch):
    rows = Reader.rows

    def crashing(self, dataset, *arguments):
        if dataset.id in ("new_topics", "talk_edits"):
            raise ZeroDivisionError(NAME)
        return rows(self, dataset, *arguments)

    monkeypatch.setattr(Reader, "rows", crashing)
    said = told(ran)
    assert said.code == 1
    assert sum("failed: new_topics, testwiki, month: ZeroDivisionError: a mistake of this program" in line for line in said.err.splitlines()) == 1
    assert said.err.count("in crashing") == 1, "the same mistake is shown once"
    assert "Alice" not in said.err + json.dumps(str(ran.status()))
    assert codes(ran) == (1, 1)
    assert "2024-03-01" in ran.published()["datafiles/testwiki/month/flow_edits.csv"].decode()
    assert "2024-03-01" not in ran.published()["datafiles/testwiki/month/new_topics.csv"].decode()


def test_a_signal_is_in_the_metrics(ran: Project, monkeypatch: pytest.MonkeyPatch):
    done = disk.point

    def signalled(*arguments):
        signal.raise_signal(signal.SIGTERM)
        done(*arguments)

    monkeypatch.setattr(disk, "point", signalled)
    assert told(ran).code == 143
    assert codes(ran) == (143, 143)


def test_a_full_disk_is_in_the_metrics_once_the_half_written_release_is_gone(ran: Project, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(disk, "sync_tree", crash(OSError(errno.ENOSPC, "No space left on device", "somewhere")))
    assert told(ran).code == 1
    assert codes(ran) == (1, 1)
    assert not list((ran.folder / "output" / "releases").glob(".*"))


def test_metrics_that_cannot_be_written_are_left_and_the_code_is_true(ran: Project, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(disk, "write", crash(OSError(errno.ENOSPC, "No space left on device", "somewhere")))
    assert told(ran).code == 1
    assert "No space left on device" in (ran.folder / "told").read_text()


def test_what_was_only_asked_wrongly_is_no_run(ran: Project):
    assert told(ran).code == 0
    assert ran.generate("run", "nothing_of_that_name").code == 2
    with FileLock(ran.folder / "output" / ".lock"):
        assert ran.generate("run").code == 75
    assert codes(ran) == (0, 0)


def test_a_log_that_cannot_be_written_stops_nobody(ran: Project):
    expected = undisturbed(ran)
    with process(ran, "run", "--log-format", "json") as run:
        assert run.stderr
        run.stderr.close()
        run.wait(timeout=60)
    assert (run.returncode, numbers(ran)) == (0, expected)


def test_a_name_that_is_no_utf8_reaches_the_operators_command(ran: Project, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(disk, "sync_tree", crash(OSError(errno.EIO, "Input/output error", "half\udcff")))
    assert told(ran).code == 1
    assert "Input/output error" in (ran.folder / "told").read_text()

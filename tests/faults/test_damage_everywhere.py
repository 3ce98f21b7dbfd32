"""Truncated, damaged and foreign files anywhere in the output folder: no traceback, and no number less or wrong."""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.few import numbers
from tests.support.project import Project

READING = [["check"], ["status"], ["status", "--fail-if-stale", "1d"], ["status", "--json"], ["releases"], ["publish", "elsewhere", "--dry-run"]]
TARGET = '[targets.elsewhere]\nfolder = "elsewhere"\n'
EARLIER, NOW = "2024-03-01T12:00:00Z", "2024-04-01T12:00:00Z"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


@pytest.fixture
def ran(few: Project, kept: Path) -> Project:
    """A project that has published twice, with a half-done third run in staging; made once, then copied."""
    output = few.folder / "output"
    few.settings(TARGET, grains='["month"]')
    if not (kept / "output").exists():
        few.settings(TARGET, EARLIER, grains='["month"]')
        assert few.generate("run").code == 0
        few.settings(TARGET, grains='["month"]')
        assert few.generate("run").code == 0
        shutil.copytree(output / "public" / "datafiles", output / "staging" / "left")
        shutil.copytree(output, kept / "output", symlinks=True)
    shutil.rmtree(output, ignore_errors=True)
    shutil.copytree(kept / "output", output, symlinks=True)
    return few


def overwritten(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)
    path.write_bytes(content)


def run_again(project: Project, expected: dict[str, bytes], may_stop: bool = False) -> None:
    """Each command ends in a line, and runs in the right numbers; ``may_stop``: or in one line, for a person must move something away."""
    for arguments in READING:
        said = project.generate(*arguments)
        assert said.code in (0, 1, 2, 4), arguments
    said = project.generate("run")
    if said.code:
        assert may_stop, said.err
        assert sum(line.startswith("error: ") for line in said.err.splitlines()) == 1, said.err
    else:
        assert numbers(project) == expected
    for path, content in numbers(project).items():
        assert not path.startswith("datafiles/") or content == expected[path], path


def test_a_manifest_that_is_cut_anywhere_is_made_again(ran: Project):
    expected = numbers(ran)
    path = ran.public / "manifest.json"
    whole = path.read_bytes()
    for length in range(0, len(whole), len(whole) // 12):
        overwritten(ran.public / "manifest.json", whole[:length])
        assert ran.generate("check").code == 4
        said = ran.generate("run")
        assert said.code == 0, said.err
        assert numbers(ran) == expected
        assert ran.generate("check").code == 0


def test_a_manifest_in_which_any_byte_is_another_is_read_rightly_or_made_again(ran: Project):
    expected, chance = numbers(ran), random.Random(3)
    for _ in range(12):
        whole = bytearray((ran.public / "manifest.json").read_bytes())
        place = chance.randrange(len(whole))
        whole[place] = chance.randrange(256)
        overwritten(ran.public / "manifest.json", bytes(whole))
        said = ran.generate("run")
        assert said.code == 0, said.err
        found = numbers(ran)
        assert {path: found[path] for path in found if path.startswith("datafiles/")} == {
            path: expected[path] for path in expected if path.startswith("datafiles/")
        }


STATUSES = [
    b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000, b'{"datasets": [{}]}', b'{"datasets": 5}', b'{"datasets": [' + b"9" * 5000 + b"]}",
    json.dumps({"datasets": [{"dataset": "talk_edits", "wiki": "testwiki", "grain": "month", "last_success": "yesterday", "failed": None}]}).encode(),
    json.dumps({"datasets": [{"dataset": "talk_edits", "wiki": "testwiki", "grain": "month", "last_success": 5, "failed": None}]}).encode(),
    json.dumps({"datasets": [{"dataset": "talk_edits", "wiki": "testwiki", "grain": "month", "expected_by": "2024-04-01T12:00:00", "failed": None}]}).encode(),
    json.dumps({"datasets": [{"dataset": "talk_edits", "wiki": "testwiki", "grain": "month", "waits": "\ud800", "failed": None}]}).encode(),
]  # fmt: skip


@pytest.mark.parametrize("content", STATUSES, ids=range(len(STATUSES)))
def test_a_status_that_is_garbage_is_written_anew(ran: Project, content: bytes):
    expected = numbers(ran)
    overwritten(ran.folder / "output" / "status.json", content)
    overwritten(ran.public / "status.json", content)
    run_again(ran, expected)
    assert all(each["last_success"] for each in ran.status()["datasets"].values())


RESTATEMENTS = [
    b"\xff", b'"' * 200_000, b"a,b\n", b"x" * 300_000, b"\0",
    b"2024-04-01T12:00:00Z,talk_edits,testwiki,century,2024-01-01,edits,1,2,missing\n",
    b"2024-04-01T12:00:00Z,talk_edits,testwiki,month,2024-01-01,edits," + b"9" * 5000 + b",2,missing\n",
    b"2024-04-01T12:00:00Z,talk_edits,testwiki,month,2024-01-01,edits,Alice,2,missing\n",
]  # fmt: skip


@pytest.mark.parametrize("content", RESTATEMENTS, ids=range(len(RESTATEMENTS)))
def test_restatements_that_are_foreign_are_dropped(ran: Project, content: bytes):
    expected = numbers(ran)
    header = (ran.public / "restatements.csv").read_bytes().splitlines(keepends=True)[0]
    overwritten(ran.public / "restatements.csv", header + content)
    run_again(ran, expected)
    assert (ran.public / "restatements.csv").read_bytes() == header


def a_folder(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink(missing_ok=True)
    path.mkdir(parents=True)
    (path / "inside").write_text("x")


def a_file(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\xff\x00 foreign")


def a_loop(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(path.name)


PLACES = [
    ".lock", ".holder", ".holder.partial", "status.json", "metrics.prom", "public", ".public.new", "releases", "staging", "staging/.writable",
    "staging/testwiki", "staging/testwiki/month/new_topics.csv", "staging/testwiki/month/new_topics.json", "staging/x/y/z.json",
    "public/manifest.json", "public/status.json", "public/restatements.csv", "public/suppressed.csv", "public/datapackage.json",
    "public/datafiles", "public/datafiles/testwiki/month", "public/datafiles/testwiki/month/talk_edits.csv", "public/graphs",
    "public/dashboards/reportcard.json", "releases/20240301T120000Z", "releases/20240301T120000Z/manifest.json",
    "releases/20240301T120000Z/datafiles/testwiki/month/flow_people.csv", "releases/20240301T120000Z/suppressed.csv", "releases/.x.partial",
]  # fmt: skip


@pytest.mark.parametrize("make", [a_folder, a_file, a_loop])
@pytest.mark.parametrize("place", PLACES)
def test_something_else_in_the_place_of_a_file_or_folder(ran: Project, make: Callable[[Path], None], place: str):
    expected = numbers(ran)
    make(ran.folder / "output" / place)
    is_inside = place.startswith(("public/", "releases/")) and place != "public/status.json"
    run_again(ran, expected, may_stop=not is_inside)
    ran.generate("rollback")


def test_work_that_lies_in_the_place_of_other_work_is_not_taken_for_it(ran: Project):
    output, expected = ran.folder / "output", numbers(ran)
    ran.settings(TARGET, "2024-05-01T12:00:00Z", grains='["month"]')
    ran.seem_alive("2024-05-01T11:00:00Z")
    (ran.folder / "reportcard.json").rename(ran.folder / "away")
    (ran.folder / "reportcard.json").write_text("{}")
    assert ran.generate("run").code == 4
    shutil.move(output / "staging" / "testwiki", output / "staging" / "otherwiki")
    (ran.folder / "away").rename(ran.folder / "reportcard.json")
    said = ran.generate("run")
    assert said.code == 0, said.err
    assert "it belongs elsewhere; this unpublished work is done again" in said.err
    assert not (output / "staging" / "otherwiki" / "month" / "new_topics.csv").exists()
    assert numbers(ran).keys() == expected.keys()


@pytest.mark.parametrize("where", ["/tmp", "releases/.half.partial", "releases/by-hand", "releases/nowhere", "../elsewhere"])
def test_a_prepared_link_that_leads_to_no_whole_release_is_not_followed(ran: Project, where: str):
    output, expected = ran.folder / "output", numbers(ran)
    for name in ("releases/.half.partial", "releases/by-hand", "../elsewhere"):
        (output / name).mkdir(exist_ok=True)
    (output / ".public.new").symlink_to(where)
    run_again(ran, expected)
    assert not os.path.lexists(output / ".public.new")


def test_a_release_made_by_hand_is_read_as_any_other(ran: Project):
    expected, releases = numbers(ran), ran.folder / "output" / "releases"
    shutil.copytree(ran.public.resolve(), releases / "by-hand")
    assert "by-hand" in ran.generate("releases").out
    run_again(ran, expected)
    assert ran.generate("rollback", "by-hand").code == 0
    assert numbers(ran) == expected
    assert ran.generate("run").code == 0
    assert numbers(ran) == expected


def with_number(text: str) -> Callable[[bytes], bytes]:
    return lambda content: content.replace(content.split(b",")[-1], text.encode() + b"\n")


@pytest.mark.parametrize(
    "change",
    [with_number("9" * 5000), with_number("1.5"), with_number("-1"), with_number("٣"), lambda content: content + b"\xff", lambda content: content[:-3]],
)
def test_an_old_release_whose_csv_was_changed_is_no_hindrance(ran: Project, change: Callable[[bytes], bytes]):
    expected = numbers(ran)
    for path in (ran.folder / "output" / "releases" / "20240301T120000Z").glob("datafiles/*/*/*.csv"):
        overwritten(path, change(path.read_bytes()))
    run_again(ran, expected)

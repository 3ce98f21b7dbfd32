"""A folder and a host over ssh keep the same promises."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow.delivery.folder import Folder
from flow.delivery.host import Host
from flow.delivery.place import KEPT_RELEASES, LiveRelease, Place
from flow.errors import UsageError
from flow.settings.targets import Remote
from flow.shelf.entry import Key
from tests.shelf.test_manifest import KEY
from tests.support.release import REPLIES, files, months, release
from tests.support.sshd import Sshd


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The target's folder, with a name that a shell would take apart."""
    return tmp_path / "the target's $HOME;  folder"


@pytest.fixture(params=["folder", "host"])
def place(request: pytest.FixtureRequest, path: Path) -> Place:
    if request.param == "folder":
        return Folder(path)
    sshd: Sshd = request.getfixturevalue("sshd")
    return Host(Remote(sshd.host, str(path), sshd.ssh))


def brought(place: Place, output: Path, id: str, *entries) -> str:
    with place.locked():
        return place.deliver(release(output, id, *entries), place.live_release().id)


def test_before_the_first_release_there_is_nothing_and_looking_writes_nothing(place: Place, path: Path):
    assert place.live_release() == LiveRelease()
    assert not path.exists()


def test_a_release_is_seen_whole(place: Place, path: Path, tmp_path: Path):
    made = release(tmp_path / "output", "r1")
    with place.locked():
        assert place.deliver(made, "") == "r1"
    assert files(path / "public") == files(made.folder)
    assert (path / "public").readlink() == Path("releases/r1")
    assert place.live_release() == LiveRelease("r1", made.text)
    assert place.live_release().manifest() == made.manifest


def test_a_reader_who_resolved_the_link_keeps_one_whole_set(place: Place, path: Path, tmp_path: Path):
    brought(place, tmp_path / "output", "r1")
    seen = (path / "public").resolve()
    before = files(seen)
    assert brought(place, tmp_path / "output", "r2", months(4)) == "r2"
    assert files(seen) == before
    assert (path / "public").resolve().name == "r2"


def test_what_is_the_same_is_linked_not_brought_again(place: Place, path: Path, tmp_path: Path):
    brought(place, tmp_path / "output", "r1", months(3), months(3, REPLIES))
    brought(place, tmp_path / "output", "r2", months(3), months(4, REPLIES))
    linked = {key.path: (path / "releases/r1" / key.path).samefile(path / "public" / key.path) for key in (KEY, REPLIES)}
    assert linked == {KEY.path: True, REPLIES.path: False}


def test_a_file_that_was_damaged_there_is_brought_whole(place: Place, path: Path, tmp_path: Path):
    brought(place, tmp_path / "output", "r1")
    csv = path / "public" / KEY.path
    csv.write_bytes(csv.read_bytes().replace(b"1", b"7"))
    brought(place, tmp_path / "output", "r2")
    assert csv.read_bytes() == (tmp_path / "output" / "public" / KEY.path).read_bytes()


def test_a_leftover_of_an_interrupted_delivery_is_never_seen(place: Place, path: Path, tmp_path: Path):
    brought(place, tmp_path / "output", "r1")
    for name in (".r2.partial", ".r0.partial"):
        (path / "releases" / name / "datafiles").mkdir(parents=True)
        (path / "releases" / name / "datafiles" / "half.csv").write_text("date,top")
    (path / ".public.new").symlink_to("releases/.r2.partial")
    made = release(tmp_path / "output", "r2", months(4))
    assert place.live_release().id == "r1"
    with place.locked():
        place.deliver(made, "r1")
    assert files(path / "public") == files(made.folder)
    assert sorted(path.name for path in (path / "releases").iterdir() if not path.name.startswith(".")) == ["r1", "r2"]
    assert not (path / "releases" / ".r2.partial").exists()


def test_what_a_writer_left_unfinished_here_is_not_brought(place: Place, path: Path, tmp_path: Path):
    made = release(tmp_path / "output", "r1")
    (made.folder / ".status.json.partial").write_text("{")
    with place.locked():
        place.deliver(made, "")
    assert not (path / "public" / ".status.json.partial").exists()


def test_the_same_release_again_brings_only_the_files_that_differ(place: Place, path: Path, tmp_path: Path):
    brought(place, tmp_path / "output", "r1")
    made = release(tmp_path / "output", "r2", months(4))
    (made.folder / "status.json").write_text("1")
    with place.locked():
        place.deliver(made, "r1")
    first = {file: (path / "public" / file).stat().st_ino for file in files(made.folder)}
    (made.folder / "status.json").write_text("2")
    with place.locked():
        place.refresh(made, "r2")
    assert files(path / "public") == files(made.folder)
    second = {file: (path / "public" / file).stat().st_ino for file in files(made.folder)}
    assert [file for file in first if first[file] != second[file]] == ["status.json"]


def test_an_id_that_is_taken_there_gets_a_number(place: Place, path: Path, tmp_path: Path):
    for number, id in ((1, "r1"), (2, "r1-2"), (3, "r1-3")):
        assert brought(place, tmp_path / f"output{number}", "r1", months(number)) == id
        assert place.live_release().id == id


def test_the_last_three_are_kept_and_never_less_than_the_two_in_use(place: Place, path: Path, tmp_path: Path):
    for number in range(3, 7):
        brought(place, tmp_path / "output", f"r{number}", months(number))
    assert sorted(path.name for path in (path / "releases").iterdir()) == ["r4", "r5", "r6"]
    brought(place, tmp_path / "other", "r1", months(2))
    assert sorted(path.name for path in (path / "releases").iterdir()) == ["r1", "r5", "r6"]
    assert KEPT_RELEASES == 3


def test_the_others_can_be_forgotten(place: Place, path: Path, tmp_path: Path):
    for number in (3, 4, 5):
        brought(place, tmp_path / "output", f"r{number}", months(number))
    place.forget_others("r5")
    assert [path.name for path in (path / "releases").iterdir()] == ["r5"]
    assert place.live_release().id == "r5"


def test_readers_are_led_back_unless_somebody_has_delivered_since(place: Place, path: Path, tmp_path: Path):
    brought(place, tmp_path / "output", "r1")
    brought(place, tmp_path / "output", "r2", months(4))
    assert not place.switch("r1", "r9")
    assert place.live_release().id == "r2"
    assert place.switch("r1", "r2")
    assert place.live_release().id == "r1"


@pytest.mark.parametrize("kind", ["folder", "file", "foreign link"])
def test_something_else_in_the_links_place_is_left_alone(place: Place, path: Path, kind: str):
    path.mkdir()
    link = path / "public"
    {"folder": link.mkdir, "file": link.touch, "foreign link": lambda: link.symlink_to("/srv/www")}[kind]()
    with pytest.raises(UsageError, match="must be a link to a release beside it, and is something else; move it away"):
        place.live_release()


def test_a_folder_that_cannot_be_written_is_one_clear_line(place: Place, path: Path, tmp_path: Path):
    path.write_text("a file")
    with pytest.raises(UsageError, match=r"the target's folder cannot (be written|take a release|be looked at): .*(exists|directory|cd)"):
        brought(place, tmp_path / "output", "r1")


def test_a_csv_of_a_wiki_with_an_odd_name_arrives(place: Place, path: Path, tmp_path: Path):
    key = Key("new_topics", "zh-min_nan", KEY.grain)
    brought(place, tmp_path / "output", "r1", months(3), months(3, key))
    assert (path / "public" / key.path).is_file()

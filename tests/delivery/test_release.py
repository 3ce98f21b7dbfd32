"""Only a sound release leaves the house."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow.delivery.release import live
from flow.errors import HeldBack
from flow.shelf.manifest import Manifest
from tests.shelf.test_manifest import KEY
from tests.support.release import months, release


def test_the_link_is_followed_once(tmp_path: Path):
    made = release(tmp_path, "r1")
    release(tmp_path, "r2", months(4))
    assert made.id == "r1"
    assert KEY.path in made.paths()
    assert made.manifest.release == "r1"


def test_nothing_published_is_nothing_to_bring(tmp_path: Path):
    with pytest.raises(HeldBack, match=r"public: nothing is published yet, .* begin with 'generate.py run'"):
        live(tmp_path)


def test_a_release_without_a_csv_is_held_back(tmp_path: Path):
    made = release(tmp_path, "r1")
    (made.folder / "manifest.json").write_text(Manifest(release="r1").text())
    with pytest.raises(HeldBack, match="not fit to be published elsewhere: it holds no CSV"):
        live(tmp_path)


def test_a_release_without_its_first_page_is_held_back(tmp_path: Path):
    made = release(tmp_path, "r1")
    (made.folder / "dashboards" / "reportcard.json").unlink()
    with pytest.raises(HeldBack, match=r"dashboards/reportcard.json: No such file"):
        live(tmp_path)


@pytest.mark.parametrize("path", [KEY.path, f"graphs/{KEY.id}.json"])
def test_a_damaged_file_is_held_back(tmp_path: Path, path: str):
    made = release(tmp_path, "r1")
    (made.folder / path).write_bytes((made.folder / path).read_bytes() + b"\n")
    with pytest.raises(HeldBack, match=f"{path} is not what was written; 'generate.py run' makes it again"):
        live(tmp_path)


def test_a_damaged_manifest_is_held_back(tmp_path: Path):
    made = release(tmp_path, "r1")
    (made.folder / "manifest.json").write_text("{")
    with pytest.raises(HeldBack, match=r"manifest.json: damaged, it is no JSON"):
        live(tmp_path)


def test_what_limn_would_misread_is_held_back(tmp_path: Path):
    made = release(tmp_path, "r1")
    (made.folder / "graphs" / "stray.json").write_text("[]")
    with pytest.raises(HeldBack, match=r"graphs/stray.json: no valid JSON object"):
        live(tmp_path)


def test_many_faults_are_counted(tmp_path: Path):
    made = release(tmp_path, "r1")
    for number in range(9):
        (made.folder / "graphs" / f"stray{number}.json").write_text("[]")
    with pytest.raises(HeldBack, match=r"and \d+ more, which 'generate.py check' prints"):
        live(tmp_path)

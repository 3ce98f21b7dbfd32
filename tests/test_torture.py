"""The short form of ``make torture``: some kills, each survived."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow.shelf import disk
from torture.__main__ import torture
from torture.kills import Kill, killed, steps_of, survived
from torture.scene import Scene, copy, public, scene


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return scene(tmp_path_factory.mktemp("torture"))


def test_fifteen_kills_lose_nothing(made: Scene):
    assert torture(made, 15, seed=7) == (15, [])


def test_an_undisturbed_run_changes_numbers_and_the_disk_in_many_steps(made: Scene):
    copy(made.before, made.folder / "counted")
    steps = steps_of(lambda: made.run(made.folder / "counted"))
    assert {step.split()[0] for step in steps} >= {"write", "sync", "rename", "link", "prepare", "remove"}
    assert public(made.before)["restatements.csv"] != public(made.after)["restatements.csv"]
    assert public(made.before).keys() == public(made.after).keys()
    replaced = [path.name for path in (made.after / "releases").iterdir() if path.name.endswith("w")]
    assert replaced == ["20240220T120000Zw"], "an old release that showed what is withheld now"


def test_a_kill_really_kills(made: Scene):
    copy(made.before, made.folder / "output")
    assert killed(lambda: made.run(made.folder / "output"), Kill(step=1))
    assert not killed(lambda: None, Kill(step=1))


def test_a_release_that_is_not_switched_in_one_step_is_found_out(made: Scene, monkeypatch: pytest.MonkeyPatch):
    def in_two_steps(link: Path) -> None:
        target = disk._beside(link).readlink()
        disk.remove(disk._beside(link))
        disk.remove(link)
        disk.before("point in two steps")
        link.symlink_to(target)

    monkeypatch.setattr(disk, "point", in_two_steps)
    copy(made.before, made.folder / "counted")
    step = steps_of(lambda: made.run(made.folder / "counted")).index("point in two steps") + 1
    assert "what is published is neither the old release nor the new one" in survived(made, made.folder / "output", Kill(step=step), None)

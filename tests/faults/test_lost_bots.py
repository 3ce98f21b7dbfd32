"""A list of bots that is gone for a night makes no person of a bot."""

from __future__ import annotations

from tests.commands.test_publication import change
from tests.support.few import numbers
from tests.support.project import Project


def test_bots_that_are_no_longer_listed_are_a_fault_of_the_source(few: Project):
    few.settings(now="2024-03-01T12:00:00Z")
    change(few, "INSERT OR IGNORE INTO user_groups (ug_user, ug_group) SELECT user_id, 'bot' FROM user WHERE user_id <= 3")
    few.generate("run")
    before = numbers(few)
    path = few.folder / "testwiki.sqlite"
    whole = path.read_bytes()
    change(few, "DELETE FROM user_groups")
    few.settings()
    for arguments in ([], ["--again"], ["--again", "--accept", "talk_edits"]):
        said = few.generate("run", *arguments)
        assert said.code == 1
        lines = [line for line in said.err.splitlines() if line.startswith("failed: ")]
        assert len(lines) == 1, said.err
        assert lines[0].startswith("failed: wiki 'testwiki': user_groups and user_former_groups list ")
        assert numbers(few) == before
    path.write_bytes(whole)
    assert few.generate("run").code == 0
    assert numbers(few) != before


def test_a_bot_that_left_its_group_is_listed_as_a_former_one_and_no_fault(few: Project):
    change(few, "INSERT OR IGNORE INTO user_groups (ug_user, ug_group) SELECT user_id, 'bot' FROM user WHERE user_id <= 3")
    few.generate("run")
    change(few, "INSERT OR IGNORE INTO user_former_groups (ufg_user, ufg_group) SELECT ug_user, ug_group FROM user_groups", "DELETE FROM user_groups")
    assert few.generate("run", "--again").code == 0


def test_a_person_may_say_that_there_are_fewer_bots(few: Project):
    change(few, "INSERT OR IGNORE INTO user_groups (ug_user, ug_group) SELECT 999990 + user_id, 'bot' FROM user WHERE user_id <= 3")
    few.generate("run")
    change(few, "DELETE FROM user_groups")
    assert few.generate("run", "--again").code == 1
    assert few.generate("run", "--again", "--allow-shrink").code == 0
    assert few.generate("run", "--again").code == 0

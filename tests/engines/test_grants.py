"""What an account may do, read from the lines of SHOW GRANTS as servers print them."""

from __future__ import annotations

import pytest

from flow.engines.grants import writes


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("GRANT USAGE ON *.* TO `reader`@`%` IDENTIFIED BY PASSWORD '*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19'", ()),
        ("GRANT SELECT, SHOW VIEW ON `enwiki`.* TO `reader`@`%`", ()),
        ("GRANT SELECT, REPLICATION CLIENT, SLAVE MONITOR ON *.* TO `reader`@`%`", ()),
        ("GRANT SELECT (`rev_id`, `rev_page`), UPDATE (`rev_id`) ON `enwiki`.`revision` TO `reader`@`%`", ("UPDATE",)),
        ("GRANT SELECT, INSERT, DELETE ON `enwiki`.* TO `writer`@`%`", ("INSERT", "DELETE")),
        ("GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` WITH GRANT OPTION", ("ALL PRIVILEGES", "GRANT OPTION")),
        ("GRANT PROXY ON ``@`%` TO `root`@`localhost` WITH GRANT OPTION", ()),
        ("GRANT `analysts` TO `reader`@`%`", ()),
        (r"GRANT ALL PRIVILEGES ON `s51234\_\_%`.* TO `s51234`@`%`", ()),
        (r"GRANT ALL PRIVILEGES ON `en\_wiki`.* TO `s51234`@`%`", ()),
        ("GRANT DROP ON `en%`.* TO `s51234`@`%`", ("DROP",)),
        ("GRANT CREATE ON `en_iki`.* TO `s51234`@`%`", ("CREATE",)),
        ('GRANT INSERT ON "enwiki".* TO "writer"@"%"', ("INSERT",)),
        ('GRANT UPDATE ON "enwiki"."revision" TO "writer"@"%" WITH GRANT OPTION', ("UPDATE", "GRANT OPTION")),
        ('GRANT UPDATE ON "other""wiki".* TO "writer"@"%"', ()),
        ("GRANT DELETE ON enwiki.* TO writer@%", ("DELETE",)),
        ("GRANT FILE, SUPER ON *.* TO `s51234`@`%`", ("FILE", "SUPER")),
    ],
)
def test_rights_to_more_than_reading_this_wiki(line: str, found: tuple[str, ...]):
    assert writes([line], "enwiki") == found


def test_a_right_is_told_once():
    assert writes(["GRANT INSERT ON *.* TO a", "GRANT INSERT ON `enwiki`.* TO a"], "enwiki") == ("INSERT",)

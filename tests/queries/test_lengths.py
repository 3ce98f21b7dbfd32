"""Lengths spare looking up contents, and change no number: they may be there, or not, or tell nothing, in any MediaWiki."""

from __future__ import annotations

import pytest

from flow.simulate.scribe import Emit, Scribe
from tests.queries.test_traps import at, made, rows  # noqa: F401  a fixture

NO_HASHES = ("ALTER TABLE revision DROP COLUMN rev_sha1", "ALTER TABLE archive DROP COLUMN ar_sha1")
NO_LENGTHS = ("ALTER TABLE revision DROP COLUMN rev_len", "ALTER TABLE archive DROP COLUMN ar_len")
UNKNOWN = ("UPDATE revision SET rev_len = NULL", "UPDATE archive SET ar_len = NULL")
UNKNOWN_PARENTS = ("UPDATE revision SET rev_len = NULL WHERE rev_id % 2 = 0", "UPDATE archive SET ar_len = NULL WHERE ar_rev_id % 2 = 0")
AS_TEXT = ("UPDATE revision SET rev_len = 57 WHERE rev_len = 1", "UPDATE archive SET ar_len = 57 WHERE ar_len = 1")
EQUAL = ("UPDATE revision SET rev_len = 900 WHERE rev_len > 1", "UPDATE archive SET ar_len = 900 WHERE ar_len > 1")


def talk(emit: Emit, scribe: Scribe) -> None:
    """On a live page and on one since deleted: three edits, a move, an edit, and a rollback; a board, and its move."""
    ann = scribe.person("Ann")
    for number, doomed in enumerate((False, True)):
        page = scribe.page(1, f"Page {number}", doomed=doomed)
        for text in ("one", "two", "three"):
            scribe.save(at("2023-03-02") + 60 * number, ann, page, f"{text} on {number}")
        scribe.move(at("2023-03-03") + 60 * number, ann, page, 1, f"Moved {number}")
        scribe.save(at("2023-03-04") + 60 * number, ann, page, "four")
        scribe.save(at("2023-03-05") + 60 * number, ann, page, f"three on {number}")
    scribe.move_board(at("2023-03-06"), ann, scribe.board(at("2023-03-05"), ann, 1, "Board"), 1, "Moved board")
    scribe.finish()


@pytest.mark.parametrize("hashes", [(), NO_HASHES], ids=["hashes", "no hashes"])
@pytest.mark.parametrize(
    "lengths",
    [(), NO_LENGTHS, UNKNOWN, UNKNOWN_PARENTS, AS_TEXT, EQUAL],
    ids=["as they are", "no column", "unknown", "some unknown", "a board's as text", "all equal"],
)
def test_boards_and_null_revisions_are_no_edits_whatever_lengths_tell(queries, made, hashes, lengths):  # noqa: F811
    found = rows(queries, made(talk, *lengths, *hashes), "talk_edits", "2023-03-01", "2023-04-01")["2023-03-01"]
    assert (found["edits"], found["article"], found["editors"]) == ("10", "10", "1")

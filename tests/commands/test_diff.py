"""``diff``: what is held back, or computed and not published, beside what is published."""

from __future__ import annotations

from decimal import localcontext
from pathlib import Path

import pytest

from flow.commands.diff import change
from tests.support.project import Project
from tests.support.screen import plain, see
from tests.support.settled import raise_january, rows


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
def held(january: Project) -> Project:
    """A project of which a number of January is held back."""
    raise_january(january, 1000)
    assert january.generate("run", "mine", "--again").code == 4
    return january


def test_what_is_held_back_is_shown_beside_what_is_published_without_a_database(held: Project):
    old = int(rows(held, "mine")["2024-01-01"]["n"])
    (held.folder / "testwiki.sqlite").rename(held.folder / "away")
    before = contents(held.folder / "output")
    said = held.generate("diff", "mine")
    assert said.code == 0
    heading, header, row = said.out.rstrip().splitlines()
    assert heading.startswith("mine, testwiki, month: held back: 2024-01-01: n of 1 published month rises")
    assert header.split() == ["date", "column", "live", "new", "change"]
    assert row.split() == ["2024-01-01", "n", str(old), str(old + 1000), "+1000", f"({100000 / old:+.1f}", "%)"]
    assert contents(held.folder / "output") == before


def test_what_is_shown_is_what_accepting_publishes_and_then_nothing_is_left(held: Project):
    new = held.generate("diff").out.rstrip().splitlines()[2].split()[3]
    assert held.generate("run", "--accept", "mine").code == 0
    assert rows(held, "mine")["2024-01-01"]["n"] == new
    said = held.generate("diff")
    assert (said.out, said.err) == ("", "Nothing would change.\n")
    assert not list((held.folder / "output/held").rglob("*.csv"))


def test_only_what_is_named_is_shown(held: Project):
    assert held.generate("diff", "talk_edits").err == "Nothing would change.\n"
    assert held.generate("diff", "--wiki", "testwiki", "--grain", "month").out
    assert held.generate("diff", "nothing").code == 2
    assert held.generate("diff", "--wiki", "nowiki").code == 2


def test_a_range_is_computed_first_and_nothing_is_published(january: Project):
    raise_january(january, 3)
    before = contents(january.folder / "output")
    said = january.generate("diff", "mine", "--since", "2024-01-01", "--until", "2024-02-01")
    assert said.code == 0
    assert said.out.splitlines()[2].split()[0] == "2024-01-01"
    assert "+3 (" in said.out
    assert contents(january.folder / "output") == before
    assert january.generate("diff", "mine").err == "Nothing would change.\n", "nothing of it is kept"


def test_what_is_computed_on_hold_is_shown(january: Project):
    january.settings(now="2024-04-03T12:00:00Z", grains='["month"]')
    assert january.generate("run").code == 0
    assert january.generate("rollback", "--hold").code == 0
    assert january.generate("run").code == 4
    said = january.generate("diff", "mine")
    assert said.out.splitlines()[2].split() == ["2024-03-01", "n", "-", "40"]


def test_no_number_is_shown_that_a_release_would_withhold(few: Project):
    """Everything that a first run would publish is shown, and what it would withhold is none of it."""
    few.settings(grains='["month"]')
    shown = few.generate("diff", "--again").out
    assert not (few.folder / "output/public").exists()
    assert few.generate("run").code == 0
    withheld = {tuple(line.split(",")[:5]) for line in few.published()["suppressed.csv"].decode().splitlines()[1:]}
    assert withheld
    for dataset, wiki, grain, date, column in withheld:
        part = shown.split(f"{dataset}, {wiki}, {grain}\n")[1].split("\n\n")[0]
        line = next(line.split() for line in part.splitlines() if line.split()[:2] == [date, column])
        assert line == [date, column, "-", "withheld"]
    for id in ("flow_people", "talk_edits"):
        part = shown.split(f"{id}, testwiki, month\n")[1].split("\n\n")[0]
        for date, row in rows(few, id).items():
            for column, text in row.items():
                assert not text or column == "date" or [date, column, "-", text] in [line.split() for line in part.splitlines()]


def test_what_is_held_of_a_csv_that_is_retired_is_removed(held: Project):
    assert list((held.folder / "output/held").rglob("*.csv"))
    assert held.generate("retire", "mine").code == 0
    assert not list((held.folder / "output/held").rglob("*.csv"))


@pytest.mark.parametrize("columns", [80, 120])
def test_it_fits_a_terminal(held: Project, columns: int):
    said, code = see(held, "diff", "mine", columns=columns)
    assert code == 0
    lines = plain(said).splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("mine, testwiki, month: held back: 2024-01-01: n of 1"))
    assert any(line.split()[:2] == ["2024-01-01", "n"] for line in lines[start:])
    assert all(len(line.rstrip()) <= columns for line in lines[start:])


def test_a_change_is_said_with_its_share():
    assert change("100", "134") == "+34 (+34.0 %)"
    assert change("0.4144", "0.4000") == "-0.0144 (-3.5 %)"
    assert change("0", "7") == "+7"
    assert (change("-", "7"), change("7", "withheld")) == ("", "")
    with localcontext(prec=2):
        assert change("0.4144", "0.4000") == "-0.0144 (-3.5 %)", "whatever a query script asks of decimals"

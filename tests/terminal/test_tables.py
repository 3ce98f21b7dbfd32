"""Tables: nothing is cut or folded at any width, and nothing becomes markup."""

from __future__ import annotations

import pytest

from flow.terminal import table
from tests.support.project import Project
from tests.support.screen import plain, see

HEADER = ["dataset", "wiki", "through", "state"]
ROW = ["[bold]new_topics[/bold]", "用户wiki", "2024-03-31", "failed since 2024-04-02 12:00: [red]QueryError[/red]"]
OPTIONS = ["--wiki", "testwiki", "--since", "2024-01-01", "--until", "2024-04-01"]


def test_off_a_terminal_each_row_is_one_line(capsys: pytest.CaptureFixture[str]):
    long = "2024-01-01 " * 50
    table([*HEADER, "more"], [[*ROW, long], ["short", "w", "-", "fine", "x"]])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert lines[1] == f"{ROW[0]}  {ROW[1]}  {ROW[2]}  {ROW[3]}  {long.rstrip()}"
    assert [line.index(cell) for line, cell in ((lines[0], "wiki"), (lines[2], "w "))] == [len(ROW[0]) + 2] * 2


def test_numbers_stand_at_the_right(capsys: pytest.CaptureFixture[str]):
    table(["date", "topics"], [["2024-01-01", "7"], ["2024-02-01", "1234567"]], numbers=True)
    assert capsys.readouterr().out == "date         topics\n2024-01-01        7\n2024-02-01  1234567\n"


@pytest.fixture
def wide(few: Project) -> Project:
    """A project with a dataset whose table is 100 places wide."""
    columns = [f"number_{each}_of_all" for each in range(6)]
    counts = ", ".join(f'Count("{id}", "[red]{id}[/red]")' for id in columns)
    sums = ", ".join(f"COUNT(*) AS {id}" for id in columns)
    few.script("talk/wide.py", f'''"""Wide [bold]about[/bold]."""
from flow import Count, Dataset
wide = Dataset(title="[bold]Wide[/bold]", source="core", columns=[{counts}],
    sql="SELECT {{{{ period('saved_timestamp') }}}} AS date, {sums} FROM {{{{ talk_edits() }}}} AS edit GROUP BY 1")
''')
    return few


@pytest.mark.parametrize("columns", [80, 120, 200])
def test_a_table_turns_where_the_terminal_is_too_narrow(wide: Project, columns: int):
    said, code = see(wide, "query", "wide", *OPTIONS, columns=columns)
    lines = [line.rstrip() for line in plain(said).splitlines()]
    assert code == 0
    assert max(map(len, lines)) <= columns
    header = "date        " + "  ".join(f"number_{each}_of_all" for each in range(6))
    assert len(header) == 112
    assert (header in lines) == (columns > 112)
    dates = [line for line in lines if "2024-0" in line and "Reading" not in line]
    start = "date             " if columns < 112 else ""
    assert [line[: len(start) + 10] for line in dates] == [f"{start}2024-0{month}-01" for month in (1, 2, 3)]


@pytest.mark.parametrize("columns", [80, 120, 200])
def test_text_is_folded_between_words_under_its_name_and_no_date_is_cut(wide: Project, columns: int):
    wide.generate("run")
    for command in (["list"], ["list", "wide"], ["releases"], ["run", "--dry-run", "--again"]):
        said, code = see(wide, *command, columns=columns)
        assert code == 0
        whole = plain(said)
        assert "…" not in whole
        if command != ["list", "wide"]:  # its definitions are as they stand in the files
            assert max(len(line.rstrip()) for line in whole.splitlines()) <= columns
        off = wide.generate(*command)
        assert {*off.out.split()} <= {*whole.split()}, "the same is said"
    assert "[bold]Wide[/bold]" in plain(see(wide, "list", columns=columns)[0])


def test_colours_are_for_terminals_that_want_them(wide: Project):
    wide.script("talk/wide.py", "nonsense(")
    assert "\x1b[" not in wide.generate("list").err
    assert "\x1b[1;31mfailed:" in see(wide, "list")[0]
    assert "\x1b[31m" not in see(wide, "list", NO_COLOR="1")[0]
    assert "31m" not in see(wide, "list", NO_COLOR="1")[0]

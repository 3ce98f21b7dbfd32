"""Whatever one query script does, the others are published."""

from __future__ import annotations

import json
from decimal import getcontext
from pathlib import Path

import pytest

from tests.support.few import process
from tests.support.mariadb import Server
from tests.support.project import Project

HEAD = '"""Mine."""\nimport os, sys, warnings\nfrom flow import Count, Dataset, People, Ratio, dataset\n\n'
RAISED = [
    "raise KeyboardInterrupt",
    "raise MemoryError",
    "raise GeneratorExit",
    "sys.exit(0)",
    "raise type('Own', (BaseException,), {})()",
    "raise type('Odd', (Exception,), {'__str__': lambda self: 1 / 0})()",
    "(lambda f: f(f))(lambda f: f(f))",
    "sys.stdout.close(); raise ValueError('Alice')",
    "raise UserWarning('Alice')",
]
HARMLESS = ["print('Alice')", "sys.stderr.write('Alice')", "os.chdir('/')", "sys.stdout.close()", "warnings.simplefilter('error')",
            "__import__('decimal').getcontext().prec = 2"]  # fmt: skip
PLACES = {
    "load": HEAD + "{act}\nmine = Dataset(title='M', source='core', columns=[Count('a', 'A')], sql=\"\"\"{sql}\"\"\")\n",
    "function": HEAD + "@dataset(title='M', columns=[Count('a', 'A')])\ndef mine(talk_edits):\n    {act}\n"
    "    return talk_edits[['date', 'edits']].rename(columns={{'edits': 'a'}})\n",
    "check": HEAD + "def plausible(table):\n    {act}\n    return []\n\n"
    "mine = Dataset(title='M', source='core', columns=[Count('a', 'A')], check=plausible, sql=\"\"\"{sql}\"\"\")\n",
}
SQL = "SELECT {{ period('saved_timestamp') }} AS date, SUM(counts) AS a FROM {{ talk_edits() }} AS edit GROUP BY 1"
MINE = "datafiles/testwiki/month/mine.csv"


def with_script(few: Project, place: str, act: str) -> None:
    few.settings(grains='["month"]')
    few.script("talk/mine.py", PLACES[place].format(act=act, sql=SQL))


def others(few: Project) -> set[str]:
    return {Path(path).stem for path in few.datafiles()} - {"mine"}


ALL = {"new_topics", "flow_people", "flow_edits", "talk_edits", "talk_versus_flow"}


@pytest.mark.parametrize("act", RAISED)
@pytest.mark.parametrize("place", PLACES)
def test_what_it_raises_is_its_own_failure(few: Project, place: str, act: str):
    with_script(few, place, act)
    said = few.generate("run")
    assert said.code == (4 if place == "check" else 1), said.err
    assert others(few) == ALL
    assert MINE not in few.published()
    assert sum("mine" in line and ("failed: " in line or "held back: " in line) for line in said.err.splitlines()) == 1
    assert "Traceback" not in said.err
    assert json.loads((few.folder / "output" / "status.json").read_text())["exit_code"] == said.code


@pytest.mark.parametrize("act", HARMLESS)
@pytest.mark.parametrize("place", PLACES)
def test_what_it_changes_around_it_reaches_nobody(few: Project, place: str, act: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(few.folder)
    with_script(few, place, act)
    said = few.generate("run")
    assert (said.code, said.out) == (0, ""), said.err
    assert others(few) == ALL
    assert MINE in few.published()
    assert "Alice" not in said.err
    assert Path.cwd() == few.folder
    assert getcontext().prec == 28


def test_what_it_prints_and_warns_of_is_said_and_never_shown(few: Project):
    with_script(few, "load", "print('Alice')")
    assert "queries/talk/mine.py: it prints something, which is not shown" in few.generate("list").err
    with_script(few, "function", "warnings.warn('Alice', DeprecationWarning)")
    run = process(few, "run", "--log-format", "json")
    _, errors = run.communicate(timeout=60)
    assert run.returncode == 0, errors
    with_script(few, "function", "warnings.warn('Alice')")
    run = process(few, "run", "--log-format", "json")
    _, errors = run.communicate(timeout=60)
    assert run.returncode == 0, errors
    assert "mine: it raises a UserWarning" in [json.loads(line)["message"] for line in errors.splitlines()]
    assert "Alice" not in errors


@pytest.mark.parametrize(
    ("result", "line"),
    [
        ("__import__('pandas').DataFrame({'date': [object()], 'a': [1]})", "a value that is no date is outside the range"),
        ("__import__('pandas').DataFrame({'date': ['2024-01-01'], 'a': [type('Odd', (), {'__str__': lambda s: 1 / 0})()]})", "cannot be read as a number or a date"),
        ("type('Frame', (__import__('pandas').DataFrame,), {'notna': lambda s: 1 / 0})({'date': ['2024-01-01'], 'a': [1]})", "cannot be read as a number or a date"),
        ("__import__('pandas').DataFrame({'date': ['2024-01-01'], 'a': [10**5000]})", "a int is no number"),
    ],
)
def test_what_it_returns_is_its_own_failure(few: Project, result: str, line: str):
    with_script(few, "function", f"return {result}")
    said = few.generate("run")
    assert said.code == 1, said.err
    assert line in said.err
    assert others(few) == ALL


NUMBERS = """SELECT {{{{ period('saved_timestamp') }}}} AS date, {count} AS a, {ratio} AS b, 0 * COUNT(*) AS c
  FROM {{{{ talk_edits() }}}} AS edit GROUP BY 1"""
LARGE = HEAD + "mine = Dataset(title='M', source='core', columns=[Count('a', 'A'), Ratio('b', 'B'), Count('c', 'C')], sql=\"\"\"{sql}\"\"\")\n"
MADE = HEAD + "@dataset(title='T', columns=[Count('twice', 'T')])\ndef twice(mine):\n    mine['twice'] = mine['a'] + mine['a']\n    return mine[['date', 'twice']]\n"


@pytest.mark.parametrize(
    ("engine", "count", "ratio", "row"),
    [
        ("mariadb", "CAST(9223372036854775808 AS UNSIGNED)", "CAST('-0.00001' AS DECIMAL(9, 6))", "9223372036854775808,0.0000,0"),
        ("mariadb", "CAST('98765432109876543210987654321' AS DECIMAL(30, 0))", "-1e-20", "98765432109876543210987654321,0.0000,0"),
        ("sqlite", "9223372036854775808", "-0.0", "9223372036854775808,0.0000,0"),
        ("sqlite", "'18446744073709551617'", "-1e-9", "18446744073709551617,0.0000,0"),
    ],
)
def test_large_numbers_and_negative_zeros_are_published_as_they_are(
    few: Project, request: pytest.FixtureRequest, engine: str, count: str, ratio: str, row: str
):
    few.settings(grains='["month"]')
    if engine == "mariadb":
        url = loaded(request.getfixturevalue("mariadb"))
        few.settings(f'[wikis.testwiki]\ncore = "{url}"\n', wikis=(), grains='["month"]')
    few.script("talk/mine.py", LARGE.format(sql=NUMBERS.format(count=count, ratio=ratio)))
    few.script("talk/twice.py", MADE)
    said = few.generate("run")
    assert said.code == 0, said.err
    text = few.published()[MINE].decode()
    assert text.splitlines()[1] == f"2024-01-01,{row}"
    number = int(row.split(",", maxsplit=1)[0])
    assert few.published()[MINE.replace("mine", "twice")].decode().splitlines()[1] == f"2024-01-01,{2 * number}"
    assert few.generate("check").code == 0
    assert few.generate("run").err.splitlines()[-1].startswith("Nothing to do")


def loaded(server: Server) -> str:
    from flow.simulate.life import Life, live
    from flow.simulate.load import into_mariadb
    from flow.simulate.scribe import Scribe
    from tests.support.project import SINCE, UNTIL

    name = server.database()
    with server.connect(name) as connection, into_mariadb(connection) as emit:
        live(Scribe("testwiki", emit), Life(3, SINCE, UNTIL, topics=2, edits=5, people=5))
    return server.url(name)


def test_a_folder_that_is_gone_is_nothing_to_a_script(few: Project, monkeypatch: pytest.MonkeyPatch):
    gone = few.folder / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert few.generate("list").code == 0
    monkeypatch.chdir(few.folder)

"""Odd files, odd types and bad moments: one clear line, never a traceback, and never a good file lost."""

from __future__ import annotations

import hashlib
import json
import signal
import subprocess
import sys
import time

import pytest
from filelock import FileLock

from tests.commands.test_bad_input import GOOD, SCRIPT
from tests.conftest import CHECKOUT
from tests.support.project import Project, wiki


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ('title="Mine"', "title=5"),
        ('source="flow"', 'source="flow", since=2020'),
        ('columns=[Count("topics", "Topics")]', 'columns=["a"]'),
        ('columns=[Count("topics", "Topics")]', 'columns=Count("topics", "Topics")'),
        ('columns=[Count("topics", "Topics")]', 'columns=[Count("topics", 5)]'),
        ('source="flow"', 'source="flow", spans={"w": 7}'),
        ('source="flow"', 'source="flow", spans=["w"]'),
        ('title="Mine"', 'title="\\ud800"'),
        ('source="flow"', 'source="flow", adds_up=5'),
        ('source="flow"', 'source="flow", adds_up={"topics": 5}'),
        ('source="flow"', 'source="flow", adds_up=["topics"]'),
        ('source="flow"', 'source="flow", jump="20"'),
        ('source="flow"', 'source="flow", jump=None'),
        ('source="flow"', 'source="flow", jump=-1'),
        ('source="flow"', 'source="flow", check="topics"'),
        ('source="flow"', 'source="flow", check=["topics"]'),
        ('source="flow"', 'source="flow", graphs=5'),
        ('source="flow"', 'source="flow", settles=5'),
        ('[Count("topics", "Topics")]', '[Count("topics", "Topics"), Share("s", "S", of=5)]'),
        ('[Count("topics", "Topics")]', '[Count("topics", "Topics"), Share("s", "S", of="topics")]'),
        ('[Count("topics", "Topics")]', '[Count("topics", "Topics"), Share("s", "S", of=[5])]'),
        ('[Count("topics", "Topics")]', '[Count("topics", "Topics"), People("p", "P", among=5)]'),
        ('[Count("topics", "Topics")]', '[Count("topics", "Topics"), People("p", "P", among=["topics"])]'),
        ('[Count("topics", "Topics")]', '[Count("topics", "Topics"), People("p", "P", acts=5)]'),
        ('[Count("topics", "Topics")]', '[Count("topics", "Topics"), People("p", "P", acts=[None])]'),
    ],
)
def test_facts_of_a_wrong_type_break_one_script_alone(project: Project, good: str, bad: str):
    text = SCRIPT.format(sql=GOOD).replace("Count, Dataset", "Count, Dataset, People, Share")
    assert good in text
    project.script("flow/mine.py", text.replace(good, bad))
    said = project.generate("run", "new_topics")
    assert said.code == 0, said.err
    said = project.generate("list")
    assert said.code == 1
    assert sum("mine.py" in line for line in said.err.splitlines()) == 1
    assert "new_topics" in said.out


@pytest.mark.parametrize(
    ("made", "line"),
    [
        ("def mine(talk_edits):\n    return None\n", "its function returns NoneType; it must return a frame"),
        ("def mine(talk_edits):\n    return talk_edits.nothing\n", "queries/talk/mine.py:6: its function failed: AttributeError: "),
        ("def mine(talk_edits):\n    return int('Alice')\n", "queries/talk/mine.py:6: its function failed: ValueError: invalid literal for int() with base 10: '…'"),
        ("def mine(talk_edits):\n    return talk_edits\n", "column 'a' is missing from the result; the function must return date, a"),
        ("mine = lambda talk_edits: talk_edits\n", "must be a function with a name, written with def"),
    ],
)
def test_a_function_that_returns_something_else_fails_alone(project: Project, made: str, line: str):
    head = '"""Mine."""\nfrom flow import Count, dataset\n\n'
    maker = 'dataset(title="M", columns=[Count("a", "A")])'
    body = made.replace("mine = ", f"mine = {maker}(").replace("talk_edits\n", "talk_edits)\n") if "lambda" in made else f"@{maker}\n{made}"
    project.script("talk/mine.py", head + body)
    said = project.generate("run", "--grain", "month")
    assert said.code == 1
    assert line in said.err
    assert "datafiles/testwiki/month/talk_edits.csv" in project.published()


def test_one_run_at_a_time(project: Project):
    (project.folder / "output").mkdir()
    with FileLock(project.folder / "output" / ".lock"):
        said = project.generate("run")
    assert said.code == 75
    assert "another run is at work here; nothing is done" in said.one_line()
    assert project.generate("run").code == 0


def test_a_damaged_manifest_while_a_wiki_is_down_loses_nothing(project: Project):
    project.settings(wikis=("testwiki", "otherwiki"))
    wiki(project.folder / "otherwiki.sqlite")
    assert project.generate("run").code == 0
    whole = project.published()
    manifest = project.public / "manifest.json"
    manifest.unlink()
    manifest.write_text("garbage")
    (project.folder / "otherwiki.sqlite").rename(project.folder / "away")
    said = project.generate("run")
    assert said.code == 1
    assert "20 damaged CSVs were not computed again; what is published stays as it is" in said.err
    assert {path for path in project.published() if path.endswith(".csv")} == {path for path in whole if path.endswith(".csv")}
    (project.folder / "away").rename(project.folder / "otherwiki.sqlite")
    assert project.generate("run").code == 0
    assert {path: content for path, content in project.published().items() if path.endswith(".csv")} == {
        path: content for path, content in whole.items() if path.endswith(".csv")
    }


def test_a_run_of_one_dataset_over_a_damaged_manifest_loses_no_other(project: Project):
    project.generate("run")
    whole = project.published()
    (project.public / "manifest.json").unlink()
    (project.public / "manifest.json").write_text("garbage")
    said = project.generate("run", "new_topics")
    assert said.code == 4
    assert "18 damaged CSVs were not computed again; what is published stays as it is" in said.err
    assert project.published().keys() == whole.keys()
    assert project.generate("run").code == 0
    assert project.generate("check").code == 0
    assert project.published().keys() == whole.keys()


def test_a_damaged_csv_whose_wiki_is_down_stays_where_it_is(project: Project):
    project.generate("run")
    path = project.public / "datafiles" / "testwiki" / "month" / "replies.csv"
    path.unlink()
    path.write_text("date,")
    (project.folder / "testwiki.sqlite").rename(project.folder / "away")
    assert project.generate("run").code == 3
    assert path.is_file()
    assert project.public.resolve().name == project.releases()[0]


@pytest.mark.parametrize("name", ["dashboards/reportcard.json", "graphs/replies-testwiki-month.json", "datapackage.json"])
def test_a_lost_or_changed_file_is_written_again(project: Project, name: str):
    project.generate("run")
    whole = project.published()
    (project.public / name).unlink()
    assert project.generate("run").code == 0
    assert project.published()[name] == whole[name]
    path = project.public / name
    path.unlink()
    path.write_text("{}")
    assert project.generate("run").code == 0
    assert project.published()[name] == whole[name]


@pytest.mark.parametrize("make", [lambda path: path.mkdir(parents=True), lambda path: path.write_text("precious")])
def test_something_else_in_the_place_of_the_link_is_left_alone(project: Project, make):
    (project.folder / "output").mkdir()
    make(project.public)
    said = project.generate("run")
    assert said.code == 2
    assert "it must be a link to a release, and is something else" in said.one_line()
    assert not project.public.is_symlink()


def test_a_folder_where_a_file_should_be_is_one_line(project: Project):
    (project.folder / "output" / "staging" / "testwiki" / "month" / "new_topics.csv").mkdir(parents=True)
    said = project.generate("run")
    assert said.code == 1
    assert "new_topics.csv: Is a directory" in said.one_line()


@pytest.mark.parametrize("days", [["--since", "0001-01-01"], ["--until", "9999-12-31"]])
def test_days_outside_the_life_of_wikis_are_refused(project: Project, days: list[str]):
    said = project.generate("run", *days)
    assert said.code == 2
    assert "is not from 1990-01-01 to 2999-12-31" in said.err


@pytest.mark.parametrize(
    "text",
    ['[output]\ngrains = [["day"]]', '[output]\ndefault_grain = ["day"]', '[output]\nfolder = "~nobody-of-that-name/x"',
     '[output]\nfolder = "a\\u0000b"', "privacy = 5", '[privacy]\nthreshold = "5"', "[privacy]\nthreshold = true", "[privacy]\nthreshold = 5.0",
     '[privacy]\npeople_by_day = "yes"', "[privacy]\nwithhold_actions = 1", "[privacy]\nwikis = []", "[privacy.wikis]\ntestwiki = 5",
     "[privacy.wikis.testwiki]\nthreshold = []", "[privacy.datasets]\nflow_people = 3", "targets = 5", "[targets]\nstats = 5",
     "[targets.stats]\nfolder = 5", '[targets.stats]\nfolder = "a"\nurl = 5', "run = 5", "[run]\ntime_limit = 5", '[run]\ntime_limit = "-5m"',
     "[run]\ntime_limit = true", "[output]\nreleases = 2.5", '[output]\nreleases = "3"', "[output]\nfolder = []", "now = 5", 'now = "2024"', "now = 0001-01-01T00:00:00Z", "now = 9999-12-31T23:00:00Z"],
)  # fmt: skip
def test_odd_settings_are_one_line(project: Project, text: str):
    (project.folder / "settings.toml").write_text(f'{text}\n[wikis.testwiki]\ncore = "sqlite:///testwiki.sqlite"\n')
    said = project.generate("run")
    assert said.code == 2
    assert said.one_line()


@pytest.mark.parametrize("url", ["host:abc/w", "127.0.0.1:1/w?foo=bar", "127.0.0.1:1/w?ssl=true", "127.0.0.1:1/w?connect_timeout=abc"])
def test_an_odd_url_is_one_line_without_its_password(project: Project, url: str):
    project.settings(f'[wikis.odd]\ncore = "mysql+pymysql://reader:sesame@{url}"\n', wikis=())
    said = project.generate("query", "new_topics", "--wiki", "odd", "--since", "2024-01-01", "--until", "2024-02-01")
    assert said.code == 3
    assert "sesame" not in said.one_line()


def test_an_odd_credentials_file_is_one_line(project: Project):
    (project.folder / "my.cnf").write_text("no section\n")
    project.settings('[wikis.odd]\ncore = "mysql+pymysql://127.0.0.1:1/w"\ncredentials = "my.cnf"\n', wikis=())
    said = project.generate("query", "new_topics", "--wiki", "odd", "--since", "2024-01-01", "--until", "2024-02-01")
    assert said.code == 3
    assert said.one_line()


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content["tabs"][0].update(name=["a"]),
        lambda content: content["tabs"][0].update(graph_ids=5),
        lambda content: content["tabs"][0].update(graph_ids=[[1]]),
        lambda content: content.update(headline="\ud800"),
        lambda content: content.update(tabs={"a": 1}),
    ],
)
def test_an_odd_reportcard_is_held_back_and_an_odd_dashboard_complained_of(project: Project, change):
    project.generate("run", "--grain", "month")
    card, page = project.folder / "reportcard.json", project.public / "dashboards" / "reportcard.json"
    for path in (card, page):
        content = json.loads(path.read_text())
        change(content)
        path.unlink()
        path.write_text(json.dumps(content))
    assert project.generate("check").code == 4
    assert project.generate("run").code == 4


def test_an_interrupt_in_the_middle_of_a_query_stops_the_run(project: Project):
    endless = "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n) SELECT '2024-01-01' AS date, MAX(i) AS topics FROM n"
    (project.folder / "queries" / "flow" / "aaa.py").write_text(SCRIPT.format(sql=endless).replace("mine", "aaa"))
    code = (
        f"import sys, pathlib, generate; sys.argv = ['generate.py', '--settings', {str(project.folder / 'settings.toml')!r}, 'run', 'aaa']\n"
        f"generate.QUERIES = pathlib.Path({str(project.folder / 'queries')!r})\n"
        "from flow.engines.sqlite import SQLite\n"
        "read = SQLite.read\n"
        "def told(self, sql, values):\n"
        "    if 'RECURSIVE n' in sql: print('asked', flush=True)\n"
        "    return read(self, sql, values)\n"
        "SQLite.read = told\n"
        "generate.cli()"
    )
    process = subprocess.Popen([sys.executable, "-c", code], cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "asked\n"
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert "failed" not in errors


def test_a_csv_that_was_edited_together_with_its_manifest_is_computed_again(project: Project) -> None:
    """A number that is none, with the digest that it should have: the run goes on, and all is mended."""
    project.seem_alive("2024-04-01T06:00:00")
    assert project.generate("run").code == 0
    before, path = project.published(), "datafiles/testwiki/month/new_topics.csv"
    csv, manifest = project.public / path, project.public / "manifest.json"
    old = csv.read_bytes()
    new = old[:-2] + b"-\n"
    csv.write_bytes(new)
    digests = [hashlib.sha256(content).hexdigest() for content in (old, new)]
    manifest.write_text(manifest.read_text("utf-8").replace(*digests), "utf-8")
    said = project.generate("run")
    assert said.code == 0, said.err
    assert "new_topics.csv: damaged, line" in said.err
    assert project.published()[path] == before[path] == old

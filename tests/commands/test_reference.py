"""What there is to say of macros, relations and cases is said once, in the code; the lists of docs/queries.md are made from it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from flow.commands.reference import update
from flow.datasets.catalog import Catalog
from flow.datasets.column import Count
from flow.datasets.dataset import Dataset
from flow.datasets.period import Grain, Range
from flow.datasets.relation import describe
from flow.engines.sources import Sources
from flow.settings import Settings, Wiki
from flow.simulate.load import into_mariadb, into_sqlite
from flow.sql.macros import OF_DIALECT, OF_PROFILE, OWN
from flow.sql.reference import macros
from flow.sql.request import Request
from tests.conftest import CHECKOUT
from tests.queries.test_people import talk
from tests.support.mariadb import Server
from tests.support.project import Project

DOC = CHECKOUT / "docs" / "queries.md"
RELATIONS = sorted(path.stem for path in (CHECKOUT / "queries" / "relations").glob("*.sql") if "." not in path.stem)
JANUARY = Request("talkwiki", Grain.MONTH, Range(date(2024, 1, 1), date(2024, 2, 1)), {"window": 604800})

Ask = Callable[[str, str], tuple[list[str], int]]


@pytest.fixture(scope="module", params=["sqlite", "mariadb"])
def ask(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, queries: Catalog) -> Iterator[Ask]:
    """Runs SQL of a dataset of a source on a small wiki; gives the columns, and the number of rows."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("reference") / "talkwiki.sqlite"
        with into_sqlite(path) as emit:
            talk(emit)
        url = f"sqlite:///{path}"
    else:
        server: Server = request.getfixturevalue("mariadb")
        name = server.database()
        with server.connect(name) as connection, into_mariadb(connection) as emit:
            talk(emit)
        url = server.url(name)
    with Sources(Settings({"talkwiki": Wiki("talkwiki", {"core": url, "flow": url})})) as sources:

        def run(source: str, sql: str) -> tuple[list[str], int]:
            dataset = Dataset(id="x", title="T", source=source, columns=[Count("a", "A")], sql=sql, spans={"window": "7d"})
            frame = sources.get("talkwiki", source).read(dataset, JANUARY, queries.relations)
            return list(map(str, frame.columns)), len(frame)

        yield run


@pytest.mark.parametrize("name", [*OWN, *OF_DIALECT, *OF_PROFILE])
def test_the_example_of_a_macro_runs(ask: Ask, name: str):
    macro = macros()[name]
    assert f"{name}(" in macro.example
    assert ask(macro.source, macro.example)[1] > 0
    assert macro.brief.endswith(".")


@pytest.mark.parametrize("name", RELATIONS)
def test_a_relation_has_the_columns_that_its_file_tells_and_its_example_runs(ask: Ask, queries: Catalog, name: str):
    relation = describe(name, queries.relations[name])
    source = relation.source.partition(",")[0]
    columns, rows = ask(source, f"SELECT * FROM {{{{ {name}() }}}} AS found")
    assert columns == [column for column, _, _ in relation.columns]
    assert rows > 0 or name == "flow_moderation" or name == "flow_changes"
    assert f"{name}()" in relation.example
    ask("flow" if name == "people" else source, relation.example)


def test_the_lists_in_the_docs_are_those_of_the_code(queries: Catalog):
    text = DOC.read_text("utf-8")
    assert update(text, queries) == text, "run: make docs"
    assert all(f"### `{name}()`" in text for name in RELATIONS)
    assert all(f"### `{macro.signature}`" in text for macro in macros().values())


def test_a_list_whose_mark_is_missing_is_not_written(queries: Catalog):
    with pytest.raises(ValueError, match="the mark <!-- macros: made by make docs --> must stand in it"):
        update(DOC.read_text("utf-8").replace("<!-- macros: made by make docs -->", ""), queries)


def first_block(kind: str) -> str:
    found = re.search(rf"^```{kind}\n(.*?)^```", DOC.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


def test_the_dataset_of_the_docs_passes_its_case_and_is_shown(project: Project):
    script, case, board = map(first_block, ("python", "toml", "json"))
    project.script("flow/threads_by_boards.py", script)
    (project.folder / "queries/flow/threads_by_boards.toml").write_text(case, "utf-8")
    (project.folder / "reportcard.json").write_text(board, "utf-8")
    assert project.generate("test", "threads_by_boards").out == "ok    threads_by_boards: 1 case on sqlite\n"
    assert project.generate("check").code == 0
    assert project.generate("run", "--grain", "month").code == 0
    tabs = json.loads(project.published()["dashboards/reportcard.json"])["tabs"]
    assert tabs[0]["graph_ids"][1].startswith("threads_by_boards")


def test_macros_are_listed_a_line_each(project: Project):
    said = project.generate("list", "--macros")
    lines = said.out.splitlines()
    assert said.code == 0
    assert [line.partition("(")[0] for line in lines] == [*RELATIONS, *macros()]
    assert all(len(line) <= 130 and not line.endswith(") ") for line in lines)


@pytest.mark.parametrize("asked", ["replies()", "topics", "topics()", "topics(plus='window')"])
def test_a_relation_is_told_with_its_columns_units_and_an_example(project: Project, asked: str):
    name = asked.partition("(")[0]
    said = project.generate("list", asked)
    assert said.code == 0, said.err
    assert said.out.startswith(f"{name}(), of flow\n")
    relation = describe(name, (project.folder / f"queries/relations/{name}.sql").read_text("utf-8"))
    words = {tuple(line.split()[:2]) for line in said.out.splitlines()}
    assert {(column, unit.split()[0]) for column, unit, _ in relation.columns} <= words
    assert f"  {relation.example.splitlines()[0]}\n" in said.out


def test_a_macro_is_told_with_its_arguments_and_an_example(project: Project):
    said = project.generate("list", "within()").out
    assert said.startswith("within(column, plus=None")
    assert "  SELECT COUNT(*) AS revisions\n" in said


def test_a_name_without_parentheses_is_the_datasets_first(project: Project):
    assert project.generate("list", "replies").out.startswith("replies: Replies\n")


def test_a_macro_that_there_is_not_is_told_what_it_may_be(project: Project):
    said = project.generate("list", "perod()")
    assert (said.code, said.one_line()) == (2, "error: there is no macro or relation 'perod'; did you mean 'period'?")


def test_a_relation_of_ones_own_may_say_nothing_of_itself(project: Project):
    Path(project.folder / "queries/relations/mine.sql").write_text("SELECT 1 AS one\n")
    said = project.generate("list", "mine()")
    assert (said.code, said.out.splitlines()[0]) == (0, "mine(), of a source of its own")
    assert project.generate("list", "--macros").code == 0

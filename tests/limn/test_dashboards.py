"""Dashboards are published for each wiki and grain that they have anything to show of, without what would be blank."""

from __future__ import annotations

import json
import shutil

import pytest

from flow.datasets.board import Board, Tab
from flow.datasets.period import Grain
from flow.limn.dashboards import NOTHING, Dashboards
from flow.shelf.entry import Entry
from tests.support.entries import entry
from tests.support.project import Project

CARD = Board("Talk", "Here", (Tab("A", ("full", "thin")), Tab("B", ("thin",))))


def made(*entries: Entry, boards: tuple[Board, ...] = (CARD,), wiki: str = "a_wiki") -> Dashboards:
    return Dashboards({each.key: each for each in entries}, boards, (wiki, Grain.MONTH))


def full(grain: Grain = Grain.MONTH, wiki: str = "a_wiki") -> Entry:
    return entry(grain, "full", wiki, topics=["1", "2"])


def thin(grain: Grain = Grain.MONTH, wiki: str = "a_wiki") -> Entry:
    return entry(grain, "thin", wiki, topics=["1", ""])


def test_a_graph_with_one_value_is_left_off_with_the_tab_that_is_empty_then_and_the_page_says_so():
    (page,) = made(full(), thin()).pages()
    assert page["tabs"] == [{"name": "A", "graph_ids": ["full-a_wiki-month"]}]
    assert page["subhead"] == "Here, a_wiki, by month. Not drawn, with fewer than two values: Thin"


def test_a_page_that_shows_all_says_nothing_of_it():
    assert [page["subhead"] for page in made(full()).pages()] == ["Here, a_wiki, by month"]


def test_the_front_page_is_one_with_something_to_see():
    pages = list(made(thin(), full(Grain.WEEK), full(wiki="b_wiki")).pages())
    assert [(page["id"], page["subhead"]) for page in pages] == [
        ("reportcard", "Here, a_wiki, by ISO week"),
        ("reportcard-b_wiki-month", "Here, b_wiki, by month"),
    ]


def test_a_front_page_without_anything_to_see_says_so_in_its_tab():
    (page,) = made(thin(), thin(wiki="b_wiki")).pages()
    assert (page["id"], page["tabs"]) == ("reportcard", [{"name": NOTHING, "graph_ids": []}])
    assert "Not drawn, with fewer than two values: Thin" in page["subhead"]


def test_graphs_link_to_the_other_grains_wikis_and_dashboards_that_there_are():
    more = Board("More *talk*", "", (Tab("A", ("full",)),), "more")
    entries = full(), full(Grain.WEEK), full(wiki="b_wiki"), thin(Grain.DAY)
    assert made(*entries, boards=(CARD, more)).notes(("a_wiki", Grain.MONTH)).split("\n\n") == [
        "Also [by ISO week](/dashboards/reportcard-a_wiki-week)",
        r"Other wikis: [b\_wiki](/dashboards/reportcard-b_wiki-month)",
        r"Dashboards: [Talk](/dashboards/reportcard), [More \*talk\*](/dashboards/more)",
    ]
    assert made(full()).notes(("a_wiki", Grain.MONTH)) == ""


def test_of_very_many_wikis_each_is_reached_from_one_to_the_next():
    wikis = [f"wiki{number:03}" for number in range(100)]
    found = made(*(full(wiki=wiki) for wiki in wikis), wiki="wiki000")
    linked = {wiki: found.notes((wiki, Grain.MONTH)).count("](/dashboards/") for wiki in wikis}
    assert set(linked.values()) == {20}
    assert "[wiki099]" in found.notes(("wiki000", Grain.MONTH)) and "[wiki001]" in found.notes(("wiki000", Grain.MONTH))


def put(project: Project, name: str, tabs: list[dict[str, object]], **facts: object) -> None:
    (project.folder / "dashboards").mkdir(exist_ok=True)
    content = {"id": name, "headline": "Talk", "tabs": tabs} | facts
    (project.folder / "dashboards" / f"{name}.json").write_text(json.dumps(content), "utf-8")


def boards(project: Project) -> dict[str, list[str]]:
    """The graphs of each published dashboard, by id."""
    found = {}
    for path in sorted((project.public / "dashboards").glob("*.json")):
        content = json.loads(path.read_text("utf-8"))
        assert content["id"] == path.stem
        found[path.stem] = [graph for tab in content["tabs"] for graph in tab["graph_ids"]]
    return found


TALK = [{"name": "Talk", "graph_ids": ["talk_edits"]}, {"name": "Flow", "graph_ids": ["new_topics"]}]


@pytest.fixture
def two(project: Project) -> Project:
    """Two wikis, the second without Flow."""
    shutil.copy(project.folder / "testwiki.sqlite", project.folder / "talkwiki.sqlite")
    project.settings(wikis=("testwiki", "talkwiki"), text="flow = false\n")
    return project


def test_a_dashboard_is_published_under_its_own_id_and_for_the_others_with_wiki_and_grain(two: Project):
    put(two, "talk", TALK)
    assert two.generate("run").code == 0
    found = {id: graphs for id, graphs in boards(two).items() if id.startswith("talk")}
    assert found == {
        "talk": ["talk_edits-testwiki-month", "new_topics-testwiki-month"],
        "talk-testwiki-week": ["talk_edits-testwiki-week", "new_topics-testwiki-week"],
        "talk-talkwiki-month": ["talk_edits-talkwiki-month"],
        "talk-talkwiki-week": ["talk_edits-talkwiki-week"],
    }
    assert "reportcard" in boards(two)
    assert two.generate("check").code == 0


def test_a_dashboard_that_has_nothing_to_show_of_a_wiki_is_left_out_there(two: Project):
    put(two, "flowers", TALK[1:])
    two.settings(wikis=("talkwiki", "testwiki"))
    settings = (two.folder / "settings.toml").read_text()
    (two.folder / "settings.toml").write_text(settings.replace("[wikis.testwiki]", "flow = false\n[wikis.testwiki]"))
    assert two.generate("run").code == 0
    found = {id: graphs for id, graphs in boards(two).items() if id.startswith("flowers")}
    assert found == {"flowers": ["new_topics-testwiki-month"], "flowers-testwiki-week": ["new_topics-testwiki-week"]}


def test_a_dashboard_that_has_nothing_to_show_at_all_is_not_published_and_nothing_fails(two: Project):
    put(two, "flowers", TALK[1:])
    assert two.generate("run", "talk_edits").code == 0
    assert not [id for id in boards(two) if id.startswith("flowers")]


@pytest.mark.parametrize(
    ("id", "facts", "fault"),
    [
        ("talk", {"id": "other"}, "dashboards/talk.json: its id must be 'talk', not 'other'"),
        ("reportcard", {}, "dashboards/reportcard.json: its name must be lower-case letters, digits and _, and not reportcard"),
        ("Talk", {}, "dashboards/Talk.json: its name must be lower-case letters"),
        ("talk-testwiki-month", {}, "dashboards/talk-testwiki-month.json: its name must be lower-case letters"),
        ("talk", {"tabs": [{"name": "A", "graph_ids": ["talk_edit"]}]}, "tab 'A' names 'talk_edit', which is no dataset"),
        ("talk", {"tabs": [TALK[0], TALK[0] | {"name": "talk"}]}, "tabs 'Talk' and 'talk' are one to Limn"),
        ("talk", {"tabs": [TALK[0] | {"name": "a b"}, TALK[0] | {"name": "A_B"}]}, "tabs 'a b' and 'A_B' are one to Limn"),
    ],
)
def test_a_fault_of_any_dashboard_is_named_and_keeps_all_from_being_published(project: Project, id, facts, fault):
    put(project, id, **{"tabs": TALK, **facts})
    said = project.generate("check")
    assert (said.code, fault in said.out) == (4, True)
    said = project.generate("run", "talk_edits")
    assert (said.code, fault in said.err) == (4, True)
    assert not project.public.exists()


def test_the_contract_knows_all_dashboards(project: Project):
    put(project, "talk", TALK)
    project.generate("run", "talk_edits")
    path = project.public.resolve() / "dashboards/talk.json"
    content = path.read_text()
    path.unlink()
    path.write_text(content.replace("talk_edits-testwiki-month", "lost"))
    assert "dashboards/talk.json: graph 'lost' is missing" in project.generate("check").out

"""A section that is not called as MediaWiki calls the wiki fails, and names the wikis that there are."""

from __future__ import annotations

from tests.support.project import Project

ASKED = ["--wiki", "enwiki_p", "--since", "2024-01-01", "--until", "2024-03-01"]
WRONG = "wiki 'enwiki_p': its Flow tables hold nothing of it, but of testwiki; call the section as MediaWiki calls the wiki, 'enwiki'"


def settings(project: Project, *wikis: str) -> None:
    sections = "".join(f'[wikis.{id}]\ncore = "sqlite:///testwiki.sqlite"\n' for id in wikis)
    path = project.folder / "settings.toml"
    path.write_text(path.read_text().partition("[wikis.")[0] + sections)


def test_a_run_fails_for_that_wiki_and_goes_on_with_the_others(few: Project):
    settings(few, "testwiki", "enwiki_p")
    said = few.generate("run")
    assert said.code == 1
    assert said.one_line("failed: ").startswith(f"failed: {WRONG}")
    assert "datafiles/testwiki/month/new_topics.csv" in few.datafiles()
    assert "datafiles/enwiki_p/month/new_topics.csv" not in few.datafiles()


def test_a_query_fails(few: Project):
    settings(few, "enwiki_p")
    for dataset in ("new_topics", "talk_versus_flow"):
        said = few.generate("query", dataset, *ASKED)
        assert (said.code, said.out) == (1, "")
        assert WRONG in said.one_line()


def test_a_wiki_whose_rows_are_replaced_by_those_of_another_fails_and_keeps_its_numbers(few: Project):
    from tests.commands.test_publication import change

    few.settings(now="2024-03-01T12:00:00Z")
    few.generate("run")
    before = few.published()["datafiles/testwiki/month/new_topics.csv"]
    change(few, "UPDATE flow_workflow SET workflow_wiki = 'otherwiki'")
    few.settings()
    said = few.generate("run")
    assert said.code == 1
    assert "failed: wiki 'testwiki': its flow tables are empty now, though numbers of them are published" in said.err
    assert few.published()["datafiles/testwiki/month/new_topics.csv"] == before


def test_doctor_says_that_the_name_is_that_of_a_copy(few: Project):
    settings(few, "enwiki_p")
    said = few.generate("doctor")
    assert "call the section as MediaWiki calls the wiki, 'enwiki': names in _p are those of Toolforge's databases" in said.out

"""What is published here is brought to a target: compared, whole, and looked at."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from filelock import FileLock

from tests.support.dashboard import Dashboard
from tests.support.project import Project
from tests.support.release import files

DATASETS = ("new_topics", "talk_edits")


def settings(project: Project, text: str, now: str = "2024-04-01T12:00:00Z") -> None:
    project.settings(text, now=now, grains='["month"]')


def local(project: Project, more: str = "") -> Path:
    """The folder of the target ``local``, which is written into the settings."""
    settings(project, f'[targets.local]\nfolder = "limn"\n{more}')
    return project.folder / "limn"


@pytest.fixture
def ran(project: Project) -> Project:
    """A project with a target and a first release."""
    local(project)
    assert project.generate("run", *DATASETS).code == 0
    return project


def later(project: Project, more: str = "") -> None:
    """A month passes, with another release."""
    settings(project, f'[targets.local]\nfolder = "limn"\n{more}', now="2024-05-01T12:00:00Z")
    project.seem_alive("2024-05-01T11:00:00Z")
    assert project.generate("run", *DATASETS).code == 0


def test_a_dry_run_says_what_is_new_and_writes_nothing(ran: Project):
    said = ran.generate("publish", "local", "--dry-run")
    assert said.code == 0
    assert said.out.splitlines()[0].split() == ["dataset", "wiki", "grain", "what", "how"]
    assert said.out.splitlines()[1].split(maxsplit=4)[:4] == ["new_topics", "testwiki", "month", "new"]
    assert "3 months, 2024-01-01 to 2024-04-01" in said.out
    assert not (ran.folder / "limn").exists()


def test_the_live_release_is_published_and_a_second_time_nothing_changes(ran: Project):
    said = ran.generate("publish", "local")
    assert said.code == 0, said.err
    assert files(ran.folder / "limn" / "public") == ran.everything()
    assert said.err.splitlines()[-1].startswith(f"published in {ran.folder / 'limn'}: release 20240401T120000Z")
    again = ran.generate("publish", "local")
    assert (again.code, again.out) == (0, "")
    assert "2 CSVs are the same there already." in again.err


def test_a_month_more_is_told(ran: Project):
    ran.generate("publish", "local")
    later(ran)
    said = ran.generate("publish", "local", "--dry-run")
    assert said.out.count("changed") == 2
    assert "+1 month, through 2024-04-30" in said.out
    assert ran.generate("publish", "local").code == 0
    assert files(ran.folder / "limn" / "public") == ran.everything()


def test_a_file_that_changes_between_releases_is_brought_too(ran: Project):
    (ran.public / "status.json").write_text('{"ok": true}')
    ran.generate("publish", "local")
    (ran.public / "status.json").write_text('{"ok": false}')
    assert ran.generate("publish", "local").code == 0
    assert (ran.folder / "limn/public/status.json").read_text() == '{"ok": false}'
    assert len(list((ran.folder / "limn/releases").iterdir())) == 1


def test_a_loss_is_held_back_unless_it_is_meant(ran: Project):
    later(ran)
    ran.generate("publish", "local")
    before = files(ran.folder / "limn" / "public")
    shutil.rmtree(ran.folder / "output")
    settings(ran, '[targets.local]\nfolder = "limn"\n')
    ran.generate("run", "new_topics")
    for arguments in (["--dry-run"], []):
        said = ran.generate("publish", "local", *arguments)
        assert said.code == 4
        assert "talk_edits, testwiki, month (gone: 4 months, 2024-01-01 to 2024-05-01)" in said.one_line()
        assert "new_topics, testwiki, month (changed: -1 month, from 2024-04-01 on" in said.one_line()
        assert files(ran.folder / "limn" / "public") == before
    assert ran.generate("publish", "local", "--allow-shrink").code == 0
    assert files(ran.folder / "limn" / "public") == ran.everything()


def test_a_damaged_manifest_there_is_held_back_for_a_loss_could_not_be_told(ran: Project):
    ran.generate("publish", "local")
    (ran.folder / "limn/public/manifest.json").unlink()
    said = ran.generate("publish", "local")
    assert said.code == 4
    assert "its manifest.json is damaged: it is missing; what readers would lose there cannot be told" in said.one_line()
    assert ran.generate("publish", "local", "--allow-shrink").code == 0
    assert files(ran.folder / "limn" / "public") == ran.everything()


def test_nothing_and_damage_are_held_back(project: Project):
    local(project)
    assert "nothing is published yet" in project.generate("publish", "local").one_line()
    project.generate("run", *DATASETS)
    (project.public / "datafiles/testwiki/month/new_topics.csv").write_text("date,topics\n")
    said = project.generate("publish", "local")
    assert said.code == 4
    assert "new_topics.csv is not what was written" in said.one_line()
    assert not (project.folder / "limn").exists()


def test_the_dashboard_is_asked_and_has_it(ran: Project, dashboard: Dashboard):
    folder = local(ran, f'url = "{dashboard.url}"\n')
    dashboard.public = folder / "public"
    said = ran.generate("publish", "local")
    assert said.code == 0, said.err
    assert f"; 1 of its CSVs were asked for at {dashboard.url}" in said.err
    assert dashboard.asked


def test_a_dashboard_that_answers_with_a_page_leads_back_to_the_release_before(ran: Project, dashboard: Dashboard):
    ran.generate("publish", "local")
    before = files(ran.folder / "limn" / "public")
    later(ran, f'url = "{dashboard.url}"\n')
    said = ran.generate("publish", "local")
    assert said.code == 4
    assert f"error: {dashboard.url}/data/datafiles/flow/testwiki/month/new_topics.csv: a web page came" in said.one_line()
    assert said.one_line().endswith(f"{ran.folder / 'limn'}: switched back to 20240401T120000Z")
    assert files(ran.folder / "limn" / "public") == before


def test_a_first_release_stays_though_the_dashboard_does_not_have_it(ran: Project, dashboard: Dashboard):
    folder = local(ran, f'url = "{dashboard.url}"\n')
    for why in ("there was no release before", "it had this release already"):
        said = ran.generate("publish", "local")
        assert said.code == 4
        assert said.one_line().endswith(f"it stays as it is, for {why}")
        assert files(folder / "public") == ran.everything()


def test_two_at_once_do_not_mix(ran: Project):
    (ran.folder / "limn").mkdir()
    with FileLock(ran.folder / "limn" / ".lock"):
        said = ran.generate("publish", "local")
    assert said.code == 75
    assert "is at work here; nothing is done" in said.one_line()


@pytest.mark.parametrize("folder", ["output", "output/public", "output/elsewhere"])
def test_the_output_folder_is_no_target(ran: Project, folder: str):
    settings(ran, f'[targets.local]\nfolder = "{folder}"\n')
    said = ran.generate("publish", "local")
    assert said.code == 2
    assert "is the output folder, or in it; name another folder" in said.one_line()


def test_an_unknown_target_is_named_with_those_there_are(project: Project):
    assert "there is no target 'stats'; write a section [targets.<name>]" in project.generate("publish", "stats").one_line()
    local(project)
    said = project.generate("publish", "stats")
    assert said.code == 2
    assert "there is no target 'stats'; there is local" in said.one_line()


def test_an_interrupted_delivery_changes_nothing_for_readers(ran: Project, monkeypatch: pytest.MonkeyPatch):
    ran.generate("publish", "local")
    before = files(ran.folder / "limn" / "public")
    later(ran)
    with monkeypatch.context() as patched:
        patched.setattr("flow.delivery.folder.sync", lambda folder: (_ for _ in ()).throw(KeyboardInterrupt))
        assert ran.generate("publish", "local").code == 130
    assert files(ran.folder / "limn" / "public") == before
    assert ran.generate("publish", "local").code == 0
    assert files(ran.folder / "limn" / "public") == ran.everything()
    assert not list((ran.folder / "limn" / "releases").glob(".*"))


def test_what_is_withheld_now_is_kept_nowhere_at_the_target(project: Project):
    target = '[targets.limn]\nfolder = "limn"\n'
    for now, threshold in (("2024-02-01T12:00:00Z", 3), ("2024-03-01T12:00:00Z", 3), ("2024-04-01T12:00:00Z", 30)):
        project.settings(now=now, text=f"{target}[privacy]\nthreshold = {threshold}\n")
        assert project.generate("run").code == 0
        assert project.generate("publish", "limn", "--allow-shrink").code == 0
    assert [path.name for path in (project.folder / "limn/releases").iterdir()] == ["20240401T120000Z"]
    assert files(project.folder / "limn/public") == project.everything()

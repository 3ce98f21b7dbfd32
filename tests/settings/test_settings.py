"""Settings are found, and paths in them are relative to their folder."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from flow.datasets.period import Grain
from flow.errors import UsageError
from flow.settings import load

TEXT = """
demo = true
queries = "mine"
now = 2024-01-01T00:00:00Z
[output]
folder = "out"
grains = ["week"]
limn_name = "talk"
[privacy]
threshold = 10
[run]
time_limit = "90s"
[wikis.first-wiki]
core = "mysql+pymysql://replica/first"
flow = "mysql+pymysql://flow-replica/flowdb"
credentials = "replica.my.cnf"
since = 2014-05-01
[wikis.second]
core = "sqlite:///second.sqlite"
flow = false
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "replica.my.cnf").write_text("[client]\n")
    (tmp_path / "settings.toml").write_text(TEXT)
    return tmp_path / "settings.toml"


def test_everything_that_is_written_is_read(path):
    found = load(path)
    first, second = found.wikis.values()
    assert (first.sources["core"], first.sources["flow"]) == ("mysql+pymysql://replica/first", "mysql+pymysql://flow-replica/flowdb")
    assert (first.credentials, first.since) == (path.parent / "replica.my.cnf", date(2014, 5, 1))
    assert second.sources == dict.fromkeys(("core", "echo"), f"sqlite:///{path.parent / 'second.sqlite'}")
    assert (first.implied, second.implied) == ({"echo"}, {"echo"})
    assert (found.output.folder, found.output.grains, found.output.default_grain) == (path.parent / "out", (Grain.WEEK,), Grain.WEEK)
    assert (found.output.limn_name, found.privacy.usual.threshold, found.time_limit) == ("talk", 10, 90)
    assert (found.demo, found.now) == (True, datetime(2024, 1, 1, tzinfo=UTC))
    assert found.queries == path.parent / "mine"


def test_the_time_stands_still_in_a_demo_only(path):
    path.write_text(TEXT.replace("demo = true\n", ""))
    with pytest.raises(UsageError, match=r"settings\.toml: now: .* only with demo = true"):
        load(path)
    path.write_text(TEXT.replace("demo = true", "demo = false"))
    with pytest.raises(UsageError, match="only with demo = true"):
        load(path)


def test_the_environment_names_the_file_and_the_option_comes_first(path, tmp_path):
    assert load(None, {"FLOW_SETTINGS": str(path)}).wikis
    with pytest.raises(UsageError, match=r"other\.toml"):
        load(tmp_path / "other.toml", {"FLOW_SETTINGS": str(path)})


def test_without_either_it_is_settings_toml_here(path, monkeypatch):
    monkeypatch.chdir(path.parent)
    assert list(load(None, {}).wikis) == ["first-wiki", "second"]


def test_the_tables_of_extensions_are_beside_the_core_tables_unless_told(tmp_path):
    (tmp_path / "settings.toml").write_text('[wikis.w]\ncore = "sqlite:////srv/w.sqlite"\n')
    wiki = load(tmp_path / "settings.toml").wikis["w"]
    assert wiki.sources == dict.fromkeys(("core", "flow", "echo"), "sqlite:////srv/w.sqlite")
    assert wiki.implied == {"flow", "echo"}


def test_a_grace_is_the_sources_own_or_else_the_wikis(tmp_path):
    (tmp_path / "settings.toml").write_text('[wikis.w]\ncore = "sqlite:////w"\ngrace = "1h"\necho_grace = "2d"\n')
    wiki = load(tmp_path / "settings.toml").wikis["w"]
    assert [wiki.grace(source) for source in ("core", "flow", "echo")] == [3600, 3600, 2 * 86400]


def test_the_query_scripts_are_those_that_came_with_the_program_unless_told(tmp_path):
    (tmp_path / "settings.toml").write_text('[wikis.w]\ncore = "sqlite:////srv/w.sqlite"\n')
    found = load(tmp_path / "settings.toml")
    assert (found.queries, found.demo) == (None, False)


def test_a_file_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "settings.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="it is not UTF-8 text"):
        load(tmp_path / "settings.toml")


def test_a_prefix_is_that_of_the_wikis_tables_and_nothing_unless_told(tmp_path):
    (tmp_path / "settings.toml").write_text('[wikis.w]\ncore = "sqlite:////w"\n[wikis.db-mw-1_]\ncore = "sqlite:////w"\nprefix = "mw-1_"\n')
    assert [wiki.prefix for wiki in load(tmp_path / "settings.toml").wikis.values()] == ["", "mw-1_"]
    (tmp_path / "settings.toml").write_text('[wikis.w]\ncore = "sqlite:////w"\nprefix = "mw`"\n')
    with pytest.raises(UsageError, match=r"wikis\.w\.prefix: is letters, digits, _ and -, as \$wgDBprefix"):
        load(tmp_path / "settings.toml")

"""A wrong setting, option or name is one clear line and exit code 2."""

from __future__ import annotations

import pytest

from tests.support.project import Project


def test_no_settings(project: Project):
    (project.folder / "settings.toml").unlink()
    said = project.generate("run")
    assert said.code == 2
    assert "settings.toml: No such file or directory; 'generate.py init' writes settings to start from" in said.one_line()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[wikis.testwiki]\ncore = 'sqlite:///a'\nmotto = 1", "wikis.testwiki.motto: is no setting; known are core, credentials, echo, echo_grace, echo_until, flow, flow_grace, flow_until, grace, prefix, since, until"),
        ("[wikis.testwiki]\ncore = 'sqlite:///a'\ncredential = 'x'", "wikis.testwiki.credential: is no setting; did you mean 'credentials'?"),
        ("[wikis.testwiki]\nflow = 'sqlite:///a'", "wikis.testwiki.core: is missing"),
        ("[wikis.testwiki]\ncore = 'postgresql://a/b'", "wikis.testwiki.core: must begin with mysql+pymysql:// or sqlite:///"),
        ("[wikis.testwiki]\ncore = 5", "wikis.testwiki.core: must be a text in quotes, not 5"),
        ("[wikis.testwiki]\ncore = 'sqlite:///a'\nsince = '2014'", "wikis.testwiki.since: must be a day such as 2014-01-01"),
        ("[wikis.testwiki]\ncore = 'sqlite:///a'\ncredentials = 'no'", "wikis.testwiki.credentials: there is no file"),
        ("[wikis.a]\ncore = 'sqlite:///a'\n[wikis.A]\ncore = 'sqlite:///b'", "'a' and 'A' are the same to Limn"),
        ("[wikis.'a/b']\ncore = 'sqlite:///a'", "wikis.a/b: a wiki id is letters, digits, _ and -"),
        ("", "wikis: there is no wiki"),
        ("[output]\ngrains = ['year']", "output.grains: 'year' is no grain; there is day, week, month"),
        ("[output]\ngrains = ['day']\ndefault_grain = 'month'", "output.default_grain: 'month' is not among grains"),
        ("[privacy]\nthreshold = 0", "privacy.threshold: must be a whole number, 1 or more"),
        ("[run]\ntime_limit = 'long'", "run.time_limit: 'long' is not a length of time"),
        ("[[[", "no valid TOML"),
    ],
)
def test_settings_that_are_wrong(project: Project, text: str, line: str):
    wikis = "" if "wikis" in text or text in ("", "[[[") else "\n[wikis.w]\ncore = 'sqlite:///a'\n"
    (project.folder / "settings.toml").write_text(text + wikis)
    said = project.generate("run")
    assert said.code == 2
    assert line in said.one_line()


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["run", "new_topcs"], "there is no dataset 'new_topcs'; did you mean 'new_topics'?"),
        (["list", "zzz"], "there is no dataset 'zzz'; there is first_response,"),
        (["run", "--wiki", "nowiki"], "there is no wiki 'nowiki'; there is testwiki"),
        (["run", "--since", "2024-03-01", "--until", "2024-02-01"], "--since 2024-03-01 must be before --until 2024-02-01"),
    ],
)
def test_a_command_line_that_is_wrong(project: Project, arguments: list[str], line: str):
    said = project.generate(*arguments)
    assert said.code == 2
    assert line in said.one_line()


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"dataset": "nothing"}, "there is no dataset 'nothing'"),
        ({"--wiki": "nowiki"}, "there is no wiki 'nowiki'"),
        ({"--since": "2024-05-01"}, "--since 2024-05-01 must be before --until 2024-04-01"),
        ({"--since": "2024-03-20"}, "there is no whole month in 2024-03-20 to 2024-04-01 that is over"),
        ({"--set": "window=7d"}, "--set window: there is no such choice here; there is bots"),
        ({"--set": "bots=maybe"}, "--set bots=maybe: write bots=in or bots=out"),
        ({"dataset": "first_response", "--set": "window=soon"}, "'soon' is not a length of time; write 90s, 30m, 72h, 7d or none"),
    ],
)
def test_a_question_that_is_wrong(project: Project, changes: dict[str, str], line: str):
    options = {"dataset": "new_topics", "--wiki": "testwiki", "--since": "2024-01-01", "--until": "2024-04-01", "--grain": "month"} | changes
    said = project.generate("query", options.pop("dataset"), *(text for pair in options.items() for text in pair))
    assert said.code == 2
    assert line in said.one_line()


@pytest.mark.parametrize(("option", "value"), [("--since", "January"), ("--grain", "year"), ("--set", "bots"), ("--format", "xml")])
def test_an_option_that_is_no_such_thing(project: Project, option: str, value: str):
    arguments = ["query", "new_topics", "--wiki", "testwiki", "--since", "2024-01-01", "--until", "2024-04-01", option, value]
    assert project.generate(*arguments).code == 2

"""The published status says what failed in a fixed sentence: no value, no text of an error, no path."""

from __future__ import annotations

import json

from flow import errors
from flow.publication import status
from flow.publication.status import Failure, Freshness
from tests.support.project import Project

OLD = Freshness("a", "testwiki", "day", failed=Failure("QueryError", "no such table: /srv/secret", "2024-01-01T00:00:00Z"))


def test_what_a_script_says_stays_in_the_log(project: Project):
    script = project.folder / "queries/flow/replies.py"
    script.write_text(script.read_text().replace("SUM(counts) AS replies", "SUM(secret_column_4711) AS replies"))
    said = project.generate("run")
    assert said.code == 1
    assert "secret_column_4711" in said.err
    for path in (project.public / "status.json", project.folder / "output/status.json"):
        assert "secret_column_4711" not in path.read_text()
        assert str(project.folder) not in path.read_text()
    failed = [each["failed"] for each in json.loads((project.public / "status.json").read_text())["datasets"] if each["failed"]]
    assert {each["message"] for each in failed} == {"its query failed"}


def test_what_an_earlier_status_said_is_replaced():
    found = status.public(OLD).failed
    assert found == Failure("QueryError", "its query failed", "2024-01-01T00:00:00Z")


def test_each_failure_of_a_dataset_has_its_sentence():
    kinds = [errors.Unreachable, errors.SchemaError, errors.ScriptError, errors.QueryError, errors.ResultError, errors.HeldBack]
    assert len({status.sentence(kind.__name__) for kind in kinds}) == len(kinds)
    assert status.sentence("Anything") == "it could not be made"

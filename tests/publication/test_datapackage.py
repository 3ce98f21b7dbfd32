"""The data package describes every published CSV, column by column."""

import json

from tests.support.project import Project


def test_every_csv_is_a_resource_with_its_columns(project: Project):
    project.generate("run")
    package = json.loads((project.public / "datapackage.json").read_text("utf-8"))
    paths = {str(path.relative_to(project.public)) for path in project.public.rglob("*.csv")}
    assert {resource["path"] for resource in package["resources"]} == paths
    for resource in package["resources"]:
        header = (project.public / resource["path"]).read_text().splitlines()[0].split(",")
        assert [field["name"] for field in resource["schema"]["fields"]] == header

"""Numbers from 2^63 on go the whole way: they protect, are restated, and are read again."""

from __future__ import annotations

import csv

import pytest

from tests.support.project import Project

SCRIPT = '''"""Mine."""
from flow import Count, Dataset, People, Ratio

mine = Dataset(
    title="Mine", source="core", jump=0,
    columns=[Count("a", "A"), People("p", "P", acts=["a"]), Ratio("r", "R", of=["a", "p"])],
    sql="""
        SELECT {{{{ period('saved_timestamp') }}}} AS date, '{large}' AS a,
               CASE WHEN MIN(saved_timestamp) < '20240201' THEN 3 ELSE 9 END AS p, '{large}.5' AS r
          FROM {{{{ talk_edits() }}}} AS edit GROUP BY 1
    """,
)
'''
MINE = "datafiles/testwiki/month/mine.csv"


@pytest.mark.parametrize("large", [2**63, 2**64 + 1, 10**29 + 1])
def test_a_large_number_protects_is_restated_and_read_again(few: Project, large: int):
    few.settings(grains='["month"]')
    few.script("talk/mine.py", SCRIPT.format(large=large))
    assert few.generate("run").code == 0
    assert few.published()[MINE].decode().splitlines()[1:3] == [f"2024-01-01,{large},,", f"2024-02-01,{large},9,{large}.5000"]
    few.script("talk/mine.py", SCRIPT.format(large=large + 1))
    few.settings(grains='["month"]', now="2024-04-02T12:00:00Z")
    said = few.generate("run", "--again", "--accept", "mine", "--allow-shrink")
    assert said.code == 0, said.err
    few.settings(grains='["month"]', now="2024-04-03T12:00:00Z")
    assert few.generate("run", "--again").code == 0
    lines = list(csv.DictReader((few.public / "restatements.csv").read_text().splitlines()))
    assert {(line["old"], line["new"]) for line in lines if line["column"] == "a"} == {(str(large), str(large + 1))}
    assert few.generate("check").code == 0

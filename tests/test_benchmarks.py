"""The command that measures, at a scale so small that it says nothing but that it works."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).parent.parent
COMMAND = [sys.executable, "-m", "benchmarks.against"]
ASKED = ["--scale", "0.01", "--engine", "sqlite", "--grain", "month", "--since", "2022-11-01", "--repeat", "1"]


def test_the_benchmarks_run_and_their_json_has_all_parts(tmp_path: Path, queries) -> None:
    file = tmp_path / "figures.json"
    command = [sys.executable, "-m", "benchmarks", *ASKED, "--work", str(tmp_path), "--json", str(file)]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "first run" in done.stdout

    found = json.loads(file.read_text("utf-8"))
    assert set(found["machine"]) == {"cores", "memory_gb", "python", "sqlite"}
    (result,) = found["results"]
    assert result["rows"]["flow_revision"] > 0
    assert list(result["runs"]) == ["first run", "new month", "new day", "nothing to do"]
    assert all(run["wall"] > 0 and run["cpu"] > 0 and run["peak_mb"] > 0 for run in result["runs"].values())
    assert result["runs"]["nothing to do"]["said"].endswith("Nothing to do: everything is up to date.")
    assert list(result["floor"]) == ["talk", "flow"]
    assert set(result["grouping"]["month"]) == {id for id, made in queries.datasets.items() if not made.compute}
    assert not any(each["differs"] for each in result["grouping"]["month"].values())
    assert result["totals"]["month"]["ratio"] > 0
    assert len(result["targets"]) == 3


def test_the_table_has_a_line_for_each_figure_and_counts_what_was_done(tmp_path: Path) -> None:
    file = tmp_path / "table.json"
    asked = [str(CHECKOUT), "--short", "--row", "idle", "--repeat", "1", "--work", str(tmp_path), "--json", str(file)]
    done = subprocess.run(COMMAND + asked, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "nothing to do, 20 wikis" in done.stdout

    lines = {line["figure"]: line for line in json.loads(file.read_text("utf-8"))["lines"]}
    assert lines["seconds of processor"]["ratio"] > 0
    assert lines["CSVs parsed"]["before"] == lines["CSVs parsed"]["now"]
    assert lines["queries"]["ratio"] in (None, 1)
    assert lines["seconds of processor"]["wanted"] == "0.30 times"

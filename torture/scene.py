"""What is tortured: a small wiki, a published folder of some weeks ago, and what an undisturbed run makes of it today."""

from __future__ import annotations

import json
import shutil
import sqlite3
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from flow import settings
from flow.datasets.catalog import load
from flow.pipeline.plan import Selection
from flow.pipeline.run import Run
from flow.simulate.life import Life, live
from flow.simulate.load import into_sqlite
from flow.simulate.scribe import Scribe

CHECKOUT = Path(__file__).resolve().parent.parent
DATASETS = ("flow/flow_people.py", "flow/flow_edits.py", "talk/talk_edits.py", "talk/talk_versus_flow.py")
BEFORE, NOW = datetime(2024, 2, 20, 12, tzinfo=UTC), datetime(2024, 3, 4, 12, tzinfo=UTC)

SETTINGS = """
[output]
grains = ["week", "month"]
releases = 3
[privacy]
threshold = 8
[wikis.testwiki]
core = "sqlite:///testwiki.sqlite"
"""

#: Late data: four edits are deleted for good, so that published numbers change, no more than late rows may change them, and
#: the people of a week, of whom four did nothing else in it, fall below the threshold.
LATE = """
DELETE FROM revision WHERE rev_timestamp IN ('20240216222818', '20240217133712', '20240217011502', '20240217145740')
"""


@dataclass(frozen=True, slots=True)
class Scene:
    """A folder with the wiki; ``before`` and ``after`` hold the output folders of an undisturbed life."""

    folder: Path

    @property
    def before(self) -> Path:
        """As it was published some weeks ago, over some nights."""
        return self.folder / "before"

    @property
    def after(self) -> Path:
        """What an undisturbed run makes of ``before`` today."""
        return self.folder / "after"

    def run(self, output: Path, now: datetime = NOW) -> None:
        """One run over the wiki, with the given output folder and clock."""
        found = settings.load(self.folder / "settings.toml")
        object.__setattr__(found.output, "folder", output)
        job = Run(found, load(self.folder / "queries"), self.folder / "reportcard.json", now)
        code = job.run(Selection()).exit_code
        if code:
            raise RuntimeError(f"an undisturbed run ends with exit code {code}: {job.outcome.failures}{job.outcome.held_back}")


def scene(folder: Path) -> Scene:
    """Builds the scene in an empty folder."""
    made = Scene(folder)
    (folder / "settings.toml").write_text(SETTINGS, "utf-8")
    for name in DATASETS:
        (folder / "queries" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(CHECKOUT / "queries" / name, folder / "queries" / name)
    shutil.copytree(CHECKOUT / "queries" / "relations", folder / "queries" / "relations")
    tabs = [{"name": "Talk", "graph_ids": [Path(name).stem for name in DATASETS]}]
    (folder / "reportcard.json").write_text(json.dumps({"id": "reportcard", "tabs": tabs}), "utf-8")
    with into_sqlite(folder / "testwiki.sqlite") as emit:
        live(Scribe("testwiki", emit), Life(5, date(2024, 1, 1), date(2024, 3, 4), topics=1.5, edits=3, people=6))
    for day in (6, 13, 20):
        made.run(made.before, BEFORE.replace(day=day))
    with sqlite3.connect(folder / "testwiki.sqlite") as file:
        file.execute(LATE)
    file.close()
    copy(made.before, made.after)
    made.run(made.after)
    return made


def copy(output: Path, to: Path) -> None:
    """Copies an output folder, links and all."""
    shutil.rmtree(to, ignore_errors=True)
    if output.exists():
        shutil.copytree(output, to, symlinks=True)


def contents(output: Path) -> dict[str, str | bytes]:
    """Every file and link of an output folder, by path; but not the note of who held the lock."""
    paths = (path for path in sorted(output.rglob("*")) if path.is_symlink() or path.is_file())
    found = {str(path.relative_to(output)): str(path.readlink()) if path.is_symlink() else path.read_bytes() for path in paths}
    return {path: content for path, content in found.items() if path not in (".lock", ".holder", ".holder.partial")}


def public(output: Path) -> dict[str, bytes]:
    """What readers see, by path."""
    live = (output / "public").resolve()
    return {str(path.relative_to(live)): path.read_bytes() for path in sorted(live.rglob("*")) if path.is_file()}

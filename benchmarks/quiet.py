"""What it costs to protect people by day on a quiet wiki: ten years at once, and the night after."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from benchmarks.checkout import Checkout
from benchmarks.comparing import Figures, Row, Scene, Wanted, copied
from benchmarks.nights import CPU
from benchmarks.wiki import DAY_BEFORE, DAYS, NOW
from flow.simulate.life import Life, live
from flow.simulate.load import into_sqlite
from flow.simulate.scribe import Scribe

PROGRAMS = {"programs solved": (("solver.py", "_run"),)}
LIFE = Life(5, date(2013, 1, 1), DAYS.until, topics=0.25, edits=0.5, people=20)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Runs of ``flow_people`` and what it depends on; the ``night`` after, or a first run."""

    name: str
    night: bool

    def prepare(self, scene: Scene, checkout: Checkout) -> None:
        """Publishes what there was the day before."""
        shutil.rmtree(scene.folder(self.name, checkout))
        if self.night:
            checkout.run(self._settings(scene, checkout, "day_before", DAY_BEFORE), "flow_people", "flow_edits")

    def measure(self, scene: Scene, checkout: Checkout) -> Figures:
        """What a run takes."""
        return {CPU: checkout.run(self._today(scene, checkout), "flow_people", "flow_edits").cpu}

    def count(self, scene: Scene, checkout: Checkout) -> Figures:
        """How many programs it solves."""
        return checkout.calls(self._today(scene, checkout), PROGRAMS, "flow_people", "flow_edits")

    def _today(self, scene: Scene, checkout: Checkout) -> Path:
        folder = scene.folder(self.name, checkout)
        shutil.rmtree(folder / "today", ignore_errors=True)
        if self.night:
            copied(folder / "day_before", folder / "today")
        return self._settings(scene, checkout, "today", NOW)

    def _settings(self, scene: Scene, checkout: Checkout, output: str, now: datetime) -> Path:
        since = date(2022, 10, 1) if scene.is_short else LIFE.since
        text = f'now = {now:%Y-%m-%dT%H:%M:%SZ}\n[output]\nfolder = "{output}"\n[wikis.quiet]\ncore = "{_wiki(scene, since)}"\n'
        text += "[privacy]\npeople_by_day = true\n"
        return checkout.settings(scene.folder(self.name, checkout) / f"{output}.toml", text)


def _wiki(scene: Scene, since: date) -> str:
    file = scene.folder("wikis") / f"quiet-{since}.sqlite"
    if not file.is_file():
        with into_sqlite(file) as emit:
            live(Scribe("quiet", emit), Life(LIFE.seed, since, LIFE.until, LIFE.topics, LIFE.edits, LIFE.people))
    return f"sqlite:///{file}"


FIRST, NEXT = Quiet("quiet_first", night=False), Quiet("quiet_night", night=True)
PEOPLE = Row("first run, people by day, 10 quiet years", {CPU: Wanted(number=300)}, FIRST.measure, FIRST.prepare, FIRST.count)
PEOPLE_NIGHT = Row(
    "a new day, people by day, 10 quiet years", {"programs solved": Wanted(number=500)}, NEXT.measure, NEXT.prepare, NEXT.count
)

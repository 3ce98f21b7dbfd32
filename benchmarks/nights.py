"""What a night costs on many small wikis: a new day, nothing to do, and how memory grows with the wikis."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from benchmarks.checkout import Checkout, Functions
from benchmarks.comparing import Figures, Row, Scene, Wanted, copied
from benchmarks.measure import Measured
from benchmarks.wiki import DAY_BEFORE, NOW
from benchmarks.wikis import small_wikis

CPU, PEAK = "seconds of processor", "peak MB"
COUNTED: dict[str, Functions] = {
    "CSVs parsed": (("csvfile.py", "parse"), ("csvfile.py", "parsed")),
    "templates compiled": (("environment.py", "compile"),),
    "steps from a period to the next": (("period.py", "next"),),
    "queries": (("sqlite.py", "read"),),
}


@dataclass(frozen=True, slots=True)
class Nights:
    """Nights of ``many`` wikis that began on ``since``; ``name`` is the folder's."""

    name: str
    many: int
    since: date

    def prepare(self, scene: Scene, checkout: Checkout) -> None:
        """Publishes what there was the day before."""
        shutil.rmtree(scene.folder(self.name, checkout))
        self.run(scene, checkout, "day_before", DAY_BEFORE)
        self.begin_day(scene, checkout)

    def begin_day(self, scene: Scene, checkout: Checkout) -> None:
        """Goes back to the day before."""
        folder = scene.folder(self.name, checkout)
        copied(folder / "day_before", folder / "today")

    def publish(self, scene: Scene, checkout: Checkout) -> None:
        """Publishes what there is today."""
        scene.prepare(self.prepare, checkout)
        self.run(scene, checkout, "today", NOW)

    def new_day(self, scene: Scene, checkout: Checkout) -> Figures:
        """What a new day takes."""
        self.begin_day(scene, checkout)
        return _figures(self.run(scene, checkout, "today", NOW))

    def idle(self, scene: Scene, checkout: Checkout) -> Figures:
        """What a run takes that has nothing to do, once there is nothing to do."""
        return _figures(self.run(scene, checkout, "today", NOW))

    def count_new_day(self, scene: Scene, checkout: Checkout) -> Figures:
        """How often a new day does what costs."""
        self.begin_day(scene, checkout)
        return self.count_idle(scene, checkout)

    def count_idle(self, scene: Scene, checkout: Checkout) -> Figures:
        """How often such a run does what costs."""
        return checkout.calls(self._settings(scene, checkout, "today", NOW), COUNTED)

    def run(self, scene: Scene, checkout: Checkout, output: str, now: datetime) -> Measured:
        """One run into the folder ``output``."""
        return checkout.run(self._settings(scene, checkout, output, now))

    def _settings(self, scene: Scene, checkout: Checkout, output: str, now: datetime) -> Path:
        many, since = (1, date(2022, 12, 10)) if scene.is_short else (self.many, self.since)
        wikis = small_wikis(scene.folder("wikis"), many, since)
        sections = "".join(f'[wikis.{id}]\ncore = "{url}"\n' for id, url in wikis.items())
        text = f'now = {now:%Y-%m-%dT%H:%M:%SZ}\n[output]\nfolder = "{output}"\n{sections}'
        return checkout.settings(scene.folder(self.name, checkout) / f"{output}.toml", text)


def _figures(run: Measured) -> Figures:
    return {CPU: run.cpu, PEAK: run.peak}


TWENTY = Nights("twenty", 20, date(2020, 1, 1))
HUNDRED = Nights("hundred", 100, date(2022, 1, 1))

NEW_DAY = Row("a new day, 20 wikis", {CPU: Wanted(ratio=0.56)}, TWENTY.new_day, TWENTY.prepare, TWENTY.count_new_day)
IDLE = Row("nothing to do, 20 wikis", {CPU: Wanted(ratio=0.3)}, TWENTY.idle, TWENTY.publish, TWENTY.count_idle)
MEMORY = Row("a new day, 100 wikis", {PEAK: Wanted(number=250)}, HUNDRED.new_day, HUNDRED.prepare)

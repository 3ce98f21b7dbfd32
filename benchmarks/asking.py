"""What MariaDB is asked: index entries that it reads for runs of some datasets, and the processor time that it needs."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from benchmarks.checkout import Checkout
from benchmarks.comparing import Figures, Row, Scene, Wanted, copied
from benchmarks.wiki import DAY_BEFORE, DAYS, NOW
from flow.simulate.life import Life, live
from flow.simulate.load import into_mariadb
from flow.simulate.scribe import Emit, Scribe
from flow.simulate.tables import ALL

READS, SERVER = "index reads", "seconds of the server's processor"
OF_FLOW = ("first_response", "flow_edits", "flow_people", "replies", "replies_per_topic", "unanswered_topics")
STATUS = """SELECT SUM(variable_value) FROM information_schema.global_status WHERE variable_name IN
 ('Handler_read_first', 'Handler_read_key', 'Handler_read_last', 'Handler_read_next', 'Handler_read_prev')"""


@dataclass(frozen=True, slots=True)
class Asking:
    """Runs of ``datasets`` of a wiki, of a ``life``, among ``many`` sharing Flow tables; the ``night`` after, or the first."""

    name: str
    datasets: Sequence[str]
    life: Life
    many: int = 1
    night: bool = False
    _built: dict[int, str] = field(default_factory=dict)

    def prepare(self, scene: Scene, checkout: Checkout) -> None:
        """Simulates the wikis; publishes what there was the day before."""
        self._url(scene)
        shutil.rmtree(scene.folder(self.name, checkout))
        if self.night:
            self._run(scene, checkout, "day_before", DAY_BEFORE)

    def measure(self, scene: Scene, checkout: Checkout) -> Figures:
        """What one run makes the server do."""
        folder = scene.folder(self.name, checkout)
        shutil.rmtree(folder / "today", ignore_errors=True)
        if self.night:
            copied(folder / "day_before", folder / "today")
        reads, seconds = self._reads(scene), _seconds(scene.server().process.pid)
        self._run(scene, checkout, "today", NOW)
        return {READS: self._reads(scene) - reads, SERVER: _seconds(scene.server().process.pid) - seconds}

    def _run(self, scene: Scene, checkout: Checkout, output: str, now: datetime) -> None:
        text = f'now = {now:%Y-%m-%dT%H:%M:%SZ}\n[output]\nfolder = "{output}"\n[wikis.wiki0]\ncore = "{self._url(scene)}"\n'
        checkout.run(checkout.settings(scene.folder(self.name, checkout) / f"{output}.toml", text), *self.datasets)

    def _reads(self, scene: Scene) -> float:
        with scene.server().connect() as connection, connection.cursor() as cursor:
            cursor.execute(STATUS)
            return float(cursor.fetchone()[0])

    def _url(self, scene: Scene) -> str:
        server = scene.server()
        if server.port not in self._built:
            database = self._built[server.port] = server.database()
            with server.connect(database) as connection, into_mariadb(connection) as emit:
                for number in range(2 if scene.is_short and self.many > 1 else self.many):
                    live(Scribe(f"wiki{number}", _of_flow(emit) if number else emit), self.life)
            server.execute(f"ANALYZE TABLE {', '.join(f'`{table}`' for table in ALL)}", database=database)
        return server.url(self._built[server.port])


def _of_flow(emit: Emit) -> Emit:
    return lambda table, row: emit(table, row) if table.startswith("flow_") else None


def _seconds(pid: int) -> float:
    """The processor time that a process has had."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


SMALL = Life(7, date(2022, 1, 1), DAYS.until, topics=0.3, edits=0.1, people=20)
SHARED = Asking("shared", OF_FLOW, SMALL, many=100)
TALK = Asking("talk", ("talk_edits",), Life(7, date(2020, 1, 1), DAYS.until, topics=0.3, edits=200, people=400))
STOCK = Asking("stock", ("unanswered_topics",), Life(7, date(2022, 1, 1), DAYS.until, topics=8, edits=1, people=50), night=True)

SHARED_FLOW = Row("first run, 1 of 100 wikis that share Flow", {READS: Wanted(ratio=0.05)}, SHARED.measure, SHARED.prepare)
TALK_EDITS = Row("first run, talk_edits", {SERVER: Wanted(ratio=0.74)}, TALK.measure, TALK.prepare)
WAITING = Row("a new day, unanswered_topics", {READS: Wanted(ratio=0.33)}, STOCK.measure, STOCK.prepare)

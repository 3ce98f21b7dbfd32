"""``demo``: three simulated wikis, every dataset, one published folder."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

from flow import settings, terminal
from flow.commands import demo_folder
from flow.datasets.catalog import Catalog
from flow.pipeline.outcome import Outcome
from flow.pipeline.plan import Selection
from flow.pipeline.run import Run
from flow.shelf import Shelf
from flow.shelf.entry import Entry
from flow.simulate.life import Life, live
from flow.simulate.load import into_sqlite
from flow.simulate.scribe import Scribe

SINCE, UNTIL = date(2023, 1, 1), date(2026, 1, 1)
NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)

LIVES = {
    "atlaswiki": Life(11, SINCE, UNTIL, topics=3.0, edits=14.0, people=120),
    "harbourwiki": Life(12, SINCE, UNTIL, topics=1.2, edits=9.0, people=60),
    "pocketwiki": Life(13, SINCE, UNTIL, topics=0.3, edits=1.5, people=12, quiet=0.4),
}

OUTPUT = "output"


def settings_text(lives: Iterable[str]) -> str:
    """The settings of the demo, for a simulated wiki of each name."""
    wikis = (f'[wikis.{wiki}]\ncore = "sqlite:///{wiki}.sqlite"\nflow = "sqlite:///flow.sqlite"\n' for wiki in lives)
    return f"""# The settings of the demo: simulated wikis, each with core tables of its own, and one Flow database for all.
demo = true
now = {NOW:%Y-%m-%dT%H:%M:%SZ}  # a run takes this as now, so that the demo is the same on every day

[output]
folder = "{OUTPUT}"

""" + "\n".join(wikis)


def demo(folder: Path, catalog: Catalog, reportcard: Path) -> int:
    """Builds the demo in ``folder``, anew if it is there already, and prints a table of what was made."""
    text = settings_text(LIVES)
    demo_folder.clear(folder, OUTPUT)
    demo_folder.note(folder, {"settings.toml": text}, ("flow.sqlite", *(f"{wiki}.sqlite" for wiki in LIVES)))
    for wiki, life in LIVES.items():
        terminal.aside(f"simulating {wiki}, {life.since} to {life.until}")
        with into_sqlite(folder / f"{wiki}.sqlite", folder / "flow.sqlite") as emit:
            live(Scribe(wiki, emit), life)
    path = folder / "settings.toml"
    path.write_text(text, "utf-8")
    found = settings.load(path)
    outcome = Run(found, catalog, reportcard, NOW).run(Selection())
    _tell(found, outcome)
    return outcome.exit_code


def _tell(found: settings.Settings, outcome: Outcome) -> None:
    shelf = Shelf(found.output.folder, terminal.aside).inspect()
    first, grain = next(iter(found.wikis)), found.output.default_grain
    made = [entry for key, entry in sorted(shelf.live.entries.items()) if (key.wiki, key.grain) == (first, grain)]
    print()
    terminal.table(["dataset", "what it tells", f"the last {grain} of {first}"], (_row(entry, shelf) for entry in made))
    show = f"{found.path.parent}/settings.toml"
    print(terminal.named(f"""
{len(outcome.computed)} CSVs, of {len(found.wikis)} wikis by day, week and month, are published in {shelf.link}:
  {shelf.link}/datafiles/<wiki>/<grain>/<dataset>.csv
  {shelf.link}/dashboards/reportcard.json, with its graphs and datasources, for Limn

Try next:
  .venv/bin/python generate.py --settings {show} query new_topics --wiki atlaswiki --since 2025-07-01 --until 2026-01-01
  .venv/bin/python generate.py --settings {show} list first_response
  .venv/bin/python generate.py --settings {show} run"""))


def _row(entry: Entry, shelf: Shelf) -> list[str]:
    cells = list(shelf.rows(entry.key).values())[-1]
    numbers = (f"{id} {cell or '-'}" for id, cell in zip(entry.column_ids, cells, strict=True) if cell != "0")
    return [entry.key.dataset, entry.title, ", ".join(numbers)]

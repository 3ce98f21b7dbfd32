"""The command ``python -m torture.attack``: how many withheld numbers a reader can tell, with and without what protects them."""

from __future__ import annotations

import json
import logging
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import click

from flow import settings
from flow.datasets.catalog import load
from flow.pipeline.plan import Selection
from flow.pipeline.run import Run
from flow.publication import suppression
from flow.simulate.life import Life, live
from flow.simulate.load import into_sqlite
from flow.simulate.scribe import Scribe
from tests.support.attacker.attack import attack
from tests.support.attacker.copies import read
from torture.scene import CHECKOUT

SINCE, UNTIL = date(2024, 1, 1), date(2024, 4, 1)
NOW = datetime(2024, 4, 1, 12, tzinfo=UTC)
LIVES = [(0, 0.3, 5), (1, 1.0, 5), (2, 2.0, 30), (3, 2.0, 20), (4, 1.0, 8), (1, 0.3, 5)]
RULES = {
    "by week and month": "",
    "by day, too": "[privacy]\npeople_by_day = true\n",
    "counts of actions withheld, too": "[privacy]\nwithhold_actions = true\n",
}
SETTINGS = '[output]\ngrains = ["month", "week", "day"]\n[wikis.testwiki]\ncore = "sqlite:///testwiki.sqlite"\n'
DATASETS = ("flow_people", "flow_edits", "talk_edits", "talk_versus_flow")


def attacked(folder: Path, rules: str) -> Counter[str]:
    """What the attacker makes of one release of the wiki in ``folder``."""
    (folder / "settings.toml").write_text(SETTINGS + rules, "utf-8")
    tabs = [{"name": "Talk", "graph_ids": DATASETS}]
    (folder / "reportcard.json").write_text(json.dumps({"id": "reportcard", "tabs": tabs}), "utf-8")
    found = settings.load(folder / "settings.toml")
    with tempfile.TemporaryDirectory() as output:
        found = replace(found, output=replace(found.output, folder=Path(output)))
        job = Run(found, load(CHECKOUT / "queries"), folder / "reportcard.json", NOW)
        code = job.run(Selection(DATASETS)).exit_code
        if code:
            raise RuntimeError(f"the run ends with exit code {code}")
        told = read(Path(output) / "public", "testwiki")
    findings = attack(told, counts="withhold_actions" in rules)
    return Counter(withheld=len(findings.ranges), told=len(findings.won), excused=len(findings.excused))


def without_protection(run: Callable[[], Counter[str]]) -> Counter[str]:
    """What ``run`` gives where no cell is withheld for another's sake."""
    complement = suppression.complement
    suppression.complement = lambda *_: set()
    try:
        return run()
    finally:
        suppression.complement = complement


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Attacks a release of each of six simulated wikis, by several rules, with and without complementary suppression."""
    logging.getLogger("flow").addHandler(logging.NullHandler())
    logging.getLogger("flow").propagate = False
    totals: dict[tuple[str, str], Counter[str]] = {}
    for seed, topics, people in LIVES:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            with into_sqlite(folder / "testwiki.sqlite") as emit:
                live(Scribe("testwiki", emit), Life(seed, SINCE, UNTIL, topics=topics, edits=topics, people=people))
            for said, rules in RULES.items():
                totals.setdefault((said, "off"), Counter()).update(without_protection(lambda: attacked(folder, rules)))  # noqa: B023
                totals.setdefault((said, "on"), Counter()).update(attacked(folder, rules))
    click.echo("rules | complement | withheld | told | told by counts alone")
    for names, figures in totals.items():
        click.echo(" | ".join([*names, *(str(figures[name]) for name in ("withheld", "told", "excused"))]))


if __name__ == "__main__":
    main()

"""The command ``python -m torture``."""

from __future__ import annotations

import logging
import random
import sys
import tempfile
import time
from pathlib import Path

import click

from torture.kills import Kill, steps_of, survived
from torture.scene import Scene, copy, scene


def kills(made: Scene, number: int, chance: random.Random) -> list[Kill]:
    """So many kills: before steps from first to last, each at least once if there are enough, and at random moments."""
    copy(made.before, made.folder / "counted")
    started = time.monotonic()
    steps = len(steps_of(lambda: made.run(made.folder / "counted")))
    seconds = time.monotonic() - started
    if number <= steps:
        half = number // 2
        early = [Kill(step=step) for step in sorted(chance.sample(range(1, steps + 1), number - half))]
        return early + [Kill(seconds=chance.uniform(0, seconds)) for _ in range(half)]
    every = [Kill(step=step) for step in range(1, steps + 1)]
    return every + [Kill(seconds=chance.uniform(0, seconds)) for _ in range(number - steps)]


def torture(made: Scene, number: int, seed: int) -> tuple[int, list[str]]:
    """How many of ``number`` kills lost nothing, and what the others lost."""
    chance = random.Random(seed)
    lost: list[str] = []
    whole = 0
    waiting = kills(made, number, chance)
    while waiting:
        kill = waiting.pop(0)
        found = survived(made, made.folder / "output", kill, chance)
        if found == ["it was done before it was killed"]:
            waiting.append(Kill(seconds=(kill.seconds or 0) * chance.random()))
            continue
        whole += not found
        lost += [f"killed {kill}: {line}" for line in found]
        if (whole + len(lost)) % 50 == 0:
            click.echo(f"{whole} of {number} so far", err=True)
    return whole, lost


@click.command(context_settings={"help_option_names": ["-h", "--help"], "show_default": True})
@click.option("--kills", "number", type=click.IntRange(1), default=1000, help="How many runs are killed.")
@click.option("--seed", type=int, default=1, help="The same moments for the same seed, as far as time is.")
def main(number: int, seed: int) -> None:
    """Kills runs over a simulated wiki with SIGKILL, before each step on the disk and at random moments.

    After each: what is published is whole, passes its checks, and is the old release or the new one; and the next run ends
    in the same bytes as a run that was never killed.
    """
    logging.getLogger("flow").addHandler(logging.NullHandler())
    logging.getLogger("flow").propagate = False
    with tempfile.TemporaryDirectory() as folder:
        whole, lost = torture(scene(Path(folder)), number, seed)
    for line in lost:
        click.echo(line)
    click.echo(f"killed {number} times: nothing lost in {whole} of {number}")
    sys.exit(whole < number)


if __name__ == "__main__":
    main()

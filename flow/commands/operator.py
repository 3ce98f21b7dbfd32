"""The commands of whoever keeps it running: its settings, what is published, whether it is well, and where it goes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from flow.commands.group import Command
from flow.commands.options import Span
from flow.settings import load


@click.command(cls=Command)
@click.argument("dataset", required=False)
@click.option("--wiki", help="Tell of this wiki, each CSV in full.")
@click.option("--json", "as_json", is_flag=True, help="Print status.json as it is published.")
@click.option("--fail-if-stale", type=Span(), metavar="TIME", help="Exit with 1 if any CSV is staler than this, such as 36h.")
@click.pass_context
def status(ctx: click.Context, dataset: str | None, wiki: str | None, as_json: bool, fail_if_stale: int | None) -> int:
    """Sums up whether what is published is current, problems first; of a DATASET or a wiki, tells each CSV in full.

    \b
    Example:
      generate.py status
      generate.py status first_response --wiki enwiki
      generate.py status --fail-if-stale 36h
    """
    from flow.commands import status as command

    found = load(ctx.obj)
    return command.status(found, found.now or datetime.now(UTC), as_json, fail_if_stale, dataset, wiki)


@click.command(cls=Command)
@click.pass_context
def releases(ctx: click.Context) -> int:
    """Lists the releases that are kept, newest first, with what changed in each.

    \b
    Example:
      generate.py releases
    """
    from flow.commands import releases as command

    return command.releases(load(ctx.obj))


@click.command(cls=Command)
@click.argument("release", required=False)
@click.option("--hold", is_flag=True, help="Let no run publish until 'release': they compute, and end with 4.")
@click.pass_context
def rollback(ctx: click.Context, release: str | None, hold: bool) -> int:
    """Goes back to the release before the live one, or to the one that is named.

    \b
    Example:
      generate.py rollback
      generate.py rollback --hold
      generate.py rollback 20240401T063000Z
    """
    from flow.commands import releases as command

    found = load(ctx.obj)
    return command.rollback(found, release, hold, found.now or datetime.now(UTC))


@click.command(cls=Command)
@click.pass_context
def release(ctx: click.Context) -> int:
    """Lets runs publish again after 'rollback --hold'.

    \b
    Example:
      generate.py release
    """
    from flow.commands import releases as command

    return command.release(load(ctx.obj))


@click.command(cls=Command)
@click.argument("target")
@click.option("--dry-run", is_flag=True, help="Only say what would change there, and whether it would be held back.")
@click.option("--allow-shrink", is_flag=True, help="Publish also if readers there lose CSVs or periods.")
@click.pass_context
def publish(ctx: click.Context, /, target: str, dry_run: bool, allow_shrink: bool) -> int:
    """Brings what is published in the output folder to TARGET, a section [targets.TARGET] of the settings.

    First it prints what changes for the readers there. A whole release is brought, then switched to in one step; if the
    target has a url, the dashboard is asked for it, and what does not come is switched back.

    \b
    Example:
      generate.py publish stats --dry-run
      generate.py publish stats
    """
    from flow.commands import publish as command

    return command.publish(load(ctx.obj), target, dry_run, allow_shrink)


@click.command(cls=Command)
@click.option("--json", "as_json", is_flag=True, help="Prints the findings as JSON.")
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> int:
    """Looks at settings, databases and the output folder, and says what to mend; changes nothing.

    One line a finding: ok, warn (runs work), or fail. Ends with 3 if no database answers, 1 if anything fails, else 0.

    \b
    Example:
      generate.py doctor
      generate.py --settings /etc/limn-flow-data.toml doctor --json
    """
    from flow.commands import doctor as command

    return command.doctor(ctx.obj, as_json)


@click.command()
@click.pass_context
def init(ctx: click.Context) -> int:
    """Writes a commented settings file to start from.

    \b
    Example:
      generate.py init
      generate.py --settings /etc/limn-flow-data.toml init
    """
    from flow.commands import start

    return start.init(ctx.obj or Path("settings.toml"))

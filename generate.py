#!/usr/bin/env python3
"""From a wiki's own database to published numbers about how people talk there."""

from __future__ import annotations

import signal
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from flow import terminal
from flow.commands import cases, operator
from flow.commands.group import EXIT_CODES, Group, settings_option, version_option
from flow.commands.options import GRAIN, Day, Span, check_once, request_options
from flow.datasets.catalog import Catalog
from flow.datasets.catalog import load as load_catalog
from flow.datasets.period import Grain
from flow.errors import Stopped
from flow.settings import Settings, load_if_there
from flow.settings import load as load_settings
from flow.stopping import SIGNALS
from flow.streams import open_streams

HERE = Path(__file__).resolve().parent
QUERIES = HERE / "queries"
REPORTCARD = HERE / "reportcard.json"

OPTIONS = [settings_option(), version_option()]


@click.group(cls=Group, epilog=EXIT_CODES, params=OPTIONS, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """From a wiki's own database to published numbers about how people talk there.

    \b
    Example:
      generate.py demo
      generate.py --settings demo/settings.toml list
    """
    terminal.log_as("text")


def catalog_of(settings: Settings | None) -> Catalog:
    """The query scripts that came with the program, and those that the settings name."""
    return load_catalog(QUERIES, settings.queries if settings else None)


def reportcard_of(settings: Settings) -> Path:
    """The dashboard beside the query scripts of one's own, if there is one; else the one that came with the program."""
    own = settings.queries.with_name(REPORTCARD.name) if settings.queries else REPORTCARD
    return own if own.is_file() else REPORTCARD


def job(ctx: click.Context) -> Any:
    """A run over the settings and the query scripts."""
    from flow.pipeline.run import Run

    settings = load_settings(ctx.obj)
    return Run(settings, catalog_of(settings), reportcard_of(settings), settings.now or datetime.now(UTC))


@cli.command()
@click.argument("dataset", nargs=-1)
@click.option("--wiki", multiple=True, help="Only this wiki; may be given more than once.")
@click.option("--since", type=Day(), help="Only periods from this day on.")
@click.option("--until", type=Day(), help="Only periods that end before this day, or right as it begins.")
@click.option("--grain", type=GRAIN, help="Only this grain; else all of the settings.")
@click.option("--again", is_flag=True, help="Compute also what is published and settled.")
@click.option("--dry-run", is_flag=True, help="Only say what is due, and why.")
@click.option("--budget", type=Span(), help="Stop between two queries after so long, as 30m; the next run goes on.")
@click.option("--allow-shrink", is_flag=True, help="Let published history get shorter or smaller.")
@click.option("--accept", multiple=True, metavar="DATASET", help="Let jumps and changes of this dataset through; repeatable.")
@click.option("--accept-clock", is_flag=True, help="Say that this machine's clock is right, where the last release is of later.")
@click.option("--log-format", type=click.Choice(["text", "json"]), default="text", help="How log lines look; text unless told.")
@click.option("-v", "--verbose", is_flag=True, help="Log a line for each CSV, too.")
@click.option("--on-failure", metavar="COMMAND", help="Run this unless the exit code is 0, with the summary on standard input.")
@click.pass_context
def run(
    ctx: click.Context,
    /,
    dataset: tuple[str, ...],
    wiki: tuple[str, ...],
    grain: str | None,
    since: date | None,
    until: date | None,
    again: bool,
    **how: Any,
) -> int:
    """Brings datasets up to date and publishes them.

    Without dates: every period that is over and missing, or that can still change. A range is half-open, UTC, and taken
    in whole periods; what it leaves out is said. A second run does nothing; an interrupted one is taken up again.

    \b
    Example:
      generate.py run
      generate.py run new_topics --wiki enwiki --since 2024-01-01 --until 2024-07-01 --again
      generate.py run --dry-run
      generate.py run --budget 2h --log-format json --on-failure 'mail -s "limn-flow-data" ops@example.org'
      generate.py run --accept talk_edits
    """
    from flow.commands import run as command
    from flow.pipeline.plan import Selection

    selection = Selection(dataset, wiki, (Grain(grain),) if grain else (), since, until, again)
    return command.run(lambda: job(ctx), selection, command.How(**how))


@cli.command()
@click.argument("dataset", nargs=-1)
@click.option("--wiki", multiple=True, help="Only this wiki; may be given more than once.")
@click.option("--grain", type=GRAIN, help="Only this grain; else all of the settings.")
@click.option("--since", type=Day(), help="Compute the periods from this day on, first.")
@click.option("--until", type=Day(), help="Compute those that end before this day, or right as it begins.")
@click.option("--again", is_flag=True, help="Compute all periods, first.")
@click.pass_context
def diff(
    ctx: click.Context,
    /,
    dataset: tuple[str, ...],
    wiki: tuple[str, ...],
    grain: str | None,
    since: date | None,
    until: date | None,
    again: bool,
) -> int:
    """Compares what is held back, or computed and not published yet, with what is published, as numbers.

    With --since, --until or --again it computes first. Small numbers are withheld as they would be in a release.

    \b
    Example:
      generate.py diff flow_edits
      generate.py diff talk_edits --wiki enwiki --since 2024-01-01 --until 2024-07-01
    """
    from flow.commands import diff as command
    from flow.pipeline.plan import Selection

    compute = again or since is not None or until is not None
    selection = Selection(dataset, wiki, (Grain(grain),) if grain else (), since, until, compute)
    return command.diff(job(ctx), selection, compute)


@cli.command()
@click.argument("id", nargs=-1)
@click.option("--grain", type=GRAIN, help="Only this grain's CSVs; without any ID, all of them.")
@click.pass_context
def retire(ctx: click.Context, /, id: tuple[str, ...], grain: str | None) -> int:
    """Takes the CSVs of wikis or datasets out of what is published, in a new release.

    A run never does: what the settings or the query scripts no longer make stays published until it is retired.

    \b
    Example:
      generate.py retire moderation_actions
      generate.py retire testwiki --grain week
    """
    from flow.commands import retire as command

    return command.retire(job(ctx), id, Grain(grain) if grain else None)


def query_options(settings: Any, dataset: str, wiki: str, since: date, until: date, grain: str | None, given: Any) -> Any:
    """What the options of ``query`` and ``sql`` ask for."""
    from flow.commands.query import QueryOptions

    check_once(given)
    return QueryOptions(dataset, wiki, since, until, Grain(grain) if grain else settings.output.default_grain, dict(given))


@cli.command()
@request_options
@click.option("--format", type=click.Choice(["table", "csv", "json"]), default="table", help="How to print; table unless told.")
@click.pass_context
def query(ctx: click.Context, /, format: str, settings: Any, **given: Any) -> int:
    """Computes a dataset for a range and prints it; publishes nothing.

    \b
    Example:
      generate.py query new_topics --wiki enwiki --since 2024-01-01 --until 2024-07-01
      generate.py query first_response --wiki enwiki --since 2024-01-01 --until 2024-07-01 --set window=30d --format csv
    """
    from flow.commands import query as command

    found = load_settings(ctx.obj)
    chosen = query_options(found, given=settings, **given)
    return command.query(found, catalog_of(found), chosen, found.now or datetime.now(UTC), format)


@cli.command()
@request_options
@click.option("--lines/--no-lines", default=None, help="With the script's or relation's line beside each; so on a terminal.")
@click.pass_context
def sql(ctx: click.Context, /, settings: Any, lines: bool | None, **given: Any) -> int:
    """Prints the SQL of a dataset as the database gets it, ready to paste into its client.

    On a terminal, the line of the script or of the relation stands beside each, as errors name it; --no-lines leaves it out.

    \b
    Example:
      generate.py sql replies --wiki enwiki --since 2024-01-01 --until 2024-07-01 | mariadb enwiki
    """
    from flow.commands import query as command

    found = load_settings(ctx.obj)
    is_shown = sys.stdout.isatty() if lines is None else lines
    return command.sql(found, catalog_of(found), query_options(found, given=settings, **given), is_shown)


@cli.command("list")
@click.argument("dataset", required=False)
@click.option("--wiki", help="Say for each from when on this wiki has numbers of it, or why it has none.")
@click.option("--macros", is_flag=True, help="List what SQL may use: relations and macros, a line each.")
@click.pass_context
def list_(ctx: click.Context, dataset: str | None, wiki: str | None, macros: bool) -> int:
    """Lists the datasets; or one, with its columns, units and full definition; or so a relation or a macro, as 'topics()'.

    \b
    Example:
      generate.py list
      generate.py list --wiki enwiki
      generate.py list first_response
      generate.py list --macros
      generate.py list 'topics()'
    """
    from flow.commands import listing

    settings = load_settings(ctx.obj) if wiki else load_if_there(ctx.obj)
    catalog = catalog_of(settings)
    if macros:
        return listing.list_macros(catalog)
    if wiki and settings:
        return listing.list_for(catalog, settings, wiki, [dataset] if dataset else list(catalog.datasets))
    return listing.list_one(catalog, dataset) if dataset else listing.list_all(catalog)


@cli.command()
@click.argument("dataset")
@click.option("--subject", default="flow", help="The folder below queries/; flow unless told.")
@click.option("--source", type=click.Choice(["flow", "core"]), default="flow", help="Whose tables it reads; flow unless told.")
@click.pass_context
def new(ctx: click.Context, /, dataset: str, subject: str, source: str) -> int:
    """Writes a commented query script to start from, and its case beside it.

    \b
    Example:
      generate.py new long_topics
      generate.py new talk_bytes --subject talk --source core
    """
    from flow.commands import start

    settings = load_if_there(ctx.obj)
    folder = start.place(HERE, settings.queries if settings else None)
    return start.new(folder, catalog_of(settings), dataset, subject, source)


@cli.command(epilog=cases.describe())
@click.argument("dataset", nargs=-1)
@click.option("--url", help="Also run them on MariaDB or MySQL, in this empty database, as mysql+pymysql://user@host/database.")
@click.option("--credentials", type=click.Path(path_type=Path), help="A MySQL option file with user and password for it.")
@click.pass_context
def test(ctx: click.Context, /, dataset: tuple[str, ...], url: str | None, credentials: Path | None) -> int:
    """Runs the cases of datasets, those of all unless told: FILE.toml beside FILE.py says what people do and what comes out.

    A case is run on a small simulated wiki of its own, on SQLite. 1 if any comes to something else than it expects.

    \b
    Example:
      generate.py test new_topics
      generate.py test --url mysql+pymysql://me@localhost/cases --credentials ~/.my.cnf
    """
    settings = load_if_there(ctx.obj)
    folders = [QUERIES, *([settings.queries] if settings and settings.queries else [])]
    return cases.test(catalog_of(settings), folders, dataset, url, credentials)


@cli.command()
@click.option("--offline", is_flag=True, help="Without settings and databases: against an empty simulated wiki on SQLite.")
@click.pass_context
def check(ctx: click.Context, offline: bool) -> int:
    """Checks query scripts, dashboards and the published folder; prints all complaints at once.

    Each script is rendered for each wiki and grain, prepared by its database, and linted; no history is read.

    \b
    Example:
      generate.py check
      generate.py check --offline
    """
    from flow.commands import check as command

    if offline:
        settings = load_if_there(ctx.obj)
        return command.check_offline(catalog_of(settings), reportcard_of(settings) if settings else REPORTCARD)
    settings = load_settings(ctx.obj)
    return command.check(settings, catalog_of(settings), reportcard_of(settings))


@cli.command()
@click.option("--folder", type=click.Path(path_type=Path), default=Path("demo"), help="Where to build it; ./demo unless told.")
def demo(folder: Path) -> int:
    """Builds three simulated wikis, runs every dataset against them, publishes, and says where to look.

    \b
    Example:
      generate.py demo
    """
    from flow.commands import demo as command

    return command.demo(folder, catalog_of(None), REPORTCARD)


for command in (operator.status, operator.doctor, operator.init, operator.releases, operator.publish):
    cli.add_command(command)
for command in (operator.rollback, operator.release):
    cli.add_command(command)


def main() -> None:
    """Runs the command line; a signal ends it with its own exit code wherever it is met."""

    def stop(number: int, frame: object) -> None:
        raise Stopped(number)

    open_streams()
    for number in SIGNALS:
        signal.signal(number, stop)
    try:
        cli()
    except Stopped as error:
        terminal.aside(str(error))
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()

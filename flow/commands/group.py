"""How every command ends: with its exit code, and one clear line where something went wrong."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from flow import terminal
from flow.errors import FlowError, Stopped

#: Where the packages of this program are: a checkout, or where Python keeps what is installed.
PACKAGES = Path(__file__).parents[2]

EXIT_CODES = """\b
Exit codes:
  0  all is well, or there is nothing to do
  1  some datasets failed; the rest is published
  2  usage or settings
  3  no database could be reached, or not the target
  4  a check held something back
The first that applies of 2, 3, 1, 4. And 75: another run is at work in the same folder;
143 and 130: stopped by a signal, with nothing half-written."""


def settings_option() -> click.Option:
    """``--settings``, whose path becomes the object of the command's context."""

    def keep(ctx: click.Context, param: click.Parameter, path: Path | None) -> None:
        if path and ctx.obj and path.absolute() != ctx.obj.absolute():
            raise click.UsageError(f"--settings is given as {ctx.obj} and as {path}; give it once", ctx)
        ctx.obj = path or ctx.obj

    about = "The settings file; else $FLOW_SETTINGS, else ./settings.toml."
    type = click.Path(path_type=Path)
    return click.Option(["--settings", "settings_file"], type=type, callback=keep, expose_value=False, help=about)


def version() -> str:
    """The version of the checkout that this is, or of what is installed."""
    from configparser import ConfigParser
    from importlib.metadata import version as installed

    found = ConfigParser()
    return found["metadata"]["version"] if found.read(PACKAGES / "setup.cfg", "utf-8") else installed(terminal.INSTALLED)


def version_option() -> click.Option:
    """``--version``, which prints it and ends."""

    def tell(ctx: click.Context, param: click.Parameter, is_asked: bool) -> None:
        if is_asked and not ctx.resilient_parsing:
            print(f"{terminal.INSTALLED} {version()}")
            ctx.exit()

    about = "Print the version, and end."
    return click.Option(["--version"], is_flag=True, is_eager=True, callback=tell, expose_value=False, help=about)


def refuse_twice(command: click.Command, ctx: click.Context, arguments: list[str]) -> None:
    """Raises click's UsageError for an option that takes one value and is given more than once: only the last would hold."""
    _, _, given = command.make_parser(ctx).parse_args(list(arguments))
    for each in given:
        if isinstance(each, click.Option) and not (each.multiple or each.is_flag or each.count) and given.count(each) > 1:
            raise click.UsageError(f"{each.opts[0]} is given more than once, and takes one value", ctx)


class Command(click.Command):
    """A command that refuses an option which is given twice."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The arguments that are left."""
        refuse_twice(self, ctx, args)
        return super().parse_args(ctx, args)


class Group(click.Group):
    """Commands whose foreseen errors are one clear line and an exit code; each takes ``--settings`` as the group does."""

    command_class = Command

    def __init__(self, *arguments: Any, **facts: Any) -> None:
        super().__init__(*arguments, **facts)
        self.help = terminal.named(self.help or "")

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        """Adds a command, with the option ``--settings`` of its own."""
        cmd.params.append(settings_option())
        cmd.help = terminal.named(cmd.help or "")
        super().add_command(cmd, name)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The command and its arguments."""
        refuse_twice(self, ctx, args)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; its result is the exit code."""
        try:
            sys.exit(super().invoke(ctx))
        except FlowError as error:
            terminal.aside(f"error: {error}")
            terminal.show_excerpt(getattr(error, "excerpt", ""))
            sys.exit(error.exit_code)
        except Stopped as error:
            terminal.aside(str(error))
            sys.exit(error.exit_code)
        except (BrokenPipeError, click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except OSError as error:
            terminal.aside(f"error: {terminal.of_disk(error)}")
            sys.exit(1)
        except KeyboardInterrupt:
            terminal.aside("stopped by a signal")
            sys.exit(130)
        except Exception as error:  # a mistake of our own: where it is may be shown, but its message may quote data
            terminal.aside(f"error: {terminal.of_mistake(error)}")
            sys.exit(1)

"""How every command ends: with its exit code, and one clear line where something went wrong."""

from __future__ import annotations

import sys
import traceback
from typing import Any

import click

from flow import terminal
from flow.errors import FlowError, Stopped


class Group(click.Group):
    """Commands whose foreseen errors are one clear line and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; its result is the exit code."""
        try:
            sys.exit(super().invoke(ctx))
        except FlowError as error:
            terminal.aside(f"error: {error}")
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
            terminal.aside("".join(traceback.format_tb(error.__traceback__)).rstrip())
            terminal.aside(f"error: {type(error).__name__}: a mistake of this program, as shown above; please report it")
            sys.exit(1)

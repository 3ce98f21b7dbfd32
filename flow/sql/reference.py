"""What there is to say of each macro: how it is written, what it becomes, and an example; from the code itself."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass

from flow.sql.dialect import Dialect
from flow.sql.examples import EXAMPLES
from flow.sql.macros import OF_DIALECT, OF_PROFILE, OWN, Macros
from flow.wiki.schema import Profile


@dataclass(frozen=True, slots=True)
class Macro:
    """``signature`` with its arguments; ``source`` is that of the dataset which the ``example`` would be of."""

    name: str
    signature: str
    says: str
    source: str
    example: str

    @property
    def brief(self) -> str:
        """What it becomes, in a sentence."""
        return " ".join(self.says.partition("\n\n")[0].split())


def macros() -> dict[str, Macro]:
    """All macros by name, but for the relations."""
    return {macro.name: macro for macro in _all()}


def _all() -> Iterator[Macro]:
    for owner, names in ((Macros, OWN), (Dialect, OF_DIALECT), (Profile, OF_PROFILE)):
        for name in names:
            function = getattr(owner, name)
            source, example = EXAMPLES[name]
            yield Macro(name, name + _arguments(function), inspect.getdoc(function) or "", source, example.strip())


def _arguments(function: object) -> str:
    parameters = list(inspect.signature(function).parameters.values())[1:]  # type: ignore[arg-type]
    return f"({', '.join(str(each.replace(annotation=each.empty)) for each in parameters)})"

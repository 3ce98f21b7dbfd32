"""What a column of a dataset is: its id, label and unit; the unit decides how its numbers look and what a quiet period holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from numbers import Number
from typing import Literal

from flow.errors import ResultError

Empty = Literal["0", ""]

#: What Limn cannot read anywhere in a CSV: separators, quotes, its two comment signs, line breaks.
UNREADABLE = re.compile(r'[,"\r\n]|#|//')
#: A number has 30 digits before the point at most; what is computed with it keeps all of them.
LARGEST = 10**30 - 1
ALL_DIGITS = Context(prec=40, traps=[InvalidOperation])
COLUMN_ID = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Unit:
    """How numbers of one kind are written, and what stands where nothing happened."""

    name: str
    said: str
    decimals: int
    quiet: Empty
    limn_type: Literal["int", "float"]
    people: bool = False
    at_most: int | None = None


COUNT = Unit("count", "whole number; 0 in a quiet period", 0, "0", "int")
MOST = Unit("most", "whole number; empty when there is nothing to compare", 0, "", "int")
PEOPLE = Unit("people", "distinct persons; 0 in a quiet period; withheld where it is small", 0, "0", "int", people=True)
SHARE = Unit("share", "part of a whole from 0 to 1, 4 decimals; empty when there is nothing to divide", 4, "", "float", at_most=1)
RATIO = Unit("ratio", "mean or ratio, 4 decimals; empty when there is nothing to divide", 4, "", "float")
DURATION = Unit("duration", "seconds, 1 decimal; empty when there is nothing to measure", 1, "", "float")
BYTES = Unit("bytes", "bytes; 0 in a quiet period", 0, "0", "int")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a dataset after ``date``. ``additive``: days add up to weeks and months.

    The rest says what its numbers let a reader infer, so that a withheld one stays withheld; see ``flow.privacy``:
    ``of`` the columns that a share or a mean is made from, ``among`` the column of People that these are part of,
    ``acts`` the columns of what people are counted for: nobody is counted without an act, ``groups`` the columns of People
    that hold all of these between them, though somebody may be in several. ``other.column`` names one of another dataset.
    ``is_bare``: whether nothing at all was said of People.

    ``gaps``: whether nothing may stand where 0 would: what a source could not tell, a schema has no column for, or was
    not recorded yet. NULL is such a gap, and so is a period of which the result has no row.
    """

    id: str
    label: str
    unit: Unit
    additive: bool
    of: tuple[str, ...] = ()
    among: str = ""
    acts: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    is_bare: bool = False
    gaps: bool = False

    @property
    def quiet(self) -> Empty:
        """What stands in a period of which the result has no row."""
        return "" if self.gaps else self.unit.quiet

    def text(self, value: object) -> str:
        """``value`` as the CSV writes it; an empty string for None.

        Rounding is to the nearest, ties to the even digit, on the shortest decimal that names the number,
        so that a database's decimals and another's binary fractions come out alike.
        Raises ResultError for a value that is no number, not whole where it must be, or out of range.
        """
        if value is None:
            return "" if self.quiet == "" else self._refuse(value, "is empty, and no gap unless it says gaps=True")
        try:
            number = Decimal(value) if self.unit.decimals == 0 and isinstance(value, float) else Decimal(str(value))
            exact = number.quantize(Decimal((0, (1,), -self.unit.decimals)), ROUND_HALF_EVEN, ALL_DIGITS)
        except (InvalidOperation, ValueError):
            return self._refuse(value, "is no number")
        if not exact.is_finite():
            return self._refuse(value, "is no number")
        if self.unit.decimals == 0 and exact != number:
            return self._refuse(value, "is not whole")
        if not 0 <= exact <= (LARGEST if self.unit.at_most is None else self.unit.at_most):
            return self._refuse(value, "is out of range")
        return str(exact.copy_abs())  # what rounds to zero from below is zero

    def _refuse(self, value: object, why: str) -> str:
        shown = "NULL" if value is None else f"a {type(value).__name__}"
        if isinstance(value, Number):
            with suppress(ValueError):  # Python writes no number of thousands of digits
                shown = str(value)
        raise ResultError(f"column '{self.id}': {shown} {why}; a {self.unit.name} is a {self.unit.said}")


def Count(id: str, label: str, *, additive: bool = True, gaps: bool = False) -> Column:  # noqa: N802 - reads as a noun in query scripts
    """A whole number of things that happened; 0 in a quiet period, or nothing where nobody could tell, if it has ``gaps``."""
    return Column(id, label, COUNT, additive, gaps=gaps)


def Most(id: str, label: str, *, of: Sequence[str] = ()) -> Column:  # noqa: N802
    """The largest of some whole numbers; empty when there were none."""
    return Column(id, label, MOST, additive=False, of=tuple(of))


def People(  # noqa: N802
    id: str,
    label: str,
    *,
    additive: bool = False,
    among: str = "",
    acts: Sequence[str] | None = None,
    groups: Sequence[str] = (),
    gaps: bool = False,
) -> Column:
    """A number of distinct persons; 0 in a quiet period; withheld where it is small, and published by week and month.

    ``additive`` only where nobody is ever counted twice, as with first-timers. ``acts=()`` says that no published column
    counts what they do; to say nothing at all of them is a fault, which ``check`` tells.
    """
    is_bare = acts is None and not among and not groups
    known = {"among": among, "acts": tuple(acts or ()), "groups": tuple(groups)}
    return Column(id, label, PEOPLE, additive, is_bare=is_bare, gaps=gaps, **known)  # type: ignore[arg-type]


def Share(id: str, label: str, *, of: Sequence[str] = ()) -> Column:  # noqa: N802
    """A part of a whole, 0 to 1; empty when there is nothing to divide; withheld with what it is made ``of``."""
    return Column(id, label, SHARE, additive=False, of=tuple(of))


def Ratio(id: str, label: str, *, of: Sequence[str] = ()) -> Column:  # noqa: N802
    """A mean, a median or another quotient; empty when there is nothing to divide; withheld with what it is made ``of``."""
    return Column(id, label, RATIO, additive=False, of=tuple(of))


def Duration(id: str, label: str, *, of: Sequence[str] = ()) -> Column:  # noqa: N802
    """Seconds between two things; empty when there is nothing to measure."""
    return Column(id, label, DURATION, additive=False, of=tuple(of))


def Bytes(id: str, label: str, *, additive: bool = True, gaps: bool = False) -> Column:  # noqa: N802
    """A number of bytes; 0 in a quiet period, or nothing where nobody could tell, if it has ``gaps``."""
    return Column(id, label, BYTES, additive, gaps=gaps)


def complaints(column: Column) -> list[str]:
    """What of a column's id and label a CSV, a graph or Limn could not carry; empty when all is well."""
    found = []
    if column.id == "date" or not COLUMN_ID.fullmatch(column.id):
        found.append(f"column id '{column.id}' must be lower-case letters, digits and _, and not 'date'")
    if not column.label.strip():
        found.append(f"column '{column.id}' has no label")
    elif UNREADABLE.search(column.label):
        found.append(f"label '{column.label}' of column '{column.id}': Limn cannot read , \" # // or a line break")
    return found

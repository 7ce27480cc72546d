"""Layouts: how a publisher lays a table out, declared beside what turns it into a tidy one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from sim.data.cells import Cells, Heading
from sim.data.publishers import Publisher
from sim.data.tidy_tables import UNUSABLE, Kind
from sim.kernel.words import meant, quoted

Reader = Callable[[Cells], pd.DataFrame]
_FEWEST_YEARS = 2  # columns of years that make a wide table
_FEWEST_NAMES = 2  # by which a spoilt header is taken for that of a layout


@dataclass(frozen=True, kw_only=True)
class TableLayout:
    """One way in which one table is laid out."""

    name: str  # as messages call it, with version or form
    publisher: Publisher
    kind: Kind  # what it becomes
    needs: tuple[str, ...]  # names in the header, small letters; `a|b` is one of two
    lacks: tuple[str, ...] = ()  # names of another layout
    wide: bool = False  # a column a year
    refusal: str = ""  # why a known file cannot be used, and what to take instead
    read: Reader
    finish: Callable[[pd.DataFrame], pd.DataFrame] | None = None  # of the whole table
    joins: bool = False  # records broken by a line end are put together
    sums: bool = False  # rows whose first cell is empty are sums, not records
    footer: tuple[str, ...] = ()  # how the first cell of what follows the table begins
    titles: tuple[str, ...] = ()  # words of which the sheet's title or the lines above have one
    vintage: str = ""  # words above the header after which comes the date of the file

    def fits(self, heading: Heading) -> bool:
        """Return whether a header is that of the layout."""
        return (
            not self.missing(heading)
            and not any(heading.place(name) >= 0 for name in self.lacks)
            and (not self.wide or len(heading.years) >= _FEWEST_YEARS)
        )

    def missing(self, heading: Heading) -> list[str]:
        """Return the names that a header lacks."""
        return [name for name in self.needs if heading.place(name) < 0]

    def near(self, heading: Heading) -> float:
        """Return which part of what makes the layout a header has; none if it is but a name."""
        lost = len(self.missing(heading))
        years = self.wide and len(heading.years) < _FEWEST_YEARS
        if len(self.needs) - lost < _FEWEST_NAMES:
            return 0.0
        return 1 - (lost + years) / (len(self.needs) + self.wide)

    def lacking(self, heading: Heading) -> str:
        """Return what a header lacks that is nearly that of the layout."""
        lost = [name.partition("|")[0] for name in self.missing(heading)]
        if not lost:
            years = self.wide and len(heading.years) < _FEWEST_YEARS
            return "but has no columns of years" if years else "but is mixed with another layout"
        hints = [f"{quoted(name)}{meant(name, heading.names)}" for name in lost]
        return f"but its header lacks {', '.join(hints)}"


def unusable(
    name: str, publisher: Publisher, refusal: str, *needs: str, wide: bool = False
) -> TableLayout:
    """Return the layout of a file that is known and cannot be used; `refusal` says why."""
    return TableLayout(
        name=name,
        publisher=publisher,
        kind=UNUSABLE,
        needs=needs,
        wide=wide,
        refusal=refusal,
        read=lambda _: pd.DataFrame(),
    )


def heading_of(
    place: tuple[int, int], cells: Sequence[str], title: str, above: Sequence[str], file: str
) -> Heading:
    """Return a row of cells as a header; its place is a line, and a number of rows to it."""
    written = [cell.rstrip(";").strip() for cell in cells]
    while written and not written[-1]:
        written.pop()
    names: list[str] = []
    for cell in written:
        name = " ".join(cell.casefold().replace("\ufeff", "").split())
        if not name and names:
            name = names[-1] + "?"
        count = sum(each == name or each.startswith(f"{name} #") for each in names)
        names.append(f"{name} #{count + 1}" if count else name)
    return Heading(*place, tuple(names), tuple(written), title, tuple(above), file)

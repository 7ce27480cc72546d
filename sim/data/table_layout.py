"""Layouts: the form of a publisher's table, declared with the function that makes it tidy."""

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
_FEWEST_NAMES = 2  # of a layout in a damaged header, to recognise it


@dataclass(frozen=True, kw_only=True)
class TableLayout:
    """The layout of a table."""

    name: str  # as in messages, with version or form
    publisher: Publisher
    kind: Kind  # the tidy table that it becomes
    needs: tuple[str, ...]  # names in its header, small letters; `a|b` means either
    lacks: tuple[str, ...] = ()  # names that its header must not have, those of another layout
    wide: bool = False  # whether it has one column per year
    refusal: str = ""  # why a known file cannot be used, and what to take instead
    read: Reader
    finish: Callable[[pd.DataFrame], pd.DataFrame] | None = None  # applied to the whole table
    joins: bool = False  # whether to join records broken by a line end
    sums: bool = False  # whether rows with an empty first cell are sums
    footer: tuple[str, ...] = ()  # first words of lines below the table
    titles: tuple[str, ...] = ()  # one of them is in the title or above the header
    vintage: str = ""  # words above the header before the date of the file

    def fits(self, heading: Heading) -> bool:
        """Return whether a header has this layout."""
        return (
            not self.missing(heading)
            and not any(heading.place(name) >= 0 for name in self.lacks)
            and (not self.wide or len(heading.years) >= _FEWEST_YEARS)
        )

    def missing(self, heading: Heading) -> list[str]:
        """Return the names that a header lacks."""
        return [name for name in self.needs if heading.place(name) < 0]

    def near(self, heading: Heading) -> float:
        """Return the share, 0 to 1, of the layout's requirements that a header meets.

        It is 0 if the header has fewer than two of the names.
        """
        lost = len(self.missing(heading))
        years = self.wide and len(heading.years) < _FEWEST_YEARS
        if len(self.needs) - lost < _FEWEST_NAMES:
            return 0.0
        return 1 - (lost + years) / (len(self.needs) + self.wide)

    def lacking(self, heading: Heading) -> str:
        """Return the message on what a header that is close to the layout lacks."""
        lost = [name.partition("|")[0] for name in self.missing(heading)]
        if not lost:
            years = self.wide and len(heading.years) < _FEWEST_YEARS
            return "but has no columns of years" if years else "but is mixed with another layout"
        hints = [f"{quoted(name)}{meant(name, heading.names)}" for name in lost]
        return f"but its header lacks {', '.join(hints)}"


def unusable(
    name: str, publisher: Publisher, refusal: str, *needs: str, wide: bool = False
) -> TableLayout:
    """Return the layout of a known file that cannot be used; `refusal` says what to do instead."""
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
    """Return a row of cells as a header; `place` is its line, and the number of rows up to it."""
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

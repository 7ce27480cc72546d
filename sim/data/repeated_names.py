"""Names that a table has twice: a column in its header, or a header further down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.data.cells import Cells, Heading
from sim.data.containers import refused
from sim.data.table_layout import TableLayout, heading_of
from sim.kernel.errors import InputError
from sim.kernel.words import quoted

_FIRST = 5  # cells of a row of which one is a name that a header needs


def check_columns(cells: Cells, layout: TableLayout) -> None:
    """Note a fault if a column that the layout reads is there twice, with different values."""
    for first, second in _twice(cells.heading, layout):
        for line, row in zip(cells.lines, cells.rows, strict=True):
            one, other = row[first].strip(), row[second].strip()
            if one != other:
                what = f"two columns have this name, with {quoted(one)} and {quoted(other)} here"
                name = cells.heading.written[first]
                cells.ledger.wrong(line, name, f"{what}: remove one of them")
                break


def _twice(heading: Heading, layout: TableLayout) -> Iterator[tuple[int, int]]:
    """Yield the places of two columns of one name, if the layout reads it."""
    read = {name for need in layout.needs for name in need.split("|")}
    read |= {str(year) for year in heading.years} if layout.wide else set()
    for second, name in enumerate(heading.names):
        bare, _, count = name.rpartition(" #")
        if count.isdecimal() and bare in read and heading.written[second]:
            yield heading.names.index(bare), second


def is_second_header(row: Sequence[str], heading: Heading, layout: TableLayout) -> bool:
    """Return whether a row below the header of a table is the header of another one.

    In tables with a row for each year a header is no year, and so is refused by itself.
    """
    some = {" ".join(cell.casefold().split()) for cell in row[:_FIRST]}
    if not any(some & {*need.split("|")} for need in layout.needs):
        return False
    return layout.fits(heading_of((0, 0), row, heading.title, (), heading.file))


def second_table(file: str, line: int) -> InputError:
    """Return the error for the header of a second table."""
    return refused(file, "is the header of a second table: write each table to its own file", line)

"""CSV files of records: rows by column name, every fault told with file and line."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sim.documents.list_leaves import Window
from sim.documents.nodes import Mark
from sim.documents.reader import decode, read_bytes, shown
from sim.kernel.dates import length, months
from sim.kernel.errors import InputError, Problem
from sim.kernel.words import either, meant, quoted

_MOST = 50  # problems told of one file
_YEARS = re.compile(r"([0-9]{4})-([0-9]{4})\Z")


@dataclass
class CsvTable:
    """A CSV file under reading."""

    file: str
    columns: tuple[str, ...]
    cells: list[tuple[int, dict[str, str]]]  # line, column -> text
    problems: list[Problem] = field(default_factory=list)

    def rows(self) -> Iterator[CsvRow]:
        """Yield the rows."""
        for line, cells in self.cells:
            yield CsvRow(self, line, cells)

    def wrong(self, line: int, column: str, message: str) -> None:
        """Note a problem, up to a number."""
        if len(self.problems) < _MOST:
            self.problems.append(Mark(self.file, line, 1).problem(column, message))

    def need(self, *needed: str) -> None:
        """Refuse a header that lacks a column, or names one twice."""
        for column in needed:
            if column not in self.columns:
                hint = meant(column, self.columns)
                self.wrong(1, column, f"no such column{hint}; needed are {', '.join(needed)}")
        for column in sorted({each for each in self.columns if self.columns.count(each) > 1}):
            self.wrong(1, column, "stands twice in the header")
        self.close()

    def close(self) -> None:
        """Raise an InputError with all problems found, if there are any."""
        if self.problems:
            raise InputError(self.problems)


@dataclass(frozen=True)
class CsvRow:
    """One row of a table."""

    table: CsvTable
    line: int
    cells: dict[str, str]

    def text(self, column: str) -> str:
        """Return a cell; empty where there is no such column."""
        return self.cells.get(column, "")

    def wrong(self, column: str, message: str) -> None:
        """Note a problem with a cell."""
        self.table.wrong(self.line, column, message)

    def needed(self, column: str) -> str:
        """Return a cell that may not be empty."""
        if not self.text(column):
            self.wrong(column, "is empty")
        return self.text(column)

    def number(self, column: str, *, needed: bool = False, low: float = -math.inf) -> float:
        """Return a number; not a number where the cell is empty or wrong."""
        text = self.needed(column) if needed else self.text(column)
        if not text:
            return math.nan
        try:
            value = float(text) if "_" not in text else math.nan
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or value < low:
            least = f" of {low:g} or more" if math.isfinite(low) else ""
            self.wrong(column, f"must be a number{least}, got {quoted(text)}")
            return math.nan
        return value

    def date(self, column: str, *, needed: bool = False) -> Window | None:
        """Return the months of a date, or of years such as 2015-2017; None where it is empty."""
        text = self.needed(column) if needed else self.text(column)
        if not text:
            return None
        span = _YEARS.match(text)
        first, last = span.groups() if span else (text, text)
        try:
            found = Window(months(first), months(last) + length(last), text)
        except ValueError:
            found = Window(0, 0, text)
        if found.stop <= found.first:
            self.wrong(
                column, f"must be a date such as 2018, 2018-Q2 or 2018-06, got {quoted(text)}"
            )
            return None
        return found

    def choice(self, column: str, known: dict[str, str], otherwise: str) -> str:
        """Return what a word means; an unknown word is a problem."""
        text = self.text(column)
        if text and text not in known:
            hint = meant(text, known) or f": write {either(sorted(known))}"
            self.wrong(column, f"does not know {quoted(text)}{hint}")
        return known.get(text, otherwise)


def read_csv(path: str | Path, *needed: str) -> CsvTable:
    """Return a CSV file with a header that names at least the columns needed; or InputError."""
    place = Path(path)
    file = shown(place)
    text = decode(read_bytes(place), file)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = tuple(cell.strip() for cell in next(reader, []))
        table = CsvTable(file, header, [])
        table.need(*needed)
        for cells in reader:
            if not cells:
                continue
            if len(cells) != len(header):
                message = f"has {len(cells)} cells, the header has {len(header)}"
                table.wrong(reader.line_num, "", message)
                continue
            values = dict(zip(header, (cell.strip() for cell in cells), strict=True))
            table.cells.append((reader.line_num, values))
    except csv.Error as error:
        message = f"not readable as CSV: {error}"
        raise InputError([Mark(file, reader.line_num, 1).problem("", message)]) from None
    table.close()
    return table

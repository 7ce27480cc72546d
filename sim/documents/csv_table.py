"""The reader of CSV files from outside: cells by column name, every fault with file and line."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sim.documents.nodes import Mark
from sim.documents.reader import LARGEST, decode, read_bytes, shown
from sim.documents.window import Window
from sim.kernel.dates import length, months
from sim.kernel.errors import InputError, Problem
from sim.kernel.words import either, meant, quoted
from sim.kernel.words import number as say

_MOST = 50  # problems reported for one file
_YEARS = re.compile(r"([0-9]{4})-([0-9]{4})\Z")
_THOUSANDS = re.compile(r"[-+]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]*)?\Z")
_DECIMAL_COMMA = re.compile(r"[-+]?[0-9]+,[0-9]+\Z")
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_PREAMBLE = 20  # lines searched for a header that is too low
_ROW_NAMES = re.compile(r"(Unnamed: [0-9]+)?\Z")  # heads of columns that R and pandas add


@dataclass
class CsvTable:
    """A CSV file under reading."""

    file: str
    key: str = ""  # key of all problems; that of the column if empty
    columns: tuple[str, ...] = ()
    lines: list[int] = field(default_factory=list)  # of the rows
    cells: list[list[str]] = field(default_factory=list)  # of the rows, in the order of columns
    problems: list[Problem] = field(default_factory=list)

    def rows(self) -> Iterator[CsvRow]:
        """Yield the rows."""
        places = {column: at for at, column in enumerate(self.columns)}
        for line, cells in zip(self.lines, self.cells, strict=True):
            yield CsvRow(self, line, cells, places)

    def wrong(self, line: int, column: str, message: str) -> None:
        """Note a problem, up to a number."""
        if len(self.problems) < _MOST:
            text = f"{column} {message}" if self.key and column else message
            self.problems.append(Mark(self.file, line, 1).problem(self.key or column, text))

    def need(self, *needed: str) -> None:
        """Refuse a header that lacks a column, or names a column twice."""
        for column in needed:
            if column not in self.columns:
                hint = meant(column, self.columns) + self._lower(needed)
                what = f"no column {column}" if self.key else "no such column"
                message = f"{what}{hint}; needed are {', '.join(needed)}"
                self.wrong(1, "" if self.key else column, message)
        for column in sorted({each for each in self.columns if self.columns.count(each) > 1}):
            if column:
                self.wrong(1, column, "appears twice in the header")
        self.close()

    def _lower(self, needed: Collection[str]) -> str:
        """Return the likely line of the header, if not the first."""
        wanted = {column.lower() for column in needed}
        for line, cells in zip(self.lines[:_PREAMBLE], self.cells, strict=False):
            if len(wanted & {cell.lower() for cell in cells}) > len(wanted) / 2:
                return f" (line {line} looks like the header: remove the lines above it)"
        return ""

    def close(self) -> None:
        """Raise an InputError with all problems found, if there are any."""
        if self.problems:
            raise InputError(self.problems)


@dataclass(frozen=True)
class CsvRow:
    """One row of a table."""

    table: CsvTable
    line: int
    cells: list[str]
    places: dict[str, int]  # of the columns

    def text(self, column: str) -> str:
        """Return a cell; empty if there is no such column."""
        return self.cells[self.places[column]] if column in self.places else ""

    def wrong(self, column: str, message: str) -> None:
        """Note a problem with a cell."""
        self.table.wrong(self.line, column, message)

    def needed(self, column: str) -> str:
        """Return a cell that may not be empty."""
        if not self.text(column):
            self.wrong(column, "is empty")
        return self.text(column)

    def number(
        self, column: str, *, needed: bool = False, low: float = -math.inf, high: float = math.inf
    ) -> float:
        """Return a number; NaN if the cell is empty or wrong."""
        text = self.needed(column) if needed else self.text(column)
        if not text:
            return math.nan
        value = number_of(text)
        if math.isfinite(value) and low <= value <= high:
            return value
        bounds = f" of {say(low)} or more" if math.isfinite(low) else ""
        bounds = f" from {say(low)} to {say(high)}" if math.isfinite(high) else bounds
        self.wrong(column, f"must be a number{bounds}, got {quoted(text)}{with_point(text)}")
        return math.nan

    def date(self, column: str, *, needed: bool = False) -> Window | None:
        """Return the months of a date, or of years such as 2015-2017; None where it is empty."""
        text = self.needed(column) if needed else self.text(column)
        if not text:
            return None
        span = _YEARS.match(text)
        first, last = span.groups() if span else (text, text)
        try:
            window = Window(months(first), months(last) + length(last), text)
        except ValueError:
            window = Window(0, 0, text)
        if window.stop <= window.first:
            self.wrong(
                column, f"must be a date such as 2018, 2018-Q2 or 2018-06, got {quoted(text)}"
            )
            return None
        return window

    def choice(self, column: str, known: dict[str, str], otherwise: str) -> str:
        """Return the meaning of a word; note an unknown word."""
        text = self.text(column)
        if text and text not in known:
            hint = meant(text, known) or f": write {either(sorted(known))}"
            self.wrong(column, f"has an unknown value {quoted(text)}{hint}")
        return known.get(text, otherwise)


def read_csv(path: str | Path, *needed: str, largest: int = LARGEST) -> CsvTable:
    """Return a CSV file with a header that names at least the columns needed; or InputError."""
    place = Path(path)
    table = CsvTable(shown(place))
    fill(table, read_bytes(place, largest), *needed)
    return table


def fill(table: CsvTable, data: bytes, *needed: str) -> None:
    """Read the bytes of a file into its table; InputError lists all faults."""
    text = decode(data, table.file)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    uneven = []
    try:
        head = next(reader, [])
        table.columns = tuple(cell.strip() for cell in head)
        before = reader.line_num
        for cells in reader:
            line, before = before + 1, reader.line_num
            row = [cell.strip() for cell in cells]
            if not any(row) and len(row) != 1:
                continue
            table.lines.append(line)
            table.cells.append(row)
            if len(row) != len(head):
                uneven.append((line, len(row)))
    except csv.Error as error:
        table.wrong(reader.line_num, "", f"not readable as CSV: {error}")
    _refuse_separator(table, text)
    table.need(*needed)
    for line, count in uneven:
        size = "1 cell" if count == 1 else f"{count} cells"
        table.wrong(line, "", f"has {size}, the header has {len(head)}")
    table.close()


def _refuse_separator(table: CsvTable, text: str) -> None:
    """Refuse a file whose columns are not separated by commas."""
    head = text.partition("\n")[0]
    for sign, name in _SEPARATORS.items():
        if sign in head and "," not in head:
            rest = text.partition("\n")[2].replace(sign, "\n")
            comma = any(_DECIMAL_COMMA.match(cell.strip()) for cell in rest.split("\n"))
            also = ", and its numbers have decimal commas" if comma else ""
            remedy = " and decimal points" if comma else ""
            message = f"its columns are separated by {name}{also}: save it with commas{remedy}"
            table.problems.clear()
            table.wrong(1, "", message)
            table.close()


def number_of(text: str) -> float:
    """Return the number in a cell; NaN if there is none."""
    try:
        return float(text) if text.isascii() and "_" not in text else math.nan
    except ValueError:
        return math.nan


def with_point(text: str) -> str:
    """Return the remedy for a number with a comma, which may divide thousands."""
    point = text.replace(",", ".") if _DECIMAL_COMMA.match(text) else ""
    if _THOUSANDS.match(text):
        either = f", or {point} if the comma is a point" if point else ""
        return f": write {text.replace(',', '')}{either}"
    return f": write {point}" if point else ""


def row_names(column: str) -> str:
    """Return the description of a column without a name; empty if it has one."""
    if not _ROW_NAMES.match(column):
        return ""
    return (
        "a column without a name, such as the row names that R and pandas add: remove it, or "
        "write the file with row.names = FALSE (R) or index=False (pandas)"
    )

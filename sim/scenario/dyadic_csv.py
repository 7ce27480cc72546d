"""Dyadic tables from CSV files with the columns from, to and value."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass, field
from pathlib import Path

from sim.documents.leaves import NAME
from sim.documents.nodes import Mark
from sim.documents.reader import decode, read_bytes, shown
from sim.kernel.errors import InputError, Problem
from sim.kernel.words import number, quoted

BOUNDS = {"affinity": (-1.0, 1.0), "rivalry": (0.0, 1.0), "distance": (0.0, 25_000.0)}
_HEADER = ["from", "to", "value"]
_MOST = 50  # problems told of one table


@dataclass
class TableReading:
    """The entries of a table, and what is wrong with it."""

    name: str
    file: str
    entries: dict[tuple[str, str], float] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, line: int, message: str) -> None:
        """Note a problem, up to a number."""
        if len(self.problems) < _MOST:
            self.problems.append(Mark(self.file, line, 1).problem(f"tables.{self.name}", message))

    def row(self, line: int, cells: list[str]) -> None:
        """Take one row."""
        if len(cells) != len(_HEADER):
            self.wrong(line, f"must have 3 cells, from,to,value; got {len(cells)}")
            return
        start, end, text = (cell.strip() for cell in cells)
        for name in (start, end):
            if not NAME.match(name):
                self.wrong(line, f"no state's code: {quoted(name)}")
                return
        value = self.value(line, text)
        if value is None:
            return
        if start == end:
            if self.name != "distance" or value != 0:
                self.wrong(line, f"from and to are both {quoted(start)}")
            return
        self.enter(line, (start, end), value)

    def value(self, line: int, text: str) -> float | None:
        """Return the value of a row, if it is a number within the bounds."""
        low, high = BOUNDS[self.name]
        try:
            value = float(text) if "_" not in text else math.nan
        except ValueError:
            value = math.nan
        if math.isfinite(value) and low <= value <= high:
            return value
        span = f"from {number(low)} to {number(high)}"
        self.wrong(line, f"value must be a number {span}, got {quoted(text)}")
        return None

    def enter(self, line: int, pair: tuple[str, str], value: float) -> None:
        """Enter a value; a distance counts both ways."""
        both = (pair, pair[::-1]) if self.name == "distance" else (pair,)
        old = self.entries.get(pair)
        if old is not None and (old != value or self.name != "distance"):
            self.wrong(line, f"the pair {pair[0]},{pair[1]} stands twice")
            return
        for each in both:
            self.entries[each] = value


def read_table(name: str, path: Path) -> TableReading:
    """Return the entries of a CSV table by (from, to).

    Rows about states that a scenario lacks do no harm: one table serves many scenarios.
    """
    reading = TableReading(name, shown(path))
    try:
        text = decode(read_bytes(path), reading.file)
    except InputError as error:
        reading.problems.extend(error.problems)
        return reading
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [cell.strip() for cell in next(rows, [])]
        if header != _HEADER:
            reading.wrong(1, f"the first row must be from,to,value; got {quoted(','.join(header))}")
            return reading
        for cells in rows:
            if cells:
                reading.row(rows.line_num, cells)
    except csv.Error as error:
        reading.wrong(rows.line_num, f"not readable as CSV: {error}")
    return reading

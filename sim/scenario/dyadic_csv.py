"""Dyadic tables from CSV files with the columns from, to and value."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from sim.documents.csv_table import CsvRow, CsvTable, fill
from sim.documents.leaves import NAME
from sim.documents.reader import read_bytes, shown
from sim.kernel.errors import InputError, Problem
from sim.kernel.words import meant, quoted

BOUNDS = {"affinity": (-1.0, 1.0), "rivalry": (0.0, 1.0), "distance": (0.0, 25_000.0)}


@dataclass
class TableReading:
    """The entries of a table, and what is wrong with it."""

    name: str
    table: CsvTable
    entries: dict[tuple[str, str], float] = field(default_factory=dict)
    states: dict[str, int] = field(default_factory=dict)  # named in the table -> line

    @property
    def problems(self) -> list[Problem]:
        """Return what is wrong with the table."""
        return self.table.problems

    def row(self, row: CsvRow) -> None:
        """Take one row."""
        low, high = BOUNDS[self.name]
        pair = start, end = row.text("from"), row.text("to")
        for name in pair:
            if not NAME.match(name):
                row.wrong("", f"no state's code: {quoted(name)}")
                return
        value = row.number("value", needed=True, low=low, high=high)
        for name in pair:
            self.states.setdefault(name, row.line)
        if start == end:
            if self.name != "distance" or value != 0:
                row.wrong("", f"from and to are both {quoted(start)}")
        elif value == value:  # noqa: PLR0124 - not of nan
            self.enter(row, pair, value)

    def enter(self, row: CsvRow, pair: tuple[str, str], value: float) -> None:
        """Enter a value; a distance counts both ways."""
        both = (pair, pair[::-1]) if self.name == "distance" else (pair,)
        old = self.entries.get(pair)
        if old is not None and (old != value or self.name != "distance"):
            row.wrong("", f"the pair {pair[0]},{pair[1]} stands twice")
            return
        for each in both:
            self.entries[each] = value

    def among(self, states: Collection[str]) -> dict[tuple[str, str], float]:
        """Return the entries between some states: a variant may lack states of the scenario."""
        return {
            pair: value
            for pair, value in self.entries.items()
            if pair[0] in states and pair[1] in states
        }

    def strangers(self, known: Collection[str]) -> list[Problem]:
        """Return a problem for each state of the table that is not known."""
        unknown = CsvTable(self.table.file, self.table.key)
        for name, line in self.states.items():
            if name not in known:
                message = f"no state {quoted(name)} in the scenario{meant(name, known)}"
                unknown.wrong(line, "", f"{message}: add the state, or remove its rows")
        return unknown.problems


def read_table(name: str, path: Path) -> TableReading:
    """Return the entries of a CSV table by (from, to), and what is wrong with it."""
    reading = TableReading(name, CsvTable(shown(path), key=f"tables.{name}"))
    try:
        fill(reading.table, read_bytes(path), "from", "to", "value")
    except InputError as error:
        reading.table.problems[:] = error.problems
        return reading
    for row in reading.table.rows():
        reading.row(row)
    return reading

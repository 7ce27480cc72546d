"""Lists of cells: what only some rows need in only some runs is computed there alone.

A list holds one entry a row and run, row by row. Where shapes are fixed, every list
is the whole table.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from sim.kernel.arrays import Index


@dataclass(frozen=True, eq=False)
class Cells:
    """Cells of a table (rows, runs), row by row."""

    row: Index  # (n,)
    column: Index  # (n,) the place of the run in its block
    start: Index  # (rows + 1,) where the cells of each row begin, and the end
    up: Index | None = None  # (n,) the cell of another list that each repeats, if any

    @cached_property
    def count(self) -> Index:
        """Return the number of cells of each row."""
        return np.diff(self.start)

    def spread(self, parent: np.ndarray) -> "Cells":
        """Return a list in which row n repeats the cells of row parent[n] of this one."""
        first, count = self.start[parent], self.count[parent]
        start = np.concatenate([[0], np.cumsum(count)])
        row = np.repeat(np.arange(parent.size), count)
        up = np.arange(row.size) + np.repeat(first - start[:-1], count)
        return Cells(row, self.column.take(up), start, up)

    def part(self, first: int, last: int) -> slice:
        """Return the slice of the cells of the rows from `first` to before `last`."""
        return slice(int(self.start[first]), int(self.start[last]))

    def rows(self, first: int, last: int) -> "Cells":
        """Return the list of the rows from `first` to before `last` alone, numbered from 0."""
        there, start = self.part(first, last), self.start[first : last + 1]
        return Cells(self.row[there] - first, self.column[there], start - start[0])


def listed(mask: Any) -> Cells:
    """Return the cells of a table (rows, runs) that are true; all where shapes are fixed."""
    rows, runs = mask.shape
    found = np.flatnonzero(mask) if isinstance(mask, np.ndarray) else np.arange(rows * runs)
    start = np.searchsorted(found, np.arange(rows + 1) * runs)
    row = np.repeat(np.arange(rows), np.diff(start))
    return Cells(row, found - row * runs, start)


@dataclass(frozen=True, eq=False)
class Places:
    """Where the entries of a list look something up: a row of a table, in their own run."""

    index: Index  # (n,) rows
    column: Index  # (n,) places of runs
    _cell: dict[int, Index] = field(default_factory=dict, repr=False)

    def of(self, table: Any) -> Any:
        """Return `table[index[n], column[n]]` for a table (rows, runs or 1)."""
        runs = table.shape[-1]
        if runs == 1:
            return table.reshape(-1).take(self.index)
        if runs not in self._cell:
            self._cell[runs] = self.index * runs + self.column
        return table.reshape(-1).take(self._cell[runs])


@dataclass(frozen=True, eq=False)
class RowPlaces:
    """Where a list looks something up: all cells of a row in one row of a table, each in its run.

    As with places, but the rows of the table are known by row of the list: fewer look-ups.
    """

    index: Index  # (rows of the list,) rows of the table
    cells: Cells
    _cell: dict[int, Index] = field(default_factory=dict, repr=False)

    def of(self, table: Any) -> Any:
        """Return the entry of a table (rows, runs or 1) for each cell."""
        runs = table.shape[-1]
        flat = table.reshape(-1)
        if runs == 1:
            return np.repeat(flat.take(self.index), self.cells.count)
        return flat.take(self.cell(runs))

    def cell(self, runs: int) -> Index:
        """Return the place of each cell in a table (rows, runs) laid out flat."""
        if runs not in self._cell:
            cell = np.repeat(self.index * runs, self.cells.count)
            cell += self.cells.column
            self._cell[runs] = cell
        return self._cell[runs]


def summed(index: Index, values: Any, size: int) -> Any:
    """Return the sums (size,) of the values that share an index, in order."""
    if isinstance(values, np.ndarray):
        if values.size == 0:  # bincount would count
            return np.zeros(size)
        return np.bincount(index, weights=values, minlength=size)
    return np.zeros(size).at[index].add(values)


def largest(index: Index, values: Any, size: int) -> Any:
    """Return the largest (size,) of the values that share an index; minus infinity for none."""
    lowest = np.full(size, -np.inf)
    if isinstance(values, np.ndarray):
        np.maximum.at(lowest, index, values)
        return lowest
    return lowest.at[index].max(values)


def first_of(index: Index, values: Any, size: int, none: int) -> Any:
    """Return the smallest (size,) of the whole numbers that share an index; `none` for none."""
    most = np.iinfo(np.int64).max
    if isinstance(values, np.ndarray):
        found = np.full(size, most)
        np.minimum.at(found, index, values)
    else:
        found = np.full(size, most).at[index].min(values)
    return np.where(found == most, none, found)

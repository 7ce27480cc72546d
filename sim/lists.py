"""Lists of cells: what only some rows need in only some runs is computed there alone.

A list holds one entry a row and run, row by row. Under JAX, whose shapes are fixed, every list
is the whole table.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.arrays import Index, namespace


@dataclass(frozen=True, eq=False)
class Cells:
    """Cells of a table (rows, runs), row by row."""

    row: Index  # (n,)
    lane: Index  # (n,) the place of the run in its block
    start: Index  # (rows + 1,) where the cells of each row begin, and the end
    up: Index | None = None  # (n,) the cell of another list that each repeats, if any

    def spread(self, parent: np.ndarray) -> "Cells":
        """Return a list in which row n repeats the cells of row parent[n] of this one."""
        first, count = self.start[parent], np.diff(self.start)[parent]
        start = np.concatenate([[0], np.cumsum(count)])
        row = np.repeat(np.arange(parent.size), count)
        up = np.arange(row.size) + (first - start[:-1])[row]
        return Cells(row, self.lane[up], start, up)

    def part(self, first: int, last: int) -> slice:
        """Return where the cells of the rows from `first` to before `last` stand."""
        return slice(int(self.start[first]), int(self.start[last]))


def listed(mask: Any) -> Cells:
    """Return the cells of a table (rows, runs) that are true; all of them under JAX."""
    rows, runs = mask.shape
    found = np.flatnonzero(mask) if isinstance(mask, np.ndarray) else np.arange(rows * runs)
    start = np.searchsorted(found, np.arange(rows + 1) * runs)
    row = np.repeat(np.arange(rows), np.diff(start))
    return Cells(row, found - row * runs, start)


@dataclass(frozen=True, eq=False)
class Places:
    """Where the entries of a list look something up: a row of a table, in their own run."""

    index: Index  # (n,) rows
    lane: Index  # (n,) places of runs
    _cell: dict[int, Index] = field(default_factory=dict, repr=False)

    def of(self, table: Any) -> Any:
        """Return `table[index[n], lane[n]]` for a table (rows, runs or 1)."""
        runs = table.shape[-1]
        if runs == 1:
            return table.reshape(-1).take(self.index)
        if runs not in self._cell:
            self._cell[runs] = self.index * runs + self.lane
        return table.reshape(-1).take(self._cell[runs])


def summed(index: Index, values: Any, size: int) -> Any:
    """Return the sums (size,) of the values that share an index, in order."""
    if isinstance(values, np.ndarray):
        if values.size == 0:  # bincount would count
            return np.zeros(size)
        return np.bincount(index, weights=values, minlength=size)
    return namespace(values).zeros(size).at[index].add(values)


def largest(index: Index, values: Any, size: int) -> Any:
    """Return the largest (size,) of the values that share an index; minus infinity for none."""
    xp = namespace(values)
    lowest = xp.full(size, -np.inf)
    if isinstance(values, np.ndarray):
        np.maximum.at(lowest, index, values)
        return lowest
    return lowest.at[index].max(values)


def first_of(index: Index, values: Any, size: int, none: int) -> Any:
    """Return the smallest (size,) of the whole numbers that share an index; `none` for none."""
    xp = namespace(values)
    most = np.iinfo(np.int64).max
    if isinstance(values, np.ndarray):
        found = np.full(size, most)
        np.minimum.at(found, index, values)
    else:
        found = xp.full(size, most).at[index].min(values)
    return xp.where(found == most, none, found)

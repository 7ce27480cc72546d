"""The log of requests and orders as columns: one entry for each request or order of a run."""

from dataclasses import dataclass

import numpy as np

from sim.kernel.arrays import NONE
from sim.kernel.layout.layout import Layout
from sim.kernel.world import ORDERED, Log

WHOLE = 1 - 1e-9  # share of the units ordered from which on a delivery counts as complete


@dataclass(frozen=True, eq=False)
class LogEntries:
    """The entries of the first runs of a block, in the order of runs, then of dates."""

    log: Log
    layout: Layout
    row: np.ndarray  # in the log
    run: np.ndarray  # position in the block

    def column(self, name: str) -> np.ndarray:
        """Return a field of the log for every entry."""
        array = getattr(self.log, name)
        return np.asarray(array[self.row, 0 if array.shape[-1] == 1 else self.run])

    @property
    def requested(self) -> np.ndarray:
        """Return the period of the request or order, counted from the first."""
        return np.asarray(self.layout.requested[self.row])

    @property
    def ordered(self) -> np.ndarray:
        """Return whether the request became an order."""
        return np.asarray(self.column("stage") == ORDERED)

    @property
    def holder(self) -> np.ndarray:
        """Return the state that receives the order: the one that placed it or took it over."""
        heir = self.column("heir")
        return np.where(heir == NONE, self.column("recipient"), heir)

    @property
    def came(self) -> np.ndarray:
        """Return whether anything has been delivered."""
        return np.asarray(self.column("first") != NONE)

    @property
    def complete(self) -> np.ndarray:
        """Return whether all units of the request have been delivered."""
        return np.asarray(self.column("delivered") >= self.column("units") * WHOLE)

    @property
    def due(self) -> np.ndarray:
        """Return the number, by date, of the period of the last instalment by contract."""
        end = self.column("start") + self.column("wait")
        return np.asarray(np.floor(end).astype(np.int64))


def entries_of(log: Log, layout: Layout, runs: int) -> LogEntries:
    """Return the requests and orders of the first runs of a block."""
    run, row = np.nonzero((log.offer[:, :runs] != NONE).T)
    order = np.lexsort([layout.requested[row], run])
    return LogEntries(log, layout, row[order], run[order])

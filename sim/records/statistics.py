"""Statistics over the runs of a whole ensemble, in the order of runs."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from sim.kernel.arrays import quantile

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
NAMES = ("mean", "sd", "q05", "q25", "q50", "q75", "q95")
ROWS = 256  # cells at a time, so that they fit the cache


class CellRows(Protocol):
    """A table (cells, runs) that is read some rows at a time."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Return the number of cells and of runs."""

    def __getitem__(self, rows: slice, /) -> np.ndarray:
        """Return some rows."""


def statistics(cells: CellRows) -> np.ndarray:
    """Return mean, sd (n - 1) and quantiles over the runs, the last axis of `cells`: (cells, 7).

    Runs in which a number is undefined (nan) do not count. The sd of one run is undefined.
    """
    out = np.empty((cells.shape[0], len(NAMES)))
    for at in range(0, cells.shape[0], ROWS):
        out[at : at + ROWS] = _part(cells[at : at + ROWS])
    return out + 0.0  # turns -0 into 0


def _part(cells: np.ndarray) -> np.ndarray:
    total = cells.sum(axis=1)
    undefined = np.isnan(total)
    out = np.empty((cells.shape[0], len(NAMES)))
    if undefined.any():
        for row in np.nonzero(undefined)[0]:
            known = cells[row][~np.isnan(cells[row])]
            out[row] = _defined(known[None], known.sum()[None])[0] if known.size else np.nan
        out[~undefined] = _defined(cells[~undefined], total[~undefined])
        return out
    return _defined(cells, total)


def _defined(cells: np.ndarray, total: np.ndarray) -> np.ndarray:
    runs = cells.shape[1]
    out = np.empty((cells.shape[0], len(NAMES)))
    out[:] = cells[:, :1]  # right where all runs are equal
    out[:, 1] = 0.0 if runs > 1 else np.nan
    differs = (cells != cells[:, :1]).any(axis=1)
    if differs.any():
        out[differs] = _spread(cells if differs.all() else cells[differs], total[differs])
    return out


def _spread(cells: np.ndarray, total: np.ndarray) -> np.ndarray:
    runs = cells.shape[1]
    mean = total / runs
    apart = cells - mean[:, None]
    ranked = np.sort(cells, axis=1)  # vectorised: faster than np.partition at ten places
    out = np.empty((cells.shape[0], len(NAMES)))
    out[:, 0] = mean
    out[:, 1] = np.sqrt(np.einsum("cr,cr->c", apart, apart) / (runs - 1))
    for column, share in enumerate(QUANTILES, start=2):
        out[:, column] = quantile(ranked, share)
    return out

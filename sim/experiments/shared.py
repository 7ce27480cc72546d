"""Series of a variant in a file that workers and client map: no copy travels between them.

The file is scratch: raw doubles, (cells, runs), gone when the ensemble is done.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import RunError


def put_series(
    arrays: Sequence[np.ndarray], runs: slice, *, total: int, path: Path | None
) -> np.ndarray:
    """Return series (dates, subjects, runs) as cells (subject x date, runs), one after another.

    With a path the cells go to their columns in the file, `total` wide, and an empty array is
    returned. Blocks may be written in any order, by several processes, and again.
    """
    kept = runs.stop - runs.start
    size = sum(array.shape[0] * array.shape[1] for array in arrays)
    if kept == 0:
        return np.zeros((0, 0))
    if path is None:
        cells: Any = np.empty((size, kept))
        _fill(cells, arrays, kept)
        return np.asarray(cells)
    try:
        with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            file.truncate(size * total * 8)
            cells = np.memmap(file, dtype=np.float64, mode="r+", shape=(size, total))
            _fill(cells[:, runs], arrays, kept)
            del cells
    except OSError as error:
        message = f"{path.parent}: no room for series ({error.strerror}); set TMPDIR, or --jobs 1"
        raise RunError(message) from None
    return np.zeros((0, 0))


def get_series(path: Path, total: int) -> np.ndarray:
    """Return the cells of a file, (cells, total), read only."""
    size = path.stat().st_size // (8 * total)
    return np.memmap(path, dtype=np.float64, mode="r", shape=(size, total))


def _fill(cells: np.ndarray, arrays: Sequence[np.ndarray], kept: int) -> None:
    """Write series into their rows."""
    at = 0
    for array in arrays:
        dates, subjects, _ = array.shape
        for subject in range(subjects):
            cells[at : at + dates] = array[:, subject, :kept]
            at += dates

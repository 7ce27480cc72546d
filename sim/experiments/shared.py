"""Series of a variant in a file that workers write and the client reads: no copy travels.

The file is scratch: raw doubles, (cells, runs), gone when the ensemble is done. It is written row
by row and read part by part: pages that are mapped would count as memory of the process, and a full
disk would kill it.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

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
        cells = np.empty((size, kept))
        at = 0
        for rows in _rows(arrays, kept):
            cells[at : at + len(rows)] = rows
            at += len(rows)
        return cells
    try:
        _write(path, _rows(arrays, kept), start=runs.start * 8, step=total * 8, size=size)
    except OSError as error:
        message = f"{path.parent}: no room for series ({error.strerror}); set TMPDIR, or --jobs 1"
        raise RunError(message) from None
    return np.zeros((0, 0))


def _rows(arrays: Sequence[np.ndarray], kept: int) -> Iterator[np.ndarray]:
    """Yield the cells of each array, (subject x date, runs)."""
    for array in arrays:
        yield np.ascontiguousarray(array[..., :kept].swapaxes(0, 1)).reshape(-1, kept)


def _write(path: Path, parts: Iterable[np.ndarray], *, start: int, step: int, size: int) -> None:
    """Write rows to their columns in a file, from byte `start` on, a row every `step` bytes."""
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0) as file:
        file.truncate(size * step)
        at = start
        for rows in parts:
            for row in rows:
                file.seek(at)
                if file.write(row.data) != row.nbytes:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                at += step


@dataclass(frozen=True)
class Series:
    """The cells of a file, (cells, total), of which rows are read when asked for."""

    path: Path
    shape: tuple[int, int]

    def __getitem__(self, rows: slice) -> np.ndarray:
        """Return some rows, all their runs."""
        first, last, _ = rows.indices(self.shape[0])
        total = self.shape[1]
        part = np.fromfile(self.path, count=(last - first) * total, offset=first * total * 8)
        return part.reshape(last - first, total)


def get_series(path: Path, total: int) -> Series:
    """Return the cells of a file, (cells, total)."""
    return Series(path, (path.stat().st_size // (8 * total), total))

"""Series of a variant in files that workers write and the client reads: no copy travels.

The files are scratch, one a block: raw doubles, (cells, runs), gone when the ensemble is done. They
are read part by part: pages that are mapped would count as memory of the process, and a full disk
would kill it.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from sim.kernel.errors import RunError


def put_series(arrays: Sequence[np.ndarray], runs: slice, *, folder: Path | None) -> np.ndarray:
    """Return series (dates, subjects, runs) as cells (subject x date, runs), one after another.

    With a folder the cells go to a file of their own there, and an empty array is returned. Blocks
    may be written in any order, by several processes, and again.
    """
    kept = runs.stop - runs.start
    size = sum(array.shape[0] * array.shape[1] for array in arrays)
    if kept == 0:
        return np.zeros((0, 0))
    if folder is None:
        cells = np.empty((size, kept))
        at = 0
        for rows in _rows(arrays, kept):
            cells[at : at + len(rows)] = rows
            at += len(rows)
        return cells
    try:
        folder.mkdir(exist_ok=True)
        _write(folder / str(runs.start), _rows(arrays, kept))
    except OSError as error:
        message = f"{folder.parent}: no room for series ({error.strerror}); set TMPDIR, or --jobs 1"
        raise RunError(message) from None
    return np.zeros((0, 0))


def _rows(arrays: Sequence[np.ndarray], kept: int) -> Iterator[np.ndarray]:
    """Yield the cells of each array, (subject x date, runs)."""
    for array in arrays:
        yield np.ascontiguousarray(array[..., :kept].swapaxes(0, 1)).reshape(-1, kept)


def _write(path: Path, parts: Iterable[np.ndarray]) -> None:
    with path.open("wb", buffering=0) as file:
        for rows in parts:
            if file.write(rows.data) != rows.nbytes:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@dataclass(frozen=True)
class ScratchSeries:
    """The cells of the blocks of a variant, (cells, total), of which rows are read when asked."""

    paths: Sequence[Path]  # in the order of runs
    widths: Sequence[int]  # the number of runs in each
    shape: tuple[int, int]

    def __getitem__(self, rows: slice) -> np.ndarray:
        """Return some rows, all their runs."""
        first, last, _ = rows.indices(self.shape[0])
        count = last - first
        parts = [
            np.fromfile(path, count=count * width, offset=first * width * 8).reshape(count, width)
            for path, width in zip(self.paths, self.widths, strict=True)
        ]
        return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)


def get_series(folder: Path, total: int) -> ScratchSeries:
    """Return the cells that blocks of `total` runs in all have put in a folder, (cells, total)."""
    starts = sorted(int(path.name) for path in folder.iterdir())
    widths = [stop - start for start, stop in pairwise([*starts, total])]
    paths = [folder / str(start) for start in starts]
    return ScratchSeries(paths, widths, (paths[0].stat().st_size // (8 * widths[0]), total))

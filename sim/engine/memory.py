"""Memory of strips: alignment, reuse, and views of arrays within a piece of memory."""

from collections.abc import Mapping, Sequence
from itertools import accumulate
from math import prod
from sys import getrefcount
from typing import Any

import numpy as np

from sim.engine.plan import LINE, Place


def aligned(size: int) -> np.ndarray:
    """Return memory that begins at a cache line."""
    memory = np.zeros(size + LINE, dtype=np.uint8)
    start = -memory.ctypes.data % LINE
    return memory[start : start + size]


UNREAD = 2  # reference count of memory that only the list below holds, while it is counted
_SPARE: list[np.ndarray] = []  # memory of results, used again once the results are deleted


def spares(arrays: Sequence[tuple[tuple[int, ...], Any]]) -> list[np.ndarray]:
    """Return arrays for results, by shape and type, one after another in a piece of memory."""
    sizes = [-(-prod(shape) * np.dtype(dtype).itemsize // LINE) * LINE for shape, dtype in arrays]
    memory, ends = _spare(sum(sizes)), accumulate(sizes)
    return [
        np.ndarray(shape, dtype, memory, end - size)
        for (shape, dtype), size, end in zip(arrays, sizes, ends, strict=True)
    ]


def _spare(size: int) -> np.ndarray:
    """Return memory for results, from deleted ones if possible, since new pages are slow."""
    free = [each for each in _SPARE if getrefcount(each.base) <= UNREAD and each.size >= size]
    if not free:
        _SPARE[:] = [each for each in _SPARE if getrefcount(each.base) > UNREAD]
        free = [aligned(size)]
        _SPARE.append(free[0])
    return min(free, key=len)[:size]


def views(memory: np.ndarray, places: Mapping[str, Place], lanes: int) -> dict[str, np.ndarray]:
    """Return the arrays within a piece of memory, by name."""
    return {
        name: np.ndarray(
            (place.rows, lanes) if place.by_run else (place.rows,),
            place.dtype,
            memory,
            place.offset,
        )
        for name, place in places.items()
    }


def by_rows(value: Any) -> np.ndarray:
    """Return an array, or a number, as rows of runs; it may have no row."""
    array = np.atleast_1d(value)
    return array.reshape(int(np.prod(array.shape[:-1])), array.shape[-1])

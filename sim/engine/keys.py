"""Keys: the rows that an index chooses, while the runs stay the last axis."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.engine.graph import Rows
from sim.engine.refusal import untraceable


def cell_of(size: Sequence[int], index: Sequence[Any]) -> Any:
    """Return the position of a cell in a flattened table of this size."""
    cell = index[0]
    for axis, length in enumerate(size[1:], start=1):
        cell = cell * length + index[axis]
    return cell


def rows_at(rows: Rows, key: tuple[Any, ...]) -> np.ndarray:
    """Return the numbers of the rows that a key chooses, in the shape of the result."""
    return np.asarray(np.arange(int(np.prod(rows))).reshape(rows)[key])


def row_key(key: Any, ndim: int) -> tuple[Any, ...]:
    """Return the part of a key that chooses rows; it must choose all runs."""
    parts = list(key) if isinstance(key, tuple) else [key]
    dots = [n for n, part in enumerate(parts) if part is Ellipsis]
    consumed = sum(part is not None and part is not Ellipsis for part in parts)
    at = dots[0] if dots else len(parts)
    parts[at : at + len(dots)] = [slice(None)] * (ndim - consumed)
    last = parts.pop()
    if not (isinstance(last, slice) and last == slice(None)):
        untraceable("an index on the runs axis")
    return tuple(parts)

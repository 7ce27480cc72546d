"""Shapes, and the few array operations that array libraries spell differently.

The runs axis is the last one of every array. An index array that has a runs axis chooses
for each run by itself; an index array without one is a fixed list.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int

Elementwise = Float[Any, "..."]  # any shape that broadcasts, runs last
Monadic = Float[Any, "states #runs"]  # [i, r]
Dyadic = Float[Any, "states states #runs"]  # [i, j, r]: what i holds about j
Pairwise = Float[Any, "dyads #runs"]  # [p, r]: one row a directed rival dyad
Memberwise = Float[Any, "states blocs #runs"]  # [i, b, r]
Blocwise = Float[Any, "blocs #runs"]
Holdings = Float[Any, "states systems #runs"]
Mask = Bool[Any, "..."]
Index = Int[Any, "..."]

NONE = -1  # in arrays of indices: no such thing
TINY = 1e-12
WIDE = 1024  # numbers a row, from which groups of rows are reduced one by one
LEAST_ODDS = -700.0  # log odds whose probability is still a number above zero
DUST = 1e-6  # million USD: one dollar


def logistic(x: Any) -> Any:
    """Return 1 / (1 + exp(-x)), 0 to 1, without overflow."""
    odds = np.exp(-np.maximum(x, LEAST_ODDS))  # tanh takes four times as long
    odds += 1.0
    return 1.0 / odds


def share(part: Any, whole: Any, *, nothing: float) -> Any:
    """Return part / whole, and the limit `nothing` where the whole is nothing."""
    empty = whole == 0
    return np.where(empty, nothing, part / np.where(empty, 1.0, whole))


def chance(rate: Any, dt: float) -> Any:
    """Return the probability, 0 to 1, that something of this yearly rate happens in dt years."""
    return -np.expm1(-rate * dt)


def added(terms: Mapping[str, Any]) -> Any:
    """Return the sum of the terms of a decision."""
    first, *others = terms.values()
    return sum(others, first)


def pick(table: Any, *index: Any) -> Any:
    """Return `table[index[..., r], r]`: from each run the entry of the run's own choice.

    Each index has a runs axis, which may be 1; so has the table. An index of -1 reads some entry:
    the caller masks it. Lists of cells look up by their places (`sim.kernel.sparse`).
    """
    runs = table.shape[-1]
    cell = _cell(table.shape[:-1], index)
    if runs == 1:
        return table.reshape(-1).take(cell)
    if cell.shape[-1] == 1:
        return table.reshape(-1, runs)[cell[..., 0]]
    return table.reshape(-1).take(cell * runs + np.arange(runs))


def put(array: Any, index: Any, values: Any, *, inplace: bool = False) -> Any:
    """Return a copy of the array with `values` at `index`; the array itself if `inplace`.

    `inplace` is for arrays that only the caller holds.
    """
    if isinstance(array, np.ndarray):
        copy = array if inplace else array.copy()
        copy[index] = values
        return copy
    return array.at[index].set(values)


def scatter(
    size: tuple[int, ...], index: tuple[Any, ...], *values: Any, column: Any = None, runs: int = 0
) -> list[Any]:
    """Return arrays (*size, runs) of the sums of `values` (n, runs) at the cells they name.

    `index` holds one array (n, runs) or (n, 1) for each axis of `size`. The sums are taken
    in the order of n for any number of runs. With `column` all are lists, and value n belongs
    to run `column[n]` of `runs`.
    """
    if column is None:
        runs = values[0].shape[-1]
        column = np.arange(runs)
    cell = _cell(size, index)
    cell, column = (np.broadcast_to(each, values[0].shape) for each in (cell, column))
    total = int(np.prod(size))
    if isinstance(values[0], np.ndarray):
        if cell.size == 0:  # bincount would count
            return [np.zeros((*size, runs)) for _ in values]
        cell = (cell * runs + column).ravel()
        sums = (np.bincount(cell, weights=v.ravel(), minlength=total * runs) for v in values)
        return [each.reshape(*size, runs) for each in sums]
    flat = np.zeros((total, runs), dtype=values[0].dtype)
    return [flat.at[cell, column].add(v).reshape(*size, runs) for v in values]


def added_at(array: Any, index: tuple[Any, ...], column: Any, values: Any) -> Any:
    """Return an own array (*size, runs) with a list of values added at cells and runs, in order."""
    cells = (_cell(array.shape[:-1], index), column)
    flat = array.reshape(-1, array.shape[-1])
    if isinstance(array, np.ndarray):
        np.add.at(flat, cells, values)
        return array
    return flat.at[cells].add(values).reshape(array.shape)


def _cell(size: tuple[int, ...], index: tuple[Any, ...]) -> Any:
    """Return the number of a cell of a table of this size."""
    cell = index[0]
    for axis, length in enumerate(size[1:], start=1):
        cell = cell * length + index[axis]
    return cell


def cells_true(mask: Any, most: int | None = None) -> tuple[Any, Any]:
    """Return row and run of all that is true in `mask` (rows, runs), run by run, rows in order.

    Elsewhere than in numpy shapes are fixed: there are `most` for every run, and the rows of those
    that are too many are -1.
    """
    if isinstance(mask, np.ndarray):
        column, row = np.divmod(np.flatnonzero(mask.T), mask.shape[0])
        return row, column
    order = np.argsort(~mask, axis=0, stable=True)[:most]
    rows = np.where(np.take_along_axis(mask, order, axis=0), order, -1)
    return rows.ravel(), np.broadcast_to(np.arange(mask.shape[1]), rows.shape).ravel()


def columns_of(mask: Any) -> Any:
    """Return the runs in which a mask (runs,) is true; all where shapes are fixed.

    What few runs need is then computed for them alone. At least two, because numpy changes its
    order of summation when the last axis has length 1.
    """
    if not isinstance(mask, np.ndarray):
        return np.arange(mask.shape[-1])
    columns = np.flatnonzero(mask)
    return np.repeat(columns, 2) if columns.size == 1 else columns


def cut(array: Any, columns: Any) -> Any:
    """Return an array or number in some runs; where all runs agree it is kept as it is."""
    return array if np.ndim(array) == 0 or array.shape[-1] == 1 else array.take(columns, axis=-1)


def in_runs(record: Any, columns: Any) -> Any:
    """Return a frozen record, such as a law, in some runs."""
    if all(type(value) is float for value in vars(record).values()):
        return record
    return replace(record, **{name: cut(value, columns) for name, value in vars(record).items()})


def contract(left: Any, right: Any) -> Any:
    """Return sum over k of left[i, k, r] right[k, j, r], runs as the leading batch axis."""
    a = np.ascontiguousarray(left.transpose(2, 0, 1))
    b = a if right is left else np.ascontiguousarray(right.transpose(2, 0, 1))
    with np.errstate(all="ignore"):  # some libraries for products raise flags without a cause
        product = np.matmul(a, b)
    return np.ascontiguousarray(product.transpose(1, 2, 0))


@dataclass(frozen=True, eq=False)
class Groups:
    """Rows that belong to groups, such as the assets of a state or the rivals of a state.

    Under numpy the rows are laid out by their place in the group, largest group first, so that
    the k-th members of all groups that have one are added in one stroke, in order. Wide rows that
    come by group are added where they lie, in the same order.
    """

    index: np.ndarray  # (rows,): the group of each row
    size: int  # the number of groups, empty ones included

    @cached_property
    def _plan(self) -> tuple[np.ndarray, list[int], np.ndarray]:
        count = np.bincount(self.index, minlength=self.size)
        rank = np.argsort(-count, kind="stable")
        by_group = np.argsort(self.index, kind="stable")
        start = np.cumsum(count) - count
        rows, sizes = [], []
        for place in range(int(count.max(initial=0))):
            groups = rank[count[rank] > place]
            rows.append(by_group[start[groups] + place])
            sizes.append(groups.size)
        full = bool(sizes) and sizes[0] == self.size
        back = np.argsort(rank, kind="stable") if full else rank[: sizes[0] if sizes else 0]
        return np.concatenate([np.zeros(0, dtype=np.int64), *rows]).astype(np.int64), sizes, back

    @cached_property
    def _ends(self) -> list[int] | None:
        """Return where the groups begin and end, if the rows come by group and none is empty."""
        count = np.bincount(self.index, minlength=self.size)
        by_group = bool((np.diff(self.index) >= 0).all()) and bool((count > 0).all())
        return np.cumsum([0, *count]).tolist() if by_group else None

    def _reduce(self, values: np.ndarray, operation: np.ufunc) -> np.ndarray:
        if values[:1].size > WIDE and self._ends is not None:
            out = np.empty((self.size, *values.shape[1:]), dtype=values.dtype)
            for group, (start, stop) in enumerate(pairwise(self._ends)):
                operation.reduce(values[start:stop], axis=0, out=out[group])
            return out
        rows, sizes, back = self._plan
        if not sizes:
            return np.zeros((self.size, *values.shape[1:]), dtype=values.dtype)
        laid = values.take(rows, axis=0)
        out, start = laid[: sizes[0]], sizes[0]
        for size in sizes[1:]:
            operation(out[:size], laid[start : start + size], out=out[:size])
            start += size
        if sizes[0] == self.size:
            return out.take(back, axis=0)
        full = np.zeros((self.size, *values.shape[1:]), dtype=values.dtype)
        full[back] = out
        return full

    def sum(self, values: Any) -> Any:
        """Return the sum over the rows of each group, zero for an empty one."""
        if isinstance(values, np.ndarray):
            return self._reduce(values, np.add)
        zeros = np.zeros((self.size, *values.shape[1:]), dtype=values.dtype)
        return zeros.at[self.index].add(values)

    def product(self, values: Any) -> Any:
        """Return the product over the rows of each group, one for an empty one."""
        if isinstance(values, np.ndarray):
            found = self._reduce(values, np.multiply)
            return put(found, np.bincount(self.index, minlength=self.size) == 0, 1.0, inplace=True)
        ones = np.ones((self.size, *values.shape[1:]), dtype=values.dtype)
        return ones.at[self.index].multiply(values)

    def max(self, values: Any) -> Any:
        """Return the largest of the rows of each group, zero for an empty one or below zero."""
        if isinstance(values, np.ndarray):
            return np.maximum(self._reduce(values, np.maximum), 0)
        zeros = np.zeros((self.size, *values.shape[1:]), dtype=values.dtype)
        return zeros.at[self.index].max(values)


def quantile(ranked: np.ndarray, share: float) -> np.ndarray:
    """Return a quantile over the last axis, linear between order statistics.

    The values are ranked; there may be infinite ones among them.
    """
    place = share * (ranked.shape[-1] - 1)
    below = int(place)
    low, part = ranked[..., below], place - below
    if part == 0:
        return low
    high = ranked[..., below + 1]
    with np.errstate(invalid="ignore"):  # between two infinite values
        return np.where(low == high, low, low + (high - low) * part)

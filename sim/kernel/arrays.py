"""Shapes, and the operations on arrays that laws, steps and metrics share.

The runs axis is the last one of every array. An index array with a runs axis chooses for each run
separately; an index array without one is a fixed list.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache, wraps
from itertools import pairwise
from math import prod
from typing import Any, TypeVar

import numpy as np
from jaxtyping import Bool, Float, Int

Elementwise = Float[Any, "..."]  # any shape that broadcasts, runs last
Monadic = Float[Any, "states #runs"]  # [i, r]
Dyadic = Float[Any, "states states #runs"]  # [i, j, r]: what i holds about j
Exportwise = Float[Any, "states exporters #runs"]  # [i, n, r]: see `sim.kernel.exports`
Pairwise = Float[Any, "dyads #runs"]  # [p, r]: one row for each directed rival dyad
Rivalwise = Float[Any, "rival_dyads #runs"]  # [c, r]: one row for each unordered rival dyad
Grantwise = Float[Any, "grants #runs"]
Memberwise = Float[Any, "states blocs #runs"]  # [i, b, r]
Blocwise = Float[Any, "blocs #runs"]
Holdings = Float[Any, "states systems #runs"]
Mask = Bool[Any, "..."]
Index = Int[Any, "..."]

Operation = TypeVar("Operation", bound=Callable[..., Any])
Record = TypeVar("Record", bound=Any)

NONE = -1  # in arrays of indices: an empty entry
TINY = 1e-12
WIDE = 1024  # numbers in a row from which on groups of rows are reduced one by one
LEAST_ODDS = -700.0  # log odds; exp(700) is still finite
DUST = 1e-6  # million USD: one dollar


def logistic(x: Any) -> Any:
    """Return 1 / (1 + exp(-x)), 0 to 1, without overflow."""
    return 1.0 / (1.0 + np.exp(-np.maximum(x, LEAST_ODDS)))  # tanh takes four times as long


def share(part: Any, whole: Any, *, nothing: float) -> Any:
    """Return part / whole, and the limit `nothing` where the whole is zero."""
    empty = whole == 0
    if type(empty) is np.ndarray and not empty.any():  # four times faster
        return part / whole
    return np.where(empty, nothing, part / np.where(empty, 1.0, whole))


def idle(*masks: Any) -> bool:
    """Return whether all masks are false, or all numbers zero, in every run of a block.

    A step may then leave out work that would change nothing. False for arrays that are traced.
    """
    return all(type(mask) is np.ndarray and not mask.any() for mask in masks)


def chance(rate: Any, dt: float) -> Any:
    """Return the probability, 0 to 1, that an event of this yearly rate happens in dt years."""
    return -np.expm1(-rate * dt)


def added(terms: Mapping[str, Any]) -> Any:
    """Return the sum of the terms of a decision."""
    first, *others = terms.values()
    return sum(others, first)


def operation(function: Operation) -> Operation:
    """Return a function that arrays of other kinds can override by `__array_function__`.

    numpy's own functions work in the same way; see NEP 18.
    """

    @wraps(function)
    def operated(*given: Any, **options: Any) -> Any:
        for each in given:
            if type(each) is np.ndarray:
                continue
            for one in each if type(each) is tuple else (each,):
                kind = type(one)
                if hasattr(kind, "__array_function__") and not issubclass(kind, np.ndarray):
                    return one.__array_function__(operated, (kind,), given, options)
        return function(*given, **options)

    return operated  # type: ignore[return-value]


def stacked(first: Record, second: Record) -> Record:
    """Return the rows of two records of arrays as one record."""
    names = [each.name for each in fields(first)]
    rows = {n: np.concatenate([getattr(first, n), getattr(second, n)]) for n in names}
    made: Record = type(first)(**rows)
    return made


@operation
def pick(table: Any, *index: Any) -> Any:
    """Return `table[index[..., r], r]`: for each run the entry that the index of that run names.

    There is one index for each axis of the table except the last. Table and indices have a runs
    axis, which may have length 1. An index of -1 reads some entry, which the caller has to mask.
    """
    runs = table.shape[-1]
    if runs == 1:
        return table.reshape(-1).take(_cell(table.shape[:-1], index))
    if all(each.shape[-1] == 1 for each in index):
        return table.reshape(-1, runs)[_cell(table.shape[:-1], index)[..., 0]]
    return table.reshape(-1).take(_cell_by_run(table.shape, index))


@operation
def put(array: Any, index: Any, values: Any, *, inplace: bool = False) -> Any:
    """Return a copy of the array with `values` at `index`; the array itself if `inplace`.

    The index is the same in all runs. `inplace` is for arrays that only the caller uses.
    """
    copy = array if inplace else array.copy()
    copy[index] = values
    return copy


@operation
def put_at(array: Any, index: tuple[Any, ...], values: Any) -> Any:
    """Return a copy of the array (*size, runs) with `values` at cells that differ from run to run.

    `index` holds one array (..., runs) for each axis of `size`; its last axis may have length 1.
    Together the arrays broadcast to the shape of `values`. No cell of a run may occur twice.
    """
    copy = array.copy()
    copy.reshape(-1)[_cell_by_run(array.shape, index)] = values
    return copy


@operation
def put_where(array: Any, row: Any, values: Any, where: Any, *, inplace: bool = False) -> Any:
    """Return a copy of the array (rows, runs) with `values` at `row`, where `where` is true.

    Row, values and mask have the shape (n, runs). No row of a run may occur twice.
    """
    copy = array if inplace else array.copy()
    n, run = np.nonzero(where)
    copy[row[n, run], run] = values[n, run]
    return copy


@operation
def put_rows(array: Any, first: Any, values: Any, *, inplace: bool = False) -> Any:
    """Return a copy of the array (rows, runs) with `values` (n, runs) from row `first` on."""
    copy = array if inplace else array.copy()
    copy[first : first + values.shape[0]] = values
    return copy


@operation
def true_rows(mask: Any) -> Any:
    """Return for each run the rows in which `mask` (rows, runs) is true, in order: (most, runs).

    `most` is the largest count of a run; the rest of a column is NONE.
    """
    runs = mask.shape[-1]
    run, row = np.divmod(np.flatnonzero(mask.T), mask.shape[0])
    count = np.bincount(run, minlength=runs)
    place = np.arange(run.size) - np.repeat(np.cumsum(count) - count, count)
    rows = np.full((count.max(initial=0), runs), NONE)
    rows[place, run] = row
    return rows


@operation
def scatter(size: tuple[int, ...], index: tuple[Any, ...], *values: Any) -> list[Any]:
    """Return arrays (*size, runs) of the sums of `values` (n, runs) at the cells of `index`.

    `index` holds one array (n, runs) or (n, 1) for each axis of `size`. Values are added in the
    order of n, so that sums do not depend on the number of runs.
    """
    runs = values[0].shape[-1]
    if values[0].size == 0:  # bincount would count
        return [np.zeros((*size, runs)) for _ in values]
    cell = _cell_by_run((*size, runs), index)
    if cell.shape != values[0].shape:
        cell = np.broadcast_to(cell, values[0].shape)
    cell, total = cell.ravel(), prod(size) * runs
    sums = (np.bincount(cell, weights=each.ravel(), minlength=total) for each in values)
    return [each.reshape(*size, runs) for each in sums]


@operation
def added_at(array: Any, index: tuple[Any, ...], values: Any) -> Any:
    """Return `array`, (*size, runs), with `values` added as in `scatter`.

    It may be changed in place, so that only the caller may use it.
    """
    cell = _cell_by_run(array.shape, index)
    if cell.shape != values.shape:
        cell = np.broadcast_to(cell, values.shape)
    flat = array.reshape(-1)  # a copy, if rows of the array are not in order
    np.add.at(flat, cell.ravel(), values.ravel())
    return flat.reshape(array.shape)


@operation
def highest(there: Any, open_: Any, own: Any, common: Any, group: Any) -> tuple[Any, Any]:
    """Return the open entry of the highest value in each row and run, and its value.

    An entry's value is `own` (rows, entries, runs) plus that of its `group` (entries,) in `common`
    (rows, groups, runs). Where `there` (rows, runs) is false, they are NONE and -inf; where no
    entry is open, the value is -inf.
    """
    row, run = np.nonzero(there)
    values = own[row, :, run] + common[row, :, run][:, group]
    values = np.where(open_[row, :, run], values, -np.inf)
    entry, value = np.full(there.shape, NONE), np.full(there.shape, -np.inf)
    entry[row, run] = best = values.argmax(axis=1)
    value[row, run] = values[np.arange(row.size), best]
    return entry, value


@operation
def ranked(values: Any, axis: int) -> Any:
    """Return the values in ascending order along an axis before the runs."""
    return np.sort(values, axis=axis)


def _cell(size: tuple[int, ...], index: tuple[Any, ...]) -> Any:
    """Return the position of a cell in a flattened table of this size."""
    cell = index[0]
    for axis, length in enumerate(size[1:], start=1):
        cell = cell * length + index[axis]
    return cell


def _cell_by_run(shape: tuple[int, ...], index: tuple[Any, ...]) -> Any:
    """Return the position of a cell of each run in a flattened table (*size, runs)."""
    step = shape[-1]
    cell = _numbers(step)
    for length, each in zip(reversed(shape[:-1]), reversed(index), strict=True):
        part = each * step
        fits = part.shape[-1] == shape[-1] and (cell.ndim == 1 or part.shape == cell.shape)
        cell = np.add(part, cell, out=part if fits and part.dtype == cell.dtype else None)
        step *= length
    return cell


@lru_cache(maxsize=8)
def _numbers(count: int) -> Any:
    """Return 0 to `count` - 1, not to be written into."""
    return np.arange(count)


@operation
def contract(left: Any, right: Any) -> Any:
    """Return sum over k of left[i, k, r] right[k, j, r], runs as the leading batch axis."""
    a = np.ascontiguousarray(left.transpose(2, 0, 1))
    b = a if right is left else np.ascontiguousarray(right.transpose(2, 0, 1))
    with np.errstate(all="ignore"):  # some BLAS libraries set error flags without cause
        product = np.matmul(a, b)
    return np.ascontiguousarray(product.transpose(1, 2, 0))


@dataclass(frozen=True, eq=False)
class Groups:
    """Rows that belong to groups, such as the assets of a state or the rivals of a state.

    Rows are arranged by their position in the group, largest group first, so that the k-th members
    of all groups are added in one operation, always in the same order. Wide rows that are sorted by
    group are added without being moved, in the same order.
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
        """Return where groups begin and end, if rows are sorted by group and no group is empty."""
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

    @operation
    def sum(self, values: Any) -> Any:
        """Return the sum over the rows of each group, zero for an empty one."""
        return self._reduce(values, np.add)

    @operation
    def product(self, values: Any) -> Any:
        """Return the product over the rows of each group, one for an empty one."""
        found = self._reduce(values, np.multiply)
        return put(found, np.bincount(self.index, minlength=self.size) == 0, 1.0, inplace=True)

    @operation
    def max(self, values: Any) -> Any:
        """Return the largest row of each group, or zero if it is empty or all are below zero."""
        return np.maximum(self._reduce(values, np.maximum), 0)


def quantile(ranked: np.ndarray, share: float) -> np.ndarray:
    """Return a quantile over the last axis, interpolated linearly between order statistics.

    `ranked` is in ascending order and may hold infinite values; `share` is between 0 and 1.
    """
    place = share * (ranked.shape[-1] - 1)
    below = int(place)
    low, part = ranked[..., below], place - below
    if part == 0:
        return low
    high = ranked[..., below + 1]
    with np.errstate(invalid="ignore"):  # between two infinite values
        return np.where(low == high, low, low + (high - low) * part)

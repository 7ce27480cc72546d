"""Operations: functions of numpy and of the kernel, traced for arrays that differ by run.

Laws, steps and metrics may use these, operators, the functions in `graph.ELEMENTWISE`, and
fixed indices of the layout, and no others. `docs/engine.md` has the same list.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from sim.engine.keys import cell_of, row_key, rows_at
from sim.engine.refusal import untraceable
from sim.engine.symbols import RUNS, Shared, Symbol, Traced, Tracer
from sim.kernel import arrays
from sim.kernel.arrays import NONE, Groups


def where(tracer: Tracer, condition: Any, yes: Any, no: Any) -> Traced:
    """Return `yes` where the condition is true, else `no`."""
    return tracer.elementwise("where", [condition, yes, no])


def clip(tracer: Tracer, value: Any, low: Any, high: Any) -> Traced:
    """Return numbers within bounds."""
    return tracer.elementwise("minimum", [tracer.elementwise("maximum", [value, low]), high])


def zeros_like(tracer: Tracer, value: Traced, **known: Any) -> np.ndarray:
    """Return zeros, the same in all runs."""
    del tracer
    return np.zeros(value.shape, dtype=known.get("dtype", value.dtype))


def broadcast_to(tracer: Tracer, value: Traced, shape: Sequence[int]) -> Traced:
    """Return the rows repeated to a shape."""
    del tracer
    if shape[-1] != RUNS:
        untraceable("broadcast_to without a runs axis")
    rows = np.arange(value.node.count).reshape(value.node.rows)
    return value.rows(np.broadcast_to(rows, shape[:-1]))


def moveaxis(tracer: Tracer, value: Traced, source: int, target: int) -> Traced:
    """Return the rows in another order of axes."""
    del tracer
    source, target = source % value.ndim, target % value.ndim
    if value.ndim - 1 in (source, target):
        untraceable("moveaxis of the runs")
    rows = np.arange(value.node.count).reshape(value.node.rows)
    return value.rows(np.moveaxis(rows, source, target))


def concatenate(tracer: Tracer, arrays: Sequence[Any], axis: int = 0) -> Traced:
    """Return arrays joined along an axis."""
    nodes = [tracer.operand(each) for each in arrays]
    dtype = np.result_type(*(node.dtype for node in nodes))
    nodes = [tracer.cast(node, dtype) for node in nodes]
    if any(node.length is not None for node in nodes):
        untraceable("concatenate of a list whose length is not known")
    lengths = [node.rows[axis] for node in nodes]
    rows = list(nodes[0].rows)
    rows[axis] = sum(lengths)
    table = np.arange(int(np.prod(rows))).reshape(rows)
    parts = np.split(table, np.cumsum(lengths)[:-1], axis=axis)
    places = tuple(tuple(part.reshape(-1).tolist()) for part in parts)
    return tracer.traced("join", nodes, tuple(rows), dtype, places=places)


def stack(tracer: Tracer, arrays: Sequence[Any], axis: int = 0) -> Traced:
    """Return arrays joined along a new axis."""
    nodes = [tracer.operand(each) for each in arrays]
    rows = np.broadcast_shapes(*(node.rows for node in nodes))
    axis %= len(rows) + 2

    def raised(value: Any, node: Any) -> Any:
        if isinstance(value, Traced):
            value = broadcast_to(tracer, value, (*rows, RUNS))
            return value.rows(np.expand_dims(np.arange(value.node.count).reshape(rows), axis))
        if isinstance(value, Shared):
            value = tracer.shared(np.broadcast_to, value, (*rows, value.shape[-1]))
            return tracer.shared(np.expand_dims, value, axis)
        del node
        return np.expand_dims(np.broadcast_to(value, (*rows, np.shape(value)[-1])), axis)

    return concatenate(tracer, [raised(v, n) for v, n in zip(arrays, nodes, strict=True)], axis)


def reduction(how: str) -> Callable[..., Traced]:
    """Return a reduction over an axis before the runs."""

    def reduced(tracer: Tracer, value: Traced, axis: Any = None) -> Traced:
        del tracer
        return value.reduced(how, axis)

    return reduced


def pick(tracer: Tracer, table: Any, *index: Any) -> Any:
    """Return for each run the entry that the index of that run names."""
    cell = cell_of(table.shape[:-1], index)
    base = tracer.operand(table)
    if not isinstance(cell, Traced):  # the same index in all runs
        cell = cell[..., 0]
        if not isinstance(table, Traced):
            return tracer.shared(arrays.pick, table, *index)
        return table.rows_of(cell) if isinstance(cell, Shared) else table.rows(np.asarray(cell))
    cell = _some(tracer, cell)
    return tracer.traced("pick", (base, cell.node), cell.node.rows, base.dtype)


def _some(tracer: Tracer, cell: Traced) -> Traced:
    """Return cells with NONE replaced by the first cell; the caller masks these."""
    node = cell.node
    known = node.given.get("function") == "maximum" or node.given.get("how") == "argmax"
    return cell if known else tracer.elementwise("maximum", [cell, 0])


def put(tracer: Tracer, array: Any, index: Any, values: Any, *, inplace: bool = False) -> Traced:
    """Return the array with `values` in rows that are fixed or computed by the prologue."""
    del inplace
    base = tracer.operand(array)
    part = row_key(index, len(array.shape))
    if any(isinstance(each, Shared) for each in part):
        places: Any = tracer.shared(rows_at, base.rows, part)
    else:
        places = rows_at(base.rows, part)
    return _put(tracer, array, places, values)


def _put(tracer: Tracer, array: Any, places: Any, values: Any) -> Traced:
    base, value = (tracer.operand(each) for each in (array, values))
    value = tracer.cast(value, base.dtype)
    if not places.size:
        return Traced(tracer, base)
    if isinstance(places, Shared):
        pin = tracer.pin(places, places.shape)
        return tracer.traced(
            "place", (base, value, pin), base.rows, base.dtype, over=places.shape, places=None
        )
    return tracer.traced(
        "place", (base, value), base.rows, base.dtype, over=places.shape, places=places.reshape(-1)
    )


def put_rows(tracer: Tracer, array: Any, first: Any, values: Any, *, inplace: bool = False) -> Any:
    """Return the array with values in the rows from `first` on."""
    del inplace
    if not isinstance(array, Traced):
        return array  # a column that is equal in all runs is complete from the start
    count = len(values)
    places = first + np.arange(count)
    return _put(tracer, array, places, values)


def put_at(tracer: Tracer, array: Any, index: Any, values: Any, *, inplace: bool = False) -> Traced:
    """Return the array with `values` at cells that differ by run."""
    del inplace
    return _changed_at(tracer, array, index, values, "set")


def added_at(tracer: Tracer, array: Any, index: Any, values: Any) -> Traced:
    """Return the array with `values` added at cells that differ by run, in order."""
    return _changed_at(tracer, array, index, values, "add")


def put_where(
    tracer: Tracer, array: Any, row: Any, values: Any, there: Any, *, inplace: bool = False
) -> Traced:
    """Return the array with `values` in a row of each run, where `where` is true."""
    del inplace
    return _changed_at(tracer, array, (row,), values, "set", there)


def _changed_at(
    tracer: Tracer, array: Any, index: Any, values: Any, how: str, there: Any = None
) -> Traced:
    index = index if isinstance(index, tuple) else (index,)
    base = tracer.operand(array)
    cell = cell_of(base.rows, index)
    if there is not None:
        cell = _some(tracer, cell)
    cell = tracer.operand(cell)
    value = tracer.cast(tracer.operand(values), base.dtype)
    args = [base, tracer.cast(cell, np.int64), value]
    if there is not None:
        args.append(tracer.cast(tracer.operand(there), np.bool_))
    over = np.broadcast_shapes(*(each.rows for each in args[1:]))
    return Traced(
        tracer,
        tracer.graph.add("place_at", args, base.rows, base.dtype, over=over, how=how),
    )


def scatter(tracer: Tracer, size: tuple[int, ...], index: Any, *values: Any) -> list[Traced]:
    """Return tables of the sums of values at the cells of `index`."""
    return [added_at(tracer, np.zeros((*size, RUNS)), index, each) for each in values]


def contract(tracer: Tracer, left: Traced, right: Traced) -> Traced:
    """Return the sum over k of left[i, k] right[k, j]."""
    rows = left.node.rows[0], right.node.rows[1]
    return tracer.traced("contract", (left.node, right.node), rows, np.float64)


def highest(
    tracer: Tracer, there: Any, open_: Any, own: Any, common: Any, group: Any
) -> tuple[Traced, Traced]:
    """Return the open entry of the highest value in each row and run, and its value."""
    value = where(tracer, open_, own + common[:, group], -np.inf)
    entry = where(tracer, there, value.reduced("argmax", 1), NONE)
    return entry, where(tracer, there, value.reduced("max", 1), -np.inf)


def ranked(tracer: Tracer, value: Traced, axis: int) -> Traced:
    """Return the numbers in ascending order along an axis."""
    if value.dtype.kind != "f":
        untraceable(f"ranked numbers of type {value.dtype}")
    return tracer.traced("rank", (value.node,), value.node.rows, value.dtype, axis=axis)


def true_rows(tracer: Tracer, mask: Traced, until: Any = None) -> Traced:
    """Return the rows that are true in each run: a list whose length is known at run time."""
    node = tracer.cast(mask.node, np.bool_)
    args = [node]
    if isinstance(until, Shared):
        args.append(tracer.pin(tracer.shared(np.asarray, until), ()))
    rows = tracer.graph.add("true_rows", args, (node.count,), np.int64)
    length = tracer.graph.add("length", (rows,), (), np.int64, by_run=False)
    whole = np.arange(node.count)
    return Traced(
        tracer,
        tracer.graph.add("rows", (rows,), (node.count,), np.int64, length=length, index=whole),
    )


def grouped(how: str) -> Callable[..., Any]:
    """Return a reduction over the rows of each group."""

    def reduced(tracer: Tracer, groups: Groups, values: Any) -> Any:
        node = tracer.operand(values)
        if node.dtype.kind == "b" or (how == "product" and node.dtype.kind != "f"):
            untraceable(f"the {how} of groups of type {node.dtype}")
        rest = node.rows[1:]
        step = int(np.prod(rest))
        table = np.arange(node.count).reshape(node.rows[0], step)
        by_group = np.argsort(groups.index, kind="stable")
        count = np.bincount(groups.index, minlength=groups.size)
        members = [table[rows].T.reshape(-1) for rows in np.split(by_group, np.cumsum(count)[:-1])]
        ends = np.concatenate([[0], np.cumsum(np.repeat(count, step))])
        joined = np.concatenate([np.zeros(0, dtype=np.int64), *members])
        return tracer.traced(
            "group", (node,), (groups.size, *rest), node.dtype,
            how=how, ends=ends, members=joined,
        )  # fmt: skip

    return reduced


def _shape(tracer: Tracer, value: Symbol) -> Any:
    del tracer
    return value.shape


def _ndim(tracer: Tracer, value: Symbol) -> Any:
    del tracer
    return value.ndim


FUNCTIONS: Mapping[Any, Callable[..., Any]] = {
    np.where: where,
    np.clip: clip,
    np.zeros_like: zeros_like,
    np.broadcast_to: broadcast_to,
    np.moveaxis: moveaxis,
    np.concatenate: concatenate,
    np.stack: stack,
    np.sum: reduction("sum"),
    np.max: reduction("max"),
    np.min: reduction("min"),
    np.any: reduction("any"),
    np.all: reduction("all"),
    np.argmax: reduction("argmax"),
    np.shape: _shape,
    np.ndim: _ndim,
    arrays.pick: pick,
    arrays.put: put,
    arrays.put_rows: put_rows,
    arrays.put_at: put_at,
    arrays.put_where: put_where,
    arrays.added_at: added_at,
    arrays.scatter: scatter,
    arrays.contract: contract,
    arrays.highest: highest,
    arrays.ranked: ranked,
    arrays.true_rows: true_rows,
    Groups.sum: grouped("sum"),
    Groups.product: grouped("product"),
    Groups.max: grouped("max"),
}

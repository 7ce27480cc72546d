"""Loops: for each kind of node with memory, the loop over its rows that computes it."""

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from math import prod
from typing import Any

import numpy as np

from sim.engine.assembly import Function, kind
from sim.engine.graph import GraphNode, spread
from sim.engine.vectors import Vectors

WHOLE = 32  # rows and columns up to which a table is multiplied as a whole
TILE = 64, 32  # rows and columns of a tile of the right table: at most 256 kB
SUMS = 128  # numbers of a patch, whose sums are in registers


def fused_loop(e: Vectors, f: Function, *bundle: GraphNode) -> None:
    """Write a loop that computes nodes from their arguments and from one another."""
    node = bundle[0]
    if not node.count:
        return
    rows = np.arange(node.count)
    with f.loop(e.trip(f, node)) as at, e.demanded(f, node, at):
        for each in bundle:
            value = _own(e, f, each, rows, at)
            e.put(f, each, value, at)


def _own(e: Vectors, f: Function, node: GraphNode, rows: np.ndarray, at: str) -> str:
    """Return the value of a node in its own loop, before it is in memory."""
    e.plan.fused.add(node.number)
    value = e.value(f, node, rows, at)
    e.plan.fused.discard(node.number)
    return value


def reduce_loop(e: Vectors, f: Function, node: GraphNode) -> None:
    """Write a reduction over an axis, in the order of its rows."""
    (arg,), axis, how = node.args, node.given["axis"], node.given["how"]
    length = arg.rows[axis]
    table = np.moveaxis(np.arange(arg.count).reshape(arg.rows), axis, -1).reshape(-1, length)
    if not table.size:
        return
    lists = arg.length is not None
    vector, mask, wide = f.vector(arg.dtype), f.vector(np.bool_), f.vector(np.int64)
    offset = 0 if lists else 1  # the first row of a non-empty axis is the first total
    rest = table[:, offset:].reshape(-1)
    with f.loop(len(table)) as o, e.demanded(f, node, o):
        first = f.all_lanes(arg.dtype, 0) if lists else e.value(f, arg, table[:, 0], o)
        place = f.do(f"mul i64 {o}, {length - offset}")
        trip: int | str = e.trip(f, arg) if lists else length - 1
        firsts = [(vector, first), *([(wide, "zeroinitializer")] * (how == "argmax"))]
        with f.fold(0, trip, firsts) as (k, totals):
            value = e.value(f, arg, rest, f.do(f"add i64 {place}, {k}"))
            if how == "argmax":
                total, best = totals
                wins = f.do(f"fcmp ogt {vector} {value}, {total}")
                here = f.splat(np.int64, f.do(f"add i64 {k}, 1"))
                totals[0] = f.do(f"select {mask} {wins}, {vector} {value}, {vector} {total}")
                totals[1] = f.do(f"select {mask} {wins}, {wide} {here}, {wide} {best}")
            else:
                totals[0] = _folded(f, how, arg.dtype, totals[0], value)
        e.put(f, node, totals[-1], o)


def _folded(f: Function, how: str, dtype: Any, total: str, value: str) -> str:
    """Return a total after one more value."""
    vector = f.vector(dtype)
    if how == "any":
        return f.do(f"or {vector} {total}, {value}")
    if how == "all":
        return f.do(f"and {vector} {total}, {value}")
    if how == "sum":
        return f.do(f"{'fadd' if dtype.kind == 'f' else 'add'} {vector} {total}, {value}")
    if how == "product":
        return f.do(f"fmul {vector} {total}, {value}")
    order = "ugt" if how == "max" else "ult"
    whole = f"icmp {'s' if dtype.kind == 'i' else 'u'}{order[1:]}"
    compared = f"fcmp {order}" if dtype.kind == "f" else whole
    wins = f.do(f"{compared} {vector} {value}, {total}")
    return f.do(f"select {f.vector(np.bool_)} {wins}, {vector} {value}, {vector} {total}")


def group_loop(e: Vectors, f: Function, node: GraphNode) -> None:
    """Write a reduction over the rows of each group, in their order."""
    (arg,), how = node.args, node.given["how"]
    ends, members = node.given["ends"], node.given["members"]
    first = 1.0 if how == "product" else 0.0
    vector = f.vector(node.dtype)
    if not node.count:
        return
    table = e.table(ends.astype(np.int64))
    with f.loop(node.count) as o, e.demanded(f, node, o):
        start = f.do(f"load i64, ptr {f.at(table, 'i64', o)}")
        stop = f.do(f"load i64, ptr {f.at(table, 'i64', f.do(f'add i64 {o}, 1'))}")
        with f.fold(start, stop, [(vector, f.all_lanes(node.dtype, first))]) as (k, totals):
            totals[0] = _folded(f, how, node.dtype, totals[0], e.value(f, arg, members, k))
        e.put(f, node, totals[0], o)


def join_loop(e: Vectors, f: Function, node: GraphNode) -> None:
    """Write arrays one after another."""
    for arg, places in zip(node.args, node.given["places"], strict=True):
        if arg.count:
            to = np.array(places, dtype=np.int64)
            with f.loop(arg.count) as at, e.demanded(f, node, at, to):
                value = e.value(f, arg, np.arange(arg.count), at)
                e.put(f, node, value, e.row(f, to, at))


def _base(e: Vectors, f: Function, node: GraphNode) -> str:
    """Copy the base of an update to the place of the result, if needed; return that place."""
    base, out = node.args[0], e.plan.names[node.number]
    if e.plan.names.get(base.number) != out:
        with f.loop(node.count) as at:
            e.store(f, out, e.value(f, base, np.arange(node.count), at), node.dtype, at)
    return out


def place_loop(e: Vectors, f: Function, node: GraphNode) -> None:
    """Write values into some rows of a table."""
    out = _base(e, f, node)
    over = node.given["over"]
    rows = np.arange(prod(over))
    with f.loop(rows.size) as at:
        value = e.value(f, node.args[1], spread(node.args[1], over), at)
        if node.given["places"] is None:
            row = e.scalar(f, node.args[2], e.row(f, rows, at))
        else:
            row = e.row(f, node.given["places"], at)
        e.store(f, out, value, node.dtype, row)


def place_at_loop(e: Vectors, f: Function, node: GraphNode) -> None:
    """Write values into cells that differ by run, or add them to these cells, in order."""
    out, over = _base(e, f, node), node.given["over"]
    _, cell, values, *there = node.args
    held = e.plan.memory.places[out].dtype
    element, vector = kind(held), f.vector(held)
    wide, mask = f.vector(np.int64), f.vector(np.bool_)
    lengths = [arg.length for arg in node.args[1:] if arg.length is not None]
    trip: int | str = prod(over)
    if lengths:
        trip = e.length(f, lengths[0])
    pointer = f.pointer(out)
    if not prod(over):
        return
    with f.loop(trip) as at:
        index = e.in_lanes(f, e.value(f, cell, spread(cell, over), at))
        value = e.value(f, values, spread(values, over), at)
        new = e.narrowed(f, value, values.dtype, held)
        if there or node.given["how"] == "add":
            old = f.do(f"call {vector} @gather.{element}(ptr {pointer}, {wide} {index})")
            if there:
                chosen = e.value(f, there[0], spread(there[0], over), at)
                new = f.do(f"select {mask} {chosen}, {vector} {new}, {vector} {old}")
            else:
                new = f.do(f"fadd {vector} {old}, {new}")
        f.write(f"call void @scatter.{element}(ptr {pointer}, {wide} {index}, {vector} {new})")


def contract_loop(e: Vectors, f: Function, *bundle: GraphNode) -> None:
    """Write the sums over k of left[i, k] right[k, j], of products that read the same tables.

    Large tables are multiplied tile by tile, so that a tile stays in the cache while it is used.
    Within a sum the order is always that of k.
    """
    height, width = bundle[0].rows
    size = bundle[0].args[0].rows[1]
    depth, breadth = TILE if max(size, width) > WHOLE else (size, width)
    tall, wide = _patch_of(SUMS // (f.lanes * len(bundle)))
    for k in range(0, size, depth):
        inner = range(k, min(k + depth, size))
        for j in range(0, width, breadth):
            columns = range(j, min(j + breadth, width))
            for rows in _parts(range(height), tall):
                with f.loop(len(rows)) as at:
                    row = _stepped(f, rows, at)
                    for some in _parts(columns, wide):
                        with f.loop(len(some)) as to:
                            cells = _cells(f, row, rows.step, _stepped(f, some, to), some.step)
                            _patch(e, f, bundle, cells, inner)


def _patch_of(cells: int) -> tuple[int, int]:
    """Return the rows and columns of a patch of at most so many cells, or of one cell."""
    tall = 1 << max(cells, 1).bit_length() // 2
    return tall, max(cells // tall, 1)


def _parts(whole: range, step: int) -> list[range]:
    """Return a range in steps, and apart from these what is left over, one by one."""
    middle = whole.start + len(whole) // step * step
    parts = range(whole.start, middle, step), range(middle, whole.stop)
    return [part for part in parts if len(part)]


def _stepped(f: Function, part: range, at: str) -> str:
    """Return the element of a range in round `at` of a loop over it."""
    return f.do(f"add i64 {f.do(f'mul i64 {at}, {part.step}')}, {part.start}")


def _cells(f: Function, row: str, height: int, column: str, width: int) -> tuple[list[str], ...]:
    """Return the rows and the columns of a patch that begins at a row and a column."""
    return (
        [f.do(f"add i64 {row}, {n}") for n in range(height)],
        [f.do(f"add i64 {column}, {n}") for n in range(width)],
    )


def _patch(
    e: Vectors,
    f: Function,
    bundle: Sequence[GraphNode],
    cells: tuple[list[str], ...],
    inner: range,
) -> None:
    """Add to the sums of a few rows and columns the products of some k, one after another."""
    size, width = bundle[0].args[0].rows[1], bundle[0].rows[1]
    vector, (rows, columns) = f.vector(np.float64), cells
    starts = [f.do(f"mul i64 {row}, {size}") for row in rows]
    places = [
        f.do(f"add i64 {f.do(f'mul i64 {row}, {width}')}, {column}")
        for row in rows
        for column in columns
    ]
    sums = list(product(bundle, places))
    if inner.start:
        firsts = [e.read(f, node, place) for node, place in sums]
    else:
        firsts = ["zeroinitializer"] * len(sums)
    with f.fold(inner.start, inner.stop, [(vector, first) for first in firsts]) as (k, totals):
        at = f.do(f"mul i64 {k}, {width}")
        right = [f.do(f"add i64 {at}, {column}") for column in columns]
        left = [f.do(f"add i64 {start}, {k}") for start in starts]
        for n, (node, x, y) in enumerate(product(bundle, left, right)):
            totals[n] = f.do(f"fadd {vector} {totals[n]}, {_times(e, f, node.args, (x, y))}")
    for total, (node, place) in zip(totals, sums, strict=True):
        e.store(f, e.plan.names[node.number], total, node.dtype, place)


def _times(e: Vectors, f: Function, tables: Sequence[GraphNode], rows: tuple[str, str]) -> str:
    """Return the product of a row of one table and a row of another.

    The product of sizes is the size of the product, which another sum may need.
    """
    key = *(table.number for table in tables), *rows
    if key not in f.known:
        absolute = [table.given.get("function") == "absolute" for table in tables]
        if all(absolute) and all(table.number in e.plan.fused for table in tables):
            made = _times(e, f, [table.args[0] for table in tables], rows)
            f.known[key] = e.computed(f, tables[0], [made])
        else:
            x, y = (e.cell(f, *each) for each in zip(tables, rows, strict=True))
            f.known[key] = f.do(f"fmul {f.vector(np.float64)} {x}, {y}")
    return f.known[key]


def rank_loop(e: Vectors, f: Function, node: GraphNode) -> None:
    """Write an odd-even transposition sort, for few numbers."""
    (arg,), axis = node.args, node.given["axis"]
    length = node.rows[axis]
    out, vector, mask = e.plan.names[node.number], f.vector(node.dtype), f.vector(np.bool_)
    with f.loop(node.count) as at:
        e.store(f, out, e.value(f, arg, np.arange(node.count), at), node.dtype, at)
    table = np.moveaxis(np.arange(node.count).reshape(node.rows), axis, -1).reshape(-1, length)
    place = e.plan.memory.places[out]
    for turn in range(length):
        first = table[:, turn % 2 : length - 1 : 2].reshape(-1)
        second = table[:, turn % 2 + 1 : length : 2].reshape(-1)
        if not first.size:
            continue
        with f.loop(first.size) as at:
            rows = [e.row(f, each, at) for each in (first, second)]
            start = [f.do(f"mul i64 {row}, {f.lanes}") for row in rows]
            points = [f.at(f.pointer(out), kind(place.dtype), s) for s in start]
            a, b = (f.do(f"load {vector}, ptr {p}, align 64") for p in points)
            less = f.do(f"fcmp olt {vector} {b}, {a}")
            low = f.do(f"select {mask} {less}, {vector} {b}, {vector} {a}")
            high = f.do(f"select {mask} {less}, {vector} {a}, {vector} {b}")
            for value, point in ((low, points[0]), (high, points[1])):
                f.write(f"store {vector} {value}, ptr {point}, align 64")


def true_rows_loop(e: Vectors, f: Function, node: GraphNode) -> None:
    """Write the list of rows that are true, by run, and after it the greatest length of a run."""
    mask = node.args[0]
    out = e.plan.names[node.number]
    pointer = f.pointer(out)
    wide, bits = f.vector(np.int64), f.vector(np.bool_)
    trip: int | str = mask.count
    if len(node.args) > 1:
        trip = e.scalar(f, node.args[1], "0")
    counts = f.at(pointer, "i64", str(node.count * f.lanes + 8))
    f.write(f"store {wide} zeroinitializer, ptr {counts}, align 64")
    with f.loop(trip) as at:
        true = e.value(f, mask, np.arange(mask.count), at)
        packed = f.do(f"bitcast {bits} {true} to i{f.lanes}")
        with f.branch(f.do(f"icmp ne i{f.lanes} {packed}, 0")):
            count = f.do(f"load {wide}, ptr {counts}, align 64")
            index = e.in_lanes(f, count)
            row = f.splat(np.int64, at)
            f.write(f"call void @scatter.i64(ptr {pointer}, {wide} {index}, {wide} {row})")
            more = f.do(f"zext {bits} {true} to {wide}")
            f.write(f"store {wide} {f.do(f'add {wide} {count}, {more}')}, ptr {counts}, align 64")
    count = f.do(f"load {wide}, ptr {counts}, align 64")
    most = f.do(f"call i64 @llvm.vector.reduce.smax.v{f.lanes}i64({wide} {count})")
    f.write(f"store i64 {most}, ptr {f.at(pointer, 'i64', str(node.count * f.lanes))}")
    with f.loop(most) as at:
        start = f.at(pointer, "i64", f.do(f"mul i64 {at}, {f.lanes}"))
        row = f.do(f"load {wide}, ptr {start}, align 64")
        there = f.do(f"icmp slt {wide} {f.splat(np.int64, at)}, {count}")
        none = f.all_lanes(np.int64, -1)
        kept = f.do(f"select {bits} {there}, {wide} {row}, {wide} {none}")
        f.write(f"store {wide} {kept}, ptr {start}, align 64")


LOOPS: Mapping[str, Callable[..., None]] = {
    "reduce": reduce_loop,
    "group": group_loop,
    "join": join_loop,
    "place": place_loop,
    "place_at": place_at_loop,
    "contract": contract_loop,
    "rank": rank_loop,
    "true_rows": true_rows_loop,
}

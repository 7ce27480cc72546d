"""Vectors: the value of a node in one round of a loop, a vector with a number for each run.

Fused nodes are computed where they are read; the others are read from memory. Arithmetic is IEEE
754 in a fixed order, and exp, log, cos are written out (`functions`), so that the bytes of a result
do not depend on the processor, the number of lanes or LLVM's version.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from sim.engine.assembly import Function, kind, literal
from sim.engine.graph import GraphNode, spread
from sim.engine.instructions import divided, instruction
from sim.engine.plan import CHECK, Plan

UNCACHED = 1 << 20  # bytes of a table that may not be in the cache
AHEAD = 8  # rounds before it is read in which a scattered row of such a table is asked for
FAR = 3  # rows from one that is read to the next, if they are scattered


class Vectors:
    """Writes the values of the nodes of a plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.lanes = plan, plan.memory.lanes
        self.tables: dict[tuple[str, bytes], str] = {}
        self.data: list[str] = []

    def value(self, f: Function, node: GraphNode, rows: np.ndarray, at: str) -> str:
        """Return the vector of a node in round `at` of a loop that reads these rows in turn."""
        key = node.number, rows.tobytes(), at
        if key not in f.known:
            f.known[key] = self._value(f, node, rows, at)
        return f.known[key]

    def _value(self, f: Function, node: GraphNode, rows: np.ndarray, at: str) -> str:
        if node.op == "constant":
            return self._fixed(f, node, rows, at)
        if node.number not in self.plan.fused:
            row = self.row(f, rows, at)
            if node.by_run:
                self._ask(f, node, rows, at)
            return self.read(f, node, row)
        if node.op in ("rows", "rows_of", "pick"):
            return self._moved(f, node, rows, at)
        if node.number in self.plan.demands.guards:
            return self._guarded(f, node, rows, at)
        args = [self.value(f, a, spread(a, node.rows)[rows], at) for a in node.args]
        return self.computed(f, node, args)

    def _moved(self, f: Function, node: GraphNode, rows: np.ndarray, at: str) -> str:
        """Return the vector of a node that consists of rows of others."""
        if node.op == "rows":
            return self.value(f, node.args[0], node.given["index"][rows], at)
        if node.op == "rows_of":
            return self.read(f, node.args[0], self.scalar(f, node.args[1], self.row(f, rows, at)))
        return self._picked(f, node, rows, at)

    def _guarded(self, f: Function, node: GraphNode, rows: np.ndarray, at: str) -> str:
        """Return a choice whose numbers are computed only where its mask is true in some run."""
        vector, (place, demand) = f.vector(node.dtype), self.plan.demands.guards[node.number]
        args = [
            "" if n == place else self.value(f, each, spread(each, node.rows)[rows], at)
            for n, each in enumerate(node.args)
        ]
        other = args[2] if node.given["function"] == "where" else "zeroinitializer"  # false
        with f.branch(self._flagged(f, demand.mask, self.row(f, demand.rows[rows], at))) as (
            number,
            before,
        ):
            numbers = self.value(f, node.args[place], rows, at)
            mask = f.vector(np.bool_)
            chosen = f.do(f"select {mask} {args[1 - place]}, {vector} {numbers}, {vector} {other}")
            inside = f.block
        return f.do(
            f"phi {vector} [ {other}, %{before} ], [ {chosen}, %{inside} ] ; branch {number}"
        )

    def _flagged(self, f: Function, mask: GraphNode, row: str) -> str:
        """Return whether a mask is true in some run of the strip, from its flag."""
        flag = f.do(f"load i8, ptr {f.at(f.pointer(f'flags {mask.number}'), 'i8', row)}")
        return f.do(f"icmp ne i8 {flag}, 0")

    @contextmanager
    def demanded(
        self, f: Function, node: GraphNode, at: str, rows: np.ndarray | None = None
    ) -> Iterator[None]:
        """Write code that runs only if a row is read; `rows` are those of the rounds of a loop."""
        demand = self.plan.demands.skipped.get(node.number)
        if demand is None:
            yield
            return
        each = demand.rows if rows is None else demand.rows[rows]
        with f.branch(self._flagged(f, demand.mask, self.row(f, np.maximum(each, 0), at))):
            yield

    def _flag(self, f: Function, node: GraphNode, value: str, at: str) -> None:
        """Write the flag of a row: whether the mask is true in some run of the strip."""
        packed = f.do(f"bitcast {f.vector(np.bool_)} {value} to i{f.lanes}")
        some = f.do(f"zext i1 {f.do(f'icmp ne i{f.lanes} {packed}, 0')} to i8")
        f.write(f"store i8 {some}, ptr {f.at(f.pointer(f'flags {node.number}'), 'i8', at)}")

    def _fixed(self, f: Function, node: GraphNode, rows: np.ndarray, at: str) -> str:
        """Return the vector of a constant."""
        numbers = node.given["value"].reshape(-1)
        chosen = numbers[rows]
        if chosen.size and (chosen == chosen[0]).all():
            return f.all_lanes(node.dtype, chosen[0])
        return f.splat(node.dtype, self._load(f, self.table(numbers), node.dtype, rows, at))

    def scalar(self, f: Function, node: GraphNode, row: str) -> str:
        """Return the number in a row of a node that is equal in all runs."""
        place = self.plan.names[node.number]
        element = kind(self.plan.memory.places[place].dtype)
        loaded = f.do(f"load {element}, ptr {f.at(f.pointer(place), element, row)}")
        return f.do(f"icmp ne i8 {loaded}, 0") if node.dtype.kind == "b" else loaded

    def read(self, f: Function, node: GraphNode, row: str) -> str:
        """Return the vector in a row of a node that has memory, or is constant."""
        if node.op == "constant":
            table = self.table(node.given["value"].reshape(-1))
            return f.splat(node.dtype, self._load(f, table, node.dtype, None, row))
        if not node.by_run:
            return f.splat(node.dtype, self.scalar(f, node, row))
        place = self.plan.names[node.number]
        held = self.plan.memory.places[place].dtype
        element = kind(held)
        start = f.do(f"mul i64 {row}, {self.lanes}")
        pointer = f.at(f.pointer(place), element, start)
        size = held.itemsize * self.lanes
        loaded = f.do(f"load <{self.lanes} x {element}>, ptr {pointer}, align {min(size, 64)}")
        return self._widened(f, loaded, held, node.dtype)

    def cell(self, f: Function, node: GraphNode, row: str) -> str:
        """Return the vector in a row that is known when the code runs, of a table of a product.

        The table is in memory, or fused: a function of one number, whose table is in memory.
        """
        key = node.number, row
        if key not in f.known:
            if node.number in self.plan.fused:
                made = self.computed(f, node, [self.cell(f, node.args[0], row)])
            else:
                made = self.read(f, node, row)
            f.known[key] = made
        return f.known[key]

    def _widened(self, f: Function, name: str, held: Any, dtype: Any) -> str:
        """Return numbers converted from their type in memory to their type in computations."""
        if np.dtype(dtype).kind == "b":
            return f.do(f"icmp ne {f.vector(held)} {name}, zeroinitializer")
        if kind(held) == kind(dtype):
            return name
        return f.do(f"sext {f.vector(held)} {name} to {f.vector(dtype)}")

    def narrowed(self, f: Function, name: str, dtype: Any, held: Any) -> str:
        """Return numbers converted from their type in computations to their type in memory."""
        if kind(held) == kind(dtype):
            return name
        how = "zext" if np.dtype(dtype).kind == "b" else "trunc"
        return f.do(f"{how} {f.vector(dtype)} {name} to {f.vector(held)}")

    def row(self, f: Function, rows: np.ndarray, at: str) -> str:
        """Return the row that is read in round `at`: computed, or looked up in a table."""
        if not rows.size or (rows == rows[0]).all():
            return str(int(rows[0])) if rows.size else "0"
        step = int(rows[1] - rows[0])
        if (rows == rows[0] + step * np.arange(rows.size)).all():
            name = at if step == 1 else f.do(f"mul i64 {at}, {step}")
            return name if rows[0] == 0 else f.do(f"add i64 {name}, {int(rows[0])}")
        key = "row", rows.tobytes(), at
        if key not in f.known:
            f.known[key] = self._looked_up(f, rows, at)
        return f.known[key]

    def _looked_up(self, f: Function, rows: np.ndarray, at: str) -> str:
        """Return the row that is read in round `at`, or in one of the AHEAD rounds after the last.

        These read the last row.
        """
        table = self.table(np.append(rows, np.repeat(rows[-1:], AHEAD)).astype(np.int32))
        loaded = self._load(f, table, np.int32, None, at)
        return f.do(f"sext i32 {loaded} to i64")

    def _ask(self, f: Function, node: GraphNode, rows: np.ndarray, at: str) -> None:
        """Ask for a row of a large table some rounds before it is read, if rows are scattered."""
        name = self.plan.names[node.number]
        held = self.plan.memory.places[name].dtype
        if (
            node.count * held.itemsize * self.lanes < UNCACHED
            or abs(np.diff(rows)).max(initial=0) < FAR
        ):
            return
        later = self._looked_up(f, rows, f.do(f"add i64 {at}, {AHEAD}"))
        pointer = f.at(f.pointer(name), kind(held), f.do(f"mul i64 {later}, {self.lanes}"))
        f.write(f"call void @llvm.prefetch.p0(ptr {pointer}, i32 0, i32 3, i32 1)")

    def _load(self, f: Function, table: str, dtype: Any, rows: np.ndarray | None, at: str) -> str:
        """Return a number of a fixed table."""
        index = at if rows is None else self.row(f, rows, at)
        element = "i8" if np.dtype(dtype).kind == "b" else kind(dtype)
        loaded = f.do(f"load {element}, ptr {f.at(table, element, index)}")
        return f.do(f"icmp ne i8 {loaded}, 0") if np.dtype(dtype).kind == "b" else loaded

    def table(self, numbers: np.ndarray) -> str:
        """Return the name of a table of fixed numbers."""
        element = "i8" if numbers.dtype.kind == "b" else kind(numbers.dtype)
        key = element, numbers.tobytes()
        if key not in self.tables:
            name = self.tables[key] = f"@t{len(self.tables)}"
            entries = ", ".join(f"{element} {literal(n, numbers.dtype)}" for n in numbers.tolist())
            size = f"[{numbers.size} x {element}]"
            self.data.append(
                f"{name} = internal unnamed_addr constant {size} [{entries}], align 64"
            )
        return self.tables[key]

    def _picked(self, f: Function, node: GraphNode, rows: np.ndarray, at: str) -> str:
        base, cell = node.args
        index = self.value(f, cell, spread(cell, node.rows)[rows], at)
        if base.op == "constant":
            held = np.dtype(np.int8) if base.dtype.kind == "b" else base.dtype
            pointer = self.table(base.given["value"].reshape(-1))
        else:
            place = self.plan.names[base.number]
            held, pointer = self.plan.memory.places[place].dtype, f.pointer(place)
        if base.by_run:
            index = self.in_lanes(f, index)
        wide = f"<{self.lanes} x i64>"
        taken = f.do(f"call {f.vector(held)} @gather.{kind(held)}(ptr {pointer}, {wide} {index})")
        return self._widened(f, taken, held, node.dtype)

    def in_lanes(self, f: Function, row: str) -> str:
        """Return the places of cells in a table by run: row by row, run by run."""
        wide = f"<{self.lanes} x i64>"
        start = f.do(f"mul {wide} {row}, {f.all_lanes(np.int64, self.lanes)}")
        return f.do(f"add {wide} {start}, {f.lane_numbers()}")

    def computed(self, f: Function, node: GraphNode, args: list[str]) -> str:
        """Return the result of a function of numbers."""
        if node.op == "cast":
            return self._cast(f, args[0], node.args[0].dtype, node.dtype)
        if node.op == "word":
            return self._word(f, node, args)
        name, dtype = node.given["function"], node.args[-1].dtype
        vector = f.vector(dtype)
        if name in ("maximum", "minimum"):
            return self._extreme(f, name, dtype, args, node)
        if name in ("floor_divide", "remainder"):
            return divided(f, name, dtype, *args)
        if name == "where":
            given = f"{vector} {args[1]}, {vector} {args[2]}"
            return f.do(f"select {f.vector(np.bool_)} {args[0]}, {given}")
        return f.do(instruction(name, f, dtype, args))

    def _extreme(self, f: Function, name: str, dtype: Any, args: list[str], node: GraphNode) -> str:
        """Return the larger or smaller of two numbers, or NaN if either is NaN."""
        vector, mask = f.vector(dtype), f.vector(np.bool_)
        if dtype.kind != "f":
            order = ("u" if dtype.kind in "ub" else "s") + ("gt" if name == "maximum" else "lt")
            wins = f.do(f"icmp {order} {vector} {args[0]}, {args[1]}")
        else:
            first, second = args
            if node.args[0].op == "constant":
                first, second = second, first
            order = "ugt" if name == "maximum" else "ult"  # true where either is NaN
            wins = f.do(f"fcmp {order} {vector} {first}, {second}")
            if all(arg.op != "constant" for arg in node.args):
                odd = f.do(f"fcmp uno {vector} {second}, {second}")
                second_too = f.do(f"select {mask} {odd}, {vector} {second}, {vector} {first}")
                return f.do(f"select {mask} {wins}, {vector} {second_too}, {vector} {second}")
            args = [first, second]
        return f.do(f"select {mask} {wins}, {vector} {args[0]}, {vector} {args[1]}")

    def _cast(self, f: Function, value: str, old: Any, new: Any) -> str:
        """Return numbers as another type."""
        old, new = np.dtype(old), np.dtype(new)
        source, target = f.vector(old), f.vector(new)
        if new.kind == "b":
            zero = "fcmp une" if old.kind == "f" else "icmp ne"
            return f.do(f"{zero} {source} {value}, zeroinitializer")
        if new.kind == "f":
            how = "uitofp" if old.kind in "ub" else "sitofp"
        elif old.kind == "f":
            how = "fptosi"
            if new.kind == "u":  # through signed integers, which all processors convert alike
                whole = f.do(f"fptosi {source} {value} to {f.vector(np.int64)}")
                return f.do(f"trunc {f.vector(np.int64)} {whole} to {target}")
        elif old.itemsize == new.itemsize and old.kind != "b":
            return value
        elif old.kind == "b" or old.itemsize < new.itemsize:
            how = "zext" if old.kind in "ub" else "sext"
        else:
            how = "trunc"
        return f.do(f"{how} {source} {value} to {target}")

    def _word(self, f: Function, node: GraphNode, args: list[str]) -> str:
        """Return one of the four words of Threefry."""
        vector = f.vector(np.uint32)
        four = f"{{{', '.join([vector] * 4)}}}"
        given = ", ".join(f"{vector} {each}" for each in args[1:])
        made = f.do(f"call {four} @threefry({given})")
        words = [f.do(f"extractvalue {four} {made}, {n}") for n in range(4)]
        which = node.args[0]
        if which.op == "constant":
            return words[int(which.given["value"].reshape(-1)[0])]
        chosen = words[0]
        for n in range(1, 4):
            same = f.do(f"icmp eq {f.vector(np.int64)} {args[0]}, {f.all_lanes(np.int64, n)}")
            chosen = f.do(
                f"select {f.vector(np.bool_)} {same}, {vector} {words[n]}, {vector} {chosen}"
            )
        return chosen

    def put(self, f: Function, node: GraphNode, value: str, row: str) -> None:
        """Write a vector into a row of all places of a node; it may have none."""
        own = [self.plan.names[node.number]] if node.number in self.plan.names else []
        for name in (*own, *self.plan.also.get(node.number, ())):
            self.store(f, name, value, node.dtype, row)
        if f"flags {node.number}" in self.plan.memory.places:
            self._flag(f, node, value, row)

    def store(self, f: Function, name: str, value: str, dtype: Any, row: str) -> None:
        """Write a vector into a row of a place."""
        place = self.plan.memory.places[name]
        narrow = self.narrowed(f, value, dtype, place.dtype)
        element = kind(place.dtype)
        if place.group == "metrics":
            f.strided = True
            self._check(f, narrow)
            start = f.do(f"mul i64 {row}, %stride")
            pointer = f.at(f.pointer(name), "i8", start)
            f.write(
                f"store {f.vector(place.dtype)} {narrow}, ptr {pointer}, align 64, !nontemporal !0"
            )
            return
        start = f.do(f"mul i64 {row}, {self.lanes}")
        pointer = f.at(f.pointer(name), element, start)
        size = place.dtype.itemsize * self.lanes
        f.write(f"store {f.vector(place.dtype)} {narrow}, ptr {pointer}, align {min(size, 64)}")

    def _check(self, f: Function, value: str) -> None:
        """Add zero to the check, or NaN if a metric is not finite."""
        vector, check = f.vector(np.float64), f.pointer(CHECK)
        nothing = f.do(f"fmul {vector} {value}, {f.all_lanes(np.float64, 0.0)}")
        total = f.do(f"fadd {vector} {f.do(f'load {vector}, ptr {check}, align 64')}, {nothing}")
        f.write(f"store {vector} {total}, ptr {check}, align 64")

    def trip(self, f: Function, node: GraphNode) -> int | str:
        """Return the number of rounds of a loop over the rows of a node."""
        lengths = [n.length for n in (node, *node.args) if n.length is not None]
        if not lengths:
            return node.count
        return self.length(f, lengths[0])

    def length(self, f: Function, node: GraphNode) -> str:
        """Return the length of the longest list of a strip."""
        rows = node.args[0]
        pointer = f.pointer(self.plan.names[rows.number])
        slot = f.at(pointer, "i64", str(rows.count * self.lanes))
        return f.do(f"load i64, ptr {slot}")

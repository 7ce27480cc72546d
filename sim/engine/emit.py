"""Emit: a planned graph as LLVM's assembly: one loop over rows for each node with memory.

The runs of a strip are the lanes of a vector, so that a row is one load. Arithmetic is that of
IEEE numbers without any licence to rearrange it, and exp, log, cos are written out (`functions`):
the bytes of a result do not depend on the processor, the number of lanes or LLVM's version.
"""

import struct
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from math import prod
from typing import Any

import numpy as np

from sim.engine.functions import library
from sim.engine.graph import Node, spread
from sim.engine.plan import CLOCK, GROUPS, STRIDE, Plan

KINDS = {"f8": "double", "i8": "i64", "i4": "i32", "u4": "i32", "i2": "i16", "i1": "i8", "b1": "i1"}
FLOATS = {
    "add": "fadd", "subtract": "fsub", "multiply": "fmul", "divide": "fdiv",
    "less": "fcmp olt", "less_equal": "fcmp ole", "greater": "fcmp ogt", "greater_equal": "fcmp oge",
    "equal": "fcmp oeq", "not_equal": "fcmp une",
}  # fmt: skip
INTEGERS = {
    "add": "add", "subtract": "sub", "multiply": "mul", "floor_divide": "{s}div",
    "remainder": "{s}rem", "less": "icmp {s}lt", "less_equal": "icmp {s}le",
    "greater": "icmp {s}gt", "greater_equal": "icmp {s}ge", "equal": "icmp eq",
    "not_equal": "icmp ne", "logical_and": "and", "logical_or": "or", "logical_xor": "xor",
    "bitwise_and": "and", "bitwise_or": "or", "bitwise_xor": "xor", "left_shift": "shl",
    "right_shift": "lshr",
}  # fmt: skip
CALLED = {  # functions of the library, or LLVM's own
    "exp": "exp", "log": "log", "cos": "cos", "tanh": "tanh", "expm1": "expm1", "log1p": "log1p",
    "power": "power", "sqrt": "llvm.sqrt", "floor": "llvm.floor", "rint": "llvm.rint",
    "absolute": "llvm.fabs",
}  # fmt: skip


def kind(dtype: Any) -> str:
    """Return LLVM's name of a type of number."""
    dtype = np.dtype(dtype)
    return KINDS[f"{dtype.kind}{dtype.itemsize}"]


def literal(value: Any, dtype: Any) -> str:
    """Return a number as LLVM writes it."""
    if np.dtype(dtype).kind == "f":
        return "0x" + struct.pack(">d", float(value)).hex().upper()
    return str(int(value))


@dataclass(eq=False)
class Function:
    """The text of one function, as it is written."""

    lanes: int
    lines: list[str] = field(default_factory=list)
    names: int = 0
    block: str = "entry"  # the block that is written
    pointers: dict[str, str] = field(default_factory=dict)  # place -> name of its pointer
    known: dict[Any, str] = field(default_factory=dict)  # what is computed in this loop already
    strided: bool = False  # whether it writes metrics

    def fresh(self) -> str:
        """Return a new name."""
        self.names += 1
        return f"%v{self.names}"

    def do(self, text: str) -> str:
        """Write an instruction and return the name of its result."""
        name = self.fresh()
        self.lines.append(f"  {name} = {text}")
        return name

    def write(self, text: str) -> None:
        """Write an instruction without a result."""
        self.lines.append(f"  {text}")

    def vector(self, dtype: Any) -> str:
        """Return the type of a vector of numbers, one a run."""
        return f"<{self.lanes} x {kind(dtype)}>"

    def all_lanes(self, dtype: Any, value: Any) -> str:
        """Return a literal vector of equal numbers."""
        one = f"{kind(dtype)} {literal(value, dtype)}"
        return f"<{', '.join([one] * self.lanes)}>"

    def lane_numbers(self) -> str:
        """Return the literal vector 0, 1, 2 ..."""
        return f"<{', '.join(f'i64 {n}' for n in range(self.lanes))}>"

    def splat(self, dtype: Any, scalar: str) -> str:
        """Return a vector of equal numbers."""
        vector = self.vector(dtype)
        one = self.do(f"insertelement {vector} poison, {kind(dtype)} {scalar}, i32 0")
        zeros = f"<{self.lanes} x i32> zeroinitializer"
        return self.do(f"shufflevector {vector} {one}, {vector} poison, {zeros}")

    def pointer(self, place: str) -> str:
        """Return the name of a pointer to a place; it is made at the head of the function."""
        if place not in self.pointers:
            self.pointers[place] = f"%p{len(self.pointers)}"
        return self.pointers[place]

    def at(self, pointer: str, element: str, index: str) -> str:
        """Return a pointer to an element."""
        return self.do(f"getelementptr {element}, ptr {pointer}, i64 {index}")

    def open(self, label: str) -> None:
        """Begin a block."""
        self.lines.append(f"{label}:")
        self.block = label

    @contextmanager
    def loop(self, trip: int | str) -> Iterator[str]:
        """Write a loop; its counter is what is yielded. What is known within is forgotten after."""
        known, self.known = self.known, {}
        self.names += 1
        number, before = self.names, self.block
        counter = f"%r{number}"
        self.write(f"br label %head{number}")
        self.open(f"head{number}")
        mark = len(self.lines)
        self.lines.append("")
        more = self.do(f"icmp slt i64 {counter}, {trip}")
        self.write(f"br i1 {more}, label %body{number}, label %done{number}")
        self.open(f"body{number}")
        yield counter
        after = self.do(f"add i64 {counter}, 1")
        self.write(f"br label %head{number}")
        self.lines[mark] = f"  {counter} = phi i64 [ 0, %{before} ], [ {after}, %{self.block} ]"
        self.open(f"done{number}")
        self.known = known


class Emitter:
    """Writes the functions of a plan."""

    def __init__(self, plan: Plan, *, timed: bool = False) -> None:
        self.plan, self.lanes, self.timed = plan, plan.memory.lanes, timed
        self.tables: dict[tuple[str, bytes], str] = {}
        self.data: list[str] = []
        self.code: list[str] = []
        self.calls: list[str] = []

    def text(self) -> str:
        """Return the whole module."""
        for node in self.plan.roots:
            self._function(node.op, node, partial(_WRITERS.get(node.op, _fused), self))
        for name, node in self.plan.copies:
            self._function("copy", node, partial(self._copy, name=name))
        calls = "\n".join(self._call(n, name) for n, name in enumerate(self.calls))
        if self.timed:
            self.data.append("declare i64 @llvm.readcyclecounter()")
        whole = f"define void @period(ptr %groups) {{\nentry:\n{calls}\n  ret void\n}}"
        return "\n".join([library(self.lanes), *self.data, *self.code, whole, "!0 = !{i32 1}", ""])

    def _call(self, number: int, name: str) -> str:
        """Return the call of a loop, with the cycles that it took added up where they are timed."""
        call = f"  call void @{name}(ptr %groups)"
        if not self.timed:
            return call
        t = f"%t{number}"
        return "\n".join(
            (
                f"  {t}a = call i64 @llvm.readcyclecounter()", call,
                f"  {t}b = call i64 @llvm.readcyclecounter()",
                f"  {t}c = sub i64 {t}b, {t}a",
                f"  {t}s = getelementptr ptr, ptr %groups, i64 {CLOCK}",
                f"  {t}p = load ptr, ptr {t}s",
                f"  {t}q = getelementptr i64, ptr {t}p, i64 {number}",
                f"  {t}o = load i64, ptr {t}q",
                f"  {t}n = add i64 {t}o, {t}c",
                f"  store i64 {t}n, ptr {t}q",
            )
        )  # fmt: skip

    def _function(self, op: str, node: Node, write: Callable[[Function, Node], None]) -> None:
        function = Function(self.lanes)
        write(function, node)
        name = f"{op}{node.number}"
        while name in self.calls:
            name += "_"
        head: list[str] = []
        late: list[str] = []
        groups: dict[str, str] = {}
        for place, pointer in function.pointers.items():
            where = self.plan.memory.places[place]
            if where.group not in groups:
                base = groups[where.group] = f"%g{len(groups)}"
                slot = GROUPS.index(where.group)
                head.append(f"  {base}p = getelementptr ptr, ptr %groups, i64 {slot}")
                head.append(f"  {base} = load ptr, ptr {base}p")
            base = groups[where.group]
            if where.group == "metrics":
                row = where.offset // (8 * self.lanes)
                function.strided = True
                late.append(f"  {pointer}s = mul i64 %stride, {row}")
                late.append(f"  {pointer} = getelementptr i8, ptr {base}, i64 {pointer}s")
                continue
            head.append(f"  {pointer} = getelementptr i8, ptr {base}, i64 {where.offset}")
        self.calls.append(name)
        if function.strided:
            head.append(f"  %slot = getelementptr i64, ptr %groups, i64 {STRIDE}")
            head.append("  %stride = load i64, ptr %slot")
        body = "\n".join(["entry:", *head, *late, *function.lines, "  ret void"])
        self.code.append(f"define internal void @{name}(ptr %groups) noinline {{\n{body}\n}}")

    # values -------------------------------------------------------------------------------

    def value(self, f: Function, node: Node, rows: np.ndarray, at: str) -> str:
        """Return the vector of a node in round `at` of a loop that reads these rows in turn."""
        key = node.number, rows.tobytes(), at
        if key not in f.known:
            f.known[key] = self._value(f, node, rows, at)
        return f.known[key]

    def _value(self, f: Function, node: Node, rows: np.ndarray, at: str) -> str:
        if node.op == "constant":
            numbers = node.given["value"].reshape(-1)
            chosen = numbers[rows]
            if chosen.size and (chosen == chosen[0]).all():
                return f.all_lanes(node.dtype, chosen[0])
            return f.splat(node.dtype, self._load(f, self.table(numbers), node.dtype, rows, at))
        if node.number not in self.plan.fused:
            return self._read(f, node, self.row(f, rows, at), rows)
        if node.op == "rows":
            return self.value(f, node.args[0], node.given["index"][rows], at)
        if node.op == "rows_of":
            index = self._scalar(f, node.args[1], rows, at)
            return self._read(f, node.args[0], index, None)
        if node.op == "pick":
            return self._picked(f, node, rows, at)
        args = [self.value(f, a, spread(a, node.rows)[rows], at) for a in node.args]
        return self.computed(f, node, args)

    def _scalar(self, f: Function, node: Node, rows: np.ndarray, at: str) -> str:
        """Return the number of a node that all runs share."""
        place = self.plan.names[node.number]
        element = kind(self.plan.memory.places[place].dtype)
        pointer = f.at(f.pointer(place), element, self.row(f, rows, at))
        loaded = f.do(f"load {element}, ptr {pointer}")
        if node.dtype.kind == "b":
            return f.do(f"icmp ne i8 {loaded}, 0")
        return loaded

    def _read(self, f: Function, node: Node, row: str, rows: np.ndarray | None) -> str:
        """Return the vector in a row of a node that has memory."""
        if not node.by_run:
            assert rows is not None
            place = self.plan.names[node.number]
            element = kind(self.plan.memory.places[place].dtype)
            loaded = f.do(f"load {element}, ptr {f.at(f.pointer(place), element, row)}")
            if node.dtype.kind == "b":
                loaded = f.do(f"icmp ne i8 {loaded}, 0")
            return f.splat(node.dtype, loaded)
        place = self.plan.names[node.number]
        held = self.plan.memory.places[place].dtype
        element = kind(held)
        start = f.do(f"mul i64 {row}, {self.lanes}")
        pointer = f.at(f.pointer(place), element, start)
        size = held.itemsize * self.lanes
        loaded = f.do(f"load <{self.lanes} x {element}>, ptr {pointer}, align {min(size, 64)}")
        return self._widened(f, loaded, held, node.dtype)

    def _widened(self, f: Function, name: str, held: Any, dtype: Any) -> str:
        """Return numbers as they are computed from numbers as they lie in memory."""
        if np.dtype(dtype).kind == "b":
            return f.do(f"icmp ne {f.vector(held)} {name}, zeroinitializer")
        if kind(held) == kind(dtype):
            return name
        return f.do(f"sext {f.vector(held)} {name} to {f.vector(dtype)}")

    def _narrowed(self, f: Function, name: str, dtype: Any, held: Any) -> str:
        """Return numbers as they lie in memory from numbers as they are computed."""
        if kind(held) == kind(dtype):
            return name
        how = "zext" if np.dtype(dtype).kind == "b" else "trunc"
        return f.do(f"{how} {f.vector(dtype)} {name} to {f.vector(held)}")

    def row(self, f: Function, rows: np.ndarray, at: str) -> str:
        """Return the row that is read in round `at`: counted, or looked up in a table."""
        if not rows.size or (rows == rows[0]).all():
            return str(int(rows[0])) if rows.size else "0"
        step = int(rows[1] - rows[0])
        if (rows == rows[0] + step * np.arange(rows.size)).all():
            name = at if step == 1 else f.do(f"mul i64 {at}, {step}")
            return name if rows[0] == 0 else f.do(f"add i64 {name}, {int(rows[0])}")
        key = "row", rows.tobytes(), at
        if key not in f.known:
            loaded = self._load(f, self.table(rows.astype(np.int32)), np.int32, None, at)
            f.known[key] = f.do(f"sext i32 {loaded} to i64")
        return f.known[key]

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

    def _picked(self, f: Function, node: Node, rows: np.ndarray, at: str) -> str:
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

    def computed(self, f: Function, node: Node, args: list[str]) -> str:
        """Return the result of a function of numbers."""
        if node.op == "cast":
            return self._cast(f, args[0], node.args[0].dtype, node.dtype)
        if node.op == "word":
            return self._word(f, node, args)
        name, dtype = node.given["function"], node.args[-1].dtype
        vector = f.vector(dtype)
        if name == "where":
            mask = f.vector(np.bool_)
            return f.do(f"select {mask} {args[0]}, {vector} {args[1]}, {vector} {args[2]}")
        if name in ("maximum", "minimum"):
            return self._extreme(f, name, dtype, args, node)
        if name == "negative":
            if dtype.kind == "f":
                return f.do(f"fneg {vector} {args[0]}")
            return f.do(f"sub {vector} zeroinitializer, {args[0]}")
        if name == "logical_not":
            return f.do(f"xor {vector} {args[0]}, {f.all_lanes(np.bool_, 1)}")
        if name in CALLED and dtype.kind == "f":
            called = CALLED[name] + (f".v{self.lanes}f64" if "." in CALLED[name] else "")
            given = ", ".join(f"{vector} {each}" for each in args)
            return f.do(f"call {vector} @{called}({given})")
        if dtype.kind == "f":
            return f.do(f"{FLOATS[name]} {vector} {args[0]}, {args[1]}")
        sign = "u" if dtype.kind in "ub" else "s"
        return f.do(f"{INTEGERS[name].format(s=sign)} {vector} {args[0]}, {args[1]}")

    def _extreme(self, f: Function, name: str, dtype: Any, args: list[str], node: Node) -> str:
        """Return the larger or smaller of two; what is not a number stays so."""
        vector, mask = f.vector(dtype), f.vector(np.bool_)
        if dtype.kind != "f":
            order = ("ugt" if dtype.kind in "ub" else "sgt") if name == "maximum" else "slt"
            wins = f.do(f"icmp {order} {vector} {args[0]}, {args[1]}")
        else:
            first, second = args
            if node.args[0].op == "constant":
                first, second = second, first
            order = "ugt" if name == "maximum" else "ult"  # true where either is not a number
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
            if new.kind == "u":  # by way of whole numbers that every processor converts alike
                whole = f.do(f"fptosi {source} {value} to {f.vector(np.int64)}")
                return f.do(f"trunc {f.vector(np.int64)} {whole} to {target}")
        elif old.itemsize == new.itemsize and old.kind != "b":
            return value
        elif old.kind == "b" or old.itemsize < new.itemsize:
            how = "zext" if old.kind in "ub" else "sext"
        else:
            how = "trunc"
        return f.do(f"{how} {source} {value} to {target}")

    def _word(self, f: Function, node: Node, args: list[str]) -> str:
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

    def store(self, f: Function, name: str, value: str, dtype: Any, row: str) -> None:
        """Write a vector into a row of a place."""
        place = self.plan.memory.places[name]
        narrow = self._narrowed(f, value, dtype, place.dtype)
        element = kind(place.dtype)
        if place.group == "metrics":
            f.strided = True
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

    def trip(self, f: Function, node: Node) -> int | str:
        """Return how many rounds a loop over the rows of a node has."""
        lengths = [n.length for n in (node, *node.args) if n.length is not None]
        if not lengths:
            return node.count
        return self._length(f, lengths[0])

    def _length(self, f: Function, node: Node) -> str:
        """Return how long the longest list of a strip is."""
        rows = node.args[0]
        pointer = f.pointer(self.plan.names[rows.number])
        slot = f.at(pointer, "i64", str(rows.count * self.lanes))
        return f.do(f"load i64, ptr {slot}")

    def _copy(self, f: Function, node: Node, name: str) -> None:
        rows = np.arange(node.count)
        with f.loop(node.count) as at:
            value = self.value(f, node, rows, at)
            self.store(f, name, value, node.dtype, at)


def emit(plan: Plan, *, timed: bool = False) -> str:
    """Return the assembly of a plan: `period`, and `draws` for the tables of draws.

    With `timed`, the cycles that each loop takes are added up in a table behind the groups.
    """
    return Emitter(plan, timed=timed).text()


def _fused(e: Emitter, f: Function, node: Node) -> None:
    """Write a loop that computes a node from what it reads."""
    rows = np.arange(node.count)
    if not node.count:
        return
    with f.loop(e.trip(f, node)) as at:
        e.store(f, e.plan.names[node.number], _own(e, f, node, rows, at), node.dtype, at)


def _own(e: Emitter, f: Function, node: Node, rows: np.ndarray, at: str) -> str:
    """Return the value of a node in its own loop, where it is not in memory yet."""
    e.plan.fused.add(node.number)
    value = e.value(f, node, rows, at)
    e.plan.fused.discard(node.number)
    return value


def _reduce(e: Emitter, f: Function, node: Node) -> None:
    (arg,), axis, how = node.args, node.given["axis"], node.given["how"]
    length = arg.rows[axis]
    table = np.moveaxis(np.arange(arg.count).reshape(arg.rows), axis, -1).reshape(-1, length)
    if not table.size:
        return
    lists = arg.length is not None
    vector, mask, wide = f.vector(arg.dtype), f.vector(np.bool_), f.vector(np.int64)
    out = e.plan.names[node.number]
    with f.loop(len(table)) as o:
        first = e.value(f, arg, table[:, 0], o) if not lists else f.all_lanes(arg.dtype, 0)
        number = f.names = f.names + 1
        total, best = f"%acc{number}", f"%best{number}"
        trip: int | str = length - 1 if not lists else e.trip(f, arg)
        before = f.block
        f.write(f"br label %more{number}")
        f.open(f"more{number}")
        mark = len(f.lines)
        f.lines += ["", "", ""]
        k = f"%k{number}"
        again = f.do(f"icmp slt i64 {k}, {trip}")
        f.write(f"br i1 {again}, label %step{number}, label %end{number}")
        f.open(f"step{number}")
        known, f.known = f.known, {}
        offset = 0 if lists else 1
        place = f.do(f"mul i64 {o}, {length - offset}")
        at = f.do(f"add i64 {place}, {k}")
        value = e.value(f, arg, table[:, offset:].reshape(-1), at)
        if how == "argmax":
            wins = f.do(f"fcmp ogt {vector} {value}, {total}")
            new = f.do(f"select {mask} {wins}, {vector} {value}, {vector} {total}")
            here = f.splat(np.int64, f.do(f"add i64 {k}, 1"))
            chosen = f.do(f"select {mask} {wins}, {wide} {here}, {wide} {best}")
        else:
            new = _folded(f, how, arg.dtype, total, value)
        after = f.do(f"add i64 {k}, 1")
        f.write(f"br label %more{number}")
        f.lines[mark] = f"  {k} = phi i64 [ 0, %{before} ], [ {after}, %{f.block} ]"
        f.lines[mark + 1] = (
            f"  {total} = phi {vector} [ {first}, %{before} ], [ {new}, %{f.block} ]"
        )
        if how == "argmax":
            f.lines[mark + 2] = (
                f"  {best} = phi {wide} [ zeroinitializer, %{before} ], [ {chosen}, %{f.block} ]"
            )
        f.open(f"end{number}")
        f.known = known
        result = best if how == "argmax" else total
        e.store(f, out, result, node.dtype, o)


def _folded(f: Function, how: str, dtype: Any, total: str, value: str) -> str:
    """Return a total with one value more."""
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
    compared = f"fcmp {order}" if dtype.kind == "f" else f"icmp s{order[1:]}"
    wins = f.do(f"{compared} {vector} {value}, {total}")
    return f.do(f"select {f.vector(np.bool_)} {wins}, {vector} {value}, {vector} {total}")


def _group(e: Emitter, f: Function, node: Node) -> None:
    (arg,), how = node.args, node.given["how"]
    ends, members = node.given["ends"], node.given["members"]
    first = 1.0 if how == "product" else 0.0
    vector, out = f.vector(node.dtype), e.plan.names[node.number]
    if not node.count:
        return
    table = e.table(ends.astype(np.int64))
    with f.loop(node.count) as o:
        start = f.do(f"load i64, ptr {f.at(table, 'i64', o)}")
        stop = f.do(f"load i64, ptr {f.at(table, 'i64', f.do(f'add i64 {o}, 1'))}")
        number = f.names = f.names + 1
        before = f.block
        f.write(f"br label %more{number}")
        f.open(f"more{number}")
        mark = len(f.lines)
        f.lines += ["", ""]
        k, total = f"%k{number}", f"%acc{number}"
        again = f.do(f"icmp slt i64 {k}, {stop}")
        f.write(f"br i1 {again}, label %step{number}, label %end{number}")
        f.open(f"step{number}")
        known, f.known = f.known, {}
        value = e.value(f, arg, members, k)
        new = _folded(f, how, node.dtype, total, value)
        after = f.do(f"add i64 {k}, 1")
        f.write(f"br label %more{number}")
        f.lines[mark] = f"  {k} = phi i64 [ {start}, %{before} ], [ {after}, %{f.block} ]"
        f.lines[mark + 1] = (
            f"  {total} = phi {vector} [ {f.all_lanes(node.dtype, first)}, %{before} ], "
            f"[ {new}, %{f.block} ]"
        )
        f.open(f"end{number}")
        f.known = known
        e.store(f, out, total, node.dtype, o)


def _join(e: Emitter, f: Function, node: Node) -> None:
    out = e.plan.names[node.number]
    for arg, places in zip(node.args, node.given["places"], strict=True):
        if arg.count:
            to = np.array(places, dtype=np.int64)
            with f.loop(arg.count) as at:
                value = e.value(f, arg, np.arange(arg.count), at)
                e.store(f, out, value, node.dtype, e.row(f, to, at))


def _base(e: Emitter, f: Function, node: Node) -> str:
    """Write what an update starts from where it is done, unless it lies there; return the place."""
    base, out = node.args[0], e.plan.names[node.number]
    if e.plan.names.get(base.number) != out:
        with f.loop(node.count) as at:
            e.store(f, out, e.value(f, base, np.arange(node.count), at), node.dtype, at)
    return out


def _place(e: Emitter, f: Function, node: Node) -> None:
    out = _base(e, f, node)
    over = node.given["over"]
    rows = np.arange(prod(over))
    with f.loop(rows.size) as at:
        value = e.value(f, node.args[1], spread(node.args[1], over), at)
        if node.given["places"] is None:
            row = e._scalar(f, node.args[2], rows, at)  # noqa: SLF001
        else:
            row = e.row(f, node.given["places"], at)
        e.store(f, out, value, node.dtype, row)


def _place_at(e: Emitter, f: Function, node: Node) -> None:
    out, over = _base(e, f, node), node.given["over"]
    _, cell, values, *there = node.args
    held = e.plan.memory.places[out].dtype
    element, vector = kind(held), f.vector(held)
    wide, mask = f.vector(np.int64), f.vector(np.bool_)
    lengths = [arg.length for arg in node.args[1:] if arg.length is not None]
    trip: int | str = prod(over)
    if lengths:
        trip = e._length(f, lengths[0])  # noqa: SLF001
    pointer = f.pointer(out)
    if not prod(over):
        return
    with f.loop(trip) as at:
        index = e.in_lanes(f, e.value(f, cell, spread(cell, over), at))
        value = e.value(f, values, spread(values, over), at)
        new = e._narrowed(f, value, values.dtype, held)  # noqa: SLF001
        if there or node.given["how"] == "add":
            old = f.do(f"call {vector} @gather.{element}(ptr {pointer}, {wide} {index})")
            if there:
                chosen = e.value(f, there[0], spread(there[0], over), at)
                new = f.do(f"select {mask} {chosen}, {vector} {new}, {vector} {old}")
            else:
                new = f.do(f"fadd {vector} {old}, {new}")
        f.write(f"call void @scatter.{element}(ptr {pointer}, {wide} {index}, {vector} {new})")


def _contract(e: Emitter, f: Function, node: Node) -> None:
    left, right = node.args
    size, width = left.rows[1], node.rows[1]
    vector, out = f.vector(np.float64), e.plan.names[node.number]
    step = 4  # columns at a time, so that sums do not wait for each other; their order stays
    for first in range(0, width, step):
        columns = range(first, min(first + step, width))
        with f.loop(node.rows[0]) as i:
            number = f.names = f.names + 1
            before = f.block
            f.write(f"br label %more{number}")
            f.open(f"more{number}")
            mark = len(f.lines)
            f.lines += [""] * (1 + len(columns))
            k = f"%k{number}"
            again = f.do(f"icmp slt i64 {k}, {size}")
            f.write(f"br i1 {again}, label %step{number}, label %end{number}")
            f.open(f"step{number}")
            at = f.do(f"add i64 {f.do(f'mul i64 {i}, {size}')}, {k}")
            x = e._read(f, left, at, np.arange(left.count))  # noqa: SLF001
            start = f.do(f"mul i64 {k}, {width}")
            new = []
            for n, column in enumerate(columns):
                row = f.do(f"add i64 {start}, {column}")
                y = e._read(f, right, row, np.arange(right.count))  # noqa: SLF001
                new.append(
                    f.do(f"fadd {vector} %acc{number}_{n}, {f.do(f'fmul {vector} {x}, {y}')}")
                )
            after = f.do(f"add i64 {k}, 1")
            f.write(f"br label %more{number}")
            f.lines[mark] = f"  {k} = phi i64 [ 0, %{before} ], [ {after}, %{f.block} ]"
            for n in range(len(columns)):
                f.lines[mark + 1 + n] = (
                    f"  %acc{number}_{n} = phi {vector} [ zeroinitializer, %{before} ], "
                    f"[ {new[n]}, %{f.block} ]"
                )
            f.open(f"end{number}")
            for n, column in enumerate(columns):
                row = f.do(f"add i64 {f.do(f'mul i64 {i}, {width}')}, {column}")
                e.store(f, out, f"%acc{number}_{n}", node.dtype, row)


def _rank(e: Emitter, f: Function, node: Node) -> None:
    """Write a sort of few numbers: neighbours change places, even and odd ones in turn."""
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


def _true_rows(e: Emitter, f: Function, node: Node) -> None:
    """Write the list of rows that are true, by run; its greatest length lies behind it."""
    mask = node.args[0]
    out = e.plan.names[node.number]
    pointer = f.pointer(out)
    wide, bits = f.vector(np.int64), f.vector(np.bool_)
    trip: int | str = mask.count
    if len(node.args) > 1:
        trip = e._scalar(f, node.args[1], np.zeros(1, dtype=np.int64), "0")  # noqa: SLF001
    counts = f.at(pointer, "i64", str(node.count * f.lanes + 8))
    f.write(f"store {wide} zeroinitializer, ptr {counts}, align 64")
    with f.loop(trip) as at:
        true = e.value(f, mask, np.arange(mask.count), at)
        packed = f.do(f"bitcast {bits} {true} to i{f.lanes}")
        some = f.do(f"icmp ne i{f.lanes} {packed}, 0")
        number = f.names = f.names + 1
        f.write(f"br i1 {some}, label %hit{number}, label %miss{number}")
        f.open(f"hit{number}")
        count = f.do(f"load {wide}, ptr {counts}, align 64")
        index = e.in_lanes(f, count)
        row = f.splat(np.int64, at)
        f.write(f"call void @scatter.i64(ptr {pointer}, {wide} {index}, {wide} {row})")
        more = f.do(f"zext {bits} {true} to {wide}")
        f.write(f"store {wide} {f.do(f'add {wide} {count}, {more}')}, ptr {counts}, align 64")
        f.write(f"br label %miss{number}")
        f.open(f"miss{number}")
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


_WRITERS: Mapping[str, Callable[[Emitter, Function, Node], None]] = {
    "reduce": _reduce,
    "group": _group,
    "join": _join,
    "place": _place,
    "place_at": _place_at,
    "contract": _contract,
    "rank": _rank,
    "true_rows": _true_rows,
}

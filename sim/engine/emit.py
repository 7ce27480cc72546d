"""Emit: write a planned graph as LLVM assembly, with one function for each bundle of nodes.

The runs of a strip are the lanes of a vector, so that a row is one load.
"""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from sim.engine.assembly import Function
from sim.engine.functions import library
from sim.engine.graph import GraphNode
from sim.engine.loops import LOOPS, fused_loop
from sim.engine.pace import PARTS, PERIOD
from sim.engine.plan import CLOCK, GROUPS, STRIDE, Plan
from sim.engine.vectors import Vectors


class Emitter(Vectors):
    """Writes the functions of a plan."""

    def __init__(self, plan: Plan, *, timed: bool = False) -> None:
        super().__init__(plan)
        self.timed = timed
        self.code: list[str] = []
        self.calls: list[str] = []

    def text(self) -> str:
        """Return the whole module."""
        for bundle in self.plan.bundles:
            op = bundle[0].op
            self._function(op, bundle, partial(LOOPS.get(op, fused_loop), self))
        for name, node in self.plan.copies:
            self._function("copy", [node], partial(self._copy, name=name))
        if self.timed:
            self.data.append("declare i64 @llvm.readcyclecounter()")
        paces = [self.plan.pace[bundle[0].number] for bundle in self.plan.bundles]
        paces += [PERIOD] * len(self.plan.copies)
        parts = []
        for pace, part in PARTS.items():
            own = (n for n, each in enumerate(paces) if each == pace)
            calls = "\n".join(self._call(n, self.calls[n]) for n in own)
            parts.append(f"define void @{part}(ptr %groups) {{\nentry:\n{calls}\n  ret void\n}}")
        end = ["!0 = !{i32 1}", ""]
        return "\n".join([library(self.lanes), *self.data, *self.code, *parts, *end])

    def _call(self, number: int, name: str) -> str:
        """Return the call of a loop; if loops are timed, its cycles are added up."""
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

    def _function(self, op: str, bundle: Sequence[GraphNode], write: Callable[..., None]) -> None:
        function = Function(self.lanes)
        write(function, *bundle)
        name = f"{op}{bundle[0].number}"
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

    def _copy(self, f: Function, node: GraphNode, name: str) -> None:
        rows = np.arange(node.count)
        with f.loop(node.count) as at:
            value = self.value(f, node, rows, at)
            self.store(f, name, value, node.dtype, at)


def emit(plan: Plan, *, timed: bool = False) -> str:
    """Return the assembly of a plan: functions for each pace, and `draws` for the tables of draws.

    With `timed`, the cycles of each loop are added up in a table after the groups.
    """
    return Emitter(plan, timed=timed).text()

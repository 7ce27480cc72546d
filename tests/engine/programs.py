"""A function of arrays, traced and compiled by itself, for tests of the engine."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim.engine.emit import emit
from sim.engine.graph import evaluate
from sim.engine.kernels import LANES, Kernel
from sim.engine.machine import code
from sim.engine.plan import GROUPS, plan
from sim.engine.prologue import prologue
from sim.engine.strips import Strip, aligned, views
from sim.engine.symbols import Tracer
from sim.engine.trace import Trace

ALL = "number"  # of the sources, the one that changes by period: here none does


@dataclass(eq=False)
class Program:
    """A function as a graph, which numpy evaluates, or which is compiled."""

    trace: Trace
    shared: dict
    lanes: int = LANES
    log: dict = field(default_factory=dict)  # columns of the log, of one strip, by name

    def __post_init__(self):
        self.plan = plan(self.trace, self.lanes)
        pins = {
            node.given["call"]: self.plan.memory.places[self.plan.names[node.number]]
            for node in self.plan.nodes
            if node.op == "pin"
        }
        steps = prologue(self.trace.calls, pins, (), ALL)
        known = steps.of_block(self.shared)
        self.pins = {f"pin {call}": np.asarray(known[call]) for call in pins}
        self.assembly = emit(self.plan)
        self.kernel = Kernel(
            self.trace, self.plan.memory, steps, pins, code(self.assembly), frozenset()
        )

    def evaluated(self, arrays):
        """Return the answers by name, as numpy evaluates the graph: (rows, runs)."""
        runs = max(each.shape[-1] for each in arrays.values())
        given = {f"of {name}": each for name, each in arrays.items()}
        flat = evaluate(self.trace.outputs, {**given, **self.pins}, runs)
        return {name.removeprefix("world."): each for name, each in flat.items()}

    def compiled(self, arrays):
        """Return the answers by name, as the machine computes them, strip by strip."""
        runs = max(each.shape[-1] for each in arrays.values())
        strip, lanes = Strip(self.kernel), self.lanes
        memory = aligned(self.plan.memory.sizes["prologue"] + 64)
        strip.groups[GROUPS.index("prologue")] = memory.ctypes.data
        for name, there in views(memory, self.plan.memory.of_group("prologue"), lanes).items():
            there[...] = self.pins[name].reshape(-1)
        names = [name.removeprefix("world.") for name in strip.world]
        out = {name: np.empty((strip.world[f"world.{name}"].shape[0], runs)) for name in names}
        for first in range(0, runs, lanes):
            columns = np.minimum(np.arange(first, first + lanes), runs - 1)
            for name, there in strip.fixed.items():
                array = arrays[name.removeprefix("of ")].reshape(there.shape[0], -1)
                there[...] = array[:, columns]
            for name, there in strip.log.items():
                there[...] = self.log[name]
            for part in ("once", "year", "period"):
                getattr(self.kernel.code, part)(strip.groups.ctypes.data)
            self.log = {name: there.copy() for name, there in strip.log.items()}
            use = min(lanes, runs - first)
            for name in names:
                out[name][:, first : first + use] = strip.world[f"world.{name}"][:, :use]
        return out


def program(function, arrays, shared=None, lanes=LANES):
    """Return a function traced and compiled; it gets arrays by name and returns answers by name.

    `arrays` differ by run; `shared` are equal in all runs.
    """
    tracer, shared = Tracer(), dict(shared or {})
    symbols = {name: tracer.source(name, value) for name, value in shared.items()}
    for name, value in arrays.items():
        symbols[name] = tracer.input(f"of {name}", value.shape[:-1], value.dtype)
    answers = function(**symbols)
    outputs = {f"world.{name}": by_run(tracer, value) for name, value in answers.items()}
    whole = Trace(
        graph=tracer.graph,
        calls=tracer.calls,
        outputs=outputs,
        metrics={},
        draws=[],
        counted=frozenset(),
    )
    return Program(whole, shared, lanes)


def by_run(tracer, value):
    """Return the node of an answer, as numbers by run."""
    node = tracer.operand(value)
    if node.by_run and node.op != "input":
        return node
    rows = np.arange(node.count)
    return tracer.graph.add("rows", (node,), node.rows, node.dtype, index=rows)

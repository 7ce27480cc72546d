"""Kernels: compiled periods, and the properties of a case on which they depend."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

import numpy as np

from sim.engine.emit import emit
from sim.engine.machine import Code, CodeTarget, code
from sim.engine.plan import Memory, Place, Plan, plan
from sim.engine.prologue import Prologue, prologue
from sim.engine.trace import DATED, Case, Trace, trace
from sim.kernel.layout.layout import Layout
from sim.kernel.noise import WORDS, entity

LANES = 16  # runs of a strip
LARGE = 64  # states of a world above which a strip has half as many: its tables fill the cache
# group of memory and prefix of the names of the tables of draws, by clock
DRAWN = {"period": ("draws", ""), "month": ("month", "month "), "year": ("year", "year ")}


@dataclass(frozen=True, eq=False)
class Kernel:
    """A compiled period, and the layout of the memory on which it works."""

    trace: Trace
    memory: Memory
    prologue: Prologue
    pins: Mapping[int, Place]  # call of the prologue -> where its result is read
    code: Code
    names: frozenset[str]  # arrays and parameters that have a runs axis
    tables: dict[bytes, np.ndarray] = field(default_factory=dict)  # shared by all runs of a block
    clock: np.ndarray | None = None  # cycles of its loops, if it counts them

    @property
    def lanes(self) -> int:
        """Return the number of runs that are computed together."""
        return self.memory.lanes

    @cached_property
    def keys(self) -> Mapping[str, np.ndarray]:
        """Return the addresses of all draws of each clock, as tables (rows, 4).

        The columns are the stream and three entities.
        """
        return {clock: self._keys(clock, *of) for clock, of in DRAWN.items()}

    def _keys(self, clock: str, group: str, prefix: str) -> np.ndarray:
        row = self.lanes * np.dtype(np.uint32).itemsize
        table = np.zeros((self.memory.sizes[group] // row, WORDS), dtype=np.uint32)
        for number, (stream, draw) in enumerate(self.trace.draws[clock]):
            place = self.memory.places.get(f"{prefix}draw {number}")
            if place is None:
                continue  # no node reads these draws
            rows = slice(place.offset // row, place.offset // row + place.rows)
            shape = np.broadcast_shapes(*(key.shape for key in draw.keys))
            table[rows, 0] = entity(stream)
            for column, key in enumerate(draw.keys, start=1):
                table[rows, column] = np.broadcast_to(key, shape).reshape(-1)
        return table


def lanes_of(layout: Layout) -> int:
    """Return how many runs of a world are computed together."""
    return LANES // 2 if len(layout.states) > LARGE else LANES


def planned(case: Case, names: Collection[str], lanes: int | None = None) -> tuple[Plan, str]:
    """Return the plan of the period of a case, and its assembly.

    `names` are the arrays and parameters that have a runs axis: those of the case, or more.
    """
    made = plan(trace(case.widened(names)), lanes or lanes_of(case.world.layout))
    return made, emit(made)


def kernel_of(
    case: Case, names: frozenset[str], made: Plan, assembly: str, target: CodeTarget | None = None
) -> Kernel:
    """Return the kernel of a plan, compiled for this machine or for another target."""
    pins = {
        node.given["call"]: made.memory.places[made.names[node.number]]
        for node in made.nodes
        if node.op == "pin"
    }
    calls = prologue(made.trace.calls, pins, case.sources_of(case.inputs[0]), "number")
    return Kernel(made.trace, made.memory, calls, pins, code(assembly, target), names)


def kernel(case: Case, *, lanes: int | None = None, target: CodeTarget | None = None) -> Kernel:
    """Return the compiled period of a case."""
    names = case.differing()
    return kernel_of(case, names, *planned(case, names, lanes), target)


def _methods(law: type) -> tuple[Any, ...]:
    """Return the methods of a law, which a notebook may redefine while the process runs."""
    return law, *(each for base in law.__mro__ for each in vars(base).values() if callable(each))


def signature(case: Case) -> tuple[Any, ...]:
    """Return all on which a kernel depends, apart from which arrays differ by run.

    These are names, index tables, rules, shapes of inputs, and mechanisms that are switched off.
    """
    layout = case.world.layout
    known: list[Any] = [len(layout.calendar), layout.rounds, layout.most_instalments]
    for each in fields(layout):
        value = getattr(layout, each.name)
        if each.name in (*DATED, "calendar"):
            continue
        if isinstance(value, np.ndarray):
            value = value.shape, value.dtype.str, value.tobytes()
        known.append((each.name, value))
    known += [(role, _methods(type(law))) for role, law in vars(case.rules).items()]
    known += [np.shape(v)[:-1] for v in vars(case.inputs[0]).values() if np.ndim(v)]
    known.append(case.off())
    return tuple(known)

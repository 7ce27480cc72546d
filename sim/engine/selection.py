"""Selection: which engine computes the runs of a result, and why.

It depends on what is run and on how many runs there are, never on the clock or on what the cache
holds, so that the same command gives the same bytes. The two engines agree to 1e-9 of a number or
of 1, whichever is larger, and no decision differs.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Thread
from typing import Any

import numpy as np

from sim.engine.machine import MachineError, is_kept
from sim.engine.strips import Kernel, kernel, planned, signature
from sim.engine.strips import simulate as simulate_compiled
from sim.engine.symbols import UntraceableError
from sim.engine.trace import Case
from sim.kernel.simulate import Record
from sim.kernel.simulate import simulate as simulate_numpy

AUTO, NUMPY, COMPILED = "auto", "numpy", "compiled"
ENGINES = (AUTO, NUMPY, COMPILED)
LEAST = 60_000  # runs times periods, from which on compiling pays: 2,070 runs of 29 periods
KERNELS = 8  # that a process keeps


@dataclass(frozen=True)
class Engine:
    """How the runs of a result are computed; it travels to workers."""

    name: str = NUMPY
    reason: str = "asked for"
    names: frozenset[str] = frozenset()  # arrays and parameters that differ by run, anywhere in it

    def simulate(self, case: Case) -> Record:
        """Return the record of a block of runs."""
        if self.name == NUMPY:
            return simulate_numpy(case.world, case.rules, case.inputs, case.noise)
        record = simulate_compiled(case, _KERNELS.of(case, self.names))
        if all(np.isfinite(values).all() for values in record.series.values()):
            return record
        # what is not a number is named by numpy: law, date, states
        return simulate_numpy(case.world, case.rules, case.inputs, case.noise)

    def is_ready(self, case: Case) -> bool:
        """Return whether runs of a case can be computed without compiling anything first."""
        return self.name == NUMPY or _KERNELS.has(case, self.names)

    def prepare(self, cases: Sequence[Case]) -> None:
        """Compile what cases need, behind the back of what else is done."""
        if self.name == COMPILED:
            Thread(target=self._prepare, args=(cases,), daemon=True).start()

    def _prepare(self, cases: Sequence[Case]) -> None:
        for case in cases:
            _KERNELS.of(case, self.names)


def selected(asked: str, cases: Sequence[Case], runs: int) -> Engine:
    """Return the engine of a result of so many runs; `cases` are its models, a few runs of each.

    What cannot be compiled, such as a law of the user's that decides in Python, is run by numpy.
    """
    if asked == NUMPY:
        return Engine()
    kinds = {signature(case): case for case in cases}
    periods = len(cases[0].inputs)
    if asked == AUTO and runs * periods < LEAST * len(kinds):
        each = f"for each of {len(kinds)} layouts" if len(kinds) > 1 else ""
        return Engine(reason=f"{runs} runs of {periods} periods are too few to compile for {each}".strip())
    names = frozenset().union(*(case.differing() for case in cases))
    try:
        for case in kinds.values():
            planned(case, names)
            is_kept("")
    except (UntraceableError, MachineError) as error:
        return Engine(reason=f"it cannot be compiled: {error}")
    reason = "asked for" if asked == COMPILED else f"{runs} runs of {periods} periods"
    return Engine(COMPILED, reason, names)


class _Kernels:
    """The kernels that were used last."""

    def __init__(self) -> None:
        self.of_key = lru_cache(maxsize=KERNELS)(self._made)

    def of(self, case: Case, names: Collection[str]) -> Kernel:
        return self.of_key(_Key(case, names))

    def has(self, case: Case, names: Collection[str]) -> bool:
        _, assembly = planned(case, names)
        return is_kept(assembly)

    @staticmethod
    def _made(key: "_Key") -> Kernel:
        return kernel(key.case, key.names)


class _Key:
    """A case by what its kernel depends on."""

    def __init__(self, case: Case, names: Collection[str]) -> None:
        self.case, self.names = case, names
        self.known: tuple[Any, ...] = (frozenset(names), signature(case))

    def __hash__(self) -> int:
        return hash(self.known)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.known == other.known


_KERNELS = _Kernels()

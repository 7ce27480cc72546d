"""Selection: which engine computes the runs of a result, and why.

The choice depends on the model and on the number of runs, never on time or on the content of the
cache, so that the same command gives the same bytes. The two engines agree to 1e-9 of a number or
of 1, whichever is larger, and no decision differs.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any
from warnings import warn

from sim.engine import kernel_outlines
from sim.engine.engine_names import AUTO, COMPILED, NUMPY
from sim.engine.kernels import Kernel, kernel_of, planned, signature
from sim.engine.machine import MachineError, is_kept
from sim.engine.plan import Plan
from sim.engine.refusal import UntraceableError
from sim.engine.strips import simulate as simulate_compiled
from sim.engine.trace import Case
from sim.kernel.errors import RunError
from sim.kernel.simulate import Record
from sim.kernel.simulate import simulate as simulate_numpy

LEAST = 60_000  # runs times periods from which on compiling saves time: 2,070 runs of 29 periods
USUAL = 24  # states up to which that holds; of a larger world each period saves more
RESHAPED = {"world.range", "world.reach"}  # arrays on which index tables of a layout depend
KERNELS = 8  # number that a process keeps
NAMES = 64  # of outlines that a process keeps


@dataclass(frozen=True)
class Engine:
    """How the runs of a result are computed; it is sent to workers."""

    name: str = NUMPY
    reason: str = "asked for"
    names: frozenset[str] = frozenset()  # arrays and parameters that differ by run in any case

    def prepare(self, case: Case) -> None:
        """Compile what a case needs, unless it is kept."""
        if self.name != NUMPY:
            _KERNELS.of(case, self.names)

    def simulate(self, case: Case) -> Record:
        """Return the record of a block of runs."""
        if self.name == NUMPY:
            return simulate_numpy(case.world, case.rules, case.inputs, case.noise)
        try:
            return simulate_compiled(case, _KERNELS.of(case, self.names))
        except RunError:  # numpy names the law, the date and the states
            return simulate_numpy(case.world, case.rules, case.inputs, case.noise)

    def uncompiled(self, cases: Sequence[Case]) -> list[int]:
        """Return which cases have to be compiled, the first of each kernel."""
        return [] if self.name == NUMPY else _KERNELS.lacking(cases, self.names)


def least_of(states: int) -> int:
    """Return from how many runs times periods on compiling saves time, in a world of this size."""
    return round(LEAST * min(1.0, (USUAL / max(states, 1)) ** 2))


def selected(
    asked: str,
    *,
    runs: int,
    periods: int,
    cases: Callable[[], Sequence[Case]],
    states: int = 0,
) -> Engine:
    """Return the engine of a result with this total number of runs.

    `cases` returns a few runs of each model of the result. A model that cannot be compiled, such as
    one with a user's law that branches in Python, is run by numpy, and a warning says why.
    """
    if asked == NUMPY:
        return Engine()
    few = Engine(reason=f"compiling does not save time for {runs} runs of {periods} periods")
    least = least_of(states)
    if asked == AUTO and runs * periods < least:
        return few
    some = cases()
    kinds = {signature(case): case for case in some}
    if asked == AUTO and runs * periods < least * len(kinds):
        return few
    names = frozenset().union(*(case.differing() for case in some))
    if asked == AUTO and names & RESHAPED:
        return Engine(reason="the systems that reach an asset differ by run")
    try:
        _KERNELS.check(kinds.values(), names)
    except (UntraceableError, MachineError) as error:
        reason = f"the model cannot be compiled: {error}"
        warn(f"runs are computed by numpy: {reason}", stacklevel=2)
        return Engine(reason=reason)
    reason = (
        "requested"
        if asked == COMPILED
        else f"compiling saves time for {runs} runs of {periods} periods"
    )
    return Engine(COMPILED, reason, names)


class _Kernels:
    """The kernels that were used last, compiled when first needed."""

    def __init__(self) -> None:
        self.of_key = lru_cache(maxsize=KERNELS)(self._made)
        self.names: dict[_KernelKey, str | None] = {}  # of outlines
        self.plan_of = lru_cache(maxsize=KERNELS)(self._planned)
        self.lock = Lock()

    def of(self, case: Case, names: Collection[str]) -> Kernel:
        with self.lock:
            return self.of_key(_KernelKey(case, names))

    def lacking(self, cases: Iterable[Case], names: Collection[str]) -> list[int]:
        """Return the places of cases whose kernels are not kept, one of each."""
        keys: dict[_KernelKey, int] = {}
        for at, case in enumerate(cases):
            keys.setdefault(_KernelKey(case, names), at)
        found = self._names(keys)
        return [at for key, at in keys.items() if not self._has(key, found[key])]

    def _has(self, key: "_KernelKey", name: str | None) -> bool:
        if name is None:
            return is_kept(self.plan_of(key)[1])
        outline = kernel_outlines.kept(name)
        return outline is not None and outline.is_ready

    def check(self, cases: Iterable[Case], names: Collection[str]) -> None:
        """Raise UntraceableError or MachineError if a case cannot be compiled.

        The package's own laws and steps can be traced; only where there are others are they tried.
        """
        keys = {_KernelKey(case, names) for case in cases}
        for key, name in self._names(keys).items():
            if RESHAPED & key.names or name is None:
                self.plan_of(key)

    def _names(self, keys: Collection["_KernelKey"]) -> dict["_KernelKey", str | None]:
        """Return the names of outlines; this process keeps those that it was asked for last."""
        known = self.names
        new = [key for key in keys if key not in known]
        found = kernel_outlines.names_of(key.known for key in new) if new else []
        known = {**known, **dict(zip(new, found, strict=True))}
        asked = {key: known.pop(key) for key in keys}
        self.names = dict([*known.items(), *asked.items()][-NAMES:])
        return asked

    @staticmethod
    def _planned(key: "_KernelKey") -> tuple[Plan, str]:
        return planned(key.case, key.names)

    def _made(self, key: "_KernelKey") -> Kernel:
        name = self._names([key])[key]
        outline = None if name is None else kernel_outlines.kept(name)
        kernel = None if outline is None else outline.kernel()
        if kernel is None:
            plan, assembly = self.plan_of(key)
            kernel = kernel_of(key.case, key.names, plan, assembly)
            if name is not None:
                kernel_outlines.keep(name, kernel, assembly)
        return kernel


class _KernelKey:
    """A case as a key: cases with the same kernel are equal."""

    def __init__(self, case: Case, names: Collection[str]) -> None:
        self.case, self.names = case, frozenset(names)
        self.known: tuple[Any, ...] = (self.names, signature(case))

    def __hash__(self) -> int:
        return hash(self.known)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _KernelKey) and self.known == other.known


_KERNELS = _Kernels()

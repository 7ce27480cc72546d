"""Costs: the share of each step of a period in the time of either engine.

For numpy they are measured by the profiler of the standard library, which counts functions of
Python only. A kernel is compiled once more with cycle counters around its loops; a loop counts for
the step that used its result first.
"""

import platform
from collections.abc import Callable, Mapping
from cProfile import Profile
from dataclasses import dataclass, replace
from time import process_time
from typing import Any

import numpy as np

from sim.engine.emit import emit
from sim.engine.engine_names import COMPILED, NUMPY
from sim.engine.kernels import kernel_of, planned
from sim.engine.machine import Code, MachineError
from sim.engine.strips import simulate as simulate_compiled
from sim.engine.trace import Case
from sim.kernel.collect import collect
from sim.kernel.period import period
from sim.kernel.simulate import simulate as simulate_numpy

DRAWS = "tables of draws"  # numpy computes them within the step that needs them
REST = "between steps"
PASSES = 3  # over all runs: the quickest counts, loop by loop
COUNTERS = ("x86_64", "amd64")  # processors on which a program may count cycles


@dataclass(frozen=True)
class Costs:
    """The time of some runs by one engine."""

    engine: str
    seconds: float  # processor time of all runs together
    shares: Mapping[str, float]  # step -> share of the seconds; they sum to 1


def costs_by_numpy(case: Case) -> Costs:
    """Return the costs of the steps by numpy."""

    def simulated() -> object:
        return simulate_numpy(case.world, case.rules, case.inputs, case.noise)

    seconds, profile = _seconds(simulated), Profile(process_time, builtins=False)
    profile.runcall(simulated)
    functions = {each.code: each for each in profile.getstats()}
    whole = functions[simulate_numpy.__code__].totaltime
    steps = {collect.__name__: functions[collect.__code__].totaltime}
    for call in functions[period.__code__].calls or ():
        if not isinstance(call.code, str) and _is_step(call.code.co_filename):
            name = call.code.co_name
            steps[name] = steps.get(name, 0.0) + call.totaltime
    return Costs(NUMPY, seconds, _shares(steps, whole))


def costs_compiled(case: Case) -> Costs:
    """Return the costs of the compiled steps."""
    if platform.machine().lower() not in COUNTERS:
        message = f"cycles cannot be counted on {platform.machine()}"
        raise MachineError(message)
    names = case.differing()
    made, assembly = planned(case, names)
    kernel = kernel_of(case, names, made, assembly)
    seconds = _seconds(lambda: simulate_compiled(case, kernel))
    first = (*(bundle[0] for bundle in made.bundles), *(node for _, node in made.copies))
    loops = [node.step for node in first]
    timed = kernel_of(case, names, made, emit(made, timed=True))
    watch: dict[str, float] = dict.fromkeys(("period", DRAWS, "whole"), 0.0)
    code = _watched(timed.code, watch)
    passes = np.zeros((PASSES, len(loops)), dtype=np.int64)
    for clock in passes:
        start = process_time()
        simulate_compiled(case, replace(timed, clock=clock, code=code))
        watch["whole"] += process_time() - start
    cycles = passes.min(axis=0)  # other programs on the core add cycles
    steps = {DRAWS: watch[DRAWS]}
    for step, share in zip(loops, cycles / cycles.sum(), strict=True):
        if step:
            steps[step] = steps.get(step, 0.0) + watch["period"] * share
    return Costs(COMPILED, seconds, _shares(steps, watch["whole"]))


def _seconds(simulated: Callable[[], object]) -> float:
    """Return the processor seconds of a second call, after one call to warm up."""
    simulated()
    start = process_time()
    simulated()
    return process_time() - start


def _is_step(file: str) -> bool:
    return "steps" in file.replace("\\", "/").split("/")[-2:]


def _shares(steps: Mapping[str, float], whole: float) -> dict[str, float]:
    """Return shares of the whole, largest first, and last the time outside of steps."""
    shares = {name: steps[name] / whole for name in sorted(steps, key=lambda n: -steps[n])}
    return {**shares, REST: 1 - sum(shares.values())}


def _watched(code: Code, watch: dict[str, float]) -> Code:
    """Return code whose calls are timed."""

    def timed(name: str, function: Callable[..., None]) -> Callable[..., None]:
        def call(*arguments: Any) -> None:
            start = process_time()
            function(*arguments)
            watch[name] += process_time() - start

        return call

    return replace(
        code,
        period=timed("period", code.period),
        year=timed("period", code.year),
        once=timed("period", code.once),
        draws=timed(DRAWS, code.draws),
    )

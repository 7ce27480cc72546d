"""One side of a comparison: a process that runs blocks of a scenario and prints their costs.

    python bench/side.py KIND SCENARIO [--runs 500] [--uncertain] [--narrow] [--engine auto]

Each line of input is the number of a first run; the answer is the processor seconds of `simulate`
only. PYTHONPATH decides which package is used, today's or that of the previous release; modules
that only one of them has are therefore imported within functions. Kinds: `numpy`, `compiled` and
`mesa` run blocks; `whole` selects an engine for all its runs and runs them in blocks; `first`
prepares a kernel.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import partial
from time import process_time
from typing import Any

import numpy as np

from sim.scenario.load import load

BLOCK = 500
FEW = 2  # runs with which a kernel is compiled


def main() -> None:
    """Answer every line, after a first block that does not count."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("scenario")
    parser.add_argument("--runs", type=int, default=BLOCK)
    parser.add_argument("--uncertain", action="store_true", help="draw the uncertain numbers")
    parser.add_argument("--narrow", action="store_true", help="without AVX-512")
    parser.add_argument("--engine", default="auto", help="of `whole`")
    options = parser.parse_args()
    sets = ("uncertain=true",) if options.uncertain else ()
    model = next(iter(load(options.scenario, sets=sets).variants.values()))
    cost = KINDS[options.kind](model, options)
    print("ready", flush=True)
    for line in sys.stdin:
        print(cost(int(line)), flush=True)


def built(model: Any, first: int, runs: int) -> Any:
    """Return world, rules, events and draws of some runs."""
    from sim.scenario.compile.build import build  # noqa: PLC0415 - not needed by all kinds

    return build(model, runs=np.arange(first, first + runs), seed=model.seed)


def case(model: Any, first: int, runs: int) -> Any:
    """Return the case of some runs for the engine."""
    from sim.experiments.batch import case_of  # noqa: PLC0415

    return case_of(built(model, first, runs))


def timed(function: Callable[[], object]) -> float:
    """Return the processor seconds of a call."""
    start = process_time()
    function()
    return process_time() - start


def by_numpy(model: Any, options: argparse.Namespace) -> Callable[[int], float]:
    """Return a function that measures the cost of a block by numpy."""
    from sim.kernel.simulate import simulate  # noqa: PLC0415

    def cost(first: int) -> float:
        one = built(model, first, options.runs)
        return timed(lambda: simulate(one.world, one.rules, one.inputs, one.noise))

    cost(0)
    return cost


def compiled(model: Any, options: argparse.Namespace) -> Callable[[int], float]:
    """Return a function that measures the cost of a compiled block."""
    from sim.engine.kernels import kernel  # noqa: PLC0415
    from sim.engine.machine import CodeTarget  # noqa: PLC0415
    from sim.engine.strips import simulate  # noqa: PLC0415

    target = CodeTarget.host()
    if options.narrow:
        names = target.features.split(",")
        wide = {name for name in names if "avx512" in name}
        off = [f"-{name[1:]}" for name in sorted(wide)]
        target = CodeTarget("haswell", ",".join([*(n for n in names if n not in wide), *off]))
    code = kernel(case(model, 0, options.runs), target=target)

    def cost(first: int) -> float:
        return timed(partial(simulate, case(model, first, options.runs), code))

    cost(0)
    return cost


def mesa(model: Any, options: argparse.Namespace) -> Callable[[int], float]:
    """Return a function that measures runs of the plain Mesa model, with ordinary draws."""
    from bench.reference_mesa import OrdinaryDraws, reference  # noqa: PLC0415

    def cost(first: int) -> float:
        runs = range(first, first + options.runs)
        return sum(timed(reference(model, run=run, draws=OrdinaryDraws(run)).run) for run in runs)

    return cost


def whole(model: Any, options: argparse.Namespace) -> Callable[[int], float]:
    """Return a function that measures all runs of a result, with the selection of the engine."""
    from sim.experiments.batch import NO_NUMBERS, engine_of  # noqa: PLC0415

    def cost(first: int) -> float:
        start = process_time()
        engine = engine_of(options.engine, options.runs, [(model, NO_NUMBERS)])
        seconds = process_time() - start
        for at in range(0, options.runs, BLOCK):
            one = case(model, first + at, min(BLOCK, options.runs - at))
            seconds += timed(partial(engine.simulate, one))
        return seconds

    return cost


def first(model: Any, options: argparse.Namespace) -> Callable[[int], float]:
    """Return a function that measures the preparation of a kernel, compiled or from the cache."""
    from sim.engine.engine_names import COMPILED  # noqa: PLC0415
    from sim.engine.selection import Engine  # noqa: PLC0415

    del options

    def cost(start: int) -> float:
        few = case(model, start, FEW)
        return timed(partial(Engine(COMPILED, names=few.differing()).prepare, few))

    return cost


KINDS = {"numpy": by_numpy, "compiled": compiled, "mesa": mesa, "whole": whole, "first": first}

if __name__ == "__main__":
    main()

"""Runs per second of the kernel and of the plain Mesa reference, and their ratio.

    python bench/run.py [scenario] [--variant NAME] [--rounds N] [--runs N] [--reference-runs N]

Every measurement is a fresh process with the settings of a worker (one thread, memory kept), and
both take turns (A B A B). Seconds are those of the processor, so that a busy machine disturbs
little. The first line counts the periods and their metrics alone, without the exact ones; the
second is what a whole process of 1,000 runs takes: start, imports, reading the scenario, compiling
it, and the runs.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

from sim.experiments.processes import SETTINGS

ROOT = Path(__file__).resolve().parents[1]
BLOCKS = (125, 250, 500, 1000)  # runs a block: the best of them counts
SCENARIO = "polonez_vs_iskander"
WHOLE = 1000  # runs of a whole process

Timing = dict[str, float]


def main() -> None:
    """Measure and print, or take one measurement if asked to."""
    options = _options()
    if options.measure == "kernel":
        print(json.dumps(kernel(options)))
    elif options.measure == "reference":
        print(json.dumps(baseline(options)))
    else:
        compare(options)


def kernel(options: argparse.Namespace) -> Timing:
    """Return seconds of the kernel for some runs in blocks of one size."""
    import numpy as np  # noqa: PLC0415 - the process that prints needs neither

    from sim.kernel.simulate import simulate  # noqa: PLC0415
    from sim.scenario.compile.build import build  # noqa: PLC0415
    from sim.scenario.load import load  # noqa: PLC0415

    model = load(options.scenario).variants[options.variant]
    seconds, begin = 0.0, time.process_time()
    for first in range(0, options.runs, options.block):
        runs = np.arange(first, min(first + options.block, options.runs))
        built = build(model, runs=runs, seed=model.seed)
        start = time.process_time()
        simulate(built.world, built.rules, built.inputs, built.noise)
        seconds += time.process_time() - start
    return {"seconds": seconds, "built": time.process_time() - begin, "runs": options.runs}


def baseline(options: argparse.Namespace) -> Timing:
    """Return seconds of the reference for a few runs with ordinary draws."""
    from bench.reference_mesa import OrdinaryDraws, reference  # noqa: PLC0415
    from sim.scenario.load import load  # noqa: PLC0415

    model = load(options.scenario).variants[options.variant]
    seconds, begin = 0.0, time.process_time()
    for run in range(options.reference_runs):
        one = reference(model, run=run, draws=OrdinaryDraws(run))
        start = time.process_time()
        one.run()
        seconds += time.process_time() - start
    built = time.process_time() - begin
    return {"seconds": seconds, "built": built, "runs": options.reference_runs}


def compare(options: argparse.Namespace) -> None:
    """Print runs a second of both and their ratio, medians over rounds."""
    trials = {block: _measured(options, "kernel", block=block) for block in BLOCKS}
    block = max(trials, key=lambda size: _rate(trials[size]))
    for size, trial in trials.items():
        print(f"block of {size:4d} runs: {_rate(trial):8.1f} runs/s")
    rounds = []
    for _ in range(options.rounds):
        fast = _measured(options, "kernel", block=block)
        slow = _measured(options, "reference", block=block)
        rounds.append((fast, slow))
    print(f"{options.scenario}, {options.variant}: one core, {options.rounds} rounds, A B A B")
    print(f"{'':24}{'kernel':>12}{'reference':>12}{'ratio':>9}   (runs a second, medians)")
    for label, rate in (("periods and metrics", _rate), (f"process of {WHOLE:,} runs", _whole)):
        pairs = [(rate(fast), rate(slow)) for fast, slow in rounds]
        ratio = statistics.median(ours / theirs for ours, theirs in pairs)
        ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
        print(f"{label:24}{ours:12.1f}{theirs:12.2f}{ratio:9.1f}")
    print(f"kernel: {options.runs} runs in blocks of {block}; reference: {options.reference_runs}")


def _rate(timing: Timing) -> float:
    """Return runs a second, of the periods and their metrics alone."""
    return timing["runs"] / timing["seconds"]


def _whole(timing: Timing) -> float:
    """Return runs a second of a process that starts, reads, compiles and runs many runs."""
    start = timing["process"] - timing["built"]
    return WHOLE / (start + WHOLE * timing["built"] / timing["runs"])


def _measured(options: argparse.Namespace, what: str, *, block: int) -> Timing:
    """Return one measurement in a process of its own."""
    command = [sys.executable, __file__, options.scenario, "--measure", what]
    command += ["--variant", options.variant, "--block", str(block), "--runs", str(options.runs)]
    command += ["--reference-runs", str(options.reference_runs)]
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {**os.environ, **SETTINGS, "PYTHONPATH": path}
    start = _spent()
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    return {**json.loads(done.stdout), "process": _spent() - start}


def _spent() -> float:
    """Return the processor seconds of the processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scenario", nargs="?", default=SCENARIO, help="name or file")
    parser.add_argument("--variant", default="baseline", help="which variant to run")
    parser.add_argument("--rounds", type=int, default=5, help="measurements of each side")
    parser.add_argument("--runs", type=int, default=512, help="runs of the kernel a measurement")
    parser.add_argument("--reference-runs", type=int, default=5, help="of the reference")
    parser.add_argument("--block", type=int, default=BLOCKS[0], help=argparse.SUPPRESS)
    parser.add_argument("--measure", choices=("kernel", "reference"), help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()

"""Runs per second of the kernel and of the plain Mesa reference, and their ratio.

    python bench/run.py [scenario] [--variant NAME] [--rounds N] [--runs N] [--reference-runs N]

Every measurement is a fresh process on one core, and both take turns (A B A B), so that a busy
machine slows both alike. Kernel-only time is that of the periods and their metrics, without the
exact ones; whole-process time adds start, imports, reading the scenario and compiling it.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BLOCKS = (64, 128, 256)  # runs a block: the best of them counts
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
SCENARIO = "polonez_vs_iskander"

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

    from sim.scenario.build import build  # noqa: PLC0415
    from sim.scenario.load import load  # noqa: PLC0415
    from sim.simulate import simulate  # noqa: PLC0415

    model = load(options.scenario).variants[options.variant]
    seconds = 0.0
    for first in range(0, options.runs, options.block):
        runs = np.arange(first, min(first + options.block, options.runs))
        built = build(model, runs=runs, seed=model.seed)
        start = time.perf_counter()
        simulate(built.world, built.rules, built.inputs, built.noise)
        seconds += time.perf_counter() - start
    return {"seconds": seconds, "runs": options.runs}


def baseline(options: argparse.Namespace) -> Timing:
    """Return seconds of the reference for a few runs with ordinary draws."""
    from bench.reference_mesa import OrdinaryDraws, reference  # noqa: PLC0415
    from sim.scenario.load import load  # noqa: PLC0415

    model = load(options.scenario).variants[options.variant]
    seconds = 0.0
    for run in range(options.reference_runs):
        one = reference(model, run=run, draws=OrdinaryDraws(run))
        start = time.perf_counter()
        one.run()
        seconds += time.perf_counter() - start
    return {"seconds": seconds, "runs": options.reference_runs}


def compare(options: argparse.Namespace) -> None:
    """Print runs a second of both and their ratio, medians over rounds."""
    trials = {block: _measured(options, "kernel", block=block) for block in BLOCKS}
    block = min(trials, key=lambda size: trials[size]["seconds"] / trials[size]["runs"])
    for size, trial in trials.items():
        print(f"block of {size:4d} runs: {trial['runs'] / trial['seconds']:8.1f} runs/s")
    rounds = []
    for _ in range(options.rounds):
        fast = _measured(options, "kernel", block=block)
        slow = _measured(options, "reference", block=block)
        rounds.append((fast, slow))
    print(f"{options.scenario}, {options.variant}: one core, {options.rounds} rounds, A B A B")
    print(f"{'':24}{'kernel':>12}{'reference':>12}{'ratio':>9}   (runs a second, medians)")
    for label, key in (("periods and metrics", "seconds"), ("whole process", "process")):
        pairs = [(a["runs"] / a[key], b["runs"] / b[key]) for a, b in rounds]
        ratio = statistics.median(a / b for a, b in pairs)
        ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
        print(f"{label:24}{ours:12.1f}{theirs:12.2f}{ratio:9.1f}")
    print(f"kernel: {options.runs} runs in blocks of {block}; reference: {options.reference_runs}")


def _measured(options: argparse.Namespace, what: str, *, block: int) -> Timing:
    """Return one measurement in a process of its own."""
    command = [sys.executable, __file__, options.scenario, "--measure", what]
    command += ["--variant", options.variant, "--block", str(block), "--runs", str(options.runs)]
    command += ["--reference-runs", str(options.reference_runs)]
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {**os.environ, **dict.fromkeys(THREADS, "1"), "PYTHONPATH": path}
    start = time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    process = time.perf_counter() - start
    return {**json.loads(done.stdout), "process": process}


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

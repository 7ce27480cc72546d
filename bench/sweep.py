"""The cost of a sweep beyond its kernel, the speed of two jobs on one machine, and the memory.

    python bench/sweep.py [scenario] [--runs 100000] [--jobs 2] [--block 500] [--engine auto]

1. `overhead`: processor seconds of a whole sweep command (start-up, workers, building worlds,
   outcomes, chunks, ledger, hash) over those of `simulate` alone for as many runs, measured before
   and after it in this process. With fewer runs than 100,000 it is too large: see `start-up`.
2. `two jobs`: runs per second of one sweep with two jobs over two one-job sweeps started together.
3. `memory`: the peak of the client and of its largest worker, MB.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from sim.experiments.processes import SETTINGS
from sim.kernel.thread_settings import ONE_THREAD

ROOT = Path(__file__).resolve().parents[1]
OVER = "states.AZE.find=0..1"
REPLICATES = 100
BETWEEN = 4_000, 24_000  # runs of two sweeps, whose difference is free of start-up time


def main() -> None:
    """Measure, and print the results."""
    options = options_of(sys.argv[1:])
    if options.kernel:
        print(kernel(options))
        return
    os.environ.update(ONE_THREAD)
    before = kernel(options)
    with tempfile.TemporaryDirectory() as folder:
        cpu, wall, memory = swept(options, Path(folder) / "one")
    after = kernel(options)
    own = options.runs * (before + after) / 2
    with tempfile.TemporaryDirectory() as folder:
        started = swept(options, Path(folder) / "none", runs=REPLICATES)[0] - REPLICATES * after
    print(
        f"kernel {1e6 * (before + after) / 2:.0f} us a run (before {before:.2e}, after {after:.2e})"
    )
    print(f"sweep of {options.runs:,} runs: {cpu:.1f} processor seconds, {wall:.1f} s by the clock")
    print(f"overhead: {cpu / own:.3f} times the kernel's own processor time")
    rest = (cpu - started - own) / own
    print(f"start-up: {started:.1f} processor seconds; what grows with runs: {1 + rest:.3f} times")
    print(
        f"100,000 runs: {1 + rest + started * options.runs / own / 100_000:.3f} times the kernel's"
    )
    print(f"memory: {memory:.0f} MB, the largest process")
    if not options.skip_two:
        print(f"two jobs: {shared(options):.3f} of two one-job sweeps started together")


def options_of(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario", nargs="?", default="polonez_vs_iskander")
    parser.add_argument("--over", default=OVER)
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--block", type=int, default=500)
    parser.add_argument("--engine", default="auto")
    parser.add_argument("--all-outcomes", action="store_true", help="all outcomes of the scenario")
    parser.add_argument("--kernel", action="store_true", help="measure the kernel alone")
    parser.add_argument("--skip-two", action="store_true", help="leave out the second measure")
    return parser.parse_args(arguments)


def costs_a_run(scenario: str, engine: str) -> tuple[float, float]:
    """Return processor seconds per run of a sweep, without its start, and of its kernel alone."""
    options = options_of([scenario, "--engine", engine])
    before = alone(options)
    cpu = []
    for runs in (REPLICATES, *BETWEEN):  # the first compiles the kernel if needed
        with tempfile.TemporaryDirectory() as folder:
            cpu.append(swept(options, Path(folder) / "one", runs)[0])
    whole = (cpu[-1] - cpu[-2]) / (BETWEEN[1] - BETWEEN[0])
    return whole, (before + alone(options)) / 2


def alone(options: argparse.Namespace) -> float:
    """Return the time of the kernel in a process with the settings of a worker."""
    line = [sys.executable, __file__, options.scenario, "--engine", options.engine, "--kernel"]
    here = {**os.environ, **SETTINGS, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(line, check=True, stdout=subprocess.PIPE, text=True, env=here)
    return float(done.stdout)


def kernel(options: argparse.Namespace) -> float:
    """Return processor seconds per run of an engine over blocks, without the first block."""
    import numpy as np  # noqa: PLC0415 - the settings of threads come first

    from sim.experiments.batch import case_of, engine_of  # noqa: PLC0415
    from sim.scenario.compile.build import build  # noqa: PLC0415
    from sim.scenario.compile.layouts import layout_of  # noqa: PLC0415
    from sim.scenario.load import load  # noqa: PLC0415

    model = load(options.scenario).base
    layout, path = layout_of(model), options.over.split("=")[0]
    seconds, given = [], {path: np.linspace(0, 1, options.block)}
    engine = engine_of(options.engine, options.runs, [(model, given)])
    for round_ in range(5):
        runs = np.arange(options.block)
        built = build(model, runs=runs, seed=model.seed, numbers=given, layout=layout)
        start = time.process_time()
        engine.simulate(case_of(built))
        if round_:
            seconds.append(time.process_time() - start)
    return sum(seconds) / len(seconds) / options.block


def command(options: argparse.Namespace, out: Path, jobs: int, runs: int) -> list[str]:
    """Return the command line of a sweep."""
    points = str(max(runs // REPLICATES, 1))
    arguments = ["sweep", options.scenario, "--over", options.over, "--design", "lhs"]
    arguments += ["-n", points, "--runs", str(REPLICATES), "--variant", "baseline"]
    if not options.all_outcomes:
        some = 'outcomes=["cohesion CSTO", "affinity ARM>BLR"]'
        arguments += ["--set", some, "--set", "contrasts=null", "--set", "expect=null"]
    arguments += [
        "--engine",
        options.engine,
        "--jobs",
        str(jobs),
        "--block",
        str(options.block),
        "--out",
        str(out),
    ]
    return [sys.executable, "-m", "sim", *arguments]


def swept(
    options: argparse.Namespace, out: Path, runs: int | None = None
) -> tuple[float, float, float]:
    """Return processor and clock seconds of a sweep, and MB of its largest process."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    line = command(options, out, options.jobs, options.runs if runs is None else runs)
    subprocess.run(line, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, time.perf_counter() - start, after.ru_maxrss / 1024


def shared(options: argparse.Namespace) -> float:
    """Return the speed of two jobs in one sweep over that of two sweeps of one job."""
    runs = options.runs // 4
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        pair = [
            subprocess.Popen(
                command(options, Path(folder) / str(at), 1, runs),
                cwd=ROOT,
                stdout=subprocess.DEVNULL,
            )
            for at in range(2)
        ]
        for each in pair:
            each.wait()
        apart = time.perf_counter() - start
        start = time.perf_counter()
        line = command(options, Path(folder) / "both", 2, 2 * runs)
        subprocess.run(line, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
        together = time.perf_counter() - start
    return apart / together


if __name__ == "__main__":
    main()

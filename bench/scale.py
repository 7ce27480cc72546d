"""How time and memory grow with the states of a world, on both engines.

    python -m bench.scale [--states 17 40 80 136 204] [--periods 8] [--runs 16] [--rounds 3]

Each row is an invented world of `blocsim new --synthetic`, run in a process of its own with one
thread. Seconds are those of the processor, the least of the rounds; memory is what the process
takes beyond the world that is built, at its peak. `--whole` measures the command that a user
waits for, on all cores: 204 states, 100 runs of 32 quarters.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from math import log
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from sim.cases.synthetic_world import SyntheticOrder, synthetic_world
from sim.experiments.processes import SETTINGS

STATES = (17, 40, 80, 136, 204)
FIRST_YEAR, QUARTERS = 2020, 4
MEGABYTE = 1e6
UNIT = 1 if sys.platform == "darwin" else 1024  # of the largest memory of a process


def main() -> None:
    """Print the table, or what one world costs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--states", type=int, nargs="+", default=STATES)
    parser.add_argument("--periods", type=int, default=8)
    parser.add_argument("--runs", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--engines", nargs="+", default=("numpy", "compiled"))
    parser.add_argument("--whole", action="store_true", help="measure one whole command")
    parser.add_argument("--one", nargs=2, metavar=("ENGINE", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(cost(*options.one, options)))
        return
    with TemporaryDirectory(prefix="blocsim-scale-") as folder:
        if options.whole:
            _whole(written(Path(folder), STATES[-1], 32), Path(folder) / "out")
            return
        table(Path(folder), options)


def table(folder: Path, options: argparse.Namespace) -> None:
    """Print a row for each number of states and engine, with exponents to the row before."""
    print(f"load {os.getloadavg()[0]:.1f}; {options.periods} quarters, {options.runs} runs")
    print(
        "| engine | states | offers | ms a run and quarter | exponent | MB a run | first use, s |"
    )
    print("|---|---|---|---|---|---|---|")
    for engine in options.engines:
        before: tuple[int, float] | None = None
        for states in options.states:
            file = written(folder, states, options.periods)
            known = _child(engine, file, options)
            ms = 1e3 * known["seconds"] / (options.runs * options.periods)
            power = "" if before is None else f"{log(ms / before[1]) / log(states / before[0]):.2f}"
            cells = (engine, states, known["offers"], f"{ms:.3g}", power)
            print(f"| {' | '.join(map(str, cells))} | {known['mb']:.3g} | {known['first']:.2g} |")
            before = states, ms


def written(folder: Path, states: int, periods: int) -> Path:
    """Write an invented world of so many quarters, unless it is there, and return its file."""
    end = f"{FIRST_YEAR + (periods - 1) // QUARTERS}-Q{(periods - 1) % QUARTERS + 1}"
    file = folder / f"world_{states}.yaml"
    order = SyntheticOrder(count=states, start=f"{FIRST_YEAR}-Q1", end=end)
    text, affinities = synthetic_world(order, file.stem, file.stem)
    file.write_text(text, encoding="utf-8")
    (folder / affinities.file(file.stem)).write_text(affinities.text, encoding="utf-8")
    return file


def cost(engine: str, file: str, options: argparse.Namespace) -> dict[str, Any]:
    """Return what a block of runs of a world costs, in this process."""
    from sim.engine.kernels import kernel  # noqa: PLC0415 - not needed by the parent
    from sim.engine.strips import simulate as compiled  # noqa: PLC0415
    from sim.experiments.batch import NO_NUMBERS, cases_of  # noqa: PLC0415
    from sim.kernel.simulate import simulate  # noqa: PLC0415
    from sim.scenario.load import load  # noqa: PLC0415

    model = load(file).base

    def case(runs: int) -> Any:
        return cases_of([(model, NO_NUMBERS)], runs)[0]

    first = 0.0
    if engine == "compiled":
        start = time.process_time()
        code = kernel(case(2))
        first = time.process_time() - start

    def run(one: Any) -> object:
        if engine == "compiled":
            return compiled(one, code)
        return simulate(one.world, one.rules, one.inputs, one.noise)

    run(case(2))  # index tables, imports
    start, few = _resident(), case(options.runs)
    seconds = [timed(run, few)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * UNIT
    seconds += [timed(run, case(options.runs)) for _ in range(options.rounds - 1)]
    return {
        "offers": len(few.world.layout.offers),
        "seconds": min(seconds),
        "first": first,
        "mb": (peak - start) / options.runs / MEGABYTE,
    }


def timed(run: Callable[[Any], object], case: Any) -> float:
    """Return the processor seconds of a block."""
    start = time.process_time()
    run(case)
    return time.process_time() - start


def _resident() -> float:
    """Return the bytes of memory that this process has now."""
    pages = Path("/proc/self/statm")
    if not pages.exists():
        return float(np.nan)
    return int(pages.read_text(encoding="ascii").split()[1]) * resource.getpagesize()


def _child(engine: str, file: Path, options: argparse.Namespace) -> dict[str, Any]:
    line = [sys.executable, "-m", "bench.scale", "--one", engine, str(file)]
    line += ["--runs", str(options.runs), "--rounds", str(options.rounds)]
    settings = {**os.environ, **SETTINGS, "XDG_CACHE_HOME": str(file.parent / "cache")}
    found = subprocess.run(line, env=settings, check=True, stdout=subprocess.PIPE)
    answer: dict[str, Any] = json.loads(found.stdout)
    return answer


def _whole(file: Path, out: Path) -> None:
    """Print what a whole command takes: clock, processor, largest process, size of the tables."""
    line = [sys.executable, "-m", "sim", "run", str(file), "--runs", "100", "--out", str(out)]
    line += ["--variant", "baseline"]
    start = time.perf_counter()
    subprocess.run(line, check=True, stdout=subprocess.DEVNULL)
    clock, used = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    size = sum(each.stat().st_size for each in out.rglob("*") if each.is_file())
    print(f"load {os.getloadavg()[0]:.1f}; `run --runs 100` of 204 states, 32 quarters")
    print(f"clock {clock:.0f} s, processor {used.ru_utime + used.ru_stime:.0f} s")
    print(f"largest process {used.ru_maxrss * UNIT / MEGABYTE:.0f} MB, results {size / 1e6:.0f} MB")


if __name__ == "__main__":
    main()

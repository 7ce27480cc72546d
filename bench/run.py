"""Limits on the speed of the engine, as ratios: today's package against the previous release.

    python -m bench.run [--rounds 7] [--only flagship --only hindcast ...]

Both sides take turns (A B A B) in their own processes with one thread. Medians of the paired ratios
are printed and kept in `bench/results`, with a file for each version. Seconds are processor time,
unless a line says "by the clock".
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from statistics import median
from time import process_time

import numpy as np

from bench import sweep, versions
from bench.browser import NoBrowserError
from bench.browser_times import browser_times
from bench.checkouts import BEFORE, COMMIT, ROOT, Side, called, once, release, turns
from bench.page_times import page_times
from sim import __version__
from sim.cli.answer_page import FIRST
from sim.engine.selection import LEAST
from sim.experiments.preview import Preview
from sim.experiments.processes import all_cores
from sim.scenario.compile.layouts import layout_of
from sim.scenario.load import load

FLAGSHIP, HINDCAST = "polonez_vs_iskander", "south_caucasus_2005"
BLOCK = 500
FIRST_USE = 2500  # limit of the first use of a layout, in runs of the previous release
SLOW = 4  # runs of the plain Mesa model in a round
AROUND = (1.0, 2.0)  # multiples of the number of runs from which on `auto` compiles
HEADS = ("", "ratio", "limit", "holds", "today", "compared with")


@dataclass(frozen=True)
class Line:
    """A ratio, its limit, and the two numbers whose ratio it is."""

    name: str
    ratio: float
    limit: float
    today: str
    other: str
    most: bool = False  # whether the limit is an upper one, not a lower one

    @property
    def holds(self) -> bool:
        """Return whether the limit is kept."""
        return self.ratio <= self.limit if self.most else self.ratio >= self.limit

    def cells(self) -> tuple[str, ...]:
        """Return the cells of a row."""
        sign = "<=" if self.most else ">="
        holds = "yes" if self.holds else "no"
        return (
            self.name,
            f"{self.ratio:.3g}",
            f"{sign} {self.limit:g}",
            holds,
            self.today,
            self.other,
        )


def main() -> None:
    """Measure, print line by line, and keep the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7, help="turns of each side")
    parser.add_argument(
        "--only", action="append", choices=PARTS, help="measure this part only, and keep no table"
    )
    options = parser.parse_args()
    about = [*machine(), f"Rounds: {options.rounds}, load before {load_now()}"]
    print("\n".join(about), flush=True)
    lines = []
    with release() as before:
        for part in options.only or PARTS:
            for line in PARTS[part](before, options.rounds):
                print(" | ".join(line.cells()), flush=True)
                lines.append(line)
    about[-1] += f", after {load_now()}."
    if not options.only:
        file = ROOT / "bench" / "results" / f"{named()}.md"
        file.parent.mkdir(exist_ok=True)
        file.write_text(page(about, lines), encoding="utf-8")
        versions.keep(file.parent)
        print(f"kept in {file}, and beside those of other versions")


def blocks(scenario: str, *options: str) -> Callable[[Path, int], dict[str, list[float]]]:
    """Return a function that measures blocks of a scenario by all sides in turns."""

    def measured(before: Path, rounds: int) -> dict[str, list[float]]:
        sides = {
            "before": Side(before, "numpy", scenario, *options),
            "compiled": Side(ROOT, "compiled", scenario, *options),
        }
        if scenario == FLAGSHIP and not options:
            sides["narrow"] = Side(ROOT, "compiled", scenario, "--narrow")
            sides["numpy"] = Side(ROOT, "numpy", scenario)
            sides["mesa"] = Side(ROOT, "mesa", scenario, "--runs", str(SLOW))
        return turns(sides, rounds)

    return measured


def paired(name: str, limit: float, ours: Sequence[float], other: Sequence[float]) -> Line:
    """Return the ratio of runs per second to those of another side."""
    ratio = median(slow / fast for slow, fast in zip(other, ours, strict=True))
    return Line(name, ratio, limit, rate(median(ours)), rate(median(other)))


def rate(seconds: float, runs: int = BLOCK) -> str:
    """Return the seconds of some runs as runs per second."""
    return f"{runs / seconds:,.4g} runs/s"


def flagship(before: Path, rounds: int) -> Iterator[Line]:
    """Compare the engines, and the plain Mesa model, on the flagship."""
    costs = blocks(FLAGSHIP)(before, rounds)
    slow, fast = costs["before"], costs["compiled"]
    yield paired("flagship, compiled", 3.8, fast, slow)
    yield paired("flagship, compiled without AVX-512", 2.8, costs["narrow"], slow)
    scale = BLOCK / SLOW
    ratio = median(m * scale / f for m, f in zip(costs["mesa"], fast, strict=True))
    mesa = rate(median(costs["mesa"]), SLOW)
    yield Line("flagship, compiled, plain Mesa model", ratio, 150, rate(median(fast)), mesa)
    ratio = median(now / then for now, then in zip(costs["numpy"], slow, strict=True))
    today, then = rate(median(costs["numpy"])), rate(median(slow))
    yield Line("flagship, time by numpy", ratio, 1.6, today, then, most=True)
    yield paired("flagship, compiled, numpy of this version", 6, fast, costs["numpy"])


def uncertain(before: Path, rounds: int) -> Iterator[Line]:
    """Compare the engines if every run draws its uncertain numbers."""
    costs = blocks(FLAGSHIP, "--uncertain")(before, rounds)
    yield paired("flagship, compiled, --uncertain", 3.5, costs["compiled"], costs["before"])


def hindcast(before: Path, rounds: int) -> Iterator[Line]:
    """Compare the engines on the hindcast, where events change numbers in most periods."""
    costs = blocks(HINDCAST)(before, rounds)
    yield paired("hindcast, compiled", 3.3, costs["compiled"], costs["before"])


def first_use(before: Path, rounds: int) -> Iterator[Line]:
    """Compare the preparation of a kernel with runs of the previous release."""
    for scenario in (FLAGSHIP, HINDCAST):
        made, kept, runs = [], [], []
        with Side(before, "numpy", scenario) as side:
            for number in range(few(rounds)):
                with tempfile.TemporaryDirectory() as cache:
                    made.append(once(ROOT, "first", scenario, cache=Path(cache)))
                    kept.append(once(ROOT, "first", scenario, cache=Path(cache)))
                runs.append(side.cost(1000 * number) / BLOCK * FIRST_USE)
        for name, ours, limit in (("first use", made, 1.0), ("from the cache", kept, 0.1)):
            ratio = median(a / b for a, b in zip(ours, runs, strict=True))
            texts = f"{median(ours):.2f} s", f"{FIRST_USE:,} runs in {median(runs):.2f} s"
            yield Line(f"{scenario}, {name}", ratio, limit, *texts, most=True)


def auto(before: Path, rounds: int) -> Iterator[Line]:
    """Compare auto with numpy around the number of runs from which on it compiles."""
    del before
    for scenario in (FLAGSHIP, HINDCAST):
        model = next(iter(load(scenario).variants.values()))
        periods = len(layout_of(model).calendar)
        worth: list[float] = []
        for times in AROUND:
            runs = round(times * LEAST / periods) + 1
            line = "whole", scenario, "--runs", str(runs), "--engine"
            pairs = []
            for _ in range(few(rounds)):
                with tempfile.TemporaryDirectory() as cache:
                    ours = once(ROOT, *line, "auto", cache=Path(cache))
                    pairs.append((ours, once(ROOT, *line, "numpy", cache=Path(cache))))
            ratio = median(ours / numpy for ours, numpy in pairs)
            texts = (f"{median(each):.2f} s" for each in zip(*pairs, strict=True))
            yield Line(f"{scenario}, auto, {runs:,} runs", ratio, 1.05, *texts, most=True)
        with tempfile.TemporaryDirectory() as cache:
            for _ in range(few(rounds)):
                place = Path(cache) / str(len(worth))
                made = once(ROOT, "first", scenario, cache=place)
                fast, slow = (once(ROOT, kind, scenario) for kind in ("compiled", "numpy"))
                worth.append(made / (slow - fast) * BLOCK * periods)
        number = f"{median(worth):,.0f} runs times periods"
        ratio = median(worth) / LEAST
        yield Line(f"{scenario}, compiling pays from", ratio, 1.0, number, f"{LEAST:,}", most=True)


def commands(before: Path, rounds: int) -> Iterator[Line]:
    """Compare the waiting times of a user, by the clock, with all cores."""
    first, whole, before_first, before_whole = ([], []), ([], []), [], []
    for _ in range(few(rounds)):
        with tempfile.TemporaryDirectory() as folder:
            cache = Path(folder) / "cache"

            def run(tree: Path, name: str, *more: str, cache: Path = cache) -> tuple[float, float]:
                out = str(cache.with_name(name))
                line = ("run", FLAGSHIP, *more, "--out", out)
                return called(tree, line, cache, sign=FIRST)

            before_first.append(run(before, "first", "--runs", "50", "--no-figures")[-1])
            before_whole.append(run(before, "before", "--runs", "1000")[-1])
            for at, name in enumerate(("empty", "full")):
                seen, done = run(ROOT, name, "--runs", "1000")
                if not seen:
                    sys.exit(f"no line of a run began with {FIRST!r}")
                first[at].append(seen)
                whole[at].append(done)
    for at, cache in enumerate(("an empty cache", "the cache")):
        yield clocked(f"first numbers, from {cache}, by the clock", first[at], before_first)
        name = f"run --runs 1000 with figures, from {cache}, by the clock"
        yield clocked(name, whole[at], before_whole)


def clocked(name: str, ours: Sequence[float], other: Sequence[float]) -> Line:
    """Return the seconds of a command as a share of those of another."""
    ratio = median(a / b for a, b in zip(ours, other, strict=True))
    return Line(name, ratio, 0.5, f"{median(ours):.1f} s", f"{median(other):.1f} s", most=True)


def swept(before: Path, rounds: int) -> Iterator[Line]:
    """Compare a sweep, without its start, with its kernel alone."""
    del before
    pairs = [sweep.costs_a_run(FLAGSHIP, "compiled") for _ in range(few(rounds))]
    ratio = median(whole / kernel for whole, kernel in pairs)
    texts = [f"{1e6 * median(each):.0f} us a run" for each in zip(*pairs, strict=True)]
    yield Line("sweep over its kernel, compiled", ratio, 1.5, *texts, most=True)


def preview(before: Path, rounds: int) -> Iterator[Line]:
    """Time a preview of two variants that has been used before."""
    del before
    tried = Preview(FLAGSHIP)
    seconds = []
    for number in range(few(rounds) + 1):
        clock = process_time()
        tried({"states.AZE.find": 0.3 + number / 100}, variants=["no_sale", "sale"])
        seconds.append(process_time() - clock)
    warm = median(seconds[1:])  # the first one also runs the unchanged scenario
    name = "preview of 50 runs of two variants, warm"
    yield Line(name, warm, 1.0, f"{warm:.2f} s", "1 s", most=True)


def pages(before: Path, rounds: int) -> Iterator[Line]:
    """Time pages of the dashboard, by the clock, without a browser and in one."""
    del before, rounds
    try:
        for name, seconds, most in chain(page_times(FLAGSHIP), browser_times(FLAGSHIP)):
            yield Line(f"{name}, s", seconds, most, f"{seconds:.3g} s", f"{most:g} s", most=True)
    except NoBrowserError as missing:
        print(f"not measured in a browser: {missing}", flush=True)


PARTS: dict[str, Callable[[Path, int], Iterator[Line]]] = {
    "flagship": flagship,
    "uncertain": uncertain,
    "hindcast": hindcast,
    "first": first_use,
    "auto": auto,
    "commands": commands,
    "sweep": swept,
    "preview": preview,
    "pages": pages,
}


def few(rounds: int) -> int:
    """Return the number of rounds of slow measurements."""
    return max(rounds // 3, 1)


def named() -> str:
    """Return the version that is measured."""
    return "unreleased" if __version__ == BEFORE else __version__


def machine() -> list[str]:
    """Return the version that is measured, and the machine."""
    line = ["git", "describe", "--always", "--dirty"]
    here = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    commit = here.stdout.strip()
    import llvmlite.binding as llvm  # noqa: PLC0415 - its types are not known to all checkers

    llvms = ".".join(map(str, llvm.llvm_version_info))
    versions = (
        f"Python {platform.python_version()}",
        f"numpy {np.__version__}",
        f"llvmlite {version('llvmlite')} (LLVM {llvms})",
    )
    return [
        f"{named()} ({commit}) against {BEFORE} ({COMMIT}), {datetime.now(UTC):%Y-%m-%d}.",
        f"{processor()}, {all_cores()} cores; {', '.join(versions)}.",
    ]


def processor() -> str:
    """Return the name of the processor, and whether it has AVX-512."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in text.splitlines() if "model name" in line]
    wide = "with" if "avx512f" in text else "without"
    return f"{(names or [platform.machine()])[0]} {wide} AVX-512"


def load_now() -> str:
    """Return the load of the machine: above the number of cores, other programs disturb."""
    return f"{os.getloadavg()[0]:.1f}"


def page(about: Sequence[str], lines: Sequence[Line]) -> str:
    """Return the table that is kept."""
    rows = [HEADS, ("---",) * len(HEADS), *(line.cells() for line in lines)]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    intro = "\n".join(about)
    return f"# Ratios of {named()}\n\n<!-- Generated: `make bench` -->\n\n{intro}\n\n{table}\n"


if __name__ == "__main__":
    main()

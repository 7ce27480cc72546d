"""Compare the hindcast with the patterns of history, over seeds and over fits.

    python -m bench.hindcast [--runs 200] [--jobs N]

Runs `south_caucasus_2005` once for each seed at its start values, and once for each fit with
numbers drawn from a posterior of `blocsim calibrate` on the patterns up to 2017-Q3. Fits are in
build/evidence and are made if they are missing. Writes docs/hindcast.csv, with a row for each set
of numbers, seed (or all of them together) and check, and from it and bench/hindcast.md.in the page
docs/hindcast.md.
"""

from __future__ import annotations

import argparse
import math
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from bench.pages import DOCS, ROOT, Row, band, filled, interval, markdown, number, rows_of, write
from sim.experiments.batch import Batch, PatternReader, engine_of
from sim.experiments.calibration.calibration import CalibrationPlan, calibrate
from sim.experiments.processes import all_cores
from sim.patterns.pattern import Pattern, read_pattern
from sim.patterns.values import MISSING, Values, Verdict, judged
from sim.scenario.load import load
from sim.scenario.schema.root import Model

NAME = "south_caucasus_2005"
TABLE, PAGE = DOCS / "hindcast.csv", DOCS / "hindcast.md"
TEMPLATE = ROOT / "bench" / "hindcast.md.in"
AIMS = ROOT / "bench" / "aims.yaml"
BUILD = ROOT / "build" / "evidence"
RUNS, SEEDS, ALL = 200, (1, 2, 3, 4, 5), "all"
START, POSTERIOR = "start", "posterior"
FITTED = (
    "laws.procurement.*", "laws.consent.*", "laws.restraint.*",
    "states.AZE.import_share", "states.ARM.import_share",
)  # fmt: skip
REPLACED = {  # checks that count, and those that they replaced
    "P18.answered": "P18.hazard",
    "P19.chain": "P19.elsewhere",
    "P31.beyond_chance": "P31.near_a_sale",
}
GIVEN = (  # checks that counted before, but are met by construction
    "P15.members", "P15.members_to_2017", "P15.outsider", "P15.outsider_to_2017",
    "P23.exits_2013_2021", "P23.exits_2013_2024", "P23.exits_2018_2024",
)  # fmt: skip
COLUMNS = (
    "numbers", "seed", "pattern", "check", "use", "scored", "low", "high", "historical", "runs",
    "defined", "q05", "q50", "q95", "inside", "below", "verdict",
)  # fmt: skip


def main() -> None:
    """Measure all, and write table and page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--jobs", type=int, default=all_cores())
    parser.add_argument("--text", action="store_true", help="write the page anew, measure nothing")
    asked = parser.parse_args()
    if not asked.text:
        measure(asked.runs, asked.jobs)
    PAGE.write_text(page(), encoding="utf-8")


def measure(runs: int, jobs: int) -> None:
    """Run all seeds and fits, and write the table."""
    rows: list[Row] = []
    for numbers in (START, POSTERIOR):
        parts: dict[str, Values] = {}
        for seed in SEEDS:
            model = at_start(seed) if numbers == START else fitted(seed, jobs)
            parts[str(seed)] = values_of(model, runs)
            print(f"hindcast: {numbers}, seed {seed}", flush=True)
        columns = np.concatenate([each.values for each in parts.values()], axis=1)
        parts[ALL] = replace(parts[str(SEEDS[0])], values=columns)
        for name, part in parts.items():
            rows += rows_for(judged_by(model), part, numbers, name)
    write(TABLE, COLUMNS, rows)


def at_start(seed: int) -> Model:
    """Return the hindcast at its start values."""
    return load(NAME, seed=seed).base


def fitted(seed: int, jobs: int) -> Model:
    """Return the hindcast with its numbers drawn from the fit of a seed, made if there is none."""
    folder = BUILD / f"calibration_{seed}"
    if not (folder / "posterior.csv").is_file():
        plan = CalibrationPlan(points=4096, parameters=FITTED, jobs=jobs)
        calibrate(f"{NAME}_to_2017", plan=plan, out=folder, seed=seed, force=True)
    with tempfile.TemporaryDirectory() as place:
        own = Path(shutil.copy(ROOT / "scenarios" / f"{NAME}.yaml", place))
        shutil.copy(folder / "posterior.csv", place)
        return load(own, sets=["parameters={posterior: posterior.csv}"], seed=seed).base


def judged_by(model: Model) -> dict[str, Pattern]:
    """Return the patterns of history, and the aims of bench/aims.yaml."""
    return {**model.patterns, "aim": read_pattern(AIMS)}


def values_of(model: Model, runs: int) -> Values:
    """Return the values of all checks in some runs of a model."""
    engine = engine_of("auto", runs, [(model, {})])
    read = PatternReader(judged_by(model))
    return Batch(model=model, runs=np.arange(runs), read=read, engine=engine).result()


def rows_for(
    patterns: dict[str, Pattern], values: Values, numbers: str, seed: str
) -> Iterator[Row]:
    """Yield a row for each check that is covered and has a band."""
    by_name = values.by_name()
    for each in judged(patterns, {numbers: values}):
        if each.verdict != MISSING and each.about.band is not None:
            known = by_name[f"{each.pattern}.{each.check}"]
            yield row_of(each, known[~np.isnan(known)], seed)


def row_of(each: Verdict, known: np.ndarray, seed: str) -> Row:
    """Return the row of a check, with the place of history among the runs that define it."""
    band, documented = each.about.band, each.about.historical
    below = math.nan
    if documented is not None and known.size:
        below = float((known < documented).mean() + (known == documented).mean() / 2)
    cells = {
        "low": band and band.low, "high": band and band.high, "historical": documented,
        "runs": each.runs, "defined": each.defined, "q05": each.q05, "q50": each.q50,
        "q95": each.q95, "inside": each.inside, "below": below,
    }  # fmt: skip
    texts = {"numbers": each.variant, "seed": seed, "pattern": each.pattern, "check": each.check}
    texts |= {"use": each.use, "scored": str(int(each.counts)), "verdict": each.verdict}
    return texts | {name: cell(value) for name, value in cells.items()}


def cell(value: float | None) -> str:
    """Return a number as text for the table; empty for None."""
    return "" if value is None or math.isnan(value) else f"{value:.6g}"


def page() -> str:
    """Return the page of the hindcast."""
    rows = rows_of(TABLE)
    blocks = {"checks": checks(rows)}
    for numbers in (START, POSTERIOR):
        whole = counting(rows, numbers, ALL)
        blocks |= {
            f"runs {numbers}": whole[0]["runs"],
            f"count {numbers}": counted(rows, numbers),
            f"share {numbers}": f"{share(whole):.2f}",
            f"outside {numbers}": "{} of {}".format(*outside(whole)),
        }
    for row in of(rows, START, ALL):
        name = f"{row['pattern']} {row['check']}"
        blocks[f"median {name}"] = number(row["q50"])
        blocks[f"size {name}"] = number(row["q50"]).removeprefix("-")
        blocks[f"share {name}"] = f"{100 * float(row['inside']):.0f} %"
    return filled(TEMPLATE, blocks)


def counts(row: Row) -> bool:
    """Return whether a check counts now."""
    return row["scored"] == "1"


def counted_before(row: Row) -> bool:
    """Return whether a check counted before some were replaced and some removed."""
    name = f"{row['pattern']}.{row['check']}"
    return (counts(row) and name not in REPLACED) or name in (*REPLACED.values(), *GIVEN)


def of(rows: Sequence[Row], numbers: str, seed: str) -> list[Row]:
    """Return the rows of a set of numbers and a seed."""
    return [row for row in rows if (row["numbers"], row["seed"]) == (numbers, seed)]


def counting(rows: Sequence[Row], numbers: str, seed: str) -> list[Row]:
    """Return the rows that count, of a set of numbers and a seed."""
    return [row for row in of(rows, numbers, seed) if counts(row)]


def inside(rows: Sequence[Row]) -> list[str]:
    """Return the patterns whose checks in these rows are all inside."""
    missed = {row["pattern"] for row in rows if row["verdict"] != "inside"}
    return sorted({row["pattern"] for row in rows} - missed)


def counted(rows: Sequence[Row], numbers: str) -> str:
    """Return in words how many patterns are inside, over all seeds and by seed."""
    mine = counting(rows, numbers, ALL)
    by_seed = [len(inside(counting(rows, numbers, str(seed)))) for seed in SEEDS]
    every, within = {row["pattern"] for row in mine}, inside(mine)
    seeds = ", ".join(map(str, by_seed))
    return f"{len(within)} of {len(every)} ({', '.join(within)}); by seed {seeds}"


def checks(rows: Sequence[Row]) -> str:
    """Return the table of checks: band, values of runs, and the place of history among them."""
    head = ["check", "use", "band", "history"]
    for numbers in (START, POSTERIOR):
        head += [f"{numbers}: median [5 %, 95 %]", "runs inside", "runs below history", "verdict"]
    made = []
    for first in of(rows, START, ALL):
        if first["pattern"] == "aim":
            continue
        name = f"{first['pattern']} {first['check']}"
        cells = [
            name if counts(first) else f"({name})",
            first["use"],
            band(first["low"], first["high"]),
        ]
        cells.append(number(first["historical"]))
        for numbers in (START, POSTERIOR):
            cells += found(rows, first, numbers)
        made.append(cells)
    return markdown(head, made)


def found(rows: Sequence[Row], check: Row, numbers: str) -> list[str]:
    """Return the cells of a check for a set of numbers."""
    key = check["pattern"], check["check"]
    mine = {
        row["seed"]: row
        for row in rows
        if row["numbers"] == numbers and (row["pattern"], row["check"]) == key
    }
    whole, seeds = mine[ALL], [mine[str(seed)] for seed in SEEDS]
    hits = sum(row["verdict"] == "inside" for row in seeds)
    verdict = f"{whole['verdict']} ({hits} of {len(seeds)} seeds)"
    below = "-" if not whole["below"] else f"{float(whole['below']):.0%}"
    level = number(whole["q50"]) + interval(whole["q05"], whole["q95"])
    return [level, f"{float(whole['inside']):.0%}", below, verdict]


def share(rows: Sequence[Row]) -> float:
    """Return the mean share of runs inside over checks."""
    return float(np.mean([float(row["inside"]) for row in rows]))


def outside(rows: Sequence[Row]) -> tuple[int, int]:
    """Return the number of checks with history outside 5 to 95 % of runs, and of all checks."""
    documented = [row for row in rows if row["historical"]]
    past = [
        row
        for row in documented
        if not float(row["q05"]) <= float(row["historical"]) <= float(row["q95"])
    ]
    return len(past), len(documented)


if __name__ == "__main__":
    main()

"""What each mechanism does in the shipped scenarios: one table of their ablations.

    python -m bench.ablation [--runs 100] [--set PATH=VALUE ...] [SCENARIO ...]

`make ablation` calls this. It runs `blocsim ablate` on each scenario, all shipped ones unless some
are named; the results lie in build/ablation and are gone on with. docs/ablation.csv has a row a
mechanism and scenario in which it is on: how much it moves, and what most. What is printed is, of
each mechanism, in how many scenarios it is on, and in which it moves anything for sure. `--set`
switches on what scenarios leave off; then the file is not written.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from sim.documents.package_data import shipped_scenarios
from sim.experiments.ablation.ablation import RUNS, ablate
from sim.experiments.ablation.mechanisms import MECHANISMS
from sim.experiments.processes import all_cores

ROOT = Path(__file__).parents[1]
PAGE, PLACE = ROOT / "docs" / "ablation.csv", ROOT / "build" / "ablation"
KEPT = ("moved", "turned", "open", "none", "most", "most_variant", "most_setting", "most_size")


def main() -> None:
    """Run what is not there, write the table, and say what moves nothing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scenarios", nargs="*")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--jobs", type=int, default=all_cores())
    parser.add_argument("--set", action="append", default=[], metavar="PATH=VALUE")
    options = parser.parse_args()
    names = options.scenarios or list(shipped_scenarios())
    frames = [of_scenario(name, options.runs, options.jobs, options.set) for name in names]
    table = pd.concat(frames, ignore_index=True)
    if not options.scenarios and not options.set:
        table.to_csv(PAGE, index=False, float_format="%.4g", lineterminator="\n")
    for line in told(table):
        print(line)


def of_scenario(name: str, runs: int, jobs: int, sets: Sequence[str]) -> pd.DataFrame:
    """Return the rows of the mechanisms that are on in a scenario with some settings."""
    place = PLACE / "_".join([name, *(re.sub(r"\W+", "_", each) for each in sets)])
    result = ablate(name, runs=runs, jobs=jobs, sets=sets, out=place)
    rows = result.mechanisms
    rows = rows[rows["state"] == "run"]
    print(f"{name}: {result.manifest['ablation']['rows']:,} runs", flush=True)
    return rows[["mechanism", *KEPT]].assign(scenario=name)[["scenario", "mechanism", *KEPT]]


def told(table: pd.DataFrame) -> list[str]:
    """Return a line a mechanism: where it is on, and where it moves or turns anything for sure."""
    lines = []
    for name in MECHANISMS:
        mine = table[table["mechanism"] == name]
        moves = mine[(mine["moved"] > 0) | (mine["turned"] > 0)]["scenario"].tolist()
        where = ", ".join(moves) or "nothing"
        lines.append(f"{name}: on in {len(mine)}, moves {len(moves)}: {where}")
    return lines


if __name__ == "__main__":
    main()

"""The region of parameters in which the flagship's claim holds: the sale lowers cohesion.

    python -m bench.region [--points 1024] [--jobs N]

docs/headline_region.csv says where the sale lowers the bloc's cohesion at all, by a tenth of the
smallest effect of interest, and by all of it: in what share of a Latin hypercube over the numbers
that `blocsim sensitivity` varies, with different draws at each point, and in which box of them
(`blocsim discover`); under the rules in force, and under the single rule with the largest fall in
docs/headline_rules.csv. The sweeps are in build/headline; a second call resumes them.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import numpy as np
import pandas as pd

from bench.headline import FLAGSHIP, FORMAT, IN_FORCE, OF, VERSUS
from bench.headline import TABLE as RULES
from bench.pages import DOCS, ROOT, markdown, number
from sim.experiments.adapters import salib_problem
from sim.experiments.discovery import discover
from sim.experiments.priors import latin_points
from sim.experiments.processes import all_cores
from sim.experiments.sweeps.sweep import sweep
from sim.experiments.sweeps.sweep_results import SweepResults
from sim.kernel.errors import InputError
from sim.metrics.catalogue import smallest_effect
from sim.scenario.load import load

TABLE, PLACE = DOCS / "headline_region.csv", ROOT / "build" / "headline"
COHESION = "cohesion CSTO mean 2018-Q4..2021-Q4"
DENSE = 0.9  # share of points of a box in which cohesion falls
MOST = 4  # most numbers that are named
NORMAL_ENDS = 3.5  # standard errors: among 130 numbers chance gives one in 16 tables


def main() -> None:
    """Run the sweeps and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, default=1024)
    parser.add_argument("--jobs", type=int, default=all_cores())
    asked = parser.parse_args()
    sets = ["", farthest(pd.read_csv(RULES))]
    region_table(sets, asked.points, asked.jobs).to_csv(TABLE, **FORMAT)
    print(table())


def table() -> str:
    """Return the table, for a page, of the regions in which the sale lowers cohesion."""
    head = ["rules", "fall by more than", "points", "where it does", "points of the box"]
    head += ["share of them", "share of all such points"]
    lines = []
    for (rules, fall), part in pd.read_csv(TABLE).groupby(["rules", "fall"], sort=False):
        first = part.iloc[0]
        cells = [str(rules), number(fall), f"{first['share']:.1%}"]
        if first["box"] == "none":
            cells += ["no box", "-", "-", "-"]
        else:
            where = zip(part["box"], part["limit"], strict=True)
            cells += [", ".join(f"`{path}` {limit}" for path, limit in where)]
            cells += [f"{first[name]:.1%}" for name in ("mass", "density", "coverage")]
        lines.append(cells)
    return markdown(head, lines)


def strongest() -> str:
    """Return a list of the numbers that correlate with a fall, under each set of rules."""
    parts = []
    for rules, part in pd.read_csv(TABLE).groupby("rules", sort=False):
        named = (each.rpartition(" ") for each in str(part["drivers"].iloc[0]).split("; "))
        far = ", ".join(f"`{path}` ({size})" for path, _, size in named)
        parts.append(f"- {under(str(rules))}: {far}")
    return "\n".join(parts)


def under(rules: str) -> str:
    """Return a set of rules in words."""
    return "under the rules in force" if rules == IN_FORCE else f"under `{rules}`"


def farthest(rules: pd.DataFrame) -> str:
    """Return the single rule under which the sale lowers cohesion most, with numbers drawn."""
    rows = rules[(rules["numbers"] == "drawn") & (rules["outcome"] == COHESION)]
    alone = rows[(rows["rules"] != IN_FORCE) & ~rows["rules"].str.contains(";")]
    return str(alone.loc[alone["mean"].idxmin(), "rules"])


def region_table(sets: Sequence[str], points: int, jobs: int) -> pd.DataFrame:
    """Return where cohesion falls: a row for each rule set, size of fall and limit of the box."""
    smallest = smallest_effect("cohesion", load(FLAGSHIP).base.smallest)
    rows: list[dict[str, object]] = []
    for rules in sets:
        results = swept(rules, points, jobs)
        means = results.means([COHESION], OF, VERSUS)[COHESION]
        far = drivers(results, means)
        means = means[~np.isnan(means)]  # a bloc without members has no cohesion
        for fall in (0.0, smallest / 10, smallest):
            known = {
                "rules": rules or IN_FORCE,
                "fall": fall,
                "points": means.size,
                "share": float(np.mean(means < -fall)),
                "mean": float(means.mean()),
                "p05": float(np.quantile(means, 0.05)),
                "p95": float(np.quantile(means, 0.95)),
                "drivers": far,
            }
            rows += [known | limit for limit in limits(results, fall)]
    return pd.DataFrame(rows)


def swept(rules: str, points: int, jobs: int) -> SweepResults:
    """Return a sweep of both variants over a Latin hypercube, with a run at each point."""
    sets = [f"rules.{rules}"] if rules else []
    problem = salib_problem(FLAGSHIP, OF, sets=sets)
    low, high = np.array(problem["bounds"]).T
    share = latin_points(len(low), points, seed=load(FLAGSHIP).base.seed)
    wide = np.array(problem.get("dists", ["unif"] * len(low))) == "logunif"
    ratio = np.where(wide, high / np.where(wide, low, 1.0), 1.0)
    values = np.where(wide, low * ratio**share, low + (high - low) * share)
    name = rules.replace("=", "_") or "in_force"
    design = PLACE / f"{name}.csv"
    design.parent.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(values, columns=problem["names"]).to_csv(design, index=False)
    outcomes = f"outcomes=[{COHESION}]"
    return sweep(
        FLAGSHIP,
        design=design,
        runs=1,
        sets=[*sets, outcomes, "contrasts=null", "expect=null", "patterns=null"],
        variants=[OF, VERSUS],
        noise="independent",
        out=PLACE / name,
        jobs=jobs,
    )


def drivers(results: SweepResults, means: np.ndarray) -> str:
    """Return the numbers that correlate with the fall, by rank, more than by chance."""
    design = results.design.set_index("point")[list(results.paths)]
    ranks = pd.Series(means, index=design.index).rank()
    found = design.rank().corrwith(ranks).dropna()
    beyond = NORMAL_ENDS / np.sqrt(ranks.count())
    far = found[found.abs() > beyond].sort_values(key=np.abs, ascending=False)[:MOST]
    return "; ".join(f"{path} {size:+.2f}" for path, size in far.items())


def limits(results: SweepResults, fall: float) -> list[dict[str, object]]:
    """Return the limits of the box in which cohesion falls by more than `fall`; may be empty."""
    condition = f"{COHESION} < {-fall:g}"
    try:
        found = discover(results, condition, variant=OF, versus=VERSUS, threshold=DENSE)
    except InputError:
        return [{"box": "none"}]
    box = found.boxes[0]
    return [
        {
            "box": limit.path,
            "limit": limit.words,
            "quasi_p": limit.qp,
            "density": box.density,
            "coverage": box.coverage,
            "mass": box.mass,
        }
        for limit in box.limits
    ]


if __name__ == "__main__":
    main()

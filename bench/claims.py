"""Measure what every shipped scenario expects, and write the numbers that docs/claims.md quotes.

    python bench/claims.py [SCENARIO...] [--jobs N]

Writes docs/claims.csv, one row an expectation, at the scenario's own runs and seed, and from it and
bench/claims.md.in the page docs/claims.md: `{scenario/expectation}` there becomes the mean, and
`{size scenario/expectation}` the mean without its sign. Where scenarios are named, the rows of the
others are kept; with `--text` nothing is measured.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from sim.documents.package_data import shipped_scenarios
from sim.experiments.evaluation import variant_outcomes
from sim.experiments.expectations import FAILS, HOLDS, UNDECIDED, judged
from sim.experiments.options import Options
from sim.experiments.other_scenarios import runs_elsewhere
from sim.scenario.load import Scenario, load
from sim.scenario.schema.expectation import Expectation

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "docs" / "claims.csv"
TEMPLATE = ROOT / "bench" / "claims.md.in"
PAGE = ROOT / "docs" / "claims.md"
QUOTED = re.compile(r"\{(size )?(\w+)/(\w+)\}")
COLUMNS = (
    "scenario", "expectation", "outcome", "variant", "versus", "must",
    "runs", "mean", "low", "high", "holds",
)  # fmt: skip

Row = dict[str, str]
_HELD = {HOLDS: "yes", FAILS: "no", UNDECIDED: "undecided"}


def main() -> None:
    """Measure the scenarios named, or all, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenarios", nargs="*")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--text", action="store_true", help="write the page anew, measure nothing")
    asked = parser.parse_args()
    names = [] if asked.text else asked.scenarios or list(shipped_scenarios())
    kept = [
        row
        for row in table()
        if row["scenario"] not in names and row["scenario"] in shipped_scenarios()
    ]
    found = [row for name in names for row in measured(load(name), asked.jobs)]
    rows = sorted([*kept, *found], key=lambda row: (row["scenario"], row["expectation"]))
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    PAGE.write_text(page(rows), encoding="utf-8")
    missed = [f"{row['scenario']}: {row['expectation']}" for row in rows if row["holds"] != "yes"]
    print(f"{len(rows)} expectations in {TABLE.relative_to(ROOT)}, {len(missed)} missed", *missed)
    sys.exit(1 if missed else 0)


def table() -> list[Row]:
    """Return the rows of the table as it is."""
    if not TABLE.is_file():
        return []
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def page(rows: list[Row]) -> str:
    """Return the page of claims with its numbers filled in from rows of the table."""
    means = {(row["scenario"], row["expectation"]): float(row["mean"]) for row in rows}

    def mean(found: re.Match[str]) -> str:
        value = means[found[2], found[3]]
        return f"{abs(value) if found[1] else value:.3g}"

    return QUOTED.sub(mean, TEMPLATE.read_text(encoding="utf-8"))


def measured(scenario: Scenario, jobs: int = 1) -> list[Row]:
    """Return a row for every expectation of a scenario, from runs of the variants it names."""
    expect = scenario.base.expect
    if not expect:
        return []
    variants = variants_of(scenario, expect)
    options = Options(jobs=jobs)
    verdicts = judged(
        expect,
        variant_outcomes(scenario, variants, options),
        smallest=scenario.base.smallest,
        others=runs_elsewhere(scenario, options),
    )
    rows = []
    for verdict in verdicts:
        each, found = verdict.expectation, verdict.measured
        numbers = {name: f"{getattr(found, name):.10g}" for name in ("mean", "low", "high")}
        rows.append(
            {
                "scenario": scenario.name,
                "expectation": verdict.name,
                "outcome": verdict.outcome,
                "variant": each.variant,
                "versus": each.versus or "",
                "must": must(each),
                "runs": str(found.runs),
                "holds": _HELD[verdict.mark],
                **numbers,
            }
        )
    return rows


def variants_of(scenario: Scenario, expect: Mapping[str, Expectation]) -> list[str]:
    """Return the variants that expectations speak of, in their order."""
    named = {each.variant for each in expect.values()}
    named |= {each.versus for each in expect.values() if each.versus is not None}
    return [name for name in scenario.variants if name in named]


def must(each: Expectation) -> str:
    """Return what is expected: a sign, a band, or in words what else."""
    if each.low is None and each.high is None:
        return each.claim
    low = "" if each.low is None else f"{each.low:g}"
    high = "" if each.high is None else f"{each.high:g}"
    return f"{low}..{high}"


if __name__ == "__main__":
    main()

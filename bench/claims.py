"""Measure the expectations of all shipped scenarios, and write the numbers of docs/claims.md.

    python -m bench.claims [SCENARIO...] [--jobs N]

Writes docs/claims.csv, with a row for each expectation at the scenario's own runs and seed, and
from it and bench/claims.md.in the page docs/claims.md. If scenarios are named, the rows of the
others are kept; with `--text` only the page is written. `python -m bench.evidence` measures missing
rows.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence

from bench.pages import CLAIMS, DOCS, ROOT, Row, filled, rows_of, write
from sim.documents.package_data import shipped_scenarios
from sim.experiments.evaluation import variant_outcomes
from sim.experiments.expectations import FAILS, HOLDS, UNDECIDED, judged
from sim.experiments.options import Options
from sim.experiments.other_scenarios import runs_elsewhere
from sim.metrics.catalogue import smallest_effect
from sim.scenario.load import Scenario, load
from sim.scenario.schema.expectation import Expectation

TEMPLATE = ROOT / "bench" / "claims.md.in"
PAGE = DOCS / "claims.md"
COLUMNS = (
    "scenario", "expectation", "outcome", "variant", "versus", "must",
    "runs", "mean", "low", "high", "smallest", "holds",
)  # fmt: skip

_HELD = {HOLDS: "yes", FAILS: "no", UNDECIDED: "undecided"}


def main() -> None:
    """Measure the named scenarios, or all, and write the table and the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenarios", nargs="*")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument(
        "--text", action="store_true", help="write the page again without measuring"
    )
    asked = parser.parse_args()
    names = [] if asked.text else asked.scenarios or list(shipped_scenarios())
    rows = renewed(names, asked.jobs)
    PAGE.write_text(page(), encoding="utf-8")
    print("python -m bench.evidence --text writes the pages that quote them")
    missed = [f"{row['scenario']}: {row['expectation']}" for row in rows if row["holds"] != "yes"]
    print(f"{len(rows)} expectations in {CLAIMS.relative_to(ROOT)}, {len(missed)} missed", *missed)
    sys.exit(1 if missed else 0)


def renewed(names: Sequence[str], jobs: int) -> list[Row]:
    """Measure some scenarios again, write the table with their rows, and return all rows."""
    shipped = shipped_scenarios()
    kept = [row for row in table() if row["scenario"] in {*shipped} - {*names}]
    found = [row for name in names for row in measured(load(name), jobs)]
    rows = sorted([*kept, *found], key=lambda row: (row["scenario"], row["expectation"]))
    write(CLAIMS, COLUMNS, rows)
    return rows


def lacking() -> list[str]:
    """Return the scenarios with expectations that have no row in the table."""
    written = {(row["scenario"], row["expectation"]) for row in table()}
    expected = {name: load(name).base.expect for name in shipped_scenarios()}
    return [name for name, each in expected.items() if any((name, x) not in written for x in each)]


def table() -> list[Row]:
    """Return the rows of the table as it is."""
    return rows_of(CLAIMS)


def page() -> str:
    """Return the page of claims with its numbers filled in."""
    return filled(TEMPLATE)


def measured(scenario: Scenario, jobs: int = 1) -> list[Row]:
    """Return a row for every expectation of a scenario, from runs of the variants concerned."""
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
        smallest = smallest_effect(verdict.outcome.split()[0], scenario.base.smallest)
        rows.append(
            {
                "scenario": scenario.name,
                "expectation": verdict.name,
                "outcome": verdict.outcome,
                "variant": each.variant,
                "versus": each.versus or "",
                "must": must(each),
                "runs": str(found.runs),
                "smallest": f"{smallest:g}" if differs(each) else "",
                "holds": _HELD[verdict.mark],
                **numbers,
            }
        )
    return rows


def variants_of(scenario: Scenario, expect: Mapping[str, Expectation]) -> list[str]:
    """Return the variants that expectations name, in their order."""
    named = {each.variant for each in expect.values()}
    named |= {each.versus for each in expect.values() if each.versus is not None}
    return [name for name in scenario.variants if name in named]


def differs(each: Expectation) -> bool:
    """Return whether an expectation is about a difference, between variants or dates."""
    return each.ratio is None and (each.versus is not None or each.change is not None)


def must(each: Expectation) -> str:
    """Return the expected sign or band, or another condition in words."""
    if each.low is None and each.high is None:
        return each.claim
    low = "" if each.low is None else f"{each.low:g}"
    high = "" if each.high is None else f"{each.high:g}"
    return f"{low}..{high}"


if __name__ == "__main__":
    main()

"""The summary of a run: outcomes by variant, and verdicts.

For a structural run: the three spreads of every outcome, with the largest marked. For a profile:
the cost of every step.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from sim.cli.screen import Screen, table
from sim.engine.costs import DRAWS, REST, Costs
from sim.experiments.expectations import ExpectationVerdict
from sim.experiments.structural.spreads import NAMES
from sim.records.frames import rows_of
from sim.records.results import Results
from sim.seeing.numerals import band, brief, interval

ABSENT = "not covered"
MICROSECONDS = 1_000_000
YEAR = 1000  # from here on numbers have four digits, years for one
NEVER_CUT = ("verdict", "median", "inside")
COUNTED = ("inside", "outside", "undefined")
SURE = 0.95  # share of resamples in which a spread must be the largest to be marked so


def print_tables(screen: Screen, results: Results, verdicts: Sequence[ExpectationVerdict]) -> None:
    """Print every outcome by variant, its difference from the reference, and the expectations."""
    about, inputs = results.manifest["scenario"], results.manifest["inputs"]
    numbers = "drawn" if about["document"].get("uncertain") else "held at their central values"
    screen.print(about["title"], style="bold")
    screen.print(
        f"{inputs['runs']} runs of each variant, seed {inputs['seed']}. Intervals are 95 % for the "
        f"mean over runs; numbers marked uncertain are {numbers}; "
        f"* marks a difference whose interval excludes zero."
    )
    if inputs["runs"] == 1:
        screen.print("Intervals and differences are undecided: they need 2 runs or more.")
    _print_outcomes(screen, results)
    if "patterns" in list(results):
        _print_patterns(screen, results)
    for verdict in verdicts:
        screen.print(f"{verdict.mark:9} {verdict.text}")
    screen.print()


def _print_outcomes(screen: Screen, results: Results) -> None:
    columns = results["columns"]
    own = columns[columns["file"] == "outcomes.csv"]
    units = dict(zip(own["column"], own["unit"], strict=True))
    reference, differences = results.reference, results["differences"]
    compared = differences[differences["versus"] == reference]
    levels = {(r.outcome, r.variant): r for r in rows_of(results["summary"])}
    by_variant = {(r.outcome, r.variant): r for r in rows_of(compared)}
    groups: dict[str, list[list[str]]] = {}
    for outcome in results.manifest["outcomes"]:
        lines = groups[outcome + (f" ({units[outcome]})" if units.get(outcome) else "")] = []
        for variant in results.variants:
            level = levels[outcome, variant]
            lines.append([variant, brief(level.mean), interval(level.low, level.high)])
            if (difference := by_variant.get((outcome, variant))) is not None:
                mark = "*" if difference.low > 0 or difference.high < 0 else " "
                changed = difference.changed
                lines[-1] += [
                    brief(difference.mean) + mark,
                    interval(difference.low, difference.high),
                    "-" if math.isnan(changed) else f"{changed:.0%}",
                ]
    screen.grouped(
        ["variant", "mean", "interval", f"less {reference}", "interval", "changed"], groups
    )


def _print_patterns(screen: Screen, results: Results) -> None:
    frame = results["patterns"]
    first = results.variants[0]
    shown = table(
        "check", "verdict", "band", "median", "5 to 95 %", "inside", "history",
        title=f"Patterns ({first}; those in brackets are not scored)",
        numbers=("history", "median", "inside"),
    )  # fmt: skip
    for column in shown.columns:
        column.no_wrap = column.header in NEVER_CUT
    own = [row for row in rows_of(frame) if row.variant == first]
    covered = [row for row in own if row.verdict != ABSENT]
    for row in covered:
        shown.add_row(*_pattern_cells(row))
    screen.print(shown)
    if len(covered) < len(own):
        absent = len(own) - len(covered)
        screen.print(f"{absent} checks are on data that the runs do not cover (see patterns.csv).")
    for variant in results.variants:
        screen.print(f"  {variant}: {_score(frame[frame['variant'] == variant])}")
    screen.print()


def _pattern_cells(row: Any) -> list[str]:
    return [
        f"{row.pattern} {row.check}" + (" (fit)" if row.use == "fit" else ""),
        row.verdict if row.scored > 0 else f"({row.verdict})",
        band(row.low, row.high),
        _short(row.q50),
        "-" if math.isnan(row.q50) else f"{_short(row.q05)} to {_short(row.q95)}",
        "-" if math.isnan(row.inside) else f"{row.inside:.0%}",
        _short(row.historical),
    ]


def _short(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.4g}" if abs(value) >= YEAR else f"{value:.3g}"


def _score(frame: pd.DataFrame) -> str:
    """Return how many of the scored patterns lie inside their bands."""
    whole = frame.drop_duplicates("pattern")
    counted = whole[whole["pattern_verdict"].isin(COUNTED)]
    names = {v: counted.loc[counted["pattern_verdict"] == v, "pattern"].tolist() for v in COUNTED}
    missed = [f"{v}: {', '.join(names[v])}" for v in COUNTED[1:] if names[v]]
    text = f"{len(names['inside'])} of {len(counted)} scored patterns inside"
    return f"{text} ({'; '.join(missed)})" if missed else text


def print_spreads(screen: Screen, results: Results) -> None:
    """Print every outcome with its three spreads, and how often each is the largest."""
    about, scenario = results.manifest["structural"], results.manifest["scenario"]
    screen.print(scenario["title"], style="bold")
    screen.print(scenario["question"], style="italic")
    screen.print(
        f"{about['cost']}. The first line of an outcome is the level of {results.reference}, the "
        "others are paired differences. Range: means of the rule sets. "
        "Spreads are standard deviations; * marks the largest, ? if it is the largest in "
        "less than 95 % of resamples."
    )
    if about["points"] == 1:
        screen.print("One parameter point: parameters are held fixed, so their spread is 0.")
    reference = results.reference
    groups: dict[str, list[list[str]]] = {}
    for row in rows_of(results["spreads"]):
        if row.versus != "" or row.variant == reference:
            name = row.variant if row.versus == "" else f"{row.variant} less {row.versus}"
            level = [name, brief(row.mean), interval(row.least, row.most)]
            share = "" if row.driver == "" else f"{row.driver_share:.0%}"
            cells = [*level, *(_spread(row, name) for name in NAMES), row.driver, share]
            groups.setdefault(row.outcome, []).append(cells)
    screen.grouped(["variant", "mean", "range", *NAMES, "driven by", ""], groups)
    _print_counts(screen, results)


def _spread(row: Any, name: str) -> str:
    """Return one spread, marked if it is the largest."""
    value: float = getattr(row, name)
    mark = " " if row.largest != name else "*" if row.sure >= SURE else "?"
    return ("-" if value != value else f"{value:.3g}") + mark  # noqa: PLR0124 - true of nan alone


def _print_counts(screen: Screen, results: Results) -> None:
    """Print how often each spread is the largest, for levels and differences."""
    rows = results["spreads"]
    levels, differences = rows[rows["versus"] == ""], rows[rows["versus"] != ""]
    parts = (("levels", levels), ("differences", differences))
    for words, part in parts:
        if part.empty:
            continue
        counts = {name: int((part["largest"] == name).sum()) for name in NAMES}
        rest = len(part) - sum(counts.values())
        other = f"; {rest} never vary or are undefined" if rest else ""
        listed = ", ".join(f"{name} in {count}" for name, count in counts.items())
        screen.print(f"Largest of {len(part)} {words}: {listed}{other}.")
    negative = int((rows["negative"] != "").sum())
    if negative:
        screen.print(
            f"In {negative} of {len(rows)} rows a variance was estimated below zero and counts as "
            "0: see the column `negative` of spreads.csv."
        )


def print_costs(screen: Screen, title: str, costs: Sequence[Costs], runs: int) -> None:
    """Print the cost of every step by engine: microseconds a run, and share of the total."""
    heads = [text for each in costs for text in (each.engine, "share")]
    rows = table("step", *heads, title=title, numbers=tuple(heads))
    unit = [each.seconds / runs * MICROSECONDS for each in costs]
    steps = dict.fromkeys(step for each in costs for step in each.shares)
    for step in sorted(steps, key=(REST, DRAWS).__contains__):  # the largest first, the rest last
        shares = [each.shares.get(step) for each in costs]
        cells = [
            cell
            for share, micros in zip(shares, unit, strict=True)
            for cell in (("-", "-") if share is None else (f"{share * micros:.1f}", f"{share:.1%}"))
        ]
        rows.add_row(step, *cells)
    rows.add_row("all", *(cell for micros in unit for cell in (f"{micros:.1f}", "100%")))
    screen.print(rows)

"""The verdicts on patterns, as the summary of a run prints them."""

from __future__ import annotations

import math
from typing import Any

from rich.console import Console
from rich.text import Text

from sim.cli.screen import brief, table
from sim.records.results import Results

ABSENT = "not covered"
YEAR = 1000  # from here on numbers have four digits, years for one
NEVER_CUT = ("verdict", "median", "inside")
COUNTED = ("inside", "outside", "undefined")


def print_patterns(screen: Console, results: Results) -> None:
    """Print a verdict on every check of the first variant, and how many patterns each shows."""
    if "patterns" not in list(results):
        return
    frame = results["patterns"]
    first = results.variants[0]
    made = table(
        "check", "verdict", "band", "median", "5 to 95 %", "inside", "history",
        title=f"Patterns ({first}; in brackets what does not count)",
        numbers=("history", "median", "inside"),
    )  # fmt: skip
    for column in made.columns:
        column.no_wrap = column.header in NEVER_CUT
        column.overflow = "fold"
    rows = [row for row in frame.itertuples(index=False) if row.variant == first]
    for row in rows:
        if row.verdict != ABSENT:
            made.add_row(*_cells(row))
    screen.print(made)
    absent = sum(row.verdict == ABSENT for row in rows)
    if absent:
        screen.print(f"{absent} checks ask for what the runs do not cover (see patterns.csv).")
    for variant in results.variants:
        screen.print(Text(f"  {variant}: {_score(frame[frame['variant'] == variant])}"))
    screen.print()


def _cells(row: Any) -> list[str]:
    """Return the cells of one check."""
    known = not math.isnan(row.q50)
    return [
        f"{row.pattern} {row.check}" + (" (fit)" if row.use == "fit" else ""),
        row.verdict if row.scored > 0 else f"({row.verdict})",
        band(row.low, row.high),
        _brief(row.q50),
        f"{_brief(row.q05)} to {_brief(row.q95)}" if known else "-",
        "-" if math.isnan(row.inside) else f"{row.inside:.0%}",
        _brief(row.historical),
    ]


def band(low: float, high: float) -> str:
    """Return a band in words."""
    if math.isnan(low) and math.isnan(high):
        return "-"
    if math.isnan(high):
        return f"from {brief(low)}"
    return f"to {brief(high)}" if math.isnan(low) else f"{brief(low)} to {brief(high)}"


def _brief(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.4g}" if abs(value) >= YEAR else f"{value:.3g}"


def _score(frame: Any) -> str:
    """Return how many of the patterns that count lie inside their bands."""
    whole = frame.drop_duplicates("pattern")
    counted = whole[whole["pattern_verdict"].isin(COUNTED)]
    inside = int((counted["pattern_verdict"] == "inside").sum())
    missed = [
        f"{verdict}: {', '.join(counted.loc[counted['pattern_verdict'] == verdict, 'pattern'])}"
        for verdict in COUNTED[1:]
        if (counted["pattern_verdict"] == verdict).any()
    ]
    text = f"{inside} of {len(counted)} scored patterns inside"
    return f"{text} ({'; '.join(missed)})" if missed else text

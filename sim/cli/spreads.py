"""The summary of a structural run: the three spreads of every outcome, and which is the largest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sim.cli.screen import Screen, aligned, brief, interval
from sim.experiments.structural.spreads import NAMES
from sim.records.results import Results

SURE = 0.95  # share of resamples in which a spread must be the largest to be marked so


def print_spreads(screen: Screen, results: Results) -> None:
    """Print every outcome with its three spreads, and which is largest how often."""
    about, scenario = results.manifest["structural"], results.manifest["scenario"]
    screen.print(scenario["title"], style="bold")
    screen.print(scenario["question"], style="italic")
    screen.print(
        f"{about['cost']}. The first line of an outcome is the level of {results.variants[0]}, the "
        "others are paired differences to it. Range: means of the rule sets. Spreads are standard "
        "deviations; * marks the largest, ? where it is so in less than 95 % of resamples."
    )
    if about["points"] == 1:
        screen.print("One parameter point: the spread by parameters is 0 because they are held.")
    _print_lines(screen, results)
    _print_counts(screen, results)


def _print_lines(screen: Screen, results: Results) -> None:
    """Print a line for each variant under each outcome."""
    first = results.variants[0]
    rows: Iterable[Any] = results["spreads"].itertuples(index=False)
    shown = [row for row in rows if (row.versus == "") == (row.variant == first)]
    head, *lines = aligned(
        [["variant", "mean", "range", *NAMES, "driven by", ""], *map(_cells, shown)], screen.width
    )
    screen.unbroken(head, style="underline")
    outcome = None
    for row, line in zip(shown, lines, strict=True):
        if row.outcome != outcome:
            outcome = row.outcome
            screen.print(str(outcome), style="bold")
        screen.unbroken(line)
    screen.print()


def _cells(row: Any) -> list[str]:
    """Return the cells of one variant of one outcome."""
    driver_share = "" if row.driver == "" else f"{row.driver_share:.0%}"
    level = [row.variant, brief(row.mean), interval(row.least, row.most)]
    return [*level, *(_spread(row, name) for name in NAMES), row.driver, driver_share]


def _spread(row: Any, name: str) -> str:
    """Return one spread, marked if it is the largest."""
    value: float = getattr(row, name)
    mark = " " if row.largest != name else "*" if row.sure >= SURE else "?"
    return ("-" if value != value else f"{value:.3g}") + mark  # noqa: PLR0124 - true of nan alone


def _print_counts(screen: Screen, results: Results) -> None:
    """Print how often each spread is the largest, for levels and for differences."""
    rows = results["spreads"]
    levels, differences = rows[rows["versus"] == ""], rows[rows["versus"] != ""]
    parts = (("levels", levels), (f"differences to {results.variants[0]}", differences))
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

"""`patterns.csv`: a verdict on every check of every pattern, by variant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from sim.patterns.judge import Verdict, by_pattern, judged
from sim.patterns.values import Values
from sim.records.writing import append, row
from sim.scenario.patterns import Pattern

HEADER = (
    "variant,pattern,check,use,scored,quantity,window,low,high,historical,runs,defined,"
    "q05,q50,q95,inside,verdict,pattern_verdict,reason"
)


def write_patterns(
    folder: Path, patterns: Mapping[str, Pattern], found: Mapping[str, Values]
) -> None:
    """Write `patterns.csv`, if the scenario has patterns."""
    if patterns:
        append(folder / "patterns.csv", HEADER, lines(judged(patterns, found)))


def lines(verdicts: Sequence[Verdict]) -> list[str]:
    """Return verdicts as lines of CSV."""
    whole = by_pattern(verdicts)
    return [row(_cells(each, whole[each.variant, each.pattern])) for each in verdicts]


def _cells(each: Verdict, whole: str) -> list[str | float]:
    """Return the cells of one row."""
    band, historical = each.about.band, each.about.historical
    low = None if band is None else band.low
    high = None if band is None else band.high
    return [
        each.variant,
        each.pattern,
        each.check,
        each.use,
        float(each.counts),
        each.about.name,
        each.window,
        *(np.nan if value is None else value for value in (low, high, historical)),
        float(each.runs),
        float(each.defined),
        each.q05,
        each.q50,
        each.q95,
        each.inside,
        each.verdict,
        whole,
        each.reason,
    ]

"""Selection of a run: nearest to the medians of the outcomes, or in the tail of an outcome."""

from __future__ import annotations

import numpy as np

from sim.experiments.outcomes import outcomes_in
from sim.kernel.errors import InputError, Problem, ResultError
from sim.kernel.words import meant, quoted
from sim.records.results import Results

MIDDLE = 50  # percentile from which on the upper tail is meant


def typical_run(results: Results, variant: str) -> tuple[int, str]:
    """Return the run whose outcomes lie nearest to their medians, and why it was selected.

    Distances are in interquartile ranges, or standard deviations if half of the runs are equal;
    their mean over the outcomes counts, and among equals the first run.
    """
    outcomes = outcomes_in(results)
    values = outcomes.values[variant]
    scales, known = [], []
    for row in values:
        there = row[~np.isnan(row)]
        low, high = np.quantile(there, [0.25, 0.75]) if there.size else (0.0, 0.0)
        scale = high - low if high > low else float(there.std()) if there.size else 0.0
        scales.append(scale)
        known.append(scale > 0 and not np.isnan(row).any())
    some = np.array(known, dtype=bool)
    if not some.any():
        return 0, "all runs have the same outcomes"
    rows, widths = values[some], np.array(scales)[some]
    apart = np.abs(rows - np.median(rows, axis=1)[:, None]) / widths[:, None]
    count = int(some.sum())
    return int(apart.mean(axis=0).argmin()), f"nearest to the medians of {count} outcomes"


def extreme_run(results: Results, variant: str, outcome: str, at: float) -> tuple[int, str]:
    """Return the run nearest to a percentile of an outcome, and why it was selected."""
    outcomes = outcomes_in(results)
    text = " ".join(outcome.split())
    names = [each.text for each in outcomes.outcomes]
    if text not in names:
        begun = [each for each in names if each.startswith(f"{text} ")]
        hint = f" (did you mean {quoted(begun[0])}?)" if begun else meant(text, names)
        some = "" if hint else f"; summary.csv lists them, such as {quoted(names[0])}"
        message = f"no outcome {quoted(text)}{hint}{some}"
        raise InputError([Problem("--extreme", 0, 0, "", message)])
    if not 0 <= at <= 100:  # noqa: PLR2004 - per cent
        message = f"must be a percentile from 0 to 100, got {at:g}"
        raise InputError([Problem("--at", 0, 0, "", message)])
    values = outcomes.values[variant][names.index(text)]
    if np.isnan(values).all():
        message = f"{results.folder}: {text} is not defined in any run of {variant}"
        raise ResultError(message)
    wanted = np.nanquantile(values, at / 100)
    run = int(np.nanargmin(np.abs(values - wanted)))
    return run, f"at {at:g} % of {text}: {values[run]:.4g}{_farther(values, run, at)}"


def _farther(values: np.ndarray, run: int, at: float) -> str:
    """Return how to get a run farther out, if most of the runs have the value of this one."""
    known = values[~np.isnan(values)]
    alike = int((known == values[run]).sum())
    end, last = (100, known.max()) if at >= MIDDLE else (0, known.min())
    if 2 * alike <= known.size or last == values[run]:
        return ""
    return f", as in {alike} of {known.size} runs (--at {end} takes one with {last:.4g})"

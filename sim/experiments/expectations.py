"""Expectations: what a scenario must show, judged over its runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from sim.experiments.intervals import Interval, mean_interval, paired_interval
from sim.experiments.summary import Outcomes
from sim.records.read import Results
from sim.scenario.schema import Expectation

Values = Callable[[str, str], np.ndarray]  # variant, outcome -> (runs,)
SIGNS = {1: "positive", -1: "negative", 0: "zero"}


@dataclass(frozen=True)
class Verdict:
    """Whether an expectation holds, and the numbers that say so."""

    name: str
    holds: bool
    text: str


def judged(expect: Mapping[str, Expectation], found: Outcomes) -> list[Verdict]:
    """Return a verdict on every expectation.

    A sign holds where the 95 % interval of the paired difference lies on that side of zero, sign
    zero where it holds zero; a band holds where the mean lies in it.
    """
    place = {outcome.text: at for at, outcome in enumerate(found.outcomes)}
    return _all(expect, lambda variant, outcome: found.values[variant][place[outcome]])


def judged_results(results: Results) -> list[Verdict]:
    """Return a verdict on every expectation whose variants are among stored results."""
    document = results.manifest["scenario"]["document"].get("expect") or {}
    expect = {name: Expectation.model_validate(each) for name, each in sorted(document.items())}
    there = set(results.variants)
    table = results["outcomes"]
    values: dict[tuple[str, str], np.ndarray] = {}

    def read(variant: str, outcome: str) -> np.ndarray:
        if (variant, outcome) not in values:
            rows = table.loc[table["variant"] == variant, outcome]
            values[variant, outcome] = rows.to_numpy(dtype=np.float64)
        return values[variant, outcome]

    known = {
        name: each
        for name, each in expect.items()
        if {each.variant, each.versus or each.variant} <= there
    }
    return _all(known, read)


def _all(expect: Mapping[str, Expectation], values: Values) -> list[Verdict]:
    return [_one(name, each, values) for name, each in expect.items()]


def _one(name: str, each: Expectation, values: Values) -> Verdict:
    """Return the verdict on one expectation."""
    outcome = " ".join(each.outcome.split())
    of_variant = values(each.variant, outcome)
    if each.versus is None or each.sign is None:
        level = mean_interval(of_variant)
        low = -np.inf if each.low is None else each.low
        high = np.inf if each.high is None else each.high
        text = f"{name}: {outcome} in {each.variant} is {level.mean:.4g}, must lie in {_band(each)}"
        return Verdict(name, bool(low <= level.mean <= high), text)
    difference, _ = paired_interval(of_variant, values(each.versus, outcome))
    text = (
        f"{name}: {outcome}, {each.variant} less {each.versus}, is {difference.mean:.4g} "
        f"[{difference.low:.4g}, {difference.high:.4g}], must be {each.sign}"
    )
    return Verdict(name, _has_sign(difference, each.sign), text)


def _has_sign(difference: Interval, sign: str) -> bool:
    """Return whether an interval shows a sign; one that is not defined shows none."""
    return not np.isnan(difference.low) and SIGNS[difference.sign] == sign


def _band(each: Expectation) -> str:
    low = "-inf" if each.low is None else f"{each.low:.4g}"
    high = "inf" if each.high is None else f"{each.high:.4g}"
    return f"[{low}, {high}]"

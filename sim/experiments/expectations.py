"""Expectations: what a scenario must show, judged over its runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.experiments.intervals import Interval, mean_interval
from sim.experiments.outcomes import Outcomes
from sim.kernel.errors import ResultError
from sim.records.kinds import MANIFEST
from sim.records.results import Results
from sim.scenario.schema.root import Expectation

UNDECIDED = "(undecided: needs 2 runs or more)"
SIGNS = {1: "positive", -1: "negative", 0: "zero"}


@dataclass(frozen=True)
class ExpectationVerdict:
    """Whether an expectation holds, and the numbers that say so."""

    name: str
    expectation: Expectation
    holds: bool
    text: str
    measured: Interval  # of the difference, or of the level
    decided: bool = True  # False where there are too few runs to say

    @property
    def outcome(self) -> str:
        """Return the outcome, as tables spell it."""
        return _spelled(self.expectation)

    @property
    def mark(self) -> str:
        """Return the verdict in a word."""
        return "holds" if self.holds else "MISSES" if self.decided else "open"


def judged(expect: Mapping[str, Expectation], outcomes: Outcomes) -> list[ExpectationVerdict]:
    """Return a verdict on every expectation.

    A sign holds where the 95 % interval of the paired difference lies on that side of zero, sign
    zero where it holds zero; a band holds where the mean, or the mean of the difference with
    `versus`, lies in it.
    """
    place = {outcome.text: at for at, outcome in enumerate(outcomes.outcomes)}
    return [_one(name, each, outcomes, place[_spelled(each)]) for name, each in expect.items()]


def expected(results: Results) -> dict[str, Expectation]:
    """Return the expectations of stored results whose variants are among them."""
    try:
        document = results.manifest["scenario"]["document"].get("expect") or {}
        out = {name: Expectation.model_validate(each) for name, each in sorted(document.items())}
        sound = {_spelled(each) for each in out.values()} <= {*results.manifest["outcomes"]}
    except (AttributeError, KeyError, TypeError, ValueError):
        sound = False
    if not sound:
        message = f"{results.folder / MANIFEST}: its scenario cannot be read; it is damaged"
        raise ResultError(message)
    there = set(results.variants)
    return {k: each for k, each in out.items() if {each.variant, each.versus} <= {None, *there}}


def _one(name: str, each: Expectation, outcomes: Outcomes, at: int) -> ExpectationVerdict:
    outcome = _spelled(each)
    if each.versus is None:
        measured = mean_interval(outcomes.values[each.variant][at])
        what = f"{outcome} in {each.variant}"
    else:
        measured, _ = outcomes.difference(each.variant, each.versus, at)
        what = f"{outcome}, {each.variant} less {each.versus},"
    defined, decided = not np.isnan(measured.mean), not np.isnan(measured.low)
    size = f"{measured.mean:.4g}" if defined else "not defined"
    if each.sign is None:
        low = -np.inf if each.low is None else each.low
        high = np.inf if each.high is None else each.high
        text = f"{name}: {what} is {size}, must lie in {_band(each)}"
        return ExpectationVerdict(name, each, bool(low <= measured.mean <= high), text, measured)
    ends = f" [{measured.low:.4g}, {measured.high:.4g}]" if decided else f" {UNDECIDED}"
    text = f"{name}: {what} is {size}{ends if defined else ''}, must be {each.sign}"
    holds = _has_sign(measured, each.sign)
    return ExpectationVerdict(name, each, holds, text, measured, decided or not defined)


def _has_sign(difference: Interval, sign: str) -> bool:
    """Return whether an interval shows a sign; one that is not defined shows none."""
    return not np.isnan(difference.low) and SIGNS[difference.sign] == sign


def _spelled(each: Expectation) -> str:
    return " ".join(each.outcome.split())


def _band(each: Expectation) -> str:
    low = "-inf" if each.low is None else f"{each.low:.4g}"
    high = "inf" if each.high is None else f"{each.high:.4g}"
    return f"[{low}, {high}]"

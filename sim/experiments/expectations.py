"""Expectations: claims about the outcomes of a scenario, judged over its runs.

An expectation holds, fails, or is undecided by its 95 % interval; then the number of runs that
would decide is estimated. A bound on a ratio is judged as a difference (fieller1954).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf, isnan

import numpy as np

from sim.experiments.effects import LARGER, NONE, SMALLER, Effect, at_least, paired_effect, runs_for
from sim.experiments.intervals import LEVEL, Interval, mean_interval, share_interval
from sim.experiments.outcomes import Outcomes, is_bounded, is_share
from sim.kernel.errors import ResultError
from sim.metrics.catalogue import smallest_effect
from sim.records.kinds import MANIFEST
from sim.records.results import Results
from sim.scenario.schema.expectation import Expectation

HOLDS, FAILS, UNDECIDED = "holds", "fails", "undecided"


@dataclass(frozen=True)
class ExpectationVerdict:
    """Whether an expectation holds, and the numbers behind it."""

    name: str
    expectation: Expectation
    mark: str  # holds, fails or undecided
    text: str
    measured: Interval  # of the difference or of the level; of a ratio or share itself
    runs_needed: float = 0.0  # about how many runs would decide it, if undecided
    slight: bool = False  # whether it has the sign but is below the smallest effect

    @property
    def outcome(self) -> str:
        """Return the outcome, as tables spell it."""
        return " ".join(self.expectation.outcome.split())

    @property
    def holds(self) -> bool:
        """Return whether it holds."""
        return self.mark == HOLDS


@dataclass(frozen=True)
class Decision:
    """A verdict on one bound or claim."""

    mark: str
    runs_needed: float = 0.0


def judged(
    expect: Mapping[str, Expectation],
    outcomes: Outcomes,
    *,
    smallest: Mapping[str, float] | None = None,
    others: Mapping[str, np.ndarray] | None = None,
) -> list[ExpectationVerdict]:
    """Return a verdict on every expectation that can be judged.

    A sign holds if the 95 % interval of the paired difference lies on that side of zero; zero if
    there is no difference to speak of; `least` and `most` if the interval lies beyond; a band if
    the mean lies in it (it fails if the interval lies outside). `smallest` has the scenario's
    smallest effects by metric, and `others`, by name of the expectation, the outcome in the runs of
    another scenario, (runs,).
    """
    judge = Judge(outcomes, smallest or {}, others or {})
    there, known = {None, *outcomes.values}, {each.text for each in outcomes.outcomes}
    return [
        judge(name, each)
        for name, each in expect.items()
        if {each.variant, each.versus} <= there
        and {*each.texts} <= known  # an older result may use a metric that no longer exists
        and (each.scenario is None or name in judge.others)
    ]


def expected(results: Results) -> dict[str, Expectation]:
    """Return the expectations of stored results; ResultError if they cannot be read."""
    try:
        document = results.manifest["scenario"]["document"].get("expect") or {}
        out = {name: Expectation.model_validate(each) for name, each in sorted(document.items())}
        texts = {text for each in out.values() for text in each.texts}
        sound = texts <= {*results.manifest["outcomes"]}
    except (AttributeError, KeyError, TypeError, ValueError):
        sound = False
    if not sound:
        message = f"{results.folder / MANIFEST}: its scenario cannot be read; it is damaged"
        raise ResultError(message)
    return out


@dataclass(frozen=True, eq=False)
class Judge:
    """Judges expectations on the same runs."""

    outcomes: Outcomes
    smallest: Mapping[str, float]
    others: Mapping[str, np.ndarray]

    def __call__(self, name: str, each: Expectation) -> ExpectationVerdict:
        """Return the verdict on an expectation."""
        here, there = self._values(each.variant, each), self._reference(name, each)
        slight = False
        if each.ratio is not None and there is not None:
            measured = _ratio(here, there)
            decision = _of_ratio(each, here, there)
        elif each.share is not None:
            above = self.by_run(name, each)
            measured = share_interval(above)
            decision = _beyond(measured, _sd(above), least=each.share.of_runs)
        else:
            effect = self._effect(each, here, there)
            measured = effect.interval
            decision = _of_interval(each, effect)
            small = each.sign not in {None, "zero"} and effect.verdict == NONE
            slight = small and decision.mark == HOLDS
        text = f"{name}: {_subject(each)} is {_size(measured)}, must be {each.claim}"
        if decision.mark == UNDECIDED:
            text += f" (undecided: needs {_count(decision.runs_needed)})"
        mark, runs = decision.mark, decision.runs_needed
        return ExpectationVerdict(name, each, mark, text, measured, runs, slight)

    def by_run(self, name: str, each: Expectation) -> np.ndarray:
        """Return the difference or level in every run, (runs,); of a share, 1 if it is above.

        Of a ratio, which single runs do not have, it is the difference.
        """
        here, there = self._values(each.variant, each), self._reference(name, each)
        apart = here if there is None else here - there
        if each.share is None:
            return apart
        return np.where(np.isnan(apart), np.nan, 1.0 * (apart > each.share.above))

    def _values(self, variant: str, each: Expectation) -> np.ndarray:
        """Return the outcome in every run, or its change between two dates."""
        places = [outcome.text for outcome in self.outcomes.outcomes]
        first, *last = (self.outcomes.values[variant][places.index(text)] for text in each.texts)
        return np.asarray(last[0] - first if last else first)

    def _reference(self, name: str, each: Expectation) -> np.ndarray | None:
        if each.versus is not None:
            return self._values(each.versus, each)
        return self.others.get(name)

    def _effect(self, each: Expectation, here: np.ndarray, there: np.ndarray | None) -> Effect:
        """Return the difference, or the level as if it were one."""
        (outcome,) = (one for one in self.outcomes.outcomes if one.text == each.texts[0])
        least = smallest_effect(outcome.metric, self.smallest)
        share = is_bounded(outcome) and each.change is None
        if there is not None:
            return paired_effect(here, there, smallest=least, share=share)
        nothing = np.where(np.isnan(here), np.nan, 0.0)
        effect = paired_effect(here, nothing, smallest=least)
        if each.change is not None:
            return effect
        level = share_interval(here) if is_share(outcome) else mean_interval(here)
        return Effect(**(vars(effect) | {"interval": level}))


def _of_interval(each: Expectation, effect: Effect) -> Decision:
    """Decide whether an interval has a sign, lies beyond bounds, or its mean lies in a band."""
    measured = effect.interval
    if isnan(measured.mean):
        return Decision(FAILS)
    if each.sign is not None:
        return _of_sign(each.sign, effect)
    if each.least is not None or each.most is not None:
        return _beyond(measured, effect.sd, least=each.least, most=each.most)
    return _in_band(each, effect)


def _of_sign(sign: str, effect: Effect) -> Decision:
    """Decide whether a difference has a sign, or is none to speak of."""
    if sign == "zero":
        if effect.verdict == NONE:
            return Decision(HOLDS)
        if effect.verdict in {LARGER, SMALLER}:
            return Decision(FAILS)
        return Decision(UNDECIDED, effect.runs_to_size if effect.sign else effect.runs_needed)
    if effect.changed == 0:  # zero in every run
        return Decision(FAILS if effect.verdict == NONE else UNDECIDED, effect.runs_needed)
    turned = effect.interval if sign == "positive" else _turned(effect.interval)
    return _beyond(turned, effect.sd, least=0.0, strict=True)


def _in_band(each: Expectation, effect: Effect) -> Decision:
    """Decide whether a mean lies in a band; it fails if the whole interval lies outside."""
    measured = effect.interval
    if each.low is not None and measured.mean < each.low:
        return _beyond(measured, effect.sd, least=each.low)
    if each.high is not None and measured.mean > each.high:
        return _beyond(measured, effect.sd, most=each.high)
    return Decision(HOLDS)


def _beyond(
    measured: Interval,
    sd: float,
    *,
    least: float | None = None,
    most: float | None = None,
    strict: bool = False,
) -> Decision:
    """Decide whether an interval lies beyond bounds; it fails if no part of it does.

    A strict bound must be exceeded, not only reached.
    """
    if isnan(measured.mean):
        return Decision(FAILS)
    if isnan(measured.low):
        return Decision(UNDECIDED, 2)
    marks = []
    for side, bound in ((measured, least), (_turned(measured), None if most is None else -most)):
        if bound is None:
            continue
        if side.low > bound or (side.low == bound and not strict):
            marks.append(Decision(HOLDS))
        elif side.high < bound or (side.high == bound and strict):
            return Decision(FAILS)
        else:
            runs = runs_for(side, sd, abs(side.mean - bound), LEVEL)
            marks.append(Decision(UNDECIDED, at_least(runs, measured.runs + 1)))
    return max(marks, key=lambda each: each.runs_needed)


def _turned(each: Interval) -> Interval:
    return Interval(each.runs, -each.mean, -each.high, -each.low, each.kind)


def _of_ratio(each: Expectation, here: np.ndarray, there: np.ndarray) -> Decision:
    """Decide whether a ratio of means lies between its bounds.

    If the mean of y is above zero, x / y >= c is the same as a mean of x - c y >= 0. If the sign of
    that mean is open, the ratio is undecided.
    """
    below = there[~np.isnan(here - there)]
    under = mean_interval(below)
    if isnan(under.mean) or under.mean == 0 or each.ratio is None:
        return Decision(FAILS)
    if under.sign == 0:
        runs = 2 if isnan(under.low) else runs_for(under, _sd(below), abs(under.mean), LEVEL)
        return Decision(UNDECIDED, at_least(runs, under.runs + 1))
    sign = float(under.sign)
    decisions = []
    for bound, side in ((each.ratio.low, sign), (each.ratio.high, -sign)):
        if bound is not None:
            apart = side * (here - bound * there)
            decisions.append(_beyond(mean_interval(apart), _sd(apart), least=0.0))
    failed = [one for one in decisions if one.mark == FAILS]
    return failed[0] if failed else max(decisions, key=lambda one: one.runs_needed)


def _ratio(here: np.ndarray, there: np.ndarray) -> Interval:
    """Return the ratio of two means over the same runs, without the ends of an interval."""
    both = ~np.isnan(here - there)
    under = there[both].mean() if both.any() else 0.0
    mean = float(here[both].mean() / under) if under != 0 else np.nan
    return Interval(int(both.sum()), mean, np.nan, np.nan, "ratio")


def _sd(values: np.ndarray) -> float:
    values = values[~np.isnan(values)]
    return float(values.std(ddof=1)) if values.size > 1 else np.nan


def _subject(each: Expectation) -> str:
    """Return the measured quantity in words."""
    outcome = " ".join(each.outcome.split())
    if each.change is not None:
        outcome += f" from {each.change.from_} to {each.change.to}"
    other = each.scenario or each.versus
    if each.share is not None:
        less = f" less {other}" if other else ""
        return f"share of runs with {outcome} in {each.variant}{less} above {each.share.above:.4g}"
    if other is None:
        return f"{outcome} in {each.variant}"
    joint = "over" if each.ratio is not None else "less"
    return f"{outcome}, {each.variant} {joint} {other},"


def _size(measured: Interval) -> str:
    if isnan(measured.mean):
        return "not defined"
    ends = "" if isnan(measured.low) else f" [{measured.low:.4g}, {measured.high:.4g}]"
    return f"{measured.mean:.4g}{ends}"


def _count(runs: float) -> str:
    if runs <= 2:  # noqa: PLR2004 - an interval needs two
        return "2 runs or more"
    return f"about {runs:,.0f} runs" if runs < inf else "more runs than can be estimated"

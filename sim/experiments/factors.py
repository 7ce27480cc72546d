"""Factors: the numbers that an analysis varies, their ranges, and the groups that they form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.documents.leaves import Range, value_of
from sim.documents.nodes import DottedPath
from sim.documents.sources import ASSUMED, HYPOTHESIS
from sim.experiments.design import OVER, Axis, Design, axes_of, idle, paths_in
from sim.experiments.options import refuse_unknown
from sim.experiments.priors import prior_of
from sim.kernel.errors import InputError, Problem
from sim.kernel.words import quoted
from sim.scenario.load import Scenario
from sim.scenario.patches import BASELINE
from sim.scenario.paths import NumberPath, meant_path, named_paths, varied_paths

GROUPINGS = ("law", "block", "source")
FACTS, ASSUMPTIONS = "facts", "assumptions"
ENDS = 2  # numbers in LOW..HIGH
MASK = "0 or 1"  # unit of a yes or no
EDGE = 1e-9  # share of a range by which a value stays above an excluded bound

NO_RANGE = "without a range (--spread 0.2 would vary them by 20 %)"
FACT = "facts, without `assumed` among their sources (--facts would vary them)"
SET = "set or removed by the variant itself"
NOT_READ = "without effect on the compiled scenario"
NO_SPREAD = "integer, zero, yes or no, or equal in all runs of a class"


@dataclass(frozen=True)
class Factor:
    """A number that is varied, from low to high."""

    path: str
    unit: str
    value: float  # in the scenario
    low: float
    high: float
    source: str
    logarithmic: bool = False  # whether it is spread evenly over its logarithm

    @property
    def group(self) -> dict[str, str]:
        """Return its group in each grouping: role of a law, section, facts or assumptions."""
        path, words = DottedPath(self.path), {*self.source.replace(",", " ").split()}
        return {
            "law": path.entry if path.of_law else "scenario",
            "block": path.block,
            "source": ASSUMPTIONS if words & {ASSUMED, HYPOTHESIS} else FACTS,
        }


@dataclass(frozen=True)
class Factors:
    """The parameters of an analysis, and the count of numbers left out, by reason."""

    parameters: tuple[Factor, ...]
    left_out: Mapping[str, int]

    @property
    def paths(self) -> list[str]:
        """Return the paths, in order."""
        return [each.path for each in self.parameters]

    def design(self, points: np.ndarray) -> Design:
        """Return points (points, parameters) as a design."""
        axes = (
            Axis(each.path, rides=True, low=each.low, high=each.high) for each in self.parameters
        )
        return Design(tuple(axes), dict(zip(self.paths, points.T.copy(), strict=True)))

    def problem(self, groups: str | None = None) -> dict[str, Any]:
        """Return the parameters as SALib's problem; `groups` names a grouping."""
        problem: dict[str, Any] = {
            "num_vars": len(self.parameters),
            "names": self.paths,
            "bounds": [[each.low, each.high] for each in self.parameters],
            "groups": [each.group[groups] for each in self.parameters] if groups else None,
        }
        if any(each.logarithmic for each in self.parameters):
            scales = [each.logarithmic for each in self.parameters]
            problem["dists"] = ["logunif" if logarithmic else "unif" for logarithmic in scales]
        return problem


def factors_of(
    scenario: Scenario,
    *,
    variants: Sequence[str] = (BASELINE,),
    over: Sequence[str] = (),
    spread: float | None = None,
    facts: bool = False,
) -> Factors:
    """Return the parameters that an analysis of some variants varies.

    Without `over` these are the numbers with a range (uncertain ones and parameters of laws) that
    have `assumed` among their sources; with `facts`, all with a range; with `spread`, also plain
    numbers, by that share of their value to either side. `over` holds `PATH=LOW..HIGH`, or `PATH`
    alone for its own range. InputError if a name or range is wrong, or there is no parameter.
    """
    refuse_unknown("variant", variants, scenario.variants)
    if spread is not None and not 0 < spread <= 1:
        message = f"must be more than 0 to 1, got {spread:g}"
        raise InputError([Problem("--spread", 0, 0, "", message)])
    known, sources = varied_paths(scenario.base), scenario.sources
    if over:
        known = paths_in([scenario.base, *(scenario.variants[name] for name in variants)])
        for name in (BASELINE, *variants):
            sources = {**scenario.sources_of(name), **sources}
    free = _free(scenario, variants, known)
    if over:
        named = tuple(_named(scenario, over, known, sources, spread))
        message = "the variant sets it itself, so that it would not vary"
        if fixed := [_fault(each.path, message) for each in named if each.path not in free]:
            raise InputError(fixed)
        return Factors(named, {})
    left: Counter[str] = Counter()
    factors = []
    for path, number in known.items():
        factor = _factor(number, sources[path], spread) if path in free else None
        if path not in free:
            left[SET] += 1
        elif factor is None:
            left[NO_RANGE if spread is None and number.rides else NO_SPREAD] += 1
        elif not facts and factor.group["source"] == FACTS:
            left[FACT] += 1
        else:
            factors.append(factor)
    return _read(scenario, variants, factors, left)


def _free(
    scenario: Scenario, variants: Sequence[str], known: Mapping[str, NumberPath]
) -> frozenset[str]:
    """Return the paths that at least one of the variants does not change."""
    numbers = [named_paths(scenario.variants[name]) for name in variants]
    return frozenset(
        path
        for path, number in known.items()
        if any(path in theirs and theirs[path].value == number.value for theirs in numbers)
    )


def _factor(number: NumberPath, source: str, spread: float | None) -> Factor | None:
    """Return a number as a factor over its own range, or a share of its value; else None."""
    leaf, prior = number.leaf, prior_of(number)
    if not number.rides or leaf.whole or (leaf.plain and not number.path.of_law):
        return None
    low, high = np.nan, np.nan
    if prior is not None:
        low, high = prior.low, prior.high
    elif spread is not None and leaf.unit != MASK:
        low, high = _cut(leaf, value_of(number.value), spread)
    finite = np.isfinite([low, high]).all() and low < high
    return _over(number, source, low, high) if finite else None


def _over(number: NumberPath, source: str, low: float, high: float) -> Factor:
    prior = prior_of(number)
    return Factor(
        path=str(number.path),
        unit=number.unit,
        value=value_of(number.value),
        low=low,
        high=high,
        source=source,
        logarithmic=prior is not None and prior.dist == "loguniform" and low > 0,
    )


def _cut(leaf: Range, value: float, spread: float) -> tuple[float, float]:
    """Return a value minus and plus a share of itself, within its bounds."""
    width = abs(value) * spread
    low, high = max(value - width, float(leaf.low)), min(value + width, float(leaf.high))
    if leaf.above and low <= leaf.low:
        low = float(leaf.low) + EDGE * (high - float(leaf.low))
    return low, high


def _named(
    scenario: Scenario,
    over: Sequence[str],
    known: Mapping[str, NumberPath],
    sources: Mapping[str, str],
    spread: float | None,
) -> Iterator[Factor]:
    """Yield the parameters in texts `PATH` or `PATH=LOW..HIGH`; InputError lists all faults."""
    faults, spelled = [], []
    for text in over:
        path, equals, ends = (part.strip() for part in text.partition("="))
        own = _factor(known[path], sources[path], spread) if path in known else None
        if path not in known:
            faults.append(_fault(path, f"no number of that name{meant_path(path, known)}"))
        elif not known[path].rides or known[path].leaf.whole or known[path].unit == MASK:
            faults.append(_fault(path, "is not a number that a range can vary"))
        elif equals and len(ends.split("..")) != ENDS:
            faults.append(_fault(path, f"cannot read {quoted(ends)}: write PATH=LOW..HIGH"))
        elif not equals and own is None:
            faults.append(_fault(path, "has no range: write PATH=LOW..HIGH"))
        elif equals or own is None:
            spelled.append(text)
        else:
            spelled.append(f"{path}={own.low!r}..{own.high!r}")
    if faults:
        raise InputError(faults)
    for axis in axes_of(scenario.base, spelled, known):
        yield _over(known[axis.path], sources[axis.path], axis.low, axis.high)


def _fault(path: str, message: str) -> Problem:
    return Problem(OVER, 0, 0, path, message)


def _read(
    scenario: Scenario, variants: Sequence[str], factors: Sequence[Factor], left: Counter[str]
) -> Factors:
    """Return the factors with an effect in the variants; InputError if there are none."""
    unread: set[str] = set()
    if factors:
        ends = np.array([[each.low, each.high] for each in factors]).T
        design = Factors(tuple(factors), {}).design(ends)
        for name in variants:
            theirs = named_paths(scenario.variants[name])
            absent = frozenset(each.path for each in factors if each.path not in theirs)
            unread |= {fault.key for fault in idle(scenario.variants[name], design, absent)}
    left += Counter({NOT_READ: len(unread)})
    read = tuple(each for each in factors if each.path not in unread)
    if not read:
        message = "there is nothing to vary: no number has a range; give --over PATH=LOW..HIGH"
        raise InputError([_fault("", message)])
    return Factors(read, dict(left))

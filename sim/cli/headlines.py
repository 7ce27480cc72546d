"""Headlines: what answers the question of a scenario, in a line each; without pandas, so soon."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.cli.screen import brief, interval
from sim.experiments.expectations import ExpectationVerdict
from sim.experiments.intervals import Interval
from sim.experiments.outcomes import Outcomes

MOST = 6  # outcomes of a scenario that does not say what it must show


def headlines(outcomes: Outcomes, verdicts: Sequence[ExpectationVerdict]) -> list[str]:
    """Return a line for each thing that the scenario must show, else for its first outcomes."""
    place = {outcome.text: at for at, outcome in enumerate(outcomes.outcomes)}
    lines = []
    for verdict in verdicts:
        each, at = verdict.expectation, place[verdict.outcome]
        line = f"{verdict.outcome}: {_level(outcomes, each.variant, at)}"
        if each.versus is not None:
            line += f", {_level(outcomes, each.versus, at)}; {_difference(verdict.measured)}"
        lines.append((at, line))
    return [line for _, line in sorted(lines)] or _extreme_lines(outcomes)


def _extreme_lines(outcomes: Outcomes) -> list[str]:
    """Return the level of each outcome in the first variant, and the variant farthest from it."""
    first, *others = outcomes.values
    lines = []
    for at, outcome in enumerate(outcomes.outcomes[:MOST]):
        line = f"{outcome.text}: {_level(outcomes, first, at)}"
        apart = {name: outcomes.difference(name, first, at)[0] for name in others}
        apart = {name: each for name, each in apart.items() if not math.isnan(each.mean)}
        if apart:
            farthest = max(apart, key=lambda name: abs(apart[name].mean))
            line += f"; farthest from it is {farthest}, {_difference(apart[farthest])}"
        lines.append(line)
    return lines


def _level(outcomes: Outcomes, variant: str, at: int) -> str:
    return f"{brief(outcomes.level(variant, at).mean)} in {variant}"


def _difference(row: Interval) -> str:
    """Return a difference with its interval."""
    ends = "" if math.isnan(row.low) else f" {interval(row.low, row.high)}"
    return f"difference {brief(row.mean)}{ends}"

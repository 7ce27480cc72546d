"""Recorder: the decisions of some runs, period by period, with the inputs of the laws."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sim.engine.trace import Case
from sim.kernel.decision_points import DecisionPoint, RequestPoint
from sim.kernel.inputs import Inputs
from sim.kernel.layout.layout import Layout
from sim.kernel.period import Passed
from sim.kernel.rules import Rules
from sim.kernel.simulate import steps


@dataclass(frozen=True, kw_only=True, eq=False)
class Moment:
    """A period of some runs, or a round of it: its decisions and its results.

    All moments share one log of requests and orders, in which rows of later periods are empty. The
    deliveries of an order are those up to the moment.
    """

    passed: Passed
    rules: Rules  # in force
    inputs: Inputs
    decided: tuple[tuple[Any, DecisionPoint], ...]  # choices and points, in order
    part: int = 0  # number of the first round of the market

    @property
    def rounds(self) -> tuple[Moment, ...]:
        """Return the rounds of the market as moments.

        Decisions before the first round belong to it, those after the last round to that one.
        """
        kinds = [type(point) for _, point in self.decided]
        starts = [at for at, kind in enumerate(kinds) if kind is RequestPoint]
        ends = zip([0, *starts[1:]], [*starts[1:], len(kinds)], strict=True)
        return tuple(
            replace(self, decided=self.decided[first:last], part=part)
            for part, (first, last) in enumerate(ends)
        )

    @property
    def first_row(self) -> int:
        """Return the row of the round's first request among those of the period."""
        return int(self.layout.first_row(self.part))

    def has(self, kind: type[DecisionPoint]) -> bool:
        """Return whether there was a decision of a kind."""
        return any(type(point) is kind for _, point in self.decided)

    @property
    def layout(self) -> Layout:
        """Return the layout of the world."""
        return self.passed.world.layout

    @property
    def period(self) -> int:
        """Return the position of the period in the calendar."""
        return int(self.inputs.number - self.layout.calendar.first)

    def point(self, kind: type[DecisionPoint]) -> tuple[Any, Any]:
        """Return the choices of a kind and their point, the first of several."""
        return next(each for each in self.decided if type(each[1]) is kind)


class Recorder:
    """A hook that records every choice and does not change it."""

    def __init__(self) -> None:
        self._kept: list[tuple[Any, DecisionPoint]] = []

    def __call__(self, choice: Any, point: DecisionPoint) -> Any:
        """Return the choice as the law made it."""
        self._kept.append((choice, point))
        return choice

    def taken(self) -> tuple[tuple[Any, DecisionPoint], ...]:
        """Return the choices recorded since the last call."""
        kept, self._kept = tuple(self._kept), []
        return kept


def moments(case: Case) -> Iterator[Moment]:
    """Yield the periods of some runs, computed by numpy."""
    recorder = Recorder()
    passing = steps(case.world, case.rules, case.inputs, case.noise, recorder, inplace=True)
    for inputs, (passed, rules) in zip(case.inputs, passing, strict=True):
        now = inputs.resolved(passed.world.due)
        yield Moment(passed=_by_then(passed), rules=rules, inputs=now, decided=recorder.taken())


def _by_then(passed: Passed) -> Passed:
    """Return a period with copies of deliveries and repairs, which later periods change."""
    log = passed.world.log
    come = replace(log, delivered=1 * log.delivered, repaired=1 * log.repaired)
    return replace(passed, world=passed.world.but(log=come))

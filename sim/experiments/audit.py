"""Audit: how much of an outcome's variance rests on assumed numbers, on sourced ones, on chance.

Every number that carries a spread is an input: those of the scenario by their own distribution,
parameters of laws over their range (`sim.scenario.prior`). Chance is one more input, the
run's address: rows that share it share all randomness. An assumed number without a spread
stands still, so that the share of the assumed is what can be said, not all that could be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from sim.experiments.accounts import KINDS, Account, accounts
from sim.experiments.asked import asked_metrics
from sim.experiments.freezing import Design, Share, whole_power
from sim.experiments.gathering import Ensemble
from sim.experiments.options import Options, refuse_wrong
from sim.experiments.outcomes import Reading, evaluated
from sim.scenario.build import build
from sim.scenario.draws import drawn
from sim.scenario.layouts import layout_of
from sim.scenario.load import Scenario
from sim.scenario.outcomes import Outcome
from sim.scenario.schema import Model
from sim.simulate import simulate

CHANCE = "chance"
ADDRESSES = 2**32  # a run's number is a word of 32 bits
BLOCK = 500

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Finding:
    """What is found of one outcome: its level, its spread, and the share of each group."""

    outcome: Outcome
    mean: float
    sd: float
    defined: float  # share of the runs in which it has a value
    shares: Sequence[Share]


@dataclass(eq=False)
class Audit:
    """A variant of a scenario about to be audited."""

    scenario: Scenario
    variant: str
    points: int = 128  # asked for; those drawn are a power of two, none if 0
    outcomes: tuple[Outcome, ...] = ()
    numbers: list[Account] = field(init=False)
    design: Design = field(init=False)

    def __post_init__(self) -> None:
        """Take the accounts and lay out the design; refuse what cannot be run."""
        refuse_wrong(runs=self.points)
        Ensemble(self.scenario, Options())  # refuses outcomes that are not recorded
        self.outcomes = self.outcomes or self.scenario.outcomes
        self.numbers = accounts(self.scenario, self.variant)
        groups = {
            kind: [each.path for each in self.varied if each.kind == kind]
            for kind in KINDS
            if any(each.kind == kind for each in self.varied)
        }
        points = whole_power(self.points) if self.points else 0
        self.design = Design({**groups, CHANCE: [CHANCE]}, points, self.model.seed)

    @property
    def model(self) -> Model:
        """Return the variant's model."""
        return self.scenario.variants[self.variant]

    @property
    def runs(self) -> int:
        """Return how many runs the audit takes; none where there is nothing to share out."""
        return self.design.rows if self.outcomes else 0

    @property
    def varied(self) -> list[Account]:
        """Return the numbers that carry a spread."""
        return [each for each in self.numbers if each.spread is not None]

    def findings(self, progress: Progress) -> list[Finding]:
        """Return what is found of every outcome."""
        if not self.runs:
            return []
        values = self.values(self.design.uniform(), progress)
        return [
            _finding(outcome, row, self.design)
            for outcome, row in zip(self.outcomes, values, strict=True)
        ]

    def values(self, uniform: Mapping[str, np.ndarray], progress: Progress) -> np.ndarray:
        """Return every outcome at every row of uniform numbers: (outcomes, rows)."""
        runs = np.minimum(uniform[CHANCE] * ADDRESSES, ADDRESSES - 1).astype(np.uint32)
        given = {
            each.path: drawn(each.spread, uniform[each.path])
            for each in self.varied
            if each.spread is not None
        }
        layout = layout_of(self.model)
        dates = dates_of(self.scenario, self.model)
        found = []
        for start in range(0, runs.size, BLOCK):
            part = slice(start, min(start + BLOCK, runs.size))
            own = {path: values[part] for path, values in given.items()}
            built = build(
                self.model, runs=runs[part], seed=self.model.seed, given=own, layout=layout
            )
            record = simulate(built.world, built.rules, built.inputs, built.noise)
            final = asked_metrics(self.outcomes, record, Options())
            reading = Reading(record=record, final=final, dates=dates)
            found.append(evaluated(self.outcomes, reading)[:, : part.stop - part.start])
            progress(part.stop, runs.size)
        return np.concatenate(found, axis=1)


def dates_of(scenario: Scenario, model: Model) -> dict[str, str]:
    """Return the date of every event of a model, and of those that only other variants have."""
    dates = {name: event.at for name, event in model.events.items()}
    for other in scenario.variants.values():
        for name, event in other.events.items():
            dates.setdefault(name, event.at)
    return dates


def _finding(outcome: Outcome, values: np.ndarray, design: Design) -> Finding:
    """Return what is found of an outcome."""
    known = values[~np.isnan(values)]
    mean, sd = (float(known.mean()), float(known.std())) if known.size else (np.nan, np.nan)
    return Finding(outcome, mean, sd, known.size / values.size, design.shares(values))

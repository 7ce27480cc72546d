"""A watch over runs: it records their events and reasons while numpy computes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.experiments.watch.choice_readers import choices_of
from sim.experiments.watch.choices import KINDS, REQUEST
from sim.experiments.watch.reason_sums import ReasonNotes, ReasonSums
from sim.experiments.watch.recorder import Moment, Recorder
from sim.experiments.watch.run_events import EventNotes
from sim.kernel.inputs import Inputs
from sim.kernel.period import Passed
from sim.kernel.rules import Rules
from sim.scenario.compile.build import Built
from sim.scenario.schema.root import Model

TAKEN = tuple(kind for kind in KINDS if kind != REQUEST)  # requests are read offer by offer


@dataclass(frozen=True, kw_only=True, eq=False)
class Notes:
    """The events and reasons of some runs."""

    events: list[str]  # rows of `events.csv`
    reasons: Mapping[str, ReasonSums]  # by kind of decision


class Watch:
    """Records events and reasons of some runs, of one variant or several side by side."""

    def __init__(self, *variants: tuple[Model, Built]) -> None:
        """Start before the first period of built runs; each variant has a part of the columns."""
        self.recorder = Recorder()
        layout = variants[0][1].world.layout
        parts = [(model, built.draws) for model, built in variants]
        self.events = EventNotes(layout, *parts)
        self.reasons = ReasonNotes(layout)

    def __call__(self, passed: Passed, rules: Rules, inputs: Inputs) -> None:
        """Record the events and reasons of a period."""
        decided = self.recorder.taken()
        moment = Moment(passed=passed, rules=rules, inputs=inputs, decided=decided)
        rounds = moment.rounds
        with np.errstate(all="ignore"):
            choices = [choices_of(each, TAKEN) for each in rounds]
            self.events.see(moment, choices)
            for each, chosen in zip(rounds, choices, strict=True):
                self.reasons.see(each, chosen)

    def notes(self, variant: str, runs: np.ndarray, first: int = 0) -> Notes:
        """Return the events and reasons of a variant, whose runs have the columns from `first`."""
        return Notes(
            events=self.events.lines(variant, runs, first),
            reasons=self.reasons.sums(runs, first),
        )

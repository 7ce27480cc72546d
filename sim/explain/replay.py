"""Replay: some runs of a scenario's variant again, by numpy, with every choice recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.engine.trace import Case
from sim.experiments.batch import Batch, BatchRecord, case_of
from sim.experiments.options import Options
from sim.experiments.outcomes import OutcomeReader, event_dates
from sim.experiments.watch.choice_readers import choices_of
from sim.experiments.watch.choices import Choices
from sim.experiments.watch.recorder import Moment, moments
from sim.kernel.layout.layout import Layout
from sim.kernel.simulate import Record, record_of
from sim.scenario.compile.distributions import Draws
from sim.scenario.load import Scenario
from sim.scenario.schema.outcome_syntax import Outcome
from sim.scenario.schema.root import Model


@dataclass(frozen=True, kw_only=True, eq=False)
class Replay:
    """Some runs of a variant. `moments` are kept and can be read repeatedly."""

    scenario: Scenario
    variant: str
    runs: np.ndarray  # numbers of the runs
    case: Case
    draws: Draws  # the numbers of these runs, by path

    @property
    def model(self) -> Model:
        """Return the model of the variant."""
        return self.scenario.variants[self.variant]

    @property
    def layout(self) -> Layout:
        """Return the layout of the world."""
        return self.case.world.layout

    @cached_property
    def moments(self) -> tuple[Moment, ...]:
        """Return the periods, kept; for many runs use `passing` and keep only what you need."""
        return tuple(self.passing())

    def passing(self) -> Iterator[Moment]:
        """Yield the periods as they are computed."""
        return moments(self.case)

    @cached_property
    def by_moment(self) -> tuple[tuple[tuple[Moment, dict[str, Choices]], ...], ...]:
        """Return the rounds of each period, and the choices of each by kind."""
        return tuple(
            tuple((each, choices_of(each)) for each in moment.rounds) for moment in self.moments
        )

    @cached_property
    def choices(self) -> tuple[Choices, ...]:
        """Return all choices, in the order in which they were made; those of a single run once."""
        return tuple(
            each.of_runs(self.runs.size)
            for period in self.by_moment
            for _, choices in period
            for each in choices.values()
        )

    @cached_property
    def record(self) -> Record:
        """Return the record of the runs, the same that an ensemble makes its tables from."""
        case, passing = self.case, ((each.passed, each.rules) for each in self.moments)
        shape = len(self.moments), case.noise.runs.shape[-1]
        return record_of(case.world, case.rules, passing, shape)

    def outcomes(
        self, options: Options | None = None, outcomes: Sequence[Outcome] | None = None
    ) -> np.ndarray:
        """Return outcomes in the runs, by default those of the scenario: (outcomes, runs)."""
        wanted = self.scenario.outcomes if outcomes is None else tuple(outcomes)
        read = OutcomeReader(wanted, event_dates(self.scenario), options or Options())
        batch = BatchRecord(record=self.record, runs=self.runs, drawn={}, seconds=0.0)
        return read(batch)


def replay(scenario: Scenario, variant: str, runs: Sequence[int]) -> Replay:
    """Return some runs of a variant, named by number, ready to be read."""
    numbers = np.asarray(runs, dtype=np.int64)
    model = scenario.variants[variant]
    batch = Batch(model=model, runs=numbers, read=_whole, seed=scenario.base.seed, shared=False)
    built = batch.built()
    return Replay(
        scenario=scenario, variant=variant, runs=numbers, case=case_of(built), draws=built.draws
    )


def _whole(batch: BatchRecord) -> BatchRecord:
    return batch

"""Gathering: a scenario's runs, block by block, variant after variant."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.errors import InputError, Problem
from sim.experiments.blocks import Study, Task
from sim.experiments.failures import told
from sim.experiments.options import Options
from sim.experiments.outcomes import UnrecordedError, row_of
from sim.experiments.pool import blocks
from sim.experiments.reduction import Reduction
from sim.experiments.summary import Outcomes
from sim.experiments.workplaces import Workplace
from sim.layout import Layout
from sim.records import manifest
from sim.scenario.layouts import layout_of
from sim.scenario.load import Scenario
from sim.scenario.outcomes import Outcome

Progress = Callable[[int, int], None]  # runs done, runs in all


@dataclass(eq=False)
class Ensemble:
    """A scenario about to be run."""

    scenario: Scenario
    options: Options
    workplace: Workplace | None = None
    seconds: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse outcomes whose subject is not recorded, before anything runs."""
        self.layouts: dict[str, Layout] = {
            name: layout_of(model) for name, model in self.scenario.variants.items()
        }
        problems = [
            _problem(self.scenario, at, str(error))
            for at, outcome in enumerate(self.scenario.outcomes)
            for layout in self.layouts.values()
            if outcome.kind != "sale"
            if (error := _missing(outcome, layout)) is not None
        ]
        if problems:
            raise InputError(problems)

    @property
    def inputs(self) -> dict[str, Any]:
        """Return what two runs must share for their tables to be equal."""
        return manifest.inputs(self.scenario, self.options.counting())

    @property
    def runs(self) -> int:
        """Return the number of runs of each variant."""
        return self.scenario.base.runs

    def reductions(
        self, variants: Sequence[str], progress: Progress, *, outcomes_only: bool = False
    ) -> Generator[Reduction, None, None]:
        """Yield the gathered blocks of each variant, one variant after another."""
        shares = self.options.jobs > 1 and not outcomes_only
        with tempfile.TemporaryDirectory(prefix="blocsim-", ignore_cleanup_errors=True) as scratch:
            study = self.study(
                variants, Path(scratch) if shares else None, outcomes_only=outcomes_only
            )
            yield from self._gathered(study, progress)

    def study(self, variants: Sequence[str], scratch: Path | None, *, outcomes_only: bool) -> Study:
        """Return what all blocks of some variants share."""
        return Study(
            models={name: self.scenario.variants[name] for name in variants},
            outcomes=self.scenario.outcomes,
            dates=event_dates(self.scenario),
            seed=self.scenario.base.seed,
            options=self.options,
            runs=self.runs,
            scratch=scratch,
            outcomes_only=outcomes_only,
            patterns={} if outcomes_only else self.scenario.base.patterns,
        )

    def _gathered(self, study: Study, progress: Progress) -> Generator[Reduction, None, None]:
        """Yield the gathered blocks of each variant of a study."""
        tasks = [
            Task(name, start, min(start + self.options.block, self.runs))
            for name in study.models
            for start in range(0, self.runs, self.options.block)
        ]
        done, reduction = 0, Reduction("", study)
        jobs = min(self.options.jobs, len(tasks))
        with closing(blocks(study, tasks, jobs, self.workplace)) as found:
            for block in found:
                if block.task.start == 0:
                    reduction = Reduction(block.task.variant, study)
                reduction.add(block)
                for phase, seconds in block.seconds.items():
                    self.seconds[phase] = self.seconds.get(phase, 0.0) + seconds
                done += block.task.stop - block.task.start
                progress(done, self.runs * len(study.models))
                if block.task.stop == self.runs:
                    yield reduction

    def outcomes(self, variants: Sequence[str], progress: Progress) -> Outcomes:
        """Return the outcomes of some variants; nothing is written."""
        with told("the folder for temporary files"):
            found = list(self.reductions(variants, progress, outcomes_only=True))
        return self.gathered(found)

    def gathered(self, done: Sequence[Reduction]) -> Outcomes:
        """Return the outcomes of variants that are done."""
        return Outcomes(
            outcomes=self.scenario.outcomes,
            values={each.variant: each.outcomes for each in done},
            drawn={each.variant: each.drawn for each in done},
        )


def event_dates(scenario: Scenario) -> Mapping[str, str]:
    """Return the date of every event of any variant; the first variant that has it counts."""
    dates: dict[str, str] = {}
    for model in scenario.variants.values():
        for name, event in model.events.items():
            dates.setdefault(name, event.at)
    return dates


def _missing(outcome: Outcome, layout: Layout) -> UnrecordedError | None:
    """Return what is wrong with the subject of an outcome, if anything is."""
    try:
        row_of(outcome, layout)
    except UnrecordedError as error:
        return error
    return None


def _problem(scenario: Scenario, at: int, message: str) -> Problem:
    """Return a problem with an outcome, at the place where it is written."""
    file, line, column = scenario.where(f"outcomes[{at}]").rsplit(":", 2)
    return Problem(file, int(line), int(column), f"outcomes[{at}]", message)

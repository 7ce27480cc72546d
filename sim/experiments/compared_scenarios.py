"""The runs of a comparison: two scenarios, and the first with coalitions of the second's inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from sim.experiments.comparison_sides import AskedOutcome, Side
from sim.experiments.evaluation import outcomes_of
from sim.experiments.executor import Executor
from sim.experiments.options import Options, Progress, silent
from sim.experiments.outcomes import event_dates
from sim.experiments.shapley import PAIRS, Coalition
from sim.kernel.errors import InputError, Problem
from sim.scenario.schema.outcome_syntax import Outcome
from sim.scenario.schema.root import Model
from sim.scenario.splice import model_of, spliced

FEW = 50  # runs from which the time of an attribution is estimated


@dataclass(frozen=True, eq=False)
class ComparedScenarios:
    """Two scenarios to be run, and the outcomes to be read."""

    first: Side
    second: Side
    asked: Sequence[AskedOutcome]
    inputs: Sequence[str]
    options: Options
    executor: Executor | None

    @property
    def seed(self) -> int:
        """Return the seed of both."""
        return self.first.scenario.base.seed

    @property
    def runs(self) -> int:
        """Return the number of runs of both."""
        return self.first.scenario.base.runs

    @property
    def outcomes(self) -> list[Outcome]:
        """Return every outcome of either side, each once."""
        both = [each.outcome for each in self.asked] + [each.twin for each in self.asked]
        return list({outcome.text: outcome for outcome in both}.values())

    def ends(self, worth: Mapping[Coalition, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Return the outcomes of both sides: (outcomes, runs)."""
        places = [outcome.text for outcome in self.outcomes]
        mine = [places.index(each.outcome.text) for each in self.asked]
        twins = [places.index(each.twin.text) for each in self.asked]
        whole = frozenset(range(len(self.inputs)))
        return worth[frozenset()][mine], worth[whole][twins]

    def worth(
        self,
        coalitions: Sequence[Coalition] | None,
        *,
        exact: bool,
        progress: Progress,
        say: Callable[[str], object],
    ) -> dict[Coalition, np.ndarray]:
        """Return all outcomes under each coalition of the second's inputs: (outcomes, runs).

        Without coalitions only the two scenarios are run. `say` receives the size of the task.
        """
        count, ends = len(self.inputs), [frozenset[int](), frozenset(range(len(self.inputs)))]
        several = list(dict.fromkeys(ends)) if coalitions is None else list(coalitions)
        total = len(several) * self.runs
        if coalitions is not None:
            which = "all orders" if exact else f"{PAIRS} random orders and their reverses"
            what = f"{len(several):,} combinations ({which}) x {self.runs:,} runs"
            say(f"{count} inputs in {what} = {total:,} runs{self._time(total)}")
        progress(0, total)
        values = self._values(
            _Models(self.first, self.second, self.inputs, several), self.runs, progress
        )
        return {each: values[str(at)][0].T for at, each in enumerate(several)}

    def _time(self, total: int) -> str:
        """Return the estimated time of so many runs in words, from a few of them."""
        few = min(FEW, self.runs)
        clock = perf_counter()
        self._values({"": self.first.scenario.variants[self.first.variant]}, few, silent)
        seconds = (perf_counter() - clock) * total / few / max(1, self.options.jobs)
        return f"; {span_of(seconds)}"

    def _values(
        self, models: Mapping[str, Model], runs: int, progress: Progress
    ) -> dict[str, np.ndarray]:
        return outcomes_of(
            models,
            self.outcomes,
            runs=runs,
            seed=self.seed,
            dates={**event_dates(self.second.scenario), **event_dates(self.first.scenario)},
            options=self.options,
            executor=self.executor,
            progress=progress,
        )


def span_of(seconds: float) -> str:
    """Return an estimated length of time in words."""
    minutes = seconds / 60
    if minutes < 1:
        return "less than a minute"
    if minutes < 90:  # noqa: PLR2004 - above, hours are easier to read
        return f"about {minutes:.0f} min"
    return f"about {minutes / 60:.1f} h"


@dataclass(frozen=True, eq=False)
class _Models(Mapping[str, Model]):
    """The first side with each coalition of the second's inputs, by number, compiled when used."""

    first: Side
    second: Side
    inputs: Sequence[str]
    coalitions: Sequence[Coalition]

    def __getitem__(self, number: str) -> Model:
        names = [self.inputs[each] for each in sorted(self.coalitions[int(number)])]
        if len(names) == len(self.inputs):
            return self.second.scenario.variants[self.second.variant]
        if not names:
            return self.first.scenario.variants[self.first.variant]
        try:
            document = spliced(self.first.document, self.second.document, names)
            return model_of(document, self.first.folder)
        except InputError as error:
            only = f" (with only {', '.join(names)} of the other)"
            problems = [replace(each, message=each.message + only) for each in error.problems]
            advice = "the inputs cannot be changed one by one: compare without --attribute"
            raise InputError([*problems, Problem("--attribute", 0, 0, "", advice)]) from None

    def __iter__(self) -> Iterator[str]:
        return map(str, range(len(self)))

    def __len__(self) -> int:
        return len(self.coalitions)

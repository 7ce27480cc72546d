"""Preview: the effect of changed numbers, by a few runs of a few variants.

The files are read once. The runs have the same randomness as in `compare` and `run`, so that a
preview of 50 runs has the first 50 runs of the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sim.engine.engine_names import AUTO
from sim.experiments.effects import Effect
from sim.experiments.evaluation import outcomes_of
from sim.experiments.executor import Executor, unstopped
from sim.experiments.keywords import by_keyword
from sim.experiments.options import Options, Progress, refuse_unknown, refuse_wrong, silent
from sim.experiments.outcomes import Outcomes, event_dates
from sim.kernel.errors import InputError, Problem
from sim.kernel.words import meant, quoted
from sim.scenario.load import Scenario, ScenarioSource
from sim.scenario.patches import Settings, texts_of
from sim.scenario.schema.contrasts import Pair

BLOCK = 50  # runs after which progress is reported and a stop is possible
EXPECTED = 5000  # runs of all calls together, for which the engine is selected
NOTHING = "moves nothing"


@dataclass(frozen=True)
class Mover:
    """The effect of a change on an outcome in a variant."""

    outcome: str
    variant: str
    before: float
    after: float
    effect: Effect

    @property
    def size(self) -> float:
        """Return the effect in smallest effects of interest."""
        return self.effect.size

    def __str__(self) -> str:
        return f"{self.outcome} in {self.variant}: {self.before:.4g} to {self.after:.4g}"


@dataclass(frozen=True, eq=False)
class PreviewResult:
    """A few runs of some variants, paired, and the outcomes that the change has moved."""

    scenario: Scenario
    outcomes: Outcomes
    pairs: tuple[Pair, ...]
    movers: tuple[Mover, ...]  # farthest first
    sets: tuple[str, ...]

    @property
    def levels(self) -> pd.DataFrame:
        """Return one row per outcome and variant: mean and 95 % interval."""
        rows = []
        for at, outcome in enumerate(self.outcomes.outcomes):
            for variant in self.outcomes.values:
                each = self.outcomes.level(variant, at)
                rows.append((variant, outcome.text, each.runs, each.mean, each.low, each.high))
        return pd.DataFrame(rows, columns=["variant", "outcome", "runs", "mean", "low", "high"])

    @property
    def differences(self) -> pd.DataFrame:
        """Return one row per outcome and contrast: the paired difference, as `compare` has it."""
        smallest = self.scenario.base.smallest
        rows = []
        for at, outcome in enumerate(self.outcomes.outcomes):
            for pair in self.pairs:
                each = self.outcomes.effect(pair, at, smallest)
                whole = each.interval
                ends = (whole.runs, whole.mean, whole.low, whole.high)
                rows.append((*pair, outcome.text, *ends, each.changed, each.d, each.verdict))
        names = "variant versus outcome runs difference low high changed d verdict"
        return pd.DataFrame(rows, columns=names.split())

    @property
    def moved(self) -> str:
        """Return a sentence on the outcomes that the change has moved most."""
        if not self.sets:
            return "no changes"
        what = ", ".join(self.sets)
        if not self.movers:
            return f"{what} {NOTHING}"
        return f"{what} moves {'; '.join(map(str, self.movers[:5]))}"


class Preview:
    """A scenario that is read once, to try out changes."""

    @by_keyword
    def __init__(
        self,
        scenario: str | Path,
        *,
        seed: int | None = None,
        engine: str = AUTO,
        jobs: int = 1,
        executor: Executor | None = None,
    ) -> None:
        """Read and check a scenario: a file, or the name of a shipped one."""
        self._source = ScenarioSource(scenario)
        self._seed = seed
        self._options = Options(jobs=jobs, engine=engine)
        self._executor = executor
        self.scenario = self._source.scenario(seed=seed)
        self._unchanged: dict[tuple[str, int], np.ndarray] = {}  # by variant and runs

    def changed(self, sets: Settings = ()) -> Scenario:
        """Return the scenario with some settings; InputError lists all problems."""
        texts = texts_of(sets)
        return self._source.scenario(sets=texts, seed=self._seed) if texts else self.scenario

    @by_keyword
    def __call__(
        self,
        sets: Settings = (),
        *,
        contrast: str | None = None,
        variants: Sequence[str] = (),
        runs: int = BLOCK,
        progress: Progress = silent,
        stop: Callable[[], bool] = unstopped,
    ) -> PreviewResult:
        """Return a few runs of some variants with some settings, and their effects.

        `contrast` names a contrast of the scenario, by default the first. `variants` names any
        variants instead, and the first is subtracted from the others. `progress` is called after
        every block of 50 runs. Interrupted is raised when `stop` returns True.
        """
        texts = texts_of(sets)
        scenario = self.changed(texts)
        refuse_wrong(runs=runs)
        if runs < 1:
            raise InputError([Problem("runs", 0, 0, "", f"must be 1 or more, got {runs}")])
        names, pairs = _asked(scenario, contrast, variants)
        known = [] if not texts else [n for n in names if (n, runs) not in self._unchanged]
        total = runs * (len(names) + len(known))

        def told(before: int) -> Progress:
            return lambda done, _: progress(before + done, total)

        before: dict[str, np.ndarray] = {}
        if texts:
            fresh = self._values(self.scenario, known, runs, told(0), stop)
            self._unchanged |= {(name, runs): each for name, each in fresh.items()}
            before = {n: self._unchanged[n, runs] for n in names if n in self.scenario.variants}
        after = self._values(scenario, names, runs, told(runs * len(known)), stop)
        if not texts:
            self._unchanged |= {(name, runs): each for name, each in after.items()}
        outcomes = Outcomes(outcomes=scenario.outcomes, values=after, drawn={n: {} for n in names})
        moved = _movers(self.scenario, scenario, before, after)
        return PreviewResult(scenario, outcomes, pairs, tuple(moved), texts)

    def _values(
        self,
        scenario: Scenario,
        names: Sequence[str],
        runs: int,
        progress: Progress,
        stop: Callable[[], bool],
    ) -> dict[str, np.ndarray]:
        """Return the outcomes of some variants: (outcomes, runs)."""
        there = [name for name in names if name in scenario.variants]
        if not there:
            return {}
        values = outcomes_of(
            {name: scenario.variants[name] for name in there},
            scenario.outcomes,
            runs=runs,
            seed=scenario.base.seed,
            dates=event_dates(scenario),
            options=self._options,
            executor=self._executor,
            progress=progress,
            rows=BLOCK,
            expected=EXPECTED,
            stop=stop,
        )
        return {name: each[0].T for name, each in values.items()}


def _asked(
    scenario: Scenario, contrast: str | None, variants: Sequence[str]
) -> tuple[list[str], tuple[Pair, ...]]:
    """Return the variants to run, and the pairs to compare."""
    if contrast is not None and variants:
        message = "give a contrast or variants, not both"
        raise InputError([Problem("contrast", 0, 0, "", message)])
    if variants:
        refuse_unknown("variant", variants, scenario.variants)
        first, *others = dict.fromkeys(variants)
        return [first, *others], tuple((other, first) for other in others)
    known = scenario.base.contrasts
    if contrast is not None and contrast not in known:
        message = f"no contrast {quoted(contrast)}{meant(contrast, known)}"
        raise InputError([Problem("contrast", 0, 0, "", message)])
    if not known:
        return [next(iter(scenario.variants))], ()
    chosen = known[contrast or next(iter(known))]
    return [chosen.versus, chosen.of], (chosen.pair,)


def _movers(
    one: Scenario,
    other: Scenario,
    before: Mapping[str, np.ndarray],
    after: Mapping[str, np.ndarray],
) -> list[Mover]:
    """Return the outcomes that a change has moved in any run, the farthest first."""
    places = {outcome.text: at for at, outcome in enumerate(one.outcomes)}
    movers = []
    for variant, old in before.items():
        for at, outcome in enumerate(other.outcomes):
            place = places.get(outcome.text)
            if place is None:
                continue
            pair = {"changed": after[variant][at][None], "as it was": old[place][None]}
            both = Outcomes(outcomes=[outcome], values=pair, drawn={name: {} for name in pair})
            effect = both.effect(("changed", "as it was"), 0, other.base.smallest)
            if effect.changed > 0:
                start, end = (float(np.nanmean(each)) for each in (old[place], after[variant][at]))
                movers.append(Mover(outcome.text, variant, start, end, effect))
    return sorted(movers, key=lambda each: -each.size)

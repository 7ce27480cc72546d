"""Structural runs: every rule set over every variant, at shared parameter points.

Point p has the uncertain numbers that run p of an ensemble with `--uncertain` draws, from their
distributions or from the posterior that the scenario names. The assumed parameters of the laws in
force are drawn from their range, addressed by path and point; those that the scenario or a variant
sets are not. Replicate r of point p has the randomness of run p * replicates + r. Points and runs
are the same for all rule sets and variants, so that differences are paired. With a single point the
numbers have their values. The tables split the spread of each outcome into chance, parameters and
rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from sim.documents.nodes import DottedPath
from sim.experiments.batch import Batch, VariantRuns, blocks_of
from sim.experiments.block_size import block_size
from sim.experiments.executor import Executor, executor_of, results_of
from sim.experiments.intervals import mean_interval, mean_of_defined
from sim.experiments.options import Options, Progress, refuse_wrong, silent
from sim.experiments.outcomes import OutcomeReader, event_dates, is_bounded
from sim.experiments.remedies import as_run_error
from sim.experiments.structural.rule_sets import (
    Crossing,
    RuleSet,
    at_points,
    crossing,
    drawn_by,
    set_by,
    under,
)
from sim.experiments.structural.spreads import NAMES, driver, spreads
from sim.kernel.errors import InputError, Problem, need_flags, need_lists
from sim.records import manifest
from sim.records.columns import Column, row
from sim.records.results import Results, load_results
from sim.records.store import (
    check_place,
    draft,
    hashes,
    place_of,
    scratch_folder,
    settle,
    write_manifest,
)
from sim.records.tables import COLUMNS, SPREADS, STRUCTURAL, dictionary, outcome_column
from sim.scenario.compile.layouts import layout_of
from sim.scenario.load import Scenario, load
from sim.scenario.patches import Settings
from sim.scenario.schema.contrasts import pairs
from sim.scenario.schema.outcome_syntax import Outcome
from sim.scenario.schema.root import Model

POINTS = 10  # parameter points, by default
RUNS = 50  # runs of each rule set and variant over all points, by default


@dataclass(frozen=True)
class RuleSetRuns(VariantRuns):
    """Some runs of a variant under a rule set."""

    rule_set: int = 0

    def __str__(self) -> str:
        return f"rule set {self.rule_set}, {super().__str__()}"


@dataclass(frozen=True, kw_only=True, eq=False)
class RuleSetWork:
    """Runs variants under rule sets at their points; it is sent to each process once."""

    models: Mapping[str, Model]  # by variant
    rule_sets: Sequence[RuleSet]
    fixed: frozenset[str]  # paths of parameters of laws that a variant sets
    points: int
    replicates: int
    seed: int
    read: OutcomeReader

    def __call__(self, task: RuleSetRuns) -> np.ndarray:
        """Return the outcomes of some runs, (outcomes, runs)."""
        base = self.models[task.variant]
        model, points = under(base, self.rule_sets[task.rule_set]), task.runs // self.replicates
        return Batch(
            model=model,
            base=base,
            runs=task.runs,
            numbers={} if self.points == 1 else at_points(model, points, self.seed, self.fixed),
            seed=self.seed,
            read=self.read,
        ).result()


@dataclass(eq=False)
class Structure:
    """A scenario about to be run under every rule set of a crossing."""

    scenario: Scenario
    options: Options
    crossing: Crossing
    points: int
    executor: Executor | None = None

    def __post_init__(self) -> None:
        """Raise InputError if the points do not fit the runs; without uncertainty, take one."""
        refuse_wrong(points=self.points)
        runs, models = self.scenario.base.runs, self.scenario.variants.values()
        self.fixed = set_by(models)
        self.uncertain = drawn_by(models, self.crossing, self.fixed)
        if self.points >= 1 and not self.uncertain:
            self.points = 1
        if self.points < 1 or runs % self.points or runs // self.points < 2:  # noqa: PLR2004
            message = (
                f"{self.points} points do not fit {runs} runs: runs must be a multiple of the "
                f"points, at least twice as many, such as --points {POINTS} --runs {RUNS}"
            )
            raise InputError([Problem("--points", 0, 0, "", message)])

    @property
    def counts(self) -> tuple[int, int]:
        """Return the counts of drawn numbers of the scenario, and of laws."""
        of_laws = sum(DottedPath(path).of_law for path in self.uncertain)
        return len(self.uncertain) - of_laws, of_laws

    @property
    def replicates(self) -> int:
        """Return the number of runs of each point."""
        return self.scenario.base.runs // self.points

    @property
    def inputs(self) -> dict[str, Any]:
        """Return the inputs of the run: runs with equal inputs have equal tables."""
        choices = {role: list(each) for role, each in self.crossing.choices.items()}
        own = {"choices": choices, "points": self.points, "drawn": self.uncertain}
        return manifest.inputs(self.scenario, self.options.counting()) | {"structural": own}

    @cached_property
    def block(self) -> int:
        """Return how many runs are computed together."""
        models = self.scenario.variants.values()
        return block_size(self.options.block, [layout_of(model) for model in models])

    @property
    def total(self) -> int:
        """Return the total number of runs."""
        sets = len(self.crossing.rule_sets)
        return sets * self.scenario.base.runs * len(self.scenario.variants)

    def outcomes(self, progress: Progress) -> Mapping[str, np.ndarray]:
        """Return every outcome by variant: (outcomes, rule sets, points, replicates)."""
        scenario = self.scenario
        tasks = [
            RuleSetRuns(**vars(each), rule_set=at)
            for name in scenario.variants
            for at in range(len(self.crossing.rule_sets))
            for each in blocks_of([name], range(scenario.base.runs), self.block)
        ]
        shape = (len(scenario.outcomes), len(self.crossing.rule_sets), scenario.base.runs)
        values = {name: np.empty(shape) for name in scenario.variants}
        executor = self.executor or executor_of(min(self.options.jobs, len(tasks)))
        count = 0
        with (
            as_run_error("the folder for temporary files"),
            closing(results_of(self._work(), tasks, executor)) as results,
        ):
            for task, outcomes in zip(tasks, results, strict=True):
                values[task.variant][:, task.rule_set, task.start : task.stop] = outcomes
                count += task.stop - task.start
                progress(count, self.total)
        points = (*shape[:2], self.points, self.replicates)
        return {name: table.reshape(points) for name, table in values.items()}

    def _work(self) -> RuleSetWork:
        """Return the work of all tasks; `uncertain` is off, since points give the numbers."""
        scenario = self.scenario
        return RuleSetWork(
            models={
                name: model.model_copy(update={"uncertain": False})
                for name, model in scenario.variants.items()
            },
            rule_sets=self.crossing.rule_sets,
            fixed=self.fixed,
            points=self.points,
            replicates=self.replicates,
            seed=scenario.base.seed,
            read=OutcomeReader(scenario.outcomes, event_dates(scenario), self.options),
        )


def run_structural(
    scenario: Scenario | str | Path,
    *,
    roles: Sequence[str] | None = None,
    points: int = POINTS,
    runs: int | None = None,
    seed: int | None = None,
    sets: Settings = (),
    jobs: int = 1,
    block: int = Options.block,
    exact_to: int = Options.exact_to,
    nu: float = Options.nu,
    xi: float = Options.xi,
    out: str | Path | None = None,
    force: bool = False,
    progress: Progress | None = None,
    executor: Executor | None = None,
    say: Callable[[str], object] | None = None,
) -> Results:
    """Run a scenario under all rule sets; return its spreads by chance, parameters and rules.

    `roles` are crossed over all their variants, by default those in dispute. Every rule set and
    variant has `runs` runs, divided among `points` draws of the uncertain numbers and of the
    assumed parameters of laws. `say` receives the cost before the runs start. A scenario that is
    already loaded keeps its own number of runs.
    """
    options = Options(jobs=jobs, block=block, transfers=0, exact_to=exact_to, nu=nu, xi=xi)
    refuse_wrong(runs=runs, seed=seed, sets=sets)
    need_lists(roles=roles)
    need_flags(force=force)
    if not isinstance(scenario, Scenario):
        scenario = load(scenario, sets=sets, runs=RUNS if runs is None else runs, seed=seed)
    crossed = crossing(scenario, roles)
    structure = Structure(scenario, options, crossed, points, executor)
    tell, step = say or silent, progress or silent
    if out is None:
        with (
            as_run_error("the folder for temporary files"),
            scratch_folder() as folder,
        ):
            tell(cost(structure))
            _write(structure, folder, step)
            return load_results(folder).in_memory()
    place = place_of(out)
    if check_place(place, structure.inputs, force=force):
        return load_results(place)
    tell(cost(structure))
    with as_run_error(str(place)), draft(place) as folder_now:
        _write(structure, folder_now, step)
        settle(folder_now, place)
    return load_results(place)


def cost(structure: Structure) -> str:
    """Return the size of a structural run in words."""
    sizes = " x ".join(f"{len(v)} {role}" for role, v in structure.crossing.choices.items())
    sets = len(structure.crossing.rule_sets)
    variants = len(structure.scenario.variants)
    own, of_laws = structure.counts
    numbers = (
        "numbers held"
        if structure.points == 1
        else f"numbers drawn: {own} of the scenario, {of_laws} assumed of its laws"
    )
    text = (
        f"{sets} rule sets ({sizes}) x {variants} variants x {structure.points} points "
        f"({numbers}) x {structure.replicates} replicates = {structure.total:,} runs"
    )
    out = [f"{role} (variant {name})" for role, name in structure.crossing.left_out.items()]
    return text + (f"; left out, as variants choose their own: {', '.join(out)}" if out else "")


def _write(structure: Structure, folder: Path, progress: Progress) -> None:
    """Write the tables and the manifest of a structural run to a folder."""
    began, clock = datetime.now(UTC), perf_counter()
    scenario = structure.scenario
    write_tables(folder, structure, structure.outcomes(progress))
    write_manifest(
        folder,
        {
            "inputs": structure.inputs,
            "complete": True,
            **manifest.described(scenario),
            "structural": {
                "points": structure.points,
                "replicates": structure.replicates,
                "rule_sets": [dict(each) for each in structure.crossing.rule_sets],
                "left_out": dict(structure.crossing.left_out),
                "drawn": dict(zip(("scenario", "laws"), structure.counts, strict=True)),
                "uncertain": structure.uncertain,
                "held": sorted(structure.fixed),
                "cost": cost(structure),
            },
            "files": hashes(folder),
            "how": {
                "commit": manifest.commit(),
                "jobs": structure.options.jobs,
                "block": structure.block,
                "began": began.isoformat(timespec="seconds"),
                "seconds": {"total": round(perf_counter() - clock, 3)},
            },
        },
    )


def write_tables(folder: Path, structure: Structure, outcomes: Mapping[str, np.ndarray]) -> None:
    """Write `structural.csv`, `spreads.csv` and `columns.csv`.

    `outcomes` holds those of each variant, (outcomes, rule sets, points, replicates).
    """
    crossing, scenario = structure.crossing, structure.scenario
    base = scenario.base
    compared = pairs(base.contrasts, outcomes, base.reference)
    levels, rows = [], []
    for at, outcome in enumerate(scenario.outcomes):
        of = {(name, ""): outcomes[name][at] for name in outcomes}
        of |= {pair: outcomes[pair[0]][at] - outcomes[pair[1]][at] for pair in compared}
        for (variant, versus), values in of.items():
            keys = (outcome.text, variant, versus)
            levels += [row([*keys, *cells]) for cells in _levels(crossing, outcome, values)]
            rows.append(row([*keys, *_spread(crossing, values, scenario.base.seed)]))
    STRUCTURAL.append(folder, levels, crossing.roles)
    SPREADS.append(folder, rows)
    COLUMNS.append(folder, _columns(scenario.outcomes, crossing.roles))


def _levels(
    crossing: Crossing, outcome: Outcome, values: np.ndarray
) -> Iterator[list[str | float]]:
    """Yield number, rules, mean and interval of every rule set.

    The sampling units are points, since the runs of a point share its numbers.
    """
    units = (
        values.reshape(len(values), -1)
        if values.shape[1] == 1
        else mean_of_defined(values, axis=-1)
    )
    for at, rule_set in enumerate(crossing.rule_sets):
        each = mean_interval(units[at])
        ends = np.array([each.low, each.high])
        if is_bounded(outcome):
            ends = np.clip(ends, -1.0 if values.min() < 0 else 0.0, 1.0)
        yield [str(at), *rule_set.values(), each.mean, *map(float, ends)]


def _spread(crossing: Crossing, values: np.ndarray, seed: int) -> list[str | float]:
    """Return the cells of a row of `spreads.csv` that follow its keys."""
    spread = spreads(values, seed=seed)
    means = mean_of_defined(values.reshape(len(values), -1), axis=-1)
    known = means[~np.isnan(means)]
    whole = float(mean_of_defined(values.ravel(), axis=0))
    role, share = driver(means, crossing.sizes) if spread.sd[-1] > 0 else (-1, np.nan)
    cells: list[str | float] = [float((~np.isnan(values)).sum()), whole]
    cells += [float(known.min()), float(known.max())] if known.size else [np.nan, np.nan]
    cells.append(float(np.mean(np.sign(known) == np.sign(whole))) if known.size else np.nan)
    for at in range(len(NAMES)):
        ends = (*spread.sd_ends[at], spread.share[at], *spread.share_ends[at])
        cells += [float(spread.sd[at]), *map(float, ends)]
    cells += [spread.largest, spread.sure, " ".join(spread.negative)]
    return [*cells, "" if role < 0 else crossing.roles[role], share]


def _columns(outcomes: Sequence[Outcome], roles: Sequence[str]) -> list[str]:
    described = [*STRUCTURAL.described([Column(role, "", f"Rule of {role}.") for role in roles])]
    described += SPREADS.described()
    for outcome in outcomes:
        about = outcome_column(outcome)
        described.append(("outcomes", Column(about.name, about.unit, about.text)))
    return dictionary(described)

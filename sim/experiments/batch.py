"""Draws of runs that many worlds share: variants, points of a design, rule sets.

A block of runs: built, simulated and measured, in whatever process.

Judging: the values of patterns over runs, and verdicts on them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from sim.experiments.exact import NAMES, Exact, exact_metrics
from sim.experiments.options import RANGED, SERIES, Options
from sim.experiments.outcomes import Reading, asked_metrics, evaluated
from sim.experiments.scratch import put_series
from sim.kernel.collect import subjects
from sim.kernel.layout.layout import Layout
from sim.kernel.noise import Noise
from sim.kernel.simulate import Record, simulate
from sim.metrics.catalogue import METRICS
from sim.patterns.pattern import Pattern
from sim.patterns.simulated import history_of
from sim.patterns.values import Values, values
from sim.records.transfers import Transfers, transfers_of
from sim.scenario.compile.build import Built, build, noise_of
from sim.scenario.compile.layouts import layout_of
from sim.scenario.schema.outcome_syntax import Outcome
from sim.scenario.schema.root import Model

LISTS = 2  # of runs, as of 1,000 in blocks of 500 done by two processes in turns
ROOM = 1 << 26  # bytes of each; the 29 periods of the flagship take 37 MB in blocks of 500


def shared_draws(runs: np.ndarray, seed: int) -> Noise:
    """Return the draws of some runs, named by number.

    Worlds of the same runs that a process makes one after another share the tables of draws, so
    that each is computed once.
    """
    return _kept(np.asarray(runs, dtype=np.uint32).tobytes(), seed)


@lru_cache(maxsize=LISTS)
def _kept(runs: bytes, seed: int) -> Noise:
    """Return the draws of runs that were asked for lately."""
    return noise_of(np.frombuffer(runs, dtype=np.uint32), seed, room=ROOM)


TIES = ("affinity", "rivalry", "debt", "arrears", "imports_after", "delivered", "paid")
TIES_AT_START = {"affinity_start": "affinity", "imports_before": "recent_tiv"}

_OF_WORLD = {"imports_after": "recent_tiv", "delivered": "imported_tiv"}


def _none() -> np.ndarray:
    """Return no cells."""
    return np.zeros((0, 0))


@dataclass(frozen=True, kw_only=True, eq=False)
class Study:
    """What all blocks of an ensemble share; it travels to each worker once."""

    models: Mapping[str, Model]
    outcomes: tuple[Outcome, ...]
    dates: Mapping[str, str]  # event -> date
    seed: int
    options: Options
    runs: int
    scratch: Path | None = None  # folder for series, where workers share them by file
    outcomes_only: bool = False
    patterns: Mapping[str, Pattern] = field(default_factory=dict)

    @property
    def exact(self) -> bool:
        """Return whether all costly metrics are wanted, not those of outcomes alone."""
        return not self.outcomes_only

    @property
    def kept(self) -> int:
        """Return how many runs enter series and ties."""
        return 0 if self.outcomes_only else min(self.runs, SERIES)

    @property
    def ranged(self) -> int:
        """Return for how many runs stability is worked out over the weights of entrapment."""
        return 0 if self.outcomes_only else min(self.runs, RANGED)

    def worker(self) -> Worker:
        """Return what runs the blocks in one process."""
        return Worker(self)

    @cached_property
    def _worker(self) -> Worker:
        return self.worker()

    def __call__(self, task: Task) -> Block:
        """Return the block of a task."""
        return self._worker.run(task)

    def folder(self, variant: str) -> Path | None:
        """Return the folder of a variant's series, if they are shared by files."""
        return None if self.scratch is None else self.scratch / variant


@dataclass(frozen=True)
class Task:
    """Some runs of a variant, from `start` to before `stop`."""

    variant: str
    start: int
    stop: int

    def __str__(self) -> str:
        """Return which runs these are."""
        return f"variant {self.variant}, runs {self.start} to {self.stop - 1}"

    def first(self, most: int) -> slice:
        """Return those of the runs that are among the first `most`."""
        return slice(self.start, max(self.start, min(self.stop, most)))


@dataclass(frozen=True, kw_only=True, eq=False)
class Block:
    """What a block of runs leaves behind for the tables."""

    task: Task
    outcomes: np.ndarray  # (outcomes, runs)
    drawn: Mapping[str, np.ndarray]  # path -> (runs,)
    seconds: Mapping[str, float]
    metrics: tuple[tuple[str, int], ...] = ()  # name and number of dates, in the order of cells
    cells: np.ndarray = field(
        default_factory=_none
    )  # (metric x subject x date, runs kept); empty if shared by files
    ties: np.ndarray = field(default_factory=_none)  # (metric x state x state, runs kept)
    stability: np.ndarray = field(
        default_factory=_none
    )  # (blocs, terms, weights, fields, runs ranged)
    transfers: Transfers | None = None
    patterns: Values | None = None  # where the scenario has patterns


class Worker:
    """Runs blocks of one study; layouts are made once a variant."""

    def __init__(self, study: Study) -> None:
        """Keep the study."""
        self.study = study
        self.layouts: dict[str, Layout] = {}

    def run(self, task: Task) -> Block:
        """Return the block of a task."""
        study, clock = self.study, perf_counter()
        runs = np.arange(task.start, task.stop)
        built = self.built(task, runs)
        self.layouts[task.variant] = built.world.layout  # with the lists made of it
        record = simulate(built.world, built.rules, built.inputs, built.noise)
        ran = perf_counter() - clock
        exact = self._exact(task, record) if study.exact else None
        final = (
            asked_metrics(study.outcomes, record, study.options) if exact is None else exact.metrics
        )
        seconds = {"kernel": ran, "exact metrics": perf_counter() - clock - ran}
        reading = Reading(record=record, final=final, dates=study.dates)
        drawn = {path: values[: runs.size] for path, values in sorted(built.drawn.items())}
        outcomes = evaluated(study.outcomes, reading)[:, : runs.size]
        block = Block(task=task, outcomes=outcomes, drawn=drawn, seconds=seconds)
        if exact is None:
            return block
        return self._full(block, record, exact)

    def _exact(self, task: Task, record: Record) -> Exact:
        """Return the costly metrics at the end of a block."""
        ranged = task.first(self.study.ranged)
        return exact_metrics(record, self.study.options, ranged.stop - ranged.start)

    def built(self, task: Task, runs: np.ndarray) -> Built:
        """Return what the runs of a task need."""
        model = self.study.models[task.variant]
        layout = self.layout(task.variant, model)
        seed = self.study.seed
        return build(model, runs=runs, seed=seed, layout=layout, noise=shared_draws(runs, seed))

    def layout(self, variant: str, model: Model) -> Layout:
        """Return the layout of a variant, made when it is first asked for."""
        if variant not in self.layouts:
            self.layouts[variant] = layout_of(model)
        return self.layouts[variant]

    def _full(self, block: Block, record: Record, exact: Exact) -> Block:
        """Return a block with all that goes into the tables."""
        study, task = self.study, block.task
        clock = perf_counter()
        found = self._patterns(block, record)
        seconds = {"patterns": perf_counter() - clock} if found is not None else {}
        recorded = _recorded(record, exact)
        columns, listed = task.first(study.kept), task.first(study.options.transfers)
        kept = columns.stop - columns.start
        return replace(
            block,
            seconds={**block.seconds, **seconds},
            patterns=found,
            metrics=tuple((name, array.shape[0]) for name, array in recorded.items()),
            cells=put_series(list(recorded.values()), columns, folder=study.folder(task.variant)),
            ties=_ties(record, kept),
            stability=exact.stability,
            transfers=transfers_of(
                record.end.log, record.end.layout, np.arange(listed.start, listed.stop)
            ),
        )

    def _patterns(self, block: Block, record: Record) -> Values | None:
        """Return the values of all checks in every run of a block, if there are any."""
        task = block.task
        if not self.study.patterns:
            return None
        history = history_of(record, task.stop - task.start)
        return values(self.study.patterns, history)


def _recorded(record: Record, exact: Exact) -> dict[str, np.ndarray]:
    """Return the series of all metrics, (dates, subjects, runs), those of the end one date long."""
    series = {name: record.series[name] for name in METRICS if name in record.series}
    return {**series, **{name: exact.metrics[name][None] for name in NAMES}}


def cell_names(metrics: tuple[tuple[str, int], ...], layout: Layout) -> list[tuple[str, str, str]]:
    """Return date, metric and subject of every cell, in order."""
    dates = layout.calendar.labels()
    return [
        (date, metric, subject)
        for metric, count in metrics
        for subject in subjects(layout, METRICS[metric].kind)
        for date in dates[-count:]
    ]


def _ties(record: Record, kept: int) -> np.ndarray:
    """Return the dyads at the end and at the start, (metric x state x state, runs kept)."""
    if kept == 0:
        return np.zeros((0, 0))
    size = len(record.end.layout.states)
    tables = []
    for name in TIES:
        array = getattr(record.end, _OF_WORLD.get(name, name))
        if name == "rivalry":
            full = np.zeros((size, size, array.shape[-1]))
            full[record.end.layout.dyad_from, record.end.layout.dyad_to] = array
            array = full
        tables.append(array)
    tables += [getattr(record.start, name) for name in TIES_AT_START.values()]
    flat = [
        np.broadcast_to(table, (*table.shape[:-1], record.end.gdp.shape[-1])) for table in tables
    ]
    return np.concatenate([table[..., :kept].reshape(-1, kept) for table in flat])


def pattern_values(
    model: Model,
    patterns: Mapping[str, Pattern],
    *,
    runs: int,
    seed: int,
    given: Mapping[str, Any] | None = None,
) -> dict[str, np.ndarray]:
    """Return the value of every check in every run, by PATTERN.check; NaN where undefined.

    One process, one block. `given` sets numbers by dotted path, as in `build`.
    """
    numbers = np.arange(runs)
    noise = shared_draws(numbers, seed)
    built = build(model, runs=numbers, seed=seed, given=given, noise=noise)
    record = simulate(built.world, built.rules, built.inputs, built.noise)
    return values(patterns, history_of(record, runs)).by_name()

"""A block of runs: built, simulated and measured, in whatever process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from sim.collect import subjects
from sim.experiments.exact import NAMES, Exact, exact_metrics
from sim.experiments.options import SERIES, Options
from sim.experiments.outcomes import Reading, evaluated
from sim.layout import Layout
from sim.metrics.names import METRICS
from sim.records.transfers import Transfers, transfers_of
from sim.scenario.build import build
from sim.scenario.layouts import layout_of
from sim.scenario.outcomes import Outcome
from sim.scenario.schema import Model
from sim.simulate import Record, simulate

TIES = ("affinity", "rivalry", "debt", "arrears", "imports_after", "delivered", "paid")
TIES_AT_START = {"affinity_start": "affinity", "imports_before": "recent_tiv"}
_OF_WORLD = {"imports_after": "recent_tiv", "delivered": "imported_tiv"}


@dataclass(frozen=True, kw_only=True, eq=False)
class Study:
    """What all blocks of an ensemble share; it travels to each worker once."""

    models: Mapping[str, Model]
    outcomes: tuple[Outcome, ...]
    dates: Mapping[str, str]  # event -> date
    seed: int
    options: Options
    outcomes_only: bool = False


@dataclass(frozen=True)
class Task:
    """Some runs of a variant, from `start` to before `stop`."""

    variant: str
    start: int
    stop: int

    @property
    def kept(self) -> int:
        """Return how many of the runs enter series and ties."""
        return max(0, min(self.stop, SERIES) - self.start)


@dataclass(frozen=True, kw_only=True, eq=False)
class Block:
    """What a block of runs leaves behind for the tables."""

    task: Task
    outcomes: np.ndarray  # (outcomes, runs)
    drawn: Mapping[str, np.ndarray]  # path -> (runs,)
    metrics: tuple[tuple[str, int], ...]  # name and number of dates, in the order of the cells
    cells: np.ndarray  # (metric x subject x date, runs kept)
    ties: np.ndarray  # (metric x state x state, runs kept)
    stability: np.ndarray  # (blocs, terms, weights, fields, runs kept)
    transfers: Transfers | None
    seconds: Mapping[str, float]


class Worker:
    """Runs blocks of one study; layouts are made once a variant."""

    def __init__(self, study: Study) -> None:
        """Keep the study."""
        self.study = study
        self.layouts: dict[str, Layout] = {}

    def run(self, task: Task) -> Block:
        """Return the block of a task."""
        study, model = self.study, self.study.models[task.variant]
        if task.variant not in self.layouts:
            self.layouts[task.variant] = layout_of(model)
        layout = self.layouts[task.variant]
        clock = [perf_counter()]
        runs = np.arange(task.start, task.stop)
        built = build(model, runs=runs, seed=study.seed, layout=layout)
        record = simulate(built.world, built.rules, built.inputs, built.noise)
        clock.append(perf_counter())
        exact = exact_metrics(record, study.options)
        clock.append(perf_counter())
        final = {**exact.metrics}
        reading = Reading(record=record, final=final, dates=study.dates)
        outcomes = evaluated(study.outcomes, reading)[:, : runs.size]
        drawn = {path: values[: runs.size] for path, values in sorted(built.drawn.items())}
        kept = 0 if study.outcomes_only else task.kept
        metrics, cells = _cells(record, exact, kept)
        listed = runs[: max(0, min(task.stop, study.options.transfers) - task.start)]
        return Block(
            task=task,
            outcomes=outcomes,
            drawn=drawn,
            metrics=metrics,
            cells=cells,
            ties=_ties(record, kept),
            stability=exact.stability[..., :kept],
            transfers=None if study.outcomes_only else transfers_of(record.end.log, layout, listed),
            seconds={"kernel": clock[1] - clock[0], "exact metrics": clock[2] - clock[1]},
        )


def _cells(
    record: Record, exact: Exact, kept: int
) -> tuple[tuple[tuple[str, int], ...], np.ndarray]:
    """Return the names of the metrics recorded and their cells, one line of dates a subject."""
    series = {name: record.series[name] for name in METRICS if name in record.series}
    final = {name: exact.metrics[name][None] for name in NAMES}
    arrays = {**series, **final}
    metrics = tuple((name, array.shape[0]) for name, array in arrays.items())
    if kept == 0:
        return metrics, np.zeros((0, 0))
    size = sum(array.shape[0] * array.shape[1] for array in arrays.values())
    cells = np.empty((size, kept))
    at = 0
    for array in arrays.values():
        dates, rows, _ = array.shape
        part = cells[at : at + dates * rows].reshape(rows, dates, kept)
        part[...] = array[..., :kept].swapaxes(0, 1)
        at += dates * rows
    return metrics, cells


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
            full[record.end.layout.pair_i, record.end.layout.pair_j] = array
            array = full
        tables.append(array)
    tables += [getattr(record.start, name) for name in TIES_AT_START.values()]
    flat = [
        np.broadcast_to(table, (*table.shape[:-1], record.end.gdp.shape[-1])) for table in tables
    ]
    return np.concatenate([table[..., :kept].reshape(-1, kept) for table in flat])

"""The chunks of a sweep, the same for any executor, and the table of all finished chunks.

The table is read in order, counted, hashed and summarised. Two sweeps are equal if their rows,
sorted by variant, point and run, have the same sha256.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sim.documents.nodes import DottedPath
from sim.engine.kernels import LANES
from sim.engine.selection import Engine
from sim.experiments.batch import BatchRecord, PatternReader, engine_of
from sim.experiments.chunk_files import ChunkPlace
from sim.experiments.chunk_store import ChunkStore, replace_file
from sim.experiments.design import Design
from sim.experiments.evaluation import ROWS, PointRuns, PointWork, cut
from sim.experiments.exact import EndMetrics
from sim.experiments.executor import Executor, Job
from sim.experiments.intervals import mean_of_defined
from sim.experiments.options import Options
from sim.experiments.outcomes import OutcomeReader, event_dates
from sim.experiments.sweeps.chunk_work import ChunkTask, ChunkWork
from sim.experiments.sweeps.sweep_results import COLUMNS, DESIGN, POINTS, SUMMARY, SweepResults
from sim.kernel.dates import Calendar
from sim.kernel.errors import ResultError
from sim.kernel.rules import rules_in_force
from sim.patterns.pattern import Pattern, checks_of
from sim.records import manifest, study_tables
from sim.records.columns import Column, field, number, numbers, row
from sim.records.kinds import DRAFT
from sim.records.tables import dictionary, outcome_column
from sim.scenario.compile.build import in_force
from sim.scenario.load import Scenario

HELD = 16  # chunks of ROWS runs kept in memory, at least
MOST = 20_000  # runs of a chunk on a cluster, at most
TASKS = 100  # of a sweep on a cluster, at least; EACH of every worker, if that is more
EACH = 4
WIDE = 8  # classes from which on chunks are smaller, since one of each is read at the same time
FLAGSHIP = 17**2 * 29  # pairs of states x periods, for which ROWS and MOST are meant
PAGE = 1 << 17  # numbers of the design that are sent with the work of one chunk or more, at most


@dataclass(frozen=True, kw_only=True, eq=False)
class Chunk(PointRuns):
    """Some points of one class and variant, or some replicates of one point."""

    name: str
    group: int  # class
    variant: str


@dataclass(frozen=True, kw_only=True, eq=False)
class SweepTask:
    """A sweep that has passed all checks and is about to run."""

    scenario: Scenario
    classes: Sequence[Scenario]  # the scenario of each class of the design
    design: Design
    variants: tuple[str, ...]
    fixed: Mapping[str, frozenset[str]]  # by variant: paths that do not vary
    options: Options
    independent: bool  # whether every point has randomness of its own
    patterns: Mapping[str, Pattern]  # checks to read beside the outcomes

    @property
    def replicates(self) -> int:
        """Return the number of runs of each variant at each point."""
        return self.scenario.base.runs

    @property
    def runs(self) -> int:
        """Return the total number of runs."""
        return len(self.design) * self.replicates * len(self.variants)

    @property
    def outcomes(self) -> list[str]:
        """Return the names of outcomes, as the scenario spells them, and of checks."""
        checks = [f"{name}.{own}" for name, own, _ in checks_of(self.patterns)]
        return [*(outcome.text for outcome in self.scenario.outcomes), *checks]

    def chunk_rows(self, place: Executor) -> int:
        """Return the number of runs of a new chunk: some seconds of work, on a cluster more."""
        most = ROWS
        if place.remote:
            classes = max(WIDE, len(self.classes))
            each = self.runs // max(TASKS, EACH * place.workers)
            most = max(ROWS, min(MOST * WIDE // classes, each))
        time, states = self.scenario.base.time, len(self.scenario.base.states)
        size = states**2 * len(Calendar.between(time.start, time.end, time.period))
        return min(most, max(LANES, most * FLAGSHIP // size))

    def chunks(self, segments: Sequence[int], rows: Sequence[int]) -> Iterator[Chunk]:
        """Yield the chunks in order.

        `segments` holds the number of points each time that the design grew, and `rows` the number
        of runs of a chunk that time, so that finished runs keep their chunks.
        """
        bounds = zip(pairwise([0, *segments]), rows, strict=True)
        for part, ((start, stop), size) in enumerate(bounds):
            for group, points in enumerate(self.design.classes.values()):
                mine = points[(points >= start) & (points < stop)]
                for variant in self.variants:
                    for count, runs in enumerate(cut(mine, {}, self.replicates, size)):
                        name = f"{part}-{group}-{variant}-{count:06d}"
                        yield Chunk(name=name, group=group, variant=variant, **vars(runs))

    def engine(self, asked: str) -> Engine:
        """Return the engine that computes the runs, with the reason."""
        models = [
            (each.variants[name], self._numbers(group, name))
            for group, each in enumerate(self.classes)
            for name in self.variants
        ]
        return engine_of(asked, self.runs, models)

    def _numbers(self, group: int, variant: str) -> dict[str, np.ndarray]:
        """Return the numbers that vary between points in a variant of a class: (points,)."""
        rules = rules_in_force(self.classes[group].variants[variant].rules)
        return {
            path: column
            for path, column in self.design.riding.items()
            if path not in self.fixed[variant] and in_force(DottedPath(path), rules)
        }

    def jobs(
        self, chunks: Iterable[Chunk], engine: Engine, place: Callable[[], ChunkPlace | None]
    ) -> Iterator[Job[ChunkTask]]:
        """Yield the task of each chunk with its work: class, variant and page of the design.

        `place` returns the folder for a chunk at the time when its task is made.
        """
        read = self._reader()
        for (group, variant), several in groupby(chunks, attrgetter("group", "variant")):
            runs = PointWork(
                model=self.classes[group].variants[variant],
                read=read,
                seed=self.scenario.base.seed,
                replicates=self.replicates,
                engine=engine,
                independent=self.independent,
            )
            numbers = self._numbers(group, variant)
            for page in _pages(several, 1 + len(numbers)):
                points = np.unique(np.concatenate([chunk.points for chunk in page]))
                work = ChunkWork(
                    runs=runs,
                    variant=variant,
                    outcomes=tuple(self.outcomes),
                    points=points,
                    numbers={path: column[points] for path, column in numbers.items()},
                )
                for chunk in page:
                    at, to = np.searchsorted(points, chunk.points[[0, -1]]).tolist()
                    task = ChunkTask(
                        name=chunk.name,
                        at=at,
                        to=to + 1,
                        first=chunk.first,
                        stop=chunk.stop,
                        place=place(),
                    )
                    yield Job(work, task)

    def _reader(self) -> OutcomeReader:
        scenario = self.scenario
        read = OutcomeReader(scenario.outcomes, event_dates(scenario), self.options)
        return CheckReader(**vars(read), patterns=self.patterns) if self.patterns else read


def _pages(chunks: Iterable[Chunk], width: int) -> Iterator[list[Chunk]]:
    """Yield chunks in lists that need at most PAGE numbers of the design or have one chunk."""
    page: list[Chunk] = []
    size = 0
    for chunk in chunks:
        more = chunk.points.size * width
        if page and size + more > PAGE:
            yield page
            page, size = [], 0
        page.append(chunk)
        size += more
    if page:
        yield page


@dataclass(frozen=True, kw_only=True, eq=False)
class CheckReader(OutcomeReader):
    """Reads outcomes, and then the checks of patterns, from a batch of runs."""

    patterns: Mapping[str, Pattern]

    def __call__(self, batch: BatchRecord, ends: EndMetrics | None = None) -> np.ndarray:
        """Return every outcome and every check in every run: (outcomes, runs)."""
        outcomes = super().__call__(batch, ends)
        return np.concatenate([outcomes, PatternReader(self.patterns)(batch).values])


@dataclass(frozen=True)
class RowWindow:
    """All runs of some points, in order."""

    variant: str
    points: np.ndarray  # (rows,)
    runs: np.ndarray  # (rows,)
    outcomes: np.ndarray  # (rows, outcomes)


def windows(task: SweepTask, store: ChunkStore, chunks: Sequence[Chunk]) -> Iterator[RowWindow]:
    """Yield the rows in order; ResultError if a row is missing or duplicated."""
    each, count, names = max(1, ROWS // task.replicates), len(task.design), task.outcomes
    largest = max((chunk.rows for chunk in chunks), default=1)
    read = lru_cache(max(HELD * ROWS // largest, 2 * len(task.classes)))(store.read)
    for variant in sorted(task.variants):
        parts: list[list[str]] = [[] for _ in range(0, count, each)]
        for chunk in chunks:
            for part in np.unique(chunk.points // each) if chunk.variant == variant else ():
                parts[part].append(chunk.name)
        for part, start in zip(parts, range(0, count, each), strict=True):
            stop = min(start + each, count)
            rows = pa.concat_tables([read(name).select(["point", "run", *names]) for name in part])
            rows = rows.filter((pc.field("point") >= start) & (pc.field("point") < stop))
            rows = rows.sort_by([("point", "ascending"), ("run", "ascending")])
            point, run, *values = (column.to_numpy() for column in rows.columns)
            wanted = np.arange(start * task.replicates, stop * task.replicates)
            if not np.array_equal(point * task.replicates + run, wanted):
                message = (
                    f"{store.folder}: runs of points {start} to {stop - 1} of variant {variant} "
                    f"are missing or duplicated ({point.size} rows for {wanted.size})"
                )
                raise ResultError(message)
            outcomes = np.array(values).reshape(len(names), point.size).T
            yield RowWindow(variant, point, run, np.ascontiguousarray(outcomes))


def finish(task: SweepTask, store: ChunkStore, chunks: Sequence[Chunk]) -> SweepResults:
    """Write the tables and the manifest of a sweep; ResultError if a chunk is missing."""
    names, folder, rows = task.outcomes, store.folder, 0
    sha, draft = hashlib.sha256("\n".join(names).encode()), folder / f"{POINTS}{DRAFT}"
    spreads: dict[str, np.ndarray] = {}
    with draft.open("w", encoding="utf-8", newline="") as file:
        file.write(study_tables.POINTS.text([], [*task.design.columns, *names]))
        for window in windows(task, store, chunks):
            if window.variant not in spreads:
                sha.update(f"\n{window.variant}\n".encode())
            keys = np.stack([window.points, window.runs], axis=1)
            values = np.where(np.isnan(window.outcomes), np.nan, window.outcomes)
            sha.update(np.concatenate([keys, values], axis=1).astype("<f8").tobytes())
            rows += window.points.size
            points = window.points[:: task.replicates]
            by_point = window.outcomes.reshape(-1, task.replicates, len(names))
            means = mean_of_defined(by_point, axis=1)
            taken = zip(*_values(task, window.variant, points), strict=True)
            for point, own, line in zip(points.tolist(), taken, numbers(means), strict=True):
                file.write(",".join([window.variant, str(point), *own, line]) + "\n")
            before = [spreads[window.variant]] if window.variant in spreads else []
            spreads[window.variant] = reduce(_joined, [*before, _spread(points, means)])
    if rows != task.runs:
        message = f"{folder}: {rows} runs for {task.runs}; this is a bug"
        raise ResultError(message)
    draft.replace(folder / POINTS)
    replace_file(folder / SUMMARY, study_tables.SWEEP_SUMMARY.text([*_summary(names, spreads)]))
    replace_file(folder / COLUMNS, study_tables.SWEEP_COLUMNS.text(_columns(task)))
    content = {
        "inputs": store.inputs,
        "complete": True,
        **manifest.described(task.scenario),
        "variants": list(task.variants),
        "fixed_by_variant": {name: sorted(paths) for name, paths in task.fixed.items() if paths},
        "table": {
            "points": len(task.design),
            "replicates": task.replicates,
            "rows": rows,
            "sha256": sha.hexdigest(),
        },
        "how": how_of(task, store),
    }
    store.finish(content, (COLUMNS, DESIGN, POINTS, SUMMARY))
    return SweepResults(folder)


def how_of(task: SweepTask, store: ChunkStore) -> dict[str, Any]:
    """Return the part of a manifest on how the runs were computed."""
    known = store.state or {}
    return {
        "commit": manifest.commit(),
        "jobs": task.options.jobs,
        "engine": {"name": known.get("engine"), "reason": known.get("reason")},
    }


def _values(task: SweepTask, variant: str, points: np.ndarray) -> list[list[str]]:
    """Return the values of a variant at some points, by path; empty if it keeps its own."""
    cells = []
    for path, column in task.design.columns.items():
        values = [] if path in task.fixed[variant] else column[points].tolist()
        texts = [field(each) if isinstance(each, str) else number(each) for each in values]
        cells.append(texts or [""] * points.size)
    return cells


def _summary(names: Sequence[str], spreads: Mapping[str, np.ndarray]) -> Iterator[str]:
    """Yield the rows of `summary.csv`, over the points of each variant."""
    for variant, spread in spreads.items():
        for name, cells in zip(names, spread.T, strict=True):
            count, mean, squares, least, at_least, most, at_most = cells.tolist()
            sd = np.sqrt(squares / (count - 1)) if count > 1 else np.nan
            sd = 0.0 if count > 1 and least == most else sd  # without rounding errors
            ends = [least, at_least, most, at_most]
            yield row([variant, name, count, mean if count else np.nan, sd, *ends])


def _spread(points: np.ndarray, means: np.ndarray) -> np.ndarray:
    """Return count, mean, sum of squared deviations, least and most with points: (7, outcomes)."""
    defined = ~np.isnan(means)
    count = defined.sum(axis=0)
    mean = np.where(defined, means, 0.0).sum(axis=0) / np.maximum(count, 1)
    squares = (np.where(defined, means - mean, 0.0) ** 2).sum(axis=0)
    low, high = np.where(defined, means, np.inf), np.where(defined, means, -np.inf)
    none = count == 0
    at_low, at_high = points[low.argmin(axis=0)], points[high.argmax(axis=0)]
    rows = [low.min(axis=0), at_low, high.max(axis=0), at_high]
    ends = [np.where(none, np.nan, each) for each in rows]
    return np.stack([count, mean, squares, *ends])


def _joined(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return the spread over the points of both (Chan's formula for the squares)."""
    n, m = one[0], other[0]
    both = np.maximum(n + m, 1)
    apart = other[1] - one[1]
    mean = one[1] + apart * m / both
    squares = one[2] + other[2] + apart**2 * n * m / both
    lower = (other[3] < one[3]) | np.isnan(one[3])
    higher = (other[5] > one[5]) | np.isnan(one[5])
    low, high = np.where(lower, other[3:5], one[3:5]), np.where(higher, other[5:7], one[5:7])
    return np.concatenate([np.stack([n + m, mean, squares]), low, high])


def _columns(task: SweepTask) -> list[str]:
    described = [pair for table in study_tables.SWEEP for pair in table.described()]
    described += [(DESIGN, Column(path, "", "Value at the point.")) for path in task.design.columns]
    described += [("chunks", outcome_column(outcome)) for outcome in task.scenario.outcomes]
    return dictionary(described, study_tables.SWEEP_COLUMNS)

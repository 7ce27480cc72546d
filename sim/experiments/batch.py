"""A batch of runs: one model built, simulated and read in one process.

Every experiment runs its model through a batch; only `Batch.simulated` calls the kernel. Its `read`
extracts the data wanted from the runs: outcomes (`sim.experiments.outcomes.OutcomeReader`), values
of patterns, whole tables, deliveries.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from time import perf_counter
from typing import Any, Generic, TypeVar

import numpy as np

from sim.engine.selection import Engine, selected
from sim.engine.trace import Case
from sim.experiments.options import BLOCK
from sim.experiments.watch.watch import Watch
from sim.kernel.layout.layout import Layout
from sim.kernel.noise import Noise
from sim.kernel.simulate import Record, simulate
from sim.patterns.pattern import Pattern
from sim.patterns.simulated import history_of
from sim.patterns.values import Values, values
from sim.scenario.compile.build import Built, build, noise_of
from sim.scenario.compile.layouts import layout_of
from sim.scenario.schema.root import Model

FEW = 2  # runs by which an engine is selected
LISTS = 2  # lists of runs with cached draws
ROOM = 1 << 26  # bytes of the draws of each; 29 periods take 37 MB in blocks of 500 runs
MODELS = 16  # models whose layouts a process keeps

R = TypeVar("R")


@dataclass(frozen=True, kw_only=True, eq=False)
class BatchRecord:
    """The record of a batch; its arrays have at least two columns, even for one run."""

    record: Record
    runs: np.ndarray  # numbers of the runs
    drawn: Mapping[str, np.ndarray]  # path -> (runs,); numbers that differ by run
    seconds: float  # to build and simulate
    watch: Watch | None = None

    @property
    def count(self) -> int:
        """Return the number of runs."""
        return self.runs.size


@dataclass(frozen=True, kw_only=True, eq=False)
class Batch(Generic[R]):
    """Some runs of a model, and the function that reads their record."""

    model: Model
    runs: np.ndarray  # numbers of the runs: the addresses of their randomness
    read: Callable[[BatchRecord], R]
    numbers: Mapping[str, Any] = field(default_factory=dict)  # path -> (runs,), or one for all
    seed: int | None = None  # the model's, unless given
    base: Model | None = None  # model whose layout it shares, if only its rules differ
    engine: Engine = field(default_factory=Engine)
    shared: bool = True  # whether other batches have the same runs, so that their draws are kept
    watched: bool = False  # whether events and reasons are recorded, which needs numpy

    def result(self) -> R:
        """Return the result of `read` on the record of the runs."""
        return self.read(self.simulated())

    def simulated(self) -> BatchRecord:
        """Return the record of the runs."""
        clock = perf_counter()
        built = self.built()
        case, watch = case_of(built), Watch((self.model, built)) if self.watched else None
        if watch is None:
            record = self.engine.simulate(case)
        else:
            known = case.world, case.rules, case.inputs, case.noise
            record = simulate(*known, decide=watch.recorder, see=watch)
        return BatchRecord(
            record=record,
            runs=self.runs,
            drawn={path: each[: self.runs.size] for path, each in sorted(built.drawn.items())},
            seconds=perf_counter() - clock,
            watch=watch,
        )

    def built(self) -> Built:
        """Return world, rules, events and randomness of the runs."""
        seed = self.model.seed if self.seed is None else self.seed
        base = self.model if self.base is None else self.base
        built = build(
            self.model,
            runs=self.runs,
            seed=seed,
            numbers=self._columns(),
            layout=LAYOUTS.of(base),
            noise=shared_draws(self.runs, seed) if self.shared else noise_of(self.runs, seed),
        )
        LAYOUTS.keep(base, built.world.layout)  # with the index tables derived from it
        return built

    def _columns(self) -> dict[str, Any]:
        """Return the numbers by column; a single run gets a second column."""
        if self.runs.size != 1:
            return dict(self.numbers)
        return {
            path: np.repeat(each, 2) if np.size(each) == 1 and np.ndim(each) else each
            for path, each in self.numbers.items()
        }


def case_of(built: Built) -> Case:
    """Return the parts of a built model that an engine needs."""
    return Case(world=built.world, rules=built.rules, inputs=built.inputs, noise=built.noise)


Varied = Mapping[str, np.ndarray]  # path -> numbers that differ by run, or by point of a design

NO_NUMBERS: Varied = {}


def cases_of(models: Iterable[tuple[Model, Varied]], runs: int = FEW) -> list[Case]:
    """Return a few runs of some models, from which an engine is selected and prepared."""
    cases = []
    for model, varied in models:
        numbers = {path: np.resize(each, runs) for path, each in varied.items()}
        batch = Batch(model=model, runs=np.arange(runs), read=_whole, numbers=numbers, shared=False)
        cases.append(case_of(batch.built()))
    return cases


def _whole(batch: BatchRecord) -> BatchRecord:
    return batch


def engine_of(
    asked: str,
    runs: int,
    models: Iterable[tuple[Model, Varied]],
    cases: Callable[[], Sequence[Case]] | None = None,
) -> Engine:
    """Return the engine for a total of `runs` runs of some models.

    The models are read only if needed, and not at all if `cases` gives a few runs of each.
    """
    rest = iter(models)
    first = next(rest)
    layout = LAYOUTS.of(first[0])
    few = cases or (lambda: cases_of((first, *rest)))
    return selected(
        asked, runs=runs, periods=len(layout.calendar), cases=few, states=len(layout.states)
    )


@dataclass(frozen=True)
class VariantRuns:
    """Some runs of a variant, from `start` to before `stop`."""

    variant: str
    start: int
    stop: int
    by_numpy: bool = False  # for first numbers, events and reasons alone

    @property
    def variants(self) -> tuple[str, ...]:
        """Return the variant."""
        return (self.variant,)

    def __str__(self) -> str:
        return f"variant {self.variant}, runs {self.start} to {self.stop - 1}"

    @property
    def runs(self) -> np.ndarray:
        """Return the numbers of the runs."""
        return np.arange(self.start, self.stop)

    def first(self, most: int) -> np.ndarray:
        """Return the runs that are among the first `most` of the variant."""
        return self.runs[: max(0, most - self.start)]


def blocks_of(
    variants: Iterable[str], runs: range, size: int = BLOCK, *, by_numpy: bool = False
) -> list[VariantRuns]:
    """Return some runs of every variant in blocks, one variant after another."""
    return [
        VariantRuns(name, part.start, part.stop, by_numpy)
        for name in variants
        for part in (runs[at : at + size] for at in range(0, len(runs), size))
    ]


@dataclass(frozen=True, kw_only=True, eq=False)
class DesignRows:
    """Some rows of a design, from `start` on; each row is a run with its own numbers."""

    start: int
    runs: np.ndarray
    numbers: Mapping[str, np.ndarray]  # path -> (rows,)

    @property
    def stop(self) -> int:
        """Return the first row after these."""
        return self.start + self.runs.size

    def __str__(self) -> str:
        return f"rows {self.start} to {self.stop - 1} of the design"


def rows_of(
    runs: np.ndarray, numbers: Mapping[str, np.ndarray], size: int = BLOCK
) -> list[DesignRows]:
    """Return the rows of a design in blocks, whose bounds do not depend on the number of rows."""
    parts = [slice(start, start + size) for start in range(0, runs.size, size)]
    return [
        DesignRows(
            start=part.start,
            runs=runs[part],
            numbers={path: values[part] for path, values in numbers.items()},
        )
        for part in parts
    ]


@dataclass(frozen=True, kw_only=True, eq=False)
class RowReader(Generic[R]):
    """Runs rows of a design and reads them; it is sent to each process once."""

    model: Model
    read: Callable[[BatchRecord], R]
    engine: Engine = field(default_factory=Engine)

    def __call__(self, rows: DesignRows) -> R:
        """Return the result of `read` on some rows; every row has runs of its own."""
        batch = Batch(
            model=self.model,
            runs=rows.runs,
            numbers=rows.numbers,
            read=self.read,
            shared=False,
            engine=self.engine,
        )
        return batch.result()


@dataclass(frozen=True)
class PatternReader:
    """Reads the value of every check of some patterns in every run."""

    patterns: Mapping[str, Pattern]

    def __call__(self, batch: BatchRecord) -> Values:
        """Return the values, NaN where undefined."""
        return values(self.patterns, history_of(batch.record, batch.count))


class _Layouts:
    """The layouts of the models built last, with the index tables derived from them."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, tuple[Model, Layout]] = OrderedDict()

    def of(self, model: Model) -> Layout:
        kept = self._kept.get(id(model))
        return layout_of(model) if kept is None else kept[1]

    def keep(self, model: Model, layout: Layout) -> None:
        self._kept[id(model)] = model, layout
        self._kept.move_to_end(id(model))
        if len(self._kept) > MODELS:
            self._kept.popitem(last=False)


LAYOUTS = _Layouts()


def shared_draws(runs: np.ndarray, seed: int) -> Noise:
    """Return the draws of some runs, given by number.

    Worlds of the same runs that a process builds one after another (variants, points of a design,
    rule sets) share the tables of draws, so that each is computed once.
    """
    return _draws(np.asarray(runs, dtype=np.uint32).tobytes(), seed)


@lru_cache(maxsize=LISTS)
def _draws(runs: bytes, seed: int) -> Noise:
    return noise_of(np.frombuffer(runs, dtype=np.uint32), seed, room=ROOM)

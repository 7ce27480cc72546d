"""Simulations of a design, chunk by chunk, in whatever process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from sim.dates import MONTHS, Calendar
from sim.experiments.calibration.design import Design, Points, values_of
from sim.experiments.calibration.targets import end_of
from sim.scenario.schema import Model

CHUNK = 500  # rows of a chunk: as many as a block of runs

# values by path (rows,), numbers of the runs (rows,) -> quantities (rows, targets)
Simulate = Callable[[Mapping[str, np.ndarray], np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Chunk:
    """Some rows of a design, from `start` to before `stop`."""

    start: int
    stop: int

    def __str__(self) -> str:
        """Return which rows these are."""
        return f"rows {self.start} to {self.stop - 1} of the design"


@dataclass(frozen=True, eq=False)
class Simulated:
    """What a chunk gave, and how long it took."""

    chunk: Chunk
    values: np.ndarray  # (rows, targets)
    seconds: float


@dataclass(frozen=True, eq=False)
class Simulations:
    """What all chunks share; it travels to each process once."""

    simulate: Simulate
    design: Design | Points
    first: int = 0  # number of the run of the first row

    def worker(self) -> Simulations:
        """Return what runs the chunks in one process: this, which has no state."""
        return self

    def run(self, chunk: Chunk) -> Simulated:
        """Return the quantities of a chunk; runs are numbered by their rows."""
        clock = perf_counter()
        quantiles = self.design.quantiles(chunk.start, chunk.stop)
        values = values_of(self.design.priors, quantiles)
        found = self.simulate(values, self.first + np.arange(chunk.start, chunk.stop))
        return Simulated(chunk, found, perf_counter() - clock)


def chunks_of(rows: int) -> list[Chunk]:
    """Return the chunks of a design, whose bounds do not hang on how long it is."""
    return [Chunk(start, min(start + CHUNK, rows)) for start in range(0, rows, CHUNK)]


def until(model: Model, end: str) -> Model:
    """Return the model up to the end of a date: periods that end later are cut off."""
    calendar = Calendar.between(model.time.start, model.time.end, model.time.period)
    last = end_of(end) // MONTHS[calendar.period] - 1
    if last >= calendar.last:
        return model
    events = {name: e for name, e in model.events.items() if calendar.number(e.at) <= last}
    time = model.time.model_copy(update={"end": calendar.label(last - calendar.first)})
    cut = model.model_copy(update={"time": time, "events": events})
    cut.keep_posterior(model.posterior)
    return cut

"""Simulations of a design, chunk by chunk, in whatever process.

Chunks on disk: Parquet under a temporary name, renamed when whole, entered in a ledger.

A calibration that was stopped finds its whole chunks again by the ledger and their hashes, and
runs exactly the others.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.experiments.calibration.targets import end_of
from sim.experiments.priors import PriorDesign, PriorPoints, prior_values
from sim.kernel.dates import MONTHS, Calendar
from sim.kernel.errors import ResultError
from sim.records.soundness import digest
from sim.scenario.schema.root import Model

CHUNK = 500  # rows of a chunk: as many as a block of runs

# values by path (rows,), numbers of the runs (rows,) -> quantities (rows, targets)
Simulate = Callable[[Mapping[str, np.ndarray], np.ndarray], np.ndarray]


@dataclass(frozen=True)
class DesignRows:
    """Some rows of a design, from `start` to before `stop`."""

    start: int
    stop: int

    def __str__(self) -> str:
        """Return which rows these are."""
        return f"rows {self.start} to {self.stop - 1} of the design"


@dataclass(frozen=True, eq=False)
class Simulated:
    """What a chunk gave, and how long it took."""

    chunk: DesignRows
    values: np.ndarray  # (rows, targets)
    seconds: float


@dataclass(frozen=True, eq=False)
class Simulations:
    """What all chunks share; it travels to each process once."""

    simulate: Simulate
    design: PriorDesign | PriorPoints
    first: int = 0  # number of the run of the first row

    def __call__(self, chunk: DesignRows) -> Simulated:
        """Return the quantities of a chunk; runs are numbered by their rows."""
        clock = perf_counter()
        quantiles = self.design.quantiles(chunk.start, chunk.stop)
        values = prior_values(self.design.priors, quantiles)
        found = self.simulate(values, self.first + np.arange(chunk.start, chunk.stop))
        return Simulated(chunk, found, perf_counter() - clock)


def chunks_of(rows: int) -> list[DesignRows]:
    """Return the chunks of a design, whose bounds do not hang on how long it is."""
    return [DesignRows(start, min(start + CHUNK, rows)) for start in range(0, rows, CHUNK)]


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


LEDGER, FOLDER = "ledger.json", "chunks"


class CalibrationLedger:
    """The chunks of a calibration that are done, and the inputs that they came from."""

    def __init__(self, folder: Path, inputs: Mapping[str, Any]) -> None:
        """Open the ledger of a folder, new or old; ResultError if it is of other inputs."""
        self.folder = folder
        self.inputs = json.loads(json.dumps(inputs))
        self.done: dict[str, dict[str, Any]] = {}  # name of the file -> sha256, seconds
        if self.path.is_file():
            self._read()

    @property
    def path(self) -> Path:
        """Return the file of the ledger."""
        return self.folder / LEDGER

    def _read(self) -> None:
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))
            inputs, done = dict(found["inputs"]), dict(found["chunks"])
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            message = f"{self.path}: cannot be read as a ledger; give another --out"
            raise ResultError(message) from None
        keys = {*inputs, *self.inputs}
        other = sorted(key for key in keys if inputs.get(key) != self.inputs.get(key))
        if other:
            message = (
                f"{self.folder}: holds a calibration of other inputs ({', '.join(other)}); "
                "give --force to replace it, or another --out"
            )
            raise ResultError(message)
        self.done = done

    def kept(self, chunk: DesignRows, names: Sequence[str]) -> np.ndarray | None:
        """Return the values of a chunk that is done; None if it has to be run."""
        path = self.folder / FOLDER / _name(chunk)
        if path.name not in self.done or not path.is_file():
            return None
        if digest(path) != self.done[path.name]["sha256"]:
            return None
        with path.open("rb") as file:  # pyarrow opens no name that is no text
            table = pq.read_table(file)
        columns = [np.asarray(table[name], dtype=np.float64) for name in names]
        return np.stack(columns, axis=1) if columns else np.zeros((table.num_rows, 0))

    @property
    def seconds(self) -> float:
        """Return how long the chunks took to simulate, in all processes together."""
        return float(sum(each["seconds"] for each in self.done.values()))

    def enter(self, found: Simulated, names: Sequence[str]) -> None:
        """Write a chunk and enter it."""
        chunk, values = found.chunk, found.values
        path = self.folder / FOLDER / _name(chunk)
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = pa.array(np.arange(chunk.start, chunk.stop))
        columns = {"row": rows, **dict(zip(names, map(pa.array, values.T), strict=True))}
        temporary = path.with_suffix(".tmp")
        with temporary.open("wb") as file:
            pq.write_table(pa.table(columns), file)
        temporary.replace(path)
        self.done[path.name] = {"sha256": digest(path), "seconds": round(found.seconds, 3)}
        self._write()

    def _write(self) -> None:
        content = {"inputs": self.inputs, "chunks": dict(sorted(self.done.items()))}
        temporary = self.path.with_suffix(".tmp")
        temporary.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        temporary.replace(self.path)


def _name(chunk: DesignRows) -> str:
    return f"{chunk.start:09d}-{chunk.stop:09d}.parquet"

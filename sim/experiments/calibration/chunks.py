"""Chunks on disk: Parquet under a temporary name, renamed when whole, entered in a ledger.

A calibration that was stopped finds its whole chunks again by the ledger and their hashes, and
runs exactly the others.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.errors import ResultError
from sim.experiments.calibration.simulations import Chunk, Simulated
from sim.records.soundness import digest

LEDGER, FOLDER = "ledger.json", "chunks"


class Ledger:
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

    def kept(self, chunk: Chunk, names: Sequence[str]) -> np.ndarray | None:
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


def _name(chunk: Chunk) -> str:
    return f"{chunk.start:09d}-{chunk.stop:09d}.parquet"

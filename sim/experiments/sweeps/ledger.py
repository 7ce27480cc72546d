"""Ledger: which chunks of a sweep are done; each is a Parquet file that appears whole.

A chunk is written to a temporary name, flushed to the disk and renamed; then a line of the
ledger says so. Whatever kills the program, a chunk is done and known, or is done again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.errors import ResultError
from sim.experiments.sweeps.chunks import Chunk
from sim.records.soundness import digest

CHUNKS, LEDGER, LOCK = "chunks", "ledger.jsonl", ".lock"
KEYS = ("variant", "point", "run")
REPEATED = ["variant", "point", "run"]  # a dictionary of continuous outcomes doubles them


class Ledger:
    """The chunks of a folder."""

    def __init__(self, folder: Path) -> None:
        """Read the ledger; a torn last line is of a chunk that is done again."""
        self.folder = folder
        self.path = folder / LEDGER
        self.entries: dict[str, dict[str, object]] = {}
        (folder / CHUNKS).mkdir(parents=True, exist_ok=True)
        for stray in (folder / CHUNKS).glob("*.tmp"):
            stray.unlink()
        for line in self._lines():
            self.entries[str(line["chunk"])] = line

    def has(self, chunk: Chunk) -> bool:
        """Return whether a chunk is done and its file is there, of the size written."""
        entry = self.entries.get(chunk.name)
        path = self.file(chunk)
        return (
            entry is not None
            and entry.get("rows") == chunk.rows
            and path.is_file()
            and path.stat().st_size == entry.get("bytes")
        )

    def file(self, chunk: Chunk) -> Path:
        """Return the file of a chunk."""
        return self.folder / CHUNKS / f"{chunk.name}.parquet"

    def add(self, chunk: Chunk, outcomes: np.ndarray, names: list[str]) -> None:
        """Write a chunk, (runs, outcomes), and enter it."""
        points, runs = chunk.keys
        columns = {
            "variant": pa.array([chunk.variant] * chunk.rows).dictionary_encode(),
            "point": points.astype(np.int64),
            "run": runs.astype(np.int64),
            **{name: outcomes[:, at] for at, name in enumerate(names)},
        }
        path = self.file(chunk)
        draft = path.with_suffix(".tmp")
        try:
            with draft.open("wb") as file:  # pyarrow opens no name that is no text
                pq.write_table(pa.table(columns), file, use_dictionary=REPEATED)
            _flush(draft)
            entry = {
                "chunk": chunk.name,
                "rows": chunk.rows,
                "bytes": draft.stat().st_size,
                "sha256": digest(draft),
            }
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self.entries[chunk.name] = entry

    def check(self, chunk: Chunk) -> Path:
        """Return the file of a chunk; ResultError if it is not what was written."""
        path = self.file(chunk)
        if not self.has(chunk) or digest(path) != self.entries[chunk.name]["sha256"]:
            message = f"{path}: is not what was written; remove it and run the sweep again"
            raise ResultError(message)
        return path

    def _lines(self) -> Iterator[dict[str, object]]:
        """Yield the whole lines of the ledger; leave it with whole lines only."""
        if not self.path.is_file():
            return
        found = self.path.read_bytes()
        whole = found[: found.rfind(b"\n") + 1]
        if whole != found:
            self.path.write_bytes(whole)
        for line in whole.splitlines():
            try:
                entry = json.loads(line.decode("utf-8"))
            except (ValueError, RecursionError):
                entry = None
            if not isinstance(entry, dict) or "chunk" not in entry:
                message = f"{self.path}: is damaged; remove the folder, or give another --out"
                raise ResultError(message)
            yield entry


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other processes out of a folder; the lock goes with the process that holds it."""
    try:
        import fcntl  # noqa: PLC0415 - not there on Windows
    except ImportError:
        yield
        return
    with (folder / LOCK).open("w", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            message = f"{folder}: another process is at work on this sweep; wait for it"
            raise ResultError(message) from None
        yield


def _flush(path: Path) -> None:
    """Have the disk take a file before it gets its name."""
    with path.open("rb") as file:
        os.fsync(file.fileno())

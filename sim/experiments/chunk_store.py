"""Ledger: which chunks of a sweep are done; each is a Parquet file that appears whole.

A chunk is written to a temporary name, flushed to the disk and renamed; then a line of the
ledger says so. Whatever kills the program, a chunk is done and known, or is done again.

The folder of a sweep: whose it is, how far it has come, and whether it may go on.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.experiments.design import Design, read, write
from sim.experiments.sweeps.chunks import Chunk
from sim.kernel.errors import ResultError
from sim.records.soundness import ESCAPED, FIGURES, MANIFEST, digest
from sim.scenario.paths import NumberPath

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


STATE, DESIGN = "sweep.json", "design.csv"
SUMMARY, COLUMNS, OUTCOMES, POINTS = "summary.csv", "columns.csv", "outcomes.csv", "points.csv"
OURS = frozenset(
    {STATE, DESIGN, SUMMARY, COLUMNS, OUTCOMES, POINTS, CHUNKS, LEDGER, LOCK, MANIFEST, FIGURES}
)
DRAFTS = frozenset(f"{name}.tmp" for name in (*OURS, "design", "outcomes")) | {
    "design.tmp",
    "outcomes.tmp",
}
EMPTY = frozenset({LOCK, DESIGN}) | DRAFTS  # what a sweep may hold before it says what it is


def refuse_foreign(folder: Path) -> None:
    """Refuse a place that is no folder, or holds anything but a sweep; nothing is touched."""
    if not folder.exists():
        return
    if not folder.is_dir():
        message = f"{folder}: is a file; give another --out"
        raise ResultError(message)
    names = {path.name for path in folder.iterdir()}
    ours = names <= OURS | DRAFTS and (STATE in names or names <= EMPTY)
    if not ours:
        stranger = next((name for name in sorted(names) if name not in OURS | DRAFTS), "")
        what = f"{stranger} is in it" if stranger else f"it has no {STATE}"
        message = f"{folder}: is there already and holds no sweep ({what}); give another --out"
        raise ResultError(message)


def made_at(folder: Path) -> None:
    """Make a folder; ResultError where there can be none."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"{folder}: cannot be used ({error.strerror}); give another --out"
        raise ResultError(message) from None


def taken_up(
    folder: Path,
    inputs: Mapping[str, Any],
    design: Design,
    known: Mapping[str, NumberPath],
    *,
    force: bool,
) -> tuple[int, ...]:
    """Return how many points the design had at each time that it grew, this time included.

    A folder that holds the same sweep goes on where it stopped; one whose points are the first of
    the design's grows; another is refused unless `force`.
    """
    for draft in DRAFTS:
        (folder / draft).unlink(missing_ok=True)
    state = _state(folder)
    if force:
        _clear(folder)
        state = None
    wanted = json.loads(json.dumps(inputs))
    segments: tuple[int, ...] = ()
    if state is not None:
        _refuse_other(folder, state["inputs"], wanted)
        segments = tuple(state["segments"])
        old = read(folder / DESIGN, known)
        if not design.begins_with(old) or len(design) < segments[-1]:
            message = (
                f"{folder}: holds a sweep of other points; a design goes on only if it begins with "
                "theirs (a Sobol' design of the same seed does); give --force or another --out"
            )
            raise ResultError(message)
    if not segments or segments[-1] != len(design):
        segments = (*segments, len(design))
        write(design, folder / "design.tmp")
        (folder / "design.tmp").replace(folder / DESIGN)
        replaced(folder / STATE, json.dumps({"inputs": wanted, "segments": segments}, indent=1))
        (folder / MANIFEST).unlink(missing_ok=True)
    return segments


def replaced(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    draft = path.with_name(path.name + ".tmp")
    try:
        with draft.open("w", encoding="utf-8", errors=ESCAPED, newline="") as file:
            file.write(text if text.endswith("\n") else text + "\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _state(folder: Path) -> dict[str, Any] | None:
    """Return what a sweep's folder says of itself; None where there is none."""
    path = folder / STATE
    if not path.is_file():
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        sizes: Sequence[int] = found["segments"]
        sound = isinstance(found["inputs"], dict) and all(isinstance(n, int) for n in sizes)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        sound = False
    if not sound or not sizes:
        message = f"{path}: is damaged; remove the folder, or give another --out"
        raise ResultError(message)
    return dict(found)


def _refuse_other(folder: Path, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    """Refuse to go on with a sweep of other inputs."""
    keys = ", ".join(sorted(key for key in {*old, *new} if old.get(key) != new.get(key)))
    if keys:
        message = (
            f"{folder}: holds a sweep of other inputs ({keys}); "
            "give --force to replace it, or another --out"
        )
        raise ResultError(message)


def _clear(folder: Path) -> None:
    """Empty the folder of a sweep."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != LOCK:
            path.unlink()

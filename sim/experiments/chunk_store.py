"""A result folder that one process fills chunk by chunk, and that can be resumed after any crash.

    NAME.json       format, inputs and further state of the result
    ledger.jsonl    a line for each complete chunk: rows, size, sha256
    chunks/         the chunks, Parquet (chunk_files.py)
    .lock           locked while a process works here

This process or a worker writes a chunk, and it is then entered in the ledger, so that after any
crash it is either complete and listed, or is run again. The manifest is written last and makes the
result complete. Kinds of results without chunks use the other parts: the check of the folder, the
replacement of older results, and the manifest.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sim.experiments.chunk_files import MARK, ChunkFile, ChunkPlace, new_mark, replacement
from sim.kernel.errors import ResultError
from sim.records.kinds import CHUNKS, DRAFT, LEDGER, LOCK, ResultKind
from sim.records.manifest import of_this_version
from sim.records.soundness import ESCAPED, FORMAT, KEY, check_format, digest
from sim.records.store import unequal

SEEN = 10.0  # seconds that a shared file system may need to show the file of a worker
LOOK = 0.1  # seconds between looks


class ChunkStore:
    """The folder of a result of some kind and inputs, finished or not."""

    def __init__(self, folder: Path, kind: ResultKind, inputs: Mapping[str, Any]) -> None:
        """Keep folder, kind and inputs; the folder is not read or changed."""
        self.folder = folder
        self.kind = kind
        self.inputs = json.loads(json.dumps(inputs))
        self.state: dict[str, Any] | None = None  # None before the first chunk
        self.entries: dict[str, dict[str, Any]] = {}  # by chunk

    def check(self, *, force: bool = False, resume: bool = True) -> None:
        """Raise ResultError if the folder cannot take this result; it is not changed."""
        kind, names = self.kind, names_in(self.folder, self.kind)
        older, fault = not names.isdisjoint(kind.older), ""
        known = older or kind.state in names or not kind.state
        if older and not force:
            which = "format 1, which blocsim 0.1 can resume"
            fault = f"holds {kind.article} of {which}; --force replaces it, or"
        elif not known and not names <= {LOCK, *kind.early, *kind.drafts}:
            fault = f"exists already and is not a {kind.name} (it has no {kind.state});"
        elif names and not force and not (kind.state and resume):
            finished = not kind.state or kind.manifest in names
            what = kind.article if finished else f"an unfinished {kind.name}"
            go = kind.resume and of_this_version(self.folder / kind.state)
            how = f"{kind.resume} continues it, " if go else ""
            fault = f"holds {what}; {how}--force replaces it, or"
        if fault:
            message = f"{self.folder}: {fault} give another --out"
            raise ResultError(message)

    @contextmanager
    def claim(self, *, force: bool = False, resume: bool = True) -> Iterator[None]:
        """Lock the folder against other processes; read its state, or empty it with `force`."""
        self.check(force=force, resume=resume)
        with usable(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
        if not self.kind.state:
            yield
            return
        with locked(self.folder, self.kind.name):
            if force:
                self._clear()
            for draft in self.kind.drafts:
                (self.folder / draft).unlink(missing_ok=True)
            self._read_state()
            self.read_ledger()
            yield

    def keep(self, **about: Any) -> None:
        """Write the inputs, and further state that is needed to resume."""
        known = {} if self.state is None else self.state
        self.state = {**known, KEY: FORMAT, "inputs": self.inputs, **about}
        replace_file(self.folder / self.kind.state, json.dumps(self.state, indent=1))

    def done(self, chunk: str, rows: int) -> bool:
        """Return whether a chunk is in the ledger, with a file of the right size."""
        entry = self.entries.get(chunk)
        return entry is not None and entry.get("rows") == rows and self._is_there(entry)

    def put(
        self, chunk: str, columns: Mapping[str, Any], keys: Sequence[str], **about: Any
    ) -> None:
        """Write a chunk and enter it in the ledger; `keys` are the columns whose values repeat."""
        self.add(ChunkFile.of(chunk, columns, keys), **about)

    def add(self, file: ChunkFile, **about: Any) -> None:
        """Write a chunk and enter it in the ledger."""
        folder = self.folder / CHUNKS
        folder.mkdir(exist_ok=True)
        file.write(folder)
        self.enter({**file.entry, **about})

    def enter(self, entry: Mapping[str, Any]) -> None:
        """Add the line of a written chunk to the ledger."""
        with (self.folder / LEDGER).open("a", encoding="utf-8") as ledger:
            ledger.write(json.dumps(entry) + "\n")
            ledger.flush()
            os.fsync(ledger.fileno())
        self.entries[str(entry["chunk"])] = dict(entry)

    def sees(self, entry: Mapping[str, Any], *, within: float = SEEN) -> bool:
        """Return whether the file of a chunk that a worker wrote appears here within seconds."""
        end = monotonic() + within
        while not self._is_there(entry):
            if monotonic() >= end:
                return False
            sleep(LOOK)
        return True

    @contextmanager
    def open_to_workers(self) -> Iterator[ChunkPlace]:
        """Yield the folder to which workers write chunks, and mark it for that time.

        Afterwards workers no longer write, and unfinished files are removed.
        """
        folder = self.folder / CHUNKS
        folder.mkdir(exist_ok=True)
        mark = new_mark(folder)
        try:
            yield ChunkPlace(str(folder.absolute()), mark.read_text(encoding="utf-8"))
        finally:
            self._close_to_workers()

    def read(self, chunk: str) -> pa.Table:
        """Return the rows of a chunk; ResultError if its file has changed."""
        path = self._file(chunk)
        entry = self.entries.get(chunk)
        if entry is None or not path.is_file() or digest(path) != entry["sha256"]:
            message = (
                f"{path}: has changed since it was written; remove it and run the command again"
            )
            raise ResultError(message)
        with path.open("rb") as file:  # pyarrow itself opens only names that are UTF-8
            return pq.read_table(file)

    def finish(self, manifest: Mapping[str, Any], tables: Iterable[str] = ()) -> None:
        """Write the manifest, last, with the hashes of the tables."""
        files = {
            name: {"bytes": path.stat().st_size, "sha256": digest(path)}
            for name in tables or self.kind.table_files
            if (path := self.folder / name).is_file()
        }
        content = {KEY: FORMAT, **manifest, "files": files}
        text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
        replace_file(self.folder / self.kind.manifest, text)

    def reopen(self) -> None:
        """Remove the manifest and the tables, which are made again."""
        for name in (self.kind.manifest, *self.kind.table_files):
            if name not in self.kind.early:
                (self.folder / name).unlink(missing_ok=True)

    def _file(self, chunk: str) -> Path:
        return self.folder / CHUNKS / f"{chunk}.parquet"

    def _is_there(self, entry: Mapping[str, Any]) -> bool:
        """Return whether the file of a chunk has the size in its line of the ledger."""
        path = self._file(str(entry["chunk"]))
        return path.is_file() and path.stat().st_size == entry.get("bytes")

    def _read_state(self) -> None:
        """Read the state of the folder, if any; ResultError if it has other inputs."""
        path = self.folder / self.kind.state
        if not path.is_file():
            return
        self.state = _with_inputs(path)
        if self.state is None:
            raise self.damaged(path)
        if keys := unequal(self.state["inputs"], self.inputs):
            what = f"holds {self.kind.article} with other inputs ({', '.join(keys)})"
            message = f"{self.folder}: {what}; give --force to replace it, or another --out"
            raise ResultError(message)

    def damaged(self, path: Path) -> ResultError:
        """Return the error for a file of the folder that cannot be read."""
        return ResultError(f"{path}: is damaged; remove the folder, or give another --out")

    def _close_to_workers(self) -> None:
        """Remove the mark, so that workers no longer write, and unfinished files."""
        folder = self.folder / CHUNKS
        for stray in (folder / MARK, *folder.glob(f"*{DRAFT}")):
            stray.unlink(missing_ok=True)

    def _clear(self) -> None:
        for path in self.folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            elif path.name != LOCK:
                path.unlink()

    def read_ledger(self) -> None:
        """Read the ledger from disk; a chunk whose line is incomplete is run again."""
        self.entries.clear()
        self._close_to_workers()
        path = self.folder / LEDGER
        content = path.read_bytes() if path.is_file() else b""
        whole = content[: content.rfind(b"\n") + 1]
        if whole != content:
            path.write_bytes(whole)
        for line in whole.splitlines():
            try:
                entry = json.loads(line.decode("utf-8"))
            except (ValueError, RecursionError):
                entry = None
            if not isinstance(entry, dict) or "chunk" not in entry:
                raise self.damaged(path)
            self.entries[str(entry["chunk"])] = entry


def manifest_of(folder: Path, kind: ResultKind) -> dict[str, Any]:
    """Return the manifest of a finished result; ResultError if it is missing or damaged."""
    path = folder / kind.manifest
    content = _with_inputs(path)
    if content is None:
        message = (
            f"{path}: is not the manifest of {kind.article}; `blocsim {kind.command}` makes one"
        )
        raise ResultError(message)
    return content


def _with_inputs(path: Path) -> dict[str, Any] | None:
    """Return the content of a file that has `inputs`; None if it has none or cannot be read."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(content["inputs"], dict):
            return None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    check_format(path, content)
    return dict(content)


def names_in(folder: Path, kind: ResultKind) -> frozenset[str]:
    """Return the names in a folder; ResultError if one does not belong to a result of the kind."""
    with usable(folder):
        there = folder.iterdir() if folder.exists() else ()
        names = frozenset(path.name for path in there)
    if strangers := sorted(names - kind.files - kind.drafts):
        what = f"holds {strangers[0]}, which is not part of {kind.article}"
        message = f"{folder}: {what}; give another --out"
        raise ResultError(message)
    return names


@contextmanager
def usable(folder: Path) -> Iterator[None]:
    """Turn errors of the operating system about a folder into ResultError."""
    try:
        yield
    except OSError as error:
        message = f"{folder}: cannot be used ({error.strerror}); give another --out"
        raise ResultError(message) from None


def replace_file(path: Path, text: str) -> None:
    """Write a file completely or not at all."""
    with replacement(path, path.with_name(path.name + DRAFT)) as file:
        whole = text if text.endswith("\n") else text + "\n"
        file.write(whole.encode("utf-8", errors=ESCAPED))


@contextmanager
def locked(folder: Path, name: str) -> Iterator[None]:
    """Lock a folder against other processes; the system frees the lock when the process ends."""
    try:
        import fcntl  # noqa: PLC0415 - not there on Windows
    except ImportError:
        yield
        return
    with (folder / LOCK).open("w", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            message = f"{folder}: another process is working on this {name}; wait for it to finish"
            raise ResultError(message) from None
        yield

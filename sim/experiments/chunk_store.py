"""A result folder that one process fills chunk by chunk, and that goes on after any crash.

    NAME.json       what the result is of: its format, its inputs, and what its kind keeps there
    ledger.jsonl    a line for each complete chunk: rows, size, sha256
    chunks/         the chunks, Parquet
    .lock           locked while a process works here

A chunk is written under a temporary name, flushed to disk, renamed and entered in the ledger:
after any crash it is either complete and listed, or is run again. The manifest is written last;
with it the result is finished. A kind of result without chunks uses the rest: whose the folder
is, what may be replaced, and the manifest.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from sim.kernel.errors import ResultError
from sim.records.kinds import CHUNKS, DRAFT, LEDGER, LOCK, ResultKind
from sim.records.manifest import of_this_version
from sim.records.soundness import ESCAPED, FORMAT, KEY, check_format, digest
from sim.records.store import unequal


class ChunkStore:
    """A folder of some kind, which holds or will hold the result of some inputs."""

    def __init__(self, folder: Path, kind: ResultKind, inputs: Mapping[str, Any]) -> None:
        """Name the folder; nothing is read or touched."""
        self.folder = folder
        self.kind = kind
        self.inputs = json.loads(json.dumps(inputs))
        self.state: dict[str, Any] | None = None  # None before the first chunk
        self.entries: dict[str, dict[str, Any]] = {}  # by chunk

    def check(self, *, force: bool = False, resume: bool = True) -> None:
        """Refuse a place that cannot hold this result; nothing is touched."""
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
        """Hold the folder against other processes; read what it has, or empty it with `force`."""
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
        """Write the inputs, and what else is to be known when the folder is taken up again."""
        known = {} if self.state is None else self.state
        self.state = {**known, KEY: FORMAT, "inputs": self.inputs, **about}
        replace_file(self.folder / self.kind.state, json.dumps(self.state, indent=1))

    def done(self, chunk: str, rows: int) -> bool:
        """Return whether a chunk is listed, and its file there and of the size written."""
        entry = self.entries.get(chunk)
        path = self._file(chunk)
        return (
            entry is not None
            and entry.get("rows") == rows
            and path.is_file()
            and path.stat().st_size == entry.get("bytes")
        )

    def put(
        self, chunk: str, columns: Mapping[str, Any], keys: Sequence[str], **about: Any
    ) -> None:
        """Write a chunk and enter it; `keys` are the columns whose values repeat."""
        path, table = self._file(chunk), pa.table(dict(columns))
        path.parent.mkdir(exist_ok=True)
        with replacement(path, path.with_suffix(DRAFT)) as file:  # pyarrow opens no odd name
            pq.write_table(table, file, use_dictionary=list(keys))
        sizes = {"bytes": path.stat().st_size, "sha256": digest(path)}
        entry = {"chunk": chunk, "rows": table.num_rows, **sizes, **about}
        with (self.folder / LEDGER).open("a", encoding="utf-8") as ledger:
            ledger.write(json.dumps(entry) + "\n")
            ledger.flush()
            os.fsync(ledger.fileno())
        self.entries[chunk] = entry

    def read(self, chunk: str) -> pa.Table:
        """Return the rows of a chunk; ResultError if its file is not what was written."""
        path = self._file(chunk)
        entry = self.entries.get(chunk)
        if entry is None or not path.is_file() or digest(path) != entry["sha256"]:
            message = (
                f"{path}: has changed since it was written; remove it and run the command again"
            )
            raise ResultError(message)
        with path.open("rb") as file:  # pyarrow opens no name that is no text
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
        """Remove the manifest and the tables of an earlier state: they are made again."""
        for name in (self.kind.manifest, *self.kind.table_files):
            if name not in self.kind.early:
                (self.folder / name).unlink(missing_ok=True)

    def _file(self, chunk: str) -> Path:
        return self.folder / CHUNKS / f"{chunk}.parquet"

    def _read_state(self) -> None:
        """Read what the folder says of itself, if anything; refuse the result of other inputs."""
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
        """Return that a file of the folder cannot be read."""
        return ResultError(f"{path}: is damaged; remove the folder, or give another --out")

    def _clear(self) -> None:
        for path in self.folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            elif path.name != LOCK:
                path.unlink()

    def read_ledger(self) -> None:
        """Read the ledger from disk; a torn last line is of a chunk that is run again."""
        self.entries.clear()
        for stray in (self.folder / CHUNKS).glob(f"*{DRAFT}"):
            stray.unlink()
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
    """Return the manifest of a finished result; ResultError if there is none that is read."""
    path = folder / kind.manifest
    content = _with_inputs(path)
    if content is None:
        message = (
            f"{path}: is not the manifest of {kind.article}; `blocsim {kind.command}` makes one"
        )
        raise ResultError(message)
    return content


def _with_inputs(path: Path) -> dict[str, Any] | None:
    """Return what a file says of a result and its inputs; None if it is no such file."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(content["inputs"], dict):
            return None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    check_format(path, content)
    return dict(content)


def names_in(folder: Path, kind: ResultKind) -> frozenset[str]:
    """Return the names in a folder; refuse a file, or what is no part of a result of the kind."""
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
    """Refuse a folder that the system refuses."""
    try:
        yield
    except OSError as error:
        message = f"{folder}: cannot be used ({error.strerror}); give another --out"
        raise ResultError(message) from None


def replace_file(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    with replacement(path, path.with_name(path.name + DRAFT)) as file:
        whole = text if text.endswith("\n") else text + "\n"
        file.write(whole.encode("utf-8", errors=ESCAPED))


@contextmanager
def replacement(path: Path, draft: Path) -> Iterator[IO[bytes]]:
    """Yield a draft that takes a file's place once it is on disk; it is gone if that fails."""
    try:
        with draft.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


@contextmanager
def locked(folder: Path, name: str) -> Iterator[None]:
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
            message = f"{folder}: another process is working on this {name}; wait for it to finish"
            raise ResultError(message) from None
        yield

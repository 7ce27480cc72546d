"""Chunks as files, written by the client of a sweep or by workers that reach its folder.

A chunk is written under a name of its own, flushed to disk and renamed, so that it is there whole
or not at all, even if several processes write it. As long as workers may write, the folder of the
chunks has a mark: a file with a random word. A worker writes only if it reads that word. So it
never writes into another folder of the same name, nor after its client has ended.
"""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from sim.records.kinds import DRAFT

MARK = ".mark"  # readers of Parquet ignore names that begin with a dot


@dataclass(frozen=True)
class ChunkFile:
    """A chunk and the content of its file."""

    chunk: str
    rows: int
    content: bytes

    @classmethod
    def of(cls, chunk: str, columns: Mapping[str, Any], keys: Sequence[str]) -> ChunkFile:
        """Return a chunk of columns as Parquet; `keys` are the columns whose values repeat."""
        table, sink = pa.table(dict(columns)), pa.BufferOutputStream()
        pq.write_table(table, sink, use_dictionary=list(keys))
        return cls(chunk, table.num_rows, sink.getvalue().to_pybytes())

    @property
    def entry(self) -> dict[str, Any]:
        """Return its line in the ledger."""
        digest = sha256(self.content).hexdigest()
        return {
            "chunk": self.chunk,
            "rows": self.rows,
            "bytes": len(self.content),
            "sha256": digest,
        }

    def write(self, folder: Path) -> None:
        """Write the file whole or not at all."""
        draft = folder / f".{self.chunk}.{secrets.token_hex(4)}{DRAFT}"
        with replacement(folder / f"{self.chunk}.parquet", draft) as file:
            file.write(self.content)


@dataclass(frozen=True)
class ChunkPlace:
    """The folder of the chunks, as it is sent to workers."""

    folder: str
    mark: str

    def write(self, file: ChunkFile) -> None:
        """Write a chunk; OSError if this process cannot reach or write the folder."""
        folder = Path(self.folder)
        if not folder.is_dir():
            raise FileNotFoundError(errno.ENOENT, "there is no such folder", self.folder)
        try:
            mark = (folder / MARK).read_text(encoding="utf-8")
        except FileNotFoundError:
            mark = ""
        if mark != self.mark:
            raise FileNotFoundError(errno.ENOENT, "another folder has this name", self.folder)
        file.write(folder)


def new_mark(folder: Path) -> Path:
    """Mark a folder with a new random word and return its file."""
    path = folder / MARK
    with replacement(path, path.with_name(MARK + DRAFT)) as file:
        file.write(secrets.token_hex(8).encode())
    return path


@contextmanager
def replacement(path: Path, draft: Path) -> Iterator[IO[bytes]]:
    """Yield a draft that replaces a file once it is on disk; it is removed if that fails."""
    try:
        with draft.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise

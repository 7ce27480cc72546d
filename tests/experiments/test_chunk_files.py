"""Chunks as files, written by any process that reaches their folder."""

from __future__ import annotations

import errno
import os
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import numpy as np
import pyarrow.parquet as pq
import pytest

from sim.experiments import chunk_files
from sim.experiments.chunk_files import ChunkFile, ChunkPlace, new_mark

COLUMNS = {"key": np.arange(3), "value": np.array([0.1, 0.2, 0.3])}
FILE = ChunkFile.of("one", COLUMNS, ["key"])


@pytest.fixture
def place(tmp_path):
    return ChunkPlace(str(tmp_path), new_mark(tmp_path).read_text())


def test_a_chunk_is_parquet_and_its_line_says_what_is_in_the_file(tmp_path, place):
    place.write(FILE)
    content = (tmp_path / "one.parquet").read_bytes()
    assert pq.read_table(tmp_path / "one.parquet").column("value").to_pylist() == [0.1, 0.2, 0.3]
    assert FILE.entry == {
        "chunk": "one",
        "rows": 3,
        "bytes": len(content),
        "sha256": sha256(content).hexdigest(),
    }


def test_many_who_write_the_same_chunk_leave_one_whole_file(tmp_path, place):
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: place.write(FILE), range(40)))
    assert sorted(path.name for path in tmp_path.iterdir()) == [".mark", "one.parquet"]
    assert (tmp_path / "one.parquet").read_bytes() == FILE.content


def test_a_chunk_for_which_there_is_no_room_leaves_nothing(tmp_path, place, monkeypatch):
    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(chunk_files.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        place.write(FILE)
    assert [path.name for path in tmp_path.iterdir()] == [".mark"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (new_mark, "another folder has this name"),  # another process has the folder now
        (lambda folder: (folder / ".mark").unlink(), "another folder has this name"),
        (lambda folder: folder.rename(folder.with_name("away")), "there is no such folder"),
    ],
)
def test_nothing_is_written_to_a_folder_that_is_not_the_one_meant(tmp_path, change, said):
    folder = tmp_path / "chunks"
    folder.mkdir()
    place = ChunkPlace(str(folder), new_mark(folder).read_text())
    change(folder)
    with pytest.raises(FileNotFoundError, match=said):
        place.write(FILE)
    assert not list(tmp_path.rglob("*.parquet"))


def test_marks_differ(tmp_path):
    assert new_mark(tmp_path).read_text() != new_mark(tmp_path).read_text()

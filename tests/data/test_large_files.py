"""Files that would fill the memory, and folders that may not be opened, are refused by name."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from sim.data.collection import collect
from sim.data.table_reader import readings
from sim.kernel.errors import InputError

FLOWS = "supplier,recipient,year,tiv_m\nARM,AZE,2019,12\n"


def test_a_line_that_would_fill_the_memory_is_refused(tmp_path):
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(FLOWS.encode() + b"a" * (1 << 24)))
    with pytest.raises(InputError, match="a line has 16,777,216 characters or more"):
        _ = readings(path)[0].frame


@pytest.mark.parametrize(
    ("limit", "data", "said"),
    [
        ("_LARGEST_WHOLE", b'[{"pages":1},[]]', "has to be in memory as a whole: write the table"),
        ("_LARGEST_INNER", gzip.compress(b"PK\x03\x04" + b"x" * 99), "in an archive, too large"),
    ],
)
def test_a_file_that_is_read_at_once_has_a_largest_size(tmp_path, monkeypatch, limit, data, said):
    monkeypatch.setattr(f"sim.data.containers.{limit}", 15)
    path = tmp_path / "large"
    path.write_bytes(data)
    with pytest.raises(InputError, match=said):
        readings(path)


def test_a_file_in_a_closed_folder_is_named_and_others_are_read(tmp_path, monkeypatch):
    for name in ("open.csv", "closed.csv"):
        (tmp_path / name).write_text(FLOWS, encoding="utf-8")
    exists, is_symlink = os.path.exists, Path.is_symlink

    def forbidden(path):
        if path.name == "closed.csv":
            raise PermissionError(13, "Permission denied", str(path))
        return is_symlink(path)

    monkeypatch.setattr(os.path, "exists", lambda path: path.name != "closed.csv" and exists(path))
    monkeypatch.setattr(Path, "is_symlink", forbidden)
    found = collect([tmp_path])
    assert len(found.tables) == 1
    assert found.faults[0].message == "cannot be opened: permission denied"


def test_a_place_that_may_not_be_looked_at_is_named(tmp_path, monkeypatch):
    def forbidden(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "exists", forbidden)
    with pytest.raises(InputError, match="closed: cannot be read: Permission denied"):
        collect([tmp_path / "closed"])

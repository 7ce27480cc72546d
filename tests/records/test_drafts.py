"""Folders that go with their process, however it ends."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sim.records.store import draft, scratch_folder, settle
from tests.patience import PATIENCE

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no locks as on POSIX")

KILLED = """
import os, sys
from pathlib import Path
from sim.records.store import draft
from sim.records.store import scratch_folder

with draft(Path(sys.argv[1])) as place, scratch_folder() as scratch:
    (place / "table.csv").write_text("half")
    (scratch / "series").write_text("half")
    os.kill(os.getpid(), 9)
"""


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_what_a_killed_process_left_is_removed_by_the_next(tmp_path, monkeypatch):
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    place = tmp_path / "results" / "out"
    command = [sys.executable, "-c", KILLED, str(place)]
    assert subprocess.run(command, check=False, timeout=PATIENCE).returncode == -9
    (left,), (scratch,) = names(place.parent), names(temporary)
    assert left.startswith(".out.")
    assert scratch.startswith("blocsim_")
    with draft(place) as new, scratch_folder() as own:
        assert names(place.parent) == [new.name]
        assert names(temporary) == [own.name]
    assert names(place.parent) == names(temporary) == []


def test_what_a_living_process_is_at_work_on_stays(tmp_path):
    with draft(tmp_path / "out") as first, draft(tmp_path / "out") as second:
        assert names(tmp_path) == sorted([first.name, second.name])


def test_what_is_not_a_draft_of_this_place_stays(tmp_path):
    kept = [".out.notes", ".out.abc", ".out.ABCDEFGH", ".other.abcdefgh", "out.abcdefgh"]
    for name in kept:
        (tmp_path / name).mkdir()
    with draft(tmp_path / "out") as place:
        assert names(tmp_path) == sorted([*kept, place.name])


@pytest.mark.parametrize("stands", [True, False])
def test_a_result_that_was_put_aside_is_removed_if_the_new_one_is_in_place(tmp_path, stands):
    aside = tmp_path / ".out.abcdefgh.old"
    aside.mkdir()
    if stands:
        (tmp_path / "out").mkdir()
    with draft(tmp_path / "out") as place:
        assert aside.exists() is not stands
        settle(place, tmp_path / "out")
    assert (tmp_path / "out").is_dir()

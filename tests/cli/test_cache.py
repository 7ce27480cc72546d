"""The cache of compiled kernels: shown, and cleared."""

from __future__ import annotations

import sys

import pytest

from sim.engine import machine


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(machine, "folder", lambda: tmp_path / "cache" / "kernels")
    return tmp_path / "cache" / "kernels"


def test_the_cache_is_a_folder_of_the_user(monkeypatch, tmp_path):
    if sys.platform.startswith("linux"):
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
        assert machine.folder() == tmp_path / "blocsim" / "kernels"
    assert machine.folder().name == "kernels"


def test_a_cache_that_is_not_there_is_empty(blocsim, folder):
    code, out, err = blocsim("cache")
    assert (code, out, err) == (0, f"{folder}: 0 kernels, 0.0 MB of 200.0 MB at most\n", "")
    assert blocsim("cache", "--clear") == (0, f"{folder}: 0.0 MB removed\n", "")
    assert not folder.exists()


def test_kernels_are_counted_with_their_size_and_removed(blocsim, folder):
    folder.mkdir(parents=True)
    (folder / "one.o").write_bytes(bytes(3 << 19))
    (folder / "two.o").write_bytes(bytes(1 << 18))
    (folder / f"left{machine.DRAFT}").write_bytes(bytes(1 << 18))  # by a process that was killed
    (folder / "mine.txt").write_bytes(bytes(1 << 18))  # nothing of ours
    assert blocsim("cache")[1] == f"{folder}: 2 kernels, 2.0 MB of 200.0 MB at most\n"
    assert blocsim("cache", "--clear")[1] == f"{folder}: 2.0 MB removed\n"
    assert [file.name for file in folder.iterdir()] == ["mine.txt"]


def test_what_cannot_be_removed_is_said(blocsim, folder, monkeypatch):
    def refused(*_, **__):
        raise PermissionError

    folder.mkdir(parents=True)
    (folder / "one.o").write_bytes(bytes(100_000))
    monkeypatch.setattr("pathlib.Path.unlink", refused)
    code, out, err = blocsim("cache", "--clear")
    monkeypatch.undo()
    assert (code, out) == (3, f"{folder}: 0.0 MB removed\n")
    assert err == f"{folder}: some files could not be removed\n"

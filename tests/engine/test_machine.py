"""The cache of machine code is optional: results do not depend on its state."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from sim.engine import machine
from sim.engine.machine import MachineError, clear, code, folder, is_kept
from tests.patience import PATIENCE

ASSEMBLY = """
define void @period(ptr %to) {{
entry:
  store double {number}, ptr %to
  ret void
}}
define void @draws(i32 %a, i32 %b, i32 %c, i64 %d, ptr %e, ptr %f, ptr %g) {{
entry:
  ret void
}}
"""
ONE = ASSEMBLY.format(number="1.0")
POSIX = pytest.mark.skipif(os.name != "posix", reason="rights are those of POSIX")


@pytest.fixture(autouse=True)
def empty(monkeypatch, tmp_path):
    """Let every test begin with an empty cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def compilations(counted):
    """Return a list to which each compilation is added."""
    return counted(machine, "_compiled")


def result(assembly=ONE):
    """Return what code computes."""
    to, made = np.zeros(1), code(assembly)
    made.period(to.ctypes.data)
    return float(to[0])


def files():
    return sorted(folder().iterdir()) if folder().exists() else []


def test_the_cache_of_tests_is_not_that_of_the_user(tmp_path):
    assert folder().is_relative_to(tmp_path)


def test_code_is_compiled_once_and_kept_by_what_it_depends_on(compilations):
    assert not is_kept(ONE)
    assert result() == result() == 1.0
    assert compilations == [ONE]
    assert is_kept(ONE)
    other = ASSEMBLY.format(number="2.0")
    assert not is_kept(other)
    assert result(other) == 2.0
    host = machine.CodeTarget.host()
    assert not is_kept(ONE, machine.CodeTarget(host.processor, host.features + ",-avx"))
    assert len(files()) == 2


@POSIX
def test_cached_code_is_private_and_no_lock_stays():
    result()
    assert [each.suffix for each in files()] == [machine.SUFFIX]
    assert stat.S_IMODE(files()[0].stat().st_mode) == 0o600
    assert stat.S_IMODE(folder().stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[: len(content) // 2],
        lambda content: content[:100] + bytes([content[100] ^ 1]) + content[101:],
        lambda _: b"",
        lambda content: bytes(32) + content[32:],  # with a wrong hash
    ],
    ids=["cut", "flipped", "emptied", "foreign"],
)
def test_a_damaged_file_is_made_again(damage, compilations):
    result()
    (file,) = files()
    whole = file.read_bytes()
    file.write_bytes(damage(whole))
    assert not is_kept(ONE)
    assert result() == 1.0
    assert compilations == [ONE, ONE]
    assert file.read_bytes() == whole
    assert files() == [file]


def test_a_file_of_another_owner_is_not_read(monkeypatch, compilations):
    result()
    monkeypatch.setattr(os, "getuid", lambda: -5)
    assert not is_kept(ONE)
    assert result() == 1.0
    assert len(compilations) == 2


def test_without_a_cache_code_is_compiled_for_the_process_only(tmp_path, monkeypatch):
    barrier = tmp_path / "file"
    barrier.write_text("no folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(barrier))
    assert result() == 1.0
    assert not is_kept(ONE)
    assert clear() == 0
    assert barrier.read_text() == "no folder"


def test_what_is_not_ours_stays():
    assert result() == 1.0
    folder().joinpath("notes.txt").write_text("mine")
    assert clear() > 0
    assert [each.name for each in folder().iterdir()] == ["notes.txt"]
    folder().joinpath("notes.txt").unlink()


def test_a_full_disk_leaves_no_part_of_a_file(monkeypatch):
    def full(*_):
        message = "no space left on device"
        raise OSError(message)

    monkeypatch.setattr(Path, "replace", full)
    assert result() == 1.0
    assert [each for each in files() if each.suffix != ".lock"] == []


def test_without_llvmlite_it_is_said_what_is_missing(monkeypatch):
    machine._llvm.cache_clear()
    monkeypatch.setitem(sys.modules, "llvmlite.binding", None)
    with pytest.raises(MachineError, match="llvmlite cannot be loaded here"):
        code(ONE)
    machine._llvm.cache_clear()


def test_a_processor_that_would_round_twice_is_refused(monkeypatch):
    class Old:
        get_host_cpu_features = staticmethod(lambda: {"avx": True, "fma": False})

    monkeypatch.setattr(machine, "_llvm", Old)
    with pytest.raises(MachineError, match=r"once \(FMA\)"):
        machine.CodeTarget.host()


def test_the_oldest_goes_where_there_is_no_room(monkeypatch):
    for number in range(4):
        assert result(ASSEMBLY.format(number=f"{number}.0")) == number
        newest = max(files(), key=lambda each: each.stat().st_mtime_ns)
        os.utime(newest, (number + 1, number + 1))
    size = files()[0].stat().st_size
    assert machine.MOST_BYTES == 200 * 2**20
    monkeypatch.setattr(machine, "MOST_BYTES", 3 * size)
    result(ASSEMBLY.format(number="9.0"))
    assert len(files()) == 3
    assert [is_kept(ASSEMBLY.format(number=f"{n}.0")) for n in (0, 1, 2, 3, 9)] == [
        False, False, True, True, True,
    ]  # fmt: skip


def test_clear_frees_what_is_kept_and_says_how_much(compilations):
    result()
    size = files()[0].stat().st_size
    assert clear() == size
    assert files() == []
    assert clear() == 0
    assert result() == 1.0
    assert len(compilations) == 2


SCRIPT = """
import sys, time
from sim.engine import machine
compiled = machine._compiled
def slowly(assembly, where):
    print("compiles", flush=True)
    time.sleep(0.3)
    return compiled(assembly, where)
machine._compiled = slowly
machine.code(sys.stdin.read())
"""


@POSIX
def test_of_processes_that_want_the_same_at_once_one_compiles():
    calls = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for each in calls:
        each.stdin.write(ONE)
        each.stdin.close()
    said = [each.stdout.read() for each in calls]
    faults = [each.stderr.read() for each in calls]
    assert [each.wait(PATIENCE) for each in calls] == [0, 0, 0], faults
    assert "".join(said).count("compiles") == 1
    assert [each.suffix for each in files()] == [machine.SUFFIX]

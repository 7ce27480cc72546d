"""With an outline a kernel is read from the cache, and nothing is traced."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine import kernel_outlines, machine, selection
from sim.engine.engine_names import COMPILED
from sim.engine.selection import Engine
from sim.laws import contract
from tests.engine.laws import Resolve, with_law
from tests.small import columns, same


@pytest.fixture
def fresh(monkeypatch):
    """Return a function that forgets the kernels of this process, as a new one would."""
    return lambda: monkeypatch.setattr(selection, "_KERNELS", selection._Kernels())


@pytest.fixture
def traced(counted, fresh):
    """Return a list to which each trace is added; the process forgets its kernels."""
    fresh()
    return counted(selection, "planned")


@pytest.fixture
def elsewhere(kernels, monkeypatch, tmp_path):
    """Have an empty cache, and code that the session has compiled instead of a compiler."""
    assert kernels
    session, kernel_of = machine.folder(), selection.kernel_of
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    def lent(case, names, plan, assembly):
        file = machine.file_of(assembly)
        machine.keep(machine.folder() / file, machine.read(session / file))
        return kernel_of(case, names, plan, assembly)

    monkeypatch.setattr(selection, "kernel_of", lent)


def engine_of(case):
    return Engine(COMPILED, names=case.differing())


def outlines():
    return {each for each in machine.kept() if each.suffix == machine.OUTLINE}


def test_a_second_process_traces_nothing_and_has_the_same_bytes(case, traced, fresh):
    given = case("busy", 33)
    engine = engine_of(given)
    first = columns(engine.simulate(given))
    traced.clear()
    fresh()
    assert engine.uncompiled([given, case("busy", 2)]) == []
    assert same(columns(engine.simulate(given)), first) == []
    other = case("busy", 33, seed=9)  # another seed needs no other kernel
    assert same(columns(engine.simulate(other)), first) != []
    assert traced == []


def test_a_damaged_outline_is_made_again(case, traced, fresh):
    given = case("plain", 5)
    engine, before = engine_of(given), outlines()
    for path in before:
        path.unlink()
    first = columns(engine.simulate(given))
    (path,) = outlines()
    whole = path.read_bytes()
    for content in (whole[:-1], b"", machine.DIGEST * b"0" + b"no pickle"):
        path.write_bytes(content)
        fresh()
        assert engine.uncompiled([given]) == [0]
        assert same(columns(engine.simulate(given)), first) == []
        assert path.read_bytes() == whole
    assert len(traced) == 4


@pytest.mark.usefixtures("elsewhere")
def test_an_outline_without_its_code_is_made_again(case, traced, fresh):
    given = case("plain", 5)
    engine = engine_of(given)
    first = columns(engine.simulate(given))
    (made,) = (each for each in machine.kept() if each.suffix == machine.SUFFIX)
    made.unlink()
    fresh()
    assert engine.uncompiled([given]) == [0]
    assert same(columns(engine.simulate(given)), first) == []
    assert made.exists()
    assert len(traced) == 2


def test_a_users_law_has_no_outline(case, traced, fresh, kernels, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(selection, "kernel_of", lambda *_: kernels["plain"])  # any kernel would do
    given = with_law(case("plain", 3), Resolve(pride=np.array([0.1, 0.2, 0.3])))
    engine = engine_of(given)
    engine.prepare(given)
    assert outlines() == set()
    fresh()
    engine.prepare(given)
    assert len(traced) == 2


def test_names_are_known_beyond_those_that_a_process_keeps(
    case, fresh, kernels, monkeypatch, tmp_path
):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(selection, "kernel_of", lambda *_: kernels["plain"])  # any kernel would do
    monkeypatch.setattr(kernel_outlines.Outline, "is_ready", True)
    monkeypatch.setattr(selection, "NAMES", 1)
    fresh()
    plain, busy = case("plain", 2), case("busy", 2)
    engine = engine_of(busy)
    for given in (plain, busy):
        engine.prepare(given)
    assert engine.uncompiled([plain, busy]) == []
    assert len(selection._KERNELS.names) == 1


def test_with_a_replaced_constant_it_is_traced_anew(case, traced, fresh, monkeypatch):
    given = case("plain", 3)
    engine = engine_of(given)
    engine.prepare(given)
    traced.clear()
    fresh()
    assert engine.uncompiled([given]) == []
    monkeypatch.setattr(contract, "ANOTHER", 1.0, raising=False)
    fresh()
    assert engine.uncompiled([given]) == [0]
    engine.prepare(given)
    assert len(traced) == 1

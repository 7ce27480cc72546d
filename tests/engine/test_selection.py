"""The engine of a result depends on the model and on the number of runs."""

from __future__ import annotations

import pickle
import warnings
from unittest.mock import Mock

import numpy as np
import pytest

from sim.engine import kernel_outlines, machine, selection
from sim.engine.engine_names import AUTO, COMPILED, ENGINES, NUMPY
from sim.engine.machine import MachineError
from sim.engine.selection import LEAST, Engine, least_of, selected
from sim.experiments.batch import case_of, cases_of, engine_of
from sim.kernel.errors import RunError
from sim.kernel.rules import ROLES
from sim.kernel.simulate import simulate as simulate_numpy
from tests.engine.laws import Hasty, Resolve, with_law
from tests.small import built, columns, same

PERIODS = 10
ENOUGH = LEAST // PERIODS


def chosen(asked, runs, cases=()):
    return selected(asked, runs=runs, periods=PERIODS, cases=lambda: list(cases))


def by_numpy(case):
    return simulate_numpy(case.world, case.rules, case.inputs, case.noise)


def test_numpy_is_used_on_request_for_any_number_of_runs():
    assert chosen(NUMPY, 10**9) == Engine(NUMPY, "asked for")


def test_auto_compiles_from_as_many_runs_on_as_pay(case):
    def never():
        raise AssertionError

    few = selected(AUTO, runs=ENOUGH - 1, periods=PERIODS, cases=never)
    assert few == Engine(NUMPY, f"compiling does not save time for {ENOUGH - 1} runs of 10 periods")
    many = chosen(AUTO, ENOUGH, [case("plain", 2)])
    assert (many.name, many.reason) == (
        COMPILED,
        f"compiling saves time for {ENOUGH} runs of 10 periods",
    )
    assert many.names == case("plain", 2).differing()


def test_auto_compiles_a_large_world_for_fewer_runs(case):
    assert [least_of(states) for states in (0, 5, 17, 24)] == [LEAST] * 4
    assert least_of(48) == LEAST // 4
    runs = least_of(48) // PERIODS
    known = {"periods": PERIODS, "cases": lambda: [case("plain", 2)]}
    assert selected(AUTO, runs=runs, states=48, **known).name == COMPILED
    assert selected(AUTO, runs=runs - 1, states=48, **known).name == NUMPY
    assert selected(AUTO, runs=runs, **known).name == NUMPY


def test_auto_counts_the_kinds_of_models_that_have_to_be_compiled(case):
    two = [case("plain", 2), case("busy", 2)]
    assert chosen(AUTO, 2 * ENOUGH - 1, two).name == NUMPY
    assert chosen(AUTO, 2 * ENOUGH, two).name == COMPILED
    alike = [case("plain", 2), case("plain", 2, seed=9)]
    assert chosen(AUTO, ENOUGH, alike).name == COMPILED


def test_what_differs_in_any_model_differs_in_all(case):
    both = chosen(COMPILED, 1, [case("plain", 2), case("busy", 2)])
    assert both.reason == "requested"
    assert both.names == case("plain", 2).differing() | case("busy", 2).differing()


def test_the_choice_does_not_depend_on_the_cache(case, monkeypatch):
    choices = []
    for kept in (None, Mock(is_ready=True)):
        monkeypatch.setattr(kernel_outlines, "kept", lambda _, kept=kept: kept)
        choices += [chosen(AUTO, runs, [case("plain", 2)]) for runs in (1, ENOUGH, 10 * ENOUGH)]
    assert choices[:3] == choices[3:]


def test_a_law_that_decides_in_python_is_run_by_numpy_which_is_said_once(models, monkeypatch):
    monkeypatch.setitem(ROLES["deterrence"], "standard", Hasty)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("default")
        engines = [engine_of(asked, 10**6, [(models["plain"], {})]) for asked in (COMPILED, AUTO)]
    assert [engine.name for engine in engines] == [NUMPY, NUMPY]
    assert engines[0].reason.startswith("the model cannot be compiled: max over the runs")
    assert len(said) == 1
    assert str(said[0].message).startswith(
        "runs are computed by numpy: the model cannot be compiled"
    )
    assert "Hasty.gain, laws.py:" in str(said[0].message)
    given = case_of(built(models["plain"], 9))
    assert isinstance(given.rules.deterrence, Hasty)
    assert same(columns(engines[0].simulate(given)), columns(by_numpy(given))) == []


def test_without_a_compiler_numpy_runs_it_and_says_why(case, monkeypatch):
    def missing(*_):
        message = "llvmlite cannot be loaded here"
        raise MachineError(message)

    monkeypatch.setattr(selection, "_KERNELS", selection._Kernels())
    monkeypatch.setattr(machine, "_llvm", missing)
    with pytest.warns(UserWarning, match="llvmlite cannot be loaded"):
        engine = chosen(COMPILED, 1, [case("plain", 2)])
    assert engine == Engine(NUMPY, "the model cannot be compiled: llvmlite cannot be loaded here")


def test_another_term_in_a_law_needs_no_change_of_the_engine(case):
    given = with_law(case("plain", 33), Resolve(pride=0.4))
    engine = chosen(COMPILED, 1, [given])
    found, expected = columns(engine.simulate(given)), columns(by_numpy(given))
    without = columns(by_numpy(case("plain", 33)))
    assert "deterrence_margin" in same(expected, without)
    for name, values in expected.items():
        if values.dtype.kind == "f":
            np.testing.assert_array_equal(np.isnan(found[name]), np.isnan(values))
            apart, size = np.nan_to_num(found[name] - values), np.nan_to_num(np.abs(values))
            assert np.all(np.abs(apart) <= 1e-9 * np.maximum(size, 1.0))
        else:
            assert np.array_equal(found[name], values)


def test_what_is_not_a_number_is_named_by_numpy(case, kernels):
    assert kernels  # compiled already
    engine = chosen(COMPILED, 1, [case("busy", 2)])
    given = case("busy", 5, given={"states.GAM.gdp": np.array([1e4, 1e4, np.inf, 1e4, 1e4])})
    with pytest.raises(RunError, match=r"^2017-Q4: .*GAM"):
        engine.simulate(given)


def test_an_engine_travels_to_workers(case):
    engine = chosen(COMPILED, 1, [case("plain", 2)])
    assert pickle.loads(pickle.dumps(engine)) == engine  # noqa: S301 - our own
    assert engine.name in ENGINES


def test_a_kernel_is_ready_once_it_is_kept(case, kernels, models):
    assert kernels
    engine = engine_of(COMPILED, 1, [(models["plain"], {})])
    engine.prepare(case("plain", 2))
    assert engine.uncompiled(cases_of([(models["plain"], {})])) == []
    given = with_law(case("plain", 2), Resolve(pride=np.array([0.1, 0.2])))
    two = [given, case("plain", 2), given]
    assert chosen(COMPILED, 1, two).uncompiled(two) == [0, 1]
    assert Engine().uncompiled([given]) == []

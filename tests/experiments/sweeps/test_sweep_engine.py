"""A sweep has one engine from its first point to its last."""

from __future__ import annotations

import json

import pytest

from sim.engine import machine, selection
from sim.engine.machine import MachineError
from sim.experiments.sweeps.sweep import sweep
from sim.kernel.errors import InputError, ResultError
from tests.experiments.sweeps.small_sweep import OVER, SMALL

FEW = {"over": OVER[:1], "design": "sobol", "runs": 2, "variants": ("sale",)}


@pytest.fixture
def begun(tmp_path):
    """Return the folder of a sweep of numpy's."""
    sweep(SMALL, points=2, engine="numpy", out=tmp_path / "sweep", **FEW)
    return tmp_path / "sweep"


def test_it_grows_by_the_engine_that_it_began_with(begun):
    grown = sweep(SMALL, points=4, out=begun, **FEW)
    assert len(grown.design) == 4
    assert json.loads((begun / "sweep.json").read_text())["engine"] == "numpy"


def test_another_engine_is_refused(begun):
    with pytest.raises(ResultError, match="by the numpy engine; give --engine numpy or another"):
        sweep(SMALL, points=4, engine="compiled", out=begun, **FEW)


@pytest.mark.filterwarnings("ignore:runs are computed by numpy")
def test_where_its_engine_is_missing_it_does_not_go_on(begun, monkeypatch):
    def missing(*_):
        message = "llvmlite cannot be loaded here"
        raise MachineError(message)

    state = json.loads((begun / "sweep.json").read_text())
    (begun / "sweep.json").write_text(json.dumps(state | {"engine": "compiled"}))
    monkeypatch.setattr(selection, "_KERNELS", selection._Kernels())
    monkeypatch.setattr(machine, "_llvm", missing)
    with pytest.raises(
        ResultError, match="by the compiled engine, and here the model cannot be compiled"
    ):
        sweep(SMALL, points=4, out=begun, **FEW)


def test_an_engine_that_is_none_is_refused(tmp_path):
    with pytest.raises(InputError, match="engine: must be auto, numpy or compiled, got 'fast'"):
        sweep(SMALL, points=2, engine="fast", out=tmp_path / "sweep", **FEW)


def test_a_finished_sweep_tells_its_engine_and_refuses_another(begun):
    about = json.loads((begun / "manifest.json").read_text())["how"]["engine"]
    assert about == {"name": "numpy", "reason": "asked for"}
    with pytest.raises(ResultError, match="by the numpy engine; give --engine numpy or another"):
        sweep(SMALL, points=2, engine="compiled", out=begun, **FEW)

"""The engine that a result names."""

from __future__ import annotations

import pytest

from sim.engine.engine_names import COMPILED
from sim.experiments.ensemble import run
from sim.kernel.errors import InputError, ResultError
from sim.kernel.rules import ROLES
from tests.engine.laws import Hasty


def test_the_manifest_tells_the_engine_and_why(small):
    found = run(small, runs=2).manifest
    why = "compiling does not save time for 6 runs of 4 periods"
    assert found["how"]["engine"] == {"name": "numpy", "reason": why}
    assert found["inputs"]["options"]["engine"] == "numpy"
    asked = run(small, runs=2, engine="numpy").manifest
    assert asked["how"]["engine"] == {"name": "numpy", "reason": "asked for"}
    assert asked["inputs"] == found["inputs"]


def test_a_law_that_cannot_be_compiled_is_run_by_numpy_with_the_same_tables(
    tables, tmp_path, monkeypatch
):
    monkeypatch.setitem(ROLES["deterrence"], "standard", Hasty)
    expected = tables(tmp_path / "numpy", runs=3, engine="numpy")
    with pytest.warns(UserWarning, match=r"runs are computed by numpy: .*Hasty\.gain") as said:
        found = tables(tmp_path / "compiled", runs=3, engine=COMPILED)
    assert found == expected
    assert len(said) == 1


def test_an_engine_that_is_none_is_refused(small):
    with pytest.raises(InputError, match="--engine: must be auto, numpy or compiled, got 'fast'"):
        run(small, engine="fast")


def test_a_result_of_another_engine_is_not_taken_for_it(small, tmp_path, monkeypatch):
    run(small, runs=2, engine="numpy", out=tmp_path / "out")
    monkeypatch.setattr("sim.experiments.ensemble.engine_of", lambda *_: Other())
    with pytest.raises(ResultError) as refused:
        run(small, runs=2, out=tmp_path / "out")
    assert str(refused.value) == (
        f"{tmp_path / 'out'}: its runs were computed by the numpy engine, and here it would be "
        "other (a test); give --engine numpy, --force to run it again, or another --out"
    )
    with pytest.raises(ResultError, match=r"other inputs \(options\); give --force"):
        run(small, runs=2, nu=0.3, out=tmp_path / "out")


class Other:
    """An engine that does not exist."""

    name, reason = "other", "a test"

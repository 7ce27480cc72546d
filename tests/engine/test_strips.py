"""Strips equal numpy, with the same bytes for any width of strips, block and machine."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine.kernels import kernel, signature
from sim.engine.machine import CodeTarget
from sim.engine.strips import simulate
from sim.experiments.batch import case_of
from sim.kernel.array_fields import arrays_of
from sim.kernel.simulate import simulate as simulate_numpy
from sim.kernel.world import World
from sim.laws.deterrence import Deterrence
from tests.engine.conftest import BUSY
from tests.small import built, columns, merged, model, same

RUNS = 130
NAMES = ("plain", "busy")


def whole(record, index=slice(None)):
    """Return all numbers of a record by name: series, orders, and the world at the end."""
    runs = next(iter(record.series.values())).shape[-1]
    world = {n: np.asarray(getattr(record.end, n)) for n in arrays_of(World)}
    wide = {n: np.broadcast_to(each, (*each.shape[:-1], runs)) for n, each in world.items()}
    return columns(record, index) | {f"world.{n}": each[..., index] for n, each in wide.items()}


@pytest.fixture(scope="module", params=NAMES)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def compiled(name, case, kernels):
    return whole(simulate(case(name, RUNS), kernels[name]))


def off(values, expected):
    """Return the largest distance, of the number or of one."""
    same_number = (values == expected) | (np.isnan(values) & np.isnan(expected))
    with np.errstate(invalid="ignore"):  # between two infinite numbers
        distance = np.abs(values - expected) / np.maximum(np.abs(expected), 1.0)
    return np.where(same_number, 0.0, distance).max(initial=0.0)


def test_a_simulation_gives_what_numpy_gives_with_no_decision_different(name, case, compiled):
    given = case(name, RUNS)
    expected = whole(simulate_numpy(given.world, given.rules, given.inputs, given.noise))
    assert compiled.keys() == expected.keys()
    for each, values in expected.items():
        assert compiled[each].shape == values.shape
        assert compiled[each].dtype == values.dtype
        if values.dtype.kind != "f":
            assert np.array_equal(compiled[each], values), each
        assert off(compiled[each].astype(float), values.astype(float)) < 1e-9, each


def test_what_happens_to_a_world_happened(case, kernels):
    found = simulate(case("busy", RUNS), kernels["busy"])
    assert set(np.unique(found.rules.consent.base)) == {-1.5, 1.5}
    kinds = [found.end.log.forced.max(), found.series["wars"].max(), found.series["appeals"].max()]
    assert np.all(np.array(kinds) > 0)
    assert set(np.unique(found.rules.strike.charge_scale)) == {300}
    burden = found.start.burden[found.start.layout.states.index("DEL")]
    assert len(np.unique(burden)) == RUNS


@pytest.mark.parametrize("size", [1, 7, 125])
def test_blocks_change_no_byte(name, case, kernels, compiled, size):
    starts = range(0, RUNS, size) if size > 1 else (0, 16, 129)
    for first in starts:
        runs = np.arange(first, min(first + size, RUNS))
        part = simulate(case(name, runs), kernels[name])
        mine = slice(0, runs.size)  # a lone run has a copy of itself
        assert same(whole(part, mine), {n: v[..., runs] for n, v in compiled.items()}) == []


def test_other_runs_in_another_order_change_no_byte(name, case, kernels, compiled):
    runs = np.random.default_rng(5).permutation(RUNS)[:40]
    found = whole(simulate(case(name, runs), kernels[name]))
    assert same(found, {n: v[..., runs] for n, v in compiled.items()}) == []


def without_wide_registers():
    """Return a processor like this one with registers of 256 bits at most."""
    host = CodeTarget.host()
    wide = [each for each in host.features.split(",") if "avx512" in each or "avx10" in each]
    narrow = [f"-{each[1:]}" if each in wide else each for each in host.features.split(",")]
    return CodeTarget("haswell", ",".join(narrow)) if wide else host


def test_strips_of_a_large_world_on_a_narrower_processor_give_the_same_bytes(
    case, kernels, monkeypatch
):
    monkeypatch.setattr("sim.engine.kernels.LARGE", 1)
    narrow = kernel(case("plain", 2), target=without_wide_registers())
    assert (narrow.lanes, kernels["plain"].lanes) == (8, 16)
    given = case("plain", RUNS)
    assert same(whole(simulate(given, narrow)), whole(simulate(given, kernels["plain"]))) == []


def test_a_kernel_serves_other_numbers_seeds_and_laws_of_the_same_structure(tmp_path, kernels):
    other = {"laws": {"deterrence": {"threshold": 0.3}}, "states": {"ALP": {"gdp": 4e5}}}
    given = case_of(built(model(tmp_path, merged(BUSY, other)), 33, seed=77))
    found = whole(simulate(given, kernels["busy"]))
    expected = whole(simulate_numpy(given.world, given.rules, given.inputs, given.noise))
    assert max(off(found[n].astype(float), v.astype(float)) for n, v in expected.items()) < 1e-9


def test_results_stay_when_others_are_computed(case, kernels):
    first = simulate(case("plain", 20), kernels["plain"])
    before = {n: v.copy() for n, v in whole(first).items()}
    for seed in (1, 2, 3):
        simulate(case("plain", 20, seed=seed), kernels["plain"])
    assert same(whole(first), before) == []


BARE = {
    "no assets": ("assets",),
    "no blocs": ("blocs",),
    "no offers": ("offers", "arsenals"),
    "states alone": ("assets", "blocs", "offers", "arsenals", "systems", "classes", "rivalries"),
}


@pytest.mark.parametrize(
    "sections",
    [
        pytest.param(each, id=name, marks=[] if name == "states alone" else [pytest.mark.study])
        for name, each in BARE.items()
    ],
)
def test_a_world_that_lacks_what_others_have_is_compiled_too(tmp_path, sections):
    lacking = dict.fromkeys((*sections, "outcomes"))
    parts = case_of(built(model(tmp_path, lacking), 20))
    record = simulate(parts, kernel(parts))
    numpy = whole(simulate_numpy(parts.world, parts.rules, parts.inputs, parts.noise))
    assert {n: off(v, numpy[n]) for n, v in whole(record).items() if off(v, numpy[n]) > 1e-9} == {}


def test_a_method_that_is_said_anew_is_another_kernel(case, monkeypatch):
    before = signature(case("plain", 2))
    assert signature(case("plain", 3)) == before
    monkeypatch.setattr(Deterrence, "gain", lambda self, *, rivalry, **_: rivalry * self.threshold)
    assert signature(case("plain", 2)) != before

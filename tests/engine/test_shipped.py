"""Every shipped scenario, variant and variant of a rule equals numpy when compiled."""

from __future__ import annotations

import platform

import numpy as np
import pytest

from sim.documents.package_data import shipped_scenarios
from sim.engine.kernels import kernel, kernel_of, planned, signature
from sim.engine.machine import CodeTarget
from sim.engine.strips import simulate
from sim.experiments.batch import case_of
from sim.kernel.array_fields import arrays_of
from sim.kernel.rules import ROLES
from sim.kernel.simulate import simulate as simulate_numpy
from sim.kernel.world import World
from sim.scenario.compile.build import build
from sim.scenario.load import load
from tests.small import columns, same

RUNS = 64
RULES = [
    (role, variant) for role, variants in ROLES.items() for variant in list(variants)[1:]
]  # fmt: skip


def cases_of(name, **rest):
    """Return some runs of every variant of a scenario, by name of the variant."""
    return {
        variant: case_of(build(model, runs=np.arange(RUNS), seed=model.seed))
        for variant, model in load(name, **rest).variants.items()
    }


def numbers(record):
    """Return all numbers of a record by name: series, orders, and the world at the end."""
    world = {f"world.{n}": np.asarray(getattr(record.end, n)) for n in arrays_of(World)}
    return columns(record) | world


def differing(cases):
    """Return the numbers that differ between the engines, in any of some cases, with how far."""
    names = frozenset().union(*(case.differing() for case in cases.values()))
    kernels, found = {}, {}
    for variant, case in cases.items():
        kind = signature(case)
        if kind not in kernels:
            kernels[kind] = kernel_of(case, names, *planned(case, names))
        compiled = numbers(simulate(case, kernels[kind]))
        expected = numbers(simulate_numpy(case.world, case.rules, case.inputs, case.noise))
        assert compiled.keys() == expected.keys()
        for each, values in expected.items():
            off = distance(compiled[each], values)
            if off > (1e-9 if values.dtype.kind == "f" else 0.0):
                found[variant, each] = off
    return found


def distance(values, expected):
    """Return the largest distance, of the number or of one."""
    values, expected = np.broadcast_arrays(values.astype(float), expected.astype(float))
    with np.errstate(invalid="ignore"):  # between two infinite numbers
        off = np.abs(values - expected) / np.maximum(np.abs(expected), 1.0)
    same = (values == expected) | (np.isnan(values) & np.isnan(expected))
    return float(np.where(same, 0.0, off).max(initial=0.0))


@pytest.mark.study
@pytest.mark.parametrize("name", shipped_scenarios())
def test_every_variant_is_the_same_by_both_engines(name):
    assert differing(cases_of(name)) == {}


@pytest.mark.study
@pytest.mark.parametrize("name", shipped_scenarios())
def test_every_variant_with_uncertain_numbers_is_the_same_by_both_engines(name):
    assert differing(cases_of(name, sets=["uncertain=true"])) == {}


@pytest.mark.study
@pytest.mark.parametrize(("role", "variant"), RULES, ids=[f"{r}.{v}" for r, v in RULES])
@pytest.mark.parametrize("name", shipped_scenarios())
def test_every_variant_of_a_rule_is_the_same_by_both_engines(name, role, variant):
    cases = cases_of(name, sets=[f"rules.{role}={variant}"])
    first = dict(list(cases.items())[:1])
    assert differing(first) == {}


@pytest.mark.study
@pytest.mark.skipif(platform.machine().lower() not in ("x86_64", "amd64"), reason="names of x86-64")
@pytest.mark.parametrize("name", ["polonez_vs_iskander", "south_caucasus_2005"])
def test_bytes_do_not_depend_on_lanes_and_processors(name):
    case = next(iter(cases_of(name).values()))
    expected = numbers(simulate(case, kernel(case)))
    for lanes in (8, 16):
        for target in (CodeTarget("x86-64", ""), CodeTarget("haswell", "-avx2,-fma"), None):
            found = numbers(simulate(case, kernel(case, lanes=lanes, target=target)))
            assert same(found, expected) == [], (lanes, target)
